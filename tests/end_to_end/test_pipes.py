"""Standard input as a source, with the keyboard alive."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.terminal import wait_until

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Open


def test_data_in_the_pipe_never_becomes_key_presses(tmp_path: Path, pipeline: Open) -> None:
    # q, ctrl+c, ctrl+q, ctrl+z, Escape, the arrow keys and an end of transmission, each also alone on a line
    (tmp_path / "hostile").write_bytes(b"q\n\x03\n\x11\x1a\n\x1b\n\x1b[A\x1bOB\n\x04\n:q\nINFO and then a plain line\n")
    terminal = pipeline(f"(cat {tmp_path}/hostile; sleep 987) | $TRACETAIL", rows=24)
    screen = terminal.wait_for("and then a plain line")
    assert "␛[A␛OB" in screen
    assert "␑␚" in screen
    assert "FOLLOW" in screen
    terminal.press("k")
    terminal.wait_for("PAUSED")
    terminal.press("q")
    terminal.kill(named="sleep 987")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []


def test_a_producer_that_ends_leaves_its_lines_to_read(pipeline: Open) -> None:
    terminal = pipeline("seq 1 300 | sed 's/^/INFO line /' | $TRACETAIL", rows=24)
    terminal.wait_for(lambda screen: "line 300" in screen and "ended" in screen)
    terminal.press("g")
    terminal.wait_for("line 2")
    terminal.type("/line 77\r")
    terminal.wait_for(lambda screen: "line 77" in screen and "line 78" not in screen)
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []


def test_a_fast_producer_is_never_blocked(tmp_path: Path, pipeline: Open) -> None:
    # a warning last: at this rate, lines that are no trouble may be sampled out
    program = tmp_path / "producer.py"
    program.write_text(
        "import sys\n"
        "line = b'2026-01-02T03:04:05Z INFO shop ' + b'text of a busy service ' * 8 + b'\\n'\n"
        "for _ in range(50): sys.stdout.buffer.write(line * (1_000_000 // len(line)))\n"
        f"sys.stdout.flush(); open({str(tmp_path / 'done')!r}, 'w').close()\n"
        "print('2026-01-02T03:04:06Z WARN shop the very last line')\n"
    )
    terminal = pipeline(f"'{sys.executable}' {program} | $TRACETAIL", rows=24)
    terminal.wait_for("busy service")
    terminal.press("g")
    wait_until((tmp_path / "done").exists, what="the producer has written all")
    terminal.press("G")
    terminal.wait_for("the very last line")
    terminal.press("q")
    assert terminal.wait_exit() == 0


def test_standard_input_and_files_are_one_view(tmp_path: Path, pipeline: Open) -> None:
    (tmp_path / "app.log").write_text("2026-01-02T03:04:06Z INFO from the file\n")
    terminal = pipeline(
        f"(echo 2026-01-02T03:04:05Z INFO from the pipe, first; echo 2026-01-02T03:04:07Z INFO from the pipe, last)"
        f" | $TRACETAIL {tmp_path}/app.log -",
        rows=24,
    )
    screen = terminal.wait_for(
        lambda screen: all(one in screen for one in ("pipe, first", "from the file", "pipe, last"))
    )
    ordered = [line for line in screen.split("\n") if "from the" in line]
    assert ["first" in ordered[0], "file" in ordered[1], "last" in ordered[2]] == [True] * 3
    terminal.wait_for("2 sources")


def test_a_pipe_without_a_dash_joins_the_named_files(tmp_path: Path, pipeline: Open) -> None:
    (tmp_path / "app.log").write_text("INFO from the file\n")
    terminal = pipeline(f"echo INFO from the pipe | $TRACETAIL {tmp_path}/app.log", rows=24)
    terminal.wait_for(lambda screen: "from the pipe" in screen and "from the file" in screen)


def test_a_stopped_pipeline_comes_back_with_its_screen(pipeline: Open) -> None:
    terminal = pipeline(
        "set -m; (echo INFO before; sleep 987) | $TRACETAIL; echo stopped $?; fg; echo over $?", rows=24
    )
    terminal.wait_for("before")
    terminal.press("ctrl+z")
    # the shell takes over, and brings the job back at once
    terminal.wait_for(lambda screen: b"stopped" in terminal.output and "before" in screen and "FOLLOW" in screen)
    terminal.press("k", "q")
    terminal.kill(named="sleep 987")
    terminal.wait_for("over 0")
    assert terminal.left_behind() == []


def test_empty_input_is_said_and_does_no_harm(pipeline: Open) -> None:
    terminal = pipeline("true | $TRACETAIL", rows=24)
    terminal.wait_for(lambda screen: "no lines" in screen and "ended" in screen)
    terminal.press("j", "k", "g", "G", "e", "t", "x", "escape", "n", "enter", "escape")
    terminal.wait_for("FOLLOW")
    terminal.press("q")
    assert terminal.wait_exit() == 0


def test_a_producer_that_resets_the_terminal_when_it_ends_does_not_take_the_keys_away(
    tmp_path: Path, pipeline: Open
) -> None:
    """As Node does; line settings are then those of the shell, with echo and whole lines."""
    program = tmp_path / "resets.py"
    program.write_text(
        "import sys, termios\n"
        "tty = open('/dev/tty')\n"
        "found = termios.tcgetattr(tty)\n"
        "print('INFO begun', flush=True)\n"
        "input_ = open(sys.argv[1])\n"
        "input_.read()\n"
        "termios.tcsetattr(tty, termios.TCSANOW, found)\n"
        "print('INFO reset', flush=True)\n"
    )
    os.mkfifo(tmp_path / "wait")
    terminal = pipeline(f"'{sys.executable}' {program} {tmp_path}/wait | $TRACETAIL", rows=24)
    terminal.wait_for(lambda screen: "begun" in screen and "FOLLOW" in screen)
    (tmp_path / "wait").write_text("")
    terminal.wait_for(lambda screen: "reset" in screen and "ended" in screen)
    terminal.press("k")
    terminal.wait_for("PAUSED")
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []
