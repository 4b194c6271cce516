"""Trace documents for tests, and the records that are read of one, as the sources bring it."""

from __future__ import annotations

import base64
import json
from itertools import accumulate
from typing import Any

from tui.framing import group
from tui.parsing.parser import Parser
from tui.parsing.unfolding import Unfolder
from tui.record import Line, LineGroup, Record

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
ROOT, CHILD = "00f067aa0ba902b7", "00f067aa0ba902b8"
T0_NS = 1_795_442_529_000_000_000
T0_US = T0_NS // 1000
MS = 1_000_000


def coded(text: str) -> str:
    return base64.b64encode(bytes.fromhex(text)).decode()


def attributes(**values: Any) -> list[dict[str, Any]]:
    kinds = {str: "stringValue", int: "intValue", bool: "boolValue", float: "doubleValue"}
    return [
        {"key": key.replace("__", "."), "value": {kinds[type(one)]: str(one) if type(one) is int else one}}
        for key, one in values.items()
    ]


def otlp(
    *, spans: str = "scopeSpans", outer: str = "resourceSpans", encode: Any = str, kind: Any = 2
) -> dict[str, Any]:
    """Two spans of two services; the second one fails with an exception."""
    failed = {"code": "STATUS_CODE_ERROR" if isinstance(kind, str) else 2, "message": "ValueError: card declined"}
    exception = attributes(exception__type="ValueError", exception__message="card declined")
    root = {
        "traceId": encode(TRACE), "spanId": encode(ROOT), "parentSpanId": "", "name": "POST /orders", "kind": kind,
        "startTimeUnixNano": str(T0_NS), "endTimeUnixNano": str(T0_NS + 100 * MS),
        "attributes": attributes(http__response__status_code=502), "status": {},
    }  # fmt: skip
    child = {
        "traceId": encode(TRACE), "spanId": encode(CHILD), "parentSpanId": encode(ROOT), "name": "charge", "kind": kind,
        "startTimeUnixNano": T0_NS + 10 * MS, "endTimeUnixNano": T0_NS + 90 * MS, "status": failed,
        "events": [{"timeUnixNano": str(T0_NS + 80 * MS), "name": "exception", "attributes": exception}],
    }  # fmt: skip
    return {
        outer: [
            {
                "resource": {"attributes": attributes(service__name=service)},
                spans: [{"scope": {"name": "s"}, "spans": [one]}],
            }
            for service, one in (("gateway", root), ("payment", child))
        ]
    }


def otlp_logs() -> dict[str, Any]:
    record = {
        "timeUnixNano": str(T0_NS + 20 * MS), "severityNumber": 13, "severityText": "WARN", "body": {"stringValue": "slow"},
        "attributes": attributes(order="o-1"), "traceId": TRACE.upper(), "spanId": CHILD.upper(),
    }  # fmt: skip
    scope = {"scope": {"name": "payment.charges"}, "logRecords": [record]}
    return {"resourceLogs": [{"resource": {"attributes": attributes(service__name="payment")}, "scopeLogs": [scope]}]}


def jaeger() -> dict[str, Any]:
    """The same request in Jaeger's older form, with ids that were never padded."""
    return {
        "data": [
            {
                "traceID": TRACE,
                "spans": [
                    {"traceID": TRACE, "spanID": ROOT.lstrip("0"), "operationName": "POST /orders", "references": [],
                     "startTime": T0_US, "duration": 100_000, "processID": "p1", "logs": [],
                     "tags": [{"key": "http.response.status_code", "type": "int64", "value": "502"}]},
                    {"traceID": TRACE, "spanID": CHILD.lstrip("0"), "operationName": "charge", "startTime": T0_US + 10_000,
                     "references": [{"refType": "FOLLOWS_FROM", "traceID": TRACE, "spanID": "abc"},
                                    {"refType": "CHILD_OF", "traceID": TRACE, "spanID": ROOT.lstrip("0")}],
                     "duration": 80_000, "processID": "p2", "tags": [{"key": "error", "type": "bool", "value": True}],
                     "logs": [{"timestamp": T0_US + 80_000, "fields": [
                         {"key": "event", "type": "string", "value": "error"},
                         {"key": "error.kind", "type": "string", "value": "ValueError"},
                         {"key": "message", "type": "string", "value": "card declined"}]}]},
                ],
                "processes": {"p1": {"serviceName": "gateway"}, "p2": {"serviceName": "payment", "tags": []}},
            }
        ]
    }  # fmt: skip


def zipkin() -> list[dict[str, Any]]:
    """The same as Zipkin tells it, where the server took over the id of the client."""
    return [
        {"traceId": TRACE, "id": ROOT, "name": "post /orders", "timestamp": T0_US, "duration": 100_000,
         "localEndpoint": {"serviceName": "gateway"}, "tags": {"http.status_code": "502"}, "kind": "CLIENT"},
        {"traceId": TRACE, "id": ROOT, "name": "charge", "timestamp": T0_US + 10_000, "duration": 80_000, "shared": True,
         "localEndpoint": {"serviceName": "payment"}, "kind": "SERVER", "tags": {"error": "card declined"},
         "annotations": [{"timestamp": T0_US + 20_000, "value": "asked the bank"}]},
    ]  # fmt: skip


def read(data: bytes, source: str = "doc.json") -> list[Record]:
    """All records of a source that holds this."""
    unfolder = Unfolder()
    lines = (unfolder.feed(data) + unfolder.flush()).removesuffix(b"\n").split(b"\n")
    parser = Parser(source)
    parser.learn(lines, reference_ns=T0_NS)
    offsets = accumulate((len(line) + 1 for line in lines), initial=0)
    return [
        record
        for one in group(map(Line, offsets, lines), parser.starts, parser.origin)
        for record in parser.records(LineGroup(source, one[0].offset, tuple(line.data for line in one)))
    ]


def laid_out(value: Any) -> bytes:
    return json.dumps(value, indent=2).encode()


def on_one_line(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def told(record: Record) -> tuple[Any, ...]:
    """What a document says of one record, in short: times in milliseconds after the first one."""
    span = record.span
    at = None if record.time_ns is None else (record.time_ns - T0_NS) / MS
    if span is None:
        return "record", record.service, record.message, at, record.level, record.trace_id, record.span_id
    end = None if span.end_ns is None else (span.end_ns - T0_NS) / MS
    return "span", span.service, span.name, at, end, span.status, span.trace_id, span.span_id, span.parent_span_id
