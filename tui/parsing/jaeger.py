"""Traces as Jaeger's older API answers them and its UI saves them -> spans and their logs.

Times are microseconds. A file is `{"data": [trace, …]}`, `{"data": trace}`, a list of traces or one trace; stores keep
each span by itself with its process inside. (Answers of the newer API are OTLP.)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tui.parsing.draft import Draft, Setting
from tui.parsing.elements import (
    US,
    Json,
    error_of,
    event_draft,
    first,
    flat,
    nanoseconds,
    objects,
    span_draft,
    text,
    whole,
)
from tui.parsing.ids import canonical_value
from tui.record import Span

FORMAT: Final = "jaeger"
_STATUS: Final = {"OK": "ok", "ERROR": "error"}
_TRUE: Final = (True, "true", 1)


def is_document(value: Json) -> bool:
    """Whether an object is a trace, a list of traces under `data`, or a span with its process."""
    data = value.get("data")
    return any(_is_trace(one) for one in objects(data)[:1]) or _is_trace(value) or _is_span(value)


def _is_trace(value: Json) -> bool:
    spans = value.get("spans")
    return isinstance(spans, list) and ("processes" in value or any(_is_span(one) for one in objects(spans)[:1]))


def _is_span(value: Json) -> bool:
    return "spanID" in value and "traceID" in value and ("operationName" in value or "startTime" in value)


def drafts(value: Json, setting: Setting) -> Iterator[Draft]:
    """All records of a document, in its order."""
    for span, process in _spans(value):
        yield from _span_drafts(span, process, setting)


def split(value: Json) -> Iterator[tuple[int, Json]]:
    """The same as documents of one span each, with their times."""
    for span, process in _spans(value):
        name = text(span.get("processID")) or "p1"
        trace = {
            "traceID": span.get("traceID"),
            "spans": [{**span, "processID": name}],
            "processes": {name: process},
        }
        yield nanoseconds(span.get("startTime"), US), {"data": [trace]}


def _spans(value: Json) -> Iterator[tuple[Json, Json]]:
    """Every span with its process."""
    traces = objects(value["data"]) if "data" in value else [value]
    for trace in traces:
        if _is_span(trace):
            yield trace, _process(trace, {})
            continue
        found = trace.get("processes")
        processes = found if isinstance(found, dict) else {}
        for span in objects(trace.get("spans")):
            own = span if span.get("traceID") else {**span, "traceID": trace.get("traceID")}
            yield own, _process(span, processes)


def _process(span: Json, processes: Json) -> Json:
    own = span.get("process")
    found = own if isinstance(own, dict) else processes.get(str(span.get("processID")))
    return found if isinstance(found, dict) else {}


def _span_drafts(span: Json, process: Json, setting: Setting) -> Iterator[Draft]:
    tags = _tags(span.get("tags"))
    around = _tags(process.get("tags"))
    logs = [(log, _tags(log.get("fields"))) for log in objects(span.get("logs"))]
    trace = _id(span.get("traceID"))
    parent, links = _references(span, trace)
    state = _STATUS.get(str(tags.get("otel.status_code")).upper(), "error" if tags.get("error") in _TRUE else "unset")
    told = [error for _, fields in logs if (error := error_of(fields, None)) is not None]
    start_ns = nanoseconds(span.get("startTime"), US)
    description = text(tags.get("otel.status_description"))
    made = Span(
        span_id=_id(span.get("spanID")) or "",
        name=text(span.get("operationName")) or "",
        start_ns=start_ns,
        end_ns=start_ns + nanoseconds(span.get("duration"), US) if start_ns else None,
        service=text(process.get("serviceName")),
        trace_id=trace,
        parent_span_id=parent,
        status=state,
        attributes=tags,
        error=(told[-1] if told else error_of(tags, description)) if state == "error" else None,
    )
    logger = first((tags.get("otel.scope.name"), tags.get("otel.library.name")))
    yield span_draft(made, FORMAT, span, logger=logger, links=links, more=around, told_by_event=bool(told))
    for log, fields in logs:
        name = first((fields.get("event"), fields.get("message"))) or "event"
        yield event_draft(made, name, nanoseconds(log.get("timestamp"), US), fields, FORMAT, log, setting)


def _references(span: Json, trace: str | None) -> tuple[str | None, list[str]]:
    """The parent: what the span is a child of, else what it follows from, in its own trace first; and other traces."""
    found: list[tuple[int, str]] = []
    links: list[str] = []
    for number, one in enumerate(objects(span.get("references"))):
        other, where = _id(one.get("spanID")), _id(one.get("traceID"))
        follows = str(one.get("refType")).upper() != "CHILD_OF"
        foreign = where is not None and trace is not None and where[-16:] != trace[-16:]
        if foreign and where is not None:
            links.append(where)
        if other is not None and not (foreign and follows):
            found.append((foreign * 1000 + follows * 100 + number, other))
    return min(found)[1] if found else _id(span.get("parentSpanID")), links


def _id(value: object) -> str | None:
    return canonical_value(value, "padded") if isinstance(value, str) else None


def _tags(value: object) -> dict[str, object]:
    """Tags by name; whole numbers beyond what a browser can count come as text."""
    if isinstance(value, dict):
        return flat(value)
    return flat({str(one["key"]): _tag(one) for one in objects(value) if "key" in one})


def _tag(one: Json) -> object:
    value = one.get("value")
    if str(one.get("type")).lower() in ("int64", "long") and isinstance(value, str):
        return whole(value)
    for name in ("vStr", "vBool", "vInt64", "vFloat64", "vBinary"):
        if value is None:
            value = one.get(name)
    return value
