"""Documents as the SDK of OpenTelemetry writes them: `python -m tests.producers.opentelemetry_documents FOLDER`.

Needs opentelemetry-sdk with its exporters otlp-json-file and zipkin-json. Ids and times are always the same. Two
services: a gateway that asks a payment service, which fails and logs it.
"""

from __future__ import annotations

import json
import logging
import random
import sys
from pathlib import Path
from typing import Any

T0_NS = 1_795_442_529_000_000_000
MS = 1_000_000


def write(folder: Path) -> None:
    """All documents, into a folder."""
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.json.file._log_exporter import FileLogExporter
    from opentelemetry.exporter.otlp.json.file.trace_exporter import FileSpanExporter
    from opentelemetry.exporter.zipkin.json.v2 import JsonV2Encoder
    from opentelemetry.exporter.zipkin.node_endpoint import NodeEndpoint
    from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
    from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
    from opentelemetry.sdk.trace.id_generator import IdGenerator

    chance = random.Random(7)

    class Ids(IdGenerator):
        def generate_span_id(self) -> int:
            return chance.getrandbits(64)

        def generate_trace_id(self) -> int:
            return chance.getrandbits(128)

    kept = InMemorySpanExporter()
    spans = (folder / "otlp_spans.jsonl").open("w")
    logs = (folder / "otlp_logs.jsonl").open("w")
    console = (folder / "otel_console.json").open("w")

    def service(name: str) -> tuple[Any, Any]:
        resource = Resource({"service.name": name, "service.version": "1.4.2"})
        tracers = TracerProvider(id_generator=Ids(), resource=resource)
        for one in (FileSpanExporter(stream=spans), ConsoleSpanExporter(out=console), kept):
            tracers.add_span_processor(SimpleSpanProcessor(one))
        loggers = LoggerProvider(resource=resource)
        loggers.add_log_record_processor(SimpleLogRecordProcessor(FileLogExporter(stream=logs)))
        return tracers.get_tracer("shop"), LoggingHandler(logger_provider=loggers)

    gateway, _ = service("gateway")
    payment, handler = service("payment")
    log = logging.Logger("payment.charges")
    log.addHandler(handler)

    def at(ms: float) -> int:
        return T0_NS + int(ms * MS)

    def say(level: int, text: str, ms: float, **more: Any) -> None:
        made = log.makeRecord(log.name, level, "charges.py", 12, text, (), more.pop("exc_info", None), extra=more)
        made.created = at(ms) / 1e9
        handler.emit(made)

    root = gateway.start_span("POST /orders", start_time=at(0), kind=trace.SpanKind.SERVER)
    root.set_attribute("http.request.method", "POST")
    root.set_attribute("http.response.status_code", 502)
    with trace.use_span(root, end_on_exit=False):
        call = gateway.start_span("POST /charge", start_time=at(4), kind=trace.SpanKind.CLIENT)
    with trace.use_span(call, end_on_exit=False):
        charge = payment.start_span("charge", start_time=at(6), kind=trace.SpanKind.SERVER)
    charge.set_attribute("order.id", "o-1017")
    charge.set_attribute("card.password", "hunter2horse")
    charge.add_event("card checked", {"attempt": 1}, timestamp=at(20))
    with trace.use_span(charge, end_on_exit=False, record_exception=False, set_status_on_exception=False):
        say(logging.INFO, "charging the card", 10, order="o-1017")
        try:
            raise ValueError("card declined")
        except ValueError as error:
            charge.record_exception(error, timestamp=at(80))
            charge.set_status(trace.StatusCode.ERROR, f"ValueError: {error}")
            say(logging.ERROR, "charge failed", 80.4, exc_info=sys.exc_info())
    charge.end(end_time=at(90))
    call.end(end_time=at(95))
    root.set_status(trace.StatusCode.ERROR)
    root.end(end_time=at(100))
    for stream in (spans, logs, console):
        stream.close()
    for name in ("otlp_spans.jsonl", "otlp_logs.jsonl", "otel_console.json"):
        text = (folder / name).read_text()
        (folder / name).write_text(text.replace(str(Path(__file__).resolve().parents[2]), "/srv/app"))
    encoded = JsonV2Encoder()
    told = []
    for span in kept.get_finished_spans():
        endpoint = NodeEndpoint()
        endpoint.service_name = span.resource.attributes["service.name"]
        told += json.loads(encoded.serialize([span], endpoint))
    shown = json.dumps(told, indent=2).replace(str(Path(__file__).resolve().parents[2]), "/srv/app")
    (folder / "zipkin.json").write_text(shown + "\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
