"""Clocks that are off are found where callers and called prove it, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.story.telling import MS, T0_NS, records_from
from tui.record import Span
from tui.story.skew import LEAST_NS, Skew
from tui.story.timeline import build


def span(
    service: str, start_ms: float, end_ms: float | None, parent: str | None = None, *, name: str = "", **more: Any
) -> Span:
    """A span of a service, with that name for an id unless it is given another."""
    ends = None if end_ms is None else T0_NS + round(end_ms * MS)
    return Span(
        name or service, service, T0_NS + round(start_ms * MS), ends, service, "a" * 32, parent, source=f"{service}.log",
        **more,
    )  # fmt: skip


def skews(*spans: Span) -> dict[str, float]:
    return {one.source: one.shift_ns / MS for one in build([], spans).skews}


def test_a_clock_behind_that_of_the_caller_is_found_in_the_middle_of_what_is_possible() -> None:
    # 100 ms of work within 200 ms of a call: it began 0 to 100 ms after that
    assert skews(span("gateway", 0, 200), span("payment", -1000, -900, "gateway")) == {"payment.log": 1050}


def test_clocks_in_step_are_left_alone() -> None:
    assert skews(span("gateway", 0, 200), span("payment", 50, 150, "gateway")) == {}
    assert skews(span("gateway", 0, 200), span("payment", -2, 150, "gateway")) == {}


def test_what_begins_after_its_caller_may_have_come_through_a_queue() -> None:
    assert skews(span("gateway", 0, 200), span("mail", 5000, 5100, "gateway")) == {}


def test_a_server_that_answers_before_it_ends_has_a_clock_ahead() -> None:
    ahead = span("payment", 5000, 5100, "gateway", attributes={"span.kind": "SERVER"})
    assert skews(span("gateway", 0, 200), ahead) == {"payment.log": -4950}


def test_a_correction_carries_on_to_what_was_called_from_there() -> None:
    told = skews(span("gateway", 0, 100), span("cart", -1000, -900, "gateway"), span("stock", -5000, -4900, "cart"))
    assert told == {"cart.log": 1000, "stock.log": 5000}


def test_callers_that_contradict_each_other_prove_nothing() -> None:
    told = skews(
        span("gateway", 0, 100),
        span("cart", -1000, -900, "gateway"),
        span("gateway", 5000, 5100, name="second"),
        span("cart", 5100, 5200, "second", name="cart-2", attributes={"span.kind": "server"}),
    )
    assert told == {}


def test_a_guess_from_the_times_is_no_proof() -> None:
    assert build(records_from(["0 a INFO x started", "500 b INFO y started", "900 a INFO x completed"])).skews == ()


def test_lines_before_the_front_has_heard_of_the_request_are_those_of_a_clock_behind() -> None:
    story = build(
        records_from(
            [
                "-800 cart INFO loading cart",
                "-790 cart INFO cart loaded",
                "0 gateway INFO GET /cart started",
                "90 gateway INFO GET /cart completed",
            ]
        )
    )
    assert story.skews == (Skew("cart.log", 800 * MS, "gateway.log"),)
    assert story.skews[0].text == "the clock of cart.log is 800 ms behind that of gateway.log"


def test_a_front_that_only_tells_how_it_ended_proves_nothing() -> None:
    story = build(
        records_from(["-800 cart INFO loading cart", "-790 cart INFO cart loaded", "0 gateway INFO GET /cart 200"])
    )
    assert story.skews == ()


TIMES = st.integers(-3000, 3000)


@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), TIMES, st.integers(0, 500), st.sampled_from([None, *"abcd"])), max_size=8
    )
)
def test_whatever_the_spans_a_shift_is_worth_a_word_or_none(
    given_spans: list[tuple[str, int, int, str | None]],
) -> None:
    story = build([], [span(name, start, start + length, parent) for name, start, length, parent in given_spans])
    assert all(abs(one.shift_ns) >= LEAST_NS and one.source != one.against for one in story.skews)


@pytest.mark.parametrize("open_one", ["gateway", "payment"])
def test_what_is_still_open_has_no_end_to_compare(open_one: str) -> None:
    ends = {"gateway": 200.0, "payment": -900.0, open_one: None}
    told = skews(span("gateway", 0, ends["gateway"]), span("payment", -1000, ends["payment"], "gateway"))
    assert told == {"payment.log": 1000}
