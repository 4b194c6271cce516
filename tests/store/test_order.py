"""Several sources read as one sequence, both ways, from anywhere, with and without a filter on bytes."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.record import Record
from tui.store.needles import Block
from tui.store.order import (
    FIRST_SWEEP_BYTES,
    SWEEP_BYTES,
    Accepts,
    Entry,
    Key,
    Sieve,
    Spots,
    backward,
    forward,
    offset_of_time,
    sweeps,
)


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

    def piece(self, offset: int) -> tuple[int, int]:
        return 0, self.end

    def candidates(self, start: int, stop: int, spots: Spots, accepts: Accepts | None = None) -> tuple[Entry, ...]:
        if spots is not None and not any(start <= at < stop for at in spots):
            return ()
        return tuple(one for one in self.page(start, stop).entries if spots is None or one.offset in spots)

    def lines(self, start: int, stop: int) -> int:
        return stop - start

    def spots(self, start: int, stop: int, sieve: Sieve) -> Spots:
        found = sieve.spots(bytes(time % 10 for time in self.times[start:stop]), stop - start)
        return None if found is None else [start + at for at in found]

    def lines_and_spots(self, start: int, stop: int, sieve: Sieve) -> tuple[int, Spots]:
        return self.lines(start, stop), self.spots(start, stop, sieve)

    def time_at(self, offset: int) -> int | None:
        return self.times[offset] if offset < self.end else None

    def latest_ns(self, offset: int) -> int | None:
        return max(self.times[:offset], default=None)


class Byte:
    """Looks for one byte, and tells places apart while they are few."""

    def __init__(self, value: int, most: int = 1 << 20) -> None:
        self.value = value
        self.most = most

    def may_match(self, lines: bytes) -> bool:
        return self.value in lines

    def spots(self, data: Block, size: int) -> Spots:
        found = [at for at in range(size) if data[at] == self.value]
        return found if len(found) <= self.most else None

    def disguises(self, _data: Block, _size: int) -> Spots:
        return []

    @property
    def unlike(self) -> None:
        return None


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


@settings(max_examples=60)
@given(st.lists(TIMES, min_size=1, max_size=3), st.integers(0, 9), st.sampled_from([0, 2, 1000]))
def test_what_a_sieve_finds_comes_in_the_same_order_as_everything(
    all_times: list[list[int]], value: int, most: int
) -> None:
    tracks = [ListTrack(number, times) for number, times in enumerate(all_times)]
    expected = [key for key in keys(forward(tracks)) if key[0] % 10 == value]
    sieve = Byte(value, most)
    # where there are too many places to tell apart, all are looked at
    assert [key for key in keys(forward(tracks, None, sieve)) if key[0] % 10 == value] == expected
    assert [key for key in keys(backward(tracks, None, sieve)) if key[0] % 10 == value] == expected[::-1]


class LongTrack(ListTrack):
    """Ten sweeps long, all of it from one moment; something is found in its eighth byte."""

    @property
    def end(self) -> int:
        return 10 * SWEEP_BYTES

    def spots(self, start: int, stop: int, sieve: Sieve) -> Spots:
        return [7] if start <= 7 < stop else []

    def time_at(self, offset: int) -> int | None:
        return 0


def test_where_nothing_can_match_no_page_is_read_but_how_far_the_scan_is_is_said() -> None:
    track = LongTrack(0, [0] * 9)
    items = list(backward([track], None, Byte(7)))
    assert [entry.offset for entry in items if entry.record is not None] == [7]
    assert track.pages == 1
    horizons = [entry.offset for entry in items if entry.record is None]
    assert horizons == sorted(horizons, reverse=True)
    assert horizons[0] > 9 * SWEEP_BYTES
    assert all(before - behind <= 2 * SWEEP_BYTES for before, behind in itertools.pairwise(horizons))


@pytest.mark.parametrize("back", [True, False])
def test_what_is_near_is_looked_through_in_small_steps_and_the_rest_in_the_same_ones_however_long_it_is(
    back: bool,
) -> None:
    track = LongTrack(0, [])
    found = list(sweeps(track, 0, track.end, back=back))
    sizes = [stop - start for start, stop in found]
    assert sizes[0] <= FIRST_SWEEP_BYTES
    assert max(sizes) <= SWEEP_BYTES
    assert len(found) < 20
    if back:
        longer = list(sweeps(track, 0, track.end - SWEEP_BYTES // 2, back=True))
        assert len(set(found) - set(longer)) < 8


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 20))
def test_sweeps_cover_what_they_are_asked_for_and_keep_to_blocks(offset: int, end: int, most: int) -> None:
    track = ListTrack(0, range(40))
    on, back = (
        list(sweeps(track, offset // 3 * 3, end, back=False, most=most)),
        list(sweeps(track, offset, end, back=True, most=most)),
    )
    for found in (on, back[::-1]):
        assert all(stop == start for (_, stop), (start, _) in itertools.pairwise(found))
        assert {at for start, stop in found for at in range(start, stop)} >= set(range(offset, end))
        assert all(start % 3 == 0 and stop - start <= max(most, 3) for start, stop in found)


def test_a_time_is_found_by_halving() -> None:
    track = ListTrack(0, [time * 10 for time in range(1000)])
    assert offset_of_time(track, 5000) in range(495, 501)
    assert offset_of_time(track, 0) == 0
    assert offset_of_time(track, 10**9) >= 996
