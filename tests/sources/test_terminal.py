"""Claiming and rescuing a terminal, in child processes whose controlling terminal is a real pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tui.sources.terminal import RESET

if TYPE_CHECKING:
    from tests.sources.conftest import Wait

ROOT = Path(__file__).parents[2]


class Terminal:
    """A pseudo-terminal and what was written to it."""

    def __init__(self) -> None:
        self.master, self.slave = pty.openpty()
        self.shown = b""
        self._children: list[subprocess.Popen[bytes]] = []

    def run(self, program: str, *, shell: str = "", **options: Any) -> subprocess.Popen[bytes]:
        """Start a Python program on this terminal, through a shell command with {} for it when one is given."""
        command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{program}"]
        if shell:
            command = ["/bin/sh", "-c", shell.format('"$@"'), "sh", *command]

        def own_session() -> None:
            os.setsid()
            fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)

        streams = {"stdin": self.slave, "stdout": self.slave, "stderr": self.slave}
        child = subprocess.Popen(command, preexec_fn=own_session, **{**streams, **options})
        self._children.append(child)
        return child

    def read(self) -> bytes:
        """All that was written so far."""
        while select.select([self.master], [], [], 0)[0]:
            try:
                self.shown += os.read(self.master, 65536)
            except OSError:
                break
        return self.shown

    def ended(self, child: subprocess.Popen[bytes]) -> int:
        """The exit code, reading on so that the child is not held up."""
        deadline_s = time.monotonic() + 20
        while child.poll() is None:
            self.read()
            assert time.monotonic() < deadline_s, self.shown
            time.sleep(0.005)
        self.read()
        return child.returncode

    def hang_up(self) -> None:
        for fd in (self.slave, self.master):
            os.close(fd)
        self.master = self.slave = -1

    def close(self) -> None:
        for child in self._children:
            child.kill()
            child.wait()
        if self.master >= 0:
            self.hang_up()


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    one = Terminal()
    yield one
    one.close()


REPORT = """
import os
from tui.sources.terminal import claim_terminal, NoTerminal
try:
    claimed = claim_terminal()
except NoTerminal as none:
    os.write({out}, ("none: %s" % none).encode())
    raise SystemExit(2)
facts = [[os.isatty(fd) for fd in (0, 1, 2)]]
facts.append(claimed.data_is_pipe)
facts.append(os.read(claimed.data_fd, 100) if claimed.data_fd is not None else None)
os.write(1, b"drawn")
print("printed")
claimed.restore()
claimed.restore()
for fd in (0, 1, 2):
    try:
        facts.append(bool(os.fstat(fd)) and os.isatty(fd))
    except OSError:
        facts.append("closed")
os.write({out}, repr(facts).encode())
"""


def report(terminal: Terminal, tmp_path: Path, shell: str) -> tuple[list[Any], bytes]:
    """What a claiming program found, started by a shell command line; and what its terminal showed."""
    result = tmp_path / "result"
    fd = os.open(result, os.O_WRONLY | os.O_CREAT)
    child = terminal.run(REPORT.format(out=fd), shell=shell, pass_fds=[fd], cwd=tmp_path)
    assert terminal.ended(child) == 0
    os.close(fd)
    facts: list[Any] = eval(result.read_text())
    return facts, terminal.shown


YES = [True, True, True]


def test_nothing_is_touched_where_all_three_are_the_terminal(terminal: Terminal, tmp_path: Path) -> None:
    facts, shown = report(terminal, tmp_path, "exec {}")
    assert facts == [YES, False, None, True, True, True]
    assert b"drawn" in shown


def test_a_pipe_on_stdin_becomes_data_and_the_keyboard_takes_its_place(terminal: Terminal, tmp_path: Path) -> None:
    facts, _ = report(terminal, tmp_path, "printf log-line | {}")
    assert facts == [YES, True, b"log-line", False, True, True]


def test_a_file_on_stdin_is_data_but_no_pipe(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "x.log").write_bytes(b"log-line")
    facts, _ = report(terminal, tmp_path, "exec {} <x.log")
    assert facts == [YES, False, b"log-line", False, True, True]


def test_the_null_device_on_stdin_is_no_data(terminal: Terminal, tmp_path: Path) -> None:
    facts, _ = report(terminal, tmp_path, "exec {} </dev/null")
    assert facts == [YES, False, None, False, True, True]


def test_redirected_output_goes_to_the_terminal_until_it_is_put_back(terminal: Terminal, tmp_path: Path) -> None:
    facts, shown = report(terminal, tmp_path, "printf log-line | {} >out 2>err")
    assert facts == [YES, True, b"log-line", False, False, False]
    assert b"drawn" in shown
    assert b"printed" in shown
    assert (tmp_path / "out").read_bytes() == b""


@pytest.mark.parametrize(
    ("closed", "after"),
    [
        ("<&-", ["closed", True, True]),
        (">&-", [True, "closed", True]),
        ("2>&-", [True, True, "closed"]),
        ("<&- >&- 2>&-", ["closed"] * 3),
    ],
)
def test_closed_descriptors_are_opened_for_the_time_and_closed_again(
    terminal: Terminal, tmp_path: Path, closed: str, after: list[object]
) -> None:
    facts, shown = report(terminal, tmp_path, f"exec {{}} {closed}")
    assert facts == [YES, False, None, *after]
    assert b"drawn" in shown


def test_without_a_terminal_there_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n" + REPORT.format(out=1)
    done = subprocess.run(
        [sys.executable, "-c", program], stdin=subprocess.DEVNULL, capture_output=True, start_new_session=True
    )
    assert done.returncode == 2
    assert done.stdout.startswith(b"none: no terminal to draw on")
    assert b"ssh -t" in done.stdout
    assert b"\n" not in done.stdout
    assert done.stderr == b""


def test_a_dumb_terminal_is_refused(terminal: Terminal, tmp_path: Path) -> None:
    child = terminal.run(REPORT.format(out=1), env={**os.environ, "TERM": "dumb"})
    assert terminal.ended(child) == 2
    assert b"TERM=dumb" in terminal.shown


GUARDED = """
import os, signal, sys, termios, threading, time
from tui.sources import terminal
terminal.WATCHDOG_S = {watchdog_s}
wished = threading.Event()
def leave(code):
    os.write(2, b"[wish %d]" % code)
    wished.set()
watch = terminal.guard(leave)
modes = termios.tcgetattr(0)
modes[3] &= ~(termios.ECHO | termios.ICANON)
termios.tcsetattr(0, termios.TCSANOW, modes)
os.write(2, b"\\x1b[?1049h[ready]")
{then}
"""
OBEY = """
while not wished.wait(0.02):
    pass
watch.release()
sys.exit(watch.code)
"""
STUCK = "time.sleep(30)\n" * 3


def guarded(terminal: Terminal, until: Wait, then: str, *, watchdog_s: float = 0.2, **options: Any) -> Any:
    child = terminal.run(GUARDED.format(then=then, watchdog_s=watchdog_s), **options)
    until(lambda: b"[ready]" in terminal.read())
    return child


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_a_signal_asks_the_program_to_leave_with_its_code(
    terminal: Terminal, until: Wait, number: int, code: int
) -> None:
    child = guarded(terminal, until, OBEY, watchdog_s=30)
    child.send_signal(number)
    assert terminal.ended(child) == code
    assert b"[wish %d]" % code in terminal.shown
    assert RESET.strip() not in terminal.shown


def test_a_program_that_is_stuck_is_ended_and_its_terminal_put_back(terminal: Terminal, until: Wait) -> None:
    before = termios.tcgetattr(terminal.slave)
    child = guarded(terminal, until, STUCK)
    assert termios.tcgetattr(terminal.slave) != before
    child.send_signal(signal.SIGTERM)
    assert terminal.ended(child) == 143
    assert terminal.shown.rstrip().endswith(RESET.rstrip())
    assert termios.tcgetattr(terminal.slave) == before


def test_a_second_signal_ends_at_once(terminal: Terminal, until: Wait) -> None:
    child = guarded(terminal, until, STUCK, watchdog_s=3600)
    child.send_signal(signal.SIGTERM)
    until(lambda: b"[wish 143]" in terminal.read())
    child.send_signal(signal.SIGINT)
    assert terminal.ended(child) == 143
    assert terminal.shown.rstrip().endswith(RESET.rstrip())


@pytest.mark.parametrize("then", [OBEY, STUCK], ids=["obeying", "stuck"])
def test_a_terminal_that_hangs_up_ends_a_program_that_ignores_the_signal(
    terminal: Terminal, until: Wait, then: str
) -> None:
    ignoring = "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n" + then
    child = guarded(terminal, until, ignoring)
    terminal.hang_up()
    assert child.wait(20) == 129


def test_a_terminal_that_is_stopped_does_not_hold_up_the_end(terminal: Terminal, until: Wait) -> None:
    child = guarded(terminal, until, STUCK)
    termios.tcflow(terminal.slave, termios.TCOOFF)
    child.send_signal(signal.SIGTERM)
    assert child.wait(20) == 143


def test_a_released_guard_puts_the_handlers_back(terminal: Terminal, until: Wait) -> None:
    then = "watch.release()\nos.write(2, b'[released]')\ntime.sleep(30)"
    child = guarded(terminal, until, then)
    until(lambda: b"[released]" in terminal.read())
    child.send_signal(signal.SIGTERM)
    assert terminal.ended(child) == -signal.SIGTERM
    assert b"[wish" not in terminal.shown


def test_keys_that_are_pressed_do_not_wake_the_guard(terminal: Terminal, until: Wait) -> None:
    then = "os.write(2, b'[got %s]' % os.read(0, 10))\nwatch.release()"
    child = guarded(terminal, until, then)
    os.write(terminal.master, b"jj")
    assert terminal.ended(child) == 0
    assert b"[got jj]" in terminal.shown
