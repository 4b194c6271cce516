"""Private keys in PEM, over many lines of one source or inside one, plain or in base64.

Owns the state between BEGIN and END. Certificates and public keys pass.
"""

from __future__ import annotations

from binascii import a2b_base64
from collections.abc import Iterator

from tui.lazy import Lazy
from tui.redaction.marks import MARK
from tui.redaction.spans import Span
from tui.redaction.stream import Stream
from tui.typed import Final

MAX_ROWS: Final = 200
MAX_STRANGE_ROWS: Final = 3
"""So many lines that hold no base64 are taken for interleaved ones before the block counts as cut off."""

_BEGIN: Final = Lazy(rb"-----BEGIN[ A-Z0-9_-]{0,60}PRIVATE KEY(?: BLOCK)?-----")
_END: Final = Lazy(rb"-----END[ A-Z0-9_-]{0,60}PRIVATE KEY(?: BLOCK)?-----")
_BODY: Final = Lazy(rb"[A-Za-z0-9+/=]{16,}")
_ROW: Final = Lazy(rb"""([A-Za-z0-9+/]{2,76}={0,2})(?:\\{1,15}[rn]){0,2}(?:["'].{0,400})?[\s,]{0,8}$""")
_STRING_END: Final = Lazy(rb"[\"']")
_SOFT: Final = Lazy(
    rb"^(?:.{0,200}?)(?:Proc-Type:|DEK-Info:|Version:|Comment:|Hash:|Charset:|PuTTY-|Encryption:|Public-Lines:|Private-Lines:)"
)
_ORIGIN: Final = Lazy(rb"\[[\w./-]{1,200}\]|[\w.-]{1,80}[ ]{0,40}\|")
_ENCODED: Final = Lazy(rb"LS0tLS1CRUdJTi[A-Za-z0-9+/=_-]{20,}")


def pem_spans(line: bytes, stream: Stream) -> Iterator[Span]:
    """The key material of this line; opens and closes the stream's state."""
    if stream.in_key:
        yield from _row_spans(line, stream)
        return
    for encoded in _ENCODED.finditer(line):
        if _is_private(encoded[0]):
            yield Span(encoded.start(), encoded.end(), "private-key", "pem")
    begin = _BEGIN.search(line)
    while begin is not None:
        end = _END.search(line, begin.end())
        stop = end.start() if end else len(line)
        if end is None:
            quote = _STRING_END.search(line, begin.end())
            yield from _body_spans(line, begin.end(), quote.start() if quote else stop)
            stream.in_key, stream.rows, stream.strange = True, 0, 0
            stream.origin, stream.column = _origin(line), begin.start()
            return
        yield from _body_spans(line, begin.end(), stop)
        begin = _BEGIN.search(line, end.end())


def _origin(line: bytes) -> bytes:
    found = _ORIGIN.match(line)
    return found[0] if found else b""


def _body_spans(line: bytes, start: int, stop: int) -> Iterator[Span]:
    """Everything between the two borders of a key on one line, between its escaped line ends."""
    for row in Lazy(rb"[A-Za-z0-9+/=]{4,}").finditer(line, start, stop):
        if MARK.search(line, max(start, row.start() - 40), min(stop, row.end() + 40)):
            continue
        first = row.start()
        if line[first - 1 : first] == b"\\" and line[first : first + 1] in b"nrt":
            first += 1
        if row.end() - first >= 3:
            yield Span(first, row.end(), "private-key", "pem")


def _row_spans(line: bytes, stream: Stream) -> Iterator[Span]:
    if _origin(line) != stream.origin:
        return
    stream.rows += 1
    end = _END.search(line)
    if end is not None or stream.rows > MAX_ROWS:
        stream.in_key = False
        if end is not None:
            yield from _long_rows(line[: end.start()])
        return
    found = list(_long_rows(line)) or list(_short_row(line, stream.column))
    if found:
        stream.strange = 0
        yield from found
    elif not (not line.strip() or MARK.search(line) or _SOFT.match(line)):
        stream.strange += 1
        stream.in_key = stream.strange < MAX_STRANGE_ROWS


def _long_rows(line: bytes) -> Iterator[Span]:
    for row in _BODY.finditer(line):
        first = row.start()
        if line[first - 1 : first] == b"\\" and line[first : first + 1] in b"nrt":
            first += 1
        if row.end() - first >= 40:
            yield Span(first, row.end(), "private-key", "pem")


def _short_row(line: bytes, column: int) -> Iterator[Span]:
    """The last row of a key, or of one wrapped narrowly: it begins where BEGIN began and fills its line or string."""
    if MARK.search(line):
        return
    for shift in (0, -1, 1, -2, 2, -3, 3):
        start = column + shift
        row = _ROW.match(line, start) if start >= 0 and not line[start - 1 : start].isalnum() else None
        if row is not None and not (row[1].isalpha() and row[1][1:].islower()):
            yield Span(row.start(1), row.end(1), "private-key", "pem")
            return


def _is_private(text: bytes) -> bool:
    """True when base64 text is a private key in PEM rather than a certificate."""
    head = text[:80].rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
    try:
        return b"PRIVATE KEY" in a2b_base64(head[: len(head) // 4 * 4], strict_mode=True)
    except ValueError:
        return False
