"""Tree to yes or no for one record, as closures.

Every node is compiled twice, to "certainly true" and to "certainly false": a comparison with a field that the record
lacks is neither, so that `level:info` and `not level:info` both pass over a record without a level.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tui.parsing.ids import kind_of_key
from tui.query import fields as names
from tui.query import matching
from tui.query.attributes import field_lookup
from tui.query.fields import Lookup
from tui.query.identity import same_id
from tui.query.levels import level_equal, level_order, word_of
from tui.query.matching import SIGNS, Test
from tui.query.patterns import searcher
from tui.query.scan import TOLD, written
from tui.query.sides import Check, Sides, sides
from tui.query.tree import (
    And,
    Contains,
    Equal,
    Everything,
    Exists,
    Node,
    Not,
    Operand,
    Or,
    Order,
    Query,
    Regex,
    Text,
    When,
    leaves,
)
from tui.record import Record
from tui.values import frozen

_PROSE: Final = frozenset({"message", "raw", "error", "error.message", "error.stack"})
_IDS: Final = frozenset({"id", "trace", "span", "request", "correlation", "job"})


@frozen
class Predicate:
    """A compiled query."""

    matches: Check
    fields: tuple[str, ...]
    """The field names that the query names, as typed, each once."""
    lacks: Check
    """Whether a record lacks one of them, so that the query could not be decided by it."""


def compile_query(query: Query) -> Predicate:
    """The test of a query; safe to use from several threads."""
    named = {name: None for leaf in leaves(query.root) if (name := _named(leaf)) is not None}
    timed = any(isinstance(leaf, When) for leaf in leaves(query.root))
    lookups = [field_lookup(name) for name in named]

    def lacks(record: Record) -> bool:
        return (timed and record.time_ns is None) or any(not find(record) for find in lookups)

    return Predicate(_compile(query.root).true, tuple(named) + ("time",) * timed, lacks)


def _named(leaf: Node) -> str | None:
    return leaf.field if isinstance(leaf, Equal | Contains | Order | Exists | Regex) else None


def _compile(node: Node) -> Sides:
    match node:
        case And(parts):
            each = [_compile(part) for part in parts]
            return Sides(_all([one.true for one in each]), _any([one.false for one in each]))
        case Or(parts):
            each = [_compile(part) for part in parts]
            return Sides(_any([one.true for one in each]), _all([one.false for one in each]))
        case Not(part):
            inner = _compile(part)
            return Sides(inner.false, inner.true)
        case Everything():
            return Sides(lambda _record: True, lambda _record: False)
        case Text(operand):
            return _decided(_anywhere(matching.contains(operand), node))
        case Regex(pattern, None):
            return _decided(_anywhere(searcher(pattern), node))
        case When(sign, time_ns):
            return _when(sign, time_ns)
        case Exists(field):
            find = field_lookup(field)
            return _decided(lambda record: bool(find(record)))
    return _field(node)


def _decided(check: Check) -> Sides:
    return Sides(check, lambda record: not check(record))


def _all(checks: Sequence[Check]) -> Check:
    if len(checks) == 2:
        first, second = checks
        return lambda record: first(record) and second(record)

    def every(record: Record) -> bool:
        for check in checks:  # noqa: SIM110 - a generator would double the cost
            if not check(record):
                return False
        return True

    return every


def _any(checks: Sequence[Check]) -> Check:
    if len(checks) == 2:
        first, second = checks
        return lambda record: first(record) or second(record)

    def some(record: Record) -> bool:
        for check in checks:  # noqa: SIM110 - as above
            if check(record):
                return True
        return False

    return some


# -- text ----------------------------------------------------------------------------------------------------------


def _anywhere(holds: matching.TextTest, node: Node) -> Check:
    """A text in the raw lines, or in the message as far as that was read from the lines and not made up."""
    stands = written(node)

    def check(record: Record) -> bool:
        return holds(record.raw) or (holds(record.message) and stands(record.raw))

    return check


# -- fields --------------------------------------------------------------------------------------------------------


def _field(node: Equal | Contains | Order | Regex) -> Sides:
    """A comparison with a field; of a message or an error only what was written is found."""
    plain = _compared(node)
    if isinstance(node, Order) or node.field is None or names.attribute_of(node.field) not in TOLD:
        return plain
    stands = written(node)
    return Sides(
        lambda record: plain.true(record) and stands(record.raw),
        lambda record: plain.false(record) or (plain.true(record) and not stands(record.raw)),
    )


def _compared(node: Equal | Contains | Order | Regex) -> Sides:
    assert node.field is not None
    kind = names.attribute_of(node.field)
    find = field_lookup(node.field)
    if isinstance(node, Regex):
        search = searcher(node.pattern)
        return sides(find, lambda _key, value: search(matching.text_of(value)))
    if isinstance(node, Contains):
        return sides(find, _holding(node.operand))
    if isinstance(node, Order):
        return _order(node, kind, find)
    return _equal(node, kind, find)


def _holding(operand: Operand) -> Test:
    holds = matching.contains(operand)
    return lambda _key, value: holds(matching.text_of(value))


def _equal(node: Equal, kind: str | None, find: Lookup) -> Sides:
    operand = node.operand
    if kind == "level" or (node.field.lower() == "status" and word_of(operand)):
        return level_equal(operand, find, strict=kind == "level")
    if kind in ("time", "duration"):
        return sides(_amount_lookup(node, kind, find), matching.equals(operand))
    if kind in _PROSE:
        return sides(find, _holding(operand))
    if kind == "source":
        return sides(find, _source(operand))
    if operand.text == "null" and not operand.quoted:
        return _or_null(node, find)
    test = matching.equals(operand, dotted=kind in ("logger", "error.type"))
    if kind in _IDS or (kind is None and kind_of_key(node.field) is not None):
        return sides(find, _either(test, same_id(operand, node.field)))
    return sides(find, test)


def _either(test: Test, other: Test) -> Test:
    return lambda key, value: test(key, value) or other(key, value)


def _or_null(node: Equal, find: Lookup) -> Sides:
    nulls = names.null_lookup(node.field)
    plain = sides(find, matching.equals(node.operand))
    return Sides(lambda record: plain.true(record) or bool(nulls(record)), plain.false)


def _source(operand: Operand) -> Test:
    """A source by its whole name or the last part of it; by any part when the value is not quoted."""
    equal = matching.equals(operand)
    holds = matching.contains(operand)

    def test(key: str, value: object) -> bool:
        if equal(key, value) or (isinstance(value, str) and equal(key, value.replace("\\", "/").rsplit("/", 1)[-1])):
            return True
        return not operand.quoted and holds(matching.text_of(value))

    return test


# -- order and time ------------------------------------------------------------------------------------------------


def _order(node: Order, kind: str | None, find: Lookup) -> Sides:
    operand, sign = node.operand, node.sign
    if kind == "level" and (number := word_of(operand)):
        return level_order(sign, number)
    if kind == "time" and operand.period is not None:
        return _when(*matching.against(sign, operand.period))
    if kind in ("time", "duration"):
        find = _amount_lookup(node, kind, find)
    return sides(find, matching.ordered(sign, operand))


def _amount_lookup(node: Equal | Order, kind: str, find: Lookup) -> Lookup:
    """What a time or a duration is compared with: what the parser made of it, or for a bare value what was written."""
    operand = node.operand
    written = names.lookup(node.field)
    if kind == "time":
        return find if operand.period is not None else written
    if operand.number is None:
        return find
    milliseconds = names.attribute("duration", lambda record: (record.duration_ns or 0) / 1e6 or None)
    return lambda record: written(record) or milliseconds(record)


def _when(sign: str, time_ns: int) -> Sides:
    compare = SIGNS[sign]

    def true(record: Record) -> bool:
        return record.time_ns is not None and compare(record.time_ns, time_ns)

    def false(record: Record) -> bool:
        return record.time_ns is not None and not compare(record.time_ns, time_ns)

    return Sides(true, false)
