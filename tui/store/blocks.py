"""The bytes of one source, addressed by offset, in blocks.

A file's blocks are read again whenever somebody looks at them; a stream's are kept here, redacted, in a ring with a
byte budget. Offsets only grow: a rotated file goes on at the offset where the one before it ended.
"""

from __future__ import annotations

import threading
import zlib
from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field
from typing import Final, Protocol

BLOCK_BYTES: Final = 256 << 10
ARRIVAL_STEP_NS: Final = 20_000_000
"""Arrival times closer together than this are kept as one."""
MAX_ARRIVALS: Final = 8192
"""A file's arrival times beyond this many are thinned out, each then standing for more lines."""


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
        """The bytes from start to stop, clipped to what there is; a block that is gone gives none."""

    def readinto(self, start: int, buffer: memoryview) -> int:
        """Fill a buffer with the bytes from start on, as far as `read` would give them; how many there were."""

    def piece(self, offset: int) -> tuple[int, int]:
        """Start and end of the run of bytes around this offset; no line crosses from one to the next (rotation)."""

    def arrival_ns(self, offset: int) -> int | None:
        """When the byte at this offset arrived; None for what was there before anybody looked."""


@dataclass(slots=True)
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


@dataclass
class FileBlocks:
    """A followed file through all its rotations: one segment for each generation."""

    keep_segments: int = 8
    segments: list[Segment] = field(default_factory=list)
    _arrivals: list[tuple[int, int]] = field(default_factory=list)
    """Offsets and when the bytes from there on were first seen."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

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


@dataclass(slots=True)
class _Kept:
    base: int
    data: bytearray | bytes
    size: int
    arrivals: list[tuple[int, int]]
    """Offsets and the time since which bytes from there on arrived."""
    packed: bool = False

    def bytes(self) -> bytes:
        return zlib.decompress(self.data) if self.packed else bytes(self.data)


@dataclass
class RingBlocks:
    """A stream's redacted lines: the newest blocks as they are, older ones compressed, the oldest given up."""

    max_bytes: int = 64 << 20
    """Budget for what is held in memory."""
    plain_blocks: int = 4
    evicted_lines: int = 0
    evicted_bytes: int = 0
    _kept: deque[_Kept] = field(default_factory=deque)
    _held: int = 0
    _end: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    redacted: bool = field(default=True, init=False)

    def append(self, data: bytes, arrival_ns: int) -> None:
        """Add whole lines, each with its line feed."""
        if not data:
            return
        with self._lock:
            last = self._kept[-1] if self._kept else None
            if last is None or last.size + len(data) > BLOCK_BYTES:
                self._pack()
                last = _Kept(self._end, bytearray(), 0, [])
                self._kept.append(last)
            if not last.arrivals or arrival_ns - last.arrivals[-1][1] >= ARRIVAL_STEP_NS:
                last.arrivals.append((self._end, arrival_ns))
            assert isinstance(last.data, bytearray)
            last.data += data
            last.size += len(data)
            self._end += len(data)
            self._held += len(data)
            self._evict()

    @property
    def first(self) -> int:
        with self._lock:
            return self._kept[0].base if self._kept else self._end

    @property
    def end(self) -> int:
        return self._end

    @property
    def held_bytes(self) -> int:
        """What the ring occupies now, compressed blocks counted as they are."""
        return self._held

    def bounds(self, offset: int) -> tuple[int, int]:
        with self._lock:
            kept = self._block(offset)
            return (kept.base, kept.base + kept.size) if kept else (self._end, self._end)

    def piece(self, offset: int) -> tuple[int, int]:
        return 0, self._end

    def read(self, start: int, stop: int) -> bytes:
        parts: list[bytes] = []
        with self._lock:
            for kept in self._kept:
                if kept.base >= stop:
                    break
                if kept.base + kept.size > start:
                    parts.append(kept.bytes()[max(0, start - kept.base) : stop - kept.base])
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
            index = bisect_right(kept.arrivals, offset, key=lambda one: one[0]) - 1
            return kept.arrivals[max(index, 0)][1]

    def _block(self, offset: int) -> _Kept | None:
        if not self._kept:
            return None
        index = bisect_right(self._kept, offset, key=lambda one: one.base) - 1
        return self._kept[max(index, 0)]

    def _pack(self) -> None:
        if len(self._kept) >= self.plain_blocks:
            old = self._kept[-self.plain_blocks]
            if not old.packed:
                packed = zlib.compress(bytes(old.data), 1)
                self._held += len(packed) - len(old.data)
                old.data, old.packed = packed, True

    def _evict(self) -> None:
        while self._held > self.max_bytes and len(self._kept) > 1:
            old = self._kept.popleft()
            self.evicted_lines += old.bytes().count(b"\n")
            self.evicted_bytes += old.size
            self._held -= len(old.data)
