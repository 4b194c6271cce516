"""A story that was saved as JSON is told again as it was: from one line, laid out, and from a query's records."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parsing.documents import laid_out, on_one_line, read
from tests.story.telling import records_from
from tests.story.test_page import LINES
from tests.story.test_timeline import RECORDS, SPANS
from tui.presentation.record_json import dumps, record_json
from tui.record import Error, Record, Span
from tui.story.bundle import json_text, trace_json
from tui.story.timeline import Story, build

T0_NS = 1_795_442_529_000_000_000
MS = 1_000_000
PLACE = ("source", "offset", "line")
"""Where a record or span is from is another place now."""


def saved(*, spans: bool = True) -> Story:
    trace = "7f" * 16
    measured = [
        Span("a1" * 8, "POST /orders", T0_NS, T0_NS + 1_300 * MS, service="edge", trace_id=trace),
        Span(
            "b2" * 8,
            "charge",
            T0_NS + 40 * MS,
            T0_NS + 1_200 * MS,
            service="payment",
            trace_id=trace,
            parent_span_id="a1" * 8,
            status="error",
            error=Error("PaymentDeclined", "declined"),
        ),
    ]
    return build(records_from(LINES), measured if spans else ())


def again(story: Story, data: bytes) -> dict[str, Any]:
    records = read(data)
    return trace_json(build(records, ids=story.ids))


def without_place(told: dict[str, Any]) -> dict[str, Any]:
    parts = {
        name: [{key: value for key, value in one.items() if key not in PLACE} for one in told[name]]
        for name in ("spans", "records")
    }
    return {**told, **parts}


@pytest.mark.parametrize("spans", [True, False])
@pytest.mark.parametrize("write", [on_one_line, laid_out])
def test_a_saved_story_is_told_again(spans: bool, write: Any) -> None:
    story = saved(spans=spans)
    first = json.loads(json_text(story))
    assert without_place(again(story, write(first))) == without_place(trace_json(story))


def test_the_records_of_a_query_are_records_again() -> None:
    story = saved(spans=False)
    lines = b"".join(dumps(record_json(record)) + b"\n" for record in story.records)
    assert without_place(again(story, lines)) == without_place(trace_json(story))


@given(st.lists(RECORDS, max_size=6), st.lists(SPANS, max_size=5))
@settings(max_examples=60, deadline=None)
def test_whatever_was_saved_can_be_read(records: list[Record], spans: list[Span]) -> None:
    story = build(records, spans)
    found = read(json_text(story).encode())
    # of a story that holds nothing to tell the object itself is shown
    assert not story.records or len([one for one in found if one.span is None]) == len(story.records)


@pytest.mark.parametrize("value", [None, 1, "x", [], {}, [1], {"kind": 1}])
def test_odd_members_make_no_fault(value: object) -> None:
    whole: dict[str, Any] = json.loads(json_text(saved()))
    for name in ("spans", "records", "errors", "gaps", "incomplete"):
        assert read(on_one_line({**whole, name: [value] if not isinstance(value, list) else value}))
    for key in whole["records"][0]:
        odd = [{**whole["records"][0], key: value}]
        assert read(on_one_line({**whole, "records": odd, "spans": []}))
