"""Receiving Zipkin: what reporters post, in JSON of both versions or in protobuf, to lines of one span each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

import orjson

from tui.parsing.protobuf import WireError
from tui.sources.inlet import LONGEST_WAIT_S, Inlet
from tui.sources.listener import Handler, Reply, Request

AT_ONCE: Final = 500
_PROTOBUF: Final = "application/x-protobuf"
_THRIFT: Final = "application/x-thrift"


def finder(inlet: Inlet) -> Callable[[str], Handler | None]:
    """Who answers at a path."""

    async def answer(request: Request) -> Reply:
        if request.kind == _THRIFT:
            return Reply(415, b"send application/json or application/x-protobuf")
        if not await inlet.room(LONGEST_WAIT_S):
            inlet.count(waits=1)
            return Reply(503, b"too much at once", headers=(("Retry-After", "1"),))
        try:
            spans = _spans(request.body, as_protobuf=request.kind == _PROTOBUF)
        except (ValueError, RecursionError):
            inlet.count(rejected=1)
            return Reply(400, b"not a list of spans of Zipkin")
        for at in range(0, len(spans), AT_ONCE):
            inlet.take(spans[at : at + AT_ONCE])
            await asyncio.sleep(0)
        return Reply(202)

    def find(path: str) -> Handler | None:
        return answer if path.rstrip("/").endswith(("/api/v2/spans", "/api/v1/spans")) else None

    return find


def _spans(body: bytes, *, as_protobuf: bool) -> list[bytes]:
    """The spans, by time, a line each. Raises ValueError."""
    if as_protobuf:
        from tui.parsing.zipkin_protobuf import spans

        found: Any = spans(body)
    else:
        found = orjson.loads(body)
    if not isinstance(found, list) or not all(isinstance(one, dict) and "traceId" in one for one in found):
        raise WireError("no list of spans")
    # those within others are told before them
    found.sort(key=lambda one: at if isinstance(at := one.get("timestamp"), int) else 0)
    return [orjson.dumps(one) + b"\n" for one in found]
