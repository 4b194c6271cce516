"""Why a line is part of a request is told link by link, back to what was asked for."""

from __future__ import annotations

from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st

from tests.story.test_links import R1, T1, T2, gathered, record
from tui.record import Id, Record
from tui.story.links import Request
from tui.story.why import told

LOW = T1[16:]


def words(request: Request, one: Record, world: list[Record]) -> str:
    why = request.why(one)
    assert why is not None
    return told(why, {other.key: other for other in world}.get, UTC)


def test_a_line_is_linked_over_every_record_between_it_and_what_was_asked_for() -> None:
    world = [
        record(0, ("trace", T1), source="pay.log"),
        record(1, ("trace", T1), ("request", R1), source="gateway.log", time_ns=1_000_000_000),
        record(2, ("request", R1), ("job", "job-884422"), source="queue.log"),
        record(3, ("job", "job-884422"), source="worker.log"),
    ]
    request = Request([Id("trace", T1)])
    assert gathered(request, world) == {0, 1, 2, 3}
    assert words(request, world[0], world) == "here by trace 4bf9…36, which was asked for"
    assert words(request, world[3], world) == (
        "here by job job-884422 · linked to request f47a…79 by queue.log at 00:00:00.000"
        " · linked to trace 4bf9…36 by gateway.log at 00:00:01.000"
    )


def test_the_number_of_a_line_is_told_where_it_is_known() -> None:
    link = record(7, ("trace", T1), ("request", R1), source="gateway.log")
    world = [link, record(8, ("request", R1))]
    request = Request([Id("trace", T1)])
    gathered(request, world)
    why = request.why(world[1])
    assert why is not None
    counted = Record("gateway.log", 7, "", "", line=12_345)
    assert told(why, lambda _: counted, UTC).endswith("by gateway.log line 12,345")
    assert told(why, lambda _: None, UTC).endswith("by gateway.log byte 7")


def test_both_widths_of_a_trace_are_one_link() -> None:
    world = [
        record(0, ("trace", T1)),
        record(1, ("trace", LOW), ("request", R1), source="datadog.log"),
        record(2, ("request", R1)),
    ]
    request = Request([Id("trace", T1)])
    assert gathered(request, world) == {0, 1, 2}
    assert words(request, world[1], world).startswith("here by ")
    assert (
        words(request, world[2], world)
        == "here by request f47a…79 · linked to trace 4bf9…36 by datadog.log at 00:00:00.000"
    )


def test_ids_in_the_text_and_short_ones_near_by_say_so() -> None:
    world = [
        record(0, ("trace", T1), ("request", "req-7")),
        record(1, raw=f"retrying {T1}"),
        record(2, ("request", "req-7")),
    ]
    request = Request([Id("trace", T1)])
    assert gathered(request, world) == {0, 1, 2}
    assert words(request, world[1], world) == "here by trace 4bf9…36 in its text, which was asked for"
    assert words(request, world[2], world) == "here by request req-7, near in time"


def test_what_does_not_belong_has_no_reason() -> None:
    request = Request([Id("trace", T1)])
    assert request.why(record(0, ("trace", T2))) is None


VALUES = [
    ("trace", T1),
    ("trace", LOW),
    ("trace", T2),
    ("request", R1),
    ("job", "job-884422"),
    ("correlation", "corr-99118822"),
]


@given(
    st.lists(st.lists(st.sampled_from(VALUES), min_size=1, max_size=3, unique=True), max_size=12),
    st.sampled_from(VALUES),
)
def test_every_line_that_belongs_has_a_way_back_to_what_was_asked_for(
    lines: list[list[tuple[str, str]]], seed: tuple[str, str]
) -> None:
    world = [record(at, *ids) for at, ids in enumerate(lines)]
    request = Request([Id(*seed)])
    for one in world:
        if one.offset in gathered(request, world):
            why = request.why(one)
            assert why is not None
            known = {other.key for other in world}
            assert all(step.via in known for step in why.steps)
            assert len({step.id for step in why.steps}) == len(why.steps)
            # half a trace id that was asked for is told whole once it is known
            assert not why.steps or why.steps[-1].id.value[-16:] in {told.value[-16:] for told in request.ids}
