"""Ruby and PHP.

Ruby prints the error that ended the program first and what it came out of below it; PHP the other way round.
"""

from __future__ import annotations

import re
from typing import Final

from tui.lazy import Lazy
from tui.parsing.faults.parts import Part, frame
from tui.record import Frame

_RUBY: Final = Lazy(
    r"\s*(?:from )?(?P<file>(?:\S+ \(\d[\w.]*\) )?(?:<internal:)?[^\s:>]+(?:\.rb|\.erb|\.rake|\.ru|>|/\w+)):(?P<line>\d+)(?::in [`'](?P<name>[^'\n]*)')?"
    r"(?:: (?P<said>.*))?$"
)
_RUBY_CLASS: Final = Lazy(r"(?P<message>.*?) ?\((?P<type>[A-Z]\w*(?:::\w+)*)\)$")
_RAILS: Final = Lazy(r"(?P<type>[A-Z]\w*(?:::\w+)*) \((?P<message>.*)\):?$")
_BLOCK: Final = Lazy(r"(?:(?:block(?: \(\d+ levels\))?|rescue|ensure) in )+")
_PHP_HEAD: Final = Lazy(
    r"(?:.*?Uncaught |Next |.*?)(?P<type>(?:[A-Za-z_]\w*\\)*[A-Za-z_]\w*)(?:: (?P<message>.*?))?(?: in (?P<file>\S+):(?P<line>\d+))?$"
)
_MONOLOG: Final = Lazy(
    r"(?P<previous>\[previous exception\] )?.*?\[object\] \((?P<type>[\w\\]+)\(code: \S+\): (?P<message>.*) at (?P<file>\S+):(?P<line>\d+)\)$"
)
_PHP: Final = Lazy(
    r"#\d+ (?:(?P<file>[^\s(][^(\n]*)\((?P<line>\d+)\)|\[internal function\]|(?P<main>\{main\}))(?:: (?P<name>[^\n]*))?"
)
_PHP_PLACE: Final = Lazy(r"(?P<file>/\S+\.php):(?P<line>\d+)$")


def ruby_frame(line: str) -> Frame | None:
    match = _RUBY.match(line)
    if match is None:
        return None
    return frame("ruby", _BLOCK.sub("", match["name"] or ""), match["file"], match["line"])


def read_ruby(text: str) -> Part:
    """The error that was raised last."""
    top = part = Part()
    for line in text.split("\n"):
        match = _RUBY.match(line)
        if match is not None and match["said"] is None:
            part.add(ruby_frame(line))
            continue
        named = _RUBY_CLASS.match(match["said"]) if match is not None else _RAILS.match(line) or _RUBY_CLASS.match(line)
        if named is not None and (part.told or match is None):
            part = Part().under(part, "cause") if part.told else part
        if named is not None:
            part.type, part.message = named["type"], named["message"] or None
            part.add(ruby_frame(line))
        elif line.strip() and line.strip() != "Causes:" and not part.frames[1:] and part.type:
            part.say(line)
    return top


def read_php(text: str) -> Part:
    """The error that was thrown last: what stands above `Next` is what it came out of."""
    part = Part()
    head: list[str] = []
    places: list[tuple[str, str]] = []
    for line in text.split("\n"):
        match = _PHP.match(line)
        if match is not None:
            _called(part, places, match["name"] or match["main"] or "", (match["file"] or "", match["line"] or ""))
        elif monolog := _MONOLOG.match(line):
            part = _headed(part, monolog, places)
        elif line.startswith(("Stack trace:", "[stacktrace]")):
            named = _PHP_HEAD.match("\0".join(head).removeprefix("PHP ")) if head else None
            part = _headed(part, named, places) if named is not None else part
            head = []
        elif place := _PHP_PLACE.match(line):
            part.add(frame("php", "", place["file"], place["line"]))
        elif line.strip() and not line.lstrip().startswith("thrown in"):
            head.append(line)
    if head and not part.told and (named := _PHP_HEAD.match("\0".join(head).removeprefix("PHP "))):
        part = _headed(part, named, places)
        part.add(frame("php", "", *places[0]))
    return part


def _headed(earlier: Part, match: re.Match[str], places: list[tuple[str, str]]) -> Part:
    found: dict[str, str | None] = match.groupdict()
    part = Part(found["type"], (found["message"] or "").replace("\0", "\n"))
    if earlier.told:
        (part if found.get("previous") else earlier).under(earlier if found.get("previous") else part, "cause")
    places[:] = [(found["file"] or "", found["line"] or "")]
    return part


def _called(part: Part, places: list[tuple[str, str]], name: str, caller: tuple[str, str]) -> None:
    """A line names a function and where it was called: the place inside it stood on the line above."""
    file, line = places.pop() if places else ("", "")
    places.append(caller)
    part.add(frame("php", name.partition("(")[0], file, line))
