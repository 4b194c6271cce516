"""Byte strings found in blocks of bytes at memory speed.

stringzilla looks at 64 bytes at a time where the standard library looks at one or two. It holds the lock of the
interpreter meanwhile, for 30 microseconds a mebibyte: hand it blocks, not whole files.
"""

from __future__ import annotations

from typing import Final

try:
    import stringzilla
except ImportError:  # no wheel for this platform
    stringzilla = None

Block = bytes | bytearray
FAST: Final = stringzilla is not None


def find(data: Block, needle: bytes, start: int, end: int) -> int:
    """Offset of the first occurrence that lies within [start, end), or -1."""
    if stringzilla is None or len(needle) == 1:  # memchr is faster still
        return data.find(needle, start, end)
    at: int = stringzilla.find(data, needle, start, end)
    return at


def find_folded(data: Block, needle: bytes, start: int, end: int) -> int:
    """The same for a needle in small letters (UTF-8) that may stand in any case.

    All of Unicode's foldings count, so that it finds too much rather than too little; data may hold any bytes.
    """
    if stringzilla is None:
        return data[start:end].lower().find(needle) if needle.isascii() else start
    at: int = stringzilla.utf8_uncased_search(data, needle, start, end)
    return at


def count(data: Block, char: bytes, end: int) -> int:
    """How often one byte stands in the first so many bytes."""
    if stringzilla is None:
        return data.count(char, 0, end)
    number: int = stringzilla.count(data, char, 0, end)
    return number
