"""What is being written to a source: the new records, and again those that have grown, at a bounded cost a look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tui.framing import MAX_LINE_BYTES
from tui.pipeline.track import Pace, Track
from tui.store.order import Entry

PROVISIONAL_AFTER_NS: Final = 300_000_000
"""A last line without a line feed is shown after this long without news."""
MAX_TAIL_BYTES: Final = 1 << 20
"""More than this at once is not read for the live view: it is counted, and there when somebody scrolls back."""


@dataclass(frozen=True, slots=True)
class News:
    """What was written to a source since the last look."""

    entries: tuple[Entry, ...]
    lines: int
    """How many lines are new, skipped ones included."""
    skipped_lines: int
    """Lines that were too many to be read for the live view."""
    redacted: Mapping[str, int]
    first_new: int = 0
    """Records that begin before this offset were told before and may have grown."""


class Tail:
    """What is being written to a track, from an offset on."""

    def __init__(self, track: Track, offset: int) -> None:
        self.track = track
        self.offset = offset
        """Where reading goes on: the first line of the last record, since lines to come may continue it."""
        self.seen = offset
        self._end = offset
        self._changed_ns = 0
        self._pace: Pace | None = None

    def take(self, now_ns: int, max_bytes: int = MAX_TAIL_BYTES) -> News | None:
        """The records that are new or have grown; None when nothing happened."""
        blocks = self.track.blocks
        end = blocks.end
        if end != self._end:
            self._end, self._changed_ns = end, now_ns
        elif self.seen == end:
            return None
        piece_start, piece_end = blocks.piece(self.seen)
        # nothing in a new generation continues the last record of the one before
        self.offset = max(self.offset, piece_start)
        stop = piece_end if piece_end < end else self._complete(end, now_ns)
        if stop <= self.seen:
            return None
        lines, skipped = blocks.read(max(self.seen, blocks.first), stop).count(b"\n"), 0
        start = max(self.offset, blocks.first)
        if stop - start > max_bytes:
            start = stop - max_bytes
            skipped = blocks.read(max(self.seen, blocks.first), start).count(b"\n")
        if self._pace is None:
            self._pace = Pace(min(self.track.time_at(start) or self.track.reference_ns, now_ns))
        self._pace.now_ns = now_ns
        page = self.track.fresh(start, stop, self._pace)
        known = self.track.redactions_in(start, self.seen)
        redacted = {rule: count - known.get(rule, 0) for rule, count in page.redacted.items()}
        # what a rotated file ended with is complete; the next generation begins afresh
        first_new, self.seen = self.seen, stop
        self.offset = stop if piece_end < end else page.last_open
        return News(page.entries, lines, skipped, redacted, first_new)

    def _complete(self, end: int, now_ns: int) -> int:
        """The end of the last whole line; of the unfinished one when nothing has come for a while."""
        if now_ns - self._changed_ns >= PROVISIONAL_AFTER_NS:
            return end
        low = max(self.seen, end - MAX_LINE_BYTES)
        at = self.track.blocks.read(low, end).rfind(b"\n")
        return low + at + 1 if at >= 0 else self.seen
