"""Which field names hold identifiers, and in which notation.

Tables only: the values are read by `ids`. Names are compared as `vocabulary.normal_key` leaves them, with optional
first parts (`x`, `http`, `otel`, `dd`, `mdc`, `contextmap`) and anything before the last dots taken off.
"""

# word lists

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from tui.parsing.vocabulary import normal_key
from tui.typed import Final, NamedTuple


class IdKey(NamedTuple):
    """What a key holds."""

    kind: str
    """trace, span, parent, request, correlation or job."""
    notation: str
    """How the value is written; `plain` for the id alone."""
    rank: int
    """Lower is believed first when several keys of a record name different ids."""


KINDS: Final[Mapping[str, str]] = {
    "trace": "traceid trace xraytraceid awsxraytraceid ottracertraceid @tr tracecontexttraceid logginggoogleapiscom/trace",
    "span": "spanid span @sp operationparentid logginggoogleapiscom/spanid otspanid",
    "parent": "parentspanid parentid @ps parent",
    "request": "requestid reqid rid awsrequestid amznrequestid functionrequestid cfray rayid msrequestid "
    "traceidentifier lambdarequestid requestuuid amzrequestid edgerequestid",
    "correlation": "correlationid corrid msclientrequestid clientrequestid operationid opid activityid causationid "
    "correlation correlationuuid conversationid flowid",
    "job": "jobid jid taskid messageid eventid workflowid runid celerytaskid",
}

NOTATIONS: Final[Mapping[str, tuple[str, str]]] = {
    "traceparent": ("trace", "traceparent"),
    "elasticapmtraceparent": ("trace", "traceparent"),
    "b3": ("trace", "b3"),
    "b3traceid": ("trace", "vendor"),
    "b3spanid": ("span", "vendor"),
    "b3parentspanid": ("parent", "vendor"),
    "ubertraceid": ("trace", "uber"),
    "jaegertraceid": ("trace", "padded"),
    "amzntraceid": ("trace", "amzn"),
    "cloudtracecontext": ("trace", "gcp"),
    "sentrytrace": ("trace", "sentry"),
    "sentrytraceid": ("trace", "vendor"),
    "datadogtraceid": ("trace", "datadog"),
    "datadogparentid": ("span", "datadog"),
    "sw8": ("trace", "sw8"),
    "tid": ("trace", "skywalking"),
    "swctx": ("trace", "swctx"),
}

_RANKS: Final = {"plain": 1, "traceparent": 2, "b3": 3}
_OPTIONAL: Final = ("x", "http", "otel", "dd", "mdc", "contextmap", "context", "req")
# Only their spelling tells an Azure trace (`operation_Id`) from an operation of Mongo or an API (`operationID`).
_SPELLED: Final = {
    "operation_Id": IdKey("trace", "plain", 1),
    "OperationId": IdKey("trace", "plain", 1),
    "transaction.id": IdKey("span", "plain", 5),
    "req.id": IdKey("request", "plain", 1),
    "parent.id": IdKey("parent", "plain", 1),
    "context.trace_id": IdKey("trace", "plain", 1),
}


def _index() -> dict[str, tuple[str, str]]:
    found = {name: (kind, "plain") for kind, names in KINDS.items() for name in names.split()}
    found.update(NOTATIONS)
    return found


_INDEX: Final = _index()
# Too ordinary as words: only a value that looks like an id makes them one.
DOUBTFUL: Final = frozenset(
    {"trace", "span", "parent", "correlation", "parentid", "rid", "opid", "jid", "eventid", "runid"}
)


_built_in: dict[str, tuple[str, str]] = {}


def extend(names: Mapping[str, Sequence[str]], ignored: Sequence[str]) -> None:
    """Names of identifiers by kind that a user adds, and those that are to join nothing, instead of those that were."""
    if not _built_in:
        _built_in.update(_INDEX)
    _INDEX.clear()
    _INDEX.update(_built_in)
    _INDEX.update((normal_key(name), (kind, "plain")) for kind, own in names.items() for name in own)
    _IGNORED.clear()
    _IGNORED.update(map(normal_key, ignored))
    id_key.cache_clear()


_IGNORED: Final[set[str]] = set()


@lru_cache(maxsize=8192)
def id_key(key: str) -> IdKey | None:
    """What a (dotted) key holds, or None when it names no identifier that joins records."""
    if _IGNORED and normal_key(key) in _IGNORED:
        return None
    spelled = _SPELLED.get(key)
    if spelled is not None:
        return spelled
    if len(key) > 120:
        return None
    parts = key.split(".")
    for first in range(max(0, len(parts) - 4), len(parts)):
        rest = parts[first:]
        datadog = any(part.lower() == "dd" for part in parts)
        found = _find(normal_key(".".join(rest)), datadog)
        if found is None:
            continue
        if found.kind == "span" and first and "parent" in parts[first - 1].lower():
            return IdKey("parent", found.notation, found.rank)
        return found
    return None


def _find(name: str, datadog: bool) -> IdKey | None:
    for _ in range(3):
        hit = _INDEX.get(name)
        if hit is not None:
            kind, notation = hit
            if notation == "plain" and name in DOUBTFUL:
                notation = "doubtful"
            if datadog and notation in ("plain", "doubtful") and kind in ("trace", "span", "parent"):
                notation = "datadog"
            return IdKey(kind, notation, _RANKS.get(notation, 4))
        prefix = next((part for part in _OPTIONAL if name.startswith(part) and len(name) > len(part)), None)
        if prefix is None:
            return None
        datadog = datadog or prefix == "dd"
        name = name[len(prefix) :]
    return None


def kind_of_key(key: str) -> str | None:
    """trace, span, request, correlation or job when a field of this name joins records, else None."""
    found = id_key(key)
    if found is None:
        return None
    return "span" if found.kind == "parent" else found.kind
