"""Batches of spans as clients of Jaeger send them to its agent -> the same as Jaeger's JSON, a line for each span."""

from __future__ import annotations

import base64
from typing import Any, Final

import orjson

from tui.parsing.thrift import Struct, ThriftError, call

CALL: Final = "emitBatch"
_WORDS: Final = ("CHILD_OF", "FOLLOWS_FROM")
_TYPES: Final = ("string", "float64", "bool", "int64", "binary")
"""Of tags, by their number; their values stand in the fields from 3 on, in the same order."""


def lines(packet: bytes) -> list[tuple[int, bytes]]:
    """The spans of one packet with their times in nanoseconds. Raises ValueError."""
    name, arguments = call(packet)
    if name != CALL:
        raise ThriftError(f"a call of something else than {CALL}")
    batch = _struct(arguments.get(1))
    process = _struct(batch.get(1))
    around = {"serviceName": _text(process.get(1)), "tags": _tags(process.get(2))}
    return [_line(_struct(span), around) for span in _list(batch.get(2))]


def _line(span: Struct, process: dict[str, Any]) -> tuple[int, bytes]:
    trace = _trace(span.get(1), span.get(2))
    start_us = _number(span.get(8))
    references = [
        {
            "refType": _WORDS[_number(one.get(1)) & 1],
            "traceID": _trace(one.get(2), one.get(3)),
            "spanID": _hex(one.get(4)),
        }
        for one in map(_struct, _list(span.get(6)))
    ]
    if (parent := _number(span.get(4))) and not any(one["refType"] == _WORDS[0] for one in references):
        references.insert(0, {"refType": _WORDS[0], "traceID": trace, "spanID": _hex(parent)})
    told = {
        "traceID": trace,
        "spanID": _hex(span.get(3)),
        "operationName": _text(span.get(5)),
        "references": references,
        "flags": _number(span.get(7)),
        "startTime": start_us,
        "duration": _number(span.get(9)),
        "tags": _tags(span.get(10)),
        "logs": [
            {"timestamp": _number(one.get(1)), "fields": _tags(one.get(2))} for one in map(_struct, _list(span.get(11)))
        ],
        "processID": "p1",
    }
    document = {"data": [{"traceID": trace, "spans": [told], "processes": {"p1": process}}]}
    return start_us * 1000, orjson.dumps(document) + b"\n"


def _tags(value: object) -> list[dict[str, Any]]:
    return [_tag(one) for one in map(_struct, _list(value))]


def _tag(tag: Struct) -> dict[str, Any]:
    kind = _number(tag.get(2))
    if not 0 <= kind < len(_TYPES):
        raise ThriftError("a tag of unknown type")
    value = tag.get(3 + kind)
    if isinstance(value, bytes):
        value = base64.b64encode(value).decode() if kind == 4 else value.decode("utf-8", "replace")
    return {"key": _text(tag.get(1)), "type": _TYPES[kind], "value": value}


def _trace(low: object, high: object) -> str:
    return (_hex(high) if high else "") + _hex(low)


def _hex(value: object) -> str:
    """An id, which is sent as a number with a sign."""
    return f"{_number(value) & 0xFFFF_FFFF_FFFF_FFFF:016x}"


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _struct(value: object) -> Struct:
    return value if isinstance(value, dict) else {}
