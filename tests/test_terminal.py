from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.emulator import Emulator
from tests.terminal import KEYS, Terminal, tracetail, wait_until

FULL_SCREEN = """
import os, select, signal, sys, termios, tty
old = termios.tcgetattr(0)
on, off = "\\x1b[?1049h\\x1b[?1000h\\x1b[?25l\\x1b[>1u", "\\x1b[<u\\x1b[?25h\\x1b[?1000l\\x1b[?1049l"
out = lambda text: os.write(1, text.encode())
tty.setraw(0)
out(on + "\\x1b[2J\\x1b[Hready")
def size(*_):
    out("\\x1b[2;1Hsize %d %d " % tuple(os.get_terminal_size(1)))
signal.signal(signal.SIGWINCH, size)
size()
keys = 0
while (key := os.read(0, 100)) != b"q":
    keys += 1
    out("\\x1b[3;1H\\x1b[Kkey %d %r" % (keys, key))
if "untidy" not in sys.argv:
    out(off)
    termios.tcsetattr(0, termios.TCSADRAIN, old)
out("bye")
sys.exit(3)
"""


@pytest.fixture
def full_screen(tmp_path: Path) -> list[str]:
    script = tmp_path / "full_screen.py"
    script.write_text(FULL_SCREEN)
    return [sys.executable, str(script)]


def test_keys_reach_the_program_and_its_screen_is_read(full_screen: list[str]) -> None:
    with Terminal(full_screen, cols=100, rows=30) as terminal:
        terminal.wait_for("ready")
        terminal.wait_for("size 100 30")
        for number, (key, sent) in enumerate(
            [("t", "t"), ("up", "\x1b[A"), ("ctrl+c", "\x03"), ("f5", "\x1b[15~"), ("escape", "\x1b"), *KEYS.items()], 1
        ):
            terminal.press(key)
            terminal.wait_for(f"key {number} {sent.encode()!r}")
        terminal.resize(60, 20)
        terminal.wait_for("size 60 20")
        terminal.type("é")
        terminal.wait_for(r"b'\xc3\xa9'")


def test_a_tidy_program_leaves_the_terminal_as_it_was(full_screen: list[str]) -> None:
    with Terminal(full_screen) as terminal:
        terminal.wait_for("ready")
        assert set(terminal.left_behind()) == {
            "alternate screen",
            "mouse",
            "no cursor",
            "extended keyboard",
            "line settings",
        }
        assert terminal.exit_code is None
        terminal.press("q")
        assert terminal.wait_exit() == 3
        assert terminal.left_behind() == []
        assert terminal.modes_restored()
        assert terminal.screen().strip() == "bye"


def test_an_untidy_program_is_found_out(full_screen: list[str]) -> None:
    with Terminal([*full_screen, "untidy"]) as terminal:
        terminal.wait_for("ready")
        terminal.press("q")
        terminal.wait_exit()
        assert "alternate screen" in terminal.left_behind()
        assert not terminal.modes_restored()


def test_a_signal_shows_as_a_negative_exit_code(full_screen: list[str]) -> None:
    with Terminal(full_screen) as terminal:
        terminal.wait_for("ready")
        terminal.kill(signal.SIGTERM)
        assert terminal.wait_exit() == -signal.SIGTERM


def test_what_never_comes_is_reported_with_the_whole_screen(full_screen: list[str]) -> None:
    with Terminal(full_screen) as terminal:
        terminal.wait_for("ready")
        with pytest.raises(AssertionError, match=r"(?s)never shown: 'nowhere'.*running.*ready"):
            terminal.wait_for("nowhere", timeout=0.3)
        with pytest.raises(AssertionError, match="still shown: 'ready'"):
            terminal.wait_gone("ready", timeout=0.3)
        terminal.press("q")
        with pytest.raises(AssertionError, match="exit code 3"):
            terminal.wait_for("nowhere", timeout=60)


def test_a_pipeline_reads_keys_from_its_controlling_terminal() -> None:
    reader = "import sys; tty = open('/dev/tty'); print('got', len(sys.stdin.read()), tty.readline().strip())"
    with Terminal(["sh", "-c", f'printf hello | "{sys.executable}" -c "{reader}"']) as terminal:
        terminal.type("over\r")
        terminal.wait_for("got 5 over")
        assert terminal.wait_exit() == 0
        assert terminal.modes_restored()


def test_standard_input_can_be_a_pipe_of_the_test() -> None:
    read_end, write_end = os.pipe()
    program = "import sys; print(sys.stdin.readline().strip(), sys.stdout.isatty(), sys.stdin.isatty())"
    with Terminal([sys.executable, "-c", program], stdin=read_end) as terminal:
        os.close(read_end)
        os.write(write_end, b"from the pipe\n")
        os.close(write_end)
        terminal.wait_for("from the pipe True False")


def test_a_member_of_a_pipeline_can_be_signalled_alone() -> None:
    with Terminal(["sh", "-c", "sleep 987 | cat; echo after"]) as terminal:
        terminal.kill(signal.SIGKILL, named="sleep 987")
        terminal.wait_for("after")


def test_closing_ends_the_whole_process_group() -> None:
    terminal = Terminal(["sh", "-c", "trap '' TERM HUP; sleep 986 & sleep 985"])
    wait_until(lambda: len(terminal.processes()) == 2)
    pids = [terminal.process.pid, *terminal.processes()]
    terminal.close()
    wait_until(lambda: not any(alive(pid) for pid in pids))


def test_a_hang_up_reaches_the_program(full_screen: list[str]) -> None:
    with Terminal(full_screen) as terminal:
        terminal.wait_for("ready")
        terminal.hang_up()
        assert terminal.process.wait(20) == -signal.SIGHUP


def test_less_is_driven_like_by_a_person(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("".join(f"line {number}\n" for number in range(1, 501)))
    try:
        terminal = Terminal(["less", str(tmp_path / "text")], cols=80, rows=24, env={"LESS": None})
    except FileNotFoundError:
        pytest.skip("less is not installed")
    with terminal:
        terminal.wait_for("line 23")
        terminal.press("G")
        terminal.wait_for("line 500")
        terminal.wait_gone("line 23")
        terminal.type("?line 250\r")
        terminal.wait_for("line 250")
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert terminal.modes_restored()


def test_the_tested_package_runs_from_any_folder(tmp_path: Path) -> None:
    import_it = [*tracetail()[:2], "-c", "import tui; print('found', list(tui.__path__)[0])"]
    with Terminal(import_it, cwd=tmp_path, cols=200) as terminal:
        terminal.wait_for("found")
        assert terminal.wait_exit() == 0


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_the_emulator_gives_the_same_screen_for_any_cuts(size: int) -> None:
    stream = (
        "plain ünïcode\r\n\x1b[?1049h\x1b[>4;2mhidden\x1b[?1049l\x1b[38:2::1:2:3mcolour\x1b[0m\r\n"
        "\x1bPstatus\x1b\\a\x1b[2b\x1b]52;c;Y29weQ==\x1b\\\x1b]0;title\x07\x1b[?2026$p\x1b[6n\x1b[=1u\x1b[?1m\x1b[2 q|"
    ).encode()
    emulator = Emulator(20, 6)
    for start in range(0, len(stream), size):
        emulator.feed(stream[start : start + size])
    assert emulator.lines() == ["plain ünïcode", "colour", "aaa|", "", "", ""]
    assert emulator.title == "title"
    assert emulator.left_on() == []


def test_the_emulator_scrolls_regions_both_ways() -> None:
    emulator = Emulator(5, 4)
    emulator.feed(b"1\r\n2\r\n3\r\n4\x1b[2;3r\x1b[S\x1b[r")
    assert emulator.lines() == ["1", "3", "", "4"]
    emulator.feed(b"\x1b[2T")
    assert emulator.lines() == ["", "", "1", "3"]


def alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
