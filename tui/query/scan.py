"""Tree to a test on raw bytes that may say too much but never too little, at memory speed.

A node requires literals of the bytes; a block that lacks them is passed over unless it is hazardous. What is derived
rather than written (levels, times, durations), what compares and what is negated requires nothing. Message and error
texts may be made up from several fields: there the predicate asks the same test of the record's own lines, so that a
query finds the same with and without it.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from tui.parsing.ids import kind_of_key
from tui.parsing.vocabulary import LEVEL_WORDS
from tui.query.fields import attribute_of
from tui.query.identity import canonical_spellings
from tui.query.literals import (
    BytesTest,
    every,
    free_runs,
    hazardous,
    holding,
    literal,
    pattern_text,
    segments_of,
    some,
    word_runs,
)
from tui.query.matching import equals
from tui.query.patterns import compile_pattern, encoded
from tui.query.tree import And, Contains, Equal, Node, Operand, Or, Query, Regex, Text

TOLD: Final = frozenset({"message", "raw", "error", "error.type", "error.message", "error.stack"})
"""Attributes whose text may be made up; the predicate sees to it that only what was written is found."""
_IDS: Final = frozenset({"id", "trace", "span", "request", "correlation", "job"})
_ID_TAIL: Final = 12
_MIN_ID: Final = 4
_EXACT_INT: Final = 1 << 53
_OTHER_NUMBERS: Final = compile_pattern(r"(?m)[:=,\[({\s][-+]?[0-9_.]*[0-9.][eE_][-+]?[0-9_]+(?:[,}\])\s]|$)|9{10}")
_SW8: Final = compile_pattern("(?i)sw8")


@dataclass(frozen=True)
class Prefilter:
    """The cheap test of a query on bytes; safe to use from several threads."""

    may_match: BytesTest
    """False only when no record framed from these whole lines, redacted or not, can match."""
    narrows: bool = True
    """False when it always says yes."""

    def candidate(self, group: bytes) -> bool:
        """The same test for the lines of one record."""
        return self.may_match(group)


def prefilter(query: Query, *, inherited: Collection[str] | None = None) -> Prefilter:
    """The test of a query. `inherited` are the services that sources lend to records without one; None if not known."""
    needed = _Requirements(inherited).of(query.root)
    if needed is None:
        return Prefilter(lambda _block: True, narrows=False)
    return Prefilter(lambda block: needed(block) or hazardous(block))


def written(node: Node) -> Callable[[str], bool]:
    """Whether a raw text passes the test of a node: that what was found was read from it and not made up.

    A record without a raw text, which no lines were framed into, passes.
    """
    needed = _Requirements(None).of(node)
    if needed is None:
        return lambda _raw: True

    def check(raw: str) -> bool:
        data = encoded(raw)
        return not data or needed(data) or hazardous(data)

    return check


class _Requirements:
    """What the bytes of a matching record must pass, but for hazards; None where that is nothing."""

    def __init__(self, inherited: Collection[str] | None) -> None:
        self.inherited = inherited

    def of(self, node: Node) -> BytesTest | None:
        match node:
            case And(parts):
                return every(self.of(part) for part in parts)
            case Or(parts):
                return some(self.of(part) for part in parts)
            case Text(operand):
                return _free(operand)
            case Regex(pattern, field):
                return _pattern(pattern, field)
            case Contains(field, operand):
                return self._part(field, operand)
            case Equal(field, operand):
                return self._whole(field, operand)
        return None

    def _part(self, field: str, operand: Operand) -> BytesTest | None:
        kind = attribute_of(field)
        if kind in TOLD:
            return _free(operand)
        return _word(operand, partial=True) if kind is None and kind_of_key(field) is None else None

    def _whole(self, field: str, operand: Operand) -> BytesTest | None:
        kind = attribute_of(field)
        if kind in TOLD:
            return _free(operand) if operand.number is None else None
        if kind == "service":
            return self._service(operand)
        if kind in _IDS or (kind is None and kind_of_key(field) is not None):
            return some((_id(operand, field), _value(operand)))
        if kind is not None or (field.lower() == "status" and operand.text.lower() in LEVEL_WORDS):
            return None
        return _value(operand)

    def _service(self, operand: Operand) -> BytesTest | None:
        test = equals(operand)
        if self.inherited is None or operand.number is not None or any(test("service", one) for one in self.inherited):
            return None
        return _value(operand)


def _free(operand: Operand) -> BytesTest | None:
    return holding(free_runs(segments_of(operand)), folds=operand.folds)


def _word(operand: Operand, *, partial: bool) -> BytesTest | None:
    runs = word_runs(segments_of(operand), partial=partial)
    return holding([run for run in runs if run.strip("-_.")], folds=operand.folds)


def _pattern(pattern: str, field: str | None) -> BytesTest | None:
    kind = None if field is None else attribute_of(field)
    if field is not None and kind not in TOLD and (kind is not None or kind_of_key(field) is not None):
        return None
    flags, _, body = pattern.removeprefix("(?").partition(")")
    text = pattern_text(body)
    if text is None or "x" in flags or "(?" in body.replace("(?:", "").replace("(?P", ""):
        return None
    runs = free_runs(text) if field is None or kind in TOLD else word_runs(text, partial=True)
    return holding(runs, folds="i" in flags)


def _value(operand: Operand) -> BytesTest | None:
    """A field's whole value."""
    if operand.number is not None:
        return _number(operand.number)
    if operand.duration_ns is not None or operand.size_bytes is not None or operand.period is not None:
        return None
    return _word(operand, partial=bool(operand.wild))


def _number(number: int | float) -> BytesTest | None:
    """A number in digits; blocks with numbers in other notations pass."""
    if not abs(number) < _EXACT_INT:
        return None
    digits = repr(abs(number)).removesuffix(".0")
    if "e" in digits or not 2 <= len(digits) <= 15:
        return None
    exact = digits.removeprefix("0").encode() if digits.startswith("0.") else digits.encode()
    return lambda block: exact in block or not block.isascii() or _OTHER_NUMBERS.search(block) is not None


def _id(operand: Operand, field: str) -> BytesTest | None:
    """An id in the notations that parsing knows: hex with or without dashes and zeros, decimal, base64."""
    if operand.wild or "#" in operand.text:
        return None
    tests = [_spelling(one) for one in sorted(canonical_spellings(operand.text, field))]
    return some([*tests, lambda block: _SW8.search(block) is not None])


def _spelling(value: str) -> BytesTest | None:
    if not value or not set(value) <= set("0123456789abcdef") or len(value) > 32:
        runs = [run for run in word_runs(value.replace("-", "\uffff"), partial=False) if len(run) >= _MIN_ID]
        return holding(runs[:1], folds=True) if value.isascii() else None
    tail = value.lstrip("0")[-_ID_TAIL:]
    if len(tail) < _MIN_ID:
        return None
    number = int(value, 16)
    tests = [literal(tail, folds=True)]
    if len(value) in (16, 32):
        tests += [literal(str(one), folds=False) for one in {number, number & ((1 << 64) - 1)} if one]
        for raw in {number.to_bytes(16), (number & ((1 << 64) - 1)).to_bytes(8)}:
            for coded in {base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()}:
                tests.append(literal(max(coded.rstrip("=").split("/"), key=len), folds=False))
    return some(tests)
