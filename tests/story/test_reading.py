"""What one line says about an operation."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.record import Error, Record
from tui.story.reading import read


def line(message: str, severity: int = 9, **fields: Any) -> Record:
    return Record(
        "a.log", 0, message, message, severity=severity, fields={k.replace("__", "."): v for k, v in fields.items()}
    )


@pytest.mark.parametrize(
    ("message", "operation", "phase"),
    [
        ("POST /orders started", "POST /orders", "start"),
        ("POST /orders 502 in 1.84 s", "POST /orders", "fail"),
        ('10.0.0.1 - - "GET /x?y=1 HTTP/1.1" 200 1234', "GET /x", "end"),
        ("--> GET /x", "GET /x", "start"),
        ("<-- GET /x 204", "GET /x", "end"),
        ("Received request GET https://host:8443/x", "GET /x", "start"),
        ('Started POST "/orders" for 1.2.3.4', "POST /orders", "start"),
        ("Completed 500 Internal Server Error in 12ms", "request", "fail"),
        ("charge completed", "charge", "end"),
        ("charge of ord-123 given up after 3 attempts", "charge", "fail"),
        ("retrying charge in 400 ms", "charge", "retry"),
        ("Starting charge for order 41", "charge", "start"),
        ("request received", "request", "start"),
        ("response sent", "request", "end"),
        ("order.started", "order", "start"),
        ("order_completed", "order", "end"),
        ("cache miss", "cache miss", ""),
        ("payment failure mail queued", "payment mail queued", ""),
        ("GET 200 of 400 items", "GET", ""),
        ("", "", ""),
    ],
)
def test_words_tell_what_begins_and_ends(message: str, operation: str, phase: str) -> None:
    found = read(line(message))
    assert (found.operation, found.phase) == (operation, phase)


@pytest.mark.parametrize(
    ("record", "phase"),
    [
        (line("charge failed: declined", 13), "fail"),
        (line("charge failed: declined", 17), "fail"),
        (line("0 jobs failed", 9), ""),
        (line("charge failed", 9), "fail"),
        (line("charge not rejected", 9), ""),
        (line("request completed", 17), "fail"),
        (line("request completed", http_status=503), "fail"),
        (line("request completed", http_status=404), "end"),
    ],
)
def test_levels_and_answers_tell_how_it_ended(record: Record, phase: str) -> None:
    assert read(record).phase == phase


@pytest.mark.parametrize(
    ("record", "attempt"),
    [
        (line("x", attempt=2), 2),
        (line("x", retryCount="1"), 2),
        (line("x", retry_count=0), 1),
        (line("Attempt 2/3 to call payment"), 2),
        (line("retry #4"), 4),
        (line("x", attempt="many"), None),
        (line("x", attempt=10**9), None),
        (line("x", attempt=True), None),
    ],
)
def test_attempts_are_counted_from_one(record: Record, attempt: int | None) -> None:
    assert read(record).attempt == attempt


def test_method_path_and_status_may_be_fields() -> None:
    found = read(line("request completed", req__method="get", req__url="http://h/a?b=1", res__statusCode=201))
    assert (found.operation, found.status, found.http) == ("GET /a", 201, True)


def test_begin_and_end_may_be_fields() -> None:
    found = read(line("job", started_at="2026-11-23T14:00:00Z", finished_at="2026-11-23T14:00:01.5Z"))
    assert found.start_ns is not None and found.end_ns is not None
    assert found.end_ns - found.start_ns == 1_500_000_000


FIELD = st.sampled_from(
    ["attempt", "retry", "status", "method", "path", "operation", "event", "start_time", "end", "duration"]
)
VALUE = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20))


@given(st.text(max_size=200), st.dictionaries(FIELD, VALUE, max_size=4), st.integers(-3, 30))
@settings(max_examples=300)
def test_nothing_is_too_odd_to_be_read(message: str, fields: dict[str, Any], severity: int) -> None:
    found = read(Record("a", 0, message, message, severity=severity, fields=fields, error=Error()))
    assert found.phase in ("", "start", "end", "fail", "retry")
    assert len(found.operation) <= 60
