"""OTLP in protobuf -> the same in JSON, a line for each span and log record.

Tables of the messages' fields. What the JSON means is `otlp`'s business. Attributes repeat from span to span, so those
that were read before are not read again.
"""

from __future__ import annotations

import base64
import math
import struct
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

import orjson

from tui.parsing.protobuf import Fields, WireError, fields, message, parts, signed

Signal = Literal["traces", "logs", "metrics"]

MOST_REMEMBERED: Final = 8192
REMEMBERED_BYTES: Final = 160
"""A longer attribute is seldom said twice."""
_OLD_SCOPES: Final = 1000
"""Number of the field of instrumentation libraries, which became scopes."""


class Element(NamedTuple):
    """A span or log record of a message."""

    head: bytes
    """The line up to it."""
    start: int
    stop: int
    """Where it stands in the message."""


@lru_cache(maxsize=4096)
def _known_text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _text(data: bytes) -> str:
    return _known_text(data) if len(data) <= REMEMBERED_BYTES else data.decode("utf-8", "replace")


def _double(bits: int) -> float | str:
    value = float(struct.unpack("<d", bits.to_bytes(8, "little"))[0])
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _of(table: Fields) -> Callable[[bytes], dict[str, Any]]:
    return lambda data: message(data, table)


def _value(data: bytes) -> dict[str, Any]:
    return message(data, _VALUE)


def _pair(data: bytes) -> dict[str, Any]:
    found = message(data, _PAIR)
    # some write the value first; whoever reads the line looks for it behind its name
    return {"key": found.get("key", ""), "value": found.get("value", {})}


_remembered_pair: Final = lru_cache(maxsize=MOST_REMEMBERED)(_pair)


def _attribute(data: bytes) -> dict[str, Any]:
    return _remembered_pair(data) if len(data) <= REMEMBERED_BYTES else _pair(data)


_VALUE: Final[dict[int, Any]] = {}
_PAIR: Final = fields((1, "bytes", "key", _text), (2, "bytes", "value", _value))
_VALUE.update(
    fields(
        (1, "bytes", "stringValue", _text),
        (2, "varint", "boolValue", bool),
        (3, "varint", "intValue", lambda number: str(signed(number))),
        (4, "fixed64", "doubleValue", _double),
        (5, "bytes", "arrayValue", _of(fields((1, "list", "values", _value)))),
        (6, "bytes", "kvlistValue", _of(fields((1, "list", "values", _pair)))),
        (7, "bytes", "bytesValue", lambda data: base64.b64encode(data).decode()),
    )
)
_EVENT: Final = fields(
    (1, "fixed64", "timeUnixNano", str),
    (2, "bytes", "name", _text),
    (3, "list", "attributes", _attribute),
    (4, "varint", "droppedAttributesCount", int),
)
_LINK: Final = fields(
    (1, "bytes", "traceId", bytes.hex),
    (2, "bytes", "spanId", bytes.hex),
    (3, "bytes", "traceState", _text),
    (4, "list", "attributes", _attribute),
    (5, "varint", "droppedAttributesCount", int),
    (6, "fixed32", "flags", int),
)
_STATUS: Final = fields((2, "bytes", "message", _text), (3, "varint", "code", int))
_SPAN: Final = fields(
    (1, "bytes", "traceId", bytes.hex),
    (2, "bytes", "spanId", bytes.hex),
    (3, "bytes", "traceState", _text),
    (4, "bytes", "parentSpanId", bytes.hex),
    (5, "bytes", "name", _text),
    (6, "varint", "kind", int),
    (7, "fixed64", "startTimeUnixNano", str),
    (8, "fixed64", "endTimeUnixNano", str),
    (9, "list", "attributes", _attribute),
    (10, "varint", "droppedAttributesCount", int),
    (11, "list", "events", _of(_EVENT)),
    (12, "varint", "droppedEventsCount", int),
    (13, "list", "links", _of(_LINK)),
    (14, "varint", "droppedLinksCount", int),
    (15, "bytes", "status", _of(_STATUS)),
    (16, "fixed32", "flags", int),
)
_RECORD: Final = fields(
    (1, "fixed64", "timeUnixNano", str),
    (2, "varint", "severityNumber", int),
    (3, "bytes", "severityText", _text),
    (5, "bytes", "body", _value),
    (6, "list", "attributes", _attribute),
    (7, "varint", "droppedAttributesCount", int),
    (8, "fixed32", "flags", int),
    (9, "bytes", "traceId", bytes.hex),
    (10, "bytes", "spanId", bytes.hex),
    (11, "fixed64", "observedTimeUnixNano", str),
    (12, "bytes", "eventName", _text),
)
_RESOURCE: Final = fields((1, "list", "attributes", _attribute), (2, "varint", "droppedAttributesCount", int))
_SCOPE: Final = fields(
    (1, "bytes", "name", _text), (2, "bytes", "version", _text), (3, "list", "attributes", _attribute)
)


class _Names(NamedTuple):
    """How the lists of a signal are called, and the table of what is in the innermost."""

    outer: str
    inner: str
    elements: str
    table: Fields


_NAMES: Final = {
    "traces": _Names("resourceSpans", "scopeSpans", "spans", _SPAN),
    "logs": _Names("resourceLogs", "scopeLogs", "logRecords", _RECORD),
    "metrics": _Names("resourceMetrics", "scopeMetrics", "metrics", {}),
}


def elements(data: bytes, signal: Signal) -> list[Element]:
    """Where the spans, log records or metrics of a message stand, in its order. Raises WireError if it is none."""
    names = _NAMES[signal]
    found: list[Element] = []
    for number, start, stop in parts(data, 0, len(data)):
        if number == 1:
            found += _of_resource(data, start, stop, names)
    return found


def _of_resource(data: bytes, start: int, stop: int, names: _Names) -> Iterator[Element]:
    inner = list(parts(data, start, stop))
    resource = next((message(data[a:b], _RESOURCE) for number, a, b in inner if number == 1), {})
    for number, low, high in inner:
        if number not in (2, _OLD_SCOPES):
            continue
        within = list(parts(data, low, high))
        scope = next((message(data[a:b], _SCOPE) for number, a, b in within if number == 1), {})
        head = b'{"%s":[{"resource":%s,"%s":[{"scope":%s,"%s":[' % (
            names.outer.encode(),
            orjson.dumps(resource),
            names.inner.encode(),
            orjson.dumps(scope),
            names.elements.encode(),
        )
        yield from (Element(head, a, b) for number, a, b in within if number == 2)


def line(data: bytes, element: Element, signal: Signal) -> tuple[int, bytes]:
    """A span or log record as a message of its own in JSON, on one line, and its time. Raises ValueError."""
    try:
        found = message(data[element.start : element.stop], _NAMES[signal].table)
        time_ns = found.get("startTimeUnixNano") or found.get("timeUnixNano") or found.get("observedTimeUnixNano") or 0
        return int(time_ns), b"%s%s]}]}]}\n" % (element.head, orjson.dumps(found))
    except (TypeError, RecursionError) as error:
        raise WireError("values within values without end") from error
