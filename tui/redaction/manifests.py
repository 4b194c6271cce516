"""Kubernetes Secret objects, in JSON or over many lines in YAML: every value under `data` and `stringData`.

Owns telling such an object from others, and where its data ends.
"""

from __future__ import annotations

from collections.abc import Iterator

from tui.lazy import Lazy
from tui.redaction.keys import Key
from tui.redaction.leaves import Leaf, leaves
from tui.redaction.marks import MARK
from tui.redaction.placeholders import is_empty
from tui.redaction.quoting import with_quotes
from tui.redaction.spans import Span
from tui.redaction.stream import Stream
from tui.typed import Final

MANIFEST_ANCHORS: Final = (
    r"kind: *Secret\b",
    r"kind[\\\"']+ ?: ?[\\\"']+Secret[\\\"']",
)

_KIND: Final = with_quotes(r"kindQ[ ]?:[ ]?QSecretQ")
_DATA: Final = with_quotes(r"(?P<open>Q)(?:data|stringData)Q[ ]?:[ ]?(?=\{)")
MAX_DOCUMENT_BYTES: Final = 4096
"""How far from the kind the data may stand."""
_SECRET: Final = Key("secret")


def manifest_spans(line: bytes) -> Iterator[Span]:
    """What a Secret holds, on either side of its kind."""
    reached = 0
    for kind in _KIND.finditer(line):
        first, last = max(reached, kind.start() - MAX_DOCUMENT_BYTES), kind.end() + MAX_DOCUMENT_BYTES
        for data in _DATA.finditer(line, first, last):
            if data.start() >= reached:
                found, reached = leaves(line, data.end(), len(data["open"]) - 1)
                yield from _values(line, found)


def _values(line: bytes, found: list[Leaf]) -> Iterator[Span]:
    for leaf in found:
        value = line[leaf.start : leaf.end]
        if leaf.name is not None and leaf.quoted and not is_empty(value) and not MARK.search(value):
            yield Span(leaf.start, leaf.end, _SECRET.kind, "manifest")


_KIND_ROW: Final = Lazy(rb"[ \t]*kind:[ ]*Secret[ \t\r]*$")
_DATA_ROW: Final = Lazy(rb"([ \t]*)(?:data|stringData):[ \t\r]*$")
_VALUE_ROW: Final = Lazy(rb"""([ \t]+)["']?[\w.-]{1,253}["']?:[ ]+["']?([^\s"']{1,65536})["']?[ \t\r]*$""")
MAX_ROWS: Final = 200


def manifest_row_spans(line: bytes, stream: Stream) -> Iterator[Span]:
    """The value in this line of a Secret that spans lines; opens and closes the stream's state."""
    if _KIND_ROW.match(line):
        stream.manifest, stream.indent = MAX_ROWS, -1
        return
    if not stream.manifest or not line.strip():
        return
    stream.manifest -= 1
    data = _DATA_ROW.match(line)
    if data is not None:
        stream.indent = len(data[1])
    elif line.startswith(b"---") or line.lstrip().startswith(b"kind:"):
        stream.manifest, stream.indent = 0, -1
    elif stream.indent >= 0:
        row = _VALUE_ROW.match(line)
        if row is None or len(row[1]) <= stream.indent:
            stream.indent = -1
        elif not is_empty(row[2]) and not MARK.search(row[2]):
            yield Span(row.start(2), row.end(2), _SECRET.kind, "manifest")
