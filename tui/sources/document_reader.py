"""A file that is a document of a tracer, a list of records or UTF-16, read as lines: one span or record each.

What is in a document is known only when it has been read whole, so it is held in memory, up to a limit. A file that
grows by further documents or envelopes goes on; one that was rewritten is another file.
"""

from __future__ import annotations

import os
from _thread import allocate_lock

from tui.parsing.encodings import UTF16_MARKS
from tui.parsing.unfolding import MOST_BYTES, Shape, Unfolder, shape_of
from tui.sources.reader import Reader
from tui.typed import Final

HEAD_BYTES: Final = 64 << 10
LONG_HEAD_BYTES: Final = (1 << 20) + HEAD_BYTES
STEP_BYTES: Final = 4 << 20
PRINT_BYTES: Final = 256


def is_document(reader: Reader) -> bool:
    """Whether what a reader reads is a document that must be unfolded."""
    head = reader.pread(0, HEAD_BYTES)
    if head.startswith(UTF16_MARKS):
        return True
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
        return False
    if len(head) == HEAD_BYTES and b"\n" not in head:
        head = reader.pread(0, LONG_HEAD_BYTES)
    whole = len(head) < HEAD_BYTES
    return shape_of(head, whole=whole) in (Shape.JSON, Shape.ENVELOPES)


class DocumentReader(Reader):
    """The lines of the document that another reader reads; size() is what has been unfolded so far."""

    plain = False

    def __init__(self, inner: Reader, *, max_bytes: int = MOST_BYTES) -> None:
        super().__init__(-1, inner.path)
        self._inner = inner
        self._max_bytes = max_bytes
        self._unfolding = allocate_lock()
        self._unfolder = Unfolder(max_bytes)
        self._text = bytearray()
        self._fed = 0
        self._seen: tuple[int, int] | None = None
        """Size and time of change of the file when its end was reached."""
        self._print = b""
        """The last bytes of the document that were read."""
        self._made_up = False
        """Something was told of a document that had not ended: when there is more, it is told anew."""
        self._stale = False

    def pread(self, offset: int, size: int) -> bytes:
        if self._gone or self._stale:
            return super().pread(offset, size) if self._gone else b""
        return bytes(self._text[max(0, offset) : max(0, offset) + size]) if offset >= 0 and size > 0 else b""

    def size(self) -> int:
        return super().size() if self._gone else len(self._text)

    @property
    def complete(self) -> bool:
        return self._gone or self._stale or (self._seen is not None and self._seen == self._state())

    def advance(self, max_bytes: int) -> None:
        with self._unfolding:
            if self._gone or self._stale or self.complete:
                return
            if self._seen is not None and (self._made_up or self._rewritten()):
                self._stale = True
                return
            self._read_on(max_bytes)

    def _read_on(self, max_bytes: int) -> None:
        state = self._state()
        left = max_bytes
        while left > 0:
            data = self._inner.pread(self._fed, STEP_BYTES)
            if not data:
                self._end(state)
                return
            self._fed += len(data)
            left -= len(data)
            self._print = (self._print + data[-PRINT_BYTES:])[-PRINT_BYTES:]
            self._text += self._unfolder.feed(data)

    def _end(self, state: tuple[int, int]) -> None:
        self._seen = state
        if self._unfolder.pending:
            rest = self._unfolder.flush()
            self._made_up = bool(rest)
            self._text += rest
        self.note = self._unfolder.note or self._inner.note

    def _rewritten(self) -> bool:
        """Whether the bytes that were read are not there any more."""
        return self._inner.pread(self._fed - len(self._print), len(self._print)) != self._print

    def _state(self) -> tuple[int, int]:
        self._inner.finish()
        fact = self._inner.stat()
        return (self._inner.size(), fact.st_mtime_ns if fact is not None else 0)

    def stat(self) -> os.stat_result | None:
        return super().stat() if self._gone else self._inner.stat()

    def adopt(self, other: Reader) -> None:
        self.supersede(other)

    def seek_data(self, offset: int) -> int:
        return offset

    def close(self) -> None:
        with self._lock:
            if self._closing:
                return
            self._closing = True
        self._inner.close()
        if self._instead:
            self._instead.close()
