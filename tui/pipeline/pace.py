"""Where a record is placed in time: how the times of one source run, and clocks that are off."""

from __future__ import annotations

from tui.record import Record
from tui.typed import Final
from tui.values import mutable, replace

DISORDER_NS: Final = 10_000_000_000
"""Lines of one source may be this much out of order and are put in order; further back is a clock that was set."""
FUTURE_NS: Final = 300_000_000_000


@mutable
class Pace:
    """How the times of one source run, in the order of its lines: where a record is placed among other sources."""

    latest_ns: int
    """The time that the record before was placed by, or the latest one."""
    now_ns: int | None = None
    """The time of the look, for lines that have just been written; None for those that stood there before."""

    def place(self, time_ns: int | None) -> int:
        """Its own time; a record without one stands where the record before it stands.

        Among lines that have just been written, one far behind those before it stands where they stand, since its clock
        was set; and one that says to be from the future stands at the time it came.
        """
        if time_ns is None:
            return self.latest_ns
        if self.now_ns is None:
            self.latest_ns = time_ns
            return time_ns
        if time_ns > self.now_ns + FUTURE_NS:
            time_ns = self.now_ns
        if time_ns < self.latest_ns - DISORDER_NS:
            return self.latest_ns
        self.latest_ns = max(self.latest_ns, time_ns)
        return time_ns


def corrected(record: Record, shift_ns: int) -> Record:
    """A record of a source whose clock is off by so much."""
    note = f"the clock of its source is off: {shift_ns / 1e9:+.3f} s were added to the time it tells"
    span = record.span
    if span is not None and span.start_ns:
        end_ns = None if span.end_ns is None else span.end_ns + shift_ns
        span = replace(span, start_ns=span.start_ns + shift_ns, end_ns=end_ns)
    return replace(record, time_ns=(record.time_ns or 0) + shift_ns, notes=(*record.notes, note), span=span)
