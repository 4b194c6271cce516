"""Windows: the parts of a long line that the rules look at.

Owns where they lie, around what the gate hits, and when a line holds too much to be looked at. Of a megabyte of JSON on
one line only the surroundings of possible secrets cost more than the gate.
"""

from __future__ import annotations

from collections.abc import Callable

from tui.redaction.parts import Parts
from tui.redaction.spans import Span
from tui.typed import Final

LONG_LINE_BYTES: Final = 4096
"""Lines up to here are looked at whole."""

BEFORE_BYTES: Final = 400
AFTER_BYTES: Final = 800
MARGIN_BYTES: Final = 48
"""What begins closer to a window's cut edge than this may be the rest of something longer; it has a window of its own."""

MAX_HITS: Final = 4_000
MAX_LOOKED_BYTES: Final = 4 << 20

Rules = Callable[[bytes], list[Span]]


def windowed_spans(line: bytes, rules: Rules, gate: Parts) -> list[Span] | None:
    """What the rules find in a long line; None when there is more in it than can be looked at in time."""
    windows = _windows(line, gate)
    if windows is None:
        return None
    return [span for start, end in windows for span in _spans(line, start, end, rules)]


def _windows(line: bytes, gate: Parts) -> list[tuple[int, int]] | None:
    windows: list[tuple[int, int]] = []
    looked = 0
    for number, hit in enumerate(gate.hits(line)):
        start, end = max(0, hit[0] - BEFORE_BYTES), min(len(line), hit[1] + AFTER_BYTES)
        if windows and start <= windows[-1][1]:
            looked += end - windows[-1][1]
            windows[-1] = windows[-1][0], end
        else:
            looked += end - start
            windows.append((start, end))
        if number >= MAX_HITS or looked > MAX_LOOKED_BYTES:
            return None
    return windows


def _spans(line: bytes, start: int, end: int, rules: Rules) -> list[Span]:
    """The rules' spans that begin in one window, which is widened while one of them runs over its end."""
    found: list[Span] = []
    least = MARGIN_BYTES if start else 0
    for more in (0, 1 << 12, 1 << 16, len(line)):
        stop = min(len(line), end + more)
        found = [span for span in rules(line[start:stop]) if least <= span.start < end - start]
        if stop == len(line) or all(span.end < stop - start - MARGIN_BYTES for span in found):
            break
    return [span._replace(start=span.start + start, end=span.end + start) for span in found]
