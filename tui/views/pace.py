"""How often the screen is drawn, and how many rows of a flood are worth drawing. Times in seconds, handed in."""

from __future__ import annotations

from typing import Final

ALL_PER_S: Final = 100
"""Up to so many rows a second are all drawn."""
SOME_PER_S: Final = 25
"""How many are drawn when more come than anybody can read: each costs time here, and bytes on the way to the eye."""


class FramePace:
    """When the next frame is due: at once after a quiet time, else at the given rate."""

    def __init__(self, fps: int) -> None:
        self._asked_s = self.every_s = 1 / max(1, fps)
        self._last_s = float("-inf")

    def limit(self, frames_s: float | None) -> None:
        """Draw no more often than this from now on; None: as often as was asked for at first."""
        self.every_s = self._asked_s if frames_s is None else max(self._asked_s, 1 / frames_s)

    def wait_s(self, now_s: float) -> float:
        """How long to wait with the next frame."""
        return max(0.0, self._last_s + self.every_s - now_s)

    def drawn(self, now_s: float) -> None:
        """A frame has just been drawn."""
        self._last_s = now_s


class Flood:
    """Whether more rows come than are worth drawing, and how many of them are drawn then.

    A screenful at once is none, nor is what stays below ALL_PER_S for long; it is over when that has been so again for
    as long as it takes to save up a screenful.
    """

    def __init__(self) -> None:
        self._left = self._some = 0.0
        self._at_s = float("-inf")
        self._flooded = False
        self.limit(None)

    def limit(self, rows_s: float | None) -> None:
        """Draw no more rows a second than this from now on; None: as many as ever."""
        self._all_s = ALL_PER_S if rows_s is None else min(ALL_PER_S, rows_s)
        self._some_s = SOME_PER_S if rows_s is None else min(SOME_PER_S, rows_s)

    def room(self, screenful: int, now_s: float) -> int:
        """How many rows may be drawn now, while it lasts."""
        passed_s = min(10.0, max(0.0, now_s - self._at_s))
        return max(1, int(min(screenful, self._some + passed_s * self._some_s)))

    def draw(self, came: int, screenful: int, now_s: float) -> int | None:
        """How many of the rows that came now to draw, the newest ones; None for all."""
        passed_s = min(10.0, max(0.0, now_s - self._at_s))
        self._at_s = now_s
        left = min(screenful, self._left + passed_s * self._all_s) - min(came, screenful)
        self._some = min(screenful, self._some + passed_s * self._some_s)
        self._left = max(0.0, left)
        self._flooded = left < 0 or (self._flooded and left < screenful / 2)
        if not self._flooded:
            return None
        drawn = min(came, max(1, int(self._some)))
        self._some -= drawn
        return drawn
