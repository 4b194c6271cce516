"""A stretch in which every line is an object and a record of its own: taken in as a whole, not line by line.

Programs that write JSON write such files from end to end. What may go on with another record, or was cut in two, is left
to `groups`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Final

from tui.parsing.glimpse import DOCKER
from tui.redaction.redactor import Redactor, Stream
from tui.store.blocks import Blocks

BEYOND_BYTES: Final = 16 << 10
"""The last line may end this far behind the stretch."""


class Sheet:
    """The redacted lines that begin in a stretch, and where."""

    __slots__ = ("_offsets", "_raw", "_start", "lines", "redactions")

    def __init__(self, start: int, raw: bytes, lines: Sequence[bytes], redactions: Mapping[str, int]) -> None:
        self.lines = lines
        self.redactions = redactions
        self._start = start
        self._raw = raw
        self._offsets: Sequence[int] | None = None

    def offset(self, number: int) -> int:
        """Where a line begins; counted when it is first asked for."""
        if self._offsets is None:
            sizes = (len(line) + 1 for line in self._raw.split(b"\n"))
            self._offsets = list(accumulate(sizes, initial=self._start))
        return self._offsets[number]


def sheet_of(blocks: Blocks, redactor: Redactor, start: int, stop: int) -> Sheet | None:
    """The lines of a stretch; None where not all of them, and the one behind them, begin as objects do."""
    raw = _objects(blocks, start, stop)
    if raw is None or raw[1].startswith(DOCKER) or raw[1].find(b"\n" + DOCKER) >= 0:
        return None
    begin, data = raw
    text, counts = (data, {}) if blocks.redacted else redactor.block(data, Stream())
    lines = text.split(b"\n")
    if text is not data and any(line[:1] != b"{" for line in lines):
        return None
    return Sheet(begin, data, lines, counts)


def _objects(blocks: Blocks, start: int, stop: int) -> tuple[int, bytes] | None:
    """Where the first line of a stretch begins, and its lines without the last line feed."""
    piece_start, piece_end = blocks.piece(start)
    begin = start if start == piece_start else start - 1
    data = blocks.read(begin, min(stop + BEYOND_BYTES, piece_end))
    first = 0 if begin == start else data.find(b"\n") + 1
    end = data.find(b"\n", stop - 1 - begin)
    # the first line of all that is written next may go on with the last one here
    if end < 0 or (begin < start and first == 0) or data[end + 1 : end + 2] != b"{" or first > end:
        return None
    text = data[first:end]
    if text[:1] != b"{" or b"\r" in text or text.count(b"\n{") != text.count(b"\n"):
        return None
    return begin + first, text
