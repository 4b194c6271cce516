"""Spans of Zipkin, version 2 and the older one -> spans and their annotations.

Times are microseconds, and either may be absent. A client and a server may share one id: each tells its side of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import orjson

from tui.parsing.draft import Draft, Setting
from tui.parsing.elements import US, Json, event_draft, flat, nanoseconds, objects, span_draft, text
from tui.parsing.ids import canonical_value
from tui.record import Error, Span

FORMAT: Final = "zipkin"
SHARED: Final = "shared"
"""Attribute of the side that took over the id of the other."""
_CORE: Final = {"cs": "CLIENT", "cr": "CLIENT", "sr": "SERVER", "ss": "SERVER", "ms": "PRODUCER", "mr": "CONSUMER"}
"""Annotations of version 1 that tell when one side began and ended."""
_TELLING: Final = ("localEndpoint", "remoteEndpoint", "annotations", "binaryAnnotations", "duration", "kind", "shared")
_HEX: Final = frozenset("0123456789abcdefABCDEF")


def is_span(value: Json) -> bool:
    """Whether an object is a span: its ids, and something that only spans have."""
    trace, span = value.get("traceId"), value.get("id")
    if not (isinstance(trace, str) and isinstance(span, str) and _is_id(trace, 32) and _is_id(span, 16)):
        return False
    endpoint, kind = value.get("localEndpoint"), value.get("kind")
    timed = all(isinstance(value.get(name, 0), int) for name in ("timestamp", "duration"))
    return timed and (
        isinstance(endpoint, dict)
        or isinstance(value.get("annotations"), list)
        or isinstance(value.get("binaryAnnotations"), list)
        or (kind in ("CLIENT", "SERVER", "PRODUCER", "CONSUMER"))
        or (
            "timestamp" in value
            and isinstance(value.get("name"), str)
            and not {"message", "msg", "level"} & value.keys()
        )
    )


def _is_id(value: str, most: int) -> bool:
    return 0 < len(value) <= most and _HEX.issuperset(value)


def drafts(span: Json, setting: Setting) -> Iterator[Draft]:
    """The records of a span; of version 1 one for each side that it tells of."""
    sides = _sides(span) if "binaryAnnotations" in span or _is_old(span) else [span]
    for side in sides:
        yield from _span_drafts(side, span, setting)


def split(span: Json) -> Iterator[tuple[int, Json]]:
    """A span is a document by itself."""
    yield nanoseconds(span.get("timestamp"), US), span


def _span_drafts(span: Json, raw: Json, setting: Setting) -> Iterator[Draft]:
    found = span.get("tags")
    tags = flat(found) if isinstance(found, dict) else {}
    start_ns = nanoseconds(span.get("timestamp"), US)
    duration_ns = nanoseconds(span.get("duration"), US)
    kind = text(span.get("kind"))
    attributes = {**tags, **({"kind": kind} if kind else {}), **({SHARED: True} if span.get("shared") is True else {})}
    failed = "error" in tags or str(tags.get("otel.status_code")).upper() == "ERROR"
    remote = _service(span.get("remoteEndpoint"))
    made = Span(
        span_id=_id(span.get("id")) or "",
        name=text(span.get("name")) or remote or "",
        start_ns=start_ns,
        end_ns=_end(start_ns, duration_ns, kind),
        service=_service(span.get("localEndpoint")),
        trace_id=_id(span.get("traceId")),
        parent_span_id=_id(span.get("parentId")),
        status="error" if failed else "ok" if tags.get("otel.status_code") == "OK" else "unset",
        attributes=attributes,
        error=_error(tags) if failed else None,
    )
    more = {"remoteEndpoint.serviceName": remote} if remote else {}
    yield span_draft(made, FORMAT, raw, more=more)
    for one in objects(span.get("annotations")):
        said = text(one.get("value")) or ""
        name, fields = _told(said)
        time_ns = nanoseconds(one.get("timestamp"), US)
        yield event_draft(made, name, time_ns, fields, FORMAT, one, setting)


def _end(start_ns: int, duration_ns: int, kind: str | None) -> int | None:
    if not start_ns:
        return None
    if duration_ns or kind in ("PRODUCER", "CONSUMER"):
        return start_ns + duration_ns
    return None


def _error(tags: dict[str, object]) -> Error | None:
    """An error is the tag `error` with any value; it may say what it was."""
    said = text(tags.get("error")) or ""
    said = "" if said.lower() in ("true", "false") else said
    said = said or text(tags.get("otel.status_description")) or ""
    return Error(None, said) if said else None


def _told(said: str) -> tuple[str, dict[str, object]]:
    """Name and attributes of an annotation: OpenTelemetry writes its events as JSON there."""
    if said[:2] == '{"':
        try:
            found: Any = orjson.loads(said)
        except ValueError:
            return said, {}
        if isinstance(found, dict) and len(found) == 1:
            ((name, fields),) = found.items()
            if isinstance(fields, dict):
                return name, flat(fields)
    return said, {}


def _service(endpoint: object) -> str | None:
    return text(endpoint.get("serviceName")) if isinstance(endpoint, dict) else None


def _id(value: object) -> str | None:
    return canonical_value(value, "padded") if isinstance(value, str) else None


# -- version 1 ---------------------------------------------------------------------------------------------------------


def _is_old(span: Json) -> bool:
    return any("endpoint" in one for one in objects(span.get("annotations")))


def _sides(span: Json) -> list[Json]:
    """A span of version 1 as spans of version 2."""
    annotations = objects(span.get("annotations"))
    tags = {
        str(one["key"]): one.get("value")
        for one in objects(span.get("binaryAnnotations"))
        if one.get("value") is not True
    }
    core = {str(one.get("value")): one for one in annotations if one.get("value") in _CORE}
    events = [one for one in annotations if one.get("value") not in _CORE]
    kinds = list(dict.fromkeys(_CORE[name] for name in core))
    common = {**span, "annotations": events, "tags": tags}
    if not kinds:
        endpoints = [one.get("endpoint") for one in (*objects(span.get("binaryAnnotations")), *annotations)]
        return [{**common, "localEndpoint": next((one for one in endpoints if one), None)}]
    return [_side(common, kind, core, shared=len(kinds) > 1 and kind == "SERVER") for kind in kinds]


def _side(common: Json, kind: str, core: dict[str, Json], *, shared: bool) -> Json:
    own = [one for name, one in core.items() if _CORE[name] == kind]
    times = [nanoseconds(one.get("timestamp"), 1) for one in own]
    begun = not shared and isinstance(common.get("timestamp"), int)
    start = common["timestamp"] if begun else min(times)
    length = common.get("duration") if begun and common.get("duration") else max(times) - min(times)
    endpoint = next((one.get("endpoint") for one in own if one.get("endpoint")), None)
    side = {**common, "kind": kind, "timestamp": start, "duration": length or None, "localEndpoint": endpoint}
    return {**side, "shared": True} if shared else side
