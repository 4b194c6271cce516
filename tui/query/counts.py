"""How many records match, what they lack, and how they spread over levels, services and time.

Counting goes through the sources from the newest block to the oldest, in steps; what cannot match is counted by its
line feeds and not parsed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tui.pipeline import track as pipeline
from tui.query.results import Condition
from tui.record import Record
from tui.store.order import Track

BUCKET_NS: Final = 1_000_000_000
STRETCH_BYTES: Final = 256 << 10


@dataclass
class Counts:
    """What was counted so far."""

    lines: int = 0
    """Lines looked at."""
    matched: int = 0
    lacking: int = 0
    """Records that lack a field which the query names."""
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
    each block."""
    counts = Counts()
    total = sum(track.blocks.end - track.blocks.first for track in tracks) or 1
    passed = 0
    for track in tracks:
        offset = track.blocks.end if ends is None else ends.get(track.number, track.blocks.end)
        while offset > track.blocks.first:
            start, stop = track.blocks.bounds(offset - 1)
            if start >= offset:
                break
            _count_block(track, start, min(stop, offset), condition, lacks, counts)
            passed += offset - start
            offset = start
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
            _count_block(track, start, stop, condition, lacks, counts)
            reached[track.number] = stop
            yield counts


def _count_block(
    track: Track,
    start: int,
    stop: int,
    condition: Condition,
    lacks: Callable[[Record], bool] | None,
    counts: Counts,
) -> None:
    data = track.extent(start, stop)
    own = data[: stop - start]
    counts.lines += own.count(b"\n") + (not own.endswith(b"\n") and stop == start + len(data))
    if condition.may_match is not None and not condition.may_match(data):
        return
    narrow = condition.may_match if lacks is None else None
    entries = track.candidates(start, stop, narrow) if narrow is not None else track.page(start, stop).entries
    for entry in entries:
        if entry.record is None:
            continue
        if condition.holds(entry.record):
            counts.add(entry.record)
        if lacks is not None and lacks(entry.record):
            counts.lacking += 1
