"""Stack traces in text: where one begins, and the type and message of the error it tells.

Knows Python, Java and other JVM languages, Go, Node, .NET, Ruby, PHP and Rust. Which fields hold such a text is
left to `structured`; which lines form a record, to `detection`.
"""

from __future__ import annotations

import re

from tui.lazy import Lazy
from tui.record import Error
from tui.typed import Final, NamedTuple


class Stack(NamedTuple):
    """A stack trace found in a text."""

    start: int
    """Offset of its first character."""
    error: Error

    @property
    def crash(self) -> bool:
        """Whether a runtime printed it when the program, or a thread of it, went down."""
        return (self.error.stack or "").startswith(_CRASHES)


_CRASHES: Final = (
    "panic: ",
    "fatal error: ",
    "Exception in thread ",
    "Unhandled exception",
    "Unhandled Exception",
    "thread '",
)
MAX_STACK_CHARS: Final = 1 << 20
_TYPE: Final = (
    r"(?:[A-Za-z_$][\w$]*(?:\.|::|\\))*(?:[A-Za-z_$][\w$]*?)?"
    r"(?:Error|Exception|Throwable|Failure|Fault|Interrupt|Warning|Timeout|Exit|Abort|Iteration|Group|Rejection)"
)
_TYPED: Final = Lazy(rf"({_TYPE})(?:\s\[[\w.-]+\]|\s\(0x[0-9A-Fa-f]+\))?(?::\s?(.*))?$")
_ANY_TYPED: Final = Lazy(r"((?:[A-Za-z_][\w$]*\.)*[A-Za-z_][\w$]*)(?::\s(.*))?$")
_TYPE_AT_END: Final = Lazy(rf"(?:^|[\s:>\"'])({_TYPE})(?:\s\[[\w.-]+\])?(?::\s(.*))?$")
_CAMEL_AT_END: Final = Lazy(
    r"(?:^|[\s>\"'])((?:[A-Za-z_$][\w$]{0,60}\.){0,12}[A-Z][a-z0-9]+[A-Z][\w$]*)(?:\s\[[\w.-]+\])?(?::\s(.*))?$"
)
"""Right above a frame a name of several words is a type, whatever it ends in: `PaymentDeclined: card declined`."""
_PYTHON: Final = Lazy(r"(?:^|(?<=\n))([^\n]{0,400}?)Traceback \(most recent call last\):[^\n]*\n", re.MULTILINE)
_GO: Final = Lazy(r"^(?:.{0,300}?\s)?(panic serving \S+|panic|fatal error): ?(.*)$", re.MULTILINE)
_GO_FRAME: Final = Lazy(r"^goroutine \d+ \[", re.MULTILINE)
_GO_TRAIL: Final = Lazy(r"^[\w./*()\[\]{}·-]+\n\t\S+\.go:\d+", re.MULTILINE)
_AT_FRAME: Final = Lazy(r"^\s+(?:at\s+[^\n]+|\.\.\. \d+ (?:more|common frames omitted))$", re.MULTILINE)
_HOLDS_ERRORS: Final = Lazy(rf"^\[({_TYPE})(?:: (.*))?\] \{{(?=\n\s+\[errors\]: \[$)", re.MULTILINE)
"""Node's error that holds several and has no frames of its own."""
_NODE_THROWN: Final = Lazy(r"(?:^|\n)((?:file:/|/|[A-Za-z]:\\|node:)\S*:\d+\n[^\n]*\n[ \t]*\^+\n\n?)$")
"""Above an error that ended Node: where it was thrown, that line of the program, and a caret."""
_RUBY: Final = Lazy(r"^(?:.*?\s)?(?:[^\s:]+:\d+:in [`'][^'\n]*': )(.*?) ?\(([A-Z][\w:]*)\)\s*$", re.MULTILINE)
_RUBY_FRAME: Final = Lazy(r"^\s*(?:from )?\S+\.rb:\d+:in ", re.MULTILINE)
_PHP: Final = Lazy(r"(?:PHP )?Fatal error:\s+Uncaught [\w\\]+", re.MULTILINE)
_PHP_TRACE: Final = Lazy(r"^(?:Stack trace:|\[stacktrace\])\n#0 ", re.MULTILINE)
_PHP_THROWN: Final = Lazy(
    r'(?:\{"exception":")?'
    r"\[object\] \([\w\\]+\(code: |(?<![\w\\])(?:\w+\\)*\w*(?:Exception|Error)(?=: | in /)|^[\w\\]+(?=: [^\n]* in /\S+:\d+$)",
    re.MULTILINE,
)
_RUST: Final = Lazy(r"thread '[^'\n]*'(?: \(\d+\))? panicked at (?:'(.*)', \S+|\S+:\n(.*))")
_REPORT: Final = Lazy(r"Error: ([^\n]*)\n\nCaused by:\n\s+(?:0: |(?!at )\S)")
"""What anyhow and eyre print of an error that leaves `main`."""


def find_stack(text: str) -> Stack | None:
    """The error that a stack trace in this text tells, or None."""
    if len(text) > MAX_STACK_CHARS:
        text = text[:MAX_STACK_CHARS]
    for finder in (_python, _rust, _go, _frames_at, _ruby, _php):
        found = finder(text)
        if found is not None:
            return found
    return None


_MARGIN: Final = Lazy(r"\n([ \t]+)Traceback \(most recent")


def level_margins(text: str) -> str:
    """The text without what some loggers put before each line of a stack trace: Dropwizard's `! `, a margin."""
    if "\n! " in text:
        return text.replace("\n! at ", "\n\tat ").replace("\n! ...", "\n\t...").replace("\n! ", "\n")
    margin = _MARGIN.search(text)
    if margin is None:
        return text
    lines = text[margin.end(1) :].split("\n" + margin[1])
    return text[: margin.start(1)] + "\n".join(lines)


def split_error(text: str) -> Error:
    """Type and message of "Type: message", or the whole text as the message."""
    first, _, rest = text.strip().partition("\n")
    match = _TYPED.match(first)
    if match is None:
        return Error(None, text.strip() or None)
    message = "\n".join(part for part in (match[2], rest) if part) or None
    return Error(match[1], message)


def _python(text: str) -> Stack | None:
    if "Traceback (most recent call last)" not in text:
        return None
    blocks = list(_PYTHON.finditer(text))
    if not blocks:
        start = text.index("Traceback (most recent call last)")
        return Stack(start, Error(None, None, text[start:].rstrip()))
    # members of a group stand behind a wider margin than what the program ended with
    least = min(map(_margin_cells, blocks))
    block = next(one for one in reversed(blocks) if _margin_cells(one) == least)
    lead = blocks[0][1].removesuffix("Exception Group ")
    # A group's marks (`  + `) belong to the stack; a log header before it does not.
    start = blocks[0].start() + (len(lead) if lead.strip(" +|") else 0)
    margin = block[1].removesuffix("Exception Group ")
    kind, message = _python_end(text[block.end() :], "" if margin.strip(" +|") else margin.replace("+", "|"))
    return Stack(start, Error(kind, message, text[start:].rstrip()))


def _margin_cells(block: re.Match[str]) -> int:
    margin = block[1].removesuffix("Exception Group ")
    return 0 if margin.strip(" +|") else len(margin)


def _python_end(text: str, margin: str) -> tuple[str | None, str | None]:
    """The line that ends the frames: the first one that is not indented further than the header was."""
    bare = margin.rstrip()
    lines = text.split("\n")
    for at, line in enumerate(lines):
        body = line.removeprefix(bare)
        if bare.endswith("|"):
            body = body.removeprefix(" ")
        if not body.strip() or body[0] in " \t":
            continue
        match = _ANY_TYPED.match(body.strip())
        if match is None:
            return None, body.strip()
        return match[1], _message_lines(match[2], lines[at + 1 :])
    return None, None


def _message_lines(first: str | None, rest: list[str]) -> str | None:
    lines = [first or ""]
    for line in rest[:50]:
        if line.startswith(("During handling of", "The above exception", "Traceback ", "  + ", "  |", "  +-", "    ")):
            break
        lines.append(line)
    return "\n".join(lines).strip() or None


def _rust(text: str) -> Stack | None:
    match = _RUST.search(text) if " panicked at " in text else None
    if match is None:
        report = _REPORT.search(text) if "\nCaused by:\n" in text else None
        return Stack(report.start(), Error("Error", report[1], text[report.start() :].rstrip())) if report else None
    return Stack(match.start(), Error("panic", match[1] or match[2] or None, text[match.start() :].rstrip()))


def _go(text: str) -> Stack | None:
    frames = _GO_FRAME.search(text) if "goroutine " in text else None
    if frames is None:
        trail = _GO_TRAIL.search(text) if ".go:" in text else None
        return None if trail is None else Stack(trail.start(), Error(None, None, text[trail.start() :].rstrip()))
    match = _GO.search(text, 0, frames.start())
    if match is None:
        return Stack(frames.start(), Error(None, None, text[frames.start() :].rstrip()))
    message = match[2].split(" [recovered]")[0].strip() or None
    kind = "fatal error" if match[1] == "fatal error" else "panic"
    start = match.start(1)
    return Stack(start, Error(kind, message, text[start:].rstrip()))


def _frames_at(text: str) -> Stack | None:
    """JVM, .NET and Node: the line before the first frame, or one above it, names the error."""
    frame = _AT_FRAME.search(text)
    if frame is None:
        return None
    if (holder := _HOLDS_ERRORS.search(text, 0, frame.start())) is not None:
        return Stack(holder.start(), Error(holder[1], holder[2] or None, text[holder.start() :].rstrip()))
    lines = text[: frame.start()].rstrip("\n").split("\n")
    offset = frame.start()
    inside = False
    for line in reversed(lines[-60:]):
        offset = text.rfind(line, 0, offset) if line else offset
        if line.strip().startswith(("---> ", "Caused by:", "--- ", "Wrapped by:")):
            inside = True
            continue
        outer, arrow, _ = line.partition(" ---> ")
        match = ((inside or arrow) and _CAMEL_AT_END.search(outer)) or _TYPE_AT_END.search(outer)
        if match:
            return _typed_stack(text, offset, match)
        inside = False
    named = _CAMEL_AT_END.search(lines[-1])
    if named is not None:
        return _typed_stack(text, text.rfind(lines[-1], 0, frame.start()), named)
    start = frame.start()
    return Stack(start, Error(None, None, text[start:].strip("\n")))


def _typed_stack(text: str, offset: int, match: re.Match[str]) -> Stack:
    line = match.string
    begins = match.start(1)
    for lead in ("Exception in thread ", "Unhandled exception. ", "Unhandled Exception: ", "Uncaught "):
        at = line.find(lead)
        if 0 <= at < begins:
            begins = at
            break
    start = offset + begins
    if thrown := _NODE_THROWN.search(text, max(0, start - 4000), start):
        start = thrown.start(1)
    end = text.find("\n", offset)
    after = text[end : end + 4000] if end >= 0 else ""
    message = match[2] or ""
    extra = []
    for rest in after.split("\n")[1:]:
        if not rest.strip() or rest[0] in " \t" or rest.startswith(("Caused by", "Suppressed", "---")):
            break
        extra.append(rest)
    full = "\n".join(part for part in (message, *extra) if part)
    stack = text[start:].rstrip()
    if (wrapped := stack.rfind("\nWrapped by: ")) >= 0:
        from tui.parsing.faults.parts import typed

        # the root was printed first: what was caught in the end is the last one
        outer = typed(stack[wrapped + len("\nWrapped by: ") :].partition("\n")[0])
        return Stack(start, Error(outer.type or match[1], outer.message, stack))
    return Stack(start, Error(match[1], full.strip() or None, stack))


def _ruby(text: str) -> Stack | None:
    if ".rb:" not in text:
        return None
    match = _RUBY.search(text)
    if match is not None:
        return Stack(match.start(), Error(match[2], match[1] or None, text[match.start() :].rstrip()))
    frame = _RUBY_FRAME.search(text)
    rails = re.search(r"^([A-Z]\w*(?:::\w+)*) \((.*)\):\s*$", text[: frame.start()], re.MULTILINE) if frame else None
    if rails is None:
        return None
    return Stack(rails.start(), Error(rails[1], rails[2] or None, text[rails.start() :].rstrip()))


def _php(text: str) -> Stack | None:
    match = _PHP.search(text) if "Fatal error:" in text else None
    trace = None if match is not None else _PHP_TRACE.search(text) if "\n#0 " in text else None
    if trace is not None:
        match = _PHP_THROWN.search(text, 0, trace.start())
    if match is None:
        return None
    from tui.parsing.faults.scripts import read_php

    stack = text[match.start() :].rstrip()
    fault = read_php(stack)
    return Stack(match.start(), Error(fault.type, (fault.message or "").strip() or None, stack))
