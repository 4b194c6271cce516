"""Rust: panics, and the reports of anyhow and eyre with their list of causes."""

from __future__ import annotations

from typing import Final

from tui.lazy import Lazy
from tui.parsing.faults.parts import Part, frame

_PANIC: Final = Lazy(
    r"thread '[^']*'(?: \(\d+\))? panicked at (?:'(?P<old>.*)', )?(?P<file>[^\s:']+):(?P<line>\d+):(?P<column>\d+):?$"
)
_FRAME: Final = Lazy(r"\s*\d+: (?:0x\w+ - )?(?P<name>\S.*)$")
_PLACE: Final = Lazy(r"\s+at (?P<file>\S.*?):(?P<line>\d+)(?::(?P<column>\d+))?$")
_CAUSE: Final = Lazy(r"\s+(?:\d+: )?(?P<message>\S.*)$")
_HASH: Final = Lazy(r"::h[0-9a-f]{16}$")
_ENDS: Final = ("note: ", "Location:", "Backtrace omitted")


def read_rust(text: str) -> Part:
    """The panic, or the outermost error of a report."""
    top = part = Part()
    mode = ""
    name = ""
    for line in text.split("\n"):
        bare = line.strip().lower()
        if match := _PANIC.match(line.strip()):
            top.type, top.message, mode = "panic", match["old"], "message" if match["old"] is None else ""
            top.frames = [frame("rust", "", match["file"], match["line"], match["column"])]
        elif bare in ("stack backtrace:", "backtrace:"):
            mode = "frames"
        elif bare == "caused by:":
            mode = "causes"
        elif line.startswith(_ENDS):
            mode = ""
        elif mode == "frames":
            name = _framed(top, name, line)
        elif mode == "causes" and (match := _CAUSE.match(line)):
            part = Part(None, match["message"]).under(part, "cause")
        elif mode == "message" and bare:
            top.say(line)
        elif not top.told and bare:
            top.type, top.message, mode = "Error", line.removeprefix("Error: "), "message"
    return _merged(top)


def _framed(top: Part, name: str, line: str) -> str:
    """The name of the frame that this line begins; its place comes on the next one, if it is known."""
    if place := _PLACE.match(line):
        top.add(frame("rust", name, place["file"], place["line"], place["column"]))
        return ""
    if name:
        top.add(frame("rust", name, ""))
    match = _FRAME.match(line)
    return _HASH.sub("", match["name"]) if match else ""


def _merged(top: Part) -> Part:
    """The place that a panic names is one of its backtrace, which names the function too."""
    if len(top.frames) > 1 and not top.frames[0].function:
        first = top.frames[0]
        if any(one.line == first.line and one.column == first.column for one in top.frames[1:]):
            del top.frames[0]
    return top
