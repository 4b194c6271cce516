"""Following a file that grows: what it costs, what is painted, and how old the oldest line is that is not yet seen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tests.benchmarks.logs import Lines
from tests.benchmarks.peers import commands
from tests.benchmarks.run import Run, WrongAnswer
from tests.benchmarks.screen import COLS, ROWS, Watched
from tests.benchmarks.table import Figure, Row, Target, held_against
from tests.benchmarks.writer import JUMPING, numbers_in
from tests.emulator import CONTROL, Emulator
from tests.terminal import tracetail

CPU_TARGETS: Final = {1_000: Target(3, "%"), 10_000: Target(5, "%"), 50_000: Target(10, "%")}
RATES: Final = (1_000, 10_000, 50_000)
JUMPING_RATE: Final = 1_000
PAINTED: Final = Target(30_000, "B/s")
LAG: Final = Target(0.150, "s")
MEMORY: Final = Target(80, "MiB")
OURS: Final = "tracetail"
BEFORE_LINES: Final = 1000
WARM_S: Final = 2.5
SETTLED_S: Final = 0.5
"""The lag of the first moments is not counted."""
LOOK_S: Final = 0.05
BURST_S: Final = 0.004
REPLAY_S: Final = 4.0
"""A replay that takes longer than this ends early; the lag is then that of the part that was replayed."""
SCROLLS: Final = 1_000_000
"""Bytes a second from which on a program is taken to write whole lines, which need no emulator to be read."""

Moments = list[tuple[float, int]]
"""Times and the highest number written, or seen, by then."""


@dataclass(frozen=True, slots=True)
class Followed:
    cpu_percent: float
    painted_bytes_a_second: float
    lag_p95_s: float | None
    memory_mib: float


def rows(run: Run) -> list[Row]:
    table = []
    for rate in RATES:
        path = os.path.join(run.data.folder, f"live-{rate}.ndjson")
        programs = {
            OURS: tracetail(path),
            **commands({"lnav": ["lnav", path], "toolong": ["tl", path], "tail -F": ["tail", "-n", "50", "-F", path]}),
        }
        told = {}
        for label, argv in programs.items():
            _begin(path)
            told[label] = follow(argv, [path], rate, run.seconds)
        table += _rows(f"follow {rate // 1000}k lines/s", rate, told.pop(OURS), told)
    # a viewer that orders by time may lose sight of the end of such a file, or walk far for every line
    path = os.path.join(run.data.folder, "jumping.ndjson")
    _begin(path)
    ours = follow(tracetail(path), [path], JUMPING_RATE, run.seconds / 2, JUMPING)
    return [*table, *_rows(f"follow {JUMPING_RATE // 1000}k lines/s, times jump", JUMPING_RATE, ours, {})]


def _rows(name: str, rate: int, ours: Followed, told: dict[str, Followed]) -> list[Row]:
    cpu = {label: Figure(one.cpu_percent, "%") for label, one in told.items()}
    painted = {label: Figure(one.painted_bytes_a_second, "B/s") for label, one in told.items()}
    lags = {label: _lag(one) for label, one in told.items()}
    return [
        *held_against(f"{name}: CPU", Figure(ours.cpu_percent, "%"), cpu, CPU_TARGETS[rate]),
        *held_against(f"{name}: painted", Figure(ours.painted_bytes_a_second, "B/s"), painted, PAINTED),
        *held_against(f"{name}: lag p95", _lag(ours), lags, LAG),
        *held_against(f"{name}: memory", Figure(ours.memory_mib, "MiB"), {}, MEMORY),
    ]


def _lag(one: Followed) -> Figure | None:
    return None if one.lag_p95_s is None else Figure(one.lag_p95_s, "s")


def _begin(path: str) -> None:
    source = Lines(5)
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(source.line() for _ in range(BEFORE_LINES))


def follow(
    argv: Sequence[str], paths: Sequence[str], rate: int, seconds: float, times: str = "", warm_s: float = WARM_S
) -> Followed:
    """What it costs a program to follow files, to which lines are appended in turn, and how it keeps up."""
    command = [sys.executable, "-m", "tests.benchmarks.writer", os.pathsep.join(paths), str(rate), str(seconds), times]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer,
        Watched(argv) as program,
    ):
        time.sleep(warm_s)
        cpu_s, painted, started = program.cpu_s(), program.painted_bytes, time.monotonic()
        written: Moments = [(at, number) for at, number in json.loads(writer.communicate(b"go\n")[0])]
        took = time.monotonic() - started
        cpu_s, painted = program.cpu_s() - cpu_s, program.painted_bytes - painted
        if program.ended or not written:
            raise WrongAnswer(f"{argv[0]} ended while it should follow")
        memory_mib = program.memory_mib()
        pieces = list(program.pieces)
    seen, until = _seen(pieces, painted / took)
    return Followed(
        100 * cpu_s / took, painted / took, lag_p95_s(written, seen, started + SETTLED_S, until), memory_mib
    )


def lag_p95_s(written: Moments, seen: Moments, start: float, until: float) -> float | None:
    """Age of the oldest line not on the screen, looked at every 50 ms while lines were written; None if none was seen."""
    if not seen:
        return None
    seen_at, numbers = [at for at, _ in seen], [number for _, number in written]
    lags, now = [], start
    while now < min(until, written[-1][0]):
        at = bisect_right(seen_at, now) - 1
        waiting = bisect_right(numbers, seen[at][1] if at >= 0 else 0)
        lags.append(max(0.0, now - written[waiting][0]) if waiting < len(written) else 0.0)
        now += LOOK_S
    return sorted(lags)[int(len(lags) * 0.95)] if lags else None


def _seen(pieces: list[tuple[float, bytes]], bytes_a_second: float) -> tuple[Moments, float]:
    """When which number was the highest to be seen, and until when this is known."""
    seen: Moments = []
    highest, rest, deadline = 0, b"", time.monotonic() + REPLAY_S
    emulator = None if bytes_a_second > SCROLLS else Emulator(COLS, ROWS)
    for at, (when, data) in enumerate(pieces):
        if emulator is None:
            text = CONTROL.sub(b"", rest + data).decode("ascii", "replace")
            rest = data[-16:]
        else:
            emulator.feed(data)
            if at + 1 < len(pieces) and pieces[at + 1][0] - when < BURST_S:
                continue  # the rest of a frame: look when it is whole
            text = "\n".join(emulator.lines())
        if (number := max(numbers_in(text), default=0)) > highest:
            highest = number
            seen.append((when, number))
        if time.monotonic() > deadline:
            return seen, when
    return seen, float("inf")
