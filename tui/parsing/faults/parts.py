"""A chain of errors while it is read: parts that are added to, then frozen into a Fault.

Also how `Type: message` is taken apart, which all languages share.
"""

from __future__ import annotations

from typing import Final

from tui.lazy import Lazy
from tui.parsing.faults.own import is_own
from tui.record import Fault, Frame
from tui.values import field, mutable

MAX_FRAMES: Final = 2000
MAX_FAULTS: Final = 200
MAX_DEPTH: Final = 40
_TYPED: Final = Lazy(
    r"((?:[A-Za-z_$][\w$`]*(?:\.|::|\\|/))*[A-Za-z_$][\w$`]*)(?:\s?\[[\w.-]+\]|\s\(0x[0-9A-Fa-f]+\))?(?::\s?(.*))?$"
)


@mutable
class Part:
    """One error, as far as it has been read."""

    type: str | None = None
    message: str | None = None
    how: str = ""
    frames: list[Frame] = field(default_factory=list)
    causes: list[Part] = field(default_factory=list)
    language: str = ""
    """What its frames are of, where that was told apart from a stack's text."""

    def add(self, frame: Frame | None) -> None:
        if frame is not None and len(self.frames) < MAX_FRAMES:
            self.frames.append(frame)

    def under(self, above: Part | None, how: str) -> Part:
        """This part as what another one came out of."""
        if above is not None and len(above.causes) < MAX_FAULTS:
            self.how = how
            above.causes.append(self)
        return self

    def say(self, more: str) -> None:
        """The message goes on with another line."""
        self.message = f"{self.message}\n{more}" if self.message else more or None

    @property
    def told(self) -> bool:
        return bool(self.type or self.message or self.frames or self.causes)

    def frozen(self, depth: int = 0) -> Fault:
        causes = (one.frozen(depth + 1) for one in self.causes) if depth < MAX_DEPTH else ()
        message = (self.message or "").strip() or None
        return Fault(self.type, message, tuple(self.frames), tuple(causes), self.how)


def typed(text: str, how: str = "") -> Part:
    """`Type: message`; a text without a type is the message."""
    head, _, rest = text.strip().partition("\n")
    match = _TYPED.match(head)
    if match is None:
        return Part(None, text.strip() or None, how)
    message = "\n".join(part for part in (match[2] or "", rest) if part)
    return Part(match[1], message or None, how)


def frame(
    language: str,
    function: str,
    file: str,
    line: str | int | None = None,
    column: str | int | None = None,
    module: str = "",
) -> Frame:
    """A frame of a language, which knows its own code."""
    function, file = function.strip(), file.strip()
    return Frame(function, file, _number(line), _number(column), module, is_own(language, file, function, module))


def _number(text: str | int | None) -> int | None:
    number = int(text) if isinstance(text, int) or (text and text.isdecimal() and len(text) < 10) else 0
    return number if number > 0 else None
