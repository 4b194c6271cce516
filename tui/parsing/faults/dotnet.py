""".NET: errors inside each other, all named first, each one's frames up to a line that says where it ends."""

from __future__ import annotations

from typing import Final

from tui.lazy import Lazy
from tui.parsing.faults.parts import Part, frame, typed
from tui.record import Frame

_FRAME: Final = Lazy(r"at (?P<name>.+?\))(?: \[0x\w+\])?(?: in (?P<file>.+?):(?:line )?(?P<line>\d+))?(?: ?<---)?\s*$")
_MEMBER: Final = Lazy(r"\(Inner Exception #(\d+)\) ?(.*)")
_GENERATED: Final = Lazy(r"(?:<>c(?:__DisplayClass\w+)?\.)?<(\w+)>[a-z]__\w+(?:\.MoveNext)?")
"""What the compiler makes of an asynchronous method or a lambda; the name in it is the one that was written."""
_LEAD: Final = Lazy(r"(?:Unhandled [Ee]xception[.:]|\[ERROR\] FATAL UNHANDLED EXCEPTION:)\s*")


def dotnet_frame(line: str) -> Frame | None:
    """The place that a stripped line `at …` names."""
    match = _FRAME.match(line)
    if match is None:
        return None
    file = match["file"] or ""
    name = _GENERATED.sub(r"\1", match["name"].split(" (")[0].split("(")[0])
    return frame("dotnet", name, "" if file.startswith("<") else file, match["line"])


def read_dotnet(text: str) -> Part:
    """The outermost error."""
    nest: list[Part] = [Part()]
    told, _, _ = _LEAD.sub("", text, count=1).partition("\n[ERROR] FATAL UNHANDLED")
    for line in told.split("\n"):
        bare = line.strip()
        if bare.startswith("at "):
            nest[-1].add(dotnet_frame(bare))
        elif bare.startswith("--- End of inner"):
            nest[1:] = nest[1:-1]
        elif bare.startswith("---> (Inner Exception #"):
            _member(nest, bare[5:])
        elif not bare.startswith("--- ") and bare not in ("", "<---"):
            _named(nest, line.rstrip())
    return nest[0]


def _named(nest: list[Part], line: str) -> None:
    """A line of errors that hold each other, or more of the message of the one before it."""
    first, *inner = line.split("---> ")
    if first.strip():
        part = nest[-1]
        if not part.told:
            named = typed(first)
            part.type, part.message = named.type, named.message
        elif not part.frames:
            part.say(first.rstrip())
    for one in inner:
        nest.append(typed(one.strip()).under(nest[-1], "cause"))


def _member(nest: list[Part], text: str) -> None:
    """One of several: the first of them was told before, as what the whole came out of."""
    match = _MEMBER.match(text)
    first, *inner = (match[2] if match else text).split(" ---> ")
    part = typed(first)
    known = next((one for one in nest[0].causes if (one.type, one.message) == (part.type, part.message)), None)
    if known is not None and match is not None and match[1] == "0":
        nest[:] = [nest[0], Part(), *(Part() for _ in inner)]
        known.how = "member"
        return
    for one in nest[0].causes:
        one.how = "member"
    nest[:] = [nest[0], part.under(nest[0], "member")]
    for one_inner in inner:
        nest.append(typed(one_inner).under(nest[-1], "cause"))
