"""Reading one file at any offset, from any thread, without a mapping: a truncated file gives fewer bytes, no fault.

Which file that is, and whether it still is the right one, is decided elsewhere (`follow`).
"""

from __future__ import annotations

import os
from _thread import allocate_lock


class Reader:
    """Bytes of one segment by offset. Safe to share between threads; closing waits for nobody and breaks no reading."""

    plain = True
    """Whether the bytes are those of the file itself, not decoded ones."""

    def __init__(self, fd: int, path: str = "") -> None:
        """Take over the open descriptor `fd`."""
        self.path = path
        self.note = ""
        """What was odd while reading, in words for the user."""
        self._fd = fd
        self._lock = allocate_lock()
        self._users = 0
        self._closing = False
        self._instead: Reader | None = None
        self._gone = False
        self._last_size = 0

    def pread(self, offset: int, size: int) -> bytes:
        """Up to `size` bytes from `offset`; fewer only at the end, none when there is nothing (left) to read."""
        if self._gone:
            return self._instead.pread(offset, size) if self._instead else b""
        return self._raw(offset, size)

    def readinto(self, offset: int, buffer: memoryview) -> int:
        """Fill a buffer from `offset` on, so that reading much needs no memory of its own; how many bytes were there."""
        if self._fd < 0 or self._gone or not self.plain:
            data = self.pread(offset, len(buffer))
            buffer[: len(data)] = data
            return len(data)
        if offset < 0 or not self._enter():
            return 0
        done = 0
        try:
            while done < len(buffer) and (more := os.preadv(self._fd, [buffer[done:]], offset + done)):
                done += more
        except OSError as error:
            self._failed(offset, error)
        finally:
            self._leave()
        return done

    def size(self) -> int:
        """Bytes there are now."""
        if self._gone:
            return self._instead.size() if self._instead else self._last_size
        fact = self.stat()
        if fact is not None:
            self._last_size = fact.st_size
        return self._last_size

    @property
    def mtime_ns(self) -> int:
        """Time of the last change, nanoseconds since 1970; 0 when unknown."""
        fact = self.stat()
        return fact.st_mtime_ns if fact else 0

    @property
    def closed(self) -> bool:
        return self._closing

    @property
    def gone(self) -> bool:
        """Whether the bytes were overwritten and no copy of them is at hand: nothing can be read any more."""
        return self._gone and self._instead is None

    @property
    def complete(self) -> bool:
        """Whether size() is the whole size, rather than what has been decoded so far."""
        return True

    def advance(self, max_bytes: int) -> None:
        """Decode up to about `max_bytes` further, so that size() comes nearer to the truth; a plain file needs none."""

    def finish(self) -> None:
        """Decode to the end, in bounded memory, so that size() is the whole size."""
        while not self.complete:
            self.advance(64 << 20)

    def close(self) -> None:
        """Give the descriptor back, after the readings under way."""
        with self._lock:
            if self._closing:
                return
            self._closing = True
            idle = self._users == 0
        if idle:
            os.close(self._fd)
        if self._instead:
            self._instead.close()

    def supersede(self, other: Reader | None) -> None:
        """The file under this descriptor has been overwritten: read from `other`, which holds a copy, or nothing."""
        self.size()
        self._instead = other
        self._gone = True

    def adopt(self, other: Reader) -> None:
        """Read the same content from the file of `other` from now on, which is ours then."""
        with self._lock:
            busy = self._closing or self._users > 0
            if not busy:
                os.dup2(other._fd, self._fd, inheritable=False)
        if busy:
            # somebody reads right now: leave them the old descriptor
            self.supersede(other)
        else:
            other.close()

    def stat(self) -> os.stat_result | None:
        """fstat of the descriptor that is read; None when closed or out of reach."""
        if self._gone and self._instead:
            return self._instead.stat()
        if not self._enter():
            return None
        try:
            return os.fstat(self._fd)
        except OSError:
            return None
        finally:
            self._leave()

    def seek_data(self, offset: int) -> int:
        """Offset of the first byte at or after `offset` that is not in a hole of a sparse file."""
        if not hasattr(os, "SEEK_DATA") or not self._enter():
            return offset
        try:
            return max(offset, os.lseek(self._fd, offset, os.SEEK_DATA))
        except OSError:
            return offset
        finally:
            self._leave()

    def _raw(self, offset: int, size: int) -> bytes:
        if size <= 0 or offset < 0 or not self._enter():
            return b""
        try:
            data = os.pread(self._fd, size, offset)
            while len(data) < size:
                more = os.pread(self._fd, size - len(data), offset + len(data))
                if not more:
                    break
                data += more
            return data
        except OSError as error:
            self._failed(offset, error)
            return b""
        finally:
            self._leave()

    def _failed(self, offset: int, error: OSError) -> None:
        self.note = f"cannot be read at byte {offset}: {(error.strerror or 'input error').lower()}"

    def _enter(self) -> bool:
        with self._lock:
            if self._closing:
                return False
            self._users += 1
            return True

    def _leave(self) -> None:
        with self._lock:
            self._users -= 1
            last = self._closing and self._users == 0
        if last:
            os.close(self._fd)


class MemoryReader(Reader):
    """Bytes that were read to the end already, from something that cannot be read twice."""

    def __init__(self, data: bytes, path: str = "", note: str = "") -> None:
        super().__init__(-1, path)
        self._data = data
        self.note = note

    def pread(self, offset: int, size: int) -> bytes:
        return self._data[max(0, offset) : max(0, offset) + size] if offset >= 0 and size > 0 else b""

    def size(self) -> int:
        return len(self._data)

    def stat(self) -> os.stat_result | None:
        return None

    def close(self) -> None:
        self._data = b""
