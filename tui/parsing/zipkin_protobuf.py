"""Spans of Zipkin in protobuf -> the same in JSON, version 2."""

from __future__ import annotations

import ipaddress
from typing import Any, Final

from tui.parsing.protobuf import fields, message

_KINDS: Final = ("", "CLIENT", "SERVER", "PRODUCER", "CONSUMER")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _address(data: bytes) -> str:
    try:
        return str(ipaddress.ip_address(data))
    except ValueError:
        return ""


_ENDPOINT: Final = fields(
    (1, "bytes", "serviceName", _text),
    (2, "bytes", "ipv4", _address),
    (3, "bytes", "ipv6", _address),
    (4, "varint", "port", int),
)
_ANNOTATION: Final = fields((1, "fixed64", "timestamp", int), (2, "bytes", "value", _text))
_TAG: Final = fields((1, "bytes", "key", _text), (2, "bytes", "value", _text))
_SPAN: Final = fields(
    (1, "bytes", "traceId", bytes.hex),
    (2, "bytes", "parentId", bytes.hex),
    (3, "bytes", "id", bytes.hex),
    (4, "varint", "kind", lambda number: _KINDS[number] if number < len(_KINDS) else ""),
    (5, "bytes", "name", _text),
    (6, "fixed64", "timestamp", int),
    (7, "varint", "duration", int),
    (8, "bytes", "localEndpoint", lambda data: message(data, _ENDPOINT)),
    (9, "bytes", "remoteEndpoint", lambda data: message(data, _ENDPOINT)),
    (10, "list", "annotations", lambda data: message(data, _ANNOTATION)),
    (11, "list", "tags", lambda data: message(data, _TAG)),
    (12, "varint", "debug", bool),
    (13, "varint", "shared", bool),
)
_LIST: Final = fields((1, "list", "spans", lambda data: message(data, _SPAN)))


def spans(data: bytes) -> list[dict[str, Any]]:
    """The spans of a list. Raises WireError."""
    found: list[dict[str, Any]] = message(data, _LIST).get("spans", [])
    for span in found:
        span["tags"] = {tag.get("key", ""): tag.get("value", "") for tag in span.get("tags", ())}
    return found
