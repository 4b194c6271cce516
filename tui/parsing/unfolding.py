"""Documents of many lines -> lines of one span or record each, so that they are read like any log.

A stream or file is looked at from its beginning: what is no document passes as it came, and so do files of one whole
document a line, which need no unfolding. A document is held until it ends, up to a limit. Pure: bytes in, bytes out.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from tui.json_text import dumps, loads
from tui.lazy import Lazy
from tui.parsing.documents import SIGN_BYTES, lines, may_be_document
from tui.parsing.encodings import Recoder
from tui.parsing.envelopes import Envelopes, is_header, is_item_header
from tui.typed import Any, Final

MOST_BYTES: Final = 128 << 20
LONG_LINE_BYTES: Final = 1 << 20
"""A longer line would be cut if it were read as one."""
MOST_ENDS: Final = 8
_BLANK: Final = b"\xef\xbb\xbf \t\r\n"
_FOLLOWING: Final = {b"{": b'"}', b"[": b"{[]"}
"""With what a document goes on behind its first bracket: `[pod/cart]` and `[2026-11-29` are none."""
_ENDING: Final = Lazy(rb"(?m)^[}\]],?[ \t\r]*$")
"""A line that may close a document that was laid out over many."""


class Shape(Enum):
    """What bytes turned out to be."""

    UNKNOWN = "more is needed to tell"
    PLAIN = "lines, passed as they come"
    JSON = "a document in JSON"
    ENVELOPES = "envelopes of Sentry"
    REFUSED = "a document beyond the limit: the rest is dropped"


def shape_of(head: bytes, *, whole: bool) -> Shape:
    """What begins like this; `whole` when there is no more."""
    text = head.lstrip(_BLANK)
    following = _FOLLOWING.get(text[:1])
    if following is None:
        return Shape.PLAIN if text or whole else Shape.UNKNOWN
    if (second := text[1 : 1 + SIGN_BYTES].lstrip(_BLANK)[:1]) and second not in following:
        return Shape.PLAIN
    line, ended, rest = text.partition(b"\n")
    if not ended and not whole:
        return Shape.UNKNOWN if len(line) <= LONG_LINE_BYTES else _document_or_plain(text)
    if len(line) > LONG_LINE_BYTES:
        return _document_or_plain(text)
    if _is_json(line):
        return _lines_or_envelopes(line, rest, whole=whole)
    if may_be_document(text):
        return Shape.JSON
    # a broken object on a line of its own is not the first line of a document that was laid out
    told = whole or len(text) >= SIGN_BYTES or line.rstrip().endswith(b"}")
    return Shape.PLAIN if told else Shape.UNKNOWN


def _document_or_plain(text: bytes) -> Shape:
    return Shape.JSON if may_be_document(text) else Shape.PLAIN


def _lines_or_envelopes(line: bytes, rest: bytes, *, whole: bool) -> Shape:
    if not is_header(line):
        return Shape.PLAIN
    second, ended, _ = rest.partition(b"\n")
    if not ended and not whole and len(second) < SIGN_BYTES:
        return Shape.UNKNOWN
    return Shape.ENVELOPES if is_item_header(second) else Shape.PLAIN


class Unfolder:
    """Bytes of one stream, cut anywhere, to bytes in which every document is lines."""

    def __init__(self, max_bytes: int = MOST_BYTES) -> None:
        self.shape = Shape.UNKNOWN
        self.note = ""
        """What could not be read, in words for the user."""
        self._max_bytes = max_bytes
        self._held = bytearray()
        self._tried_bytes = 0
        """How much was held when it was found to be incomplete; it is tried again at twice as much."""
        self._envelopes = Envelopes()
        self._recoder = Recoder()

    @property
    def pending(self) -> bool:
        """Whether something is held back."""
        return bool(self._held) or self._envelopes.held_bytes > 0

    def feed(self, data: bytes) -> bytes:
        """What can go on."""
        data = self._recoder.feed(data)
        if self.shape is Shape.PLAIN:
            return data
        if self.shape is Shape.ENVELOPES:
            return _lines(self._envelopes.feed(data))
        if self.shape is Shape.REFUSED:
            return b""
        self._held += data
        return self._go_on(whole=False)

    @property
    def undecided(self) -> bool:
        """Whether what is held has not shown what it is."""
        return self.shape is Shape.UNKNOWN and bool(self._held)

    def settle(self) -> bytes:
        """What can go on when nothing has come for a while: nobody waits for more to learn that lines are lines."""
        if not self.undecided or b"\n" not in self._held or may_be_document(bytes(self._held)):
            return b""
        self.shape = Shape.PLAIN
        return self._go_on(whole=False)

    def flush(self) -> bytes:
        """The rest, when nothing more comes."""
        rest = self._recoder.flush()
        if rest and self.shape is Shape.PLAIN:
            return rest
        self._held += rest
        if self.shape is Shape.ENVELOPES:
            return _lines(self._envelopes.flush())
        return self._go_on(whole=True) if self._held else b""

    def _go_on(self, *, whole: bool) -> bytes:
        out: list[bytes] = []
        while self._held:
            if self.shape is Shape.UNKNOWN:
                self.shape = shape_of(bytes(self._held[: LONG_LINE_BYTES + SIGN_BYTES]), whole=whole)
            if self.shape is Shape.UNKNOWN:
                break
            if self.shape is not Shape.JSON:
                out.append(self._passed(whole=whole))
                break
            told = self._document(whole=whole)
            if told is None:
                break
            out.append(told)
        return b"".join(out)

    def _passed(self, *, whole: bool) -> bytes:
        """What is held, when it is no document in JSON."""
        data = bytes(self._held)
        self._held.clear()
        if self.shape is not Shape.ENVELOPES:
            return data
        return _lines([*self._envelopes.feed(data), *(self._envelopes.flush() if whole else ())])

    def _document(self, *, whole: bool) -> bytes | None:
        """The lines of the document that the held bytes begin with; None while it has not ended."""
        if whole or len(self._held) >= 2 * self._tried_bytes:
            self._tried_bytes = len(self._held)
            for end in self._ends(whole):
                try:
                    value = loads(bytes(memoryview(self._held)[:end]))
                except (ValueError, RecursionError):
                    continue
                return self._unfolded(value, end)
        if len(self._held) > self._max_bytes:
            self.shape = Shape.REFUSED
            return self._cut(f"longer than {self._max_bytes >> 20} MiB: the rest was not read")
        return self._cut("cut: what is whole in it is shown") if whole else None

    def _ends(self, whole: bool) -> Iterable[int]:
        """Where the document may end: most likely with all there is, else with its first line, or with a bracket alone
        on its line."""
        if self._held[-64:].rstrip(_BLANK).endswith((b"}", b"]")):
            yield len(self._held)
        line = self._held.find(b"\n")
        if line > 0 and self._held[max(0, line - 64) : line].rstrip().endswith((b"}", b"]")):
            yield line
        # all at once, since what is searched cannot be cut
        yield from [found.end() for found, _ in zip(_ENDING.finditer(self._held), range(MOST_ENDS), strict=False)]

    def _unfolded(self, value: Any, end: int) -> bytes:
        found = lines(value)
        if found is None:
            text = bytes(self._held)
            self._held.clear()
            self.shape = Shape.PLAIN
            return text
        del self._held[:end]
        del self._held[: len(self._held) - len(self._held.lstrip(_BLANK))]
        self.shape, self._tried_bytes = Shape.UNKNOWN, 0
        return b"".join(found)

    def _cut(self, why: str) -> bytes:
        """What is whole in a document that does not end; without anything whole it passes as it is."""
        from tui.parsing.cut_json import mended

        text = bytes(self._held)
        self._held.clear()
        try:
            found = lines(loads(mended(text) or b""))
        except (ValueError, RecursionError):
            found = None
        if found:
            self.note = f"the document is {why}"
            return b"".join(found)
        if self.shape is Shape.REFUSED:
            self.note = f"a document {why}"
            return b""
        self.shape = Shape.PLAIN
        return text


def _lines(objects: Iterable[Any]) -> bytes:
    return b"".join(dumps(one) + b"\n" for one in objects)


def _is_json(line: bytes) -> bool:
    try:
        loads(line)
    except ValueError:
        return False
    return True
