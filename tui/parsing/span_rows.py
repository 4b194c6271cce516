"""Spans told by flat fields: rows of a table of spans, objects of one line that a collector or a script exported.

Owns which fields make a record a span, and in which unit its times are. Documents of tracers have modules of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC
from functools import lru_cache
from typing import Final, NamedTuple

from tui.parsing.draft import Draft
from tui.parsing.durations import parse_duration
from tui.parsing.id_keys import id_key
from tui.parsing.ids import canonical_value
from tui.parsing.timestamps import Moment, read_number, read_time
from tui.parsing.vocabulary import duration_unit_of, normal_key, roles_of
from tui.parsing.wrappers import service_of_pod
from tui.record import Error, Severity, Span
from tui.values import replace

_NAMES: Final = (
    "operationname", "spanname", "operation", "methodname", "endpointname", "name", "resource", "method", "url",
)  # fmt: skip
_STARTS: Final = (
    "starttimeunixnano", "starttimenano", "starttimenanos", "starttimens", "startns", "starttimeus", "startus",
    "starttimemicros", "starttime", "starttimestamp", "startedat", "start", "begin", "starttimemillis", "starttimems",
    "startms", "timestamp", "time", "ts", "@timestamp",
)  # fmt: skip
_ENDS: Final = (
    "endtimeunixnano", "endtimenano", "endtimenanos", "endtimens", "endns", "endtimeus", "endus", "endtimemicros",
    "endtime", "endtimestamp", "finishtime", "finishedat", "end", "finish", "endtimemillis", "endtimems", "endms",
)  # fmt: skip
_STATUSES: Final = ("otelstatuscode", "statuscode", "status", "spanstatus", "httpstatuscode", "error", "iserror")
_DETAILS: Final = ("statusmessage", "statusdescription", "errormessage", "exceptionmessage", "message")
_KINDS: Final = ("kind", "spankind", "type")
_SERVICES: Final = (
    "servicename",
    "service",
    "processservicename",
    "localservicename",
    "serviceid",
    "resourceservicename",
)
_PODS: Final = ("podname", "pod", "k8spodname", "kubernetespodname", "cmdbid", "instanceid", "containername", "host")
_PEERS: Final = ("peerservice", "peer", "serveraddress", "netpeername", "dbsystem", "remoteservicename")
_LOG_WORDS: Final = frozenset(("msg", "log", "body", "level", "severity", "logger", "loglevel"))
_SPAN_KINDS: Final = ("client", "server", "producer", "consumer", "internal", "local", "entry", "exit")
_FAILED: Final = frozenset(("error", "statuscodeerror", "failed", "failure", "true", "err", "internal", "unavailable"))
_LARGE: Final = 1 << 62


class SpanPlan(NamedTuple):
    """Where the fields of one shape of record tell a span."""

    span: str
    trace: str | None
    parent: str | None
    names: tuple[str, ...]
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    durations: tuple[tuple[str, int], ...]
    """Keys, and nanoseconds per unit as the key says it; 0 when it does not."""
    statuses: tuple[str, ...]
    details: tuple[str, ...]
    kinds: tuple[str, ...]
    services: tuple[str, ...]
    pods: tuple[str, ...]
    peers: tuple[str, ...]


@lru_cache(maxsize=512)
def plan_of(keys: tuple[str, ...]) -> SpanPlan | None:
    """How records of exactly these keys tell spans; None when they are no spans.

    A span has an id of its own, belongs to something (a trace or a parent), is named, and lasts from here to there.
    """
    ids: dict[str, str] = {}
    for key in keys[:200]:
        entry = id_key(key)
        if entry is not None and entry.kind in ("trace", "span", "parent"):
            ids.setdefault(entry.kind, key)
    if "span" not in ids or not ("trace" in ids or "parent" in ids):
        return None
    found = {name: _named(keys, words) for name, words in _WANTED.items()}
    durations = tuple((key, unit[1]) for key in keys if (unit := duration_unit_of(key)) is not None and _lasts(key))
    told = _LOG_WORDS & {normal_key(key) for key in keys}
    if not found["names"] or not found["starts"] or not (found["ends"] or durations) or told:
        return None
    if "parent" not in ids and not found["ends"]:
        return None
    return SpanPlan(ids["span"], ids.get("trace"), ids.get("parent"), durations=durations, **found)


_WANTED: Final = {
    "names": _NAMES, "starts": _STARTS, "ends": _ENDS, "statuses": _STATUSES, "details": _DETAILS, "kinds": _KINDS,
    "services": _SERVICES, "pods": _PODS, "peers": _PEERS,
}  # fmt: skip


def _named(keys: Iterable[str], words: tuple[str, ...]) -> tuple[str, ...]:
    """The keys that are called so, by their whole name or behind their last dot, those first that come first in words."""
    rank = {word: at for at, word in enumerate(words)}
    names = ((key, normal_key(key), normal_key(key.rsplit(".", 1)[-1])) for key in keys)
    ranked = [(rank.get(whole, rank.get(last, _LARGE) + len(words)), key) for key, whole, last in names]
    return tuple(key for place, key in sorted(ranked) if place < _LARGE)


def _lasts(key: str) -> bool:
    return any(role == "duration" for role, _ in roles_of(key)) or "dur" in key.lower() or "elapsed" in key.lower()


def span_draft_of(fields: Mapping[str, object], draft: Draft, keys: tuple[str, ...]) -> Draft | None:
    """The span that a record is, by its fields, as a draft with what was already read of it; None when it is none.

    `keys` are all that such records have, also those that this one leaves empty.
    """
    plan = plan_of(keys)
    span = told_span(plan, fields) if plan is not None else None
    if span is None:
        return None
    failed, said = span.status == "error", span.error.message if span.error is not None else None
    draft.span = replace(span, service=span.service or draft.service)
    draft.service = draft.span.service
    draft.time_ns, draft.time_source, draft.zoned = span.start_ns, "inner", True
    draft.duration_ns = (span.end_ns or span.start_ns) - span.start_ns
    draft.message, draft.own_message = f"{span.name}: {said}" if said else span.name, True
    draft.severity = Severity.ERROR if failed else 0
    draft.error = span.error
    return draft


def told_span(plan: SpanPlan, fields: Mapping[str, object]) -> Span | None:
    """The span that fields tell; None when they lack what makes one."""
    start_ns, unit_ns = _start(plan, fields)
    end_ns = _end(plan, fields, start_ns, unit_ns) if start_ns else None
    name, span_id = _text(fields, plan.names), canonical_value(fields.get(plan.span))
    if name is None or span_id is None or end_ns is None:
        return None
    failed = _failed(plan, fields)
    said = _text(fields, plan.details) if failed else None
    kind, peer = _kind(plan, fields), _text(fields, plan.peers)
    attributes = {**fields, **({"kind": kind} if kind else {}), **({"peer.service": peer} if peer else {})}
    return Span(
        span_id=span_id,
        name=name,
        start_ns=start_ns,
        end_ns=end_ns,
        service=_service(plan, fields),
        trace_id=canonical_value(fields.get(plan.trace)) if plan.trace else None,
        parent_span_id=_parent(fields.get(plan.parent)) if plan.parent else None,
        status="error" if failed else "unset",
        attributes=attributes,
        error=Error(None, said) if said else None,
    )


def _parent(value: object) -> str | None:
    """The id of the parent; words such as `root` stand for none."""
    found = canonical_value(value)
    return None if found is None or (found.isalpha() and len(found) < 8) else found


def _text(fields: Mapping[str, object], keys: Iterable[str]) -> str | None:
    for key in keys:
        value = fields.get(key)
        if value is not None and value != "":
            return str(value)
    return None


def _start(plan: SpanPlan, fields: Mapping[str, object]) -> tuple[int, int]:
    """When it began, told as finely as any field does, and the unit that it is told in (0 for a text)."""
    best = 0, 0
    for key in plan.starts:
        value = fields.get(key)
        moment = _moment(value) if value is not None else None
        if moment is not None:
            unit_ns = _unit(value)
            if not best[0] or (unit_ns and (not best[1] or unit_ns < best[1]) and abs(moment.ns - best[0]) < 2 * 10**9):
                best = moment.ns, unit_ns
    return best


def _moment(value: object) -> Moment | None:
    if isinstance(value, str) and value.isdecimal() and 9 < len(value) < 20:
        return read_number(int(value))
    return read_time(value, UTC, None)


def _unit(value: object) -> int:
    """Nanoseconds per unit of a number since 1970, by its size."""
    try:
        number = float(value) if isinstance(value, int | float | str) else 0.0
    except ValueError:
        return 0
    if number < 1e8:
        return 0
    return 10**9 if number < 1e11 else 10**6 if number < 1e14 else 10**3 if number < 1e17 else 1


def _end(plan: SpanPlan, fields: Mapping[str, object], start_ns: int, unit_ns: int) -> int | None:
    """When it ended; a duration without a unit counts in what its start counts in."""
    for key in plan.ends:
        value = fields.get(key)
        moment = _moment(value) if value is not None else None
        if moment is not None and moment.ns >= start_ns:
            return moment.ns
    for key, own_ns in plan.durations:
        value = fields.get(key)
        if isinstance(value, str):
            try:
                value = float(value)
            except ValueError:
                length = parse_duration(str(value))
                if length is not None and length >= 0:
                    return start_ns + length
                continue
        if isinstance(value, int | float) and value >= 0:
            return start_ns + round(value * (own_ns or unit_ns or 1))
    return None


def _failed(plan: SpanPlan, fields: Mapping[str, object]) -> bool:
    """Whether it says so: by a word, as a status of HTTP from 500 on, or as one of gRPC or OpenTelemetry above 1."""
    for key in plan.statuses:
        said = str(fields.get(key, ""))
        if normal_key(said) in _FAILED:
            return True
        number = said.removesuffix(".0")
        if number.isdecimal() and len(number) <= 3 and (2 <= int(number) <= 16 or int(number) >= 500):
            return True
    return False


def _kind(plan: SpanPlan, fields: Mapping[str, object]) -> str | None:
    for key in plan.kinds:
        word = str(fields.get(key, "")).lower().removeprefix("span_kind_")
        if word in _SPAN_KINDS:
            return word
    return None


def _service(plan: SpanPlan, fields: Mapping[str, object]) -> str | None:
    named = _text(fields, plan.services)
    if named is not None:
        return named
    pod = _text(fields, plan.pods)
    return service_of_pod(pod, None) if pod is not None else None
