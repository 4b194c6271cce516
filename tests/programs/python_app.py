"""A shop's cart in Python: `logging` with its default format around one JSON object a line.

python_app.py --requests 50 --rate 10 --seed demo --output cart.log
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import sys
import time
from datetime import UTC, datetime
from uuid import UUID

log = logging.getLogger("cart")


class CartUnavailable(Exception):
    pass


def identifier(seed: str, request: int, kind: str) -> str:
    """32 hexadecimal digits that the programs in the other languages compute alike."""
    return hashlib.sha256(f"{seed}:{request}:{kind}".encode()).hexdigest()[:32]


def line(request: int, correlation: str, message: str, **fields: object) -> str:
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    head = {"timestamp": now, "service": "cart", "message": message, "request": request}
    return json.dumps(head | {"correlation_id": correlation} | fields)


def load(cart: int) -> int:
    if cart % 7 == 0:
        raise KeyError(f"cart:{cart}")
    return cart % 5 + 1


def serve(request: int, correlation: str) -> None:
    log.info(line(request, correlation, "loading cart", cart=f"c-{request}"))
    started = time.monotonic()
    try:
        try:
            items = load(request)
        except KeyError as error:
            raise CartUnavailable(f"cart c-{request} is gone") from error
    except CartUnavailable:
        log.exception(line(request, correlation, "cart failed", cart=f"c-{request}"))
        return
    took_ms = round((time.monotonic() - started) * 1000, 3)
    log.info(line(request, correlation, "cart loaded", items=items, duration_ms=took_ms))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=20)
    parser.add_argument("--rate", type=float, default=10.0, help="requests per second; 0 is as fast as possible")
    parser.add_argument("--seed", default="demo")
    parser.add_argument("--output", default="-", help="a file to append to, or - for standard output")
    chosen = parser.parse_args()
    handler = logging.StreamHandler(sys.stdout) if chosen.output == "-" else logging.FileHandler(chosen.output)
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for request in range(1, chosen.requests + 1):
        serve(request, str(UUID(identifier(chosen.seed, request, "correlation"))))
        if chosen.rate:
            time.sleep(1 / chosen.rate)


if __name__ == "__main__":
    main()
