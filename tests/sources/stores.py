"""Stores of traces as far as they can be asked for one, able to misbehave: each path answers what it is told to.

Written from what is known of the servers' APIs, not from what we ask.
"""

from __future__ import annotations

import base64
import contextlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

TRACE = "5b8efff798038103d269b633813fc60c"
T0_NS = 1_795_442_529_000_000_000
"""Long before now, or long after: a trace that does not grow any more."""


class Says(NamedTuple):
    """One answer."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = {"Content-Type": "application/json"}
    cut: int = 0
    """So many bytes less are sent than are announced."""
    slow_s: float = 0.0
    """The answer waits that long."""


Answers = Mapping[str, Says | list[Says]]
"""By path; of a list one for each time that it is asked for, the last one from then on."""


class Store:
    """A server on a free port."""

    def __init__(self, answers: Answers) -> None:
        self.asked: list[tuple[str, Mapping[str, str]]] = []
        """Paths and headers, in order."""
        self.released = threading.Event()
        store = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                store.asked.append((self.path, dict(self.headers)))
                says = answers.get(self.path, Says(404, b'{"error":"not found"}'))
                if isinstance(says, list):
                    says = says[min(len(says), sum(path == self.path for path, _ in store.asked)) - 1]
                if says.slow_s:
                    store.released.wait(says.slow_s)
                self.send_response(says.status)
                for name, value in says.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(says.body)))
                with contextlib.suppress(OSError):
                    self.end_headers()
                    self.wfile.write(says.body[: len(says.body) - says.cut])

            def log_message(self, *_: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()


def stores() -> Iterator[Callable[[Answers], Store]]:
    """Starts servers; they end with the generator."""
    running: list[Store] = []

    def start(answers: Answers) -> Store:
        running.append(Store(answers))
        return running[-1]

    yield start
    for one in running:
        one.close()


def spans(count: int = 2, at_ns: int = T0_NS) -> dict[str, Any]:
    """OTLP in JSON as Jaeger's newer API gives it: ids in hex."""
    told = [
        {
            "traceId": TRACE,
            "spanId": f"{number + 1:016x}",
            **({"parentSpanId": f"{1:016x}"} if number else {}),
            "name": f"step {number}",
            "startTimeUnixNano": str(at_ns + number * 1_000_000),
            "endTimeUnixNano": str(at_ns + 9_000_000),
        }
        for number in range(count)
    ]
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": "stored"}}]}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": told}]}]}


def says(value: Any, **more: Any) -> Says:
    return Says(body=json.dumps(value).encode(), **more)


def jaeger_new(count: int = 2, at_ns: int = T0_NS) -> Says:
    return says({"result": spans(count, at_ns)})


def jaeger_old() -> Says:
    span = {"traceID": TRACE, "spanID": "01", "operationName": "step 0", "startTime": T0_NS // 1000, "duration": 9000}
    process = {"p1": {"serviceName": "stored"}}
    trace = {"traceID": TRACE, "spans": [{**span, "processID": "p1"}], "processes": process}
    return says({"data": [trace], "total": 0, "limit": 0, "offset": 0, "errors": None})


def zipkin() -> Says:
    span = {"traceId": TRACE, "id": f"{1:016x}", "name": "step 0", "timestamp": T0_NS // 1000, "duration": 9000}
    return says([{**span, "localEndpoint": {"serviceName": "stored"}}])


def tempo(wrapper: str, *, partial: bool = False) -> Says:
    """JSON of protobuf: ids in base64, names of enumerations; `batches` in the older answers, `trace` in the newer."""
    (batch,) = spans()["resourceSpans"]
    for span in batch["scopeSpans"][0]["spans"]:
        for name in ("traceId", "spanId", "parentSpanId"):
            if name in span:
                span[name] = base64.b64encode(bytes.fromhex(span[name])).decode()
        span["kind"] = "SPAN_KIND_SERVER"
    if wrapper == "batches":
        return says({"batches": [batch]})
    status = {"status": "PARTIAL", "message": "too large"} if partial else {}
    return says({"trace": {"resourceSpans": [batch]}, **status})


def web_page() -> Says:
    return Says(200, b"<!doctype html><title>UI</title>", {"Content-Type": "text/html; charset=utf-8"})
