"""From lines to records in this process: redaction, grouping and parsing, as a page of the viewer is made; and a query
that no bytes narrow, so that every line is parsed."""

from __future__ import annotations

import time
from functools import partial
from typing import Final

from tests.benchmarks.peers import commands
from tests.benchmarks.run import Run, WrongAnswer, whole_process_s
from tests.benchmarks.table import Row, Target, held_against, side_by_side
from tui.cli.reading import condition_of, open_reading
from tui.framing import LineSplitter, group
from tui.parsing.parser import Parser
from tui.query.results import Walk
from tui.record import LineGroup
from tui.redaction.redactor import Redactor
from tui.settings import load

LINES: Final = 20_000
SAMPLE_LINES: Final = 400
OURS: Final = "tracetail"
KEY: Final = bytes(32)
ABOVE: Final = "duration_ms>390 or zone:x"
"""The second part is what keeps the first from being searched for."""
JQ_ABOVE: Final = "select(.duration_ms>390)"
FULL_PARSE: Final = Target(250_000, "lines/s", least=True)


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
    return table + _of_a_field(run, json_path)


def _of_a_field(run: Run, path: str) -> list[Row]:
    measured = {OURS: partial(_asked_a_second, path)}
    for label, argv in commands({"jq": ["jq", "-c", JQ_ABOVE, path]}).items():
        measured[label] = partial(_jq_a_second, argv, None)
    figures = side_by_side(run.runs, "lines/s", measured)
    return held_against("a field of every line, JSON", figures.pop(OURS), figures, FULL_PARSE)


def _asked_a_second(path: str) -> float:
    reading = open_reading([path], load({}))
    condition = condition_of(ABOVE, None, None, reading)
    assert condition.sieve is None
    started = time.monotonic()
    if not Walk(reading.tracks, condition, back=True).take(1 << 40).rows:
        raise WrongAnswer(f"{path}: nothing is {ABOVE}")
    return LINES / (time.monotonic() - started)


def _jq_a_second(argv: list[str], lines: int | None = LINES) -> float:
    return LINES / whole_process_s(argv, lines=lines)


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
