"""Bars in block characters: the ruler and bars of a waterfall, and the columns of a histogram.

Positions are fractions of the time shown; nothing here knows what a bar stands for, its style name and kind are given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Final

from tui.presentation.cells import short_duration
from tui.record import Drawn, Piece
from tui.values import frozen

MEASURED: Final = "measured"
INFERRED: Final = "inferred"
OPEN: Final = "open"

_LEVELS: Final = " ▁▂▃▄▅▆▇█"
_ASCII_LEVELS: Final = " .:-=+*%#"
_UNITS: Final = ((60_000_000_000, "min"), (1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "µs"), (1, "ns"))
_STEPS_NS: Final = tuple(step * 10**power for power in range(18) for step in (1, 2, 5))
_MINUTE_STEPS_NS: Final = tuple(s * 1_000_000_000 for s in (60, 120, 300, 600, 1800, 3600, 7200, 21600, 43200, 86400))


@frozen
class Stretch:
    """One part of a bar, from and to as fractions of the time shown; parts outside 0 to 1 are cut."""

    start: float
    end: float
    kind: str = MEASURED
    style: str = "bar"


@frozen
class Mark:
    """An error at its time."""

    at: float
    style: str = "bar.error"


def bar(
    stretches: Iterable[Stretch], width: int, marks: Iterable[Mark] = (), *, ascii_only: bool = False, rest: str = " "
) -> Drawn:
    """A bar of exactly `width` cells: measured parts solid with ends to the half cell, inferred ones hollow, open ones
    with an arrow, errors as crosses. Anything is drawn at least one cell wide. `rest` fills between several parts."""
    if width <= 0:
        return ()
    cells: list[Piece] = [(" ", "text")] * width
    parts = sorted(stretches, key=lambda one: (one.start, one.end))
    for early, late in pairwise(parts) if rest != " " else ():
        begin = max(0, int(max(early.end, early.start) * width) + 1)
        for cell in range(begin, min(width, int(late.start * width))):
            cells[cell] = (rest if (cell - begin) % 2 == 0 else " ", "dim")
    for one in parts:
        if one.end < 0 or one.start > 1:
            continue
        draw = _solid if one.kind == MEASURED else _hollow
        draw(cells, one, width, ascii_only)
    for mark in marks:
        if -0.001 <= mark.at <= 1.001:
            cells[_cell(mark.at, width)] = ("x" if ascii_only else "✗", mark.style)
    return _joined(cells)


def _cell(fraction: float, width: int) -> int:
    return min(width - 1, max(0, int(fraction * width)))


def _solid(cells: list[Piece], one: Stretch, width: int, ascii_only: bool) -> None:
    # in halves of a cell
    low = max(0, min(2 * width - 1, round(one.start * 2 * width)))
    high = max(low + 1, min(2 * width, round(one.end * 2 * width)))
    full = "#" if ascii_only else "█"
    for cell in range(low // 2, (high + 1) // 2):
        left, right = low <= 2 * cell, high >= 2 * cell + 2
        glyph = full if ascii_only or (left and right) else "▌" if left else "▐"
        if not left and not right:
            glyph = "▐"
        cells[cell] = (glyph, one.style)


def _hollow(cells: list[Piece], one: Stretch, width: int, ascii_only: bool) -> None:
    low, high = _cell(one.start, width), _cell(max(one.start, one.end - 1e-9), width)
    begin, line, end, alone = ("=", "=", "=", "=") if ascii_only else ("╞", "═", "╡", "◇")
    if one.kind == OPEN:
        end = alone = ">" if ascii_only else "▶"
    for cell in range(low, high + 1):
        glyph = alone if low == high else begin if cell == low else end if cell == high else line
        cells[cell] = (glyph, one.style)


def _joined(cells: Sequence[Piece]) -> Drawn:
    return tuple(("".join([text for text, _ in run]), style) for style, run in groupby(cells, itemgetter(1)))


def ruler(duration_ns: int, width: int, *, start_ns: int = 0) -> Drawn:
    """A ruler of exactly `width` cells for `duration_ns` from `start_ns` after the beginning: `+0 ms  400  800 …`.

    The first label carries the unit; each one begins at the cell of its time.
    """
    if width <= 0:
        return ()
    labels = _labels(start_ns, max(1, duration_ns), width)
    cells = [" "] * width
    reached = 0
    for cell, label in labels:
        if cell >= reached and cell + len(label) <= width:
            cells[cell : cell + len(label)] = label
            reached = cell + len(label) + 1
    return (("".join(cells), "dim"),)


def _labels(start_ns: int, duration_ns: int, width: int) -> list[tuple[int, str]]:
    room = max(1, width // 10)
    steps = _STEPS_NS if duration_ns < 120_000_000_000 else _MINUTE_STEPS_NS
    step = next((one for one in steps if duration_ns // one <= room), duration_ns)
    unit_ns, unit = next(known for known in _UNITS if step >= known[0])
    if unit == "ms" and duration_ns >= 10_000_000_000:
        unit_ns, unit = 1_000_000_000, "s"
    found: list[tuple[int, str]] = []
    for time_ns in range(-(-start_ns // step) * step, start_ns + duration_ns + 1, step):
        if unit == "min":
            label = short_duration(time_ns) if time_ns else "+0 min"
        else:
            number = f"{time_ns / unit_ns:.3f}".rstrip("0").rstrip(".")
            label = number if found else f"+{number} {unit}"
        found.append((int((time_ns - start_ns) / duration_ns * width), label))
    return found


def columns(counts: Sequence[int], width: int, *, ascii_only: bool = False) -> str:
    """Counts as columns `▁▂▃▄▅▆▇█` in exactly `width` cells, neighbours added up when there are more; nothing is flat:
    a count above zero is never drawn as none."""
    if width <= 0:
        return ""
    if not counts:
        return " " * width
    if len(counts) > width:
        edges = [number * len(counts) // width for number in range(width + 1)]
        shown = [sum(counts[low:high]) for low, high in pairwise(edges)]
    else:
        shown = list(counts)
    levels = _ASCII_LEVELS if ascii_only else _LEVELS
    most = max(shown)
    drawn = "".join(levels[-(-count * 8 // most)] if most > 0 and count > 0 else levels[0] for count in shown)
    return drawn.ljust(width)
