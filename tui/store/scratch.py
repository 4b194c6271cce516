"""Memory that blocks are read into again and again, a piece for each thread.

Fresh memory costs more to get than to fill. And where it begins matters: the kernel copies a file's bytes into memory
that begins at a multiple of 64 in two thirds of the time that it takes with what a byte array is given by default.
"""

from __future__ import annotations

from _thread import _local

from tui.typed import Final

ALIGNMENT: Final = 64


class Scratch(bytearray):
    """So many bytes that neither move nor grow, with the address that they begin at."""

    address: int

    def __init__(self, size: int) -> None:
        import ctypes

        super().__init__(max(size, 64 * ALIGNMENT) + ALIGNMENT)
        # a byte array that is shortened in front begins further on in the same memory
        del self[: -ctypes.addressof(ctypes.c_char.from_buffer(self)) % ALIGNMENT]
        self._pinned = ctypes.c_char.from_buffer(self)
        self.address = ctypes.addressof(self._pinned)


_own: Final = _local()


def scratch(size: int) -> Scratch:
    """At least so many bytes of this thread's memory, until it asks again; they hold what they held before."""
    buffer: Scratch | None = getattr(_own, "buffer", None)
    if buffer is None or len(buffer) < size:
        buffer = _own.buffer = Scratch(size)
    return buffer
