"""What cannot be read, or should not be shown as it is: said, harmless, and never in the way of the rest."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Open

GOOD = "2026-01-02T03:04:05Z INFO a good line\n"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.log"
    path.write_text(GOOD)
    return path


def loop(folder: Path) -> Path:
    path = folder / "loop.log"
    path.symlink_to(path)
    return path


def below_a_file(folder: Path) -> Path:
    (folder / "plain").write_text("x")
    return folder / "plain" / "app.log"


def missing(folder: Path) -> Path:
    return folder / "missing.log"


@pytest.mark.parametrize("make", [loop, below_a_file, missing])
def test_a_file_that_cannot_be_opened_is_said_beside_the_good_one(good: Path, view: Open, make: object) -> None:
    path = make(good.parent)  # type: ignore[operator]
    terminal = view(good, path, rows=24, cols=160)
    screen = terminal.wait_for(lambda screen: "a good line" in screen and path.name in screen)
    terminal.wait_for(re.compile(re.escape(path.name) + r" \S+"))
    assert "in trouble" in screen or "no such" in screen or "cannot" in screen
    terminal.press("q")
    assert terminal.wait_exit() == 0


def test_a_file_without_permission_is_said(good: Path, view: Open) -> None:
    secret = good.parent / "secret.log"
    secret.write_text(GOOD)
    secret.chmod(0)
    if os.access(secret, os.R_OK):
        pytest.skip("this user may read everything")
    terminal = view(good, secret, rows=24)
    terminal.wait_for(lambda screen: "a good line" in screen and "permission" in screen)


def test_a_missing_file_appears_when_it_is_written(tmp_path: Path, view: Open) -> None:
    terminal = view(tmp_path / "later.log", rows=24)
    terminal.wait_for(re.compile("later.log .*(no such|missing|waiting|not there)"))
    (tmp_path / "later.log").write_text(GOOD)
    terminal.wait_for("a good line")


def test_a_folder_without_logs_says_so(tmp_path: Path, view: Open) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    terminal = view(tmp_path, rows=24)
    terminal.wait_for(re.compile("no log|nothing|no files|empty"))
    (tmp_path / "app.log").write_text(GOOD)
    terminal.wait_for("a good line")


def test_junk_of_all_kinds_is_shown_as_harmless_text(tmp_path: Path, view: Open) -> None:
    path = tmp_path / "junk.log"
    path.write_bytes(
        bytes(range(256)) * 20
        + b"\n2026-01-02T03:04:05Z INFO invalid \xff\xfe\xc3\x28 bytes\n"
        + b"2026-01-02T03:04:06Z INFO title \x1b]0;HIJACKED\x07 clipboard \x1b]52;c;SElKQUNLRUQ=\x1b\\\n"
        + b"2026-01-02T03:04:07Z INFO screen \x1b[2J\x1b[H\x1b[?1049l\x1bc \x9b2J done\n"
        + "2026-01-02T03:04:08Z INFO c1 \x9b31m bidi \u202e zero\u200bwidth\n".encode()
        + b"2026-01-02T03:04:09Z INFO markup [/foo] [bold]x[/bold] [@click=app.quit]y[/]\n"
        + b'2026-01-02T03:04:10Z INFO cut {"level": "error", "a": {"b": [1, 2\n'
        + b'{"a":' * 5000
        + b"\n"
        + b"2026-01-02T03:04:11Z INFO still here\n"
    )
    terminal = view(path, cols=200, rows=40)
    screen = terminal.wait_for("still here")
    for harmless in ("␛]0;HIJACKED␇", "␛]52;c;", "␛[2J", "\\x9b31m", "<U+202E>", "[bold]x[/bold]"):
        assert harmless in screen
    terminal.press("g", "enter")
    terminal.press("j", "j", "j", "j", "j", "j", "j", "j", "escape")
    terminal.press("x", "escape", "f", "escape", "i", "escape", "w", "z", "z", "G")
    terminal.wait_for(lambda screen: "still here" in screen and "FOLLOW" in screen)
    assert terminal.title == ""
    assert b"\x1b]52;" not in terminal.output
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []


def test_a_huge_line_is_cut_on_the_screen_and_the_next_one_is_whole(tmp_path: Path, view: Open) -> None:
    path = tmp_path / "huge.log"
    with path.open("wb") as file:
        file.write(GOOD.encode() + b"2026-01-02T03:04:06Z INFO huge ")
        for _ in range(20):
            file.write(b"x" * (1 << 20))
        file.write(b"\n2026-01-02T03:04:07Z WARN behind it\n")
    terminal = view(path, rows=24)
    terminal.wait_for(lambda screen: "behind it" in screen and "huge xxx" in screen and "a good line" in screen)
    terminal.type("/behind\r")
    terminal.wait_for(lambda screen: "behind it" in screen and "huge xxx" not in screen)
    terminal.press("escape")
    terminal.wait_for("huge xxx")
    terminal.press("g", "j", "enter")
    terminal.press("q", "q")
    assert terminal.wait_exit() == 0


@pytest.mark.parametrize("content", [b"", b"\n", b"\x00" * 4096, b"no line feed", b"\xff\xfeI\0N\0F\0O\0 \0x\0\n\0"])
def test_odd_files_open_and_close(tmp_path: Path, view: Open, content: bytes) -> None:
    path = tmp_path / "odd.log"
    path.write_bytes(content)
    terminal = view(path, rows=24)
    terminal.wait_for(lambda screen: "FOLLOW" in screen and "reading" not in screen)
    terminal.press("k", "j", "t", "enter", "q", "G", "q")
    assert terminal.wait_exit() == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("--level", "loud"),
        ("--tz", "Mars/Base"),
        ("--sample", "1/x"),
        ("--query", "level:("),
        ("--nonsense",),
        ("--redact", "off"),
    ],
)
def test_a_wrong_option_is_one_line(good: Path, view: Open, arguments: tuple[str, ...]) -> None:
    terminal = view(good, *arguments, cols=220, rows=24)
    assert terminal.wait_exit() == 2
    assert terminal.screen().strip().count("\n") == 0
    assert "tracetail: " in terminal.screen()
