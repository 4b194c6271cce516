"""Spans: the stretches of a line that some rule wants masked, and how they become one rewrite.

Owns merging. What is written in their place is for marks.py.
"""

from __future__ import annotations

from bisect import bisect_left
from operator import itemgetter

from tui.lazy import Lazy
from tui.redaction.marks import HASH, MARK
from tui.typed import Final, NamedTuple


class Span(NamedTuple):
    """Bytes start..end of a line, and why they are masked."""

    start: int
    end: int
    kind: str
    """What stands in the mark: password, token, email ..."""
    rule: str
    """What is counted: the rule that found it."""
    quote: bytes = b""
    """Written on both sides of the mark, where a bare JSON number becomes a string."""


class Progress:
    """How far a line has been examined: keys before `end` were part of a value that is dealt with."""

    __slots__ = ("end",)

    def __init__(self) -> None:
        self.end = 0

    def reach(self, end: int) -> None:
        self.end = max(self.end, end)


_BOUNDS: Final = itemgetter(0, 1)


def merged(spans: list[Span]) -> list[Span]:
    """The spans in order without overlaps: the widest of overlapping ones gives its kind, all their bytes are covered.

    Of two that cover the same bytes the later one in the input wins, so callers give the general rules first.
    """
    if len(spans) == 1:
        return spans
    result: list[Span] = []
    for span in sorted(spans, key=_BOUNDS):
        if not result or span.start >= result[-1].end:
            result.append(span)
            continue
        last = result[-1]
        if span[:2] == last[:2] and not last.quote:
            result[-1] = span
            continue
        wide, narrow = (span, last) if span.end - span.start >= last.end - last.start else (last, span)
        end, quote = max(last.end, span.end), wide.quote or narrow.quote
        result[-1] = Span(last.start, end, wide.kind, wide.rule, quote)
    return result


def without_marks(line: bytes, spans: list[Span]) -> list[Span]:
    """The spans that touch no mark: what was masked once stays as it is."""
    if HASH not in line:
        return spans
    marks = [(found.start(), found.end()) for found in MARK.finditer(line)]
    if not marks:
        return spans
    ends = [end for _, end in marks]
    kept = []
    for span in spans:
        index = bisect_left(ends, span.start + 1)
        if index == len(marks) or marks[index][0] >= span.end:
            kept.append(span)
    return kept


_NUMBER: Final = Lazy(rb"[0-9]+")
_STRING: Final = Lazy(rb'"[^"\\]*(?:\\.[^"\\]*)*"')


def within_strings(line: bytes, start: int, spans: list[Span]) -> list[Span]:
    """The spans cut to the insides of the strings of the JSON text that begins at `start`; its frame survives.

    A number that stands by itself becomes a string.
    """
    strings = [(found.start() + 1, found.end() - 1) for found in _STRING.finditer(line, start)]
    ends = [end for _, end in strings]
    kept: list[Span] = []
    for span in spans:
        if span.quote or span.end <= start:
            kept.append(span)
            continue
        index = bisect_left(ends, span.start + 1)
        if (index == len(strings) or strings[index][0] >= span.end) and _NUMBER.fullmatch(line, span.start, span.end):
            kept.append(span._replace(quote=b'"'))
        while index < len(strings) and strings[index][0] < span.end:
            inner_start, inner_end = max(span.start, strings[index][0]), min(span.end, strings[index][1])
            if inner_end > inner_start:
                kept.append(span._replace(start=inner_start, end=inner_end))
            index += 1
    return kept
