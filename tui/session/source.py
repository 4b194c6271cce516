"""How one source is doing: its state, what came of it and how fast."""

from __future__ import annotations

from collections import deque
from typing import Final

from tui.pipeline.track import Track
from tui.session.intake import Intake
from tui.sources.spec import Status
from tui.store.blocks import Blocks
from tui.store.needles import count
from tui.values import field, mutable

COUNTED_BYTES: Final = 1 << 20
"""Read at once to be counted."""
RATE_OVER_S: Final = 5.0


@mutable
class Source:
    """How one source is doing."""

    name: str
    status: Status
    track: Track | None = None
    intake: Intake | None = None
    lines: int = 0
    """Lines that arrived since the start."""
    counted_to: int = 0
    """Offset behind what was counted."""
    last_line_ns: int | None = None
    gaps: int = 0
    _samples: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=64))

    def count(self, blocks: Blocks, now_ns: int) -> int:
        """Count the line feeds of what has come since the last count, and return them; what was given up before it
        could be counted counts with what was dropped."""
        before, end = self.lines, blocks.end
        while self.counted_to < end:
            start = max(self.counted_to, blocks.first)
            stop = min(end, start + COUNTED_BYTES, blocks.piece(start)[1])
            if stop <= start:
                break
            data = blocks.read(start, stop)
            if lines := count(data, b"\n", len(data)):
                self.lines += lines
                self.last_line_ns = now_ns
            self.counted_to = stop
        return self.lines - before

    def rate(self, now_s: float) -> float:
        """Lines a second over the last seconds."""
        self._samples.append((now_s, self.lines))
        while len(self._samples) > 1 and now_s - self._samples[0][0] > RATE_OVER_S:
            self._samples.popleft()
        first_s, first = self._samples[0]
        return (self.lines - first) / (now_s - first_s) if now_s > first_s else 0.0
