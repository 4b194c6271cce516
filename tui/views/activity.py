"""How the sources are doing, second by second: what came of them, how fast, and since when nothing has come."""

from __future__ import annotations

from collections import deque
from typing import Final

from tui.presentation.cells import clock, short_duration
from tui.presentation.status_line import SourceLook
from tui.session.session import Session
from tui.session.source import Source

SECONDS: Final = 8
"""How far back the columns of the rate go."""
BEHIND_NS: Final = 10_000_000_000
"""A source that has been silent for so long while others were not is said to be quiet."""


class Activity:
    """Looked at about once a second while something happens; when all is quiet nothing in it changes."""

    def __init__(self, session: Session) -> None:
        self.looks: list[SourceLook] = []
        self.rates: deque[int] = deque([0] * SECONDS, SECONDS)
        """Lines that came in each of the last seconds."""
        self.last_ns = session.clock_ns()
        """When the last line came; the start when none has."""
        self._session = session
        self._second = self.last_ns // 1_000_000_000
        self._lines = 0

    @property
    def quiet(self) -> bool:
        """Whether no line has come for as long as is looked back."""
        return not any(self.rates) and self._lines == self._total()

    def look(self, now_ns: int) -> None:
        """Take in how things are now."""
        sources = list(self._session.sources.values())
        self.last_ns = max([self.last_ns, *(one.last_line_ns for one in sources if one.last_line_ns is not None)])
        second = now_ns // 1_000_000_000
        if (passed := second - self._second) > 0:
            total = self._total()
            self.rates.extend([total - self._lines, *[0] * min(passed - 1, SECONDS)])
            self._second, self._lines = second, total
        self.looks = [
            SourceLook(
                source.name,
                source.status.state.value,
                _clock(source) or source.status.detail,
                source.rate(now_ns / 1e9),
                self._behind(source.last_line_ns),
                source.gaps,
            )
            for source in sources
        ]

    def _total(self) -> int:
        return sum(source.lines for source in list(self._session.sources.values()))

    def _behind(self, last_ns: int | None) -> str:
        """The time of a source's last line, when others have had some long since."""
        return clock(last_ns, self._session.zone)[:8] if last_ns and self.last_ns - last_ns > BEHIND_NS else ""


def _clock(source: Source) -> str:
    """`clock +1.2 s`, where it is corrected."""
    shift_ns = source.track.shift_ns if source.track is not None else 0
    return f"clock {'+' if shift_ns > 0 else ''}{short_duration(shift_ns)}" if shift_ns else ""
