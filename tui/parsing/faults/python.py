"""Python: tracebacks, chained by `During handling of …` and `… the direct cause of …`, and exception groups.

A group's lines stand behind a margin of `|`, its members behind one that is two columns further in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tui.lazy import Lazy
from tui.parsing.faults.parts import MAX_DEPTH, Part, frame, typed

_FRAME: Final = Lazy(r"[ >]*File \"([^\"\n]+)\", line (\d+)(?:, in (.+))?$")
_HEADER: Final = Lazy(r"(?:\+ )?(?:Exception Group )?Traceback \(most recent call last\)")
_CHAINED: Final = {
    "During handling of the above exception": "context",
    "The above exception was the direct cause": "cause",
}
_RULE: Final = Lazy(r"\+-{3,}(?: [\w.]+ -+)?$")
_MEMBERS: Final = Lazy(r"\+-\+-{3,} [\w.]+ -+$")


def read_python(text: str) -> Part:
    """The error that a traceback ends with."""
    return _chain(text.split("\n"), None, 0)


def _chain(lines: Sequence[str], margin: int | None, depth: int) -> Part:
    """The last of the errors behind one margin; those before it are what it came out of."""
    part, how, ended, at = Part(), "", False, 0
    while at < len(lines):
        line, place = _behind(lines[at], margin)
        at += 1
        if place is not None and _MEMBERS.match(line):
            stop = _end_of_members(lines, at, place + 2)
            _members(part, lines[at:stop], place + 2, depth)
            at = stop
        elif relation := next((tie for said, tie in _CHAINED.items() if line.startswith(said)), ""):
            how = relation
        elif _HEADER.match(line):
            if part.told:
                earlier, part = part, Part()
                earlier.under(part, how or "context")
            ended = False
        elif match := _FRAME.match(line):
            part.frames.insert(0, frame("python", match[3] or "", match[1], match[2]))
        elif ended and not line.startswith("    "):
            if not how:
                part.say(line)
        elif line[:1] not in " \t" and line.strip("^~ |+-"):
            named = typed(line)
            part.type, part.message, ended, how = named.type, named.message, True, ""
    return part


def _behind(line: str, margin: int | None) -> tuple[str, int | None]:
    """What stands behind the margin, and the column of the margin's mark."""
    at = margin
    if at is None and line.startswith(("  | ", "  + ", "  +-")):
        at = 2
    if at is None or line[at : at + 1] not in ("|", "+") or line[:at].strip():
        return line, None
    return (line[at:], at) if line.startswith("+-", at) else (line[at + 2 :], at)


def _end_of_members(lines: Sequence[str], at: int, column: int) -> int:
    while at < len(lines):
        line = lines[at]
        if line[:column].strip() or line[column : column + 1] not in ("|", "+", " "):
            return at
        if _RULE.match(line, column) and " " not in line[column:]:
            return at + 1
        at += 1
    return at


def _members(group: Part, lines: Sequence[str], column: int, depth: int) -> None:
    if depth >= MAX_DEPTH:
        return
    member: list[str] = []
    for line in (*lines, " " * column + "+---- end ----"):
        if _RULE.match(line, column) and not line[:column].strip():
            found = _chain(member, column, depth + 1)
            if found.told:
                found.under(group, "member")
            member = []
        else:
            member.append(line)
