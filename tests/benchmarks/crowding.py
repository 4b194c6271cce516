"""Many files at once: until the newest line of all is seen, what they cost while still, and while some of them grow."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Sequence
from functools import partial
from typing import Final

from tests.benchmarks.following import follow
from tests.benchmarks.logs import END_MARK
from tests.benchmarks.peers import commands
from tests.benchmarks.run import Run, WrongAnswer
from tests.benchmarks.screen import Watched
from tests.benchmarks.table import Figure, Row, Target, held_against, side_by_side
from tests.terminal import tracetail

FILES: Final = 500
LINES_EACH: Final = 300
GROWING: Final = 50
RATE: Final = 1_000
"""Lines a second of all that grow together."""
SETTLE_S: Final = 8.0
SEEN: Final = Target(1.0, "s")
IDLE: Final = Target(0.5, "%")
CPU: Final = Target(10, "%")
LAG: Final = Target(0.250, "s")
MEMORY: Final = Target(120, "MiB")
THREADS: Final = Target(12, "threads")
DESCRIPTORS: Final = Target(FILES + 40, "descriptors")
OURS: Final = "tracetail"


def rows(run: Run) -> list[Row]:
    paths = run.data.crowd(FILES, LINES_EACH)
    programs = {OURS: tracetail(os.path.dirname(paths[0])), **commands({"lnav": ["lnav", *paths]})}
    figures = side_by_side(run.runs, "s", {label: partial(_newest_s, argv) for label, argv in programs.items()})
    table = held_against(f"{FILES} files: newest line seen", figures.pop(OURS), figures, SEEN)
    with Watched(programs[OURS]) as one:
        time.sleep(SETTLE_S)
        spent_s, since = one.cpu_s(), time.monotonic()
        time.sleep(run.seconds)
        idle = 100 * (one.cpu_s() - spent_s) / (time.monotonic() - since)
        if one.ended:
            raise WrongAnswer("tracetail ended while it should idle")
        table += [
            Row(f"{FILES} files: CPU while still", Figure(idle, "%"), target=IDLE),
            Row(f"{FILES} files: threads", Figure(_count(one.pid, "task"), "threads"), target=THREADS),
            Row(f"{FILES} files: descriptors", Figure(_count(one.pid, "fd"), "descriptors"), target=DESCRIPTORS),
        ]
    ours = follow(programs[OURS], paths[:: FILES // GROWING], RATE, run.seconds, warm_s=SETTLE_S)
    name = f"{FILES} files, {GROWING} growing, {RATE // 1000}k lines/s"
    lag = None if ours.lag_p95_s is None else Figure(ours.lag_p95_s, "s")
    return [
        *table,
        Row(f"{name}: CPU", Figure(ours.cpu_percent, "%"), target=CPU),
        Row(f"{name}: lag p95", lag, target=LAG),
        Row(f"{name}: memory", Figure(ours.memory_mib, "MiB"), target=MEMORY),
    ]


def _newest_s(argv: Sequence[str]) -> float | None:
    with Watched(argv) as program:
        return program.shown_s(END_MARK)


def _count(pid: int, kind: str) -> int:
    """How many entries the system lists for a process under this name; 0 where it lists none."""
    with contextlib.suppress(OSError):
        return len(os.listdir(f"/proc/{pid}/{kind}"))
    return 0
