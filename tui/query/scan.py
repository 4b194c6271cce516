"""Tree to a test on raw bytes that may say too much but never too little, at memory speed.

A node requires signs of the bytes: literals, or the pattern of a range of numbers behind a name. Lines that lack them
are passed over unless they are hazardous. What is derived rather than written (times, durations) and what is negated
requires nothing. Message and error texts may be made up from several fields: there the predicate asks the same test of the record's own lines, so that a
query finds the same with and without it.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection, Iterable
from typing import Final

from tui.parsing.ids import kind_of_key
from tui.parsing.vocabulary import LEVEL_WORDS
from tui.query.fields import attribute_of
from tui.query.identity import canonical_spellings
from tui.query.level_signs import severe
from tui.query.levels import band, word_of
from tui.query.literals import (
    disguises,
    free_runs,
    hazardous,
    holding,
    pattern_texts,
    segments_of,
    word_runs,
)
from tui.query.matching import equals, size_unit_of, unit_of
from tui.query.numerals import comparison
from tui.query.patterns import encoded
from tui.query.signs import FEW, Sign, Spots, among, every, literal, pattern, some
from tui.query.tree import And, Contains, Equal, Node, Operand, Or, Order, Query, Regex, Text
from tui.store.needles import Block
from tui.values import frozen

TOLD: Final = frozenset({"message", "raw", "error", "error.type", "error.message", "error.stack"})
"""Attributes whose text may be made up; the predicate sees to it that only what was written is found."""
_IDS: Final = frozenset({"id", "trace", "span", "request", "correlation", "job"})
_ID_TAIL: Final = 12
_MIN_ID: Final = 4
_EXACT_INT: Final = 1 << 53
_OTHER_NUMBERS: Final = pattern(
    r"(?m)[:=,\[({\s][-+]?[0-9_.]*[0-9.][eE_][-+]?[0-9_]+(?:[,}\])\s]|$)|9{10}|[^\x00-\x7f]", 0.01
)
_SW8: Final = among([b"sw8", b"Sw8", b"sW8", b"SW8"])


@frozen
class Prefilter:
    """The cheap test of a query on bytes; safe to use from several threads."""

    sign: Sign

    def may_match(self, lines: bytes) -> bool:
        """False only when no record framed from these whole lines, redacted or not, can match."""
        return self.sign.shown(lines) or hazardous(lines)

    def spots(self, data: Block, size: int) -> Spots:
        """Where in the first so many bytes of a block records that match may have a line, hazards left out."""
        return self.sign.search(data, size)

    def disguises(self, data: Block, size: int) -> Spots:
        """Where hazards are, the same for every query."""
        return disguises(data, size)

    @property
    def unlike(self) -> Callable[[bytes], bool] | None:
        """Whether a line with a spot, that is a record by itself, is none of a match; None when all of them may be."""
        sign = self.sign
        return (lambda line: not sign.shown(line)) if sign.composed else None


def prefilter(query: Query | None, *, least: int = 0, inherited: Collection[str] | None = None) -> Prefilter | None:
    """The test of a query, and of a severity number and above; None when any record may match.

    `inherited` are the services that sources lend to records without one; None if not known.
    """
    needed = every((_Requirements(inherited).of(query.root) if query is not None else None, severe(least)))
    return None if needed is None else Prefilter(needed)


@frozen
class Needles:
    """The test for any of several byte strings, exactly as they are."""

    sign: Sign

    @classmethod
    def of(cls, needles: Iterable[bytes]) -> Needles | None:
        """None without any."""
        least: list[bytes] = []
        for one in sorted(needles, key=len):
            if not any(known in one for known in least[:FEW]):
                least.append(one)
        sign = among(least)
        return None if sign is None else cls(sign)

    def may_match(self, lines: bytes) -> bool:
        return self.sign.shown(lines)

    def spots(self, data: Block, size: int) -> Spots:
        return self.sign.search(data, size)

    def disguises(self, _data: Block, _size: int) -> Spots:
        return []

    @property
    def unlike(self) -> None:
        return None


def written(node: Node) -> Callable[[str], bool]:
    """Whether a raw text passes the test of a node: that what was found was read from it and not made up.

    A record without a raw text, which no lines were framed into, passes.
    """
    needed = _Requirements(None).of(node)
    if needed is None:
        return lambda _raw: True
    shown = needed.shown

    def check(raw: str) -> bool:
        data = encoded(raw)
        return not data or shown(data) or hazardous(data)

    return check


class _Requirements:
    """What the bytes of a matching record must pass, but for hazards; None where that is nothing."""

    def __init__(self, inherited: Collection[str] | None) -> None:
        self.inherited = inherited

    def of(self, node: Node) -> Sign | None:
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
            case Order(field, sign, operand):
                return _compared(field, sign, operand)
        return None

    def _part(self, field: str, operand: Operand) -> Sign | None:
        kind = attribute_of(field)
        if kind in TOLD:
            return _free(operand)
        return _word(operand, partial=True) if kind is None and kind_of_key(field) is None else None

    def _whole(self, field: str, operand: Operand) -> Sign | None:
        kind = attribute_of(field)
        if kind in TOLD:
            return _free(operand) if operand.number is None else None
        if kind == "service":
            return self._service(operand)
        if kind == "level":
            return severe(band(word_of(operand))[0])
        if kind in _IDS or (kind is None and kind_of_key(field) is not None):
            return some((_id(operand, field), _value(operand)))
        if kind is not None or (field.lower() == "status" and operand.text.lower() in LEVEL_WORDS):
            return None
        return _value(operand)

    def _service(self, operand: Operand) -> Sign | None:
        test = equals(operand)
        if self.inherited is None or operand.number is not None or any(test("service", one) for one in self.inherited):
            return None
        return _value(operand)


def _free(operand: Operand) -> Sign | None:
    return holding(free_runs(segments_of(operand)), folds=operand.folds)


def _word(operand: Operand, *, partial: bool) -> Sign | None:
    runs = word_runs(segments_of(operand), partial=partial)
    return holding([run for run in runs if run.strip("-_.")], folds=operand.folds)


def _pattern(pattern: str, field: str | None) -> Sign | None:
    kind = None if field is None else attribute_of(field)
    if field is not None and kind not in TOLD and (kind is not None or kind_of_key(field) is not None):
        return None
    flags, _, body = pattern.removeprefix("(?").partition(")")
    texts = pattern_texts(body)
    if texts is None or "x" in flags or "(?" in body.replace("(?:", "").replace("(?P", ""):
        return None
    free = field is None or kind in TOLD
    runs = (free_runs(text) if free else word_runs(text, partial=True) for text in texts)
    return some([holding(each, folds="i" in flags) for each in runs])


def _value(operand: Operand) -> Sign | None:
    """A field's whole value."""
    if operand.number is not None:
        return _number(operand.number)
    if operand.duration_ns is not None or operand.size_bytes is not None or operand.period is not None:
        return None
    return _word(operand, partial=bool(operand.wild))


def _number(number: int | float) -> Sign | None:
    """A number in digits; blocks with numbers in other notations pass."""
    if not abs(number) < _EXACT_INT:
        return None
    digits = repr(abs(number)).removesuffix(".0")
    if "e" in digits or not 2 <= len(digits) <= 15:
        return None
    exact = digits.removeprefix("0") if digits.startswith("0.") else digits
    return some([literal(exact, folds=False), _OTHER_NUMBERS])


def _compared(field: str, sign: str, operand: Operand) -> Sign | None:
    """A field of its own, above or below a bound; what is attributes' is derived, but levels leave their signs."""
    if attribute_of(field) == "level" and sign in (">", ">="):
        low, high = band(word_of(operand))
        return severe(low if sign == ">=" else high + 1) if low else None
    if attribute_of(field) is not None or kind_of_key(field) is not None:
        return None
    text = None
    if operand.number is not None:
        text = comparison(field, sign, operand.number)
    elif operand.period is None and operand.duration_ns is not None and operand.size_bytes is None:
        if unit_of(field) == unit_of(field.lower().replace("ns", "Ns").replace("us", "Us").replace("sec", "Sec")):
            text = comparison(field, sign, operand.duration_ns / unit_of(field), units=True)
    elif operand.period is None and operand.size_bytes is not None and operand.duration_ns is None:
        text = comparison(field, sign, operand.size_bytes / size_unit_of(field), units=True)
    return None if text is None else pattern(text, 0.2)


def _id(operand: Operand, field: str) -> Sign | None:
    """An id in the notations that parsing knows: hex with or without dashes and zeros, decimal, base64."""
    if operand.wild or "#" in operand.text:
        return None
    tests = [_spelling(one) for one in sorted(canonical_spellings(operand.text, field))]
    return some([*tests, _SW8])


def _spelling(value: str) -> Sign | None:
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
