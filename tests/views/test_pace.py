"""When frames are due, and what is drawn of a flood."""

from __future__ import annotations

from tests.views.driver import NOW_NS
from tui.query.results import Notice, Row
from tui.views.pace import ALL_PER_S, SOME_PER_S, Flood, FramePace
from tui.views.skim import Skim

SCREENFUL = 40


def rows(first: int, count: int) -> list[Row]:
    return [Notice(NOW_NS + number, number, "skipped") for number in range(first, first + count)]


def test_after_a_quiet_time_a_frame_is_due_at_once_and_the_next_one_waits() -> None:
    pace = FramePace(10)
    assert pace.wait_s(5.0) == 0
    pace.drawn(5.0)
    assert 0.05 < pace.wait_s(5.04) < 0.061
    assert pace.wait_s(5.2) == 0


def test_a_limit_makes_frames_rarer_never_more_frequent_and_can_be_lifted() -> None:
    pace = FramePace(10)
    pace.drawn(0.0)
    pace.limit(2)
    assert pace.wait_s(0.0) == 0.5
    pace.limit(60)
    assert pace.wait_s(0.0) == 0.1
    pace.limit(2)
    pace.limit(None)
    assert pace.wait_s(0.0) == 0.1


def test_what_can_be_read_is_all_drawn() -> None:
    flood = Flood()
    assert all(flood.draw(ALL_PER_S // 20, SCREENFUL, 0.1 * number) is None for number in range(200))


def test_a_limit_makes_a_flood_of_less() -> None:
    flood, drawn = Flood(), 0
    flood.limit(10)
    for number in range(300):
        drawn += flood.draw(ALL_PER_S // 20, SCREENFUL, 0.1 * number) or 0
    assert 250 < drawn < 350


def test_a_burst_of_any_size_is_no_flood() -> None:
    flood = Flood()
    assert flood.draw(100_000, SCREENFUL, 0.0) is None
    assert flood.draw(100_000, SCREENFUL, 1.0) is None


def test_of_a_flood_only_some_rows_are_drawn_at_a_steady_rate() -> None:
    flood = Flood()
    drawn = [flood.draw(200, SCREENFUL, 0.1 * number) for number in range(200)]
    some = [count for count in drawn if count is not None]
    assert len(some) > 190
    assert all(some)
    assert abs(sum(some) / (len(some) * 0.1) - SOME_PER_S) < SOME_PER_S * 0.3


def test_a_flood_ends_when_few_come() -> None:
    flood = Flood()
    for number in range(20):
        flood.draw(200, SCREENFUL, 0.1 * number)
    after = [flood.draw(1, SCREENFUL, 2.0 + 0.1 * number) for number in range(20)]
    assert after[0] == 1
    assert after[-1] is None


def test_the_newest_rows_join_those_in_sight_and_a_gap_is_marked_as_long_as_it_is_seen() -> None:
    before = rows(0, 5)
    skim = Skim(before, 5)
    newest = rows(98, 2)
    skim.add(newest, 95)
    assert skim.rows == [*before[2:], *newest]
    assert skim.torn == {newest[0].key}
    assert skim.one_in == 48
    following = rows(100, 4)
    skim.add(following, 4)
    assert skim.rows == [newest[1], *following]
    assert skim.torn == set()
