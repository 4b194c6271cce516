"""Several sources as one sequence in time, without an index: iterators over pages, merged lazily both ways.

A place in the sequence is a key (time, number of the source, offset). A scan that leaves pages out because they cannot
hold a match still yields a horizon for each: how far it has come, so that the merge never waits for one source.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple, Protocol

from tui.record import Record

Key = tuple[int, int, int]
MayMatch = Callable[[bytes], bool]
"""Whether bytes may hold a match; says yes too often rather than too seldom."""


FEW_TRACKS: Final = 8
"""Of more sources than these, not all are read to find the newest records before a place."""
NEWEST_BYTES: Final = 8 << 10
"""Read first of each of many sources, and then more and more: of few of them more is wanted."""


class Entry(NamedTuple):
    """A record with its place in the order of all sources, or a horizon when it has no record."""

    time_ns: int
    track: int
    offset: int
    record: Record | None

    @property
    def key(self) -> Key:
        return self.time_ns, self.track, self.offset


class Page(Protocol):
    @property
    def entries(self) -> tuple[Entry, ...]: ...


class Bytes(Protocol):
    @property
    def first(self) -> int: ...
    @property
    def end(self) -> int: ...
    def bounds(self, offset: int) -> tuple[int, int]: ...


class Track(Protocol):
    """A source as pages in the order of its bytes."""

    number: int

    @property
    def blocks(self) -> Bytes: ...
    def page(self, start: int, stop: int) -> Page: ...
    def candidates(self, start: int, stop: int, may_match: MayMatch) -> tuple[Entry, ...]: ...
    def extent(self, start: int, stop: int) -> bytes: ...
    def time_at(self, offset: int) -> int | None: ...
    def latest_ns(self, offset: int) -> int | None: ...


def backward(tracks: Sequence[Track], before: Key | None = None, may_match: MayMatch | None = None) -> Iterator[Entry]:
    """Entries before a place, newest first; from the end without one."""
    return heapq.merge(*(_back(track, before, may_match, len(tracks)) for track in tracks), key=_key, reverse=True)


def forward(tracks: Sequence[Track], after: Key | None = None, may_match: MayMatch | None = None) -> Iterator[Entry]:
    """Entries behind a place, oldest first; from the start without one."""
    return heapq.merge(*(_on(track, after, may_match) for track in tracks), key=_key)


def _key(entry: Entry) -> Key:
    return entry[:3]


def _back(track: Track, before: Key | None, may_match: MayMatch | None, tracks: int) -> Iterator[Entry]:
    end = track.blocks.end
    offset = end if before is None else min(end, _block_of(track, before)[1])
    size = 0
    if may_match is None and tracks > FEW_TRACKS:
        size = NEWEST_BYTES
        at = offset if before is None else _stretch_of(track, before)
        offset = min(offset, at + (size if before is not None else 0))
        if (time_ns := track.latest_ns(at)) is not None:
            # only those are read whose records are among the nearest of all
            yield Entry(time_ns if before is None else min(time_ns, before[0]), track.number, offset, None)
    near = before is not None
    while offset > track.blocks.first:
        start, stop = track.blocks.bounds(offset - 1)
        if start >= offset:
            break
        stop = min(stop, end, offset)
        if size:
            start, size = max(start, stop - size), 4 * size if start < stop - size else 0
        if may_match is None or may_match(track.extent(start, stop)):
            entries = _entries(track, start, stop, may_match)
            if near and before is not None:
                # only around the place itself: an unsorted source must not lose records far from it
                kept = tuple(entry for entry in entries if entry[:3] < before)
                near, entries = len(kept) < len(entries), kept
            yield from reversed(entries)
        yield _horizon(track, start, before)
        offset = start


def _on(track: Track, after: Key | None, may_match: MayMatch | None) -> Iterator[Entry]:
    offset = track.blocks.first if after is None else _block_of(track, after, earlier=True)[0]
    near = after is not None
    while offset < track.blocks.end:
        start, stop = track.blocks.bounds(offset)
        if stop <= offset:
            break
        if may_match is None or may_match(track.extent(start, stop)):
            entries = _entries(track, start, stop, may_match)
            if near and after is not None:
                kept = tuple(entry for entry in entries if entry[:3] > after)
                near, entries = len(kept) < len(entries), kept
            yield from entries
        offset = stop
        if offset < track.blocks.end:
            yield _horizon(track, offset, after)


def _entries(track: Track, start: int, stop: int, may_match: MayMatch | None) -> tuple[Entry, ...]:
    return track.page(start, stop).entries if may_match is None else track.candidates(start, stop, may_match)


def _horizon(track: Track, offset: int, default: Key | None) -> Entry:
    time_ns = track.time_at(offset)
    if time_ns is None:
        time_ns = default[0] if default else 0
    return Entry(time_ns, track.number, offset, None)


def _block_of(track: Track, key: Key, *, earlier: bool = False) -> tuple[int, int]:
    """Bounds of the last block that begins at or before a place; strictly before its time when the earlier is asked."""
    blocks = track.blocks
    if key[1] == track.number:
        return blocks.bounds(key[2])
    low, high = blocks.first, blocks.end
    best = blocks.bounds(low)
    while low < high:
        start, stop = blocks.bounds((low + high) // 2)
        time_ns = track.time_at(start)
        if time_ns is not None and (time_ns >= key[0] if earlier else time_ns > key[0]):
            high = start
        else:
            best = start, stop
            low = max(stop, low + 1)
    return best


def _stretch_of(track: Track, key: Key) -> int:
    """An offset at most a stretch behind a place, in the block that holds it."""
    low, high = _block_of(track, key)
    if key[1] == track.number:
        return min(high, key[2] + NEWEST_BYTES)
    while high - low > NEWEST_BYTES:
        middle = (low + high) // 2
        time_ns = track.time_at(middle)
        if time_ns is not None and time_ns > key[0]:
            high = middle
        else:
            low = middle
    return high


def offset_of_time(track: Track, time_ns: int) -> int:
    """The start of the block in which a sorted source passes this time."""
    return _block_of(track, (time_ns, -1, 0), earlier=True)[0]
