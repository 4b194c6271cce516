"""Line numbers of a source, counted block by block as far as somebody has asked."""

from __future__ import annotations

from tui.store.blocks import Blocks
from tui.store.needles import count
from tui.store.scratch import scratch


class LineNumbers:
    """Counts line feeds from the start; each block once."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._before: dict[int, int] = {}
        self._known_to = blocks.first
        self._count = 0
        self._last = (0, 0)
        """The offset that was asked for last, and how many lines end before it."""

    def at(self, offset: int) -> int:
        """1-based number of the line that begins at this offset."""
        while self._known_to < offset:
            start, stop = self._blocks.bounds(self._known_to)
            if stop <= start:
                break
            self._before[start] = self._count
            if stop > offset:
                break
            buffer = scratch(stop - start)
            self._count += count(buffer, b"\n", self._blocks.readinto(start, memoryview(buffer)[: stop - start]))
            self._known_to = stop
        start = self._blocks.bounds(offset)[0]
        before = self._before.get(start, self._count)
        if start <= self._last[0] <= offset:
            start, before = self._last
        before += self._blocks.read(start, offset).count(b"\n")
        self._last = offset, before
        return before + 1
