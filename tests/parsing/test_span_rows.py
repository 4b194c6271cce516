"""Tables and flat objects of spans are spans, in whichever unit their times are."""

from __future__ import annotations

import json

import pytest

from tui.parsing.parser import Parser
from tui.record import LineGroup, Record

TRACE, SPAN, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", "53995c3f42cd8ad8"
TABLES = {
    "nanoseconds and an end": (
        "TraceID,SpanID,ParentID,PodName,OperationName,StartTimeUnixNano,EndTimeUnixNano,Duration",
        f"{TRACE},{SPAN},{PARENT},cart-64469b5b48-5rjvb,GetCart,1675079528698000000,1675079528710000000,12000",
    ),
    "microseconds": (
        "time,traceID,spanID,serviceName,methodName,operationName,startTimeMillis,startTime,duration,statusCode,parentSpanID",
        f"1675079528,{TRACE},{SPAN},cart,Get,GetCart,1675079528698,1675079528698000,12000,0,{PARENT}",
    ),
    "milliseconds, a pod": (
        "timestamp,cmdb_id,parent_id,span_id,trace_id,duration,status_code,operation_name",
        f"1675079528698,cart-0,{PARENT},{SPAN},{TRACE},12,200,GetCart",
    ),
    "a text": (
        "Timestamp,TraceId,SpanId,ParentSpanId,SpanName,SpanKind,ServiceName,Duration,StatusCode",
        f"2023-01-30 11:52:08.698,{TRACE},{SPAN},{PARENT},GetCart,Server,cart,12000000,Unset",
    ),
}


def read(head: str, row: str) -> Record:
    parser = Parser("spans.csv")
    parser.learn([head.encode(), row.encode()], reference_ns=None)
    return parser.record(LineGroup("spans.csv", 100, (row.encode(),)))


@pytest.mark.parametrize("name", TABLES)
def test_a_row_is_a_span(name: str) -> None:
    span = read(*TABLES[name]).span
    assert span is not None
    assert (span.service, span.name, span.trace_id, span.span_id, span.parent_span_id) == (
        "cart",
        "GetCart",
        TRACE,
        SPAN,
        PARENT,
    )
    assert (span.start_ns, span.end_ns) == (1675079528698000000, 1675079528710000000)
    assert span.status == "unset"


@pytest.mark.parametrize(
    ("code", "status"),
    [("14", "error"), ("503", "error"), ("STATUS_CODE_ERROR", "error"), ("404", "unset"), ("1", "unset")],
)
def test_a_code_tells_whether_it_failed(code: str, status: str) -> None:
    head, row = TABLES["microseconds"]
    span = read(head, row.replace(",12000,0,", f",12000,{code},")).span
    assert span is not None and span.status == status


def test_a_root_has_no_parent() -> None:
    head, row = TABLES["nanoseconds and an end"]
    span = read(head, row.replace(PARENT, "root")).span
    assert span is not None and span.parent_span_id is None


def test_an_object_on_a_line_is_a_span_unless_it_says_something() -> None:
    fields = {"trace_id": TRACE, "span_id": SPAN, "parent_span_id": None, "service_name": "cart", "name": "GetCart",
              "start_time": "2023-01-30T11:52:08.698Z", "duration_ms": 12}  # fmt: skip
    parser = Parser("spans.ndjson")
    record = parser.record(LineGroup("spans.ndjson", 0, (json.dumps(fields).encode(),)))
    assert record.span is not None and record.duration_ns == 12_000_000
    told = {**fields, "msg": "cart read", "level": "info"}
    assert parser.record(LineGroup("spans.ndjson", 0, (json.dumps(told).encode(),))).span is None
