"""Byte strings found in blocks of bytes at memory speed.

stringzilla looks at 64 bytes at a time where the standard library looks at one or two. Called as a Python module it
holds the lock of the interpreter meanwhile, so that two threads find no more than one and a key press waits for both.
The same function is called without the lock where blocks are long: by its name in C, on memory that stays where it is.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Final

from tui.store.scratch import Scratch

try:
    import stringzilla
except ImportError:  # no wheel for this platform
    stringzilla = None

Block = bytes | bytearray
FAST: Final = stringzilla is not None
_NEAR_BYTES: Final = 32 << 10
"""What is found this near is found with the lock: letting go of it and taking it again would take longer."""


def _without_lock() -> Callable[[int, int, bytes, int], int | None] | None:
    """The address of the first occurrence, by the address and size of both; None where the name is not exported."""
    try:
        find = ctypes.CDLL(stringzilla.__file__).sz_find
    except (AttributeError, OSError, TypeError):
        return None
    find.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]
    find.restype = ctypes.c_void_p
    return find


_find_unlocked: Final = _without_lock()


def find(data: Block, needle: bytes, start: int, end: int) -> int:
    """Offset of the first occurrence that lies within [start, end), or -1."""
    if end - start > 2 * _NEAR_BYTES and _find_unlocked is not None and isinstance(data, Scratch):
        near = start + _NEAR_BYTES
        found = _find_locked(data, needle, start, near)
        if found >= 0:
            return found
        start = near - len(needle) + 1
        at = _find_unlocked(data.address + start, min(end, len(data)) - start, needle, len(needle))
        return -1 if at is None else at - data.address
    return _find_locked(data, needle, start, end)


def _find_locked(data: Block, needle: bytes, start: int, end: int) -> int:
    if stringzilla is None or len(needle) == 1:  # memchr is faster still
        return data.find(needle, start, end)
    found: int = stringzilla.find(data, needle, start, end)
    return found


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
