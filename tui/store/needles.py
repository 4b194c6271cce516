"""Byte strings found in blocks of bytes at memory speed.

stringzilla looks at 64 bytes at a time where the standard library looks at one or two. Called as a Python module it
holds the lock of the interpreter meanwhile, so that two threads find no more than one and a key press waits for both.
The same function is called without the lock where blocks are long: by its name in C, on memory that stays where it is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final

Block = bytes | bytearray
_NEAR_BYTES: Final = 32 << 10
"""What is found this near is found with the lock: letting go of it and taking it again would take longer."""

_FEW_BYTES: Final = 32 << 10
"""Lines of less than this are counted by the standard library, which need not be loaded."""


@cache
def _library() -> Any:
    """stringzilla, loaded when something is first looked for; None where there is no wheel for the platform."""
    try:
        import stringzilla
    except ImportError:
        return None
    return stringzilla


def is_fast() -> bool:
    """Whether stringzilla is there; without it the standard library does the same, only slower."""
    return _library() is not None


@cache
def _without_lock() -> Callable[[int, int, bytes, int], int | None] | None:
    """The address of the first occurrence, by the address and size of both; None where the name is not exported."""
    import ctypes

    try:
        find = ctypes.CDLL(_library().__file__).sz_find
    except (AttributeError, OSError, TypeError):
        return None
    find.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]
    find.restype = ctypes.c_void_p
    return find


def find(data: Block, needle: bytes, start: int, end: int) -> int:
    """Offset of the first occurrence that lies within [start, end), or -1."""
    address: int | None = getattr(data, "address", None)
    if address is not None and end - start > 2 * _NEAR_BYTES and (find_unlocked := _without_lock()) is not None:
        near = start + _NEAR_BYTES
        found = _find_locked(data, needle, start, near)
        if found >= 0:
            return found
        start = near - len(needle) + 1
        at = find_unlocked(address + start, min(end, len(data)) - start, needle, len(needle))
        return -1 if at is None else at - address
    return _find_locked(data, needle, start, end)


def _find_locked(data: Block, needle: bytes, start: int, end: int) -> int:
    if len(needle) == 1 or (library := _library()) is None:  # memchr is faster still
        return data.find(needle, start, end)
    found: int = library.find(data, needle, start, end)
    return found


def find_folded(data: Block, needle: bytes, start: int, end: int) -> int:
    """The same for a needle in small letters (UTF-8) that may stand in any case.

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
