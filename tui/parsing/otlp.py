"""OTLP in JSON -> spans, their events, log records and what is said of metrics.

Takes what collectors write to files and send, and what protobuf libraries and Tempo make of the same messages: ids in
hex of any case or in base64, numbers or names of enumerations, numbers as text, names in camelCase or snake_case, the
instrumentation libraries of older versions; also the spans that the console exporters of SDKs print.
"""

# a word list
# ruff: noqa: SIM905

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import chain
from typing import Any, Final, NamedTuple

from tui.lazy import Lazy
from tui.parsing.draft import Draft, Setting
from tui.parsing.elements import (
    Json,
    as_text,
    ended,
    error_of,
    event_draft,
    flat,
    nanoseconds,
    objects,
    span_draft,
    span_id,
    text,
    trace_id,
    whole,
)
from tui.parsing.structured import read_fields
from tui.parsing.vocabulary import severity_of_word
from tui.record import Error, Severity, Span

FORMAT: Final = "otlp"
TOP_KEYS: Final = frozenset(
    "resourceSpans resource_spans batches resourceLogs resource_logs resourceMetrics resource_metrics".split()
)
"""One of these is in every message."""
WRAPPERS: Final = ("trace", "result")
"""What answers of Tempo and Jaeger have around a message."""
_UPPER: Final = Lazy(r"(?<!^)([A-Z])")
_SCALARS: Final = frozenset({"stringvalue", "intvalue", "doublevalue", "boolvalue", "bytesvalue"})
_STATUS: Final = {
    "1": "ok",
    "2": "error",
    "ok": "ok",
    "error": "error",
    "statuscodeok": "ok",
    "statuscodeerror": "error",
}
_METRIC_NAMES: Final = 5


class _Scope(NamedTuple):
    """What a list of spans or records stands under."""

    service: str | None
    name: str | None
    """Of the instrumentation."""
    fields: dict[str, object]
    """Of the resource."""


def is_document(value: Json) -> bool:
    """Whether an object is a message of OTLP, or an answer that holds one."""
    if not TOP_KEYS.isdisjoint(value):
        return any(isinstance(value.get(key), list) for key in TOP_KEYS)
    return any(isinstance(inner := value.get(key), dict) and is_document(inner) for key in WRAPPERS)


def is_printed_span(value: Json) -> bool:
    """Whether an object is a span as the console exporter of an SDK prints it."""
    context = value.get("context")
    return isinstance(context, dict) and "trace_id" in context and "start_time" in value and "name" in value


def drafts(value: Json, setting: Setting) -> Iterator[Draft]:
    """All records of a message, in its order."""
    for message in _messages(value):
        for scope, span in _elements(message, _SPAN_LISTS):
            yield from _span_drafts(span, scope, setting)
        for scope, record in _elements(message, _LOG_LISTS):
            yield _log_draft(record, scope, setting)
        for resource in _listed(message, "resourceMetrics"):
            yield _metrics_draft(resource)


def split(value: Json) -> Iterator[tuple[int, Json]]:
    """The same as messages of one span or record each, with their times."""
    for message in _messages(value):
        for outer, inner, name in (_SPAN_LISTS, _LOG_LISTS):
            for resource in chain.from_iterable(_listed(message, key) for key in outer):
                for scope in chain.from_iterable(_listed(resource, key) for key in inner):
                    for one in _listed(scope, name):
                        wrapped = {"scope": _get(scope, "scope") or _get(scope, "instrumentationLibrary"), name: [one]}
                        around = {"resource": resource.get("resource"), inner[0]: [wrapped]}
                        yield _time_of(one), {outer[0]: [around]}
        for resource in _listed(message, "resourceMetrics"):
            yield 0, {"resourceMetrics": [resource]}


_SPAN_LISTS: Final = (
    ("resourceSpans", "batches"),
    ("scopeSpans", "instrumentationLibrarySpans", "ilSpans"),
    "spans",
)
_LOG_LISTS: Final = (("resourceLogs",), ("scopeLogs", "instrumentationLibraryLogs"), "logRecords")


def _messages(value: Json) -> Iterator[Json]:
    yield value
    for key in WRAPPERS:
        if isinstance(inner := value.get(key), dict):
            yield inner


def _elements(message: Json, lists: tuple[tuple[str, ...], tuple[str, ...], str]) -> Iterator[tuple[_Scope, Json]]:
    outer, inner, name = lists
    for resource in chain.from_iterable(_listed(message, key) for key in outer):
        fields = _attributes(resource.get("resource"))
        for scope in chain.from_iterable(_listed(resource, key) for key in inner):
            library = _get(scope, "scope") or _get(scope, "instrumentationLibrary")
            called = text(library.get("name")) if isinstance(library, dict) else None
            around = _Scope(text(fields.get("service.name")), called, fields)
            for one in _listed(scope, name):
                yield around, one


def _span_drafts(span: Json, scope: _Scope, setting: Setting) -> Iterator[Draft]:
    attributes = _attributes(span)
    kind = _kind(_get(span, "kind"))
    if kind is not None:
        attributes.setdefault("span.kind", kind)
    status = _get(span, "status")
    code, description = (_get(status, "code"), text(_get(status, "message"))) if isinstance(status, dict) else (0, None)
    state = _STATUS.get(str(code).lower().replace("_", ""), "unset")
    events = list(_events(span))
    start_ns = _time(span, "startTimeUnixNano")
    # the status of a span may repeat in words what its events tell with type and stack
    told = [error for _, fields, _ in events if (error := error_of(fields, None)) is not None]
    made = Span(
        span_id=span_id(_get(span, "spanId")) or "",
        name=text(_get(span, "name")) or "",
        start_ns=start_ns,
        end_ns=ended(start_ns, _time(span, "endTimeUnixNano")),
        service=scope.service,
        trace_id=trace_id(_get(span, "traceId")),
        parent_span_id=span_id(_get(span, "parentSpanId")),
        status=state,
        attributes=attributes,
        error=(told[-1] if told else error_of(attributes, description)) if state == "error" else None,
    )
    links = [one for link in _listed(span, "links") if (one := trace_id(_get(link, "traceId"))) is not None]
    yield span_draft(made, FORMAT, span, logger=scope.name, links=links, more=scope.fields, told_by_event=bool(told))
    for event, fields, name in events:
        draft = event_draft(made, name, _time(event, "timeUnixNano"), fields, FORMAT, event, setting)
        draft.logger = draft.logger or scope.name
        yield draft


_KINDS: Final = ("internal", "server", "client", "producer", "consumer")


def _kind(value: object) -> str | None:
    """Which side of a call a span tells of, by number or name; None for what says nothing."""
    if isinstance(value, str) and not value.isdecimal():
        word = value.lower().removeprefix("span_kind_")
        return word if word in _KINDS else None
    number = whole(value)
    return _KINDS[number - 1] if 1 <= number <= len(_KINDS) else None


def _events(span: Json) -> Iterator[tuple[Json, dict[str, object], str]]:
    for event in _listed(span, "events"):
        yield event, _attributes(event), text(_get(event, "name")) or "event"


def _log_draft(record: Json, scope: _Scope, setting: Setting) -> Draft:
    own = _attributes(record)
    body = _value(_get(record, "body"))
    if isinstance(body, dict):
        own = {**flat(body), **own}
    draft = read_fields(own, setting, FORMAT)
    if not isinstance(body, dict):
        said = body if isinstance(body, str) else None if body is None else as_text(body)
        if said is not None:
            draft.message, draft.own_message = said, True
        elif not draft.own_message:
            draft.message = text(_get(record, "eventName")) or draft.message
    time_ns = _time(record, "timeUnixNano") or _time(record, "observedTimeUnixNano")
    if time_ns:
        draft.time_ns, draft.time_source, draft.zoned = time_ns, "inner", True
    number = _get(record, "severityNumber")
    named = text(_get(record, "severityText"))
    draft.severity = _severity(number) or (severity_of_word(named) if named else 0) or draft.severity
    if draft.error is not None and not draft.severity:
        draft.severity = Severity.ERROR
    ids = (("trace", trace_id(_get(record, "traceId"))), ("span", span_id(_get(record, "spanId"))))
    draft.ids = [*((kind, one) for kind, one in ids if one), *draft.ids]
    draft.service = scope.service or draft.service
    draft.logger = scope.name or draft.logger
    draft.fields = {**scope.fields, **own}
    draft.format, draft.raw = FORMAT, as_text(record)
    return draft


def _severity(number: object) -> int:
    """1 to 24, also by its name: SEVERITY_NUMBER_ERROR2."""
    if isinstance(number, str) and not number.isdecimal():
        word = number.upper().removeprefix("SEVERITY_NUMBER_")
        step = int(word[-1]) - 1 if word[-1:] in "234" and word else 0
        level = Severity.__members__.get(word.rstrip("234"))
        return level + step if level else 0
    found = whole(number)
    return found if 1 <= found <= 24 else 0


def _metrics_draft(resource: Json) -> Draft:
    """Metrics are counted, not read."""
    fields = _attributes(resource.get("resource"))
    names = [
        str(_get(metric, "name"))
        for scope in chain(_listed(resource, "scopeMetrics"), _listed(resource, "instrumentationLibraryMetrics"))
        for metric in _listed(scope, "metrics")
    ]
    shown = ", ".join(names[:_METRIC_NAMES]) + (" …" if len(names) > _METRIC_NAMES else "")
    return Draft(
        message=f"{len(names)} metrics: {shown}" if names else "no metrics",
        service=text(fields.get("service.name")),
        fields=fields,
        format=FORMAT,
        own_message=True,
        raw=as_text(resource),
    )


def printed_span(value: Json, setting: Setting) -> Iterator[Draft]:
    """The records of a span as a console exporter prints it: ids begin with 0x, times are texts."""
    context = value["context"]
    status = value.get("status")
    code, description = (status.get("status_code"), status.get("description")) if isinstance(status, dict) else (0, "")
    resource = value.get("resource")
    inner = resource.get("attributes", resource) if isinstance(resource, dict) else None
    around = flat(inner) if isinstance(inner, dict) else {}
    own = flat(found) if isinstance(found := value.get("attributes"), dict) else {}
    events = [
        (one, flat(fields) if isinstance(fields := one.get("attributes"), dict) else {})
        for one in objects(value.get("events"))
    ]
    told = [error for _, fields in events if (error := error_of(fields, None)) is not None]
    state = _STATUS.get(str(code).lower(), "unset")
    start_ns = nanoseconds(value.get("start_time"), 1)
    made = Span(
        span_id=span_id(context.get("span_id")) or "",
        name=text(value.get("name")) or "",
        start_ns=start_ns,
        end_ns=ended(start_ns, nanoseconds(value.get("end_time"), 1)),
        service=text(around.get("service.name")),
        trace_id=trace_id(context.get("trace_id")),
        parent_span_id=span_id(value.get("parent_id")),
        status=state,
        attributes=own,
        error=(told[-1] if told else error_of(own, text(description))) if state == "error" else None,
    )
    yield span_draft(made, FORMAT, value, more=around, told_by_event=bool(told))
    for event, fields in events:
        name, time_ns = text(event.get("name")) or "event", nanoseconds(event.get("timestamp"), 1)
        yield event_draft(made, name, time_ns, fields, FORMAT, event, setting)


# -- values ------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _snake(name: str) -> str:
    return _UPPER.sub(r"_\1", name).lower()


def _get(value: Json, name: str) -> Any:
    """A member by its name in camelCase, or in snake_case."""
    found = value.get(name)
    return value.get(_snake(name)) if found is None else found


def _listed(value: Json, name: str) -> list[Json]:
    return objects(_get(value, name))


def _time(value: Json, name: str) -> int:
    return nanoseconds(_get(value, name), 1)


def _time_of(element: Json) -> int:
    return (
        _time(element, "startTimeUnixNano") or _time(element, "timeUnixNano") or _time(element, "observedTimeUnixNano")
    )


def _attributes(value: object) -> dict[str, object]:
    """The attributes of an element by dotted name."""
    found = value.get("attributes") if isinstance(value, dict) else None
    if isinstance(found, dict):
        return flat({key: _value(one) for key, one in found.items()})
    return flat({str(one["key"]): _value(one.get("value")) for one in objects(found) if "key" in one})


def _value(value: object) -> Any:
    """What one of OTLP's values is: a scalar, a list or an object."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return value
    ((name, inner),) = value.items()
    kind = name.lower().replace("_", "")
    if kind in _SCALARS:
        return whole(inner) if kind == "intvalue" else inner
    if kind == "arrayvalue":
        return [_value(one) for one in inner.get("values", ())] if isinstance(inner, dict) else inner
    if kind == "kvlistvalue":
        pairs = objects(inner.get("values") if isinstance(inner, dict) else None)
        return {str(one.get("key")): _value(one.get("value")) for one in pairs}
    return value


__all__ = ["Error", "drafts", "is_document", "is_printed_span", "printed_span", "split"]
