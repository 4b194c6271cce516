"""Which lines go on with the record before them: bodies of stack traces and what else is printed in several lines.

Most lines tell by themselves. The head of a stack trace does not: below a log line it belongs to that line, below mere
text it is news of its own, and a Python traceback may go on with a second one. Those look at the lines before.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui.lazy import Lazy
from tui.typed import Final

CONTINUATION: Final = Lazy(
    rb"[ \t\r\f\v]|$|[\]})]+[,;]?\s*$|[Cc]aused by:|Suppressed:|Wrapped by:|\.\.\. \d+ |at \S+[(.]|During handling of the above|"
    rb"The above exception was|goroutine \d+ \[|created by |exit status \d|\[signal |Node\.js v\d|--- End of |---> |#\d+\s|"
    rb"[Ss]tack backtrace:|note: (?:run with|Some details)|thrown in |Stack trace:|\[stacktrace\]|Next [\w\\]+(?:: | in /)|panic\(|"
    rb"Trace\[\d+\]: |\[ERROR\] FATAL UNHANDLED EXCEPTION: |from \S+:\d+|\[cause\]|[~^]+\s*$|(?:DETAIL|HINT|STATEMENT|CONTEXT):|"
    rb"# (?:User@Host|Query_time|Schema|Thread_id|Bytes_sent|Rows_|Full_scan|Filesort|administrator)|SET timestamp=|"
    rb"(?:End-Date|Commandline|Requested-By|Install|Upgrade|Remove|Purge|Reinstall|Downgrade): |"
    rb"(?:[\w.-]+/)*[\w-]+\.(?:\(\*?[\w.\[\]]+\)\.)?[\w.\[\]]+\((?:0x|\.\.\.|\)|\{|\d)[^ ]*"
)
"""Lines that go on with the record before them wherever they stand."""

_NODE_PLACE: Final = Lazy(rb"(?:file:/|/|[A-Za-z]:\\|node:)\S*:\d+$")
STACK_START: Final = Lazy(
    rb"Traceback \(most recent|panic: |fatal error: |Exception in thread |Unhandled [Ee]xception|Uncaught |thread '|"
    rb"(?:PHP )?Fatal error: |" + _NODE_PLACE.pattern + rb"|\S+\.rb:\d+:in |[A-Z]\w*(?:::\w+)* \(.*\):\s*$|"
    rb"(?:[A-Za-z_$][\w$]*\.)*[A-Z]?[\w$]*(?:Error|Exception|Throwable|Interrupt|Warning|Exit|Failure|Fault|Timeout|Iteration)"
    rb"(?: \[[\w.-]+\])?(?::\s|:?$)|"
    rb"(?:java|javax|jakarta|kotlin|scala|groovy|akka|sun|org|com|io|net|System|Microsoft)\.[\w.$]+(?:: |$)|"
    rb"(?:[a-z_]\w*\.)+[A-Z]\w*(?:: |$)|\[[\w.$]*Error(?:: .*)?\] \{$|\[object\] \("
)
"""How stack traces begin, and the errors that end Python's."""

_RUBY_FRAME: Final = Lazy(rb"\s*(?:from )?(?:\S+ \(\d[\w.]*\) )?\S+\.rb:\d+:in [`']")
_GO_PLACE: Final = Lazy(rb"\t\S+\.(?:go|s):\d+")
_GO_FUNCTION: Final = Lazy(rb"[\w./*()\[\]{}\xc2\xb7-]+\.[\w.*()\[\]{}\xc2\xb7-]+$")
_NAMED: Final = Lazy(rb"\[?[A-Za-z_$][\w$.]*(?: \[[\w.-]+\])?(?:: |\]|$)")
_ANNOUNCED: Final = Lazy(rb"Unhandled [Ee]xception:\s*$|thread '[^']*'(?: \(\d+\))? panicked at \S+:\d+:\d+:$")
"""Below these stands what happened, whatever it looks like."""
_CHAINED: Final = (b"During handling of the above", b"The above exception was")
_TRACEBACK: Final = b"Traceback (most recent"


_OPEN_UNTIL: Final = {b"<![LOG": b"]LOG]", b"<Event": b"</Event>"}
"""What a record that begins so ends with, whatever its lines look like."""


def goes_on(line: bytes, before: Sequence[bytes], *, owned: bool) -> bool:
    """Whether a line that could stand for itself goes on with a record of which these are the lines so far.

    `owned` says that stack traces below that record's first line belong to it.
    """
    if owned and STACK_START.match(line):
        return True
    end = _OPEN_UNTIL.get(before[0].lstrip()[:6])
    if end is not None and not any(end in one for one in before):
        return True
    for at in range(len(before) - 1, -1, -1):
        last = before[at]
        if not last.strip():
            continue
        if line.startswith(_TRACEBACK):
            return last.startswith(_CHAINED)
        if last.startswith(_TRACEBACK) or _NODE_PLACE.match(last) or _ANNOUNCED.match(last):
            return True
        if _GO_PLACE.match(last):
            return _GO_FUNCTION.match(line) is not None
        if _RUBY_FRAME.match(line):
            return _RUBY_FRAME.match(last) is not None or last.rstrip().endswith(b"):")
        if last[:1] not in b" \t":
            return False
        if last.lstrip().startswith(b"at "):
            return False
        if last.strip() == b"^":
            # Node shows where it threw, that line, and a caret, before the error itself.
            return _NAMED.match(line) is not None
    return False
