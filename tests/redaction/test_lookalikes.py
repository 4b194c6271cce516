"""What only looks like a secret passes unchanged: ids, hashes, times, numbers, versions, addresses, prose."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.redaction.redactor import Redactor

CASES = Path(__file__).parent.parent / "cases"
REDACTOR = Redactor(bytes(32))
WRAPPINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    "kubectl prefix": lambda text: "[pod/shop-7d9f8b6c5-x2x4z/api] " + text,
    "JSON message": lambda text: json.dumps({"ts": "2024-05-01T12:00:00Z", "message": text}),
    "JSON in JSON": lambda text: json.dumps({"log": json.dumps({"m": text}) + "\n"}),
    "logfmt": lambda text: "level=info msg=" + json.dumps(text) + " n=1",
}


def lookalikes() -> Iterator[str]:
    for row in (CASES / "redaction_lookalikes.txt").read_text(encoding="utf-8").splitlines():
        if row and not row.startswith(("# ", "== ")):
            yield row


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_lines_without_secrets_are_returned_as_the_same_object(wrapping: str) -> None:
    damaged = []
    for row in lookalikes():
        line = WRAPPINGS[wrapping](row).encode()
        redacted, _ = REDACTOR.line(line)
        if redacted is not line:
            damaged.append((line, redacted))
    assert damaged == []


HEX = "0123456789abcdef"
IDS = st.one_of(
    st.uuids().map(str),
    st.uuids().map(lambda value: value.hex),
    st.text(HEX, min_size=16, max_size=16),
    st.text(HEX, min_size=32, max_size=32),
    st.text(HEX, min_size=40, max_size=40),
    st.text(HEX, min_size=64, max_size=64).map(lambda value: "sha256:" + value),
    st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=25, max_size=25).map(lambda value: "0" + value),
    st.integers(10**18, 2**64 - 1).map(str),
    st.integers(1_600_000_000_000, 1_900_000_000_000_000_000).map(str),
    st.datetimes().map(lambda value: value.isoformat() + "Z"),
    st.ip_addresses().map(str),
    st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(0, 9999)).map(lambda v: f"v{v[0]}.{v[1]}.{v[2]}"),
)
KEYS = st.sampled_from(
    [
        "trace_id",
        "traceId",
        "span_id",
        "spanId",
        "correlation_id",
        "correlationId",
        "request_id",
        "requestId",
        "X-Request-Id",
        "dd.trace_id",
        "transaction.id",
        "message_id",
        "event_id",
        "order_id",
        "orderNumber",
        "job_id",
        "id",
        "uuid",
        "commit",
        "sha",
        "etag",
        "ts",
        "timestamp",
        "version",
        "parentSpanId",
        "otelTraceID",
        "idempotency_key",
    ]
)
SHAPES = st.sampled_from(
    (
        '{"%s":"%s","level":"info"}',
        "level=info %s=%s msg=ok",
        "%s: %s",
        '{"message":"{\\"%s\\":\\"%s\\"}"}',
        "{'%s': '%s'}",
    )
)


@given(KEYS, IDS, SHAPES)
@settings(max_examples=400, deadline=None)
def test_ids_hashes_times_versions_and_addresses_never_change_under_their_keys(
    key: str, value: str, shape: str
) -> None:
    line = (shape % (key, value)).encode()
    assert REDACTOR.line(line)[0] == line


@given(st.uuids(), st.text(HEX, min_size=32, max_size=32), st.text(HEX, min_size=16, max_size=16))
@settings(max_examples=200, deadline=None)
def test_ids_inside_message_text_never_change(uuid: object, trace: str, span: str) -> None:
    line = f"INFO [{uuid}] request {uuid} done trace={trace} span={span} ({uuid}) {trace}-{span}".encode()
    assert REDACTOR.line(line)[0] == line
