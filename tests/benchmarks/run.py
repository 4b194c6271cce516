"""What every benchmark is handed, and how whole programs without a screen are timed."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tests.benchmarks.logs import Data


@dataclass(frozen=True, slots=True)
class Run:
    """One call of the benchmarks."""

    data: Data
    runs: int
    """How often a short measurement is repeated."""
    seconds: float
    """How long following and idling are watched; these are measured once."""


class WrongAnswer(Exception):
    """A program was fast but did not do what it was asked."""


def whole_process_s(argv: Sequence[str], *, stdin: str | None = None, lines: int | None = None) -> float:
    """Seconds from start to exit; raises WrongAnswer when it prints another number of lines.

    The output goes through a pipe: some programs notice /dev/null and stop early.
    """
    with open(stdin or "/dev/null", "rb") as source:
        started = time.monotonic()
        done = subprocess.run(argv, stdin=source, capture_output=True, check=False)
        spent = time.monotonic() - started
    printed = done.stdout.count(b"\n")
    if done.returncode or (lines is not None and printed != lines):
        said = done.stderr.decode("utf-8", "replace").strip()[-200:]
        raise WrongAnswer(f"{argv[0]}: exit code {done.returncode}, {printed} lines, not {lines} {said}")
    return spent
