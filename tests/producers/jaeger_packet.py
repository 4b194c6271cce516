"""A packet as the old exporter of Jaeger sends it to the agent: `python -m tests.producers.jaeger_packet FOLDER`.

Needs opentelemetry-exporter-jaeger-thrift, which goes with opentelemetry-sdk 1.21, and the package deprecated. Ids and times are always the same.
"""

from __future__ import annotations

import random
import socket
import sys
from pathlib import Path

T0_NS = 1_795_442_529_000_000_000
MS = 1_000_000


def write(folder: Path) -> None:
    from opentelemetry import trace
    from opentelemetry.exporter.jaeger.thrift import JaegerExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.id_generator import IdGenerator

    chance = random.Random(11)

    class Ids(IdGenerator):
        def generate_span_id(self) -> int:
            return chance.getrandbits(64) | 1 << 63

        def generate_trace_id(self) -> int:
            return chance.getrandbits(128)

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as port:
        port.bind(("127.0.0.1", 0))
        port.settimeout(10)
        provider = TracerProvider(id_generator=Ids(), resource=Resource({"service.name": "cellar"}))
        exporter = JaegerExporter(agent_host_name="127.0.0.1", agent_port=port.getsockname()[1])
        provider.add_span_processor(BatchSpanProcessor(exporter))
        tracer = provider.get_tracer("shop")
        told = {"shelf": 7, "share": 0.25, "cold": True, "name": "caf\u00e9", "password": "hunter2horse"}
        root = tracer.start_span("GET /bottles", start_time=T0_NS, attributes=told, kind=trace.SpanKind.SERVER)
        with trace.use_span(root, end_on_exit=False):
            inner = tracer.start_span("look", start_time=T0_NS + 5 * MS)
        inner.add_event("exception", {"exception.type": "KeyError", "exception.message": "17"}, T0_NS + 8 * MS)
        inner.set_status(trace.StatusCode.ERROR, "KeyError: 17")
        inner.end(T0_NS + 9 * MS)
        root.end(T0_NS + 20 * MS)
        provider.shutdown()
        (folder / "jaeger.packet").write_bytes(port.recv(1 << 16))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
