"""Several sources as one sequence in time, without an index: iterators over pages, merged lazily both ways.

A place in the sequence is a key (time, number of the source, offset). A scan that leaves pages out because they cannot
hold a match still yields a horizon for each: how far it has come, so that the merge never waits for one source.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from tui.framing import GROUP_REACH_BYTES
from tui.record import Record
from tui.store.needles import Block
from tui.typed import Final, NamedTuple, Protocol

Key = tuple[int, int, int]
Accepts = Callable[[Record], bool]
Spots = list[int] | None
"""Offsets of lines in which something was found, in order; None for so many that they were not told apart."""
SWEEP_BYTES: Final = 8 << 20
"""So much is looked through by one thread: handing over less takes a good part of the time that it takes."""
FIRST_SWEEP_BYTES: Final = 256 << 10
"""What is near is looked through in smaller steps, since somebody may want no more than that."""
_GROWTH: Final = 4
SILENT_SWEEPS: Final = 2
"""After so many in which nothing was found, how far the scan has come is said."""
_FOR_EVER: Final = 1 << 62


class Sieve(Protocol):
    """A cheap test on bytes that says yes too often rather than too seldom."""

    def may_match(self, lines: bytes) -> bool:
        """Whether the lines of a record may be those of a match."""

    def spots(self, data: Block, size: int) -> Spots:
        """Where in the first so many bytes of a block a match may have a line; one place a line is enough."""

    def disguises(self, data: Block, size: int) -> Spots:
        """Where lines are that say something else than they hold: the same whatever is looked for."""

    @property
    def unlike(self) -> Callable[[bytes], bool] | None:
        """Whether a line with a spot, that is a record by itself, is none of a match; None when all of them may be."""


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
    def piece(self, offset: int) -> tuple[int, int]: ...


class Track(Protocol):
    """A source as pages in the order of its bytes."""

    number: int

    @property
    def blocks(self) -> Bytes: ...
    def page(self, start: int, stop: int) -> Page: ...
    def lines(self, start: int, stop: int) -> int: ...
    def spots(self, start: int, stop: int, sieve: Sieve) -> Spots: ...
    def lines_and_spots(self, start: int, stop: int, sieve: Sieve) -> tuple[int, Spots]: ...
    def candidates(self, start: int, stop: int, spots: Spots, accepts: Accepts | None = None) -> tuple[Entry, ...]: ...
    def time_at(self, offset: int) -> int | None: ...
    def latest_ns(self, offset: int) -> int | None: ...


def backward(
    tracks: Sequence[Track], before: Key | None = None, sieve: Sieve | None = None, accepts: Accepts | None = None
) -> Iterator[Entry]:
    """Entries before a place, newest first; from the end without one. Some that are not accepted may be left out."""
    many = len(tracks) > FEW_TRACKS and sieve is None
    walks = [_walk(track, before, sieve, accepts, back=True, many=many) for track in tracks]
    return _merged(walks, back=True)


def forward(
    tracks: Sequence[Track], after: Key | None = None, sieve: Sieve | None = None, accepts: Accepts | None = None
) -> Iterator[Entry]:
    """Entries behind a place, oldest first; from the start without one. Some that are not accepted may be left out."""
    return _merged([_walk(track, after, sieve, accepts, back=False) for track in tracks], back=False)


def _merged(walks: Sequence[Iterator[Entry]], *, back: bool) -> Iterator[Entry]:
    import heapq  # the first screenful has nothing to walk

    return heapq.merge(*walks, key=_key, reverse=back)


def _key(entry: Entry) -> Key:
    return entry[:3]


def sweeps(blocks: Bytes, offset: int, end: int, *, back: bool, most: int = SWEEP_BYTES) -> Iterator[tuple[int, int]]:
    """Stretches of whole blocks, none of them across a rotation: from the end back to an offset, or on from there.

    They begin and end at the same places however much is written behind them, so that what was told of one stays true.
    `end` may lie behind what there is; going on ends where the source ends by then.
    """
    return _sweeps_back(blocks, offset, end, most) if back else _sweeps_on(blocks, offset, end, most)


def _sweeps_back(blocks: Bytes, offset: int, end: int, most: int) -> Iterator[tuple[int, int]]:
    size = min(most, FIRST_SWEEP_BYTES)
    while end > max(offset, blocks.first):
        start = blocks.bounds(end - 1)[0]
        if start >= end:
            return
        base = blocks.piece(start)[0]
        low = max(offset, blocks.first, base + (end - 1 - base) // size * size) if size else start
        if low < start:
            before, behind = blocks.bounds(low)
            start = min(start, before if before >= low else behind)
        yield start, end
        end, size = start, min(most, size * _GROWTH)


def _sweeps_on(blocks: Bytes, offset: int, end: int, most: int) -> Iterator[tuple[int, int]]:
    size = min(most, FIRST_SWEEP_BYTES)
    while offset < min(end, blocks.end):
        start, stop = blocks.bounds(offset)
        if stop <= offset:
            return
        base, high = blocks.piece(start)
        high = min(end, high, base + ((start - base) // size + 1) * size) if size else stop
        if high > stop:
            before, behind = blocks.bounds(high - 1)
            stop = max(stop, behind if behind - start <= size else before)
        yield start, stop
        offset, size = stop, min(most, size * _GROWTH)


def hit_pages(blocks: Bytes, start: int, stop: int, spots: Spots, *, back: bool) -> Iterator[tuple[int, int, Spots]]:
    """The blocks of a stretch in which records may begin that have a line at one of the spots, and these spots."""
    if spots is None:
        yield from ((low, high, None) for low, high in sweeps(blocks, start, stop, back=back, most=0))
        return
    pages: list[tuple[int, int]] = []
    place = start
    for at in spots:
        place = max(place, at - GROUP_REACH_BYTES + 1)
        while place <= at and place < stop:
            low, high = blocks.bounds(place)
            if high <= place:
                break
            pages.append((low, min(high, stop)))
            place = high
    for low, high in reversed(pages) if back else pages:
        yield low, high, spots[bisect_left(spots, low) : bisect_left(spots, high + GROUP_REACH_BYTES)]


def _walk(
    track: Track, place: Key | None, sieve: Sieve | None, accepts: Accepts | None, *, back: bool, many: bool = False
) -> Iterator[Entry]:
    near = place is not None
    end = track.blocks.end
    if many:
        end = end if place is None else _behind(track, place)
        if (time_ns := track.latest_ns(end)) is not None:
            # only those are read whose records are among the nearest of all
            yield Entry(time_ns if place is None else min(time_ns, place[0]), track.number, end, None)
        end += NEWEST_BYTES
    for entries, edge in _found(track, place, (sieve, accepts), back, end, many):
        if near and place is not None and entries:
            # only around the place itself: an unsorted source must not lose records far from it
            kept = tuple(entry for entry in entries if (entry[:3] < place if back else entry[:3] > place))
            near, entries = len(kept) < len(entries), kept
        yield from reversed(entries) if back else entries
        if edge is not None and (back or edge < track.blocks.end):
            yield _horizon(track, edge, place)


def _found(
    track: Track, place: Key | None, wanted: tuple[Sieve | None, Accepts | None], back: bool, end: int, many: bool
) -> Iterator[tuple[Sequence[Entry], int | None]]:
    """What stands in each page, and the offset up to which this is all."""
    sieve, accepts = wanted
    blocks = track.blocks
    offset, end = blocks.first, min(end, blocks.end)
    if place is not None:
        start, stop = _block_of(track, place, earlier=not back)
        offset, end = (offset, min(stop, end)) if back else (start, end)
    if not back:
        end = _FOR_EVER
    if sieve is None:
        pages = sweeps(blocks, offset, end, back=back, most=0)
        for start, stop in _more_and_more(pages) if many else pages:
            if accepts is None:
                yield track.page(start, stop).entries, start if back else stop
            else:
                yield track.candidates(start, stop, None, accepts), start if back else stop
        return
    silent = 0
    # needs threads, which the first screenful does not
    from tui.store.crew import CREW

    look = partial(_look, track, sieve)
    for (start, stop), spots in CREW.each(look, sweeps(blocks, offset, end, back=back)):
        silent = 0 if spots is None or spots else silent + 1
        if not silent:
            for low, high, near in hit_pages(blocks, start, stop, spots, back=back):
                yield track.candidates(low, high, near, accepts), None
        # after the first at once, so that no source is read far before others have been asked at all
        if silent % SILENT_SWEEPS == 0 or silent == 1:
            yield (), start if back else stop


def _more_and_more(pages: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Pages from the last back, the first ones in parts: of one of many sources little is wanted."""
    size = NEWEST_BYTES
    for start, stop in pages:
        while start < stop - size:
            yield stop - size, stop
            stop -= size
            size *= 4
        yield start, stop


def _look(track: Track, sieve: Sieve, stretch: tuple[int, int]) -> Spots:
    return track.spots(*stretch, sieve)


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


def _behind(track: Track, key: Key) -> int:
    """An offset at most a part behind a place, in the block that holds it."""
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
