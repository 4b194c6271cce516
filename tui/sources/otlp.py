"""Receiving OTLP: what a sender of OpenTelemetry posts, to lines of one span or log record each, and what is answered.

Metrics are taken, so that nobody complains, and counted. A message is looked through before anything of it is taken;
of a sound message the spans that make no sense are rejected one by one, and the sender is told how many.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from itertools import islice
from typing import Any, Final

import orjson

from tui.parsing import documents
from tui.parsing.otlp import TOP_KEYS
from tui.parsing.otlp_protobuf import Signal, elements, line
from tui.parsing.protobuf import written
from tui.sources import inlet as inlets
from tui.sources.inlet import Inlet
from tui.sources.listener import Handler, Reply, Request

PROTOBUF: Final = "application/x-protobuf"
JSON: Final = "application/json"
AT_ONCE: Final = 500
"""Spans taken in before others have their turn."""
LAST_WAIT_S: Final = 20.0
"""Within a message that has been begun; then older lines are given up."""
INVALID: Final = 3
"""The code of gRPC for what cannot be understood."""
_SPANS: Final = frozenset({"resourceSpans", "resource_spans", "batches"})
_FAULTS: Final = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
_PATHS: Final[dict[str, Signal]] = {"/v1/traces": "traces", "/v1/logs": "logs", "/v1/metrics": "metrics"}
_REJECTED: Final = {"traces": "rejectedSpans", "logs": "rejectedLogRecords", "metrics": "rejectedDataPoints"}
_WHY: Final = "not readable as the message that it should be"


class Unreadable(ValueError):
    """A message that cannot be understood; the text says why and quotes nothing of it."""


def finder(inlet: Inlet) -> Callable[[str], Handler | None]:
    """Who answers at a path, whatever prefix a sender's endpoint has."""

    def find(path: str) -> Handler | None:
        signal = next((one for ending, one in _PATHS.items() if path.rstrip("/").endswith(ending)), None)
        return None if signal is None else _handler(inlet, signal)

    return find


def _handler(inlet: Inlet, signal: Signal) -> Handler:
    async def answer(request: Request) -> Reply:
        if request.kind not in (PROTOBUF, JSON):
            return Reply(415, f"send {PROTOBUF} or {JSON}".encode())
        if not await inlet.room(inlets.LONGEST_WAIT_S):
            inlet.count(waits=1)
            return Reply(429, _status(request.kind, 8, "too much at once"), request.kind, (("Retry-After", "1"),))
        steps = receive(inlet, request.body, signal, as_json=request.kind == JSON)
        try:
            while True:
                next(steps)
                await asyncio.sleep(0)
                await inlet.room(LAST_WAIT_S)
        except StopIteration as end:
            return Reply(200, _success(request.kind, signal, end.value), request.kind)
        except Unreadable as problem:
            inlet.count(rejected=1)
            return Reply(400, _status(request.kind, INVALID, str(problem)), request.kind)

    return answer


def receive(inlet: Inlet, body: bytes, signal: Signal, *, as_json: bool = False) -> Generator[None, None, int]:
    """Take a message in, a part at each step; how many of its elements were rejected. Raises Unreadable.

    A whole message that was sent before was sent again; log records can be told apart by nothing else.
    """
    taken = _from_json(inlet, body, signal) if as_json else _from_protobuf(inlet, body, signal)
    rejected = yield from taken
    if rejected:
        inlet.count(rejected=rejected)
    return rejected


def _from_protobuf(inlet: Inlet, body: bytes, signal: Signal) -> Generator[None, None, int]:
    try:
        found = elements(body, signal)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"no protobuf message of OTLP {signal}: {error}") from None
    if signal == "metrics":
        inlet.count(metrics=len(found))
        return 0
    if signal == "logs" and found and inlet.came_before(body):
        return 0
    rejected = 0
    for at in range(0, len(found), AT_ONCE):
        lines: list[tuple[int, bytes]] = []
        for one in found[at : at + AT_ONCE]:
            try:
                lines.append(line(body, one, signal))
            except ValueError:
                rejected += 1
        # spans are sent when they end, those within them before those around them
        lines.sort(key=lambda one: one[0])
        inlet.take([text for _, text in lines], once=signal == "traces")
        yield
    return rejected


def _from_json(inlet: Inlet, body: bytes, signal: Signal) -> Generator[None, None, int]:
    try:
        value = orjson.loads(body)
    except ValueError as error:
        raise Unreadable(f"no JSON: {str(error).partition(':')[0]}") from None
    if not isinstance(value, dict) or any(not isinstance(value.get(key, []), list) for key in TOP_KEYS):
        raise Unreadable(f"no message of OTLP {signal}")
    inlet.count(metrics=_metrics(value.pop("resourceMetrics", None) or value.pop("resource_metrics", None) or []))
    spans = not _SPANS.isdisjoint(value)
    if not spans and not TOP_KEYS.isdisjoint(value) and inlet.came_before(body):
        return 0
    # one after the other: all of them as lines may be many times as large as the message
    parts = documents.parts(value)
    while True:
        lines: list[tuple[int, bytes]] = []
        try:
            lines.extend(islice(parts, AT_ONCE))
        except _FAULTS:
            # what has been read of it is taken, the rest cannot be
            inlet.take([text for _, text in lines], once=spans)
            return 1
        if not lines:
            return 0
        lines.sort(key=lambda one: one[0])
        inlet.take([text for _, text in lines], once=spans)
        yield


def _metrics(resources: list[Any]) -> int:
    """How many metrics there are."""
    scopes = [
        scope
        for resource in resources
        if isinstance(resource, dict)
        for scope in resource.get("scopeMetrics") or resource.get("scope_metrics") or ()
    ]
    return sum(len(scope.get("metrics") or ()) for scope in scopes if isinstance(scope, dict))


# -- answers -----------------------------------------------------------------------------------------------------------


def success(signal: Signal, rejected: int) -> bytes:
    """The answer in protobuf when a message was taken, all of it or not."""
    return written(1, written(1, rejected) + written(2, _WHY.encode())) if rejected else b""


def _success(kind: str, signal: Signal, rejected: int) -> bytes:
    if kind == PROTOBUF:
        return success(signal, rejected)
    told = {"partialSuccess": {_REJECTED[signal]: str(rejected), "errorMessage": _WHY}} if rejected else {}
    return orjson.dumps(told)


def _status(kind: str, code: int, words: str) -> bytes:
    """What is answered when a message was not taken."""
    if kind == PROTOBUF:
        return written(1, code) + written(2, words.encode())
    return orjson.dumps({"code": code, "message": words})
