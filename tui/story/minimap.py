"""A whole story in one line: how much was under way at each time, where it failed, and which part the bars show."""

from __future__ import annotations

from itertools import accumulate, groupby
from operator import itemgetter
from typing import Final

from tui.presentation.bars import columns
from tui.record import Drawn
from tui.story.timeline import Story
from tui.story.window import Window

ROWS_FROM: Final = 40
"""From so many rows on they are not seen at one glance."""


def is_wanted(story: Story, window: Window | None) -> bool:
    """Whether the bars do not tell it all: they show a part of the time, or there are many of them."""
    return window is not None or len(story.rows) >= ROWS_FROM


def minimap(story: Story, window: Window | None, width: int, *, ascii_only: bool = False) -> Drawn:
    """Exactly `width` cells for the whole time of the story: bright what the window shows, red where something failed."""
    if story.start_ns is None or story.end_ns is None or width <= 0:
        return ((" " * max(0, width), "text"),)
    low, length = story.start_ns, max(1, story.end_ns - story.start_ns)

    def cell(time_ns: int) -> int:
        return max(0, min(width - 1, (time_ns - low) * width // length))

    begun = [0] * (width + 1)
    for node in story.spans:
        begun[cell(node.start_ns)] += 1
        begun[cell(node.end_ns) + 1] -= 1
    drawn = columns(list(accumulate(begun[:width])), width, ascii_only=ascii_only)
    failed = {cell(one.time_ns) for one in story.errors if one.time_ns is not None}
    first, last = (cell(window.low_ns), cell(window.high_ns)) if window else (0, width - 1)

    def style(at: int) -> str:
        return "bar.error" if at in failed else "key" if first <= at <= last else "dim"

    cells = [(_floor(letter, ascii_only, at in failed), style(at)) for at, letter in enumerate(drawn)]
    return tuple(("".join(text for text, _ in run), name) for name, run in groupby(cells, itemgetter(1)))


def _floor(letter: str, ascii_only: bool, failed: bool) -> str:
    """Something to see where nothing was under way, and where colour alone would tell of a failure."""
    if failed:
        return "x" if ascii_only else "✗"
    return letter if letter != " " else "." if ascii_only else "·"
