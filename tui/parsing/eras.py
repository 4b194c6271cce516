"""Which year, or which day, the lines of a source are from that do not tell it, where it spans more than one.

A line is dated by what follows it: samples are taken from the end to the beginning, each no more than a quarter of the
period later than the one after it, so that lines in disorder are no new year. Where a source stays within one year (or
day), its end alone dates all lines, and there is nothing to keep.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable

from tui.typed import Final
from tui.values import frozen

DAY_NS: Final = 86_400_000_000_000
YEAR_NS: Final = 365 * DAY_NS
SAMPLES: Final = 64

Dated = Callable[[int, int], int | None]
"""The time of the first line at or behind an offset, when nothing in it is later than this; None for none."""


@frozen
class Eras:
    """Near what times the lines of a source are."""

    offsets: tuple[int, ...]
    """Where samples were taken, in order."""
    times_ns: tuple[int, ...]
    """What times they tell, and a quarter of a period."""

    def reference_ns(self, offset: int, otherwise: int | None) -> int | None:
        """The time of the next sample behind an offset, and what is told otherwise behind the last one."""
        at = bisect_right(self.offsets, offset)
        return self.times_ns[at] if at < len(self.times_ns) else otherwise


def eras(dated: Dated, offsets: Iterable[int], reference_ns: int, period_ns: int) -> Eras | None:
    """The eras of a source, by samples at these ascending offsets; None when it lies within one period."""
    found: list[tuple[int, int]] = []
    reference = reference_ns
    for offset in sorted(offsets, reverse=True):
        time_ns = dated(offset, reference)
        if time_ns is not None:
            reference = time_ns + period_ns // 4
            found.append((offset, reference))
    if not found or found[-1][1] > reference_ns - period_ns * 3 // 4:
        return None
    found.reverse()
    return Eras(tuple(offset for offset, _ in found), tuple(time_ns for _, time_ns in found))
