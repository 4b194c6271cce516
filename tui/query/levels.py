"""Levels in queries: words compare by severity, whatever the record called its level."""

from __future__ import annotations

from collections.abc import Sequence

from tui.parsing.vocabulary import LEVEL_WORDS
from tui.query import matching
from tui.query.fields import Lookup
from tui.query.matching import SIGNS
from tui.query.sides import Sides, sides
from tui.query.tree import Operand
from tui.record import Record


def word_of(operand: Operand) -> int:
    """The severity number of a level word, 0 for anything else."""
    return 0 if operand.wild else LEVEL_WORDS.get(operand.text.lower(), 0)


def band(number: int) -> tuple[int, int]:
    """The severity numbers that a level word's number means: its whole level, or the one step of words such as `notice`."""
    return (number, number + 3) if number % 4 == 1 else (number, number)


def level_equal(operand: Operand, find: Lookup, *, strict: bool) -> Sides:
    """A level by severity. `status:error` too, for Datadog's records, where a status of its own comes first."""
    number = word_of(operand)
    test = matching.equals(operand)
    if not number:
        return sides(find, test)
    low, high = band(number)
    if strict:
        return Sides(
            lambda record: low <= record.severity <= high,
            lambda record: record.severity != 0 and not low <= record.severity <= high,
        )

    def by_word(key: str, value: object) -> bool:
        return test(key, value) or (isinstance(value, str) and low <= LEVEL_WORDS.get(value.lower(), 0) <= high)

    def found(record: Record) -> Sequence[tuple[str, object]]:
        own = [item for item in find(record) if isinstance(item[1], str)]
        return own or ((("level", record.level),) if record.level is not None else ())

    def true(record: Record) -> bool:
        own = [item for item in find(record) if isinstance(item[1], str)]
        return any(by_word(*item) for item in own) if own else low <= record.severity <= high

    return Sides(true, lambda record: bool(found(record)) and not true(record))


def level_order(sign: str, number: int) -> Sides:
    low, high = band(number)
    compare, bound = SIGNS[sign], high if sign in (">", "<=") else low
    return Sides(
        lambda record: record.severity != 0 and compare(record.severity, bound),
        lambda record: record.severity != 0 and not compare(record.severity, bound),
    )
