"""A program on a pseudo-terminal, watched from outside: when what became visible, what it cost, how much was painted.

Unlike the Terminal of the tests it keeps the time of every piece of output, and replays them only when it must, so that
the watching takes no time away from the watched.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import signal
import struct
import termios
import threading
import time
from collections.abc import Sequence
from typing import Final, Self

from tests.emulator import CONTROL, Emulator
from tests.terminal import descendants

COLS: Final = 200
ROWS: Final = 50
QUIET_S: Final = 0.25
"""After so long without output the screen is looked at even when the bytes do not hold the text as it is."""
LOOK_S: Final = 0.002
CPU_CLOCK: Final = 2
"""Low bits of the kernel's clock id that counts the time a process has run, by its pid."""
ANSWERS: Final = ((re.compile(rb"\x1b\[0?c"), b"\x1b[?62;c"), (re.compile(rb"\x1b\[6n"), b"\x1b[1;1R"))


class Watched:
    """Runs argv on a terminal of 200 by 50; `with` ends it. Times are those of time.monotonic, in seconds."""

    def __init__(self, argv: Sequence[str]) -> None:
        self.pieces: list[tuple[float, bytes]] = []
        self.painted_bytes = 0
        self.ended = False
        self._emulator = Emulator(COLS, ROWS)
        self._fed = 0
        env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.started = time.monotonic()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            self._become(list(argv), env)
        self._set_size(self._fd)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @staticmethod
    def _set_size(fd: int) -> None:
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLS, 0, 0))

    def _become(self, argv: list[str], env: dict[str, str]) -> None:
        try:
            self._set_size(0)
            os.execvpe(argv[0], argv, env)
        finally:
            os._exit(127)

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._fd, 1 << 16)
            except OSError:
                data = b""
            if not data:
                self.ended = True
                return
            self.pieces.append((time.monotonic(), data))
            self.painted_bytes += len(data)
            for question, answer in ANSWERS:
                if question.search(data):
                    self.type(answer)

    def type(self, keys: bytes) -> None:
        with contextlib.suppress(OSError):
            os.write(self._fd, keys)

    # What can be seen

    def shown_s(self, text: str, timeout_s: float = 60.0, again: bytes = b"", every_s: float = 0.1) -> float | None:
        """Seconds from the start until the text was on the screen; None when it never was.

        The keys in `again` are pressed at once and every so often until then.
        """
        deadline, looked, pressed = time.monotonic() + timeout_s, 0, 0.0
        while (now := time.monotonic()) < deadline:
            if again and now - pressed >= every_s:
                pressed = now
                self.type(again)
            count = len(self.pieces)
            news = count > looked and text.encode() in CONTROL.sub(
                b"", b"".join(d for _, d in self.pieces[looked:count])
            )
            quiet = count > self._fed and now - self.pieces[count - 1][0] > QUIET_S
            looked = max(looked, count - 1)
            if news or quiet or (self.ended and count > self._fed):
                if (seen := self._replay(text, count)) is not None:
                    return seen - self.started
            elif self.ended:
                return None
            time.sleep(LOOK_S)
        return None

    def _replay(self, text: str, count: int) -> float | None:
        """Feed what has come; the time of the piece after which the text stood there."""
        while self._fed < count:
            at, data = self.pieces[self._fed]
            self._fed += 1
            self._emulator.feed(data)
            if text in self.screen():
                return at
        return None

    def screen(self) -> str:
        return "\n".join(self._emulator.lines())

    # What it costs

    def cpu_s(self) -> float:
        """CPU seconds of the program and of the processes below it that live."""
        spent = 0.0
        for pid in (self.pid, *descendants(self.pid)):
            with contextlib.suppress(OSError):
                spent += time.clock_gettime((~pid << 3) | CPU_CLOCK)
        return spent

    def memory_mib(self) -> float:
        """The most resident memory it has had, without the processes below it."""
        with contextlib.suppress(OSError), open(f"/proc/{self.pid}/status", encoding="ascii") as file:
            return next((int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM")), 0.0)
        return 0.0

    def memory_now_mib(self) -> float:
        """The resident memory of the largest among the program and the processes below it."""
        sizes = [0.0]
        for pid in (self.pid, *descendants(self.pid)):
            with contextlib.suppress(OSError), open(f"/proc/{pid}/statm", encoding="ascii") as file:
                sizes.append(int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20))
        return max(sizes)

    # The end

    def close(self) -> None:
        """End the program and what it started, by their pids."""
        pids = [self.pid, *descendants(self.pid)]
        for number in (signal.SIGTERM, signal.SIGKILL):
            for pid in pids:
                with contextlib.suppress(OSError):
                    os.kill(pid, number)
            deadline = time.monotonic() + 2
            while time.monotonic() < deadline:
                with contextlib.suppress(ChildProcessError):
                    if os.waitpid(self.pid, os.WNOHANG)[0]:
                        self._hang_up()
                        return
                time.sleep(0.005)

    def _hang_up(self) -> None:
        # a descriptor that is still being read must not be handed out again
        self._reader.join(1)
        if not self._reader.is_alive():
            os.close(self._fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
