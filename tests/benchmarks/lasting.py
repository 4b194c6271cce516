"""Following for minutes: memory must not grow with what has passed, of a file nor of a pipe."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from typing import Final

from tests.benchmarks.run import Run, WrongAnswer
from tests.benchmarks.screen import Watched
from tests.benchmarks.table import Figure, Row, Target
from tests.terminal import tracetail

RATE: Final = 10_000
LONGER: Final = 12
"""So many times as long as other things are followed: two minutes by default."""
WARM_SHARE: Final = 0.25
MEMORY: Final = Target(80, "MiB")
GROWTH: Final = Target(4, "MiB")
RING_MIB: Final = 16


def rows(run: Run) -> list[Row]:
    seconds = run.seconds * LONGER
    path = os.path.join(run.data.folder, "long.ndjson")
    writer = [sys.executable, "-m", "tests.benchmarks.writer", path, str(RATE), str(seconds)]
    table = _watched("file", tracetail(path), writer, path, seconds, MEMORY)
    os.truncate(path, 0)
    os.environ["TRACETAIL_RING_MIB"] = str(RING_MIB)
    # what grows is read through a pipe: a stream with a ring, which is full long before the end
    piped = ["sh", "-c", f"tail -f {shlex.quote(path)} | {shlex.join(tracetail())}"]
    try:
        table += _watched("pipe", piped, writer, path, seconds, Target(MEMORY.bound + RING_MIB, "MiB"))
    finally:
        del os.environ["TRACETAIL_RING_MIB"]
    return table


def _watched(kind: str, argv: list[str], writer: list[str], path: str, seconds: float, most: Target) -> list[Row]:
    open(path, "w").close()
    with (
        subprocess.Popen(writer, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as writing,
        Watched(argv) as program,
    ):
        time.sleep(2)
        assert writing.stdin is not None
        writing.stdin.write(b"go\n")
        writing.stdin.flush()
        time.sleep(seconds * WARM_SHARE)
        before = program.memory_now_mib()
        time.sleep(seconds * (1 - WARM_SHARE))
        if program.ended:
            raise WrongAnswer(f"{argv[0]} ended while it should follow")
        after = program.memory_now_mib()
    name = f"{kind}, {RATE // 1000}k lines/s for {seconds:.0f} s"
    return [
        Row(f"{name}: memory", Figure(after, "MiB"), target=most),
        Row(f"{name}: growth after the first quarter", Figure(max(0.0, after - before), "MiB"), target=GROWTH),
    ]
