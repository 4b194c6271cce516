"""Spans: the stretches of a line that some rule wants masked, and how they become one rewrite.

Owns merging. What is written in their place is for marks.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


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


def merged(spans: Iterable[Span]) -> list[Span]:
    """The spans in order without overlaps: of overlapping ones the widest gives its kind and all their bytes are covered.

    Of two that cover the same bytes the later one in the input wins, so callers give the general rules first.
    """
    result: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if not result or span.start >= result[-1].end:
            result.append(span)
            continue
        last = result[-1]
        wide = span if span.end - span.start >= last.end - last.start else last
        result[-1] = Span(
            last.start, max(last.end, span.end), wide.kind, wide.rule, last.quote if wide is last else span.quote
        )
    return result
