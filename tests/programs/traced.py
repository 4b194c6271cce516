"""A small service that tells of itself with a real SDK: python -m tests.programs.traced SDK PORT

SDK is otlp-http, otlp-grpc, zipkin or sentry. One request, POST /orders, with a call inside that fails. Prints the id of
its trace.
"""

from __future__ import annotations

import logging
import sys
from typing import Any


def opentelemetry(kind: str, port: str) -> None:
    from opentelemetry import trace
    from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
    from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    spans, logs = exporters(kind, port)
    resource = Resource({"service.name": "orders"})
    tracers = TracerProvider(resource=resource)
    tracers.add_span_processor(BatchSpanProcessor(spans))
    loggers = LoggerProvider(resource=resource)
    log = logging.Logger("orders")
    if logs is not None:
        loggers.add_log_record_processor(BatchLogRecordProcessor(logs))
        log.addHandler(LoggingHandler(logger_provider=loggers))
    tracer = tracers.get_tracer("shop")
    with tracer.start_as_current_span("POST /orders") as root:
        print(trace.format_trace_id(root.get_span_context().trace_id))
        try:
            with tracer.start_as_current_span("charge"):
                raise ValueError("card declined")
        except ValueError:
            log.exception("no order")
    tracers.shutdown()
    loggers.shutdown()


def exporters(kind: str, port: str) -> tuple[Any, Any]:
    """What sends spans, and what sends logs."""
    if kind == "zipkin":
        from opentelemetry.exporter.zipkin.json import ZipkinExporter

        return ZipkinExporter(endpoint=f"http://127.0.0.1:{port}/api/v2/spans"), None
    if kind == "otlp-grpc":
        from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter as GrpcLogs
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcSpans

        where = {"endpoint": f"127.0.0.1:{port}", "insecure": True}
        return GrpcSpans(**where), GrpcLogs(**where)
    from opentelemetry.exporter.otlp.proto.http import Compression
    from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    url = f"http://127.0.0.1:{port}/v1"
    return OTLPSpanExporter(f"{url}/traces", compression=Compression.Gzip), OTLPLogExporter(f"{url}/logs")


def sentry(port: str) -> None:
    import sentry_sdk

    # both ways at once, as a developer may have it: each event comes twice
    sentry_sdk.init(
        dsn=f"http://abcdefkey@127.0.0.1:{port}/7",
        spotlight=f"http://127.0.0.1:{port}/stream",
        traces_sample_rate=1.0,
        enable_logs=True,
        release="orders@1.2.3",
    )
    with sentry_sdk.start_transaction(op="http.server", name="POST /orders") as root:
        print(root.trace_id)
        sentry_sdk.logger.info("an order of {count}", count=3)
        try:
            with sentry_sdk.start_span(op="http.client", name="charge"):
                raise ValueError("card declined")
        except ValueError as error:
            sentry_sdk.capture_exception(error)
    sentry_sdk.flush()


if __name__ == "__main__":
    if sys.argv[1] == "sentry":
        sentry(sys.argv[2])
    else:
        opentelemetry(*sys.argv[1:3])
