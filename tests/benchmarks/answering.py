"""How soon a key is answered while the program is busy: from the press to the first byte of what it changes, p99."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final

from tests.benchmarks.following import BEFORE_LINES
from tests.benchmarks.logs import Lines
from tests.benchmarks.run import Run, WrongAnswer
from tests.benchmarks.screen import Watched
from tests.benchmarks.table import Figure, Row, Target, held_against
from tests.terminal import tracetail

PRESSES: Final = 200
EVERY_S: Final = 0.07
"""No multiple of the time between two frames, lest all keys fall on the same place between them."""
ANSWERED: Final = Target(0.050, "s")
RATE: Final = 10_000
SETTLED_S: Final = 2.0
KEY: Final = b"F"
ANSWERS: Final = (b"PAUSED", b"FOLLOW")
"""What the key leads to, in turn."""


def rows(run: Run) -> list[Row]:
    """While nothing happens, while lines come, and while a filter that no sign narrows is counted."""
    large = run.data.one(run.data.size_bytes)
    live = os.path.join(run.data.folder, "answers.ndjson")
    source = Lines(5)
    with open(live, "w", encoding="utf-8") as file:
        file.writelines(source.line() for _ in range(BEFORE_LINES))
    table = []
    for name, argv, path in (
        ("in peace", tracetail(large), None),
        (f"while {RATE // 1000}k lines/s come", tracetail(live), live),
        ("while every line is parsed", tracetail("--budget", "off", "-q", "not level:info", large), None),
    ):
        p99 = Figure(p99_s(argv, path), "s", PRESSES)
        table += held_against(f"key answered {name}, p99", p99, {}, ANSWERED)
    return table


def p99_s(argv: Sequence[str], growing: str | None) -> float:
    """Of all presses, the time that only one in a hundred exceeds."""
    seconds = SETTLED_S + PRESSES * EVERY_S + 2
    with ExitStack() as stack:
        if growing is not None:
            command = [sys.executable, "-m", "tests.benchmarks.writer", growing, str(RATE), str(seconds), ""]
            writer = stack.enter_context(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL))
            stack.callback(writer.kill)
            assert writer.stdin is not None
            writer.stdin.write(b"go\n")
            writer.stdin.flush()
        program = stack.enter_context(Watched(argv))
        time.sleep(SETTLED_S)
        took = sorted(_answered_s(program, ANSWERS[number % 2]) for number in range(PRESSES))
    return took[int(PRESSES * 0.99)]


def _answered_s(program: Watched, answer: bytes) -> float:
    seen = len(program.pieces)
    pressed = time.monotonic()
    program.type(KEY)
    deadline = pressed + 5
    while time.monotonic() < deadline:
        pieces = program.pieces[seen:]
        if answer in b"".join(data for _, data in pieces):
            time.sleep(max(0.0, pressed + EVERY_S - time.monotonic()))
            return pieces[-1][0] - pressed
        time.sleep(0.001)
    raise WrongAnswer(f"{KEY!r} led to no {answer!r} within 5 s")
