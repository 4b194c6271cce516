"""A program in a real pseudo-terminal: press its keys, read its screen, see what it leaves behind.

    with Terminal(tracetail("app.log")) as terminal:
        terminal.wait_for("FOLLOW")
        terminal.press("t")

The terminal answers no queries. Waiting is for a condition; the time limits only end a test that has failed.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Self, TypeVar

from rich.cells import cell_len

from tests.emulator import Emulator

T = TypeVar("T")
Wanted = str | re.Pattern[str] | Callable[[str], object]

LONG_S = 20.0
"""For what should happen at once; generous because machines that run tests are slow at times."""
KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "space": " ",
    "backspace": "\x7f",
    "delete": "\x1b[3~",
    "insert": "\x1b[2~",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
}
CURSOR_KEYS = {"up": "A", "down": "B", "right": "C", "left": "D", "home": "H", "end": "F"}


def tracetail(*arguments: str) -> list[str]:
    """The command line that runs the tested package with these arguments, from any folder."""
    return [sys.executable, "-P", "-m", "tui", *arguments]


def wait_until(condition: Callable[[], T], timeout: float = LONG_S, what: str = "") -> T:
    """Poll until the condition is true and return its value; AssertionError after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout:g} s: {what or getattr(condition, '__name__', condition)}")
        time.sleep(0.02)
    return value


def descendants(pid: int) -> dict[int, str]:
    """Command lines of the processes below this one, by pid; empty where there is no /proc."""
    found: dict[int, str] = {}
    for child in _words(f"/proc/{pid}/task/{pid}/children"):
        found[int(child)] = _command_line(int(child))
        found |= descendants(int(child))
    return found


def _command_line(pid: int) -> str:
    return " ".join(_words(f"/proc/{pid}/cmdline", "\0")).rstrip()


def _words(path: str, separator: str | None = None) -> list[str]:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().split(separator)
    except OSError:
        return []


class Terminal:
    """Runs argv with a pseudo-terminal of its own as controlling terminal, drained by a thread.

    `stdin`, `stdout`, `stderr` are descriptors to use in place of the terminal; in `env`, None removes a variable.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        cols: int = 120,
        rows: int = 40,
        env: Mapping[str, str | None] | None = None,
        stdin: int | None = None,
        stdout: int | None = None,
        stderr: int | None = None,
        cwd: str | os.PathLike[str] | None = None,
    ) -> None:
        self.argv = list(argv)
        self._emulator = Emulator(cols, rows)
        self._received = bytearray()
        self._fed = 0
        self._news = threading.Condition()
        self._closing = False
        self._reads = threading.Event()
        self._reads.set()
        # The other end stays open here, so that the last output and the line settings outlive the program.
        self._master, self._slave = pty.openpty()
        self._set_size(cols, rows)
        self._fresh = termios.tcgetattr(self._slave)
        chosen = [self._slave if fd is None else fd for fd in (stdin, stdout, stderr)]
        try:
            self.process = subprocess.Popen(
                self.argv,
                stdin=chosen[0],
                stdout=chosen[1],
                stderr=chosen[2],
                env=_environment(env or {}),
                cwd=cwd,
                start_new_session=True,
                pass_fds=(self._slave,),
                preexec_fn=self._take_terminal,
            )
        except OSError:
            self._close_descriptors()
            raise
        self._reader = threading.Thread(target=self._drain, name="terminal", daemon=True)
        self._reader.start()

    def _take_terminal(self) -> None:
        fcntl.ioctl(self._slave, termios.TIOCSCTTY, 0)
        fcntl.fcntl(self._slave, fcntl.F_SETFD, fcntl.FD_CLOEXEC)

    def _set_size(self, cols: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def _drain(self) -> None:
        while not self._closing:
            self._reads.wait()
            try:
                if not select.select([self._master], [], [], 0.05)[0]:
                    continue
                data = os.read(self._master, 1 << 16)
            except (OSError, ValueError):
                return
            with self._news:
                self._received += data
                self._news.notify_all()

    # What the user does

    def press(self, *keys: str) -> None:
        """Press keys by name: `t`, `enter`, `ctrl+c`, `shift+tab`, `up`, `f5`…"""
        for key in keys:
            self._write(self._key(key))
            if key == "escape":
                # A terminal tells the Escape key from the start of a sequence by the silence after it.
                time.sleep(0.2)

    def _key(self, key: str) -> str:
        if key in CURSOR_KEYS:
            with self._news:
                self._catch_up()
                return ("\x1bO" if self._emulator.mode(1) else "\x1b[") + CURSOR_KEYS[key]
        if key in KEYS or len(key) == 1:
            return KEYS.get(key, key)
        if number := re.fullmatch(r"f([1-4])", key):
            return "\x1bO" + "PQRS"[int(number[1]) - 1]
        if number := re.fullmatch(r"f([5-9]|1[0-2])", key):
            return f"\x1b[{(15, 17, 18, 19, 20, 21, 23, 24)[int(number[1]) - 5]}~"
        if control := re.fullmatch(r"ctrl\+([a-z\[\\\]^_@])", key):
            return chr(ord(control[1].upper()) & 0x1F)
        if alt := re.fullmatch(r"alt\+(.)", key):
            return "\x1b" + alt[1]
        raise ValueError(f"no key named {key!r}")

    def type(self, text: str) -> None:
        self._write(text)

    def click(self, text: str) -> None:
        """Press and release the left mouse button on the first place where the screen shows this text."""
        lines = self.wait_for(text).split("\n")
        row = next(number for number, line in enumerate(lines, 1) if text in line)
        before, _, _ = lines[row - 1].partition(text)
        place = f"{cell_len(before) + 1};{row}"
        self._write(f"\x1b[<0;{place}M\x1b[<0;{place}m")

    def _write(self, text: str) -> None:
        data = text.encode()
        while data:
            data = data[os.write(self._master, data) :]

    def resize(self, cols: int, rows: int) -> None:
        with self._news:
            self._catch_up()
            self._emulator.resize(cols, rows)
        self._set_size(cols, rows)

    def scribble(self, text: str) -> None:
        """Have another program write to the terminal."""
        os.write(self._slave, text.encode())

    def idle(self, seconds: float) -> bool:
        """Whether the program writes nothing for so long."""
        with self._news:
            seen = len(self._received)
            return not self._news.wait_for(lambda: len(self._received) > seen, seconds)

    def stall(self) -> None:
        """Read nothing from the program, as a terminal does that was stopped, until go_on()."""
        self._reads.clear()

    def go_on(self) -> None:
        """Read again."""
        self._reads.set()

    def hang_up(self) -> None:
        """Take the terminal away, as a broken ssh connection does."""
        self._closing = True
        self._reads.set()
        self._reader.join()
        self._close_descriptors()

    # What the user sees

    def screen(self) -> str:
        """The text on the screen, without blanks at the ends of lines."""
        with self._news:
            self._catch_up()
            return "\n".join(self._emulator.lines())

    def _catch_up(self) -> None:
        new, self._fed = bytes(self._received[self._fed :]), len(self._received)
        self._emulator.feed(new)

    @property
    def output(self) -> bytes:
        """Every byte the terminal has received."""
        with self._news:
            return bytes(self._received)

    def wait_for(self, wanted: Wanted, timeout: float = LONG_S) -> str:
        """The screen once it shows a text, a pattern or whatever a function of it says is true."""
        return self._wait(lambda screen: _shows(screen, wanted), f"never shown: {_name(wanted)}", timeout)

    def wait_gone(self, unwanted: Wanted, timeout: float = LONG_S) -> str:
        return self._wait(lambda screen: not _shows(screen, unwanted), f"still shown: {_name(unwanted)}", timeout)

    def _wait(self, done: Callable[[str], bool], complaint: str, timeout: float) -> str:
        deadline = time.monotonic() + timeout
        while True:
            ended = self.exit_code is not None and self._quiet()
            seen = len(self._received)
            if done(screen := self.screen()):
                return screen
            if ended or time.monotonic() > deadline:
                raise AssertionError(f"{complaint}\n{self.report()}")
            with self._news:
                self._news.wait_for(lambda: len(self._received) > seen, 0.1)  # noqa: B023  # called within this turn

    def _quiet(self) -> bool:
        return not select.select([self._master], [], [], 0.05)[0] if not self._closing else True

    def report(self) -> str:
        """All that helps to understand a failure: the command, its state, the screen, the last bytes."""
        code = self.exit_code
        state = "running" if code is None else f"exit code {code}"
        frame = "─" * self._emulator.cols
        return f"{' '.join(self.argv)} ({state})\n{frame}\n{self.screen()}\n{frame}\nlast bytes: {self.output[-200:]!r}"

    @property
    def title(self) -> str:
        with self._news:
            self._catch_up()
            return self._emulator.title

    # The end

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative when a signal ended it, as in subprocess."""
        return self.process.poll()

    def wait_exit(self, timeout: float = LONG_S) -> int:
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {timeout:g} s\n{self.report()}") from None
        wait_until(self._quiet)
        return code

    def kill(self, number: int = signal.SIGTERM, *, named: str | None = None) -> None:
        """Signal the program, or every process below it whose command line contains `named` (inside a pipeline)."""
        pids = [self.process.pid] if named is None else self.wait_process(named)
        for pid in pids:
            os.kill(pid, number)

    def wait_process(self, named: str) -> list[int]:
        """Ids of the processes below the program whose command line contains `named`, once there are any."""

        def found() -> list[int]:
            return [pid for pid, line in self.processes().items() if named in line]

        return wait_until(found, what=f"a process named {named!r}")

    def processes(self) -> dict[int, str]:
        """Command lines below the program, by pid, without the shell's own copies that are about to become others."""
        own = _command_line(self.process.pid)
        return {pid: line for pid, line in descendants(self.process.pid).items() if line != own}

    def left_behind(self) -> list[str]:
        """What the program did not put back: terminal modes by name, line settings."""
        with self._news:
            self._catch_up()
            wrong = self._emulator.left_on()
        return wrong + ([] if termios.tcgetattr(self._slave) == self._fresh else ["line settings"])

    def modes_restored(self) -> bool:
        """Whether screen, mouse, cursor, keyboard and line settings are as the program found them."""
        return not self.left_behind()

    def close(self) -> None:
        """End what this terminal started, by its process group, and give the terminal back."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self.process.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.process.pid, number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.wait(3)
        # Members of a pipeline can outlive its shell.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        if not self._closing:
            self.hang_up()

    def _close_descriptors(self) -> None:
        for fd in (self._slave, self._master):
            os.close(fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _environment(changes: Mapping[str, str | None]) -> dict[str, str]:
    env: dict[str, str | None] = {**os.environ, "TERM": "xterm-256color", "COLUMNS": None, "LINES": None, **changes}
    return {name: value for name, value in env.items() if value is not None}


def _shows(screen: str, wanted: Wanted) -> bool:
    if isinstance(wanted, str):
        return wanted in screen
    return bool(wanted.search(screen) if isinstance(wanted, re.Pattern) else wanted(screen))


def _name(wanted: Wanted) -> str:
    return repr(wanted) if isinstance(wanted, str) else getattr(wanted, "pattern", getattr(wanted, "__name__", "?"))
