"""From lines to records in this process: redaction, grouping and parsing, as a page of the viewer is made."""

from __future__ import annotations

import time
from functools import partial
from typing import Final

from tests.benchmarks.peers import commands
from tests.benchmarks.run import Run, WrongAnswer, whole_process_s
from tests.benchmarks.table import Row, held_against, side_by_side
from tui.framing import LineSplitter, group
from tui.parsing.parser import Parser
from tui.record import LineGroup
from tui.redaction.redactor import Redactor

LINES: Final = 20_000
SAMPLE_LINES: Final = 400
OURS: Final = "tracetail"
KEY: Final = bytes(32)


def rows(run: Run) -> list[Row]:
    """jq reads JSON only, so it is the same JSON that stands beside every form."""
    table = []
    json_path = run.data.many("json", LINES, 0.0)
    for form in ("json", "logfmt", "plain"):
        measured = {OURS: partial(_records_a_second, run.data.many(form, LINES, 0.0))}
        for label, argv in commands({"jq -c . (JSON)": ["jq", "-c", ".", json_path]}).items():
            measured[label] = partial(_jq_a_second, argv)
        figures = side_by_side(run.runs, "lines/s", measured)
        table += held_against(f"lines to records, {form}", figures.pop(OURS), figures, None)
    return table


def _jq_a_second(argv: list[str]) -> float:
    return LINES / whole_process_s(argv, lines=LINES)


def _records_a_second(path: str) -> float:
    with open(path, "rb") as file:
        data = file.read()
    count = data.count(b"\n")
    redactor, parser = Redactor(KEY), Parser("shop")
    parser.learn(data[: 1 << 18].split(b"\n")[:SAMPLE_LINES], reference_ns=0)
    started = time.monotonic()
    lines = LineSplitter().feed(redactor.block(data)[0])
    made = untold = 0
    for one in group(lines, parser.starts, parser.origin):
        record = parser.record(LineGroup("shop", one[0].offset, tuple(line.data for line in one)))
        made += 1
        untold += record.time_ns is None or not record.severity
    spent = time.monotonic() - started
    if made != LINES or untold:
        raise WrongAnswer(f"{path}: {made} records, {untold} without time or level")
    return count / spent
