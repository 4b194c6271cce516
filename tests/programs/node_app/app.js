// A shop's payment in Node: winston with JSON, times and errors with their stacks.
//
//   node app.js --requests 50 --rate 10 --seed demo --output payment.log
//
// Only the first line of a request names the correlation id; the others carry the request id and the trace id.
'use strict'

const { createHash } = require('node:crypto')
const { parseArgs } = require('node:util')
const { setTimeout: sleep } = require('node:timers/promises')
const winston = require('winston')

const { values: chosen } = parseArgs({
  options: {
    requests: { type: 'string', default: '20' },
    rate: { type: 'string', default: '10' },
    seed: { type: 'string', default: 'demo' },
    output: { type: 'string', default: '-' }
  }
})

const { combine, errors, json, timestamp } = winston.format
const logger = winston.createLogger({
  level: 'debug',
  defaultMeta: { service: 'payment' },
  format: combine(errors({ stack: true }), timestamp(), json()),
  transports: [
    chosen.output === '-'
      ? new winston.transports.Console()
      : new winston.transports.File({ filename: chosen.output })
  ]
})

// 32 hexadecimal digits that the programs in the other languages compute alike
function identifier (request, kind) {
  return createHash('sha256').update(`${chosen.seed}:${request}:${kind}`).digest('hex').slice(0, 32)
}

function dashed (id) {
  return id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

class PaymentDeclined extends Error {
  constructor (message) {
    super(message)
    this.name = 'PaymentDeclined'
    this.code = 'card_declined'
  }
}

function authorize (request) {
  if (request % 7 === 0) throw new PaymentDeclined(`card declined for order o-${request}`)
  return `auth-${request}`
}

function serve (request) {
  const started = process.hrtime.bigint()
  const ids = { requestId: dashed(identifier(request, 'request')), traceId: identifier(request, 'trace') }
  const headers = { 'x-correlation-id': dashed(identifier(request, 'correlation')) }
  logger.info('POST /charges started', { ...ids, request, headers })
  logger.debug('authorizing', { ...ids, request })
  try {
    const authorization = authorize(request)
    const durationMs = Number(process.hrtime.bigint() - started) / 1e6
    logger.info('POST /charges completed', { ...ids, request, authorization, durationMs })
  } catch (error) {
    Object.assign(error, ids, { request })
    logger.error(error)
  }
}

async function main () {
  for (let request = 1; request <= Number(chosen.requests); request++) {
    serve(request)
    if (Number(chosen.rate) > 0) await sleep(1000 / Number(chosen.rate))
  }
}

main()
