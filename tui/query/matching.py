"""Typed values against the values of fields: text, numbers, durations, sizes and times."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from datetime import UTC
from typing import Any, Final

from tui.json_text import loads
from tui.lazy import Lazy
from tui.query.patterns import escape, searcher
from tui.query.tree import Operand
from tui.query.values import duration_of, number_of, period_of, size_of

Test = Callable[[str, object], bool]
"""Whether a field, by its dotted name and value, fits."""

TextTest = Callable[[str], bool]

SIGNS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le,
}  # fmt: skip
_TIME_UNITS: Final = Lazy(
    r"[_.\-](ns|us|µs|ms|s|secs?)$|(nano(?:s|seconds)|micro(?:s|seconds)|milli(?:s|seconds)|msec|seconds)$"
)
_UNIT_NS: Final = {"n": 1, "u": 10**3, "µ": 10**3, "mic": 10**3, "s": 10**9}
_CAMEL_UNIT: Final = Lazy(r"[a-z](Ns|Us|Ms|Secs?)$")
_SIZE_UNITS: Final = Lazy(r"[_.\-](kb|kib|mb|mib|gb|gib)$")
_MS: Final = 10**6
_AMOUNT: Final = Lazy(r"([-+]?[0-9]+(?:\.[0-9]+)?) ?(?:%|[A-Za-zµμ]{1,12})")


def text_of(value: object) -> str:
    """A field's value as the user sees it."""
    if isinstance(value, str):
        return value
    if value is True:
        return "true"
    return "false" if value is False else str(value)


def contains(operand: Operand) -> TextTest:
    """Whether a text holds the value; a `*` inside it stands for anything on one line."""
    if operand.wild:
        pattern = glob_pattern(operand)
        return searcher(pattern) if pattern else _always
    needle = operand.text
    if operand.folds:
        return lambda text: needle in text.lower()
    return lambda text: needle in text


def _always(_text: str) -> bool:
    return True


def glob_pattern(operand: Operand) -> str:
    """A pattern for the shortest stretches that fit a value with wildcards; empty when anything does.

    Wildcards at its ends ask for nothing: the text `really?` finds the question at the end of a line, too.
    """
    segments = [one for one in operand.segments if one.strip("\uffff")]
    if not segments:
        return ""
    segments[0] = segments[0].lstrip("\uffff")
    segments[-1] = segments[-1].rstrip("\uffff")
    body = "[^\\n]*?".join(".".join(map(escape, one.split("\uffff"))) for one in segments)
    return ("(?i)" if operand.folds else "") + body


def equals(operand: Operand, *, dotted: bool = False) -> Test:
    """Whether a field has the value: as text, as a number, as an item of a list, or as a word of prose.

    dotted also takes the last parts of a name: `CartService` for `com.shop.CartService`.
    """
    if operand.wild:
        return _fits(operand)
    if operand.duration_ns is not None or operand.size_bytes is not None or operand.period is not None:
        return _equal_amount(operand, _equal_text(operand, dotted))
    return _equal_text(operand, dotted)


def _equal_text(operand: Operand, dotted: bool) -> Test:
    needle, folds, number = operand.text, operand.folds, operand.number
    truth = {"true": True, "false": False}.get(needle.lower())
    end = "." + needle

    def test(_key: str, value: object) -> bool:
        if isinstance(value, str):
            text = value.lower() if folds else value
            if text == needle:
                return True
            if number is not None and number_of(text) == number:
                return True
            if needle not in text or not needle:
                return False
            return (
                (dotted and text.endswith(end)) or has_word(text, needle) or (text[0] == "[" and item_of(text, needle))
            )
        if value is True or value is False:
            return value is truth
        return number is not None and value == number

    return test


def has_word(text: str, needle: str) -> bool:
    """Whether prose (a text with blanks) holds the needle as whole words; marks of the redaction are one word."""
    if " " not in text and "\t" not in text and "\n" not in text:
        return False
    at = text.find(needle)
    tries = 0
    while at >= 0 and tries < 1000:
        end = at + len(needle)
        if not (at and _in_word(text[at - 1]) and _in_word(needle[0])) and not (
            end < len(text) and _in_word(text[end]) and _in_word(needle[-1])
        ):
            return True
        at = text.find(needle, at + 1)
        tries += 1
    return False


def _in_word(char: str) -> bool:
    return char.isalnum() or char in "_-#"


def item_of(text: str, needle: str) -> bool:
    """Whether a list, printed as JSON, has the needle as an item."""
    if not text.endswith("]"):
        return False
    try:
        items = loads(text)
    except ValueError:
        return False
    return isinstance(items, list) and any(text_of(item) == needle for item in items)


def _fits(operand: Operand) -> Test:
    """The whole text against a value with wildcards, in linear time: after a `*` the first place that fits will do."""
    folds = operand.folds
    first, *rest = [re.escape(one).replace("\uffff", ".") for one in operand.segments]
    if not rest:
        body = first + r"\Z"
    else:
        *middle, last = rest
        body = first + "".join(f"(?>.*?{one})" for one in middle if one) + (f"(?=.*{last}\\Z)" if last else "")
    # the tail must not overlap what was read, which the look-ahead ensures
    match = re.compile(body, re.DOTALL).match

    def test(_key: str, value: object) -> bool:
        text = text_of(value)
        return match(text.lower() if folds else text) is not None

    return test


def _equal_amount(operand: Operand, as_text: Test) -> Test:
    def test(key: str, value: object) -> bool:
        if as_text(key, value):
            return True
        if operand.duration_ns is not None and nanoseconds(key, value) == operand.duration_ns:
            return True
        if operand.size_bytes is not None and size(key, value) == operand.size_bytes:
            return True
        moment = moment_of(value) if operand.period is not None else None
        return moment is not None and operand.period is not None and operand.period[0] <= moment < operand.period[1]

    return test


def ordered(sign: str, operand: Operand) -> Test:
    """Whether a field is above or below the value: by amount where both are amounts, by text where neither is."""
    compare = SIGNS[sign]
    if operand.number is not None:
        number = operand.number
        return lambda _key, value: (amount := amount_of(value)) is not None and compare(amount, number)
    if operand.period is not None:
        instant_sign, instant_ns = against(sign, operand.period)
        by_time = SIGNS[instant_sign]
        return lambda _key, value: (moment := moment_of(value)) is not None and by_time(moment, instant_ns)
    if operand.duration_ns is not None or operand.size_bytes is not None:
        return _ordered_amount(compare, operand)
    needle = operand.text.lower() if operand.folds else operand.text
    folds = operand.folds

    def by_text(_key: str, value: object) -> bool:
        return isinstance(value, str) and compare(value.lower() if folds else value, needle)

    return by_text


def _ordered_amount(compare: Callable[[Any, Any], bool], operand: Operand) -> Test:
    def test(key: str, value: object) -> bool:
        if operand.duration_ns is not None and (amount := nanoseconds(key, value)) is not None:
            return compare(amount, operand.duration_ns)
        if operand.size_bytes is not None and (amount := size(key, value)) is not None:
            return compare(amount, operand.size_bytes)
        return False

    return test


def against(sign: str, period: tuple[int, int]) -> tuple[str, int]:
    """A sign and a stretch of time as a sign and an instant: up to a day includes that day."""
    start, end = period
    if sign == "<=" and end - start > 12 * 3600 * 10**9:
        return "<", end
    return sign, start


def amount_of(value: object) -> int | float | None:
    """The number that a value is, or that stands before its unit."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        return None
    number = number_of(value)
    if number is not None or len(value) > 64:
        return number
    match = _AMOUNT.fullmatch(value.strip())
    return number_of(match[1]) if match else None


def nanoseconds(key: str, value: object) -> int | float | None:
    """A duration in ns: by its own unit, by the unit that ends the field's name, else in milliseconds."""
    if isinstance(value, str):
        own = duration_of(value.strip())
        if own is not None:
            return own
    number = amount_of(value) if not isinstance(value, str) else number_of(value)
    return None if number is None else number * unit_of(key)


def unit_of(key: str) -> int:
    """Nanoseconds of the unit that a field's name ends in; milliseconds when it names none."""
    match = _CAMEL_UNIT.search(key) or _TIME_UNITS.search(key.lower())
    if match is None:
        return _MS
    unit = (match[1] or match[2]).lower()
    if unit.startswith(("ms", "mil")):
        return _MS
    return _UNIT_NS.get(unit[:3]) or _UNIT_NS.get(unit[:1], _MS)


def size(key: str, value: object) -> int | float | None:
    """A size in bytes: by its own unit, by the unit that ends the field's name, else in bytes."""
    if isinstance(value, str):
        own = size_of(value.strip())
        if own is not None:
            return own
    number = number_of(value) if isinstance(value, str) else amount_of(value)
    return None if number is None else number * size_unit_of(key)


def size_unit_of(key: str) -> int:
    """Bytes of the unit that a field's name ends in; one when it names none."""
    match = _SIZE_UNITS.search(key.lower())
    return (size_of("1" + match[1]) or 1) if match else 1


def moment_of(value: object) -> int | None:
    """A time in a field, in ns; without a zone it counts as UTC."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value[:1].isdigit():
        return None
    period = period_of(value, 0, UTC) if ":" in value or "-" in value or value.replace(".", "").isdigit() else None
    return period[0] if period else None
