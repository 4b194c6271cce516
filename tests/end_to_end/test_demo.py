"""What a newcomer does first: the demo, an error in it, its story, and out again."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.terminal import descendants, wait_until

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Open

SERVICES = ("gateway", "cart", "inventory", "payment", "notification", "bank-api")


def test_a_newcomer_finds_an_error_and_reads_its_story(tmp_path: Path, view: Open) -> None:
    terminal = view("demo", "--rate", "3", env={"TMPDIR": str(tmp_path)}, cols=130, rows=60)
    terminal.wait_for("t request")
    assert "5 sources" in terminal.screen()
    shop = wait_until(lambda: descendants(terminal.process.pid))
    assert list(tmp_path.iterdir())
    terminal.type("/level:error\r")
    terminal.wait_for(lambda screen: "ERROR" in screen and "INFO" not in screen)
    terminal.press("t")
    terminal.wait_for(lambda screen: sum(name in pane(screen) for name in SERVICES) >= 2)
    terminal.wait_for(lambda screen: re.search(rf"ERROR +({'|'.join(SERVICES)})", pane(screen)))
    terminal.press("q")
    terminal.wait_gone(" Request ")
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []
    wait_until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in shop), what="the shop's process is gone")
    assert list(tmp_path.iterdir()) == []


def pane(screen: str) -> str:
    return screen.rpartition(" Request ")[2]


@pytest.mark.parametrize("end", ["ctrl+c", "signal", "hang-up"])
def test_nothing_stays_behind_however_it_ends(tmp_path: Path, view: Open, end: str) -> None:
    terminal = view("demo", env={"TMPDIR": str(tmp_path)}, cols=80, rows=24)
    terminal.wait_for("INFO")
    shop = wait_until(lambda: descendants(terminal.process.pid))
    if end == "ctrl+c":
        terminal.press("ctrl+c")
    elif end == "signal":
        terminal.kill()
    else:
        terminal.hang_up()
    assert terminal.process.wait(20) == {"ctrl+c": 130, "signal": 143, "hang-up": 129}[end]
    wait_until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in shop), what="the shop's process is gone")
    wait_until(lambda: not list(tmp_path.iterdir()), what="the shop's files are gone")
