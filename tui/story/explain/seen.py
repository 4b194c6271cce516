"""What explaining needs of a record: little enough that a million of them fit in memory.

A record that is a span is seen as a span, any other as a line of a log. Nothing here judges.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from tui.record import Record, Severity, Span

Key = tuple[str, int]

_FAILED_ANSWER: Final = 500
_ANSWERS: Final = ("http.response.status_code", "http.status_code", "http.status", "status_code", "statusCode")
_PEERS: Final = (
    "peer.service", "server.address", "net.peer.name", "db.name", "db.system", "remoteEndpoint.serviceName", "rpc.service",
    "messaging.destination.name", "upstream_cluster", "peer.hostname", "peer.address",
)  # fmt: skip
_KINDS: Final = ("kind", "span.kind", "SpanKind", "spanKind", "span_kind")
_NUMBERS: Final = {"3": "client", "2": "server", "4": "producer", "5": "consumer", "1": "internal"}
_REQUESTS: Final = frozenset({"trace", "request", "correlation"})
_ADDRESS: Final = re.compile(r"[\d.:\[\]a-f]+(?::\d+)?|localhost(?::\d+)?", re.IGNORECASE)


class LogSeen(NamedTuple):
    """One line of a log."""

    time_ns: int
    service: str
    severity: int
    template: int
    """Number of its pattern, as `templates` counts them."""
    trace: str | None
    span: str | None
    duration_ns: int | None
    key: Key


class SpanSeen(NamedTuple):
    """One measured operation."""

    time_ns: int
    end_ns: int
    service: str
    name: str
    trace: str
    span: str
    parent: str | None
    failed: bool
    kind: str
    """client, server, producer, consumer, internal or empty."""
    peer: str | None
    """Whom a client span names as the one it called; no address."""
    key: Key
    said: str
    """What it failed with."""


def seen_span(span: Span, name: str, key: Key, service: str) -> SpanSeen:
    """A span as far as it matters; `name` is that of its operation without what varies, `service` stands in for its own."""
    attributes = span.attributes
    kind = _kind(attributes)
    end_ns = span.end_ns if span.end_ns is not None else span.start_ns
    return SpanSeen(
        span.start_ns, end_ns, span.service or service, name, span.trace_id or "", span.span_id,
        span.parent_span_id, span.status == "error" or _answered_badly(attributes), kind,
        _peer(attributes) if kind in ("client", "producer", "") else None, key,
        ((span.error.message or span.error.type or "") if span.error is not None else ""),
    )  # fmt: skip


def request_of(record: Record) -> str | None:
    """What the record calls its request: its trace, else the first other id that joins records."""
    if record.trace_id is not None:
        return record.trace_id
    return next((one.value for one in record.ids if one.kind in _REQUESTS), None)


def is_loud(severity: int) -> bool:
    """Whether a line of this severity tells of a failure."""
    return severity >= Severity.ERROR


def _kind(attributes: Mapping[str, object]) -> str:
    for key in _KINDS:
        value = attributes.get(key)
        if value is not None:
            word = str(value).lower().removeprefix("span_kind_")
            return _NUMBERS.get(word, word)
    return ""


def _answered_badly(attributes: Mapping[str, object]) -> bool:
    for key in _ANSWERS:
        value = attributes.get(key)
        if isinstance(value, int | str) and str(value).isdecimal():
            return _FAILED_ANSWER <= int(value) < 600
    return False


def _peer(attributes: Mapping[str, object]) -> str | None:
    for key in _PEERS:
        value = attributes.get(key)
        if isinstance(value, str) and value and not _ADDRESS.fullmatch(value):
            return value.partition(":")[0].partition(".")[0] if key != "rpc.service" else None
    return None
