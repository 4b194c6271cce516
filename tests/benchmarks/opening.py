"""Opening a file: from exec until its last line can be seen, and until a key does something, on a real terminal."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from tests.benchmarks.logs import END_MARK, HEAD_MARK
from tests.benchmarks.peers import commands
from tests.benchmarks.run import Run
from tests.benchmarks.screen import Watched
from tests.benchmarks.table import Row, Target, held_against, side_by_side, sized
from tests.terminal import tracetail

SMALL_BYTES: Final = 10_000_000
SEEN: Final = Target(0.050, "s")
ANSWERED: Final = Target(0.450, "s")
OURS: Final = "tracetail"
TO_TOP: Final = b"g"


def rows(run: Run) -> list[Row]:
    """The key is tried on the large file only, where it is hardest."""
    table = []
    for size_bytes in dict.fromkeys((SMALL_BYTES, run.data.size_bytes)):
        path = run.data.one(size_bytes)
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
        figures = side_by_side(run.runs, "s", {label: partial(_last_line_s, argv) for label, argv in programs.items()})
        table += held_against(f"open {sized(size_bytes)}: last line seen", figures.pop(OURS), figures, SEEN)
    path = run.data.one(run.data.size_bytes)
    programs = {
        OURS: tracetail(path),
        **commands({"lnav": ["lnav", path], "less +G": ["less", "-S", "-n", "+G", path]}),
    }
    figures = side_by_side(run.runs, "s", {label: partial(_first_key_s, argv) for label, argv in programs.items()})
    name = f"open {sized(run.data.size_bytes)}: first key answered"
    return [*table, *held_against(name, figures.pop(OURS), figures, ANSWERED)]


def _last_line_s(argv: Sequence[str]) -> float | None:
    with Watched(argv) as program:
        return program.shown_s(END_MARK)


def _first_key_s(argv: Sequence[str]) -> float | None:
    """The key that leads to the top is pressed again and again until the first line is there, as an impatient user does."""
    with Watched(argv) as program:
        return program.shown_s(HEAD_MARK, again=TO_TOP)
