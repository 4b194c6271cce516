"""Values on a line after their key: XML elements, YAML blocks, form fields, name/value pairs printed over several lines.

Owns what one line of a stream makes the next one mean. Only forms that cannot be the end of an ordinary message count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui.lazy import Lazy
from tui.redaction.keys import Key
from tui.redaction.marks import MARK
from tui.redaction.placeholders import is_left_alone
from tui.redaction.spans import Span
from tui.redaction.stems import meaning
from tui.redaction.stream import Stream
from tui.typed import Final

_OPENED: Final = Lazy(
    rb"""[ \t]{0,80}(?:-[ ])?(?:<(?:\w{1,20}:)?([\w.-]{1,80})(?:[ ][^<>]{0,200})?>
    |["']?([\w.-]{1,80})["']?:[ ][|>][+-]?
    |["']?(?:name|key)["']?[ ]?:[ ]?["']?([\w.-]{1,80})["']?,?
    |(?:Content-Disposition:[ ])?form-data;[ ]?name="([\w.\[\]-]{1,80})")[ \t\r]{0,20}$""",
    re.VERBOSE,
)
_ENDS: Final = (b">", b"|", b",", b'"', b"+", b"-", b" ", b"\t", b"\r")
"""Of lines that may announce a value."""

_WORD: Final = Lazy(rb"[ \t]{1,80}([^\s<>\"'{}]{1,4096})[ \t\r]{0,20}$")
_VALUE: Final = Lazy(rb"""[ \t]{1,80}["']?value["']?[ ]?:[ ]?["']?([^"'\s]{1,4096})["']?,?[ \t\r]{0,20}$""")

_FIELD: Final = Lazy(rb"([^\r\n]{1,4096}?)[ \t\r]{0,20}$")
_FORMS: Final = {"word": _WORD, "value": _VALUE, "field": _FIELD}


def expect_value(line: bytes, stream: Stream) -> None:
    """Remember it when the value of a sensitive key is still to come."""
    if not line.endswith(_ENDS) and line.find(b"name:") < 0:
        return
    found = _OPENED.match(line)
    if found is None:
        return
    key = meaning(found[1] or found[2] or found[3] or found[4].rsplit(b"[", 1)[-1].strip(b"]"))
    if key is not None and not key.weak:
        stream.awaited = (key, "value" if found[3] else "field" if found[4] else "word")


def continued_spans(line: bytes, stream: Stream) -> Iterator[Span]:
    """The value that the line before this one announced."""
    key, form = stream.awaited or (Key(""), "word")
    if form == "field" and (not line.strip() or line.startswith(b"Content-")):
        return
    stream.awaited = None
    found = _FORMS[form].match(line)
    if found is not None and not MARK.match(found[1]) and not is_left_alone(key, found[1]):
        yield Span(found.start(1), found.end(1), key.kind, "key")
