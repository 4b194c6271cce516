"""The chain of errors that a record's error tells: types, messages, frames, causes.

The stack is read when somebody looks at it, never while lines are parsed, and kept for the next look.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from tui.lazy import Lazy
from tui.parsing.faults.at_frames import read_at_frames
from tui.parsing.faults.dotnet import read_dotnet
from tui.parsing.faults.go import read_go
from tui.parsing.faults.parts import Part
from tui.parsing.faults.python import read_python
from tui.parsing.faults.rust import read_rust
from tui.parsing.faults.scripts import read_php, read_ruby
from tui.record import Error, Fault
from tui.values import replace

MAX_CHARS: Final = 1 << 17
"""Of a stack that is longer only so much is read into frames."""

_LANGUAGES: Final[tuple[tuple[Lazy[str], Callable[[str], Part]], ...]] = tuple(
    (Lazy(sign, 8), reader)
    for sign, reader in (
        (r"Traceback \(most recent call last\)|^[ >|]*File \"[^\"\n]+\", line \d+", read_python),
        (r" panicked at |^\s*(?:stack )?backtrace:|^Caused by:\n\s+(?:0: |(?!at ))\S", read_rust),
        (r"^goroutine \d+ .*\[|\.go:\d+(?: \+0x|$)|^(?:panic|fatal error): ", read_go),
        (r"^Stack trace:$|^\[stacktrace\]$|^#\d+ (?:\{main\}|\S+\(\d+\)|\[internal)|^/\S+\.php:\d+$", read_php),
        (r"^\s*at .+\) in .+:(?:line )?\d+|---> |--- End of |^\s*at [\w.`<>|,\[\]]+(?: \(|\((?![\w$+-]+\.\w+(?::\d+)?\)|Native|Unknown))"
         r"(?:[A-Z][\w.]*[\[\]&`\d]* \w+|System\.|\)$)", read_dotnet),
        (r"^\s*at ", read_at_frames),
        (r"\.rb:\d+:in [`']|\.rb:\d+$", read_ruby),
    )
)  # fmt: skip


def read_fault(error: Error) -> Fault:
    """The chain of an error; what its fields say goes before what its stack says."""
    return _read(error.type, error.message, error.stack or "")


@lru_cache(maxsize=1024)
def _read(kind: str | None, message: str | None, stack: str) -> Fault:
    fault = read_stack(stack) if stack else Fault()
    return replace(fault, type=kind or fault.type, message=message or fault.message)


def read_stack(stack: str) -> Fault:
    """The chain that a stack trace tells; never raises."""
    text = stack[:MAX_CHARS].replace("\r\n", "\n").strip("\n")
    for sign, reader in _LANGUAGES:
        if sign.search(text):
            return reader(text).frozen()
    return Fault()
