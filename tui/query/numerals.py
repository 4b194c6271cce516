"""Comparisons of a field with a number as patterns over raw bytes: a range of numbers is a regular expression.

A pattern finds every line in which the field's name is not plainly followed by a number outside the range. Whatever
else stands behind the name passes: another notation, a list, an object that holds the value further on.
"""

from __future__ import annotations

import math
from typing import Final

from tui.lazy import Lazy
from tui.parsing.patterns import PATTERNS, own
from tui.query.fields import plain_name
from tui.query.patterns import escape

_MOST_DIGITS: Final = 15
_SIMPLE_NAME: Final = Lazy(r"[A-Za-z0-9_@$-]{2,60}")
_NAMED_GROUP: Final = Lazy(r"\(\?P<(\w+)>")
_MADE_UP: Final = frozenset(
    [name for one in PATTERNS for name in _NAMED_GROUP.findall(one.source)]
    + ["caller", "context", "pid", "thread", "extra", "method", "path", "user", "database", "stream", "pod", "namespace", "container", "more", "host"]
)  # fmt: skip
"""Fields that parsing takes from places without their names."""
_PLACES: Final = {"status": r'["0-9] '}
"""What stands before such a field where it has no name, if that is known: the status in access logs."""

_BETWEEN: Final = r" \t\r\"'\\:=<>|"
"""What may stand between a name and its number, as the inside of a class."""
_OTHERWISE: Final = r"[-+]?[0-9]+(?:\.[0-9]*)?[eExXoObBjJ_]"
"""Exponents, other bases, digits in groups."""


def comparison(name: str, sign: str, bound: float, *, units: bool = False) -> str | None:
    """The pattern of lines in which a field may be above or below a bound, or None when its name tells nothing.

    units: a unit behind the number may change what it means, so that such numbers pass.
    """
    last = plain_name(name).rpartition(".")[2]
    if (
        not _SIMPLE_NAME.fullmatch(last)
        or last in _MADE_UP - _PLACES.keys()
        or any(f"(?P<{last}>" in one.source for one in own())
        or last.isdecimal()
        or not abs(bound) < 10**_MOST_DIGITS
    ):
        return None
    numbers = [_range(sign, bound), _OTHERWISE, *(["[-+]?[0-9.]+ ?[A-Za-zµμ]"] if units else [])]
    between = f"[{_BETWEEN}]"
    behind = (
        rf"{between}{{1,12}}(?:{'|'.join(numbers)}|[-+][^0-9]|[^-+0-9{_BETWEEN}]|$)"
        rf"|{between}{{13}}|[^A-Za-z0-9_{_BETWEEN}]|$"
    )
    placed = f"|{_PLACES[last]}(?:{numbers[0]})" if last in _PLACES else ""
    return f"(?i){escape(last)}(?:{behind}){placed}"


def _range(sign: str, bound: float) -> str:
    """Numbers on one side of a bound, the bound included: its fraction is left to the exact test."""
    size = abs(bound)
    above = sign in (">", ">=")
    if above and bound > 0:
        return rf"\+?{at_least(math.floor(size))}"
    if above:
        return rf"\+?[0-9]|-{at_most(math.ceil(size))}"
    if bound >= 0:
        return rf"-|\+?{at_most(math.ceil(size))}"
    return rf"-{at_least(math.floor(size))}"


def at_least(number: int) -> str:
    """Digits that begin a whole number of this size or larger."""
    digits = str(number)
    parts = [rf"[1-9][0-9]{{{len(digits)},}}"]
    for at, digit in enumerate(digits):
        if digit != "9":
            parts.append(rf"{digits[:at]}[{int(digit) + 1}-9][0-9]{{{len(digits) - at - 1}}}")
    return f"0*(?:{'|'.join([*parts, digits])})"


def at_most(number: int) -> str:
    """All digits of a whole number of this size or smaller."""
    digits = str(number)
    parts = [rf"[0-9]{{1,{len(digits) - 1}}}"] if len(digits) > 1 else []
    for at, digit in enumerate(digits):
        if digit != "0":
            parts.append(rf"{digits[:at]}[0-{int(digit) - 1}][0-9]{{{len(digits) - at - 1}}}")
    return rf"0*(?:{'|'.join([*parts, digits])})(?:[^0-9]|$)"
