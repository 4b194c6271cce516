"""Go: panics with their goroutine, `debug.Stack`, the stack fields of zap, and the chains that pkg/errors prints.

In a panic, what stands above `panic(…)` only caught it. pkg/errors prints the root first and what wraps it below.
"""

from __future__ import annotations

from typing import Final

from tui.lazy import Lazy
from tui.parsing.faults.parts import Part, frame
from tui.values import replace

_PANIC: Final = Lazy(r"(?:.*?\s)?(?P<type>panic serving \S+|panic|fatal error): ?(?P<message>.*)$")
_GOROUTINE: Final = Lazy(r"goroutine \d+ (?:gp=\S+ m=\S+ (?:mp=\S+ )?)?\[")
_PLACE: Final = Lazy(r"\s+(?P<file>\S.*?\.(?:go|s|c)):(?P<line>\d+)(?: \+0x\w+)?(?: .*)?$")
_ARGUMENTS: Final = Lazy(r"\((?:[^()*]|\([^()]*\))*\)$")
_CREATED: Final = Lazy(r"created by (.+?)(?: in goroutine \d+)?$")
_CAUGHT: Final = ("panic", "runtime.gopanic")


def read_go(text: str) -> Part:
    """The panic, or the outermost of the errors that wrap each other."""
    part = Part()
    lines = text.split("\n")
    goroutines = 0
    for at, line in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else ""
        if _GOROUTINE.match(line):
            goroutines += 1
            if goroutines > 1:
                break
        elif line[:1] in "\t " or not line:
            continue
        elif place := _PLACE.match(following) if following[:1] in ("\t", " ") else None:
            part.add(frame("go", _function(line), place["file"], place["line"]))
        elif goroutines or line.startswith(("[signal ", "exit status", "[originating")):
            continue
        elif match := _PANIC.match(line):
            part.type = "fatal error" if match["type"] == "fatal error" else "panic"
            part.message = match["message"].split(" [recovered")[0]
        else:
            part = _said(part, line)
    _what_only_caught(part)
    return part


def _said(part: Part, line: str) -> Part:
    """A message: below frames it is that of an error that wraps what was told before."""
    if not part.frames:
        part.say(line)
        return part
    above = Part(message=line)
    part.under(above, "cause")
    return above


def _function(line: str) -> str:
    created = _CREATED.match(line)
    return created[1] if created else _ARGUMENTS.sub("", line)


def _what_only_caught(part: Part) -> None:
    last = max((at for at, one in enumerate(part.frames) if one.function in _CAUGHT), default=-1)
    if last >= 0:
        part.type = part.type or "panic"
    part.frames[: last + 1] = [replace(one, in_app=False) for one in part.frames[: last + 1]]
