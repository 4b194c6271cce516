"""Each offset is reported as new exactly once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.pipeline.stretches import MOST, Stretches


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=20))
def test_what_is_new_is_told_once_and_wholly(stretches: list[tuple[int, int]]) -> None:
    known, held = set[int](), Stretches()
    for start, stop in stretches:
        told = [at for low, high in held.add(start, stop) for at in range(low, high)]
        assert sorted(told) == sorted(set(range(start, stop)) - known)
        known |= set(range(start, stop))


def test_very_many_stretches_are_joined_from_the_oldest_on() -> None:
    held = Stretches()
    for number in range(MOST + 10):
        held.add(3 * number, 3 * number + 1)
    assert held.add(1, 2) == [], "a gap among the oldest counts as looked at"
    newest = 3 * (MOST + 9)
    assert held.add(newest - 2, newest) == [(newest - 2, newest)]
    assert held.add(0, newest + 10) != []
