"""All that is known of one row of a waterfall, as lines with what each stands for.

A line stands for (name, whole value), for copying, or for the key of a record, to be shown in the log.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import Final

from tui.presentation.cells import calendar_day, clock, display_text, fit, service_style, short_duration
from tui.presentation.detail_lines import LABEL_CELLS, value_lines
from tui.presentation.fault_lines import what_of
from tui.presentation.log_line import message_of
from tui.record import Drawn
from tui.story.inference import BEGAN
from tui.story.nodes import STRETCH, Node
from tui.story.rows import Row
from tui.story.timeline import Story

MOST_SPANS: Final = 50
"""So many attempts or equal calls are told one by one."""


def row_lines(story: Story, row: Row, width: int, zone: tzinfo) -> list[tuple[Drawn, object]]:
    """Times, what it rests on, every attempt, attributes and the log lines that belong to it."""
    nodes = story.spans[row.spans[0] : row.spans[1]]
    lines: list[tuple[Drawn, object]] = []
    for name, fact, style in _facts(story, row, nodes, zone):
        lines += value_lines(name, fact, style, "", width)
    for node in _repeated(row, nodes):
        if len(lines) > MOST_SPANS + 20:
            lines.append((((f"{'':>{LABEL_CELLS}}  … of {len(nodes):,} in all", "hint"),), None))
            break
        lines += value_lines("attempt" if row.retries else "call", _one(story, node), "text", "", width)
    for node in nodes[:1]:
        for key, value in node.span.attributes.items():
            if key in (STRETCH, BEGAN):
                continue
            lines += value_lines(key, str(value), "text", "", width)
    return [*lines, *_record_lines(story, row, width, zone)]


def _facts(story: Story, row: Row, nodes: tuple[Node, ...], zone: tzinfo) -> Iterator[tuple[str, str, str]]:
    yield "operation", row.name, "bold"
    yield "service", row.service, service_style(row.service)
    after = short_duration(row.start_ns - (story.start_ns or row.start_ns))
    yield "starts", f"{calendar_day(row.start_ns, zone)} {clock(row.start_ns, zone)}, {after} after the request", "time"
    open_ = ", and still under way" if row.open else ""
    yield "took", f"{short_duration(row.duration_ns)}{open_}, of it itself {short_duration(row.self_ns)}", "text"
    if row.status != "unset" or row.answer:
        yield (
            "ended",
            " ".join(filter(None, (row.status if row.status != "unset" else "", row.answer))),
            ("error" if row.status == "error" else "text"),
        )
    yield "known from", _basis(row), "text"
    if row.critical:
        yield "critical path", "the request would have been over sooner without it", "text"
    for note in row.notes:
        yield "note", note, "warn"
    for node in nodes[:MOST_SPANS]:
        if node.span.error is not None:
            yield "error", what_of(node.span.error), "error"
    first = nodes[0].span if nodes else None
    if first is not None and row.measured:
        yield "span id", first.span_id, "id"
        if first.parent_span_id:
            yield "parent span id", first.parent_span_id, "id"
    if first is not None and first.trace_id:
        yield "trace id", first.trace_id, "id"
    if first is not None and first.source:
        yield "source", first.source, "dim"


def _basis(row: Row) -> str:
    lines = f"{len(row.basis):,} log line{'' if len(row.basis) == 1 else 's'}"
    if row.measured:
        return "its own measurement" + (f"; {lines}" if row.basis else "")
    guess = "; whose work it was part of is a guess from the times" if row.guessed else ""
    return f"{lines}: no tracer measured it{guess}"


def _repeated(row: Row, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """The attempts, without the whole that they are part of, or the equal calls."""
    if row.retries:
        return tuple(node for node in nodes if "attempt" in node.span.attributes)
    return nodes if row.repeats else ()


def _one(story: Story, node: Node) -> str:
    after = short_duration(node.start_ns - (story.start_ns or node.start_ns))
    failed = "  failed" if node.span.status == "error" else ""
    return f"+{after}  {short_duration(node.end_ns - node.start_ns)}{failed}"


def _record_lines(story: Story, row: Row, width: int, zone: tzinfo) -> list[tuple[Drawn, object]]:
    keys = frozenset(row.basis)
    lines: list[tuple[Drawn, object]] = []
    for record in story.records:
        if record.key not in keys:
            continue
        label = fit("" if lines else "log lines", LABEL_CELLS, "right")
        level = f"level.{record.level or 'none'}"
        text = f"{fit((record.level or '').upper(), 5)}  {display_text(message_of(record))}"
        time = clock(record.time_ns, zone)
        room = max(10, width - LABEL_CELLS - 4 - len(time))
        lines.append(
            (((label, "dim"), ("  ", "text"), (time, "time"), ("  ", "text"), (fit(text, room), level)), record.key)
        )
    return lines
