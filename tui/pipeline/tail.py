"""What is being written to a source: the newest records, and again those that have grown, as many as somebody can use.

A look costs what it brings, not what was written: bytes that nobody can take in at once are left where they are. The
news say from which place on they are complete; what stands before it is the source's history, there to be read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tui.framing import MAX_LINE_BYTES
from tui.pipeline.pace import Pace
from tui.pipeline.track import Track
from tui.record import Record
from tui.store.blocks import BLOCK_BYTES
from tui.store.order import Entry, Key, Sieve
from tui.values import frozen, replace

PROVISIONAL_AFTER_NS: Final = 300_000_000
"""A last line without a line feed is shown after this long without news."""
OPEN_BYTES: Final = 16 << 10
"""How far before the end the last record is looked for that lines to come may continue."""
LONGEST_LOOK_BYTES: Final = 8 << 20
"""No look reads more than this; a longer line is there when somebody scrolls to it."""


@frozen
class Wanted:
    """Which of the new records are wanted, however much was written in between."""

    holds: Callable[[Record], bool]
    sieve: Sieve | None
    rows: int
    """So many of them are enough."""


@frozen
class News:
    """What was written to a source since the last look."""

    entries: tuple[Entry, ...]
    """In time order. Where only some are wanted, the others only if they were told before."""
    first_new: int = 0
    """Records that begin before this offset were told before and may have grown."""
    open_from: int = 0
    """Records from this offset on may be told again."""
    since: Key | None = None
    """New records before this place were not read; None when all were."""
    complete_from: int = 0
    """The same as an offset: times may go back."""
    stop: int = 0
    """Up to here the look went."""
    pace: Pace | None = None
    """How the times ran up to there."""
    left_out: bool = False
    """Whether something was not read, in this look or before one that brought no record."""


class Tail:
    """What is being written to a track, from an offset on."""

    def __init__(self, track: Track, offset: int) -> None:
        self.track = track
        self.seen = offset
        """Up to here everything was looked at, or left where it is."""
        self._open_from: int | None = None
        """Where reading goes on: the first line of the last record, since lines to come may continue it."""
        self._end = offset
        self._changed_ns = 0
        self._pace: Pace | None = None
        self._left_out = False

    @property
    def waiting_bytes(self) -> int:
        """How much was written since the last look."""
        return max(0, self.track.blocks.end - self.seen)

    def take(self, now_ns: int, max_bytes: int = LONGEST_LOOK_BYTES, wanted: Wanted | None = None) -> News | None:
        """Look and move on."""
        news = self.look(now_ns, max_bytes, wanted)
        if news is not None:
            self.move_on(news)
        return news

    def look(self, now_ns: int, max_bytes: int, wanted: Wanted | None = None) -> News | None:
        """The records that are new or have grown, all of the last `max_bytes`; None when nothing
        happened. Of files that followed one another, one at a time. The next look brings the same again, or more."""
        blocks = self.track.blocks
        end = blocks.end
        if end != self._end:
            self._end, self._changed_ns = end, now_ns
        elif self.seen == end:
            return None
        self.seen = max(self.seen, blocks.first)
        piece_start, piece_end = blocks.piece(self.seen)
        stop = piece_end if piece_end < end else self._complete(end, now_ns)
        if stop <= self.seen:
            return None
        # nothing in a new generation continues the last record of the one before
        start = max(self._start(), piece_start)
        if self._pace is None:
            self._pace = Pace(min(self.track.time_at(start) or self.track.reference_ns, now_ns))
        pace = replace(self._pace, now_ns=now_ns)
        if wanted is None:
            entries, low, open_from = self._newest(start, stop, max_bytes, pace)
        else:
            entries, low, open_from = self._passing(start, stop, max_bytes, pace, wanted)
        if piece_end < end:
            open_from = stop  # what a rotated file ended with is complete; the next generation begins afresh
        left_out = self._left_out or low > start
        since = min((entry.key for entry in entries if entry.offset >= low), default=None) if left_out else None
        return News(entries, self.seen, open_from, since, low, stop, pace, left_out)

    def move_on(self, news: News) -> None:
        """Do not bring these again."""
        self._left_out = news.left_out and news.since is None
        self.seen, self._open_from, self._pace = news.stop, news.open_from, news.pace

    def _start(self) -> int:
        """Where the last record begins that was there before."""
        if self._open_from is None:
            start = max(self.track.blocks.piece(self.seen)[0], self.seen - OPEN_BYTES)
            # in a file that grows for the first time, lines to come may continue what was history
            self._open_from = self.track.open_from(start, self.seen)
        return max(self._open_from, self.track.blocks.first)

    def _newest(self, start: int, stop: int, max_bytes: int, pace: Pace) -> tuple[tuple[Entry, ...], int, int]:
        """Entries, from where on they are complete, and where the last record begins."""
        size = max(1, max_bytes)
        while True:
            low = max(start, stop - size)
            page = self.track.fresh(low, stop, pace)
            if page.entries or low == start or size >= LONGEST_LOOK_BYTES:
                return page.entries, low, page.last_open
            size *= 8  # a line that is longer than what was read

    def _passing(
        self, start: int, stop: int, max_bytes: int, pace: Pace, wanted: Wanted
    ) -> tuple[tuple[Entry, ...], int, int]:
        """The same for those that are wanted: from the end backwards until there are enough."""
        found: list[Record] = []
        passed, low, size = 0, stop, max(1, max_bytes)
        while low > start and passed < wanted.rows:
            high, low = low, max(start, low - size)
            size = min(2 * size, BLOCK_BYTES)
            spots = None if wanted.sieve is None else self.track.spots(low, high, wanted.sieve)
            if spots is not None and not spots:
                continue
            for entry in self.track.candidates(low, high, spots):
                if entry.record is not None and wanted.holds(entry.record):
                    passed += 1
                elif entry.offset >= self.seen:
                    continue
                if entry.record is not None:
                    found.append(entry.record)
        found.sort(key=lambda one: one.offset)
        placed = [Entry(pace.place(one.time_ns), self.track.number, one.offset, one) for one in found]
        placed.sort(key=lambda one: one[:3])
        return tuple(placed), low, self.track.open_from(max(start, stop - OPEN_BYTES), stop)

    def _complete(self, end: int, now_ns: int) -> int:
        """The end of the last whole line; of the unfinished one when nothing has come for a while."""
        if now_ns - self._changed_ns >= PROVISIONAL_AFTER_NS:
            return end
        for reach in (OPEN_BYTES, MAX_LINE_BYTES):
            low = max(self.seen, end - reach)
            if (at := self.track.blocks.read(low, end).rfind(b"\n")) >= 0:
                return low + at + 1
        return self.seen
