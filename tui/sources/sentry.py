"""Receiving Sentry: what its SDKs post to a DSN of ours, or to Spotlight's address, to lines; what is answered.

Everything is taken, so that no SDK holds back; what is no error, transaction, span or log is passed over. An SDK that
sends to both addresses sends each event twice: they are told apart by their ids, batches of logs and spans by content.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Callable, Iterator
from typing import Any, Final

import orjson

from tui.lazy import Lazy
from tui.parsing import documents
from tui.parsing.documents import ITEM
from tui.parsing.envelopes import Envelopes
from tui.sources.bodies import Body
from tui.sources.inlet import LONGEST_WAIT_S, Inlet
from tui.sources.listener import Handler, Reply, Request

_ENVELOPE: Final = Lazy(r"/stream/?|(?:/.*)?/api/[^/]+/envelope/?")
_STORE: Final = Lazy(r"(?:/.*)?/api/[^/]+/store/?")
_FAULTS: Final = (ValueError, TypeError, LookupError, AttributeError, RecursionError)


def finder(inlet: Inlet) -> Callable[[str], Handler | None]:
    """Who answers at a path."""

    def find(path: str) -> Handler | None:
        if _ENVELOPE.fullmatch(path):
            return _handler(inlet, _of_envelope)
        return _handler(inlet, _of_store) if _STORE.fullmatch(path) else None

    return find


def _handler(inlet: Inlet, items_of: Callable[[bytes], Iterator[dict[str, Any]]]) -> Handler:
    async def answer(request: Request) -> Reply:
        # an SDK that is refused throws away what it has: rather what is oldest here
        await inlet.room(LONGEST_WAIT_S)
        try:
            items = list(items_of(request.body))
        except _FAULTS:
            inlet.count(rejected=1)
            return Reply(400, b'{"detail":"no envelope or event of Sentry"}', "application/json")
        for item in items:
            if not inlet.came_before(_name(item)):
                inlet.take(documents.lines(item) or [], once=False)
                await asyncio.sleep(0)
        told = next((one for item in items if isinstance(one := item["payload"].get("event_id"), str)), None)
        return Reply(200, orjson.dumps({"id": told} if told else {}), "application/json")

    return answer


def _of_envelope(body: bytes) -> Iterator[dict[str, Any]]:
    """The items of an envelope. Raises ValueError when it is none."""
    header: dict[str, Any] = orjson.loads(body.partition(b"\n")[0])
    # anything else than an object has no keys
    header.keys()
    envelope = Envelopes()
    yield from envelope.feed(body)
    yield from envelope.flush()


def _of_store(body: bytes) -> Iterator[dict[str, Any]]:
    """The event that an old SDK posts by itself: JSON, packed and written as base64 by very old ones."""
    if body.lstrip()[:1] != b"{":
        unpacked = Body("deflate")
        unpacked.feed(_decoded(body))
        body = unpacked.finish()
    payload: dict[str, Any] = orjson.loads(body)
    yield {ITEM: "transaction" if payload.get("type") == "transaction" else "event", "around": {}, "payload": payload}


def _decoded(body: bytes) -> bytes:
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error:
        return body


def _name(item: dict[str, Any]) -> bytes | tuple[str, ...]:
    """By what an item is known when it comes again."""
    event_id = item["payload"].get("event_id")
    if isinstance(event_id, str) and item[ITEM] in ("event", "transaction"):
        return str(item[ITEM]), event_id.replace("-", "").lower()
    return orjson.dumps(item["payload"])
