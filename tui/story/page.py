"""A story as drawn lines: header, ruler and waterfall, then the records with gaps and stacks where they belong.

Every line says what it shows, so that a viewer can link a cursor in one part to the others. Colours are names; keys,
scrolling and the cursor are the viewer's. `tracetail trace` prints the same lines.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Final

from tui.presentation.bars import INFERRED, MEASURED, OPEN, Mark, Stretch, bar, ruler
from tui.presentation.cells import cell_width, clock, display_text, fit, service_style, short_duration, short_id
from tui.presentation.log_line import message_of, telling_fields
from tui.record import Drawn, Piece, Record
from tui.story.findings import Gap
from tui.story.inference import service_name
from tui.story.rows import Part, Row
from tui.story.timeline import Story

Key = tuple[str, int]

HEADER: Final = "header"
NOTE: Final = "note"
RULER: Final = "ruler"
ROW: Final = "row"
GAP: Final = "gap"
RECORD: Final = "record"
STACK: Final = "stack"
BLANK: Final = "blank"
_ONE_LINE_HEADER: Final = 100
_DURATION_CELLS: Final = 9
_VERDICT_STYLES: Final = {"failed": "error", "slow": "warn", "ok": "ok", "running": "hint", "empty": "dim"}


@dataclass(frozen=True, slots=True)
class PageLine:
    """One drawn line, exactly as wide as asked, and what it shows."""

    drawn: Drawn
    kind: str
    """header, note, ruler, row, gap, record, stack or blank."""
    row_id: str | None = None
    record_key: Key | None = None
    time_ns: int | None = None


@dataclass(frozen=True, slots=True)
class PageLook:
    """How a page is drawn."""

    width: int
    zone: tzinfo = UTC
    ascii_only: bool = False
    folded: frozenset[str] = frozenset()
    """Ids of rows whose children are hidden."""
    opened: frozenset[Key] = frozenset()
    """Keys of records whose stacks are shown."""
    window: tuple[int, int] | None = None
    """Start and end of the time that the bars show, nanoseconds; None for the whole story."""


def page(story: Story, look: PageLook) -> tuple[PageLine, ...]:
    """The whole story: header, waterfall, records; every line is exactly `look.width` cells wide."""
    return (*header_lines(story, look), *waterfall_lines(story, look), *record_lines(story, look))


def plain(lines: Iterable[PageLine]) -> str:
    """The text of lines, without styles and trailing spaces, each ended by a line feed."""
    return "".join("".join(text for text, _ in line.drawn).rstrip() + "\n" for line in lines)


def header_lines(story: Story, look: PageLook) -> tuple[PageLine, ...]:
    """The answer: what was asked, how it ended, where and why, how long it took; then what may be missing."""
    head: list[Piece] = [(" ", "text")]
    if story.ids:
        head += [(short_id(story.ids[0].value), "id"), ("  ", "text")]
    if story.title:
        head += [(display_text(story.title), "bold"), ("   ", "text")]
    head.append((display_text(story.verdict.text), _VERDICT_STYLES.get(story.verdict.state, "text")))
    facts = _facts(story)
    used = sum(cell_width(text) for text, _ in head)
    if look.width >= _ONE_LINE_HEADER and used + cell_width(facts) + 3 <= look.width:
        gap = look.width - used - cell_width(facts) - 1
        lines = [PageLine((*head, (" " * gap, "text"), (facts, "dim"), (" ", "text")), HEADER)]
    else:
        lines = [
            PageLine(_filled(head, look.width), HEADER),
            PageLine(_filled([(" " + facts, "dim")], look.width), HEADER),
        ]
    for text, style in [
        *((f" ! {one}", "warn") for one in story.incomplete),
        *((f" · {one}", "dim") for one in story.notes[:5]),
    ]:
        lines.append(PageLine(_filled([(display_text(text), style)], look.width), NOTE))
    return tuple(lines)


def _facts(story: Story) -> str:
    told = [_length(story)] if story.duration_ns is not None else []
    told += [_count(len(story.services), "service"), _count(len(story.records), "record")]
    told += [_count(len(story.errors), "error")] if story.errors else []
    return " · ".join([*told, "finished" if story.finished else "still running"])


def _length(story: Story) -> str:
    """How long the caller waited, and how long it went on after that."""
    whole = story.duration_ns or 0
    root = story.rows[0] if story.rows else None
    if root is None or root.open or not root.measured or story.end_ns is None or story.start_ns != root.start_ns:
        return short_duration(whole)
    after = story.end_ns - root.end_ns
    return short_duration(root.duration_ns) + (f" (+{short_duration(after)} after)" if after > whole // 100 else "")


def _count(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}"


# -- the waterfall


@dataclass(frozen=True, slots=True)
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
    needed = max((2 * row.depth + cell_width(display_text(row.service)) for row in rows), default=0)
    return _Columns(name, min(needed, name * 11 // 20), bars, note)


def waterfall_lines(story: Story, look: PageLook) -> tuple[PageLine, ...]:
    """The ruler and a line for each row in sight; nothing for a story without times."""
    if story.start_ns is None or story.end_ns is None or not story.rows:
        return ()
    low, high = look.window or (story.start_ns, story.end_ns)
    seen = story.visible_rows(look.folded)
    columns = _columns(look, seen)
    total = fit(short_duration(high - low), _DURATION_CELLS, "right")
    marks = [(" ", "text"), (fit(clock(low, look.zone), columns.name), "time"), (" ", "text")]
    line = [*marks, *ruler(high - low, columns.bar, start_ns=low - story.start_ns), (" ", "text"), (total, "dim")]
    lines = [PageLine(_filled(line, look.width), RULER, time_ns=low)]
    rails: list[bool] = []
    for row in seen:
        rails = rails[: row.depth]
        prefix = "".join(_rail(last, look.ascii_only) for last in rails[1:])
        rails.append(row.last)
        drawn = _row_line(row, prefix, (low, max(low + 1, high)), columns, look)
        lines.append(PageLine(drawn, ROW, row.row_id, row.basis[0] if row.basis else None, row.start_ns))
    return tuple(lines)


def _rail(last: bool, ascii_only: bool) -> str:
    return "  " if last else "| " if ascii_only else "│ "


def _row_line(row: Row, prefix: str, span: tuple[int, int], columns: _Columns, look: PageLook) -> Drawn:
    branch = (
        ""
        if row.depth == 0
        else ("` " if look.ascii_only else "└ ")
        if row.last
        else ("+ " if look.ascii_only else "├ ")
    )
    if row.children and row.row_id in look.folded:
        branch += "> " if look.ascii_only else "▸ "
    tree = prefix + branch
    # deep trees keep their names: only the innermost rails are drawn
    tree = tree[-max(2, columns.name // 3) :] if len(tree) > max(2, columns.name // 3) else tree
    service_cells = max(0, min(columns.name, max(columns.service, len(tree) + 4)) - len(tree))
    name_cells = max(0, columns.name - len(tree) - service_cells - 1)
    count = f" ×{row.retries or row.repeats}" if row.retries or row.repeats else ""
    count = count.replace("×", "x") if look.ascii_only else count
    label = fit(_cut_to(row.name, name_cells - len(count)) + count, name_cells) if name_cells else ""
    pieces: list[Piece] = [(" ", "text"), (fit(tree, len(tree)), "dim")]
    pieces += [(fit(row.service, service_cells), service_style(row.service)), (" " if name_cells else "", "text")]
    pieces += [(label, "error" if row.status == "error" else "text")]
    pieces = [*_filled(pieces, columns.name + 1), (" ", "text")]
    pieces += _bar_of(row, span, columns.bar, look.ascii_only)
    length = short_duration(row.duration_ns) if not row.open else short_duration(row.duration_ns) + "…"
    pieces += [(" ", "text"), (fit(length, _DURATION_CELLS, "right"), "text" if row.critical else "dim")]
    if columns.note:
        pieces.append((fit("  " + _note(row), columns.note), "warn" if row.notes else "dim"))
    return _filled(pieces, look.width)


def _cut_to(text: str, width: int) -> str:
    return text if cell_width(display_text(text)) <= width else fit(text, max(1, width)).rstrip()


def _note(row: Row) -> str:
    """The answer and what is odd, then what the bar rests on when nothing measured it."""
    inferred = [] if row.measured else [f"no span: from {_count(len(row.basis), 'line')}" if row.basis else "no span"]
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
    rest = "·" if row.retries else " "
    return bar(parts, width, marks, ascii_only=ascii_only, rest="." if ascii_only and row.retries else rest)


def _kind(part: Part) -> str:
    return OPEN if part.open else MEASURED if part.measured else INFERRED


def _part_style(part: Part, style: str) -> str:
    if part.open:
        return "bar.open"
    return style if part.measured or style != "bar" else "bar.inferred"


# -- the records


def record_lines(story: Story, look: PageLook) -> tuple[PageLine, ...]:
    """The records in order, gaps where nothing was said, opened stacks below their records."""
    lines: list[PageLine] = []
    gaps = list(story.gaps)
    for record in story.records:
        while gaps and record.time_ns is not None and gaps[0].end_ns <= record.time_ns:
            lines.append(gap_line(gaps.pop(0), look))
        lines.append(record_line(story, record, look))
        if record.key in look.opened:
            lines += stack_lines(story, record, look)
    return (*lines, *(gap_line(gap, look) for gap in gaps))


def gap_line(gap: Gap, look: PageLook) -> PageLine:
    rule = "-" if look.ascii_only else "─"
    text = f" {rule}{rule} gap {short_duration(gap.duration_ns)}: {gap.reason} "
    drawn = _filled([(text + rule * max(0, look.width - cell_width(text) - 1), "gap")], look.width)
    return PageLine(drawn, GAP, time_ns=gap.start_ns)


def record_line(story: Story, record: Record, look: PageLook) -> PageLine:
    """Time, level, service, message and the fields that say most; at the right edge whether there is a stack."""
    wide = look.width >= 70
    level = record.level or "none"
    service = service_name(record)
    time = clock(record.time_ns, look.zone)
    pieces: list[Piece] = [(" ", "text"), (time if wide else time[:8], "time"), ("  " if wide else " ", "text")]
    pieces += [(fit(record.level or "", 5).upper(), f"level.{level}"), ("  " if wide else " ", "text")]
    pieces += [(fit(service, 12 if wide else 8), service_style(service)), (" ", "text")]
    stack = _stack_of(record)
    open_mark, closed_mark = ("-", "+") if look.ascii_only else ("▾", "▸")
    tail = f" {open_mark if record.key in look.opened else closed_mark} stack ({len(stack)})" if stack else ""
    room = max(0, look.width - sum(cell_width(text) for text, _ in pieces) - cell_width(tail))
    body: list[Piece] = [(message_of(record), f"level.{level}" if level in ("error", "fatal") else "text")]
    body += [(f"  {name}={value}", "dim") for name, value in telling_fields(record, 4)] if wide else []
    drawn = _filled([*pieces, *_filled(body, room), (tail, "hint")], look.width)
    return PageLine(drawn, RECORD, story.row_of.get(record.key), record.key, record.time_ns)


def stack_lines(story: Story, record: Record, look: PageLook, limit: int = 200) -> tuple[PageLine, ...]:
    """The stack of a record's error, one line for each of its lines."""
    row_id = story.row_of.get(record.key)
    stack = _stack_of(record)
    shown = [*stack[:limit], *([f"… {len(stack) - limit} more lines"] if len(stack) > limit else [])]
    lead = "  | " if look.ascii_only else "  ┊ "
    drawn = (
        _filled([(lead, "dim"), (display_text(text), "error" if not text[:1].isspace() else "text")], look.width)
        for text in shown
    )
    return tuple(PageLine(line, STACK, row_id, record.key, record.time_ns) for line in drawn)


def _stack_of(record: Record) -> Sequence[str]:
    stack = record.error.stack if record.error is not None else None
    return stack.rstrip("\n").split("\n") if stack else ()


def _filled(pieces: Collection[Piece], width: int) -> Drawn:
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
