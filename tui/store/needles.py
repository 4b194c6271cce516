"""Byte strings found in blocks of bytes at memory speed.

Both libraries look at 32 bytes and more at a time where the standard library looks at one or two. The one for several
byte strings lets go of the interpreter's lock, so that two threads find twice as much and a key press waits for
neither; the other one holds it, and is asked for what is near.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from tui.typed import Any, Final

Block = bytes | bytearray
All = Callable[[Block, int], list[int]]
"""Where something stands in the first so many bytes, in order; of what overlaps the first."""
_FEW_BYTES: Final = 32 << 10
"""Lines of less than this are counted by the standard library, which need not be loaded."""
_EACH: Final = 2
"""So few byte strings are looked for one after the other, which takes less than half of the time of a pass for all."""
_AT_ONCE: Final = 32
"""One pass looks for so many; of more it takes longer than several passes do."""
_NOWHERE: Final = tuple(bytes([byte]) * 4 for byte in range(0xF8, 0xFC))
"""Byte strings that stand in no text. The search for several looks at one byte at a time where their first letters, or
their rarest ones, are three or fewer, which in a log are not rare at all; with these they never are."""


@cache
def _library() -> Any:
    """stringzilla, loaded when something is first looked for; None where there is no wheel for the platform."""
    try:
        import stringzilla
    except ImportError:
        return None
    return stringzilla


@cache
def _automata() -> Any:
    """ahocorasick_rs, in the same way."""
    try:
        import ahocorasick_rs
    except ImportError:
        return None
    return ahocorasick_rs


def is_fast() -> bool:
    """Whether stringzilla is there; without it the standard library does the same, only slower."""
    return _library() is not None


def find(data: Block, needle: bytes, start: int, end: int) -> int:
    """Offset of the first occurrence that lies within [start, end), or -1."""
    if len(needle) == 1 or (library := _library()) is None:  # memchr is faster still
        return data.find(needle, start, end)
    found: int = library.find(data, needle, start, end)
    return found


def finder(needles: Sequence[bytes]) -> All:
    """Finds any of several byte strings of three bytes or more."""
    if len(needles) > _AT_ONCE:
        return _merged([finder(needles[at : at + _AT_ONCE]) for at in range(0, len(needles), _AT_ONCE)])
    if _automata() is None:
        return _merged([_one_by_one(needle) for needle in needles])
    if len(needles) <= _EACH:
        return _merged([_at_once([needle]) for needle in needles])
    return _at_once([*needles, *_NOWHERE])


def finder_of_rare(needles: Sequence[bytes]) -> All:
    """The same for byte strings that begin with at most three bytes, which are rare: these are looked for."""
    return finder(needles) if _automata() is None else _at_once(needles)


def _at_once(needles: Sequence[bytes]) -> All:
    library = _automata()
    kind: Any = library.MatchKind.LeftmostFirst
    matches = library.BytesAhoCorasick(needles, matchkind=kind).find_matches_as_indexes
    return lambda data, size: [one[1] for one in matches(memoryview(data)[:size])]


def _one_by_one(needle: bytes) -> All:
    def find_all(data: Block, size: int) -> list[int]:
        found, at = list[int](), find(data, needle, 0, size)
        while at >= 0:
            found.append(at)
            at = find(data, needle, at + len(needle), size)
        return found

    return find_all


def _merged(finders: Sequence[All]) -> All:
    if len(finders) == 1:
        return finders[0]
    return lambda data, size: sorted(at for one in finders for at in one(data, size))


def find_folded(data: Block, needle: bytes, start: int, end: int) -> int:
    """The same as `find` for a needle in small letters (UTF-8) that may stand in any case.

    All of Unicode's foldings count, so that it finds too much rather than too little; data may hold any bytes.
    """
    if (library := _library()) is None:
        return data[start:end].lower().find(needle) if needle.isascii() else start
    at: int = library.utf8_uncased_search(data, needle, start, end)
    return at


def count(data: Block, char: bytes, end: int) -> int:
    """How often one byte stands in the first so many bytes."""
    if end < _FEW_BYTES or (library := _library()) is None:
        return data.count(char, 0, end)
    number: int = library.count(data, char, 0, end)
    return number
