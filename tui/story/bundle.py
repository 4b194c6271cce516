"""A story to take along: the JSON object promised to programs, and Markdown for a ticket.

What is in it was redacted on the way in. The single-file HTML page is in `bundle_html`; where it is written is up to
the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo
from typing import Final

from tui.presentation.cells import calendar_day, clock, display_text, short_duration
from tui.presentation.record_json import dumps, record_json, rfc3339
from tui.story.bundle_html import html
from tui.story.elsewhere import Elsewhere
from tui.story.errors import StoryError
from tui.story.nodes import Node
from tui.story.page import PageLook, plain, waterfall_lines
from tui.story.timeline import Story

__all__ = ["html", "json_text", "markdown", "trace_json"]

MARKDOWN_WIDTH: Final = 100
MARKDOWN_RECORDS: Final = 500


def trace_json(story: Story) -> dict[str, object]:
    """The story with exactly the promised keys; times are RFC 3339 in UTC, unknown values null."""
    return {
        "ids": [{"kind": one.kind, "value": one.value} for one in story.ids],
        "start": rfc3339(story.start_ns),
        "end": rfc3339(story.end_ns),
        "duration_ns": story.duration_ns,
        "services": list(story.services),
        "spans": [_span_json(node) for node in story.spans],
        "records": [record_json(record) for record in story.records],
        "errors": [_error_json(error) for error in story.errors],
        "gaps": [
            {"start": rfc3339(gap.start_ns), "end": rfc3339(gap.end_ns), "reason": gap.reason} for gap in story.gaps
        ],
        "incomplete": list(story.incomplete),
    }


def json_text(story: Story) -> str:
    """`trace_json` as one line of JSON with a line feed."""
    return dumps(trace_json(story)).decode() + "\n"


def _span_json(node: Node) -> dict[str, object]:
    span = node.span
    ended = span.end_ns is not None
    return {
        "trace_id": span.trace_id,
        "span_id": span.span_id,
        "parent_span_id": node.parent_id,
        "service": span.service,
        "name": span.name,
        "start": rfc3339(node.start_ns),
        "end": rfc3339(node.end_ns) if ended else None,
        "duration_ns": node.end_ns - node.start_ns if ended else None,
        "self_ns": node.self_ns,
        "status": span.status,
        "measured": span.measured,
        "critical": node.critical,
        "source": span.source or None,
    }


def _error_json(error: StoryError) -> dict[str, object]:
    return {
        "type": error.type,
        "message": error.message,
        "stack": error.stack,
        "service": error.service,
        "time": rfc3339(error.time_ns),
        "span_id": error.span_id,
    }


def markdown(story: Story, *, zone: tzinfo = UTC, links: Sequence[Elsewhere] = ()) -> str:
    """The story for a ticket or a chat: the verdict, the waterfall as text, errors with stacks, the records."""
    parts = [f"# {_plain(story.title) or 'Request'}", f"**{_plain(story.verdict.text)}** · {_summary(story, zone)}"]
    parts.append("\n".join(f"- {one.kind}: {_code(one.value)}" for one in story.ids))
    if links:
        parts.append(" · ".join(f"[{_plain(one.tool)}]({one.url})" for one in links))
    if story.incomplete or story.notes:
        parts.append("\n".join(f"> {_plain(one)}" for one in (*story.incomplete, *story.notes)))
    bars = plain(waterfall_lines(story, PageLook(MARKDOWN_WIDTH, zone)))
    parts += ["## Timeline", _fenced(bars)] if bars else []
    if story.errors:
        parts.append("## Errors")
        parts += [_error_markdown(error, zone) for error in story.errors]
    if story.gaps:
        parts.append("## Gaps")
        parts.append("\n".join(_gap_markdown(story, number, zone) for number in range(len(story.gaps))))
    parts += ["## Records", _records_markdown(story, zone)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _summary(story: Story, zone: tzinfo) -> str:
    told = (
        [f"{calendar_day(story.start_ns, zone)} {clock(story.start_ns, zone)}".strip()]
        if story.start_ns is not None
        else []
    )
    told += [short_duration(story.duration_ns)] if story.duration_ns is not None else []
    told += [f"{len(story.services)} services", f"{len(story.records)} records", f"{len(story.errors)} errors"]
    return " · ".join([*told, "finished" if story.finished else "still running"])


def _error_markdown(error: StoryError, zone: tzinfo) -> str:
    head = f"### {_plain(error.what)}\n\n{clock(error.time_ns, zone)} · {_plain(error.service or 'unknown service')}"
    return f"{head}\n\n{_fenced(error.stack)}" if error.stack else head


def _gap_markdown(story: Story, number: int, zone: tzinfo) -> str:
    gap = story.gaps[number]
    return f"- {clock(gap.start_ns, zone)} {short_duration(gap.duration_ns)}: {_plain(gap.reason)}"


def _records_markdown(story: Story, zone: tzinfo) -> str:
    lines = []
    for record in story.records[:MARKDOWN_RECORDS]:
        message = record.message.split("\n", 1)[0]
        level, service = (record.level or "").upper(), record.service or record.source
        lines.append(f"{clock(record.time_ns, zone)} {level:5} {service}  {message}")
    text = _fenced("\n".join(lines))
    left = len(story.records) - MARKDOWN_RECORDS
    return text + (f"\n\n{left:,} more records are left out here." if left > 0 else "")


def _fenced(text: str) -> str:
    """A code block whose fence is longer than any run of backticks in it."""
    lines = "\n".join(display_text(line) for line in text.rstrip("\n").split("\n"))
    longest, run = 2, 0
    for character in lines:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    fence = "`" * (longest + 1)
    return f"{fence}\n{lines}\n{fence}"


def _code(text: str) -> str:
    return "`" + display_text(text).replace("`", "'") + "`"


def _plain(text: str) -> str:
    """Text on one line in which nothing is markup."""
    shown = display_text(text.replace("\n", " "))
    return "".join("\\" + c if c in "\\`*_{}[]<>#|~&" else c for c in shown)
