"""What the bars of a waterfall show: never outside the story, never nothing, and back again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.story.window import LEAST_NS, Window, panned, zoomed

WHOLE = Window(1_000_000_000, 2_000_000_000)
MOVES = st.lists(st.sampled_from(["closer", "farther", "earlier", "later"]), max_size=60)


def test_closer_is_half_about_a_moment_and_farther_is_all_again() -> None:
    close = zoomed(WHOLE, None, 1_600_000_000, closer=True)
    assert close == Window(1_350_000_000, 1_850_000_000)
    assert zoomed(WHOLE, close, 1_600_000_000, closer=False) is None


def test_at_the_edge_the_window_stays_within_the_story() -> None:
    assert zoomed(WHOLE, None, 1_990_000_000, closer=True) == Window(1_500_000_000, 2_000_000_000)


def test_a_quarter_earlier_and_later_and_no_further_than_the_ends() -> None:
    window = Window(1_500_000_000, 1_900_000_000)
    assert panned(WHOLE, window, -1) == Window(1_400_000_000, 1_800_000_000)
    assert panned(WHOLE, window, 1) == Window(1_600_000_000, 2_000_000_000)
    assert panned(WHOLE, None, 1) is None


@given(st.integers(1, 10**12), MOVES, st.integers(-(10**12), 2 * 10**12))
def test_whatever_is_pressed_a_part_of_the_story_is_seen(length: int, moves: list[str], at_ns: int) -> None:
    whole = Window(0, length)
    window: Window | None = None
    for move in moves:
        if move in ("closer", "farther"):
            window = zoomed(whole, window, at_ns, closer=move == "closer")
        else:
            window = panned(whole, window, -1 if move == "earlier" else 1)
        if window is not None:
            assert 0 <= window.low_ns < window.high_ns <= length
            assert min(LEAST_NS, length) <= window.length_ns < length
