"""The waterfall of a story as drawn lines: a ruler and one bar per row in sight.

Owns what a drawn line of a story is, for `page`, which draws the header and the records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, tzinfo
from functools import partial
from typing import Final

from tui.presentation.bars import INFERRED, MEASURED, OPEN, Mark, Stretch, bar, ruler
from tui.presentation.cells import cell_width, clock, display_text, fit, service_style, short_duration
from tui.record import Drawn, Piece
from tui.story import minimap
from tui.story.findings import Gap
from tui.story.rows import Part, Row
from tui.story.timeline import Story
from tui.story.window import Window
from tui.values import frozen

Key = tuple[str, int]

HEADER: Final = "header"
NOTE: Final = "note"
RULER: Final = "ruler"
ROW: Final = "row"
GAP: Final = "gap"
RECORD: Final = "record"
STACK: Final = "stack"
_DURATION_CELLS: Final = 9


class PageLine:
    """One line, exactly as wide as asked, and what it shows; drawn when somebody looks at it, and then kept."""

    __slots__ = ("_drawing", "gap", "kind", "record_key", "row_id", "time_ns")

    def __init__(
        self,
        drawing: Drawn | Callable[[], Drawn],
        kind: str,
        row_id: str | None = None,
        record_key: Key | None = None,
        time_ns: int | None = None,
        gap: Gap | None = None,
    ) -> None:
        """`kind` is header, note, ruler, row, gap, record, stack or blank."""
        self._drawing = drawing
        self.kind = kind
        self.row_id = row_id
        self.record_key = record_key
        self.time_ns = time_ns
        self.gap = gap

    @property
    def drawn(self) -> Drawn:
        if not isinstance(self._drawing, tuple):
            self._drawing = self._drawing()
        return self._drawing


@frozen
class PageLook:
    """How a page is drawn."""

    width: int
    zone: tzinfo = UTC
    ascii_only: bool = False
    folded: frozenset[str] = frozenset()
    """Ids of rows whose children are hidden."""
    opened: frozenset[Key] | None = None
    """Keys of records whose stacks are shown; None shows each distinct stack once."""
    stack_lines: int = 200
    """How many lines of a stack are shown."""
    window: Window | None = None
    """The time that the bars show; None for the whole story."""
    sought: str = ""
    """What is looked for: where it stands is marked."""


def count(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}"


@frozen
class _Columns:
    """Cells of a line of the waterfall; they add up to the width."""

    name: int
    service: int
    bar: int
    note: int


def _columns(look: PageLook, rows: Sequence[Row]) -> _Columns:
    width = look.width
    name = 30 if width >= 110 else 25 if width >= 80 else max(12, width // 3)
    note = 26 if width >= 130 else 12 if width >= 100 else 0
    bars = width - 1 - name - 1 - _DURATION_CELLS - 1 - note
    if bars < 8:
        name = max(0, name - (8 - bars))
        bars = max(0, width - 1 - name - 1 - _DURATION_CELLS - 1 - note)
    deepest: dict[str, int] = {}
    for row in rows:
        deepest[row.service] = max(row.depth, deepest.get(row.service, 0))
    needed = max((2 * depth + cell_width(display_text(name)) for name, depth in deepest.items()), default=0)
    return _Columns(name, min(needed, name * 11 // 20), bars, note)


def waterfall_lines(story: Story, look: PageLook) -> tuple[PageLine, ...]:
    """The ruler and a line for each row in sight; nothing for a story without times."""
    if story.start_ns is None or story.end_ns is None or not story.rows:
        return ()
    low, high = story.start_ns, story.end_ns
    if look.window is not None:
        low, high = look.window.low_ns, look.window.high_ns
    seen = story.visible_rows(look.folded)
    columns = _columns(look, seen)
    total = fit(short_duration(high - low), _DURATION_CELLS, "right")
    marks = [(" ", "text"), (fit(clock(low, look.zone), columns.name), "time"), (" ", "text")]
    line = [*marks, *ruler(high - low, columns.bar, start_ns=low - story.start_ns), (" ", "text"), (total, "dim")]
    lines = [PageLine(filled(line, look.width), RULER, time_ns=low)]
    if minimap.is_wanted(story, look.window):
        lines.insert(0, _map_line(story, columns, look))
    rails: list[bool] = []
    most_rails = max(2, columns.name // 3) // 2
    span = low, max(low + 1, high)
    for row in seen:
        del rails[row.depth :]
        # deep trees keep their names: only the innermost rails are drawn
        inner = tuple(rails[max(1, len(rails) - most_rails) :])
        rails.append(row.last)
        drawing = partial(_row_line, row, inner, span, columns, look)
        lines.append(PageLine(drawing, ROW, row.row_id, None, row.start_ns))
    return tuple(lines)


def _map_line(story: Story, columns: _Columns, look: PageLook) -> PageLine:
    """The whole story above the part of it that the bars show."""
    drawn = minimap.minimap(story, look.window, columns.bar, ascii_only=look.ascii_only)
    share = f"1:{story.duration_ns / look.window.length_ns:,.0f}" if look.window and story.duration_ns else "all"
    name = fit(f"{count(len(story.spans), 'span')} under way", columns.name)
    tail = fit(share, _DURATION_CELLS, "right")
    return PageLine(
        filled([(" ", "text"), (name, "dim"), (" ", "text"), *drawn, (" ", "text"), (tail, "dim")], look.width), RULER
    )


def _rail(last: bool, ascii_only: bool) -> str:
    return "  " if last else "| " if ascii_only else "│ "


def _row_line(row: Row, rails: Sequence[bool], span: tuple[int, int], columns: _Columns, look: PageLook) -> Drawn:
    branch = (
        ""
        if row.depth == 0
        else ("` " if look.ascii_only else "└ ")
        if row.last
        else ("+ " if look.ascii_only else "├ ")
    )
    if row.children and row.row_id in look.folded:
        branch += "> " if look.ascii_only else "▸ "
    tree = "".join(_rail(last, look.ascii_only) for last in rails) + branch
    tree = tree[-max(2, columns.name // 3) :] if len(tree) > max(2, columns.name // 3) else tree
    service_cells = max(0, min(columns.name, max(columns.service, len(tree) + 4)) - len(tree))
    name_cells = max(0, columns.name - len(tree) - service_cells - 1)
    times = f" ×{row.retries or row.repeats}" if row.retries or row.repeats else ""
    times = times.replace("×", "x") if look.ascii_only else times
    label = fit(_cut_to(row.name, name_cells - len(times)) + times, name_cells) if name_cells else ""
    pieces: list[Piece] = [(" ", "text"), (fit(tree, len(tree)), "dim")]
    pieces += [(fit(row.service, service_cells), service_style(row.service)), (" " if name_cells else "", "text")]
    pieces += [(label, "error" if row.status == "error" else "text")]
    pieces = [*filled(pieces, columns.name + 1), (" ", "text")]
    pieces += _bar_of(row, span, columns.bar, look.ascii_only)
    length = short_duration(row.duration_ns) if not row.open else short_duration(row.duration_ns) + "…"
    pieces += [(" ", "text"), (fit(length, _DURATION_CELLS, "right"), "text" if row.critical else "dim")]
    if columns.note:
        pieces.append((fit("  " + _note(row), columns.note), "warn" if row.notes else "dim"))
    return marked(filled(pieces, look.width), look.sought)


def _cut_to(text: str, width: int) -> str:
    return text if cell_width(display_text(text)) <= width else fit(text, max(1, width)).rstrip()


def _note(row: Row) -> str:
    """The answer and what is odd, then what the bar rests on when nothing measured it."""
    inferred = [] if row.measured else [f"no span: from {count(len(row.basis), 'line')}" if row.basis else "no span"]
    return "  ".join(part for part in (row.answer, *row.notes[:2], *inferred) if part)


def _bar_of(row: Row, span: tuple[int, int], width: int, ascii_only: bool) -> Drawn:
    low, high = span
    length = high - low
    style = service_style(row.service) if row.critical else "bar"
    parts = [
        Stretch((part.start_ns - low) / length, (part.end_ns - low) / length, _kind(part), _part_style(part, style))
        for part in row.parts[:1000]
    ]
    marks = [Mark((time_ns - low) / length) for time_ns, _ in row.marks[:1000]]
    if row.end_ns < low or row.start_ns > high:
        return _elsewhere(row.end_ns < low, width, ascii_only)
    rest = "·" if row.retries else " "
    return bar(parts, width, marks, ascii_only=ascii_only, rest="." if ascii_only and row.retries else rest)


def _elsewhere(before: bool, width: int, ascii_only: bool) -> Drawn:
    """An arrow to where the bar is, outside of what is shown."""
    if before:
        return ((fit("<" if ascii_only else "◂", width), "dim"),)
    return ((fit(">" if ascii_only else "▸", width, "right"), "dim"),)


def _kind(part: Part) -> str:
    return OPEN if part.open else MEASURED if part.measured else INFERRED


def _part_style(part: Part, style: str) -> str:
    if part.open:
        return "bar.open"
    return style if part.measured or style != "bar" else "bar.inferred"


def marked(drawn: Drawn, sought: str) -> Drawn:
    """The same cells with a text marked wherever a piece says it; in any case of letters, unless it has capitals."""
    if not sought:
        return drawn
    any_case = sought == sought.lower()
    pieces: list[Piece] = []
    for text, style in drawn:
        said, at = text.lower() if any_case else text, 0
        # letters whose lower case is longer would move the marks
        while len(said) == len(text) and (found := said.find(sought, at)) >= 0:
            pieces += [(text[at:found], style), (text[found : found + len(sought)], "match")]
            at = found + len(sought)
        pieces.append((text[at:], style))
    return tuple(piece for piece in pieces if piece[0])


def filled(pieces: Iterable[Piece], width: int) -> Drawn:
    """The pieces in exactly `width` cells: the one that crosses the edge is cut, the rest left out, or spaces added."""
    kept: list[Piece] = []
    left = width
    for text, style in pieces:
        if left <= 0:
            break
        size = cell_width(text)
        if size > left:
            text, size = fit(text, left), left
        if text:
            kept.append((text, style))
        left -= size
    if left > 0:
        kept.append((" " * left, "text"))
    return tuple(kept)
