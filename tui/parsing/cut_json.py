"""JSON that ends in the middle -> JSON of all that was complete by then."""

from __future__ import annotations

from typing import Final

from tui.lazy import Lazy

_OPEN: Final = b"{["
_CLOSE: Final = b"}]"
_STRUCTURE: Final = Lazy(rb'[^"{}\[\]]*(?:"(?:[^"\\]|\\.)*+"[^"{}\[\]]*)*+')
"""What stands between two brackets: strings are passed over whole. Possessive, so that it stays linear."""


def mended(data: bytes) -> bytes | None:
    """The text up to its last complete object or list inside the outermost one, and what closes the rest.

    None when nothing is complete in it. What is no JSON at all may come back as no JSON.
    """
    open_at: list[int] = []
    end, still_open = 0, b""
    position, size, skip = 0, len(data), _STRUCTURE.match
    while position < size:
        found = skip(data, position)
        position = found.end() if found is not None else size
        if position >= size:
            break
        bracket = data[position]
        position += 1
        if bracket in _OPEN:
            open_at.append(bracket)
        elif bracket in _CLOSE and open_at:
            open_at.pop()
            if not open_at:
                return data[:position]
            end, still_open = position, bytes(open_at)
        else:
            # a quote that nothing ends: the cut lies in this string
            break
    if not end:
        return None
    return data[:end] + bytes(_CLOSE[_OPEN.index(one)] for one in reversed(still_open))
