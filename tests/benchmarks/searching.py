"""Finding a rare id and a field above a bound in one large file: the plain command as a whole process, and the scan in
a viewer that is running already."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from tests.benchmarks.logs import PLANTED, REQUEST_ID
from tests.benchmarks.peers import commands, found
from tests.benchmarks.run import Run, WrongAnswer, whole_process_s
from tests.benchmarks.table import Row, Target, held_against, side_by_side, sized
from tests.terminal import tracetail
from tui.cli.reading import Reading, condition_of, open_reading
from tui.query.results import Walk
from tui.settings import load

AS_RIPGREP: Final = Target(1.2)
OURS: Final = "tracetail"
IN_VIEWER: Final = "in the viewer"
AGAIN: Final = "the next letter"
ABOVE: Final = "duration_ms>395"
ABOVE_PATTERN: Final = '"duration_ms":(39[5-9]|[4-9][0-9]{2}|[1-9][0-9]{3,})'
ABOVE_S_PER_BYTE: Final = 2.0 / (1 << 30)


def rows(run: Run) -> list[Row]:
    """Ours in the viewer is the walk through an open file: first when nothing is known of it, then a second time."""
    size_bytes = run.data.size_bytes
    path, size = run.data.one(size_bytes), sized(size_bytes)
    peers = commands({"ripgrep": ["rg", "-F", REQUEST_ID, path], "grep": ["grep", "-F", REQUEST_ID, path]})
    table = _rows(run, f"a rare id, {size}", REQUEST_ID, path, peers, PLANTED, AS_RIPGREP)
    peers = commands({"ripgrep": ["rg", ABOVE_PATTERN, path], "grep": ["grep", "-E", ABOVE_PATTERN, path]})
    bound = Target(ABOVE_S_PER_BYTE * size_bytes, "s")
    return [*table, *_rows(run, f"{ABOVE}, {size}", ABOVE, path, peers, _count(path), bound)]


def _rows(
    run: Run, what: str, query: str, path: str, peers: dict[str, list[str]], lines: int | None, target: Target
) -> list[Row]:
    measured: dict[str, Callable[[], float | None]] = {
        OURS: partial(whole_process_s, tracetail("query", query, path)),
        IN_VIEWER: partial(_scan_s, query, path, lines, again=False),
        AGAIN: partial(_scan_s, query, path, lines, again=True),
    }
    measured |= {label: partial(whole_process_s, argv, lines=lines) for label, argv in peers.items()}
    figures = side_by_side(run.runs, "s", measured)
    ours = {name: figures.pop(name) for name in (OURS, IN_VIEWER, AGAIN)}
    first = dict(list(figures.items())[:1])
    command = target if target.unit else None
    return [
        *held_against(f"query {what}, command", ours[OURS], figures, command),
        *held_against(f"query {what}, {IN_VIEWER}", ours[IN_VIEWER], first, target),
        *held_against(f"query {what}, {AGAIN}", ours[AGAIN], first, target),
    ]


def _scan_s(query: str, path: str, lines: int | None, *, again: bool) -> float:
    reading = open_reading([path], load({}))
    for track in reading.tracks:
        track.page_at(track.blocks.end - 1)  # as the viewer has, to show the end
    if again:
        _walk(reading, "nothing-of-the-kind")
    started = time.monotonic()
    matched = _walk(reading, query)
    spent = time.monotonic() - started
    if lines is not None and matched != lines:
        raise WrongAnswer(f"{matched} records of {query}, not {lines}")
    return spent


def _walk(reading: Reading, query: str) -> int:
    """Newest first to the beginning, as a view does."""
    walk = Walk(reading.tracks, condition_of(query, None, None, reading), back=True)
    return len(walk.take(1 << 40).rows)


def _count(path: str) -> int | None:
    """How many lines there are to be found, if grep can tell."""
    argv: Sequence[str] = (found("grep") or "", "-cE", ABOVE_PATTERN, path)
    return int(subprocess.run(argv, capture_output=True, check=True).stdout) if argv[0] else None
