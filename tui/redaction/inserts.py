"""SQL's INSERT: the values in the sensitive columns of every row.

Owns matching columns with values. Other SQL is for statements.py and commands.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from tui.lazy import Lazy
from tui.redaction.keys import Key, classify
from tui.redaction.placeholders import is_left_alone
from tui.redaction.quoting import quoted_end
from tui.redaction.spans import Span
from tui.redaction.values import whole_value_spans
from tui.typed import Final

INSERT_ANCHORS: Final = (r"insert (?:ignore )?into",)
"""For the gate, in any case."""

_INSERT: Final = Lazy(rb"(?i)insert[ ](?:ignore[ ])?into[ ][\w.\"`\\]{1,100}[ ]?\(([^()]{1,2000})\)[ ]?values[ ]?")
_UNIT: Final = Lazy(rb"(?:\\{0,31}['\"]|[^,()'\"\\\s][^,()'\"]{0,200}|,|\(|\)|[ \t])")


def insert_spans(line: bytes) -> Iterator[Span]:
    """`INSERT INTO users (name, password) VALUES ('a', 'b')`: the values in the sensitive columns."""
    if b"alues" not in line and b"ALUES" not in line:
        return
    for found in _INSERT.finditer(line):
        columns = [column.strip(b" \"'`[]\\") for column in found[1].split(b",")]
        keys = [classify(column) for column in columns]
        if any(keys):
            yield from _row_spans(line, found.end(), keys)


_NEXT_ROW: Final = Lazy(rb"[ ]{0,4},[ ]{0,4}\(")


def _row_spans(line: bytes, start: int, keys: list[Key | None]) -> Iterator[Span]:
    position, column = start, 0
    while position < len(line):
        unit = _UNIT.match(line, position)
        if unit is None:
            return
        text, position = unit[0], unit.end()
        key = keys[column] if column < len(keys) else None
        if text == b"(":
            column = 0
        elif text == b")":
            following = _NEXT_ROW.match(line, position)
            if following is None:
                return
            position, column = following.end(), 0
        elif text == b",":
            column += 1
        elif text[-1:] in b"'\"":
            end, position = quoted_end(line, unit.end(), text)
            if key is not None:
                yield from whole_value_spans(line, unit.end(), end, key)
        elif key is not None and text.strip() and not is_left_alone(key, text.strip()):
            yield Span(unit.start(), unit.start() + len(text.rstrip()), key.kind, "statement")
