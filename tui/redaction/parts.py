"""Several patterns asked as one: each by itself while little has been read, then as one alternation and as one set.

The state machine of an alternation has far more states than those of its parts together, and makes them as it meets the
bytes: on a screenful that takes twice as long as asking the parts, on a log a fraction. The answers are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from tui.redaction.gate import Hit, Occurring, Search, compile_any
from tui.typed import Final

FEW_BYTES: Final = 128 << 10
"""So many bytes are read before the alternation is worth its states."""
FEW_LINES: Final = 300
"""So many lines are asked for what occurs in them before the set is worth its states."""
_NOT_ASKED: Final[Hit] = (-1, -1)

Ahead = Callable[[int], Hit | None]
"""Of a position in some bytes, never before the one asked last: the first hit that begins there or behind."""


class Parts:
    """Alternatives in order: of two that hit at the same place the earlier one counts."""

    __slots__ = ("_lines", "_parts", "_read", "_told", "_told_by", "_whole")

    def __init__(self, alternatives: Sequence[str], told: slice) -> None:
        """`told` are those that `occurring` tells."""
        self._parts = [compile_any([one]) for one in alternatives]
        self._whole = compile_any(alternatives)
        self._told = self._parts[told]
        self._told_by = Occurring(alternatives[told])
        self._read = 0
        self._lines = 0

    def over(self, data: bytes) -> Ahead:
        """A search of these bytes from left to right."""
        if self._read < FEW_BYTES:
            self._read += len(data)
            if self._read < FEW_BYTES:
                return _ahead(data, [part.search for part in self._parts])
        return partial(self._whole.search, data)

    def search(self, data: bytes) -> Hit | None:
        """The first hit of all."""
        return self.over(data)(0)

    def hits(self, data: bytes) -> Iterator[Hit]:
        """All hits from left to right, without overlaps."""
        search, position = self.over(data), 0
        while (hit := search(position)) is not None:
            yield hit
            position = hit[1]

    def occurring(self, data: bytes) -> Sequence[int]:
        """Which of the alternatives that are told occur in a line, by their places among them."""
        if self._lines >= FEW_LINES:
            return self._told_by.match(data)
        self._lines += 1
        return [at for at, part in enumerate(self._told) if part.search(data) is not None]


def _ahead(data: bytes, searches: Sequence[Search]) -> Ahead:
    """Asks each part again only when its last hit lies behind."""
    found: list[Hit | None] = [_NOT_ASKED] * len(searches)

    def search(position: int) -> Hit | None:
        first: Hit | None = None
        for at, hit in enumerate(found):
            if hit is not None and hit[0] < position:
                hit = found[at] = searches[at](data, position)
            if hit is not None and (first is None or hit[0] < first[0]):
                first = hit
        return first

    return search
