// The same few events as the loggers of Node write them: `node node_loggers.js FORMAT` logs to standard output.
'use strict';

const IDS = { request_id: 'req-7f3a9c21', trace_id: '4bf92f3577b34da6a3ce929d0e0e4736' };

class PaymentError extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = 'PaymentError';
  }
}

function failure() {
  return new PaymentError('card declined', { cause: new Error('no answer from bank') });
}

function winston(layout) {
  return () => {
    const { createLogger, format, transports } = require('winston');
    const logger = createLogger({ level: 'silly', format: layout(format), transports: [new transports.Console()] });
    logger.debug('cache warm');
    logger.info('order placed', IDS);
    logger.warn('stock low');
    logger.error('charge failed', failure());
  };
}

function pino(options, pretty) {
  return () => {
    const make = require('pino');
    const stream = pretty ? require('pino-pretty')({ colorize: false, sync: true, destination: 1 }) : make.destination({ dest: 1, sync: true });
    const logger = make({ level: 'trace', name: 'shop', ...options }, stream);
    logger.debug('cache warm');
    logger.info(IDS, 'order placed');
    logger.warn('stock low');
    logger.error({ err: failure() }, 'charge failed');
    logger.fatal('giving up');
  };
}

function bunyan() {
  const { createLogger, stdSerializers } = require('bunyan');
  const logger = createLogger({ name: 'shop', level: 'trace', serializers: stdSerializers });
  logger.debug('cache warm');
  logger.info(IDS, 'order placed');
  logger.warn('stock low');
  logger.error({ err: failure() }, 'charge failed');
  logger.fatal('giving up');
}

function log4js(layout) {
  return () => {
    const module = require('log4js');
    module.configure({
      appenders: { out: { type: 'stdout', layout } },
      categories: { default: { appenders: ['out'], level: 'trace' } },
    });
    const logger = module.getLogger('shop.pay');
    logger.debug('cache warm');
    logger.info('order placed request_id=' + IDS.request_id + ' trace_id=' + IDS.trace_id);
    logger.warn('stock low');
    logger.error('charge failed', failure());
    logger.fatal('giving up');
  };
}

function tslog(type) {
  return () => {
    const { Logger } = require('tslog');
    const logger = new Logger({ type, name: 'shop' });
    logger.debug('cache warm');
    logger.info('order placed', IDS);
    logger.warn('stock low');
    logger.error('charge failed', failure());
    logger.fatal('giving up');
  };
}

function morgan(layout) {
  return () => {
    const http = require('http');
    const log = require('morgan')(layout);
    const server = http.createServer((request, response) => log(request, response, () => {
      response.statusCode = request.url.startsWith('/pay') ? 502 : 200;
      response.end('done');
    }));
    server.listen(0, '127.0.0.1', async () => {
      const base = `http://127.0.0.1:${server.address().port}`;
      for (const path of ['/cart?id=7', '/pay']) await (await fetch(base + path)).text();
      server.close();
    });
  };
}

const FORMATS = {
  'winston-json': winston((format) => format.combine(format.timestamp(), format.errors({ stack: true }), format.json())),
  'winston-bare': winston((format) => format.combine(format.errors({ stack: true }), format.json())),
  'winston-simple': winston((format) => format.simple()),
  'winston-cli': winston((format) => format.cli()),
  'winston-printf': winston((format) => format.combine(format.timestamp(), format.printf((info) => `${info.timestamp} [${info.level}]: ${info.message}`))),
  pino: pino({}, false),
  'pino-iso': pino({ timestamp: () => `,"time":"${new Date().toISOString()}"`, formatters: { level: (label) => ({ level: label }) } }, false),
  'pino-pretty': pino({}, true),
  bunyan,
  log4js: log4js({ type: 'basic' }),
  'log4js-colored': log4js({ type: 'colored' }),
  tslog: tslog('pretty'),
  'tslog-json': tslog('json'),
  'morgan-combined': morgan('combined'),
  'morgan-common': morgan('common'),
  'morgan-dev': morgan('dev'),
  uncaught: () => { throw failure(); },
};

module.exports = { FORMATS };
if (require.main === module) FORMATS[process.argv[2]]();
