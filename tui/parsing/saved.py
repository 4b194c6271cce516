"""What this program itself wrote: the JSON of a request's story, and the records of a query, as spans and records again.

Bars that were made of records are left out: they are made anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from tui.parsing.draft import Draft, Setting
from tui.parsing.elements import Json, as_text, flat, objects, span_draft, text
from tui.parsing.structured import read_fields
from tui.parsing.timestamps import parse_time
from tui.record import LEVELS, MADE, Error, Severity, Span

FORMAT: Final = "tracetail"
_STORY: Final = frozenset({"spans", "records", "errors", "gaps", "incomplete"})
_RECORD: Final = frozenset({"time", "time_source", "message", "ids", "fields", "source", "offset", "raw"})
_STATUSES: Final = ("ok", "error")


def is_story(value: Json) -> bool:
    """Whether an object is a story as `trace --output json` and the save key write it, or a part that it was cut into."""
    return value.keys() >= _STORY and all(isinstance(value[name], list) for name in _STORY)


def is_record(value: Json) -> bool:
    """Whether an object is a record as `query --output ndjson` writes it."""
    return value.keys() >= _RECORD and isinstance(value["fields"], dict) and isinstance(value["ids"], list)


def drafts(story: Json, setting: Setting) -> Iterator[Draft]:
    """The measured spans and the records of a story."""
    errors = {str(one["span_id"]): one for one in objects(story["errors"]) if one.get("span_id")}
    for span in _spans(story):
        yield _span(span, errors.get(str(span.get("span_id"))))
    for record in objects(story["records"]):
        yield from record_drafts(record, setting)


def split(story: Json) -> Iterator[tuple[int, Json]]:
    """A story for each span and each record."""
    empty: dict[str, object] = {name: [] for name in sorted(_STORY)}
    errors = {str(one["span_id"]): one for one in objects(story["errors"]) if one.get("span_id")}
    for span in _spans(story):
        own = errors.get(str(span.get("span_id")))
        yield _time(span.get("start")) or 0, {**empty, "spans": [span], "errors": [own] if own else []}
    for record in objects(story["records"]):
        yield _time(record.get("time")) or 0, record


def record_drafts(record: Json, setting: Setting) -> Iterator[Draft]:
    """The one record that an object is."""
    level = record.get("level")
    told = record.get("fields")
    fields = flat(told) if isinstance(told, dict) else {}
    time_ns = _time(record.get("time"))
    yield Draft(
        message=text(record.get("message")) or "",
        time_ns=time_ns,
        time_source=text(record.get("time_source")) if time_ns is not None else None,
        zoned=True,
        severity=Severity[level.upper()] if isinstance(level, str) and level in LEVELS else 0,
        service=text(record.get("service")),
        logger=text(record.get("logger")),
        ids=[
            (kind, value)
            for one in objects(record.get("ids"))
            if (kind := text(one.get("kind"))) and (value := text(one.get("value")))
        ],
        error=_error(record.get("error")),
        fields=fields,
        duration_ns=read_fields(fields, setting, FORMAT).duration_ns if fields else None,
        format=FORMAT,
        own_message=True,
        raw=text(record.get("raw")),
    )


def record_split(record: Json) -> Iterator[tuple[int, Json]]:
    yield _time(record.get("time")) or 0, record


def _spans(story: Json) -> Iterator[Json]:
    return (
        one
        for one in objects(story["spans"])
        if one.get("measured") is True and _time(one.get("start")) and not str(one.get("span_id")).startswith(MADE)
    )


def _span(span: Json, error: Json | None) -> Draft:
    status = text(span.get("status"))
    told = Span(
        span_id=text(span.get("span_id")) or "",
        name=text(span.get("name")) or "",
        start_ns=_time(span.get("start")) or 0,
        end_ns=_time(span.get("end")),
        service=text(span.get("service")),
        trace_id=text(span.get("trace_id")),
        parent_span_id=text(span.get("parent_span_id")),
        status=status if status in _STATUSES else "unset",
        error=_error(error),
    )
    return span_draft(told, FORMAT, as_text(span))


def _error(value: object) -> Error | None:
    if not isinstance(value, Mapping):
        return None
    found = Error(text(value.get("type")), text(value.get("message")), text(value.get("stack")))
    return found if found.type or found.message or found.stack else None


def _time(value: object) -> int | None:
    return parse_time(value) if isinstance(value, str) else None
