"""What documents of tracers consist of, whatever the format: spans, their events and log records -> drafts.

Owns what is common: numbers that come as text, times in units, flat attributes, ids and errors of an element. The names
and units of a format are its own module's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson

from tui.parsing.draft import Draft, Setting
from tui.parsing.ids import Found, canonical_value
from tui.parsing.json_lines import flatten
from tui.parsing.plans import plan_for
from tui.parsing.problems import read_problem
from tui.parsing.structured import ids_of_fields, read_fields
from tui.parsing.timestamps import parse_time
from tui.record import Error, Severity, Span

Json = Mapping[str, Any]
"""An object of a document."""

FEW_LINKS: Final = 4
"""A span that is linked to more traces than these is a batch: its links join nothing."""
_FAULTS: Final = ("error", "exception")
"""Names of events that tell of a failure whatever they hold."""
US: Final = 1_000
S: Final = 1_000_000_000


def objects(value: object) -> list[Json]:
    """The objects of a list; those of a single one that stands for itself."""
    if isinstance(value, Mapping):
        return [value]
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def whole(value: object) -> int:
    """A whole number, also one that is written as text; 0 for anything else."""
    if isinstance(value, int):
        return int(value)
    try:
        return int(value) if isinstance(value, str | float) else 0
    except (ValueError, OverflowError):
        return 0


def nanoseconds(value: object, unit_ns: int) -> int:
    """A time since 1970 in a unit, or as RFC 3339; 0 for none. Microseconds of fractions stay exact."""
    if isinstance(value, float) and abs(value) < 1e15:
        return round(value * (unit_ns // US)) * US if unit_ns >= S else int(value * unit_ns)
    if isinstance(value, str) and value[:1].isdigit() and not value.isdecimal():
        try:
            return nanoseconds(float(value), unit_ns)
        except ValueError:
            return parse_time(value) or 0
    return max(0, whole(value)) * unit_ns


def text(value: object) -> str | None:
    """A text that says something, else None."""
    return value if isinstance(value, str) and value else None


def trace_id(value: object) -> str | None:
    """The canonical form of an id in hex of any case, with zeros left out, or in base64."""
    return _padded(canonical_value(value, "base64"))


def span_id(value: object) -> str | None:
    return _padded(canonical_value(value, "base64"))


def _padded(value: str | None) -> str | None:
    if value is None or len(value) in (16, 32):
        return value
    digits = value.strip("0123456789abcdef") == "" and len(value) <= 32
    return value.zfill(16 if len(value) <= 16 else 32) if digits else value


def span_draft(
    span: Span,
    kind: str,
    raw: object,
    *,
    logger: str | None = None,
    links: Sequence[str] = (),
    more: Mapping[str, object] | None = None,
    told_by_event: bool = False,
) -> Draft:
    """The record that a span is: its name at its start, with its duration and what it failed with.

    `more` are fields that are not the span's own, but of what it ran in. What an event tells with its stack is told
    here in short.
    """
    failed = span.status == "error"
    fields = {**(more or {}), **span.attributes}
    own: list[Found] = [
        (name, value)
        for name, value in (("trace", span.trace_id), ("span", span.span_id), ("parent", span.parent_span_id))
        if value
    ]
    linked = dict.fromkeys(("trace", one) for one in links if one and one != span.trace_id)
    error = span.error if failed else None
    if error is not None and told_by_event:
        error = Error(error.type, error.message)
    said = error.message or error.type if error is not None else None
    return Draft(
        message=f"{span.name}: {said}" if said else span.name,
        time_ns=span.start_ns or None,
        time_source="inner" if span.start_ns else None,
        zoned=True,
        severity=Severity.ERROR if failed else 0,
        service=span.service,
        logger=logger,
        ids=[*own, *(linked if len(linked) <= FEW_LINKS else ()), *ids_of_fields(fields)],
        error=error,
        fields=fields,
        duration_ns=None if span.end_ns is None or not span.start_ns else span.end_ns - span.start_ns,
        format=kind,
        own_message=True,
        span=span,
        raw=as_text(raw),
    )


def error_of(attributes: Mapping[str, object], description: str | None) -> Error | None:
    """What a failed span says of its failure: by its attributes, else by the description of its status."""
    found = read_problem(plan_for(attributes).errors, attributes)
    if found is None:
        return Error(None, description) if description else None
    said = description or text(attributes.get("message"))
    return Error(found.type, found.message or _without_type(found.type, said), found.stack)


def _without_type(kind: str | None, description: str | None) -> str | None:
    return description.removeprefix(f"{kind}: ") if description and kind else description


def event_draft(
    span: Span, name: str, time_ns: int, attributes: dict[str, object], kind: str, raw: object, setting: Setting
) -> Draft:
    """Something that happened during a span: an exception, or whatever its code wrote down."""
    draft = read_fields(attributes, setting, kind)
    if draft.error is not None and (draft.error.type or draft.error.stack):
        draft.error = error_of(attributes, None) or draft.error
        draft.severity = max(draft.severity, Severity.ERROR)
        draft.message = ": ".join(part for part in (draft.error.type, draft.error.message) if part)
    elif not draft.own_message:
        draft.message = name
    if name in _FAULTS and draft.error is None:
        draft.error, draft.severity = Error(None, draft.message), max(draft.severity, Severity.ERROR)
    return _placed(draft, span, time_ns or span.start_ns, raw)


def _placed(draft: Draft, span: Span, time_ns: int, raw: object) -> Draft:
    """A draft that belongs to a span."""
    own = (("trace", span.trace_id), ("span", span.span_id))
    draft.ids = [*((name, value) for name, value in own if value), *(one for one in draft.ids if one[0] != "parent")]
    draft.time_ns, draft.time_source, draft.zoned = time_ns or None, "inner" if time_ns else None, True
    draft.service = span.service
    draft.raw = as_text(raw)
    return draft


def flat(attributes: Mapping[str, object]) -> dict[str, object]:
    """Attributes by dotted name, scalars only."""
    return flatten(attributes)


def ended(start_ns: int, end_ns: int) -> int | None:
    """The end of a span; None for one that has none yet. It cannot lie before its start."""
    return max(start_ns, end_ns) if end_ns > 0 else None


def as_text(value: object) -> str | None:
    """JSON of an element, as it stands in a document without white space."""
    return None if value is None else orjson.dumps(value, default=str).decode("utf-8", "replace")


def first(values: Iterable[object]) -> str | None:
    """The first text that says something."""
    return next((found for value in values if (found := text(value)) is not None), None)
