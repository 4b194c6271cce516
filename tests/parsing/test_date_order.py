from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.parsing.date_order import order_of
from tui.parsing.parser import Parser
from tui.parsing.timestamps import parse_time
from tui.record import LineGroup


@pytest.mark.parametrize(
    ("lines", "order"),
    [
        ("03/04/2026 10:00:00", ""),
        ("03/04/2026 10:00:00\n13/04/2026 10:00:00", "dmy"),
        ("03/04/2026 10:00:00\n04/13/2026 10:00:00", "mdy"),
        ("[03/04/2026 10:00:00]\n[04/04/2026 10:00:00]\n[05/04/2026 10:00:00]", ""),
        ("30/04/2026 10:00:00\n01/05/2026 10:00:00", "dmy"),
        ("01/02/2026 10:00:00\n02/02/2026 10:00:00\n01/03/2026 10:00:00", "dmy"),
        ("01-25-26 10:00:00", "mdy"),
        ("26/11/29 10:00:00\n26/12/01 10:00:00", "ymd"),
        ("no date at all", ""),
        ("", ""),
    ],
)
def test_many_dates_tell_the_order_that_one_does_not(lines: str, order: str) -> None:
    assert order_of(lines.encode().split(b"\n")) == order


def test_a_date_that_could_be_two_is_read_as_the_source_writes_them() -> None:
    lines = [b"13/04/2026 10:00:00 INFO a", b"14/04/2026 10:00:00 INFO b", b"03/05/2026 10:00:00 INFO c"]
    parser = Parser("s")
    parser.learn(lines, reference_ns=None)
    record = parser.record(LineGroup("s", 0, (lines[2],)))
    assert record.time_ns == parse_time("2026-05-03T10:00:00Z")


@given(
    st.lists(
        st.from_regex(rb"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}[ T:]{0,2}[0-9:]{0,8}", fullmatch=True), max_size=8
    )
)
def test_no_numbers_raise(lines: list[bytes]) -> None:
    assert order_of(lines) in ("", "ymd", "mdy", "dmy")
