"""The lines of a stretch as raw bytes, a piece at a time, in memory that is used again for the next one.

A piece stays in the processor's caches while it is searched. It ends with a line; the line that is under way where it
was read to begins the next piece, so that no byte is read twice.
"""

from __future__ import annotations

from collections.abc import Iterator

from tui.framing import GROUP_REACH_BYTES, MAX_LINE_BYTES
from tui.store.blocks import Blocks
from tui.store.scratch import ALIGNMENT, Scratch, scratch
from tui.typed import Final, NamedTuple

PIECE_BYTES: Final = 1 << 20
_BEYOND_BYTES: Final = 4 << 10
"""Read behind the reach of the last record at once: most lines under way there end within it."""
_OVERLAP_BYTES: Final = GROUP_REACH_BYTES
"""Of a line that is longer than any that is shown whole, so much is looked at twice, lest a cut hide something."""


class Piece(NamedTuple):
    """Lines that stand in a thread's memory until it asks for the next piece."""

    start: int
    """The offset of the first byte: where a line begins, unless the stretch begins within one."""
    data: Scratch
    size: int
    """So many bytes of it are theirs, with a line feed at the end."""
    padding: int = 0
    """So many line feeds stand before them, which are counted in."""


def pieces(blocks: Blocks, start: int, stop: int) -> Iterator[Piece]:
    """The lines of all records that begin in a stretch: to the end of the line that is under way at their reach.

    A last line without an end is given one.
    """
    data = scratch(PIECE_BYTES + MAX_LINE_BYTES + _BEYOND_BYTES + 1)
    memory = memoryview(data)
    reach, size, padding = stop + GROUP_REACH_BYTES, 0, 0
    while True:
        wanted = max(_BEYOND_BYTES, min(PIECE_BYTES, reach + _BEYOND_BYTES - start - size))
        more = blocks.readinto(start + size, memory[size : size + wanted])
        size += more
        last = start + size >= reach
        if not more:
            if size > padding:
                data[size] = _LF
                yield Piece(start, data, size + 1, padding)
            return
        end = (data.find(b"\n", max(padding, reach - start - 1), size) if last else -1) + 1
        if end:
            yield Piece(start, data, end, padding)
            return
        end = data.rfind(b"\n", padding, size) + 1
        if not end and size > MAX_LINE_BYTES:
            yield Piece(start, data, size, padding)
            if last:
                return
            end = size - _OVERLAP_BYTES
        elif end:
            yield Piece(start, data, end, padding)
        # behind as much padding as lets the next bytes begin where copying is fast
        end = max(end, padding)
        kept = size - end
        padding = -kept % ALIGNMENT
        memory[padding : padding + kept] = memory[end:size]
        memory[:padding] = _LINE_FEEDS[:padding]
        start, size = start + end - padding, padding + kept


_LF: Final = 10
_LINE_FEEDS: Final = b"\n" * ALIGNMENT
