"""Lines per second of the redaction stage on one core: ordinary JSON lines, and lines that mostly hold secrets.

Run as `python tests/benchmarks/redaction.py`; prints one row per kind of line. Nothing here is asserted.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator

from tui.redaction.redactor import Redactor

BLOCK_BYTES = 1 << 19
LINES = 40_000


def ordinary(number: int) -> str:
    trace = uuid.UUID(int=number * 0x9E3779B97F4A7C15 % 2**128)
    return (
        f'{{"timestamp":"2025-10-09T08:53:20.{number % 1000000:06d}Z","level":"info","service":"api-gateway",'
        f'"event":"http.request","message":"POST /v1/checkout 201 bytes={number}","correlation_id":"{trace}",'
        f'"trace_id":"{trace.hex}","span_id":"{trace.hex[:16]}","duration_ms":{number % 997}.424,'
        f'"host":"ip-10-0-25-17","region":"eu-central-1"}}'
    )


def secret(number: int) -> str:
    kinds = (
        f"password=pw{number}x",
        f"user{number}@example.com",
        f"Authorization: Bearer abc{number}def456",
        "card 4111 1111 1111 1111",
    )
    return ordinary(number).replace("POST /v1/checkout", kinds[number % 4])


def blocks(lines: Iterator[str]) -> list[bytes]:
    data = "\n".join(lines).encode() + b"\n"
    result, start = [], 0
    while start < len(data):
        end = data.rfind(b"\n", start, start + BLOCK_BYTES) + 1
        result.append(data[start:end])
        start = end
    return result


def main() -> None:
    redactor = Redactor(bytes(32))
    for name, make in (("ordinary", ordinary), ("secrets", secret)):
        data = blocks(make(number) for number in range(LINES))
        redactor.block(data[0])
        start = time.process_time()
        for block in data:
            redactor.block(block)
        print(f"{name:10} {LINES / (time.process_time() - start):12,.0f} lines/s")


if __name__ == "__main__":
    main()
