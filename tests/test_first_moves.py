"""Moves before the viewer is there stay among what is read, and show what the viewer will show."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tui import first_screen
from tui.first_moves import Moves, keys_in
from tui.first_screen import Sight
from tui.redaction.redactor import Redactor
from tui.settings import Settings

ROWS = 10
COLOURS = re.compile(r"\x1b\[[\d;]*[mH]")


def sight_of(path: Path, monkeypatch: pytest.MonkeyPatch) -> Sight:
    size = os.terminal_size((80, ROWS + first_screen.CHROME_ROWS))
    monkeypatch.setattr(os, "get_terminal_size", lambda fd: size)
    readers = first_screen._open([str(path)])
    return Sight(readers, Settings(), Redactor(bytes(32)), {"COLORTERM": "truecolor"})


def log(folder: Path, count: int) -> Path:
    path = folder / "app.log"
    lines = [
        f"2026-01-02T03:{at // 60:02d}:{at % 60:02d}Z INFO line {at} of many that go on and on\n" for at in range(count)
    ]
    path.write_text("".join(lines))
    return path


def seen(moves: Moves) -> tuple[list[int], int, bool]:
    """The numbers of the lines on the screen, that of the current one, and whether the end is followed."""
    text = COLOURS.sub("", moves.text())
    numbers = [int(one) for one in re.findall(r"line (\d+) of", text)]
    current = re.search(r"▌.*?line (\d+) of", text)
    assert current is not None
    return numbers, int(current[1]), "FOLLOW" in text


def test_moves_go_where_those_of_the_viewer_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moves = Moves(sight_of(log(tmp_path, 2000), monkeypatch))
    assert moves.press("up")
    assert seen(moves) == ([*range(1990, 2000)], 1998, False)
    assert moves.press("page-up")
    assert seen(moves) == ([*range(1981, 1991)], 1989, False)
    assert moves.press("top")
    assert seen(moves) == ([*range(10)], 0, False)
    assert moves.press("up")
    assert moves.press("page-down")
    assert seen(moves) == ([*range(9, 19)], 9, False)
    assert moves.press("bottom")
    assert seen(moves) == ([*range(1990, 2000)], 1999, True)


def test_what_leads_beyond_what_is_read_is_left_to_the_viewer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moves = Moves(sight_of(log(tmp_path, 2000), monkeypatch))
    assert [moves.press("page-up") for _ in range(4)] == [True, True, True, False]
    assert moves.press("top")
    assert [moves.press("page-down") for _ in range(4)] == [True, True, True, False]


def test_of_a_small_file_all_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moves = Moves(sight_of(log(tmp_path, 12), monkeypatch))
    assert [moves.press("page-up") for _ in range(4)] == [True] * 4
    assert seen(moves) == ([*range(10)], 0, False)
    assert [moves.press("page-down") for _ in range(4)] == [True] * 4
    assert seen(moves)[:2] == ([*range(2, 12)], 11)


@pytest.mark.parametrize(
    ("data", "actions", "rest"),
    [
        (b"gG", ["top", "bottom"], b""),
        (b"\x1b[A\x1b[", ["up"], b"\x1b["),
        (b"j/x", ["down", None], b"/x"),
        (b"\x1b[C", [None], b"\x1b[C"),
        (b"\x1b", [], b"\x1b"),
    ],
)
def test_keys_are_told_from_bytes(data: bytes, actions: list[str | None], rest: bytes) -> None:
    assert keys_in(data) == (actions, rest)
