"""One record as a JSON object with the keys that are promised to other programs; always there, null when unknown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import orjson

from tui.lazy import Lazy
from tui.record import Error, Record

_SECOND_NS: Final = 1_000_000_000
_SURROGATE: Final = Lazy("[\ud800-\udfff]")
_LARGEST: Final = 1 << 63


def record_json(record: Record) -> dict[str, object]:
    """The object of a record, keys in their promised order."""
    return {
        "time": rfc3339(record.time_ns),
        "time_source": record.time_source,
        "level": record.level,
        "service": record.service,
        "logger": record.logger,
        "message": record.message,
        "trace_id": record.trace_id,
        "span_id": record.span_id,
        "ids": [{"kind": one.kind, "value": one.value} for one in record.ids],
        "error": error_json(record.error),
        "fields": dict(record.fields),
        "source": record.source,
        "offset": record.offset,
        "line": record.line,
        "raw": record.raw,
    }


def error_json(error: Error | None) -> dict[str, object] | None:
    return None if error is None else {"type": error.type, "message": error.message, "stack": error.stack}


def rfc3339(time_ns: int | None) -> str | None:
    """A time in UTC with nine digits of fraction; null for one outside the years 1 to 9999."""
    if time_ns is None:
        return None
    seconds, fraction_ns = divmod(time_ns, _SECOND_NS)
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{fraction_ns:09d}Z" if moment.year >= 1000 else None


def dumps(value: object) -> bytes:
    """JSON in one line of UTF-8. Bytes that were no UTF-8 show as `\\x9b`; whole numbers beyond 64 bits become text."""
    try:
        return orjson.dumps(value, default=_other)
    except (TypeError, orjson.JSONEncodeError):
        return orjson.dumps(_encodable(value), default=_other)


def _other(value: object) -> object:
    return _text(str(value))


def _encodable(value: object) -> object:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return {_text(str(key)): _encodable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_encodable(one) for one in value]
    if isinstance(value, int) and not -_LARGEST <= value < _LARGEST:
        return str(value)
    return value


def _text(text: str) -> str:
    return _SURROGATE.sub(_visible, text)


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\u{code:04x}"
