// A small service that tells of itself with a real SDK: node traced.mjs SDK PORT, with the packages in NODE_PATH's folder
// or below the working folder. SDK is otlp-json, otlp-proto, otlp-grpc, zipkin or sentry. Prints the id of its trace.
import { createRequire } from "node:module";
const require = createRequire(process.cwd() + "/");
const [kind, port] = process.argv.slice(2);

async function opentelemetry() {
  const { NodeTracerProvider, BatchSpanProcessor } = require("@opentelemetry/sdk-trace-node");
  const { resourceFromAttributes } = require("@opentelemetry/resources");
  const { trace, context, SpanStatusCode } = require("@opentelemetry/api");
  const made = {
    "otlp-json": () => [require("@opentelemetry/exporter-trace-otlp-http").OTLPTraceExporter, `http://localhost:${port}/v1/traces`],
    "otlp-proto": () => [require("@opentelemetry/exporter-trace-otlp-proto").OTLPTraceExporter, `http://localhost:${port}/v1/traces`],
    "otlp-grpc": () => [require("@opentelemetry/exporter-trace-otlp-grpc").OTLPTraceExporter, `http://localhost:${port}`],
    zipkin: () => [require("@opentelemetry/exporter-zipkin").ZipkinExporter, `http://localhost:${port}/api/v2/spans`],
  }[kind]();
  const exporter = new made[0]({ url: made[1], ...(kind === "otlp-proto" ? { compression: "gzip" } : {}) });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ "service.name": "orders" }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer("shop");
  const root = tracer.startSpan("POST /orders");
  console.log(root.spanContext().traceId);
  const inner = tracer.startSpan("charge", {}, trace.setSpan(context.active(), root));
  inner.recordException(new TypeError("card declined"));
  inner.setStatus({ code: SpanStatusCode.ERROR, message: "card declined" });
  inner.end();
  root.end();
  await provider.shutdown();
}

async function sentry() {
  const Sentry = require("@sentry/node");
  Sentry.init({
    dsn: `http://abcdefkey@127.0.0.1:${port}/7`,
    spotlight: `http://127.0.0.1:${port}/stream`,
    tracesSampleRate: 1,
    release: "orders@1.2.3",
    environment: "development",
  });
  await Sentry.startSpan({ name: "POST /orders", op: "http.server", forceTransaction: true }, async (root) => {
    console.log(root.spanContext().traceId);
    Sentry.startSpan({ name: "charge", op: "http.client" }, () => Sentry.captureException(new TypeError("card declined")));
  });
  await Sentry.flush(5000);
}

await (kind === "sentry" ? sentry() : opentelemetry());
