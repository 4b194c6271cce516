"""Opening a request: finding all its lines in six files, and telling and drawing its story."""

from __future__ import annotations

import time
from functools import partial
from typing import Final

from tests.benchmarks.logs import PLANTED, REQUEST_ID, SCATTERED_ID, SERVICES, TRACE_ID, Lines, form_of
from tests.benchmarks.peers import commands
from tests.benchmarks.run import Run, WrongAnswer, whole_process_s
from tests.benchmarks.screen import COLS, ROWS
from tests.benchmarks.table import Row, Target, held_against, side_by_side, sized
from tui.cli.reading import open_reading
from tui.parsing.parser import Parser
from tui.record import LineGroup, Record
from tui.session.pivot import Gathering
from tui.settings import load
from tui.story.links import Request
from tui.story.page import PageLook, page
from tui.story.timeline import build
from tui.viewer import collect_garbage

AS_RIPGREP: Final = Target(1.2)
DRAWN: Final = Target(0.150, "s")
OURS: Final = "tracetail"
WHOLE: Final = "all spellings"
STORY_RECORDS: Final = 1000
LINES: Final = PLANTED * len(SERVICES)


def rows(run: Run) -> list[Row]:
    """ripgrep is a whole process that looks for one id in one spelling; ours is the sweep in a running viewer, which
    follows the ids it finds on the way: one more in the first request, one for each line in the scattered one. It is
    timed until the last record is found, and until all spellings of all ids were looked for everywhere."""
    table = []
    paths = run.data.six()
    for what, wanted in (("one trace", REQUEST_ID), ("many traces", SCATTERED_ID)):
        measured = {
            OURS: partial(_sweep_s, wanted, paths, whole=False),
            WHOLE: partial(_sweep_s, wanted, paths, whole=True),
        }
        for label, argv in commands({"ripgrep": ["rg", "-F", "--no-filename", wanted, *paths]}).items():
            measured[label] = partial(whole_process_s, argv, lines=LINES)
        figures = side_by_side(run.runs, "s", measured)
        name = f"pivot, {what}, 6 files, {sized(run.data.size_bytes)}"
        ours, whole = figures.pop(OURS), figures.pop(WHOLE)
        table += held_against(f"{name}, last record", ours, figures, AS_RIPGREP)
        table += held_against(f"{name}, {WHOLE}", whole, figures, None)
    records = _records()
    figures = side_by_side(run.runs, "s", {OURS: partial(_story_s, records)})
    return [*table, *held_against("story of 1,000 records drawn", figures[OURS], {}, DRAWN)]


def _sweep_s(wanted: str, paths: list[str], *, whole: bool) -> float:
    reading = open_reading(paths, load({}))
    for track in reading.tracks:
        track.page_at(track.blocks.end - 1)  # as the viewer has, to show the end
    started = time.monotonic()
    gathering = Gathering(Request(wanted))
    candidates, found_s = 0, 0.0
    for _ in gathering.sweep(reading.tracks):
        if len(gathering.candidates) > candidates:
            candidates, found_s = len(gathering.candidates), time.monotonic() - started
    found = len(gathering.records())
    spent = time.monotonic() - started if whole else found_s
    for track in reading.tracks:
        track.forget()
    if found != LINES:
        raise WrongAnswer(f"{found} records of {wanted}, not {LINES}")
    return spent


def _records() -> list[Record]:
    """Records of one request in all services, each line with a span of its own."""
    source, parsers, records = Lines(11), {name: Parser(name) for name in SERVICES}, []
    for number in range(STORY_RECORDS):
        service = SERVICES[number % len(SERVICES)]
        text = source.line(form_of(service), service=service, request=REQUEST_ID, trace=TRACE_ID)
        lines = tuple(text.encode().rstrip(b"\n").split(b"\n"))
        records.append(parsers[service].record(LineGroup(service, number, lines)))
    return records


def _story_s(records: list[Record]) -> float:
    """Until a screenful of it is drawn, with memory looked after as in the viewer."""
    collect_garbage()
    started = time.monotonic()
    story = build(records)
    lines = page(story, PageLook(COLS))
    for line in lines[:ROWS]:
        assert line.drawn
    spent = time.monotonic() - started
    if len(story.records) != STORY_RECORDS or len(lines) < STORY_RECORDS:
        raise WrongAnswer(f"{len(story.records)} records on {len(lines)} lines")
    return spent
