"""The whole program in a real terminal, as a user meets it; every screen is checked for faults of ours at the end."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.terminal import Terminal, tracetail, wait_until

FAULT = re.compile(rb'internal error|File "[^"]*[/\\]tui[/\\]|MarkupError|gathering failed|reading failed')
"""A fault of the program itself; log lines of the tests may hold tracebacks of other programs."""

TAKEN = b"\x1b[?2004h"
"""The viewer asks for pastes to be marked; the first screenful, drawn before it is loaded, does not."""
Open = Callable[..., Terminal]


@pytest.fixture
def open_terminal() -> Iterator[Open]:
    """Runs a command line in a terminal that ends with the test and must not have shown a fault of ours."""
    opened: list[Terminal] = []
    with contextlib.ExitStack() as stack:

        def start(argv: list[str], **options: Any) -> Terminal:
            opened.append(stack.enter_context(Terminal(argv, **options)))
            return opened[-1]

        yield start
        for terminal in opened:
            assert not FAULT.search(terminal.output), terminal.report()


@pytest.fixture
def view(open_terminal: Open) -> Open:
    """The viewer on these sources and options, once it has taken the terminal; or what ended without one."""

    def start(*arguments: object, **options: Any) -> Terminal:
        terminal = open_terminal(tracetail(*map(str, arguments)), **options)
        wait_until(lambda: TAKEN in terminal.output or terminal.exit_code is not None, what="the viewer")
        return terminal

    return start


@pytest.fixture
def launch(open_terminal: Open) -> Open:
    """The program on these sources and options, from its first moment."""
    return lambda *arguments, **options: open_terminal(tracetail(*map(str, arguments)), **options)


@pytest.fixture
def pipeline(open_terminal: Open) -> Open:
    """A shell's pipeline in which $TRACETAIL is the program."""

    def start(script: str, **options: Any) -> Terminal:
        words = " ".join(f"'{word}'" for word in tracetail())
        return open_terminal(["sh", "-c", script.replace("$TRACETAIL", words)], **options)

    return start


WRITER = """
import json, logging, logging.handlers, sys
name, service = sys.argv[1:3]
kind = {"reopens": logging.handlers.WatchedFileHandler, "keeps": logging.FileHandler}[sys.argv[3]]
log = logging.getLogger()
log.addHandler(kind(name))
log.setLevel("INFO")
number = 0
for order in sys.stdin:
    count, level, trace, message = json.loads(order)
    for _ in range(count):
        number += 1
        text = {"level": level, "service": service, "msg": f"{message} number={number:05}"}
        log.info(json.dumps(text | ({"trace_id": trace} if trace else {})))
    print(number, flush=True)
"""


class Writer:
    """A process that appends JSON lines to a file when told to, and has written them when `write` returns."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.count = 0

    def write(self, count: int = 1, message: str = "event", *, level: str = "info", trace: str = "") -> int:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps([count, level, trace, message]) + "\n")
        self._process.stdin.flush()
        self.count = int(self._process.stdout.readline())
        return self.count


Writers = Callable[..., Writer]


@pytest.fixture
def writer() -> Iterator[Writers]:
    """Starts writers: a path, a service, and whether it `reopens` a renamed file or `keeps` what it has open."""
    with contextlib.ExitStack() as stack:

        def start(path: Path, service: str = "shop", handling: str = "reopens") -> Writer:
            command = [sys.executable, "-c", WRITER, str(path), service, handling]
            pipe = subprocess.PIPE
            return Writer(stack.enter_context(subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)))

        yield start
