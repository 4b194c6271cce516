"""Where a query's text stands in a drawn text. Only what the query asks for is marked, never what it excludes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tui.query.fields import attribute_of
from tui.query.matching import glob_pattern
from tui.query.patterns import PatternError, escape, spans
from tui.query.tree import And, Contains, Equal, Node, Operand, Or, Query, Regex, Text

Spans = list[tuple[int, int]]
Finder = Callable[[str], Spans]
MIN_FIELD_CHARS = 3
"""Shorter values of fields (`retry:1`) would mark half the screen."""
_DRAWN_AS_THEMSELVES = frozenset({"level", "time", "source", "line", "offset", "format", "duration"})


def highlights(query: Query) -> Finder:
    """A function from a drawn text to the stretches to mark: in order, apart from each other, as (start, end)."""
    finders = [_finder(pattern) for pattern in dict.fromkeys(_patterns(query.root))]
    if not finders:
        return lambda _text: []
    if len(finders) == 1:
        return finders[0]
    return lambda text: _merged([span for find in finders for span in find(text)])


def _finder(pattern: str) -> Finder:
    try:
        return spans(pattern)
    except PatternError:  # a value so long that it makes no pattern
        return lambda _text: []


def _patterns(node: Node) -> Iterator[str]:
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _patterns(part)
        case Text(operand) | Contains(_, operand):
            yield from _literal(operand)
        case Regex(pattern):
            yield pattern
        case Equal(field, operand) if attribute_of(field) not in _DRAWN_AS_THEMSELVES:
            if len(operand.text) >= MIN_FIELD_CHARS:
                yield from map(_whole_words, _literal(operand))


def _literal(operand: Operand) -> Iterator[str]:
    if operand.wild:
        pattern = glob_pattern(operand)
    else:
        pattern = escape(operand.text) if operand.text else ""
        if pattern and operand.folds:
            pattern = "(?i)" + pattern
    if pattern:
        yield pattern


def _whole_words(pattern: str) -> str:
    """The pattern of a field's value, which is marked where it stands alone and not inside longer words."""
    flags, body = ("(?i)", pattern[4:]) if pattern.startswith("(?i)") else ("", pattern)
    return f"{flags}\\b{body}\\b" if pattern[-1].isalnum() and body[0].isalnum() else pattern


def _merged(found: Spans) -> Spans:
    merged: Spans = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
