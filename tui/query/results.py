"""What a view shows of the sources: a stretch of the merged sequence, thinned by a condition and kept current.

The stretch grows at both ends as somebody scrolls, and at the end as lines arrive. It is bounded: what scrolls far out
of sight is let go and read again when it is wanted. Reading happens in walks, which any thread may drive.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from tui.record import Record
from tui.store.order import Entry, Key, Sieve, Track, backward, forward
from tui.values import frozen

MAX_ROWS: Final = 6_000
LATE_ROWS: Final = 2_000
"""How far back from the end a late line may be put in its place."""
NOTICE_EVERY_NS: Final = 10_000_000_000


@frozen
class Notice:
    """A row that says what is not shown at its place."""

    time_ns: int
    count: int
    kind: str
    """sampled"""
    ratio: float = 1.0

    @property
    def key(self) -> Key:
        return self.time_ns, 1 << 30, 0


Row = Entry | Notice


@frozen
class Condition:
    """What a record must meet to be shown, with a test on raw bytes that may only say too much; None when none narrows."""

    accepts: Callable[[Record], bool] | None = None
    sieve: Sieve | None = None

    def holds(self, record: Record) -> bool:
        return self.accepts is None or self.accepts(record)


EVERYTHING: Final = Condition()


class Taken(NamedTuple):
    """What one step of a walk brought."""

    rows: list[Entry]
    horizon_ns: int | None
    """How far the walk has come."""
    done: bool


class Walk:
    """The records that meet a condition, from a place on in one direction; resumes where it stopped."""

    def __init__(self, tracks: Sequence[Track], condition: Condition, *, at: Key | None = None, back: bool) -> None:
        step = backward if back else forward
        self._entries: Iterator[Entry] = step(tracks, at, condition.sieve, condition.accepts)
        self._condition = condition
        self.back = back
        self.seen = 0

    def take(self, count: int, pause: Callable[[], bool] = lambda: False) -> Taken:
        """Up to `count` records; fewer at the end of the sources or when `pause` says so between two pages."""
        rows: list[Entry] = []
        horizon_ns: int | None = None
        for entry in self._entries:
            if entry.record is None:
                horizon_ns = entry.time_ns
                if pause():
                    return Taken(rows, horizon_ns, False)
                continue
            self.seen += 1
            if self._condition.holds(entry.record):
                rows.append(entry)
                if len(rows) >= count:
                    return Taken(rows, entry.time_ns, False)
            elif self.seen % 256 == 0 and pause():
                return Taken(rows, entry.time_ns, False)
        return Taken(rows, horizon_ns, True)


class Window:
    """The rows of one view, oldest first. Belongs to one thread."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.at_start = False
        self.at_end = False
        """Whether the last row is the newest there is, so that arriving records follow it."""
        self.late = 0
        """Records that arrived behind newer ones and were put in their place."""
        self._ids: set[tuple[int, int]] = set()

    def prepend(self, newest_first: Sequence[Entry]) -> int:
        """Rows found further back; how many were added."""
        fresh = [entry for entry in reversed(newest_first) if entry[1:3] not in self._ids]
        self.rows[:0] = fresh
        self._ids.update(entry[1:3] for entry in fresh)
        return len(fresh)

    def append(self, oldest_first: Sequence[Entry]) -> int:
        """Rows found further on; how many were added."""
        fresh = [entry for entry in oldest_first if entry[1:3] not in self._ids]
        self.rows.extend(fresh)
        self._ids.update(entry[1:3] for entry in fresh)
        return len(fresh)

    def arrive(self, entries: Sequence[Entry]) -> tuple[int, int]:
        """Records that were just written: each to its place in time. Returns how many are new, and the lowest row
        index that changed (len(rows) when none)."""
        added, lowest = 0, len(self.rows)
        for entry in entries:
            index = self._index_of(entry.track, entry.offset)
            if index is not None:
                old = self.rows[index]
                if isinstance(old, Entry) and old.record and entry.record and old.record.raw != entry.record.raw:
                    self.rows[index] = entry
                    lowest = min(lowest, index)
                continue
            index = self._place(entry[:3])
            if index < len(self.rows):
                self.late += 1
            self.rows.insert(index, entry)
            self._ids.add(entry[1:3])
            added += 1
            lowest = min(lowest, index)
        return added, lowest

    def withdraw(self, track: int, offset: int) -> int | None:
        """Take a row out again because it no longer meets the condition; the index it had."""
        index = self._index_of(track, offset)
        if index is not None:
            del self.rows[index]
            self._ids.discard((track, offset))
        return index

    def notice(self, notice: Notice) -> None:
        """Say at the end what was withheld; joins a notice of the same kind that is not long past."""
        for index in range(len(self.rows) - 1, max(-1, len(self.rows) - LATE_ROWS), -1):
            row = self.rows[index]
            if notice.time_ns - place_of(row)[0] > NOTICE_EVERY_NS:
                break
            if isinstance(row, Notice) and row.kind == notice.kind:
                self.rows[index] = Notice(row.time_ns, row.count + notice.count, row.kind, notice.ratio)
                return
        self.rows.append(notice)

    def cut(self, place: Key, offsets: Mapping[int, int]) -> int:
        """Let go of the rows before a place, and of those before an offset of their track; how many."""
        kept = [row for row in self.rows if place_of(row) >= place and not _stands_before(row, offsets)]
        gone = len(self.rows) - len(kept)
        self.rows[:] = kept
        self._ids = {row[1:3] for row in kept if isinstance(row, Entry)}
        self.at_start = False
        return gone

    def trim_front(self, keep: int = MAX_ROWS) -> int:
        """Let go of the oldest rows beyond the bound; how many."""
        surplus = len(self.rows) - keep
        if surplus <= keep // 10:
            return 0
        self._forget(self.rows[:surplus])
        del self.rows[:surplus]
        self.at_start = False
        return surplus

    def trim_back(self, keep: int = MAX_ROWS) -> int:
        """Let go of the newest rows beyond the bound; how many."""
        surplus = len(self.rows) - keep
        if surplus <= keep // 10:
            return 0
        self._forget(self.rows[-surplus:])
        del self.rows[-surplus:]
        self.at_end = False
        return surplus

    def keep(self, condition: Condition) -> None:
        """Only the rows that meet a condition."""
        kept = [row for row in self.rows if isinstance(row, Entry) and row.record and condition.holds(row.record)]
        self.clear()
        self.append(kept)

    def clear(self) -> None:
        self.rows.clear()
        self._ids.clear()
        self.at_start = self.at_end = False

    def index_at(self, key: Key) -> int:
        """Index of the first row at or behind a place; rows are taken to be in order."""
        return bisect_left(self.rows, key, key=place_of)

    def _place(self, key: Key) -> int:
        """Where a late record belongs: searched from the end, because it is seldom far."""
        index = len(self.rows)
        lowest = max(0, index - LATE_ROWS)
        while index > lowest and place_of(self.rows[index - 1]) > key:
            index -= 1
        return index

    def _index_of(self, track: int, offset: int) -> int | None:
        if (track, offset) not in self._ids:
            return None
        for index in range(len(self.rows) - 1, -1, -1):
            row = self.rows[index]
            if isinstance(row, Entry) and row[1:3] == (track, offset):
                return index
        return None

    def _forget(self, rows: Sequence[Row]) -> None:
        self._ids.difference_update(row[1:3] for row in rows if isinstance(row, Entry))


def _stands_before(row: Row, offsets: Mapping[int, int]) -> bool:
    return isinstance(row, Entry) and row.offset < offsets.get(row.track, 0)


def place_of(row: Row) -> Key:
    return row[:3] if isinstance(row, Entry) else row.key
