"""Documents of tracers, in every spelling, are the spans and records that they tell of."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parsing.documents import (
    CHILD,
    ROOT,
    T0_NS,
    T0_US,
    TRACE,
    attributes,
    coded,
    jaeger,
    laid_out,
    on_one_line,
    otlp,
    otlp_logs,
    read,
    told,
    zipkin,
)
from tui.parsing.cut_json import mended
from tui.parsing.parser import Parser
from tui.record import LineGroup

CASES = Path(__file__).parent.parent / "cases" / "documents"
LAYOUTS = pytest.mark.parametrize("layout", [laid_out, on_one_line])

SPANS = [
    ("span", "gateway", "POST /orders", 0, 100, "unset", TRACE, ROOT, None),
    ("span", "payment", "charge", 10, 90, "error", TRACE, CHILD, ROOT),
    ("record", "payment", "ValueError: card declined", 80, "error", TRACE, CHILD),
]


@LAYOUTS
@pytest.mark.parametrize(
    "value",
    [
        pytest.param(otlp(), id="as collectors write it"),
        pytest.param(otlp(encode=str.upper), id="ids in capitals"),
        pytest.param(otlp(encode=coded, kind="SPAN_KIND_SERVER"), id="as protobuf libraries write it"),
        pytest.param(otlp(outer="batches", encode=coded, kind="SPAN_KIND_SERVER"), id="an answer of Tempo"),
        pytest.param({"trace": otlp(encode=coded, kind="SPAN_KIND_SERVER")}, id="a newer answer of Tempo"),
        pytest.param({"result": otlp()}, id="an answer of Jaeger"),
        pytest.param(otlp(spans="instrumentationLibrarySpans"), id="of an older version"),
        pytest.param(jaeger(), id="of Jaeger"),
        pytest.param({"data": jaeger()["data"][0]}, id="one trace of Jaeger"),
        pytest.param(jaeger()["data"], id="traces of Jaeger without more"),
        pytest.param(jaeger()["data"][0], id="a trace of Jaeger without more"),
    ],
)
def test_every_spelling_tells_of_the_same_request(value: Any, layout: Callable[[Any], bytes]) -> None:
    assert [told(one) for one in read(layout(value))] == SPANS


def test_names_in_snake_case_are_the_same() -> None:
    text = json.dumps(otlp())
    for name in ("resourceSpans", "scopeSpans", "traceId", "spanId", "parentSpanId", "startTimeUnixNano",
                 "endTimeUnixNano", "timeUnixNano", "stringValue"):  # fmt: skip
        text = text.replace(f'"{name}"', '"' + "".join(f"_{c.lower()}" if c.isupper() else c for c in name) + '"')
    assert [told(one) for one in read(text.encode())] == SPANS


def test_records_of_one_line_have_places_of_their_own_in_it() -> None:
    line = on_one_line(otlp())
    found = Parser("a").records(LineGroup("a", 500, (line,)))
    assert [one.offset for one in found] == [500, 501, 502]
    assert all(json.loads(one.raw) for one in found)
    assert found[1].span is not None
    assert found[1].span.basis == (("a", 501),)


def test_log_records_keep_what_otlp_says_of_them() -> None:
    (one,) = read(on_one_line(otlp_logs()))
    assert told(one) == ("record", "payment", "slow", 20, "warn", TRACE, CHILD)
    assert (one.severity, one.logger, one.fields["order"], one.format) == (13, "payment.charges", "o-1", "otlp")


@pytest.mark.parametrize(
    ("record", "message", "severity"),
    [
        ({"body": {"stringValue": '{"level":"error","msg":"boom"}'}}, "boom", 17),
        ({"body": {"stringValue": 'level=warn msg="it\'s late" trace_id=' + TRACE}}, "it's late", 13),
        (
            {"body": {"kvlistValue": {"values": attributes(message="from a map", n=1)}}, "severityNumber": 9},
            "from a map",
            9,
        ),
        ({"body": {"arrayValue": {"values": [{"intValue": "1"}, {"stringValue": "b"}]}}}, '[1,"b"]', 0),
        ({"body": {"intValue": "42"}, "severityNumber": "SEVERITY_NUMBER_ERROR2"}, "42", 18),
        ({"eventName": "cache.miss", "severityText": "Warning"}, "cache.miss", 13),
    ],
)
def test_bodies_of_every_kind(record: dict[str, Any], message: str, severity: int) -> None:
    document = {"resourceLogs": [{"scopeLogs": [{"logRecords": [{"observedTimeUnixNano": str(T0_NS), **record}]}]}]}
    (one,) = read(on_one_line(document))
    assert (one.message, one.severity, one.time_ns) == (message, severity, T0_NS)


def test_a_mixed_file_gives_each_line_its_records_and_counts_metrics() -> None:
    metrics = {"resourceMetrics": [{"scopeMetrics": [{"metrics": [{"name": "a"}, {"name": "b"}]}]}]}
    lines = b"\n".join(on_one_line(one) for one in (otlp(), otlp_logs(), metrics)) + b"\n"
    assert [one.message for one in read(lines)] == [
        "POST /orders", "charge: card declined", "ValueError: card declined", "slow", "2 metrics: a, b",
    ]  # fmt: skip


def test_few_links_join_traces_and_many_do_not() -> None:
    def linked(count: int) -> list[str]:
        document = otlp()
        links = [{"traceId": f"{number + 1:032x}", "spanId": "00000000000000aa"} for number in range(count)]
        document["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["links"] = links
        return [one.value for one in read(on_one_line(document))[0].ids if one.kind == "trace"]

    assert linked(2) == [TRACE, f"{1:032x}", f"{2:032x}"]
    assert linked(40) == [TRACE]


@LAYOUTS
def test_zipkin_tells_of_both_sides_of_a_call_under_one_id(layout: Callable[[Any], bytes]) -> None:
    assert [told(one) for one in read(layout(zipkin()))] == [
        ("span", "gateway", "post /orders", 0, 100, "unset", TRACE, ROOT, None),
        ("span", "payment", "charge", 10, 90, "error", TRACE, ROOT, None),
        ("record", "payment", "asked the bank", 20, None, TRACE, ROOT),
    ]


def test_spans_of_zipkin_may_lack_their_times() -> None:
    bare = {"traceId": TRACE[16:], "id": "a1", "localEndpoint": {"serviceName": "web"}, "name": "x", "kind": None}
    (one,) = read(on_one_line([{**bare, "tags": {"error": ""}}]))
    assert told(one) == ("span", "web", "x", None, None, "error", TRACE[16:], "00000000000000a1", None)
    (sent,) = read(on_one_line([{**bare, "kind": "PRODUCER", "timestamp": T0_US}]))
    assert told(sent)[3:5] == (0, 0)


def test_the_older_zipkin_tells_of_a_call_in_one_span() -> None:
    def said(value: str, ms: int, service: str) -> dict[str, Any]:
        return {"value": value, "timestamp": T0_US + ms * 1000, "endpoint": {"serviceName": service}}

    core = [
        said("cs", 0, "web"),
        said("sr", 2, "api"),
        said("ss", 8, "api"),
        said("cr", 10, "web"),
        said("cached", 5, "api"),
    ]
    old = {"traceId": TRACE, "id": ROOT, "name": "get", "annotations": core,
           "binaryAnnotations": [{"key": "http.path", "value": "/x"}]}  # fmt: skip
    assert [told(one)[1:5] for one in read(on_one_line([old]))] == [
        ("web", "get", 0, 10), ("web", "cached", 5, None), ("api", "get", 2, 8), ("api", "cached", 5, None),
    ]  # fmt: skip


EVENT = {
    "event_id": "9fac8ea1d9a94bbc8c7cd65e5b8d8a1b", "timestamp": T0_NS / 1e9 + 0.02, "platform": "node", "level": "fatal",
    "tags": [["service", "checkout"], ["region", "eu"]], "release": "shop@2.1", "server_name": "h1",
    "contexts": {"trace": {"trace_id": TRACE, "span_id": ROOT}},
    "exception": {"values": [
        {"type": "TypeError", "value": "x is undefined", "stacktrace": {"frames": [{"filename": "a.js", "lineno": 2}]}},
        {"type": "Error", "value": "no price", "stacktrace": {"frames": [
            {"filename": "main.js", "function": "main", "lineno": 9, "colno": 4},
            {"filename": "price.js", "function": "price", "lineno": 5}]}}]},
    "breadcrumbs": [{"timestamp": "2026-11-23T14:02:09.010Z", "category": "http", "level": "info", "data": {"url": "/x", "status_code": 200}}],
}  # fmt: skip


@LAYOUTS
def test_an_event_of_sentry_is_an_error_with_its_causes_and_what_went_before(layout: Callable[[Any], bytes]) -> None:
    found = {one.format: one for one in read(layout(EVENT))}
    event, crumb = found["sentry"], found["sentry-breadcrumb"]
    assert told(event) == ("record", "checkout", "Error: no price", 20, "fatal", TRACE, ROOT)
    assert event.error is not None
    assert event.error.stack == (
        "Error: no price\n    at price (price.js:5)\n    at main (main.js:9:4)\nCaused by: TypeError: x is undefined\n"
        "    at a.js:2"
    )
    assert (event.fields["release"], event.fields["region"], event.fields["server_name"]) == ("shop@2.1", "eu", "h1")
    assert told(crumb) == ("record", "checkout", "http /x 200", 10, "info", TRACE, None)


def test_items_of_newer_envelopes_are_spans() -> None:
    span = {"trace_id": TRACE, "span_id": CHILD, "parent_span_id": ROOT, "name": "GET /x", "status": "error", "is_segment": True,
            "start_timestamp": T0_NS / 1e9, "end_timestamp": T0_NS / 1e9 + 0.5,
            "attributes": {"service.name": {"value": "web", "type": "string"}}}  # fmt: skip
    payload = on_one_line({"version": 2, "items": [span]})
    head = b'{"event_id":"9fac8ea1d9a94bbc8c7cd65e5b8d8a1b"}\n{"type":"span","item_count":1,"length":%d}\n'
    (one,) = read(head % len(payload) + payload)
    assert told(one) == ("span", "web", "GET /x", 0, 500, "error", TRACE, CHILD, ROOT)


REAL = {
    "otlp_spans.jsonl": ["span"] * 1 + ["record"] * 2 + ["span"] * 2,
    "otlp_logs.jsonl": ["record"] * 2,
    "otel_console.json": ["span"] * 1 + ["record"] * 2 + ["span"] * 2,
    "zipkin.json": ["span"] * 1 + ["record"] * 2 + ["span"] * 2,
    "sentry.envelope": ["record"] * 2 + ["span"] * 2 + ["record"],
}


@pytest.mark.parametrize("name", REAL)
def test_documents_of_real_sdks_are_spans_and_records_of_one_request(name: str) -> None:
    found = read((CASES / name).read_bytes())
    kinds = sorted("record" if one.span is None else "span" for one in found)
    assert kinds == sorted(REAL[name])
    assert len({one.trace_id for one in found}) == 1
    assert all(one.service and one.time_ns and not one.notes for one in found)
    errors = [one.error for one in found if one.error is not None and one.error.stack]
    assert errors or name in ("zipkin.json",)


@pytest.mark.parametrize("value", [otlp(), otlp_logs(), jaeger(), zipkin(), EVENT])
@pytest.mark.parametrize("layout", [laid_out, on_one_line])
def test_of_a_cut_document_what_is_whole_is_told(value: Any, layout: Callable[[Any], bytes]) -> None:
    data = layout(value)
    whole = {told(one) for one in read(data) if one.span is not None}
    for at in range(1, len(data), 7):
        found = read(data[:at])
        assert found
        spans = [told(one) for one in found if one.span is not None]
        assert len(spans) <= len(whole)
        for one in found:
            assert one.time_ns is None or one.time_ns >= T0_NS or one.span is None


@given(st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda one: st.lists(one) | st.dictionaries(st.text(max_size=4), one)), st.integers(0, 200))  # fmt: skip
def test_what_is_mended_is_json(value: Any, at: int) -> None:
    data = json.dumps([value, {"a": value}]).encode()
    repaired = mended(data[:at])
    if repaired is not None:
        assert isinstance(json.loads(repaired), list)


KEYS = st.sampled_from(
    ["resourceSpans", "batches", "scopeSpans", "spans", "resource", "attributes", "key", "value", "traceId", "spanId", "id",
     "startTimeUnixNano", "status", "code", "events", "links", "data", "traceID", "spanID", "processes", "references",
     "startTime", "duration", "tags", "logs", "fields", "timestamp", "localEndpoint", "annotations", "binaryAnnotations",
     "event_id", "exception", "values", "stacktrace", "frames", "breadcrumbs", "contexts", "trace", "type", "items",
     "resourceLogs", "scopeLogs", "logRecords", "body", "kvlistValue", "arrayValue", "stringValue", "intValue", "context",
     "trace_id", "start_time", "name", "resourceMetrics", "scopeMetrics", "metrics", "sentry_item", "payload", "around"]
)  # fmt: skip
SCALARS = st.sampled_from(
    [None, True, 0, -1, 1, 2, 10**30, 1.5, -1e300, "", "x", TRACE, ROOT, "transaction", "span", "log", "event", "0", "1e999",
     "2026-11-23T14:00:00Z", coded(TRACE), "9fac8ea1d9a94bbc8c7cd65e5b8d8a1b", "cs", "\ud800"]
)  # fmt: skip
VALUES = st.recursive(
    SCALARS, lambda one: st.lists(one, max_size=3) | st.dictionaries(KEYS, one, max_size=6), max_leaves=40
)


@settings(max_examples=300)
@given(
    st.dictionaries(KEYS, VALUES, min_size=1, max_size=5)
    | st.lists(st.dictionaries(KEYS, VALUES, max_size=5), max_size=3)
)
def test_nothing_that_looks_like_a_document_makes_reading_fail(value: Any) -> None:
    for data in (on_one_line(value), laid_out(value)):
        for one in read(data):
            assert one.raw
            assert one.message is not None
