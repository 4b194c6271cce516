"""Posts spans as an exporter of OpenTelemetry does, as fast as they are taken: python -m tests.benchmarks.sender PORT SPANS

Starts at the first line on standard input, when all is made; asked to wait, it waits. At the end prints, as JSON, how
many spans were taken, how often it had to wait, and the seconds it took.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import time
from typing import Final

from tui.parsing.protobuf import written

BATCH: Final = 512
"""What a processor of the SDKs sends at once."""
T0_NS: Final = 1_795_442_529_000_000_000
RESOURCE: Final = {
    "service.name": "checkout",
    "service.version": "1.4.2",
    "deployment.environment": "production",
    "host.name": "shop-7f9c6d5b8-x2x4z",
    "telemetry.sdk.language": "python",
    "telemetry.sdk.name": "opentelemetry",
    "telemetry.sdk.version": "1.45.2",
}


def batch(first: int) -> bytes:
    """A message of spans, each with nine attributes, one in ten with an exception."""
    resource = written(1, b"".join(_attribute(1, name, value) for name, value in RESOURCE.items()))
    scope = written(1, written(1, b"opentelemetry.instrumentation.requests") + written(2, b"0.66b2"))
    spans = b"".join(written(2, _span(number)) for number in range(first, first + BATCH))
    return written(1, resource + written(2, scope + spans))


def _span(number: int) -> bytes:
    start_ns = T0_NS + number * 1_000_000
    told: dict[str, str | int] = {
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "url.full": f"http://inventory:8080/items/{number}?currency=EUR",
        "server.address": "inventory",
        "server.port": 8080,
        "user_agent.original": "python-requests/2.32",
        "db.statement": "select name, price from items where id = %s",
        "thread.id": 140_213,
        "order": f"o-{number}",
    }
    failed = number % 10 == 0
    event = b"\x09" + start_ns.to_bytes(8, "little") + written(2, b"exception")
    event += _attribute(3, "exception.type", "ValueError") + _attribute(3, "exception.message", f"no item {number}")
    event += _attribute(3, "exception.stacktrace", f'Traceback\n  File "shop/items.py", line 31\nValueError: {number}')
    return b"".join(
        (
            written(1, os.urandom(16)),
            written(2, os.urandom(8)),
            written(4, os.urandom(8)),
            written(5, b"GET /items/{id}"),
            written(6, 3),
            b"\x39" + start_ns.to_bytes(8, "little"),
            b"\x41" + (start_ns + 730_000).to_bytes(8, "little"),
            b"".join(_attribute(9, name, value) for name, value in told.items()),
            written(11, event) if failed else b"",
            written(15, written(3, 2) if failed else b""),
        )
    )


def _attribute(number: int, name: str, value: str | int) -> bytes:
    told = written(3, value) if isinstance(value, int) else written(1, value.encode())
    return written(number, written(1, name.encode()) + written(2, told))


def main(port: int, spans: int) -> None:
    bodies = [batch(number) for number in range(0, spans, BATCH)]
    print("ready", flush=True)
    sys.stdin.readline()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    waits, started = 0, time.monotonic()
    for body in bodies:
        while True:
            connection.request("POST", "/v1/traces", body, {"Content-Type": "application/x-protobuf"})
            answer = connection.getresponse()
            answer.read()
            if answer.status == 200:
                break
            if answer.status != 429:
                raise SystemExit(f"answered {answer.status}")
            waits += 1
            time.sleep(float(answer.headers.get("Retry-After", "1")))
    took_s = time.monotonic() - started
    json.dump({"spans": len(bodies) * BATCH, "waits": waits, "seconds": took_s}, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
