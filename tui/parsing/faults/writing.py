"""An error that fields told in parts, written as its language prints it: what records call its stack."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from tui.parsing.faults.parts import Part
from tui.record import Frame

_TIES: Final = {
    "context": "During handling of the above exception, another exception occurred:",
    "cause": "The above exception was the direct cause of the following exception:",
}


_APPENDED: Final = ("jvm", "node", "")
"""Languages whose errors say at their end what they came out of."""


def written(part: Part) -> str:
    """The stack trace of an error in the notation of its language."""
    language = language_of(part)
    writer = {"python": _python, "dotnet": _dotnet, "php": _php}.get(language)
    return "\n".join(writer(part) if writer is not None else _at_frames(part, language, ""))


def rewritten(stack: str, part: Part) -> str:
    """A stack together with what the error came out of, which it does not tell itself."""
    if (language := language_of(part)) not in _APPENDED:
        return written(part)
    return "\n".join([stack.rstrip("\n"), *_below(part, language, "")])


def language_of(part: Part) -> str:
    """The language of an error, or of what it came out of; empty when nothing shows it."""
    return part.language or next(filter(None, map(language_of, part.causes)), "")


def _title(part: Part) -> str:
    return ": ".join(text for text in (part.type, part.message) if text) or "Error"


def _python(part: Part) -> Iterator[str]:
    for cause in part.causes:
        if cause.how in _TIES:
            yield from (*_python(cause), "", _TIES[cause.how], "")
    members = [one for one in part.causes if one.how == "member"]
    margin = "  | " if members else ""
    yield f"{'  + Exception Group ' if members else ''}Traceback (most recent call last):"
    for one in reversed(part.frames):
        yield f'{margin}  File "{one.file}", line {one.line or 0}, in {one.function or "<module>"}'
    yield from (margin + line for line in _title(part).split("\n"))
    for number, member in enumerate(members, 1):
        yield f"  {'+-' if number == 1 else '  '}+---------------- {number} ----------------"
        yield from (f"    | {line}" for line in _python(member))
    if members:
        yield "    +------------------------------------"


def _dotnet(part: Part) -> Iterator[str]:
    yield _title(part)
    for inner in part.causes[:1]:
        first, *rest = _dotnet(inner)
        yield from (f" ---> {first}", *rest, "   --- End of inner exception stack trace ---")
    for one in part.frames:
        name = one.function if one.function.endswith(")") else one.function + "()"
        yield f"   at {name}" + (f" in {one.file}:line {one.line or 0}" if one.file else "")


def _at_frames(part: Part, language: str, indent: str) -> Iterator[str]:
    yield from (_title(part)).split("\n")
    yield from (f"{indent}    at {_place(one, language)}" for one in part.frames)
    yield from _below(part, language, indent)


def _below(part: Part, language: str, indent: str) -> Iterator[str]:
    """What an error came out of, below its own frames."""
    members = [one for one in part.causes if one.how == "member"]
    if members:
        yield f"{indent}  [errors]: ["
        for member in members:
            first, *rest = _at_frames(member, language, indent + "    ")
            yield from (f"{indent}    {first}", *rest)
        yield f"{indent}  ]"
    for cause in part.causes:
        if cause.how != "member":
            deeper, tie = (indent + "\t", "Suppressed") if cause.how == "suppressed" else (indent, "Caused by")
            first, *rest = _at_frames(cause, language, deeper)
            yield from (f"{deeper}{tie}: {first}", *rest)


def _php(part: Part) -> Iterator[str]:
    lead = ""
    for cause in part.causes[:1]:
        yield from (*_php(cause), "")
        lead = "Next "
    thrown = part.frames[0] if part.frames else None
    yield f"{lead}{_title(part)}" + (f" in {thrown.file}:{thrown.line or 0}" if thrown is not None else "")
    yield "Stack trace:"
    for number, (inner, outer) in enumerate(pairwise(part.frames)):
        name = f": {inner.function}()" if inner.function else ""
        yield f"#{number} {outer.file}({outer.line or 0}){name}"
    yield f"#{max(0, len(part.frames) - 1)} {{main}}"


def _place(one: Frame, language: str) -> str:
    place = ":".join(str(part) for part in (one.file, one.line, one.column) if part)
    if language == "jvm":
        place = place if one.file else f"Unknown Source:{one.line}" if one.line else "Unknown Source"
        return f"{one.function}({place})"
    return f"{one.function} ({place})" if one.function and place else place or f"{one.function} (<anonymous>)"
