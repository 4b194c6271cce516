"""Which stretches of a source were looked at, so that what is counted in them is counted once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from tui.typed import Final

MOST: Final = 4096


class Stretches:
    """A set of offsets, held as disjoint stretches in order."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._stops: list[int] = []

    def add(self, start: int, stop: int) -> list[tuple[int, int]]:
        """Add a stretch; returns the parts of it that were not there.

        Beyond MOST stretches the gap between the two oldest counts as looked at: what is counted is then too little.
        """
        if stop <= start:
            return []
        first, behind = bisect_left(self._stops, start), bisect_right(self._starts, stop)
        missing, at = [], start
        for index in range(first, behind):
            if self._starts[index] > at:
                missing.append((at, self._starts[index]))
            at = max(at, self._stops[index])
        if at < stop:
            missing.append((at, stop))
        joined = slice(first, behind)
        low, high = min([start, *self._starts[joined]]), max([stop, *self._stops[joined]])
        self._starts[joined], self._stops[joined] = [low], [high]
        if len(self._starts) > MOST:
            del self._starts[1], self._stops[0]
        return missing
