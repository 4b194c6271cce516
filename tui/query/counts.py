"""How many records match, what they lack, and how they spread over levels, services and time.

Counting goes through the sources from the newest block to the oldest, in steps; what cannot match is counted by its
line feeds and not parsed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from tui.pipeline import track as pipeline
from tui.query.results import Condition
from tui.record import Record
from tui.store.crew import QUIET_CREW
from tui.store.order import SWEEP_BYTES, Entry, Sieve, Spots, Track, hit_pages, sweeps
from tui.values import field, mutable

BUCKET_NS: Final = 1_000_000_000
ASKED_LINES: Final = 20_000
"""Of all sources together: for so many of the newest lines it is told what they lack."""
STRETCH_BYTES: Final = 256 << 10


@mutable
class Counts:
    """What was counted so far."""

    lines: int = 0
    """Lines looked at."""
    matched: int = 0
    lacking: int = 0
    """Records that lack a field which the query names."""
    asked: int = 0
    """Lines that were looked at for what they lack: all, or, where that would cost too much, the newest."""
    levels: Counter[str] = field(default_factory=Counter)
    services: Counter[str] = field(default_factory=Counter)
    seconds: Counter[int] = field(default_factory=Counter)
    """Matching records by second since 1970."""
    trouble: Counter[int] = field(default_factory=Counter)
    """Those of them at WARN and above."""
    share: float = 0.0
    """0 to 1 of the bytes there are."""
    done: bool = False

    def add(self, record: Record) -> None:
        """Count one matching record."""
        self.matched += 1
        self.levels[record.level or "none"] += 1
        self.services[record.service or "(none)"] += 1
        if record.time_ns is not None:
            second = record.time_ns // BUCKET_NS
            self.seconds[second] += 1
            if record.severity >= 13:
                self.trouble[second] += 1


def count(
    tracks: Sequence[Track],
    condition: Condition,
    lacks: Callable[[Record], bool] | None = None,
    ends: Mapping[int, int] | None = None,
) -> Iterator[Counts]:
    """Count everything there is now, or up to `ends` by the number of the track; yields the running counts after
    each block.

    What records lack is no sign to search for: where there is something else to search for, it is told of the newest.
    """
    counts = Counts()
    total = sum(track.blocks.end - track.blocks.first for track in tracks) or 1
    passed = 0
    sieve, look = condition.sieve, partial(_look, condition.sieve)
    asked_each = ASKED_LINES // len(tracks) if tracks else 0
    for track in tracks:
        first = track.blocks.first
        end = until = track.blocks.end if ends is None else ends.get(track.number, track.blocks.end)
        if lacks is not None:
            asked_before = counts.asked
            for start, stop in sweeps(track.blocks, first, end, back=True, most=0):
                lines = track.lines(start, stop)
                counts.lines, counts.asked, until = counts.lines + lines, counts.asked + lines, start
                for entry in track.page(start, stop).entries:
                    _count(entry, condition, lacks, counts)
                counts.share = min(0.999, (passed + end - start) / total)
                yield counts
                if sieve is not None and counts.asked - asked_before >= asked_each:
                    break
            passed += end - until
        most = 0 if sieve is None else SWEEP_BYTES
        stretches = sweeps(track.blocks, first, until, back=True, most=most)
        for (_, start, stop), (lines, spots) in QUIET_CREW.each(look, ((track, *one) for one in stretches)):
            counts.lines += lines
            for entries in _entries(track, start, stop, condition, spots):
                for entry in entries:
                    _count(entry, condition, None, counts)
                yield counts
            passed += stop - start
            counts.share = min(0.999, passed / total)
            yield counts
    counts.share, counts.done = 1.0, True
    yield counts


def count_on(
    tracks: Sequence[pipeline.Track],
    condition: Condition,
    lacks: Callable[[Record], bool] | None,
    reached: dict[int, int],
) -> Iterator[Counts]:
    """Count the whole lines behind `reached`, offsets by the number of the track, and move these on; yields what each
    stretch adds."""
    for track in tracks:
        blocks, end = track.blocks, track.blocks.end
        while (start := max(reached.get(track.number, 0), blocks.first)) < end:
            piece_end = blocks.piece(start)[1]
            stop = min(end, piece_end, start + STRETCH_BYTES)
            if stop < piece_end or piece_end == end:
                line_end = blocks.read(start, stop).rfind(b"\n") + 1
                if not line_end and stop == end:
                    break  # not a whole line yet
                stop = start + line_end if line_end else stop
            counts = Counts()
            counts.lines, spots = _look(condition.sieve, (track, start, stop))
            asking = lacks if condition.sieve is None else None
            counts.asked = counts.lines if asking else 0
            if spots is None or spots:
                accepts = None if asking else condition.accepts
                for entry in track.candidates(start, stop, spots, accepts):
                    _count(entry, condition, asking, counts)
            reached[track.number] = stop
            yield counts


def _look(sieve: Sieve | None, stretch: tuple[Track, int, int]) -> tuple[int, Spots]:
    """How many lines a stretch has, and where a match may be."""
    track, start, stop = stretch
    return (track.lines(start, stop), None) if sieve is None else track.lines_and_spots(start, stop, sieve)


def _entries(track: Track, start: int, stop: int, condition: Condition, spots: Spots) -> Iterator[Sequence[Entry]]:
    """What has to be looked at of each page of a stretch: all of it where no sieve may narrow it, unless nothing matches."""
    if condition.sieve is None:
        pages = sweeps(track.blocks, start, stop, back=True, most=0)
        yield from (track.candidates(*page, None, condition.accepts) for page in pages)
        return
    for low, high, near in hit_pages(track.blocks, start, stop, spots, back=True):
        yield track.candidates(low, high, near, condition.accepts)


def _count(entry: Entry, condition: Condition, lacks: Callable[[Record], bool] | None, counts: Counts) -> None:
    if entry.record is None:
        return
    if condition.holds(entry.record):
        counts.add(entry.record)
    if lacks is not None and lacks(entry.record):
        counts.lacking += 1
