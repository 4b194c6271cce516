from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.parsing.ids import canonical, canonical_value, ids_in_text, kind_of_key, read_ids
from tui.record import Id

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"
UUID = "f47ac10b-58cc-4372-a567-0e02b2c3d479"


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        *((key, "trace") for key in ["trace_id", "traceid", "traceId", "traceID", "TraceId", "TraceID", "trace.id", "trace-id", "otelTraceID", "otel.trace_id", "dd.trace_id", "x-datadog-trace-id", "X-B3-TraceId", "b3", "traceparent", "uber-trace-id", "x-amzn-trace-id", "xray_trace_id", "xrayTraceId", "AWS-XRAY-TRACE-ID", "X-Cloud-Trace-Context", "logging.googleapis.com/trace", "operation_Id", "OperationId", "sentry-trace", "contexts.trace.trace_id", "elastic-apm-traceparent", "ot-tracer-traceid", "sw8", "TID", "SW_CTX", "@tr", "mdc.traceId", "contextMap.trace_id", "record.extra.trace_id", "http.headers.traceparent"]),
        *((key, "span") for key in ["span_id", "spanId", "SpanID", "span.id", "otelSpanID", "dd.span_id", "X-B3-SpanId", "@sp", "logging.googleapis.com/spanId", "operation_ParentId", "transaction.id", "x-datadog-parent-id", "parent_span_id"]),
        *((key, "request") for key in ["request_id", "requestId", "RequestId", "req_id", "reqId", "req.id", "http.req.id", "rid", "x-request-id", "x_request_id", "aws_request_id", "x-amzn-requestid", "function_request_id", "cf-ray", "RayID", "x-ms-request-id", "TraceIdentifier", "req.headers.x-request-id"]),
        *((key, "correlation") for key in ["correlation_id", "correlationId", "CorrelationId", "x-correlation-id", "x-ms-client-request-id", "operationID", "opId", "opid", "ActivityId", "causation_id"]),
        *((key, "job") for key in ["job_id", "jid", "task_id", "message_id", "event_id", "workflow_id", "run_id"]),
        *((key, None) for key in ["session_id", "user_id", "userId", "order_id", "connection_id", "thread_id", "pid", "id", "span.name", "trace.enabled", "host", "message", "user.id", "process.thread.id", "device_id"]),
    ],
)  # fmt: skip
def test_a_key_holds_the_kind_of_id_that_its_name_says(key: str, kind: str | None) -> None:
    assert kind_of_key(key) == kind


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        ("traceparent", f"00-{TRACE}-{SPAN}-01", [("trace", TRACE), ("span", SPAN)]),
        ("b3", f"{TRACE}-{SPAN}-1-05e3ac9a4f6e3b90", [("trace", TRACE), ("span", SPAN), ("parent", "05e3ac9a4f6e3b90")]),
        ("b3", "0", []),
        ("uber-trace-id", "abc:def:0:1", [("trace", "abc".zfill(16)), ("span", "def".zfill(16))]),
        ("X-Amzn-Trace-Id", f"Root=1-5759e988-bd862e3fe1be46a994272793;Parent={SPAN};Sampled=1",
         [("trace", "5759e988bd862e3fe1be46a994272793"), ("span", SPAN)]),
        ("xray_trace_id", "1-5759e988-bd862e3fe1be46a994272793", [("trace", "5759e988bd862e3fe1be46a994272793")]),
        ("X-Cloud-Trace-Context", f"{TRACE}/17;o=1", [("trace", TRACE), ("span", "0000000000000011")]),
        ("logging.googleapis.com/trace", f"projects/p/traces/{TRACE}", [("trace", TRACE)]),
        ("trace", f"projects/p/traces/{TRACE}", [("trace", TRACE)]),
        ("trace", "enabled", []),
        ("span", "checkout", []),
        ("sentry-trace", f"{TRACE}-{SPAN}-1", [("trace", TRACE), ("span", SPAN)]),
        ("dd.trace_id", "1234567890123456789", [("trace", "112210f47de98115")]),
        ("dd.trace_id", TRACE, [("trace", TRACE)]),
        ("dd.span_id", 987654321, [("span", "000000003ade68b1")]),
        ("dd.trace_id", str(int(TRACE, 16)), [("trace", TRACE)]),
        ("x-datadog-trace-id", "18446744073709551615", [("trace", "f" * 16)]),
        ("SW_CTX", f"[SW_CTX:[svc,inst,{UUID},seg,3]]", [("trace", UUID.replace("-", ""))]),
        ("request_id", UUID.upper(), [("request", UUID.replace("-", ""))]),
        ("request_id", "{" + UUID + "}", [("request", UUID.replace("-", ""))]),
        ("request_id", "01ARZ3NDEKTSV4RRFFQ69G5FAV", [("request", "01ARZ3NDEKTSV4RRFFQ69G5FAV")]),
        ("request_id", 42, [("request", "42")]),
        ("trace_id", "0X" + TRACE.upper(), [("trace", TRACE)]),
        ("http.request.id", "abc1", [("request", "abc1")]),
        ("parent.id", SPAN, [("parent", SPAN)]),
        ("session_id", UUID, []),
    ],
)  # fmt: skip
def test_values_are_read_in_the_notation_of_their_key(key: str, value: object, found: list[tuple[str, str]]) -> None:
    assert list(read_ids(key, value)) == found


@pytest.mark.parametrize("value", ["", "0", "0" * 32, "0" * 16, "-", "none", "None", "null", "undefined", "0x0", None, True, -5,
                                   "00000000-0000-0000-0000-000000000000", "x" * 500])  # fmt: skip
def test_what_stands_for_no_id_is_none(value: object) -> None:
    assert canonical("trace_id", value) is None


def test_a_dashed_uuid_equals_its_dashless_form() -> None:
    assert canonical("trace_id", UUID) == canonical("traceId", UUID.replace("-", ""))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("done request_id=abc-123 user=5", [("request", "abc-123")]),
        (f"[req-{UUID} 113d3a99c3da401fbd62cc2caa5b96d2 - -] hi", [("request", UUID.replace("-", ""))]),
        (f"TraceID: {TRACE} x", [("trace", TRACE)]),
        (f"trace={TRACE}", [("trace", TRACE)]),
        (f"calling http://x with X-Request-ID: {UUID}", [("request", UUID.replace("-", ""))]),
        (f"START RequestId: {UUID} Version: 1", [("request", UUID.replace("-", ""))]),
        (f'payload {{"correlationId": "{UUID}"}}', [("correlation", UUID.replace("-", ""))]),
        (f"headers traceparent: 00-{TRACE}-{SPAN}-01", [("trace", TRACE), ("span", SPAN)]),
        (f"handled {UUID} ok", [("correlation", UUID.replace("-", ""))]),
        (f"seen {TRACE}", [("trace", TRACE)]),
        (f"user {UUID} logged in", []),
        (f"session_id={UUID}", []),
        (f"order {UUID} created", []),
        (f"md5={TRACE}", []),
        (f"image sha256:{TRACE}{TRACE}", []),
        ("request id: missing", []),
        ("trace=on span=off", []),
        ("nothing to see at 12:30 in shard 7", []),
    ],
)
def test_ids_are_found_in_the_text_of_messages(text: str, found: list[tuple[str, str]]) -> None:
    assert list(ids_in_text(text)) == [Id(kind, value) for kind, value in found]


@given(st.one_of(st.text(max_size=80), st.from_regex(r"[0-9a-fA-F]{1,40}(-[0-9a-fA-F]{1,12}){0,4}", fullmatch=True)))
@settings(max_examples=300)
def test_the_canonical_form_is_its_own_canonical_form(value: str) -> None:
    once = canonical_value(value)
    assert once is None or canonical_value(once) in (once, None)


@given(
    st.sampled_from(["trace_id", "dd.trace_id", "b3", "traceparent", "uber-trace-id", "sw8", "x-amzn-trace-id"]),
    st.text(),
)
@settings(max_examples=200)
def test_no_value_raises(key: str, value: str) -> None:
    read_ids(key, value)
    ids_in_text(value)
