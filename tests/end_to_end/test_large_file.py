"""A file of a gigabyte opens like a small one: at its end, at once; and can be searched from either side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Open

LINE = '{{"time":"2026-01-02T{:02}:{:02}:{:02}.000Z","level":"info","service":"shop","msg":"request {} served {}"}}\n'
SECONDS = 24 * 60 * 60


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A day of a busy shop, some 300 MB; hard to keep in memory, easy to look at the end of."""
    path = tmp_path_factory.mktemp("large") / "day.log"
    filler = "x" * 3300
    with path.open("w") as file:
        for second in range(SECONDS):
            hour, rest = divmod(second, 3600)
            file.write(LINE.format(hour, *divmod(rest, 60), second, filler))
    yield path
    path.unlink()


def test_a_large_file_opens_at_its_end_and_is_searched(large: Path, view: Open) -> None:
    assert large.stat().st_size > 270 << 20
    terminal = view(large, rows=24)
    terminal.wait_for(f"request {SECONDS - 1} served")
    terminal.press("g")
    terminal.wait_for("request 0 served")
    terminal.press("G")
    terminal.wait_for(f"request {SECONDS - 1} served")
    # something near the beginning, looked for from the end
    terminal.type("/request 1234 served\r")
    terminal.wait_for(lambda screen: "request 1234 served" in screen and f"request {SECONDS - 1}" not in screen)
    # while much is read, keys are answered
    terminal.press("escape", "?")
    terminal.wait_for("filter")
    terminal.press("q", "q")
    assert terminal.wait_exit() == 0
