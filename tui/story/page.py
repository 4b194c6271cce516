"""A story as drawn lines: header, ruler and waterfall, then the records with gaps and stacks where they belong.

Every line says what it shows, so that a viewer can link a cursor in one part to the others. Colours are names; keys,
scrolling and the cursor are the viewer's. `tracetail trace` prints the same lines.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, tzinfo
from functools import partial
from typing import Final

from tui.presentation.cells import cell_width, clock, display_text, fit, service_style, short_duration, short_id
from tui.presentation.fault_lines import fault_lines, frame_count
from tui.presentation.log_line import message_of
from tui.presentation.telling import telling_fields
from tui.record import Drawn, Piece, Record
from tui.story.errors import fingerprint
from tui.story.findings import Gap
from tui.story.inference import service_name
from tui.story.timeline import Story
from tui.story.waterfall import (
    GAP,
    HEADER,
    NOTE,
    RECORD,
    STACK,
    PageLine,
    PageLook,
    count,
    filled,
    marked,
    waterfall_lines,
)
from tui.story.window import Window

__all__ = ["PageLine", "PageLook", "compose", "page", "plain", "waterfall_lines"]

Key = tuple[str, int]

_ONE_LINE_HEADER: Final = 100
_VERDICT_STYLES: Final = {"failed": "error", "slow": "warn", "ok": "ok", "running": "hint", "empty": "dim"}


def page(story: Story, look: PageLook) -> tuple[PageLine, ...]:
    """The whole story: header, waterfall, records; every line is exactly `look.width` cells wide.

    What takes time is drawn when somebody looks at it: of a long story few lines are in sight.
    """
    return (*header_lines(story, look), *waterfall_lines(story, look), *record_lines(story, look))


def compose(
    story: Story,
    width: int,
    *,
    zone: tzinfo = UTC,
    folded: Collection[str] = (),
    opened: Collection[Key] | None = None,
    ascii_only: bool = False,
    window: Window | None = None,
    stack_lines: int = 12,
) -> tuple[PageLine, ...]:
    """The whole story as `page` draws it; see `PageLook` for what the arguments mean."""
    keys = None if opened is None else frozenset(opened)
    return page(story, PageLook(width, zone, ascii_only, frozenset(folded), keys, stack_lines, window))


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
            PageLine(filled(head, look.width), HEADER),
            PageLine(filled([(" " + facts, "dim")], look.width), HEADER),
        ]
    for text, style in [
        *((f" ! {one}", "warn") for one in story.incomplete),
        *((f" ! {one.text}", "warn") for one in story.skews[:3]),
        *((f" · {one}", "dim") for one in story.notes[:5]),
    ]:
        lines.append(PageLine(filled([(display_text(text), style)], look.width), NOTE))
    return tuple(lines)


def _facts(story: Story) -> str:
    told = [_length(story)] if story.duration_ns is not None else []
    told += [count(len(story.services), "service"), count(len(story.records), "record")]
    told += [count(len(story.errors), "error")] if story.errors else []
    return " · ".join([*told, "finished" if story.finished else "still running"])


def _length(story: Story) -> str:
    """How long the caller waited, and how long it went on after that."""
    whole = story.duration_ns or 0
    root = story.rows[0] if story.rows else None
    if root is None or root.open or not root.measured or story.end_ns is None or story.start_ns != root.start_ns:
        return short_duration(whole)
    after = story.end_ns - root.end_ns
    return short_duration(root.duration_ns) + (f" (+{short_duration(after)} after)" if after > whole // 100 else "")


def record_lines(story: Story, look: PageLook) -> tuple[PageLine, ...]:
    """The records in order, gaps where nothing was said, opened stacks below their records."""
    lines: list[PageLine] = []
    gaps = list(story.gaps)
    opened = _first_of_each_stack(story) if look.opened is None else look.opened
    for record in story.records:
        while gaps and record.time_ns is not None and gaps[0].end_ns <= record.time_ns:
            lines.append(gap_line(gaps.pop(0), look))
        lines.append(record_line(story, record, look, opened=record.key in opened))
        if record.key in opened:
            lines += stack_lines(story, record, look)
    return (*lines, *(gap_line(gap, look) for gap in gaps))


def _first_of_each_stack(story: Story) -> frozenset[Key]:
    """Attempts fail with one stack many times: it is shown with the first."""
    first: dict[str, Key] = {}
    for error in story.errors:
        if error.stack and error.record_key is not None:
            first.setdefault(fingerprint(error.type, error.message, error.stack), error.record_key)
    return frozenset(first.values())


def gap_line(gap: Gap, look: PageLook) -> PageLine:
    rule = "-" if look.ascii_only else "─"
    text = f" {rule}{rule} gap {short_duration(gap.duration_ns)}: {gap.reason} "
    drawn = filled([(text + rule * max(0, look.width - cell_width(text) - 1), "gap")], look.width)
    return PageLine(drawn, GAP, time_ns=gap.start_ns, gap=gap)


def record_line(story: Story, record: Record, look: PageLook, *, opened: bool = False) -> PageLine:
    """Time, level, service, message and the fields that say most; at the right edge whether there is a stack."""
    drawing = partial(_record_drawn, record, look, opened)
    return PageLine(drawing, RECORD, story.row_of.get(record.key), record.key, record.time_ns)


def _record_drawn(record: Record, look: PageLook, opened: bool) -> Drawn:
    wide = look.width >= 70
    level = record.level or "none"
    service = service_name(record)
    time = clock(record.time_ns, look.zone)
    pieces: list[Piece] = [(" ", "text"), (time if wide else time[:8], "time"), ("  " if wide else " ", "text")]
    pieces += [(fit(record.level or "", 5).upper(), f"level.{level}"), ("  " if wide else " ", "text")]
    pieces += [(fit(service, 12 if wide else 8), service_style(service)), (" ", "text")]
    stack = _stack_size(record)
    open_mark, closed_mark = ("-", "+") if look.ascii_only else ("▾", "▸")
    tail = f" {open_mark if opened else closed_mark} stack ({stack})" if stack else ""
    room = max(0, look.width - sum(cell_width(text) for text, _ in pieces) - cell_width(tail))
    body: list[Piece] = [(message_of(record), f"level.{level}" if level in ("error", "fatal") else "text")]
    body += [(f"  {name}={value}", "dim") for name, value in telling_fields(record, 4)] if wide else []
    return marked(filled([*pieces, *filled(body, room), (tail, "hint")], look.width), look.sought)


def stack_lines(story: Story, record: Record, look: PageLook) -> tuple[PageLine, ...]:
    """The places of a record's error and what it came out of, as far as the look allows."""
    limit = look.stack_lines
    row_id = story.row_of.get(record.key)
    told = fault_lines(record.error) if record.error is not None else []
    shown = [*told[:limit], *([(f"… {len(told) - limit} more lines", "text")] if len(told) > limit else [])]
    lead = "  | " if look.ascii_only else "  ┊ "
    drawn = (filled([(lead, "dim"), (display_text(text), style)], look.width) for text, style in shown)
    return tuple(PageLine(line, STACK, row_id, record.key, record.time_ns) for line in drawn)


def _stack_size(record: Record) -> int:
    """How many places the record's error tells; lines, of a stack that nobody can read; 0 without one."""
    error = record.error
    if error is None or not error.stack:
        return 0
    return frame_count(error) or error.stack.strip("\n").count("\n") + 1
