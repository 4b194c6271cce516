"""How each service of the demo shop spells a line of its log.

Owns the five formats: Go's slog as JSON, Python's logging, pino, Go's slog as logfmt, and ECS. What is said, and when,
is left to `shop_visits` and `shop_traffic`.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Final, NamedTuple

SERVICES: Final = ("gateway", "cart", "payment", "inventory", "notification")

PINO_LEVELS: Final = {"DEBUG": 20, "INFO": 30, "WARN": 40, "ERROR": 50}
PYTHON_LEVELS: Final = {"WARN": "WARNING"}


class Entry(NamedTuple):
    """One record that a service writes: text without the last line feed, several lines when it holds a traceback."""

    time_ns: int
    service: str
    text: str


def gateway(time_ns: int, level: str, message: str, **fields: object) -> Entry:
    """Go, log/slog with the JSON handler; durations are integer nanoseconds."""
    head = {"time": _clock(time_ns, 9), "level": level, "msg": message, "service": "gateway"}
    return Entry(time_ns, "gateway", _json(head | fields))


def cart(time_ns: int, level: str, logger: str, message: str, correlation: str = "", traceback: str = "") -> Entry:
    """Python, logging with its usual format and an explicit offset; a traceback follows on lines of its own."""
    stamp = _clock(time_ns, 3).replace("T", " ").replace(".", ",").replace("Z", "+0000")
    tail = f" correlation_id={correlation}" if correlation else ""
    text = f"{stamp} - {logger} - {PYTHON_LEVELS.get(level, level)} - {message}{tail}"
    return Entry(time_ns, "cart", f"{text}\n{traceback}" if traceback else text)


def payment(time_ns: int, level: str, message: str, **fields: object) -> Entry:
    """Node, pino: levels are numbers, times epoch milliseconds, errors an object with the stack."""
    head = {"level": PINO_LEVELS[level], "time": time_ns // 1_000_000}
    return Entry(time_ns, "payment", _json(head | fields | {"msg": message}))


def inventory(time_ns: int, level: str, message: str, **fields: object) -> Entry:
    """Go, log/slog with the text handler: logfmt."""
    pairs = {"time": _clock(time_ns, 3), "level": level, "msg": message, "service": "inventory"} | fields
    return Entry(time_ns, "inventory", " ".join(f"{key}={_logfmt(str(value))}" for key, value in pairs.items()))


def notification(time_ns: int, level: str, message: str, **fields: object) -> Entry:
    """An ECS logger, whose lines leave over a websocket; flat and nested keys in one object, as those loggers do."""
    head = {
        "@timestamp": _clock(time_ns, 3),
        "log.level": level.lower(),
        "message": message,
        "service": {"name": "notification"},
    }
    return Entry(time_ns, "notification", _json(head | fields))


def milliseconds(duration_ns: int) -> float:
    return round(duration_ns / 1e6, 1)


def spoken(duration_ns: int) -> str:
    """A duration as people write it in messages: 84 ms, 1.84 s."""
    return f"{duration_ns / 1e9:.2f} s" if duration_ns >= 10**9 else f"{duration_ns // 10**6} ms"


def _clock(time_ns: int, digits: int) -> str:
    seconds, rest_ns = divmod(time_ns, 10**9)
    whole = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{whole}.{rest_ns:09d}"[: len(whole) + 1 + digits] + "Z"


def _json(fields: dict[str, object]) -> str:
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False)


def _logfmt(value: str) -> str:
    return json.dumps(value, ensure_ascii=False) if not value or any(c in ' ="\\\n' for c in value) else value
