"""Records out of short lines, for tables of cases: "milliseconds service LEVEL message | field=value …"."""

from __future__ import annotations

from collections.abc import Iterable

from tui.record import Error, Id, Record, Severity
from tui.story.rows import Row
from tui.story.timeline import Story

T0_NS = 1_795_442_529_000_000_000
MS = 1_000_000


def record_from(line: str, offset: int = 0, source: str = "") -> Record:
    text, _, tail = line.partition(" | ")
    at_ms, service, level, message = text.split(" ", 3)
    fields = dict(pair.split("=", 1) for pair in tail.split())
    said = {name: fields.pop(name) for name in ("span", "parent", "duration", "error", "trace") if name in fields}
    kind, _, what = said.get("error", "").partition(":")
    trace = said.get("trace")
    return Record(
        source=source or f"{service}.log",
        offset=offset,
        raw=line,
        message=message,
        time_ns=T0_NS + round(float(at_ms) * MS),
        severity=Severity[level],
        service=service,
        trace_id=trace,
        span_id=said.get("span"),
        parent_span_id=said.get("parent"),
        ids=(Id("trace", trace),) if trace else (),
        error=Error(kind, what, f"{kind}: {what}\n    at charge (/srv/app/charge.js:8:1)") if kind else None,
        fields={key: int(value) if value.isdecimal() else value for key, value in fields.items()},
        duration_ns=round(float(said["duration"]) * MS) if "duration" in said else None,
    )


def records_from(lines: Iterable[str]) -> list[Record]:
    return [record_from(line, number * 100) for number, line in enumerate(lines)]


def told(story: Story) -> list[str]:
    return [_told(row) for row in story.rows]


def _told(row: Row) -> str:
    times = f"{ms(row.start_ns)}-{ms(row.end_ns)}"
    count = [f"x{row.retries or row.repeats}"] if row.retries or row.repeats else []
    parts = [f"{'  ' * row.depth}{row.service}", row.name, times, "m" if row.measured else "i", row.status, *count]
    return " | ".join(parts)


def ms(time_ns: int) -> str:
    return f"{(time_ns - T0_NS) / MS:g}"
