"""Scalars inside an array or object that stands under a sensitive key.

Owns walking nested values at any depth of escaping; works on cut and invalid documents alike: it never builds one.
"""

from __future__ import annotations

from tui.lazy import Lazy
from tui.redaction.quoting import one_of_bytes, quoted_end
from tui.typed import Final, NamedTuple

MAX_WALK_BYTES: Final = 1 << 16


class Leaf(NamedTuple):
    """One scalar: its bytes without quotes, and the name it has inside, if any."""

    start: int
    end: int
    quoted: bool
    name: bytes | None


_TOKEN: Final = Lazy(rb"""\\{0,31}["']|[\[\]{}():,=]|[^\s\\"'\[\]{}():,=]+|\s+|\\""")
_QUOTES: Final = one_of_bytes(b"\"'")
_OPENING: Final = one_of_bytes(b"[{(")
_CLOSING: Final = one_of_bytes(b"]})")
_SEPARATORS: Final = one_of_bytes(b":=")


def leaves(line: bytes, start: int, depth: int, max_bytes: int = MAX_WALK_BYTES) -> tuple[list[Leaf], int]:
    """The scalars of the collection that opens at `start`, and where it ends.

    `depth` is the number of backslashes before the quotes of this document; a quote with fewer ends the outer string.
    """
    found: list[Leaf] = []
    names: list[bytes | None] = [None]
    pending: Leaf | None = None
    nesting = 0
    position = start
    limit = min(len(line), start + max_bytes)
    while position < limit:
        token = _TOKEN.match(line, position, limit)
        if token is None:
            break
        text = token[0]
        position = token.end()
        last = text[-1:]
        if last in _QUOTES and text.strip(b"\\") == last:
            if last == b'"' and len(text) - 1 < depth:
                position = token.start()
                break
            end, position = quoted_end(line, token.end(), text)
            pending = _kept(found, pending, Leaf(token.end(), end, True, names[-1]))
        elif last in _OPENING:
            pending = _kept(found, pending, None)
            nesting += 1
            names.append(names[-1])
        elif last in _CLOSING:
            pending = _kept(found, pending, None)
            nesting -= 1
            if len(names) > 1:
                names.pop()
            if nesting <= 0:
                break
            names[-1] = names[-1] if last == b")" else None
        elif last in _SEPARATORS:
            if pending is not None:
                names[-1] = line[pending.start : pending.end]
                pending = None
        elif last == b",":
            pending = _kept(found, pending, None)
            names[-1] = names[-2] if len(names) > 1 and nesting and line[start : start + 1] == b"[" else None
        elif not text.isspace() and text != b"\\":
            pending = _kept(found, pending, Leaf(token.start(), position, False, names[-1]))
    _kept(found, pending, None)
    return found, position


def _kept(found: list[Leaf], pending: Leaf | None, following: Leaf | None) -> Leaf | None:
    """A scalar counts once it is known not to be the name of what follows it."""
    if pending is not None:
        found.append(pending)
    return following
