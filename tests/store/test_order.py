"""Several sources read as one sequence, both ways, from anywhere, with and without a filter on bytes."""

from __future__ import annotations

import random
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from tui.record import Record
from tui.store.order import Entry, Key, MayMatch, backward, forward, offset_of_time


class Page:
    def __init__(self, entries: tuple[Entry, ...]) -> None:
        self.entries = entries


class ListTrack:
    """A track whose records are one byte each, in blocks of three; the byte at an offset is its time modulo 10."""

    def __init__(self, number: int, times: Sequence[int]) -> None:
        self.number = number
        self.times = times
        self.blocks = self
        self.pages = 0

    first = 0

    @property
    def end(self) -> int:
        return len(self.times)

    def bounds(self, offset: int) -> tuple[int, int]:
        start = offset // 3 * 3
        return start, min(start + 3, self.end)

    def page(self, start: int, stop: int) -> Page:
        self.pages += 1
        records = [Entry(self.times[at], self.number, at, Record("s", at, "", "")) for at in range(start, stop)]
        return Page(tuple(sorted(records, key=lambda one: one[:3])))

    def candidates(self, start: int, stop: int, may_match: MayMatch) -> tuple[Entry, ...]:
        return tuple(one for one in self.page(start, stop).entries if may_match(bytes([one.time_ns % 10])))

    def extent(self, start: int, stop: int) -> bytes:
        return bytes(time % 10 for time in self.times[start:stop])

    def time_at(self, offset: int) -> int | None:
        return self.times[offset] if offset < self.end else None

    def latest_ns(self, offset: int) -> int | None:
        return max(self.times[:offset], default=None)


def keys(entries: object) -> list[Key]:
    return [entry.key for entry in entries if entry.record is not None]  # type: ignore[attr-defined]


TIMES = st.lists(st.integers(0, 50), max_size=30).map(sorted)


@given(st.lists(TIMES, min_size=1, max_size=4) | st.lists(TIMES, min_size=9, max_size=12))
def test_forward_and_backward_give_every_record_in_order(all_times: list[list[int]]) -> None:
    tracks = [ListTrack(number, times) for number, times in enumerate(all_times)]
    expected = sorted((time, track.number, at) for track in tracks for at, time in enumerate(track.times))
    assert keys(forward(tracks)) == expected
    assert keys(backward(tracks)) == expected[::-1]


@settings(max_examples=60)
@given(st.lists(TIMES, min_size=1, max_size=3), st.data())
def test_from_any_place_the_two_ways_share_out_all_records(all_times: list[list[int]], data: st.DataObject) -> None:
    tracks = [ListTrack(number, times) for number, times in enumerate(all_times)]
    expected = sorted((time, track.number, at) for track in tracks for at, time in enumerate(track.times))
    if not expected:
        return
    place = data.draw(st.sampled_from(expected))
    assert keys(backward(tracks, place)) == [key for key in reversed(expected) if key < place]
    assert keys(forward(tracks, place)) == [key for key in expected if key > place]


def test_reading_the_end_touches_few_pages() -> None:
    track = ListTrack(0, range(30_000))
    newest = backward([track])
    assert next(newest).key == (29_999, 0, 29_999)
    assert track.pages == 1


def test_an_unsorted_source_loses_nothing_read_from_its_ends() -> None:
    shuffled = list(range(60))
    random.Random(5).shuffle(shuffled)
    track = ListTrack(0, shuffled)
    assert sorted(keys(forward([track]))) == sorted((time, 0, at) for at, time in enumerate(shuffled))
    assert sorted(keys(backward([track]))) == sorted((time, 0, at) for at, time in enumerate(shuffled))


def test_pages_that_cannot_match_are_left_out_and_say_how_far_the_scan_is() -> None:
    track = ListTrack(0, range(300))
    items = list(backward([track], None, lambda data: 7 in data))
    assert [entry.time_ns for entry in items if entry.record is not None and entry.time_ns % 10 == 7] == list(
        range(297, 0, -10)
    )
    assert track.pages < 35
    horizons = [entry.time_ns for entry in items if entry.record is None]
    assert horizons == sorted(horizons, reverse=True)
    assert len(horizons) == 100


def test_a_time_is_found_by_halving() -> None:
    track = ListTrack(0, [time * 10 for time in range(1000)])
    assert offset_of_time(track, 5000) in range(495, 501)
    assert offset_of_time(track, 0) == 0
    assert offset_of_time(track, 10**9) >= 996
