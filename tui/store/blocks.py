"""The bytes of one source, addressed by offset, in blocks.

A file's blocks are read again whenever somebody looks at them; a stream's are kept here, redacted, in a ring with a
byte budget. Offsets only grow: a rotated file goes on at the offset where the one before it ended.
"""

from __future__ import annotations

import sys
from _thread import LockType, allocate_lock
from bisect import bisect_right
from collections import deque
from itertools import islice

from tui.store.needles import count
from tui.typed import TYPE_CHECKING, Final, Protocol
from tui.values import field, mutable

if TYPE_CHECKING:
    from array import array

BLOCK_BYTES: Final = 256 << 10
ARRIVAL_STEP_NS: Final = 20_000_000
"""Arrival times closer together than this are kept as one."""
MAX_ARRIVALS: Final = 8192
"""A file's arrival times beyond this many are thinned out, each then standing for more lines."""
MAX_BLOCK_ARRIVALS: Final = 512
"""The same for one block of a ring."""


class Reader(Protocol):
    """Random access to an open file; reading past the end gives fewer bytes, never an error."""

    @property
    def gone(self) -> bool:
        """Whether the bytes were overwritten and cannot be had any more."""

    def pread(self, offset: int, size: int) -> bytes: ...
    def readinto(self, offset: int, buffer: memoryview) -> int: ...
    def size(self) -> int: ...
    def close(self) -> None: ...


class Blocks(Protocol):
    """What the stages above need to know of a source's bytes."""

    @property
    def redacted(self) -> bool:
        """Whether the bytes have been through redaction already."""

    @property
    def first(self) -> int:
        """The lowest offset that can still be read."""

    @property
    def end(self) -> int:
        """The offset behind the last byte."""

    def bounds(self, offset: int) -> tuple[int, int]:
        """Start and end of the block that holds the byte at this offset; end may still grow for the last one."""

    def read(self, start: int, stop: int) -> bytes:
        """The bytes from start to stop, clipped to what there is; none when those at start are gone: what is given
        begins at start."""

    def readinto(self, start: int, buffer: memoryview) -> int:
        """Fill a buffer with the bytes from start on, as far as `read` would give them; how many there were."""

    def piece(self, offset: int) -> tuple[int, int]:
        """Start and end of the run of bytes around this offset; no line crosses from one to the next (rotation)."""

    def arrival_ns(self, offset: int) -> int | None:
        """When the byte at this offset arrived; None for what was there before anybody looked."""


@mutable
class Segment:
    """One file generation of a source that may be rotated."""

    base: int
    reader: Reader
    size: int
    skip: int = 0
    """Bytes at the head of the file that are no content."""
    closed: bool = False
    """Its descriptor was given up, to bound how many there are."""

    @property
    def lost(self) -> bool:
        return self.closed or self.reader.gone


@mutable
class FileBlocks:
    """A followed file through all its rotations: one segment for each generation."""

    keep_segments: int = 8
    segments: list[Segment] = field(default_factory=list)
    _arrivals: list[tuple[int, int]] = field(default_factory=list)
    """Offsets and when the bytes from there on were first seen."""
    _lock: LockType = field(default_factory=allocate_lock)

    redacted: bool = field(default=False, init=False)

    def open_segment(self, reader: Reader, size: int, *, skip: int = 0, arrival_ns: int | None = None) -> None:
        """Go on with a new generation, behind the last one; without an arrival time it is history."""
        with self._lock:
            self._arrived(arrival_ns)
            self.segments.append(Segment(self._end(), reader, max(0, size - skip), skip))
            for old in self.segments[: -self.keep_segments]:
                if not old.closed:
                    old.closed = True
                    old.reader.close()

    def grow(self, size: int, arrival_ns: int | None = None) -> None:
        """The last generation's file has this size now."""
        with self._lock:
            if self.segments:
                last = self.segments[-1]
                if size - last.skip > last.size:
                    self._arrived(arrival_ns)
                last.size = max(size - last.skip, last.size)

    def close(self) -> None:
        with self._lock:
            for segment in self.segments:
                segment.reader.close()
                segment.closed = True

    @property
    def first(self) -> int:
        with self._lock:
            return next((segment.base for segment in self.segments if not segment.lost), self._end())

    @property
    def end(self) -> int:
        with self._lock:
            return self._end()

    def bounds(self, offset: int) -> tuple[int, int]:
        with self._lock:
            segment = self._segment(offset)
            start = segment.base + (offset - segment.base) // BLOCK_BYTES * BLOCK_BYTES
            return start, min(start + BLOCK_BYTES, segment.base + segment.size)

    def piece(self, offset: int) -> tuple[int, int]:
        with self._lock:
            segment = self._segment(offset)
            return segment.base, segment.base + segment.size

    def read(self, start: int, stop: int) -> bytes:
        reader, at, size = self._where(start, stop)
        return reader.pread(at, size) if reader is not None else b""

    def readinto(self, start: int, buffer: memoryview) -> int:
        reader, at, size = self._where(start, start + len(buffer))
        return reader.readinto(at, buffer[:size]) if reader is not None else 0

    def arrival_ns(self, offset: int) -> int | None:
        with self._lock:
            index = bisect_right(self._arrivals, offset, key=lambda one: one[0]) - 1
            return self._arrivals[index][1] if index >= 0 else None

    def _where(self, start: int, stop: int) -> tuple[Reader | None, int, int]:
        """The reader of a stretch with the offset and size in its file; None when nothing can be read there."""
        with self._lock:
            if not self.segments or start >= stop:
                return None, 0, 0
            segment = self._segment(start)
            stop = min(stop, segment.base + segment.size)
            if segment.lost or stop <= start:
                return None, 0, 0
            return segment.reader, start - segment.base + segment.skip, stop - start

    def _arrived(self, arrival_ns: int | None) -> None:
        arrivals = self._arrivals
        if arrival_ns is None or (arrivals and arrival_ns - arrivals[-1][1] < ARRIVAL_STEP_NS):
            return
        arrivals.append((self._end(), arrival_ns))
        if len(arrivals) > MAX_ARRIVALS:
            del arrivals[1::2]

    def _end(self) -> int:
        return self.segments[-1].base + self.segments[-1].size if self.segments else 0

    def _segment(self, offset: int) -> Segment:
        index = bisect_right(self.segments, offset, key=lambda one: one.base) - 1
        return self.segments[max(index, 0)]


def _numbers() -> array[int]:
    from array import array  # as zlib only for streams, of which there are none in most first screenfuls

    return array("q")


@mutable
class _Kept:
    """One block of a ring."""

    base: int
    data: bytearray | bytes
    size: int
    offsets: array[int] = field(default_factory=_numbers)
    times_ns: array[int] = field(default_factory=_numbers)
    """When the bytes from the offset beside it on arrived."""
    lines: int = 0
    packed: bool = False

    @property
    def held_bytes(self) -> int:
        return sum(map(sys.getsizeof, (self.data, self.offsets, self.times_ns, self)))


@mutable
class RingBlocks:
    """A stream's redacted lines: the newest blocks as they are, older ones compressed, the oldest given up."""

    max_bytes: int = 64 << 20
    """Budget for what is held in memory, with all that belongs to it."""
    reserved_bytes: int = 0
    """So much of the budget is taken by what is still to be appended."""
    plain_blocks: int = 4
    evicted_lines: int = 0
    evicted_bytes: int = 0
    _kept: deque[_Kept] = field(default_factory=deque)
    _held_before: int = 0
    """What all blocks but the last occupy."""
    _end: int = 0
    _unpacked: tuple[int, bytes] | None = None
    _lock: LockType = field(default_factory=allocate_lock)

    redacted: bool = field(default=True, init=False)

    def append(self, data: bytes, arrival_ns: int) -> None:
        """Add whole lines, each with its line feed."""
        if not data:
            return
        with self._lock:
            last = self._kept[-1] if self._kept else None
            if last is None or last.size + len(data) > BLOCK_BYTES:
                last = self._begin(last)
            if not last.times_ns or arrival_ns - last.times_ns[-1] >= ARRIVAL_STEP_NS:
                last.offsets.append(self._end)
                last.times_ns.append(arrival_ns)
                if len(last.offsets) > MAX_BLOCK_ARRIVALS:
                    del last.offsets[1::2], last.times_ns[1::2]
            assert isinstance(last.data, bytearray)
            last.data += data
            last.size += len(data)
            last.lines += count(data, b"\n", len(data))
            self._end += len(data)
            self._evict()

    def shrink(self, max_bytes: int) -> None:
        """Keep to a smaller budget from now on; the newest block stays in any case."""
        with self._lock:
            self.max_bytes = min(self.max_bytes, max_bytes)
            if self._kept:
                self._evict()

    @property
    def first(self) -> int:
        with self._lock:
            return self._first()

    @property
    def end(self) -> int:
        return self._end

    @property
    def held_bytes(self) -> int:
        """What the ring occupies now, compressed blocks counted as they are."""
        with self._lock:
            return self._held_before + (self._kept[-1].held_bytes if self._kept else 0)

    def bounds(self, offset: int) -> tuple[int, int]:
        """As in Blocks; of the first block that is left, when the one asked for was given up."""
        with self._lock:
            kept = self._block(offset)
            return (kept.base, kept.base + kept.size) if kept else (self._end, self._end)

    def piece(self, offset: int) -> tuple[int, int]:
        with self._lock:
            return self._first(), self._end

    def read(self, start: int, stop: int) -> bytes:
        """As in Blocks; a stretch whose beginning was given up gives none, lest the rest be taken for it."""
        with self._lock:
            if start < self._first():
                return b""
            index = bisect_right(self._kept, start, key=lambda one: one.base) - 1
            parts: list[bytes] = []
            for kept in islice(self._kept, max(index, 0), None):
                if kept.base >= stop:
                    break
                data = self._plain(kept) if kept.packed else kept.data
                parts.append(bytes(memoryview(data)[max(0, start - kept.base) : stop - kept.base]))
            return b"".join(parts)

    def readinto(self, start: int, buffer: memoryview) -> int:
        data = self.read(start, start + len(buffer)) if start >= self.first else b""
        buffer[: len(data)] = data
        return len(data)

    def arrival_ns(self, offset: int) -> int | None:
        with self._lock:
            kept = self._block(offset)
            if not kept:
                return None
            index = bisect_right(kept.offsets, offset) - 1
            return kept.times_ns[max(index, 0)]

    def _plain(self, kept: _Kept) -> bytes:
        """A packed block's bytes; those of the last one asked for stay at hand, since it is read piece by piece."""
        if self._unpacked is None or self._unpacked[0] != kept.base:
            import zlib

            self._unpacked = kept.base, zlib.decompress(kept.data)
        return self._unpacked[1]

    def _first(self) -> int:
        return self._kept[0].base if self._kept else self._end

    def _block(self, offset: int) -> _Kept | None:
        if not self._kept:
            return None
        index = bisect_right(self._kept, offset, key=lambda one: one.base) - 1
        return self._kept[max(index, 0)]

    def _begin(self, full: _Kept | None) -> _Kept:
        """Go on in a new block; the last plain one of before is compressed."""
        if full is not None:
            full.data = bytes(full.data)
            self._held_before += full.held_bytes
        if len(self._kept) >= self.plain_blocks and not (old := self._kept[-self.plain_blocks]).packed:
            self._held_before -= old.held_bytes
            import zlib

            old.data, old.packed = zlib.compress(old.data, 1), True
            self._held_before += old.held_bytes
        self._kept.append(_Kept(self._end, bytearray(), 0))
        return self._kept[-1]

    def _evict(self) -> None:
        held = self._held_before + self._kept[-1].held_bytes
        while held > self.max_bytes - self.reserved_bytes and len(self._kept) > 1:
            old = self._kept.popleft()
            self.evicted_lines += old.lines
            self.evicted_bytes += old.size
            self._held_before -= old.held_bytes
            held -= old.held_bytes
