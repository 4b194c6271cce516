"""How stores of traces are asked for one: the paths of their APIs, newest first, and what their answers mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import orjson

from tui.parsing import documents
from tui.sources.asking import Answer
from tui.sources.refusals import Refusal
from tui.values import field, frozen

PATHS: Final = {
    "jaeger": ("/api/v3/traces/{}", "/api/traces/{}"),
    "zipkin-api": ("/api/v2/trace/{}",),
    "tempo": ("/api/v2/traces/{}", "/api/traces/{}"),
}
"""Of each kind; a server that does not know the first is asked by the next."""
_AROUND: Final = ("result", "trace", "data")
_LISTS: Final = ("resourceSpans", "batches", "spans")
CALLED: Final = {"jaeger": "Jaeger", "zipkin-api": "Zipkin", "tempo": "Tempo"}


@frozen
class Told:
    """What a server says of one trace."""

    lines: tuple[bytes, ...] = field(default=(), repr=False)
    """A line for each span; none when it knows nothing of it."""
    latest_ns: int = 0
    """When the last of them began."""
    note: str = ""
    """What is missing, in words for the user."""
    refusal: Refusal | None = None


def find(kind: str, trace_id: str, get: Callable[[str], Answer]) -> Told:
    """A trace, by the first path that knows it."""
    told = Told()
    for path in PATHS[kind]:
        told = _told(kind, get(path.format(trace_id)))
        if told.lines or (told.refusal is not None and told.refusal.again):
            return told
        if told.refusal is not None and not _is_foreign(told.refusal):
            return told
    return told


_FOREIGN: Final = "something else than a trace"


def _is_foreign(refusal: Refusal) -> bool:
    """Whether it may only be that the path is not known: a web page is what some answer then."""
    return _FOREIGN in refusal.words


def _told(kind: str, answer: Answer) -> Told:
    if answer.status == 400:
        return Told(note="it calls the request bad (400)")
    if answer.refusal is not None:
        return Told(refusal=answer.refusal)
    if answer.status == 404 or not answer.body.strip():
        return Told()
    try:
        values = _values(answer.body)
        cut = [one for value in values if not _is_empty(value) for one in documents.cut(value) or ()]
    except (ValueError, RecursionError):
        return Told(refusal=Refusal(f"the answer is {_FOREIGN}: is this {CALLED[kind]}'s address?", again=False))
    note = next((found for value in values if (found := _note(value))), "")
    if not cut and not all(map(_is_empty, values)):
        return Told(refusal=Refusal(f"the answer is {_FOREIGN}: is this {CALLED[kind]}'s address?", again=False))
    cut.sort(key=lambda one: one[0])
    return Told(tuple(line for _, line in cut), cut[-1][0] if cut else 0, note)


def _values(body: bytes) -> list[Any]:
    """The JSON of an answer; servers that answer in parts write one after the other. Raises ValueError."""
    try:
        return [orjson.loads(body)]
    except ValueError:
        return [orjson.loads(line) for line in body.splitlines() if line.strip()]


def _is_empty(value: Any) -> bool:
    """Whether an answer says that there is nothing."""
    if not isinstance(value, dict):
        return value in ([], None)
    inner = [value[key] for key in _AROUND if key in value] or [value[key] for key in _LISTS if key in value]
    return all(map(_is_empty, inner)) and (bool(inner) or not value)


def _note(value: Any) -> str:
    if isinstance(value, dict) and value.get("status") == "PARTIAL":
        return "the trace is incomplete there"
    return ""
