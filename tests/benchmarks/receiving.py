"""Spans that an exporter of OpenTelemetry posts to the viewer: how many a core takes in, and in how much memory."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from typing import Any, Final

from tests.benchmarks.run import Run, WrongAnswer
from tests.benchmarks.screen import Watched
from tests.benchmarks.table import Figure, Row, Target
from tests.terminal import tracetail

SPANS: Final = 100_000
RATE: Final = Target(20_000, "spans/s", least=True)
MEMORY: Final = Target(192, "MiB")
"""The budget's default."""
SETTLED_S: Final = 1.5
"""Without use of the processor; then all has been taken in."""


def rows(run: Run) -> list[Row]:
    rate, memory, waits = _flooded("--budget", "off")
    table = [
        Row(f"OTLP, {SPANS:,} spans flooding in: a core takes", Figure(rate, "spans/s"), target=RATE),
        Row("the same: memory", Figure(memory, "MiB"), target=MEMORY),
        Row("the same: the sender was asked to wait", Figure(waits, "times")),
    ]
    _, memory, waits = _flooded()
    return [
        *table,
        Row("within the budget: memory", Figure(memory, "MiB"), target=MEMORY),
        Row("the same: the sender was asked to wait", Figure(waits, "times")),
    ]


def _flooded(*options: str) -> tuple[float, float, float]:
    """Spans for each second of processor time, the most memory, and how often the sender had to wait."""
    port = _free_port()
    with Watched(tracetail(f"otlp:{port}", *options)) as viewer:
        if viewer.shown_s("listening on") is None:
            raise WrongAnswer("the viewer does not listen")
        sender = [sys.executable, "-m", "tests.benchmarks.sender", str(port), str(SPANS)]
        with subprocess.Popen(sender, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as sending:
            assert sending.stdin is not None and sending.stdout is not None
            sending.stdout.readline()
            before_s = viewer.cpu_s()
            sending.stdin.write("go\n")
            sending.stdin.flush()
            told: dict[str, Any] = json.loads(sending.stdout.read() or "{}")
        if not told:
            raise WrongAnswer("the sender was refused")
        spent_s = _when_settled(viewer) - before_s
        return told["spans"] / spent_s, viewer.memory_mib(), told["waits"]


def _when_settled(viewer: Watched) -> float:
    """What the viewer has spent when it rests again, in seconds of processor time."""
    spent_s = viewer.cpu_s()
    while True:
        time.sleep(SETTLED_S)
        if (now_s := viewer.cpu_s()) - spent_s < SETTLED_S / 20:
            return now_s
        spent_s = now_s


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
