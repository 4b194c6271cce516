"""All that is known of one record and what it was read from, as lines that stand for a name and a value, for copying."""

from __future__ import annotations

from datetime import tzinfo
from typing import Final

from tui.parsing.provenance import id_name, reasons
from tui.presentation.cells import calendar_day, cell_width, clock, display_text, fit, service_style, short_duration
from tui.presentation.fault_lines import fault_lines
from tui.presentation.folding import folded
from tui.presentation.log_line import LEVEL_WORDS
from tui.record import Drawn, Error, Record

LABEL_CELLS: Final = 18
MAX_VALUE_LINES: Final = 60


def detail_lines(record: Record, width: int, zone: tzinfo) -> list[tuple[Drawn, tuple[str, str]]]:
    """Lines at most `width` cells wide; each stands for (name, whole value)."""
    lines: list[tuple[Drawn, tuple[str, str]]] = []

    def add(name: str, value: str, style: str = "text", note: str = "") -> None:
        lines.extend(value_lines(name, value, style, note, width))

    why = {name: f"← {display_text(one)}" for name, one in reasons(record, zone).items()}
    if record.time_ns is not None:
        when = f"{calendar_day(record.time_ns, zone)} {clock(record.time_ns, zone)}"
        add("time", when, "time", why.get("time", ""))
    if record.level:
        add("level", LEVEL_WORDS[record.level], f"level.{record.level}", why.get("level", ""))
    if record.service:
        add("service", record.service, service_style(record.service), why.get("service", ""))
    if record.logger:
        add("logger", record.logger, "text", why.get("logger", ""))
    add("message", record.message, "text", why.get("message", ""))
    if record.duration_ns is not None:
        add("duration", short_duration(record.duration_ns), "text", why.get("duration", ""))
    for one in record.ids:
        opens = "" if one.kind == "span" else "t opens its request"
        add(f"{one.kind} id", one.value, "id", "  ".join(part for part in (why.get(id_name(one), ""), opens) if part))
    if record.error is not None:
        for name, text in (("error", record.error.type), ("error message", record.error.message)):
            if text:
                add(name, text, "error")
        lines.extend(_stack_lines(record.error, width))
    for name, value in record.fields.items():
        add(name, "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value))
    for note in record.notes:
        add("note", note, "hint")
    place = f"line {record.line:,} of " if record.line else ""
    add("source", f"{place}{record.source}, byte {record.offset:,}", "dim")
    add("format", record.format, "dim")
    add("raw", record.raw, "dim")
    return lines


def _stack_lines(error: Error, width: int) -> list[tuple[Drawn, tuple[str, str]]]:
    """The error's places and what it came out of; each line stands for the stack as it was written."""
    if not error.stack:
        return []
    room = max(10, width - LABEL_CELLS - 2)
    told = fault_lines(error)
    shown = [*told[:MAX_VALUE_LINES], *([("… the rest is in the copy", "hint")] if len(told) > MAX_VALUE_LINES else [])]
    lines: list[tuple[Drawn, tuple[str, str]]] = []
    for text, style in shown:
        for part in folded(display_text(text[: 4 * room * MAX_VALUE_LINES]), room):
            label = fit("" if lines else "stack", LABEL_CELLS, "right")
            lines.append((((label, "dim"), ("  ", "text"), (part, style)), ("stack", error.stack)))
    return lines


def value_lines(name: str, value: str, style: str, note: str, width: int) -> list[tuple[Drawn, tuple[str, str]]]:
    """One named value, folded to the width; each line stands for (name, whole value)."""
    room = max(10, width - LABEL_CELLS - 2)
    parts: list[str] = []
    for line in value.split("\n"):
        parts += folded(display_text(line[: 4 * room * (MAX_VALUE_LINES + 1)]), room)
        if len(parts) > MAX_VALUE_LINES:
            parts = [*parts[:MAX_VALUE_LINES], "… the rest is in the copy"]
            break
    lines: list[tuple[Drawn, tuple[str, str]]] = []
    for number, part in enumerate(parts):
        label = fit(name if number == 0 else "", LABEL_CELLS, "right")
        tail = (
            (("  ", "dim"), (note, "hint"))
            if note and number == 0 and cell_width(part) + cell_width(note) + 2 <= room
            else ()
        )
        lines.append((((label, "dim"), ("  ", "text"), (part, style), *tail), (name, value)))
    return lines
