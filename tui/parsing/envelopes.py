"""Envelopes of Sentry, one or many behind one another -> their items, one object a line.

An envelope is a line of JSON about all of it, then for each item a line about the item and its payload. `length` counts
the bytes of a payload; without it the payload ends with its line. What is neither event, span nor log is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator

from tui.json_text import loads
from tui.parsing.documents import ITEM
from tui.typed import Any, Final

HEADER_KEYS: Final = frozenset({"event_id", "sent_at", "dsn", "sdk", "trace"})
READ: Final = frozenset({"event", "transaction", "span", "log"})
_AROUND: Final = ("release", "environment", "trace_id", "transaction")


def is_header(line: bytes) -> bool:
    """Whether a line may begin an envelope."""
    found = _object(line)
    return found is not None and bool(HEADER_KEYS & found.keys()) and "type" not in found and len(found) <= 8


def is_item_header(line: bytes) -> bool:
    """Whether a line begins an item, as far as it has come."""
    found = _object(line)
    return found is not None and isinstance(found.get("type"), str) and found.keys() <= _ITEM_KEYS


_ITEM_KEYS: Final = frozenset(
    {"type", "length", "content_type", "filename", "attachment_type", "item_count", "headers", "platform", "sdk"}
)


class Envelopes:
    """Takes envelopes apart as they come, whatever the cuts between the pieces."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._around: dict[str, object] = {}

    def feed(self, data: bytes) -> Iterator[dict[str, Any]]:
        """The items that these bytes complete."""
        self._held += data
        yield from self._items(whole=False)

    def flush(self) -> Iterator[dict[str, Any]]:
        """What is held, as far as it is complete now that nothing more comes."""
        yield from self._items(whole=True)
        self._held.clear()

    @property
    def held_bytes(self) -> int:
        return len(self._held)

    def _items(self, *, whole: bool) -> Iterator[dict[str, Any]]:
        position = 0
        while (end := self._line_end(position, whole)) is not None:
            header = _object(self._held[position:end])
            if header is None or not isinstance(header.get("type"), str):
                if header is not None:
                    trace = header.get("trace")
                    known = trace if isinstance(trace, dict) else {}
                    self._around = {key: known[key] for key in _AROUND if isinstance(known.get(key), str)}
                position = end + 1
                continue
            after = self._payload_end(header, end + 1, whole)
            if after is None:
                break
            payload = _object(self._held[end + 1 : after])
            if payload is not None and header["type"] in READ:
                yield {ITEM: header["type"], "around": self._around, "payload": payload}
            position = after + (self._held[after : after + 1] == b"\n")
        del self._held[:position]

    def _line_end(self, position: int, whole: bool) -> int | None:
        if position >= len(self._held):
            return None
        end = self._held.find(b"\n", position)
        return end if end >= 0 else len(self._held) if whole else None

    def _payload_end(self, header: dict[str, Any], start: int, whole: bool) -> int | None:
        length = header.get("length")
        if isinstance(length, int) and length >= 0:
            return start + length if start + length <= len(self._held) else len(self._held) if whole else None
        return self._line_end(start, whole) if start < len(self._held) else start if whole else None


def _object(line: bytes | bytearray) -> dict[str, Any] | None:
    try:
        found = loads(bytes(line))
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
