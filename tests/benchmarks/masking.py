"""Redacting everything with the plain command: ordinary lines, and lines most of which hold a secret.

Beside it two scanners, which find fewer secrets and rewrite nothing: gitleaks with its own rules, compiled, and
detect-secrets, which goes through a file line by line.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from tests.benchmarks.peers import commands
from tests.benchmarks.run import Run, whole_process_s
from tests.benchmarks.table import Row, Target, held_against, side_by_side
from tests.terminal import tracetail

CASES: Final = (
    ("redact JSON lines", 200_000, 0.0, Target(500_000, "lines/s", least=True)),
    ("redact lines with secrets", 50_000, 0.9, Target(50_000, "lines/s", least=True)),
)
OURS: Final = "tracetail"
PEER_LINES: Final = 1_000
"""Enough for programs that get through some hundred lines in a second."""


def rows(run: Run) -> list[Row]:
    """Lines a second by the clock, the program's start included."""
    table = []
    for what, count, secrets, target in CASES:
        path = run.data.many("json", count, secrets)

        def rate(path: str = path, count: int = count) -> float:
            return count / whole_process_s(tracetail("redact"), stdin=path, lines=count)

        figures = side_by_side(run.runs, "lines/s", {OURS: rate, **_peers(run.data.many("json", PEER_LINES, secrets))})
        table += held_against(what, figures.pop(OURS), figures, target)
    return table


def _peers(path: str) -> dict[str, Callable[[], float]]:
    """Lines a second of the scanners that are installed."""
    gitleaks = ["gitleaks", "stdin", "--no-banner", "--exit-code", "0", "--log-level", "error"]
    wanted = {"gitleaks": gitleaks, "detect-secrets": ["detect-secrets", "scan", "--all-files", path]}
    return {label: partial(_scanned, argv, path) for label, argv in commands(wanted).items()}


def _scanned(argv: list[str], path: str) -> float:
    return PEER_LINES / whole_process_s(argv, stdin=path)
