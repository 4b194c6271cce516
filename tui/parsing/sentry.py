"""What SDKs of Sentry send -> errors with their stacks and breadcrumbs, spans and log records.

Times are seconds since 1970 or RFC 3339. Of exceptions the cause comes first and the one that was raised last; frames
are told from the oldest call on. An envelope is taken apart by `envelopes`; here stand its items, one an object: as
they are, or with what their envelope says about them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tui.lazy import Lazy
from tui.parsing.documents import ITEM
from tui.parsing.draft import Draft, Setting
from tui.parsing.elements import (
    Json,
    S,
    as_text,
    ended,
    first,
    flat,
    nanoseconds,
    objects,
    span_draft,
    span_id,
    text,
    trace_id,
)
from tui.parsing.structured import ids_of_fields, read_fields
from tui.parsing.vocabulary import SPAN_FAILURES, severity_of_word
from tui.record import Error, Severity, Span

FORMAT: Final = "sentry"
BREADCRUMB: Final = "sentry-breadcrumb"
_EVENT_ID: Final = Lazy(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")
_TELLING: Final = ("exception", "breadcrumbs", "sdk", "contexts", "logentry")
_AROUND: Final = ("release", "environment", "server_name", "transaction", "platform")
_MOST_DATA: Final = 4


def is_document(value: Json) -> bool:
    """Whether an object is an event, a transaction, or an item of an envelope."""
    if ITEM in value:
        return True
    if _EVENT_ID.fullmatch(str(value.get("event_id"))) and any(
        isinstance(value.get(key), dict | list) for key in _TELLING
    ):
        return True
    return value.get("type") == "transaction" and isinstance(value.get("contexts"), dict)


def drafts(value: Json, setting: Setting) -> Iterator[Draft]:
    """All records of an event or item."""
    kind, payload, around = _opened(value)
    if kind == "log":
        for item in objects(payload.get("items")) or [payload]:
            yield _log_draft(item, around, setting)
    elif kind == "span":
        for item in objects(payload.get("items")) or [payload]:
            yield _span_draft(item, around)
    elif kind == "transaction" or payload.get("type") == "transaction":
        yield from _transaction(payload, around)
    elif kind == "event":
        yield from _event(payload, around, setting)


def split(value: Json) -> Iterator[tuple[int, Json]]:
    """The same as objects of one span or record each, with their times."""
    kind, payload, around = _opened(value)
    if kind in ("log", "span") and isinstance(payload.get("items"), list):
        for item in objects(payload["items"]):
            yield _time(item, "start_timestamp", "timestamp"), {ITEM: kind, "payload": item, "around": around}
    elif kind == "transaction" or payload.get("type") == "transaction":
        own = {**around, **_around(payload)}
        yield _time(payload, "start_timestamp"), {ITEM: kind, "payload": {**payload, "spans": []}, "around": around}
        for span in objects(payload.get("spans")):
            yield _time(span, "start_timestamp"), {ITEM: "span", "payload": span, "around": own}
    elif kind == "event":
        yield _time(payload, "timestamp"), value


def _opened(value: Json) -> tuple[str, Json, dict[str, object]]:
    """The kind of an item, the item, and what is known around it."""
    if ITEM not in value:
        return ("transaction" if value.get("type") == "transaction" else "event"), value, {}
    payload, around = value.get("payload"), value.get("around")
    return (
        str(value[ITEM]),
        payload if isinstance(payload, dict) else {},
        dict(around) if isinstance(around, dict) else {},
    )


def _around(payload: Json) -> dict[str, object]:
    """What an event says of the program that sent it."""
    found: dict[str, object] = {key: payload[key] for key in _AROUND if isinstance(payload.get(key), str)}
    if (service := _service(payload)) is not None:
        found["service"] = service
    return found


def _service(payload: Json) -> str | None:
    """Sentry knows no services: a tag of that name, what OpenTelemetry calls it, else the project of the release."""
    tags = _tags(payload.get("tags"))
    otel = _inner(_inner(payload, "contexts"), "otel")
    resource = _inner(otel, "resource")
    named = first(
        (tags.get("service"), tags.get("service.name"), tags.get("service_name"), resource.get("service.name"))
    )
    if named is not None or text(payload.get("service")):
        return named or text(payload.get("service"))
    name, at, _ = str(payload.get("release") or "").rpartition("@")
    return name.rpartition("/")[2] or None if at else None


def _inner(value: Json, name: str) -> Json:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def _tags(value: object) -> dict[str, Any]:
    """Tags as an object, or as a list of pairs."""
    if isinstance(value, dict):
        return dict(value)
    pairs = value if isinstance(value, list) else []
    return {str(one[0]): one[1] for one in pairs if isinstance(one, list) and len(one) == 2}


def _time(value: Json, *names: str) -> int:
    return next((found for name in names if (found := nanoseconds(value.get(name), S))), 0)


# -- events ------------------------------------------------------------------------------------------------------------


def _event(payload: Json, around: dict[str, object], setting: Setting) -> Iterator[Draft]:
    trace = _inner(_inner(payload, "contexts"), "trace")
    own: list[tuple[str, str]] = [
        (kind, one)
        for kind, one in (
            ("trace", trace_id(trace.get("trace_id")) or trace_id(around.get("trace_id"))),
            ("span", span_id(trace.get("span_id"))),
            ("parent", span_id(trace.get("parent_span_id"))),
        )
        if one
    ]
    error = _exception(payload)
    known = {**around, **_around(payload)}
    service = text(known.pop("service", None))
    parts = {key: payload.get(key) for key in ("extra", "user", "request", "event_id") if payload.get(key)}
    fields = flat({**known, **_tags(payload.get("tags")), **parts})
    time_ns = _time(payload, "timestamp")
    word = text(payload.get("level"))
    yield Draft(
        message=_message(payload, error),
        time_ns=time_ns or None,
        time_source="inner" if time_ns else None,
        zoned=True,
        severity=(severity_of_word(word) if word else 0) or Severity.ERROR,
        service=service,
        logger=text(payload.get("logger")),
        ids=[*own, *ids_of_fields(fields)],
        error=error,
        fields=fields,
        format=FORMAT,
        own_message=True,
        raw=as_text({key: one for key, one in payload.items() if key != "breadcrumbs"}),
    )
    for crumb in objects(_values(payload.get("breadcrumbs"))):
        yield _breadcrumb(crumb, own[:1] if own and own[0][0] == "trace" else [], service, setting)


def _values(value: object) -> object:
    return value.get("values") if isinstance(value, dict) and "values" in value else value


def _message(payload: Json, error: Error | None) -> str:
    if error is not None:
        return ": ".join(part for part in (error.type, error.message) if part)
    entry, plain = _inner(payload, "logentry"), payload.get("message")
    inner = plain if isinstance(plain, dict) else {}
    said = (entry.get("formatted"), entry.get("message"), plain, inner.get("formatted"), inner.get("message"))
    return first((*said, payload.get("transaction"))) or "event"


def _exception(payload: Json) -> Error | None:
    """What was raised last, with its stack and those of its causes."""
    values = objects(_values(payload.get("exception")))
    if not values:
        return None
    last = values[-1]
    stack = _chained([_stack(one, payload) for one in values], python=text(payload.get("platform")) == "python")
    return Error(text(last.get("type")), text(last.get("value")), stack or None)


def _chained(stacks: list[str], *, python: bool) -> str:
    """Stacks of causes and what they led to, in the order of their language: Python tells the cause first."""
    told = [one for one in stacks if one]
    if python:
        return "\n\nThe above exception was the direct cause of the following exception:\n\n".join(told)
    return "\nCaused by: ".join(reversed(told))


def _stack(value: Json, payload: Json) -> str:
    """The frames of an exception as its language prints them: Python from the oldest call on, others the other way."""
    frames = objects(_inner(value, "stacktrace").get("frames"))
    if not frames and len(objects(_values(payload.get("exception")))) == 1:
        frames = objects(_inner(payload, "stacktrace").get("frames"))
    title = ": ".join(part for part in (text(value.get("type")), text(value.get("value"))) if part)
    if not frames:
        return ""
    if text(payload.get("platform")) == "python":
        told = [_python_frame(one) for one in frames]
        return "\n".join(["Traceback (most recent call last):", *told, title])
    return "\n".join([title, *(_frame(one) for one in reversed(frames))])


def _python_frame(frame: Json) -> str:
    where = first((frame.get("filename"), frame.get("abs_path"))) or "?"
    line = f'  File "{where}", line {frame.get("lineno") or 0}, in {text(frame.get("function")) or "?"}'
    code = text(frame.get("context_line"))
    return f"{line}\n    {code.strip()}" if code else line


def _frame(frame: Json) -> str:
    where = first((frame.get("filename"), frame.get("abs_path"), frame.get("module"))) or "?"
    place = ":".join(str(one) for one in (where, frame.get("lineno"), frame.get("colno")) if one)
    name = text(frame.get("function"))
    return f"    at {name} ({place})" if name else f"    at {place}"


def _breadcrumb(crumb: Json, ids: list[tuple[str, str]], service: str | None, setting: Setting) -> Draft:
    """What happened before an event, as its SDK noted it."""
    found = crumb.get("data")
    data = flat(found) if isinstance(found, dict) else {}
    draft = read_fields(dict(data), setting, BREADCRUMB)
    category = text(crumb.get("category"))
    shown = " ".join(str(one) for one in list(data.values())[:_MOST_DATA] if one not in (None, ""))
    draft.message = text(crumb.get("message")) or " ".join(part for part in (category, shown) if part) or "breadcrumb"
    draft.own_message = True
    time_ns = _time(crumb, "timestamp")
    if time_ns:
        draft.time_ns, draft.time_source, draft.zoned = time_ns, "inner", True
    word = text(crumb.get("level"))
    draft.severity = severity_of_word(word) if word else draft.severity
    draft.error = None
    draft.ids = [*ids, *draft.ids]
    draft.service, draft.logger = service, category
    draft.raw = as_text(crumb)
    return draft


# -- spans and logs ----------------------------------------------------------------------------------------------------


def _transaction(payload: Json, around: dict[str, object]) -> Iterator[Draft]:
    known = {**around, **_around(payload)}
    trace = _inner(_inner(payload, "contexts"), "trace")
    root = {**trace, **{key: payload.get(key) for key in ("start_timestamp", "timestamp")}}
    root["name"] = text(payload.get("transaction")) or trace.get("description") or trace.get("op")
    root["tags"] = payload.get("tags")
    shown = {key: one for key, one in payload.items() if key not in ("spans", "breadcrumbs")}
    yield _span_draft(root, known, shown)
    for span in objects(payload.get("spans")):
        yield _span_draft({"trace_id": trace.get("trace_id"), **span}, known, span)


def _span_draft(span: Json, around: dict[str, object], raw: Json | None = None) -> Draft:
    known = dict(around)
    attributes = _typed(span.get("attributes"))
    service = first((attributes.get("service.name"), known.pop("service", None))) or _service({**known, **attributes})
    own = {**_inner(span, "data"), **_tags(span.get("tags")), **attributes}
    for name in ("op", "origin"):
        if isinstance(span.get(name), str):
            own.setdefault(name, span[name])
    state = str(span.get("status") or "unset").lower()
    start_ns = _time(span, "start_timestamp")
    made = Span(
        span_id=span_id(span.get("span_id")) or "",
        name=first((span.get("name"), span.get("description"), span.get("op"))) or "",
        start_ns=start_ns,
        end_ns=ended(start_ns, _time(span, "end_timestamp", "timestamp")),
        service=service,
        trace_id=trace_id(span.get("trace_id")),
        parent_span_id=span_id(span.get("parent_span_id")),
        status="ok" if state == "ok" else "error" if state in SPAN_FAILURES else "unset",
        attributes=flat(own),
        error=Error(None, state) if state in SPAN_FAILURES - {"error"} else None,
    )
    return span_draft(made, FORMAT, span if raw is None else raw, more=flat(known))


def _log_draft(item: Json, around: dict[str, object], setting: Setting) -> Draft:
    own = flat(_typed(item.get("attributes")))
    known = dict(around)
    named = {key.removeprefix("sentry."): value for key, value in own.items()}
    service = first((own.get("service.name"), known.pop("service", None))) or _service({**known, **named})
    draft = read_fields(dict(own), setting, FORMAT)
    draft.message, draft.own_message = text(item.get("body")) or draft.message, True
    time_ns = _time(item, "timestamp")
    if time_ns:
        draft.time_ns, draft.time_source, draft.zoned = time_ns, "inner", True
    number, word = item.get("severity_number"), text(item.get("level"))
    draft.severity = number if isinstance(number, int) and 1 <= number <= 24 else severity_of_word(word or "")
    ids = (("trace", trace_id(item.get("trace_id"))), ("span", span_id(item.get("span_id"))))
    draft.ids = [*((kind, one) for kind, one in ids if one), *draft.ids]
    draft.service = service or draft.service
    draft.fields = {**flat(known), **own}
    draft.raw = as_text(item)
    return draft


def _typed(value: object) -> dict[str, Any]:
    """Attributes that come with their types."""
    found = value if isinstance(value, dict) else {}
    return {key: one.get("value") if isinstance(one, dict) and "value" in one else one for key, one in found.items()}
