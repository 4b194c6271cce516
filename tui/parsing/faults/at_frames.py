"""JVM languages and Node, whose frames begin with `at`: causes, suppressed errors and members by their indentation.

An error below another is tied to the nearest one that is not indented further.
"""

from __future__ import annotations

import re
from typing import Final

from tui.lazy import Lazy
from tui.parsing.faults.parts import MAX_FAULTS, Part, frame, typed
from tui.record import Frame

_JVM: Final = Lazy(
    r"at (?:(?P<loader>[\w.-]*)//?)?(?:(?P<module>[\w.]+)(?:@[\w.+-]+)?/)?(?P<name>[^\s()]+(?: [^\s()]+)?)"
    r"\((?P<file>[\w$+-]+\.(?:java|kt|kts|scala|groovy|clj|cljc|jsp|gradle|rb)|Native Method|Unknown Source|NO_SOURCE_FILE|"
    r"<[\w ]+>|\w+)?(?::(?P<line>-?\d+))?\)"
)
_NODE: Final = Lazy(
    r"at (?:async )?(?:(?P<name>.+?) \()?(?P<file>(?:[a-z-]+://|[A-Za-z]:\\|[^\s():]*[/\\])[^()\n]*?|[\w.-]+\.[cm]?[jt]sx?|node:[^()\n]+?|[\w-]+:[\w./-]+)"
    r":(?P<line>\d+)(?::(?P<column>\d+))?\)?"
)
_NODE_BARE: Final = Lazy(r"at (?:async )?(?P<name>[^()]+?) \((?P<file><anonymous>|native|index \d+|eval at .*)\)")
_NAMED: Final = Lazy(r" \[as [^\]]+\]$")
_OPENING: Final = Lazy(
    r"(?P<level>Caused by|caused by|Cause|Wrapped by): |(?P<deeper>Suppressed|\[cause\]): |\[(?P<list>errors|aggregateErrors)\]: \["
)
_PLACES: Final = ("Native Method", "Unknown Source", "NO_SOURCE_FILE")


def at_frame(line: str) -> Frame | None:
    """The place that a stripped line `at …` names."""
    if match := _NODE.match(line):
        name = _NAMED.sub("", match["name"] or "").removeprefix("new ")
        return frame("node", name, match["file"].removeprefix("file://"), match["line"], match["column"])
    if match := _JVM.match(line):
        file = match["file"] if match["file"] not in _PLACES else ""
        return frame("jvm", match["name"], file or "", match["line"], module=match["module"] or "")
    if match := _NODE_BARE.match(line):
        return frame("node", match["name"], "")
    return None


def read_at_frames(text: str) -> Part:
    """The first error of the text, or the one that says it wraps those before it."""
    top = Part()
    nest: list[tuple[int, Part]] = [(0, top)]
    lists: list[int] = []
    for line in text.split("\n"):
        bare = line.strip()
        indent = len(line) - len(line.lstrip())
        if bare.startswith("at "):
            nest[-1][1].add(at_frame(bare.removesuffix(" {")))
        elif match := _OPENING.match(bare):
            if match["list"]:
                lists.append(indent + 2)
                continue
            top = _opened(nest, top, indent, match, bare[match.end() :])
        elif lists and indent == lists[-1] and bare[:1] not in ("}", "]", ""):
            _tied(nest, indent, _told(bare), "member", deeper=True)
        elif bare.startswith("]") and lists and indent < lists[-1]:
            lists.pop()
        else:
            _told_on(nest[-1][1], line, bare)
    return top


def _opened(nest: list[tuple[int, Part]], top: Part, indent: int, match: re.Match[str], rest: str) -> Part:
    """A new error below those of the nest; the top one after it."""
    level, deeper = match["level"], match["deeper"]
    if level == "Wrapped by":
        above = _told(rest)
        top.under(above, "cause")
        nest[:] = [(indent, above)]
        return above
    _tied(nest, indent, _told(rest), "suppressed" if deeper == "Suppressed" else "cause", deeper=bool(deeper))
    return top


def _tied(nest: list[tuple[int, Part]], indent: int, part: Part, how: str, *, deeper: bool) -> None:
    while len(nest) > 1 and (nest[-1][0] > indent or (deeper and nest[-1][0] == indent)):
        nest.pop()
    above = nest[-1][1]
    if len(nest) < MAX_FAULTS:
        part.under(above, how)
    if not deeper and nest[-1][0] >= indent:
        nest.pop()
    nest.append((indent, part))


def _told(text: str) -> Part:
    """`Type: msg`, also in the brackets that Node puts around an error without a stack."""
    text = text.rstrip(" {,")
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1]
    return typed(text)


def _told_on(part: Part, line: str, bare: str) -> None:
    """A line before the frames: the head of the error, or more of its message."""
    if part.frames or part.causes or bare.startswith(("... ", "}", "]", "^")):
        return
    if not part.told:
        if bare and not bare.startswith("Node.js v"):
            head = _told(_LEAD.sub("", bare))
            part.type, part.message = head.type, head.message
    elif part.type is None and (named := _told(bare)).type is not None and not line[:1].isspace():
        # above the error itself stand the place that threw it and that line of the program
        part.type, part.message = named.type, named.message
    else:
        part.say(line.rstrip())


_LEAD: Final = Lazy(r"(?:Exception in thread \"[^\"]*\"|Unhandled [Ee]xception[.:]|Uncaught(?: \(in promise\))?) ")
