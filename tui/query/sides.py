"""The two sides of a test: when it is certainly true of a record and when certainly false."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tui.query.fields import Lookup
from tui.query.matching import Test
from tui.record import Record

Check = Callable[[Record], bool]


class Sides(NamedTuple):
    """When a node is certainly true of a record, and when certainly false."""

    true: Check
    false: Check


def sides(find: Lookup, test: Test) -> Sides:
    """A test of any of the values that a name finds."""

    def true(record: Record) -> bool:
        for key, value in find(record):  # noqa: SIM110 - a generator would double the cost
            if test(key, value):
                return True
        return False

    def false(record: Record) -> bool:
        found = find(record)
        return bool(found) and not any(test(key, value) for key, value in found)

    return Sides(true, false)
