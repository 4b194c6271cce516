"""Text that is no plain UTF-8, or was written over: other encodings, and what carriage returns leave of a line.

UTF-16 is told by the mark that it begins with, Windows-1252 (and with it Latin-1) by being no UTF-8.
"""

from __future__ import annotations

from codecs import IncrementalDecoder

from tui.lazy import Lazy
from tui.typed import Final

UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_BINARY: Final = Lazy(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CLOCK: Final = Lazy(r"\d:\d\d:\d\d")
_WIDE: Final = Lazy("[\x80-\ufffc\ufffe-\U0010ffff]")


def foreign_text(data: bytes) -> tuple[str, str]:
    """Bytes that are no UTF-8 as text, and a note: Windows-1252, unless they are binary or mostly UTF-8 after all."""
    text = data.decode("utf-8", "replace")
    if _WIDE.search(text) or _BINARY.search(data):
        return text, "invalid UTF-8"
    return data.decode("cp1252", "replace"), "no UTF-8: read as Windows-1252"


def is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def overwritten(text: str) -> str:
    """The text with the parts of each line between carriage returns on lines of their own: the first, the last, and
    those that tell a time; of the progress in between nothing."""
    lines = [[part for part in line.split("\r") if part.strip()] for line in text.split("\n")]
    return "\n".join(
        "\n".join(part for at, part in enumerate(parts) if at in (0, len(parts) - 1) or _CLOCK.search(part, 0, 40))
        for parts in lines
    )


_OCTAL: Final = Lazy(r"#(011|012|015|033)")


def unescaped(text: str) -> str:
    """The text with the line feeds and tabs that rsyslog writes as `#012` and `#011`; a number after a space is none."""
    at = text.find("#012")
    if at < 1 or text[at - 1].isspace():
        return text
    return _OCTAL.sub(lambda code: chr(int(code[1], 8)), text)


class Recoder:
    """Bytes of a stream, cut anywhere, to UTF-8, when their mark says that they are UTF-16; others as they are."""

    def __init__(self) -> None:
        self._begun = False
        self._start = b""
        self._decoder: IncrementalDecoder | None = None

    def feed(self, data: bytes) -> bytes:
        if not self._begun:
            self._start += data
            if len(self._start) < 2 and self._start in (b"", b"\xff", b"\xfe"):
                return b""
            data, self._begun = self._start, True
            if data.startswith(UTF16_MARKS):
                from codecs import getincrementaldecoder

                self._decoder = getincrementaldecoder("utf-16")("replace")
        return data if self._decoder is None else self._decoder.decode(data).encode("utf-8", "replace")

    def flush(self) -> bytes:
        """What waited for its second half."""
        if not self._begun:
            self._begun = True
            return self._start
        return self._decoder.decode(b"", True).encode("utf-8", "replace") if self._decoder is not None else b""
