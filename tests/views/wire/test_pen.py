"""Pens and the ways between them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.views.wire.pen import PLAIN, Pen, after, turn

CODES = ["0", "", "1", "3", "4", "7", "22", "24", "27", "39", "49", "31", "97", "44", "38;5;200", "48;2;1;2;3", "1;31"]
pens = st.lists(st.sampled_from(CODES), max_size=5).map(lambda codes: after(PLAIN, ";".join(codes)))


@given(pens, pens)
def test_the_way_from_one_pen_to_another_leads_there(old: Pen, new: Pen) -> None:
    way = turn(old, new)
    assert (after(old, way[2:-1]) if way else old) == new


@given(pens, pens)
def test_from_an_unknown_pen_the_way_leads_there_from_any(any_pen: Pen, new: Pen) -> None:
    assert after(any_pen, turn(None, new)[2:-1]) == new


def test_only_what_differs_is_said() -> None:
    ground = Pen("38;2;1;1;1", "48;2;9;9;9")
    assert turn(ground, ground._replace(foreground="31")) == "\x1b[31m"
    assert turn(ground, ground) == ""


@pytest.mark.parametrize("codes", ["38", "38;2;1;2", "38;9;1", "58;5;1", "75"])
def test_codes_that_are_not_known_are_not_guessed(codes: str) -> None:
    assert after(PLAIN, codes) is None
