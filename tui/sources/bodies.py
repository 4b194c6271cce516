"""The body of an HTTP request or answer: unpacked as it comes, refused as soon as it is too large. Does no input itself."""

from __future__ import annotations

import zlib
from typing import Any, Final, Protocol

MOST_BYTES: Final = 64 << 20
"""Of a body that has been unpacked."""
_GZIP: Final = 16 + zlib.MAX_WBITS


class BodyError(Exception):
    """A body that cannot be taken; the text says why, `status` is that of an answer in HTTP."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class _Unpacker(Protocol):
    def feed(self, data: bytes, most: int) -> bytes: ...
    def finish(self) -> None: ...


class Body:
    """Collects one body. Raises BodyError from its beginning on for what cannot be unpacked."""

    def __init__(self, encoding: str = "", max_bytes: int = MOST_BYTES) -> None:
        self._unpacker = _unpacker(encoding.strip().lower())
        self._max_bytes = max_bytes
        self._data = bytearray()

    @property
    def held_bytes(self) -> int:
        return len(self._data)

    def feed(self, data: bytes) -> None:
        """Take what came. Raises BodyError."""
        room = self._max_bytes - len(self._data)
        try:
            self._data += self._unpacker.feed(data, room + 1)
        except zlib.error:
            raise BodyError(400, "the body is not compressed as its Content-Encoding says") from None
        if len(self._data) > self._max_bytes:
            raise too_large(self._max_bytes)

    def finish(self) -> bytes:
        """The whole body, which is given away. Raises BodyError when it is cut."""
        self._unpacker.finish()
        whole, self._data = bytes(self._data), bytearray()
        return whole


def too_large(max_bytes: int) -> BodyError:
    return BodyError(413, f"a body may have {max_bytes >> 20} MiB, unpacked")


def _unpacker(encoding: str) -> _Unpacker:
    if encoding in ("", "identity"):
        return _Plain()
    if encoding in ("gzip", "x-gzip"):
        return _Zlib(_GZIP)
    if encoding == "deflate":
        return _Zlib(0)
    if encoding == "br":
        return _Brotli()
    raise BodyError(415, "bodies are taken as they are, or as gzip or deflate")


class _Plain:
    def feed(self, data: bytes, most: int) -> bytes:
        return data

    def finish(self) -> None:
        return


class _Zlib:
    """gzip, of several members if need be, or deflate with its header or without."""

    def __init__(self, bits: int) -> None:
        self._bits = bits
        self._inner: Any = None

    def feed(self, data: bytes, most: int) -> bytes:
        if self._inner is None and self._bits:
            self._inner = zlib.decompressobj(self._bits)
        elif self._inner is None:
            # what is called deflate is zlib's format by the standard, and without its header by habit
            self._bits = zlib.MAX_WBITS if data[0] & 15 == 8 else -zlib.MAX_WBITS
            self._inner = zlib.decompressobj(self._bits)
        out = bytearray()
        while data and len(out) < most:
            if self._inner.eof:
                if self._bits != _GZIP or not data.strip(b"\0"):
                    break
                self._inner = zlib.decompressobj(_GZIP)
            out += self._inner.decompress(data, most - len(out))
            data = self._inner.unused_data if self._inner.eof else self._inner.unconsumed_tail
        return bytes(out)

    def finish(self) -> None:
        if self._inner is not None and not self._inner.eof:
            raise BodyError(400, "the compressed body is cut")


class _Brotli:
    """Where the library is installed: senders ask for it only when they have it themselves."""

    def __init__(self) -> None:
        try:
            # optional: SDKs of Sentry use it when it is at hand
            import brotli
        except ImportError:
            raise BodyError(415, "br is not unpacked here without the package brotli: send gzip") from None
        self._inner = brotli.Decompressor()
        if not hasattr(self._inner, "can_accept_more_data"):
            raise BodyError(415, "br is not unpacked here by brotli before 1.2, which knows no limits: send gzip")
        self._error = brotli.error

    def feed(self, data: bytes, most: int) -> bytes:
        out = bytearray()
        try:
            out += self._inner.process(data, output_buffer_limit=most)
            while len(out) < most and not self._inner.can_accept_more_data():
                out += self._inner.process(b"", output_buffer_limit=most - len(out))
        except self._error:
            raise BodyError(400, "the body is not compressed as its Content-Encoding says") from None
        return bytes(out)

    def finish(self) -> None:
        if not self._inner.is_finished():
            raise BodyError(400, "the compressed body is cut")
