"""Following a file that nobody writes to: what it costs while nothing happens."""

from __future__ import annotations

import contextlib
import time
from typing import Final

from tests.benchmarks.opening import SMALL_BYTES
from tests.benchmarks.peers import commands
from tests.benchmarks.run import Run, WrongAnswer
from tests.benchmarks.screen import Watched
from tests.benchmarks.table import Figure, Row, Target, held_against
from tests.terminal import tracetail

CPU: Final = Target(0.2, "%")
PAINTED: Final = Target(0, "B/s")
OURS: Final = "tracetail"
SETTLE_S: Final = 4.0


def rows(run: Run) -> list[Row]:
    """All programs idle side by side: that is what idle means."""
    path = run.data.one(SMALL_BYTES)
    programs = {
        OURS: tracetail(path),
        **commands(
            {
                "lnav": ["lnav", path],
                "toolong": ["tl", path],
                "less +F": ["less", "-S", "-n", "+F", path],
                "tail -F": ["tail", "-n", "50", "-F", path],
            }
        ),
    }
    with contextlib.ExitStack() as stack:
        watched = {label: stack.enter_context(Watched(argv)) for label, argv in programs.items()}
        time.sleep(SETTLE_S)
        before = {label: (one.cpu_s(), one.painted_bytes, time.monotonic()) for label, one in watched.items()}
        time.sleep(run.seconds)
        cpu: dict[str, Figure | None] = {}
        painted: dict[str, Figure | None] = {}
        for label, one in watched.items():
            if one.ended:
                raise WrongAnswer(f"{label} ended while it should idle")
            cpu_s, painted_bytes, since = before[label]
            took = time.monotonic() - since
            cpu[label] = Figure(100 * (one.cpu_s() - cpu_s) / took, "%")
            painted[label] = Figure((one.painted_bytes - painted_bytes) / took, "B/s")
    return [
        *held_against("idle: CPU", cpu.pop(OURS), cpu, CPU),
        *held_against("idle: painted", painted.pop(OURS), painted, PAINTED),
    ]
