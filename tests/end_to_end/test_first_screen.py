"""The first screenful is there before the viewer's code is loaded, and is what the viewer then shows."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.emulator import Emulator
from tests.terminal import Terminal, wait_until

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Open

OTHER_SCREEN = b"\x1b[?1049h"
TAKEN = b"\x1b[?2004h"
"""The viewer has the terminal and has sent no frame yet."""


def some_logs(folder: Path) -> list[Path]:
    """Two files merged in time: objects with secrets, and text with a stack trace."""
    objects, text = folder / "gateway.log", folder / "payment.log"
    with objects.open("w") as one, text.open("w") as two:
        for number in range(3000):
            stamp = f"2026-01-02T03:{number // 60:02d}:{number % 60:02d}"
            fields = {"time": stamp + "Z", "level": "info", "msg": f"request {number} in", "trace_id": f"{number:032x}"}
            one.write(json.dumps(fields | {"mail": f"jane{number}@example.com"}) + "\n")
            two.write(f"{stamp.replace('T', ' ')},500 WARNING pay: retry {number}\n")
        two.write("2026-01-02 03:50:01,000 ERROR pay: failed\nTraceback (most recent call last):\n")
        two.write('  File "/srv/pay.py", line 3, in charge\n    raise Declined()\nDeclined: no money\n')
    return [objects, text]


def first_rows(terminal: Terminal, cols: int, rows: int) -> list[str]:
    """What stood on the screen before the viewer took it."""
    wait_until(lambda: TAKEN in terminal.output, what="the viewer to be there, too")
    emulator = Emulator(cols, rows)
    emulator.feed(terminal.output.split(TAKEN)[0])
    return [line.rstrip() for line in emulator.lines()]


@pytest.mark.parametrize(("cols", "rows"), [(80, 24), (120, 40)])
@pytest.mark.parametrize("color", [{"COLORTERM": "truecolor"}, {"NO_COLOR": "1"}, {"TRACETAIL_THEME": "light"}])
def test_the_first_screenful_is_the_viewer_s_own(
    tmp_path: Path, launch: Open, cols: int, rows: int, color: dict[str, str]
) -> None:
    env = {"HOME": str(tmp_path), **color}
    terminal = launch(*some_logs(tmp_path), cols=cols, rows=rows, env=env)
    first = first_rows(terminal, cols, rows)
    assert "Declined: no money" in "\n".join(first)
    # the count of what was redacted is the viewer's
    screen = terminal.wait_for(lambda screen: all(text in screen for text in ("redacted", "Declined", "▐")))
    shown = [line.rstrip() for line in screen.split("\n")]
    assert first[1:-1] == shown[1 : rows - 1]
    assert terminal.output.count(OTHER_SCREEN) == 1, "asked for again, some terminals clear it"
    assert b"@example.com" not in terminal.output
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []


def test_few_lines_stand_at_the_top(tmp_path: Path, launch: Open) -> None:
    path = tmp_path / "app.log"
    path.write_text("2026-01-02T03:04:05Z INFO one\n2026-01-02T03:04:06Z INFO two\n")
    terminal = launch(path, rows=24)
    terminal.wait_for("two")
    first = first_rows(terminal, 120, 24)
    assert ["one" in first[2], "two" in first[3], first[4]] == [True, True, ""]


def test_a_query_is_never_shown_unanswered(tmp_path: Path, launch: Open) -> None:
    terminal = launch(*some_logs(tmp_path), "-q", "level:error", rows=24)
    terminal.wait_for("Declined")
    assert terminal.output.count(OTHER_SCREEN) == 1
    assert b"retry" not in terminal.output


def test_keys_that_are_typed_at_once_are_kept_and_not_echoed(tmp_path: Path, launch: Open) -> None:
    terminal = launch(*some_logs(tmp_path), rows=24)
    wait_until(lambda: OTHER_SCREEN in terminal.output, what="the first screenful")
    terminal.type("/Declined")
    terminal.wait_for("1 of")
    assert "/Declined" not in "\n".join(first_rows(terminal, 120, 24))


@pytest.mark.parametrize("keys", ["bk", "gj "])
def test_the_first_moves_show_what_the_viewer_then_shows(tmp_path: Path, launch: Open, keys: str) -> None:
    terminal = launch(*some_logs(tmp_path), rows=24, env={"HOME": str(tmp_path)})
    wait_until(lambda: OTHER_SCREEN in terminal.output, what="the first screenful")
    terminal.type(keys)
    first = first_rows(terminal, 120, 24)
    assert "PAUSED" in first[-1]
    screen = terminal.wait_for(lambda screen: "PAUSED" in screen and "redacted" in screen)
    assert first[1:-1] == [line.rstrip() for line in screen.split("\n")][1:23]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_early_end_leaves_the_terminal_as_it_was(tmp_path: Path, launch: Open, number: int) -> None:
    terminal = launch(*some_logs(tmp_path), rows=24)
    wait_until(lambda: OTHER_SCREEN in terminal.output, what="the first screenful")
    terminal.kill(number)
    assert terminal.wait_exit() == 128 + number
    assert terminal.left_behind() == []


def test_what_cannot_be_used_is_said_on_the_screen_that_the_user_had(tmp_path: Path, launch: Open) -> None:
    terminal = launch(*some_logs(tmp_path), rows=24, env={"TRACETAIL_SAMPLE": "often"})
    assert terminal.wait_exit() == 2
    assert "often" in terminal.screen()
    assert terminal.left_behind() == []
