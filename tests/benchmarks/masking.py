"""Redacting everything with the plain command: ordinary lines, and lines most of which hold a secret."""

from __future__ import annotations

from typing import Final

from tests.benchmarks.run import Run, whole_process_s
from tests.benchmarks.table import Row, Target, held_against, side_by_side
from tests.terminal import tracetail

CASES: Final = (
    ("redact JSON lines", 200_000, 0.0, Target(500_000, "lines/s", least=True)),
    ("redact lines with secrets", 50_000, 0.9, Target(50_000, "lines/s", least=True)),
)
OURS: Final = "tracetail"


def rows(run: Run) -> list[Row]:
    """Lines a second by the clock, the program's start included."""
    table = []
    for what, count, secrets, target in CASES:
        path = run.data.many("json", count, secrets)

        def rate(path: str = path, count: int = count) -> float:
            return count / whole_process_s(tracetail("redact"), stdin=path, lines=count)

        figures = side_by_side(run.runs, "lines/s", {OURS: rate})
        table += held_against(what, figures[OURS], {}, target)
    return table
