"""Finding a rare id in one large file with the plain command, whole processes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from tests.benchmarks.logs import PLANTED, REQUEST_ID
from tests.benchmarks.peers import commands
from tests.benchmarks.run import Run, whole_process_s
from tests.benchmarks.table import Row, Target, held_against, side_by_side, sized
from tests.terminal import tracetail

AS_RIPGREP: Final = Target(1.2)
OURS: Final = "tracetail"


def rows(run: Run) -> list[Row]:
    size_bytes = run.data.size_bytes
    path = run.data.one(size_bytes)
    searches: dict[str, Sequence[str]] = {
        OURS: tracetail("query", REQUEST_ID, path),
        **commands({"ripgrep": ["rg", "-F", REQUEST_ID, path], "grep": ["grep", "-F", REQUEST_ID, path]}),
    }
    figures = side_by_side(
        run.runs, "s", {label: partial(whole_process_s, argv, lines=PLANTED) for label, argv in searches.items()}
    )
    return held_against(f"query a rare id, {sized(size_bytes)}", figures.pop(OURS), figures, AS_RIPGREP)
