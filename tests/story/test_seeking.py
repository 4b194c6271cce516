"""Places of a story to go to, round and round in both directions."""

from __future__ import annotations

from tests.story.test_page import story
from tui.story.findings import Gap
from tui.story.rows import Row
from tui.story.seeking import (
    is_error,
    is_gap,
    next_place,
    place_ref,
    places,
    says,
    slowest,
    unfolded_for,
)
from tui.story.timeline import Story


def refs(made: Story, **more: bool) -> list[object]:
    return [place_ref(place) for place in places(made)]


def test_places_are_the_rows_then_records_with_gaps_where_they_belong() -> None:
    made = story()
    kinds = [type(place).__name__ for place in places(made)]
    assert kinds[: len(made.rows)] == ["Row"] * len(made.rows)
    assert kinds[len(made.rows) :].count("Record") == len(made.records)
    assert [place for place in places(made) if isinstance(place, Gap)] == list(made.gaps)
    assert made.gaps


def test_errors_are_gone_through_in_both_directions_and_round() -> None:
    made = story()
    every = places(made)
    wanted = [place_ref(place) for place in every if is_error(place)]
    assert len(wanted) >= 5, "two rows and three lines"
    seen: list[object] = []
    ref: object = None
    for _ in wanted:
        place = next_place(every, ref, is_error, back=False)
        assert place is not None
        ref = place_ref(place)
        seen.append(ref)
    assert seen == wanted
    assert place_ref(next_place(every, ref, is_error, back=False) or made.gaps[0]) == wanted[0]
    assert place_ref(next_place(every, wanted[0], is_error, back=True) or made.gaps[0]) == wanted[-1]


def test_from_a_line_of_a_stack_the_next_one_is_below_its_record() -> None:
    made = story()
    every = places(made)
    key = made.records[4].key
    place = next_place(every, (*key, 17), is_error, back=False)
    assert place is not None
    assert place_ref(place) == made.records[6].key


def test_the_next_gap() -> None:
    made = story()
    assert next_place(places(made), made.rows[0].row_id, is_gap, back=False) == made.gaps[0]


def test_a_text_is_found_in_rows_and_lines_in_any_case_unless_it_has_capitals() -> None:
    made = story()
    found = [place for place in places(made) if says("declined")(place)]
    assert len(found) == 2
    assert not [place for place in places(made) if says("DECLINED")(place)]
    assert [place.service for place in places(made) if isinstance(place, Row) and says("charge")(place)] == ["payment"]


def test_the_slowest_work_first_and_each_once() -> None:
    made = story()
    ref: object = None
    times: list[int] = []
    for _ in made.rows:
        row = slowest(made.rows, ref)
        assert row is not None
        ref = row.row_id
        times.append(row.self_ns)
    assert times == sorted(times, reverse=True)
    assert slowest((), None) is None


def test_a_row_is_brought_into_sight_by_unfolding_what_it_is_below() -> None:
    made = story()
    root, below = made.rows[0], made.rows[1]
    assert below.parent == root.row_id
    assert unfolded_for(made.rows, below.row_id, {root.row_id, "other"}) == {"other"}
    assert unfolded_for(made.rows, root.row_id, {root.row_id}) == {root.row_id}
