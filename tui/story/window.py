"""The time that the bars of a waterfall show: closer, farther, earlier, later; never outside the whole story."""

from __future__ import annotations

from typing import Final

from tui.values import frozen

LEAST_NS: Final = 1_000
"""No closer than this: clocks of different hosts never agree so well."""


@frozen
class Window:
    """From and to, nanoseconds since 1970 UTC; never empty."""

    low_ns: int
    high_ns: int

    @property
    def length_ns(self) -> int:
        return self.high_ns - self.low_ns


def zoomed(whole: Window, window: Window | None, at_ns: int | None, *, closer: bool) -> Window | None:
    """Half or twice of what is shown, with a moment in its middle as far as that goes; None once it is the whole."""
    shown = window or whole
    length = shown.length_ns // 2 if closer else shown.length_ns * 2
    length = max(min(LEAST_NS, whole.length_ns), length)
    middle = (shown.low_ns + shown.high_ns) // 2 if at_ns is None else at_ns
    return _placed(whole, middle - length // 2, length)


def panned(whole: Window, window: Window | None, direction: int) -> Window | None:
    """A quarter of what is shown earlier (-1) or later (1)."""
    if window is None:
        return None
    return _placed(whole, window.low_ns + direction * max(1, window.length_ns // 4), window.length_ns)


def _placed(whole: Window, low_ns: int, length: int) -> Window | None:
    if length >= whole.length_ns:
        return None
    low_ns = max(whole.low_ns, min(low_ns, whole.high_ns - length))
    return Window(low_ns, low_ns + length)
