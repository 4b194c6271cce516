"""A gzip file read at any offset of its decompressed content, in bounded memory.

Members may be concatenated and the last may be cut: what decodes is given and `note` says what is missing. States of
the decompressor are kept about every 4 MiB of output, further apart in very large files, so that a reading costs a few
megabytes of decoding at most; what was decoded last stays in a small cache, because logs are read backwards.
"""

from __future__ import annotations

import zlib
from _thread import RLock
from collections import OrderedDict

from tui.sources.reader import Reader
from tui.typed import Any, Final
from tui.values import mutable

MAGIC: Final = b"\x1f\x8b"
CHUNK_BYTES: Final = 1 << 20
SPACING_CHUNKS: Final = 4
CACHED_CHUNKS: Final = 8
MOST_STATES: Final = 128
INPUT_BYTES: Final = 64 << 10
BOMB_RATIO: Final = 500
BOMB_FROM_BYTES: Final = 256 << 20

_GZIP: Final = 31  # zlib's window bits for "a gzip header, the largest window"


@mutable
class _Position:
    """A place from which decoding can go on."""

    decoder: Any
    """A zlib decompressor in the middle of a member; None before a member."""
    in_bytes: int
    out_bytes: int

    def copy(self) -> _Position:
        return _Position(self.decoder.copy() if self.decoder else None, self.in_bytes, self.out_bytes)


class GzipReader(Reader):
    """The decompressed bytes; size() is what has been decoded so far until `complete`."""

    plain = False

    def __init__(self, fd: int, path: str = "", *, chunk_bytes: int = CHUNK_BYTES) -> None:
        super().__init__(fd, path)
        self._chunk_bytes = chunk_bytes
        self._decoding = RLock()
        self._states: dict[int, _Position] = {0: _Position(None, 0, 0)}
        self._spacing_chunks = SPACING_CHUNKS
        self._live: _Position | None = None
        self._chunks: OrderedDict[int, bytes] = OrderedDict()
        self._known_bytes = 0
        self._ended_at: int | None = None
        """Length of the compressed file when its end was reached; None before."""

    def pread(self, offset: int, size: int) -> bytes:
        if offset < 0 or size <= 0:
            return b""
        pieces: list[bytes] = []
        end = offset + size
        while offset < end:
            index, skip = divmod(offset, self._chunk_bytes)
            piece = self._chunk(index)[skip : skip + end - offset]
            if not piece:
                break
            pieces.append(piece)
            offset += len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def size(self) -> int:
        return self._known_bytes

    @property
    def complete(self) -> bool:
        if self._ended_at is None:
            return False
        fact = self.stat()
        return fact is None or fact.st_size <= self._ended_at

    def advance(self, max_bytes: int) -> None:
        with self._decoding:
            if self._ended_at is not None and not self.complete:
                self._reopen_end()
            target = self._known_bytes + max_bytes
            while self._ended_at is None and self._known_bytes < target:
                self._chunk(self._known_bytes // self._chunk_bytes)

    def _reopen_end(self) -> None:
        """The compressed file has grown since its end was found."""
        self._chunks.pop(self._known_bytes // self._chunk_bytes, None)
        self._ended_at, self._live, self.note = None, None, ""

    def _chunk(self, index: int) -> bytes:
        """Decompressed bytes of the chunk; shorter than a chunk only at the end of the content."""
        with self._decoding:
            if index in self._chunks:
                self._chunks.move_to_end(index)
                return self._chunks[index]
            if self._ended_at is not None and index * self._chunk_bytes >= self._known_bytes:
                return b""
            position = self._nearest(index)
            data = b""
            for at in range(position.out_bytes // self._chunk_bytes, index + 1):
                data = self._decode(position)
                self._keep(at, data)
                if len(data) < self._chunk_bytes:
                    self._live = None
                    return data if at == index else b""
                self._save_state(at + 1, position)
            self._live = position
            return data

    def _nearest(self, index: int) -> _Position:
        best = max(at for at in self._states if at <= index)
        live, self._live = self._live, None
        if live is not None and best * self._chunk_bytes < live.out_bytes <= index * self._chunk_bytes:
            return live
        return self._states[best].copy()

    def _keep(self, index: int, data: bytes) -> None:
        self._known_bytes = max(self._known_bytes, index * self._chunk_bytes + len(data))
        self._chunks[index] = data
        while len(self._chunks) > CACHED_CHUNKS:
            self._chunks.popitem(last=False)

    def _save_state(self, index: int, position: _Position) -> None:
        if index % self._spacing_chunks or index in self._states:
            return
        self._states[index] = position.copy()
        if len(self._states) > MOST_STATES:
            self._spacing_chunks *= 2
            self._states = {at: state for at, state in self._states.items() if at % self._spacing_chunks == 0}

    def _decode(self, position: _Position) -> bytes:
        """The next chunk from `position`, which moves on."""
        pieces: list[bytes] = []
        missing = self._chunk_bytes
        while missing:
            piece = self._step(position, missing)
            if piece is None:
                break
            pieces.append(piece)
            missing -= len(piece)
            position.out_bytes += len(piece)
            if position.out_bytes > BOMB_FROM_BYTES and position.out_bytes > BOMB_RATIO * position.in_bytes:
                self._end(position, f"stops here: expands more than {BOMB_RATIO}-fold, which no log does")
                break
        return b"".join(pieces)

    def _step(self, position: _Position, most: int) -> bytes | None:
        """Some bytes, perhaps none; None at the end."""
        if position.decoder is None and not self._start_member(position):
            return None
        data = self._raw(position.in_bytes, INPUT_BYTES)
        before = position.decoder.copy()
        try:
            out: bytes = position.decoder.decompress(data, most)
        except zlib.error:
            return self._salvage(position, before, data, most)
        decoder = position.decoder
        # at the end of a member the unconsumed tail is a stale one
        position.in_bytes += len(data) - len(decoder.unused_data if decoder.eof else decoder.unconsumed_tail)
        if decoder.eof:
            position.decoder = None
        elif not data and not out:
            self._end(position, "cut short: the compressed file ends in the middle")
            return None
        return out

    def _salvage(self, position: _Position, decoder: Any, data: bytes, most: int) -> bytes | None:
        """What decodes before the damage: a failing call gives nothing, so go on byte by byte from before it."""
        pieces: list[bytes] = []
        at = 0
        try:
            while at < len(data) and most > 0:
                piece = decoder.decompress(data[at : at + 1], most)
                at += 1 - len(decoder.unconsumed_tail)
                pieces.append(piece)
                most -= len(piece)
        except zlib.error:
            self._end(position, f"damaged at byte {position.in_bytes + at} of the compressed file; the rest is lost")
        position.decoder = decoder
        position.in_bytes += at
        return b"".join(pieces) or (None if self._ended_at is not None else b"")

    def _start_member(self, position: _Position) -> bool:
        while True:
            head = self._raw(position.in_bytes, INPUT_BYTES)
            stripped = head.lstrip(b"\0") if position.in_bytes else head
            position.in_bytes += len(head) - len(stripped)
            if stripped or not head:
                break
        if not stripped:
            self._end(position, "")
            return False
        if not MAGIC.startswith(stripped[:2]):
            self._end(position, f"ends with something that is not gzip, from byte {position.in_bytes} on")
            return False
        position.decoder = zlib.decompressobj(_GZIP)
        return True

    def _end(self, position: _Position, note: str) -> None:
        self._ended_at = position.in_bytes if not note else self._file_bytes()
        self.note = self.note or note

    def _file_bytes(self) -> int:
        fact = self.stat()
        return fact.st_size if fact else 0
