"""What was told twice, told once: spans that came in two documents, log lines that came in two ways.

Exporters send again what they got no answer to, tracers tell of a span first open and then ended, and a log line may
reach us as a line and as a record of OTLP or a breadcrumb of Sentry. Errors are merged in `errors`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from tui.record import Record, Span
from tui.story.errors import SAME_WITHIN_NS
from tui.story.inference import service_name
from tui.values import replace

ROUNDED_NS: Final = 2_000
"""Formats that count in microseconds round begin and length each for itself."""
DOCUMENTS: Final = frozenset({"otlp", "jaeger", "zipkin", "sentry", "sentry-breadcrumb"})
"""Formats whose records may repeat what a log says."""


def distinct_spans(spans: Iterable[Span]) -> list[Span]:
    """Each operation once; those of one id that differ in name, service or time stay apart.

    The order in which they are given does not matter: what is known whole comes first.
    """
    groups: dict[tuple[str, str, str], list[Span]] = {}
    for span in sorted(spans, key=_wholeness):
        key = ((span.trace_id or "")[-16:], span.span_id, (span.service or "").casefold())
        known = groups.setdefault(key, [])
        for at, other in enumerate(known):
            if span.span_id and _alike(other, span):
                known[at] = _joined(other, span)
                break
        else:
            known.append(span)
    return [span for known in groups.values() for span in known]


def _wholeness(span: Span) -> tuple[bool, bool, int, int, str, str]:
    return span.start_ns <= 0, span.end_ns is None, span.start_ns, span.end_ns or 0, span.name, span.source


def _alike(one: Span, other: Span) -> bool:
    """Whether two reports are of one operation; what one of them does not know does not tell them apart."""
    if one.name and other.name and one.name.casefold() != other.name.casefold():
        return False
    if one.start_ns > 0 and other.start_ns > 0 and abs(one.start_ns - other.start_ns) > ROUNDED_NS:
        return False
    return one.end_ns is None or other.end_ns is None or abs(one.end_ns - other.end_ns) <= ROUNDED_NS


def _joined(one: Span, other: Span) -> Span:
    """What both reports know; the finer times of those that were rounded."""
    starts = [span.start_ns for span in (one, other) if span.start_ns > 0]
    ends = [span.end_ns for span in (one, other) if span.end_ns is not None]
    said = {one.status, other.status}
    return replace(
        one,
        name=one.name or other.name,
        start_ns=max(starts, key=_digits, default=0),
        end_ns=max(ends, key=_digits, default=None),
        trace_id=max(one.trace_id or "", other.trace_id or "", key=len) or None,
        parent_span_id=one.parent_span_id or other.parent_span_id,
        status="error" if "error" in said else "ok" if "ok" in said else "unset",
        attributes={**other.attributes, **one.attributes},
        basis=tuple(dict.fromkeys((*one.basis, *other.basis))),
        error=one.error or other.error,
    )


def _digits(time_ns: int) -> tuple[bool, int]:
    return time_ns % 1_000 != 0, -time_ns


def distinct_records(records: Sequence[Record]) -> list[Record]:
    """Records in their order, without those that repeat what another one of the same service said.

    Only what a document tells can repeat a line, within a second; two lines of logs are always two.
    """
    groups: dict[tuple[str, str, str], list[Record]] = {}
    for record in records:
        if record.trace_id:
            key = (record.trace_id[-16:], service_name(record).casefold(), record.message.strip())
            groups.setdefault(key, []).append(record)
    gone: set[tuple[str, int]] = set()
    for alike in groups.values():
        if len(alike) > 1 and any(one.format in DOCUMENTS for one in alike):
            gone.update(_repeated(alike))
    return [record for record in records if record.key not in gone] if gone else list(records)


def _repeated(alike: Sequence[Record]) -> list[tuple[str, int]]:
    """Keys of the records to leave out: each record stands for one at most of every other way that it came."""
    kept: list[tuple[Record, set[str]]] = []
    gone: list[tuple[str, int]] = []
    for record in sorted(alike, key=_fullness, reverse=True):
        way = record.source if record.format not in DOCUMENTS else f"{record.source} {record.format}"
        for other, ways in kept:
            if _same(other, record, way in ways):
                ways.add(way)
                gone.append(record.key)
                break
        else:
            kept.append((record, {way}))
    return gone


def _same(one: Record, other: Record, same_way: bool) -> bool:
    apart_ns = abs((one.time_ns or 0) - (other.time_ns or 0))
    if one.span_id and other.span_id and one.span_id != other.span_id:
        return False
    if same_way:
        # every event of Sentry brings the breadcrumbs along that those before it brought
        return one.format == other.format == "sentry-breadcrumb" and apart_ns == 0
    return apart_ns <= SAME_WITHIN_NS and (one.format in DOCUMENTS or other.format in DOCUMENTS)


def _fullness(record: Record) -> tuple[bool, bool, bool, int]:
    stack = record.error is not None and record.error.stack is not None
    return stack, record.span_id is not None, record.format != "sentry-breadcrumb", len(record.fields)
