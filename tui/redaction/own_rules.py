"""Rules of the user's own: names of keys or a pattern, what must stand near, and samples that are tried at load.

Owns what such a rule may say and refusing the ones that cannot be meant. Patterns run on the linear-time engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from tui.lazy import Lazy
from tui.redaction import gate
from tui.redaction.gate import Search, compile_any
from tui.redaction.key_values import named_key_spans
from tui.redaction.keys import Key
from tui.redaction.marks import ACTIONS, KINDS, MARK
from tui.redaction.numbers import is_iban, luhn
from tui.redaction.spans import Progress, Span
from tui.redaction.stems import name_at
from tui.typed import Any, Final
from tui.values import frozen


class PolicyError(ValueError):
    """Something in the table `[redact]` that cannot be meant, in one line."""


Find = Callable[[bytes], Iterator[tuple[int, int]]]
_NAME: Final = Lazy(r"[a-z][a-z0-9-]{0,39}")
_FIELDS: Final = ("name", "keys", "pattern", "group", "near", "within", "validator", "action", "kind", "sample", "not")
_UNSUPPORTED: Final = (
    (Lazy(r"\(\?<?[=!]"), "looks around itself"),
    (Lazy(r"\\[1-9]|\(\?P="), "refers back to a group"),
    (Lazy(r"\(\?>|[*+?}]\+"), "is possessive"),
)
_IDS: Final = (
    b"550e8400-e29b-41d4-a716-446655440000",
    b"4bf92f3577b34da6a3ce929d0e0e4736",
    b"00f067aa0ba902b7",
    b"9fceb02d0ae598e95dc970b74767f19372d61af8",
    b"2024-05-01T12:00:00.123Z",
    b"1714564800123456789",
    b"01ARZ3NDEKTSV4RRFFQ69G5FAV",
    b"v1.27.3",
    b"10.0.12.7",
    b"shop-7d9f8b6c5-x2x4z",
)
"""Ids, hashes and times: a pattern that matches more than half of them would make logs unreadable."""
DEFAULT_WITHIN: Final = 40
MOST_WITHIN: Final = 400


@frozen
class OwnRule:
    """One rule of the user's."""

    name: str
    """What is counted and explained."""
    kind: str
    """What its marks say."""
    action: str
    """How its marks look; empty for as usual."""
    anchor: str
    """For the gate."""
    find: Find
    """Where its values stand in a line."""
    near: Search | None
    """Finds the words of which one must stand close by."""
    within: int
    """How many bytes away at most, on either side."""
    valid: Callable[[bytes], bool]

    def spans(self, line: bytes) -> Iterator[Span]:
        for start, end in self.find(line):
            value = line[start:end]
            if end > start and not MARK.search(value) and self.valid(value) and self._is_near(line, start, end):
                yield Span(start, end, self.kind, self.name)

    def _is_near(self, line: bytes, start: int, end: int) -> bool:
        if self.near is None:
            return True
        around = line[max(0, start - self.within) : start] + b"\n" + line[end : end + self.within]
        return self.near(around) is not None


def own_rule(row: Mapping[str, Any], number: int) -> OwnRule:
    """The rule in one `[[redact.rule]]`. Raises PolicyError, which names the rule and never quotes its samples."""
    name = row.get("name", "")
    if not isinstance(name, str) or _NAME.fullmatch(name) is None:
        raise PolicyError(f"rule {number}: name takes small letters, digits and -, not {name!r}")
    try:
        rule = _rule(name, row)
        _try(rule, row)
    except PolicyError as error:
        raise PolicyError(f"rule {name}: {error}") from None
    return rule


def _rule(name: str, row: Mapping[str, Any]) -> OwnRule:
    unknown = [field for field in row if field not in _FIELDS]
    if unknown:
        raise PolicyError(f"there is no {unknown[0]!r}; known are {', '.join(_FIELDS)}")
    if ("keys" in row) == ("pattern" in row):
        raise PolicyError("it needs either keys or a pattern")
    kind = _one_of(row, "kind", ("secret", *KINDS))
    near = _texts(row, "near")
    anchor, find = _of_keys(_texts(row, "keys"), kind) if "keys" in row else _of_pattern(row)
    return OwnRule(
        name=name,
        kind=kind,
        action=_one_of(row, "action", ("", *ACTIONS)),
        anchor=anchor,
        find=find,
        near=compile_any([re.escape(word) for word in near], ignore_case=True).search if near else None,
        within=_number(row, "within", DEFAULT_WITHIN, MOST_WITHIN),
        valid=_VALIDATORS[_one_of(row, "validator", tuple(_VALIDATORS))],
    )


def _texts(row: Mapping[str, Any], field: str) -> list[str]:
    value = row.get(field, [])
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) and text for text in texts):
        raise PolicyError(f"{field} takes a text or a list of texts")
    return texts


def _one_of(row: Mapping[str, Any], field: str, choices: tuple[str, ...]) -> str:
    """One of the choices, the first when nothing is said."""
    value = row.get(field, choices[0])
    if value not in choices:
        raise PolicyError(f"{field} is one of {', '.join(filter(None, dict.fromkeys(choices)))}, not {value!r}")
    return str(value)


def _number(row: Mapping[str, Any], field: str, default: int, most: int) -> int:
    value = row.get(field, default)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise PolicyError(f"{field} takes a number from 0 to {most}, not {value!r}")
    return value


_JOINTS: Final = Lazy(rb"[ _.-]+")
_WORDS: Final = Lazy(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def _of_keys(names: list[str], kind: str) -> tuple[str, Find]:
    """Values of keys with one of the names, in any spelling: camel case, dashes, dots."""
    if not names:
        raise PolicyError("keys is empty")
    wanted = frozenset(_JOINTS.sub(b"", name.lower().encode()) for name in names)
    anchor = "(?i:" + "|".join(r"[ _.\-]?".join(map(re.escape, _WORDS.findall(name) or [name])) for name in names) + ")"
    stems = compile_any((anchor,))

    def find(line: bytes) -> Iterator[tuple[int, int]]:
        progress = Progress()
        for start, _ in stems.hits(line):
            name = name_at(line, start)
            last = name.text.rsplit(b".", 1)[-1]
            if start < progress.end or not {_JOINTS.sub(b"", text.lower()) for text in (name.text, last)} & wanted:
                continue
            progress.reach(name.end)
            for span in named_key_spans(line, name, Key(kind), progress):
                progress.reach(span.end)
                yield span.start, span.end

    return anchor, find


def _of_pattern(row: Mapping[str, Any]) -> tuple[str, Find]:
    text = row["pattern"]
    if not isinstance(text, str) or not text:
        raise PolicyError("pattern takes a text")
    for shape, what in _UNSUPPORTED:
        if shape.search(text):
            raise PolicyError(f"the pattern {what}, which cannot be done in linear time")
    try:
        finditer, groups = gate.compile_own(text.encode())
    except ValueError as error:
        raise PolicyError(f"the pattern does not parse: {error}") from None
    group = _number(row, "group", min(1, groups), groups)
    matches = [any(True for _ in finditer(one)) for one in (b"", *_IDS)]
    if matches[0]:
        raise PolicyError("the pattern matches nothing at all, so it would mask everywhere")
    if sum(matches[1:]) > len(_IDS) // 2 and not row.get("near"):
        raise PolicyError("the pattern matches most ids, hashes and times: make it narrower, or say what stands near")

    def find(line: bytes) -> Iterator[tuple[int, int]]:
        for match in finditer(line):
            start, end = match.span(group)
            if end > start:
                yield start, end

    return text, find


_NOT_DIGITS: Final = bytes(byte for byte in range(256) if not 48 <= byte <= 57)
_VALIDATORS: Final[Mapping[str, Callable[[bytes], bool]]] = {
    "none": lambda _: True,
    "luhn": lambda value: luhn(value.translate(None, _NOT_DIGITS)),
    "mod97": lambda value: is_iban(value.replace(b" ", b"")),
}


def _try(rule: OwnRule, row: Mapping[str, Any]) -> None:
    """Hold the rule against its samples."""
    for field, expected in (("sample", True), ("not", False)):
        for number, text in enumerate(_texts(row, field), 1):
            if any(True for _ in rule.spans(text.encode())) != expected:
                raise PolicyError(f"{field} {number} is {'not matched' if expected else 'matched'}")
