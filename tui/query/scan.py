"""Tree to a test on raw bytes that may say too much but never too little, at memory speed.

A node requires literals: runs of characters that no format escapes other than as `\\u00..` or `\\x..`. A block without
them is passed over unless it holds a hazard: something behind which text may differ from its bytes (escapes of
letters, terminal escapes, message templates, byte lists, lines cut in parts). What could stand inside a redaction
mark, what is derived (levels, services, times, durations) and what is negated requires nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from tui.parsing.ids import kind_of_key
from tui.query.fields import attribute_of
from tui.query.patterns import LINEAR, compile_pattern, encoded, escape
from tui.query.tree import And, Contains, Equal, Node, Operand, Or, Query, Regex, Text

BytesTest = Callable[[bytes], bool]

_SAFE_RUN: Final = re.compile(r"[A-Za-z0-9 !$%&()*+,\-.:;<=>?@^_`{|}~]+")
_MIN_RUN: Final = 2
_MARK_KINDS: Final = [
    "token",
    "secret",
    "password",
    "passphrase",
    "credential",
    "key",
    "jwt",
    "auth",
    "authorization",
    "url-password",
    "cookie",
    "session",
    "card",
    "iban",
    "email",
    "phone",
    "ssn",
    "pin",
    "cvv",
    "otp",
    "private-key",
    "pem",
    "ip",
    "mac",
    "user",
    "hidden",
    "unredactable-record",
    "bytes",
]
_OWN_TEXTS: Final = (
    "unredactable record: 0 bytes", "line cut: longer than 0 bytes", "line cut: 0 bytes left out",
    *(kind for kind in _MARK_KINDS),
)  # fmt: skip
_IN_HASH: Final = re.compile(r"[0-9a-f]{1,12}|[0-9a-f]{0,12}-[0-9]{0,4}|[0-9]{1,4}")
_DIGITS: Final = re.compile(r"[0-9]+")

_ESCAPE_HAZARD: Final = compile_pattern(r"\\(?:u00|u212[aA]|u0130|[xXU0-7]|N\{)")
_OTHER_HAZARDS: Final = tuple(
    compile_pattern(pattern)
    for pattern in (
        '"@mt', "MessageTemplate", r'MESSAGE"\s*:\s*\[', r"std(?:out|err) P", r'(?:[^n]|[^\\]n)",\s?"stream":', "\xc2\x9b",
        "\u212a", "\u0130",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Prefilter:
    """The cheap test of a query on bytes."""

    may_match: BytesTest
    """False only when no record framed from these whole lines, redacted or not, can match."""
    narrows: bool = True
    """False when it always says yes."""

    def candidate(self, group: bytes) -> bool:
        """The same test for the lines of one record."""
        return self.may_match(group)


def prefilter(query: Query) -> Prefilter:
    """The test of a query; safe to use from several threads."""
    needed = _needed(query.root)
    if needed is None:
        return Prefilter(lambda block: True, narrows=False)
    return Prefilter(lambda block: needed(block) or hazardous(block))


def hazardous(block: bytes) -> bool:
    """Whether text may stand in these lines that their bytes do not show."""
    if b"\x1b" in block or (b"\\" in block and _ESCAPE_HAZARD.search(block) is not None):
        return True
    return any(hazard.search(block) is not None for hazard in _OTHER_HAZARDS)


def text_requirement(operand: Operand) -> Callable[[str], bool]:
    """Whether a raw text passes the test for a text operand, hazards included."""
    needed = _literals(operand)
    if needed is None:
        return lambda raw: True

    def check(raw: str) -> bool:
        data = encoded(raw)
        return needed(data) or hazardous(data)

    return check


def _needed(node: Node) -> BytesTest | None:
    """What a matching record's bytes must pass, but for hazards; None for a node that requires nothing."""
    match node:
        case And(parts):
            return _every(_needed(part) for part in parts)
        case Or(parts):
            return _some([_needed(part) for part in parts])
        case Text(operand) | Contains(_, operand):
            return _literals(operand) if isinstance(node, Text) or _is_written(node.field) else None
        case Equal(field, operand) if _is_written(field):
            return _value(operand)
        case Regex():
            return None
    return None


def _is_written(field: str) -> bool:
    """Whether the values of a field stand in the bytes as they are compared, rather than being derived from them."""
    kind = attribute_of(field)
    if kind is None:
        return kind_of_key(field) is None and field.lower() != "status"
    return kind in ("message", "raw")


def _every(tests: Iterable[BytesTest | None]) -> BytesTest | None:
    found = [test for test in tests if test is not None]
    if len(found) < 2:
        return found[0] if found else None
    return lambda block: all(test(block) for test in found)


def _some(tests: list[BytesTest | None]) -> BytesTest | None:
    found = [test for test in tests if test is not None]
    if len(found) < len(tests):
        return None
    return lambda block: any(test(block) for test in found)


def _literals(operand: Operand) -> BytesTest | None:
    """All safe runs of a value, the longest first."""
    runs = sorted((run for run in safe_runs(operand)), key=len, reverse=True)
    return _every(_literal(run, operand.folds) for run in runs[:4])


def safe_runs(operand: Operand) -> list[str]:
    """The parts of a value that stand in the bytes of every text with it, unless a hazard does."""
    parts = [part for segment in operand.segments for part in segment.split("\uffff")]
    runs = [run for part in parts for run in _SAFE_RUN.findall(part)]
    return [run for run in runs if len(run) >= _MIN_RUN and not _may_be_ours(run)]


def _may_be_ours(run: str) -> bool:
    """Whether a run could lie inside a mark or another text that takes the place of bytes."""
    lower = run.lower()
    if _IN_HASH.fullmatch(lower):
        return True
    plain = _DIGITS.sub("0", lower)
    return any(plain in text for text in _OWN_TEXTS)


def _literal(run: str, folds: bool) -> BytesTest:
    if not folds or not any(char.isalpha() for char in run):
        literal = run.encode()
        return lambda block: literal in block
    if not LINEAR:
        lower = run.lower().encode()
        return lambda block: lower in block.lower()
    search = compile_pattern("(?i)" + escape(run)).search
    return lambda block: search(block) is not None


def _value(operand: Operand) -> BytesTest | None:
    """The literals of a field's whole value; numbers have other spellings and require nothing yet."""
    if operand.number is not None or operand.duration_ns is not None or operand.size_bytes is not None:
        return None
    if operand.period is not None or operand.text.lower() in ("null", "true", "false"):
        return None
    return _literals(operand)
