"""The terminal as the place for keys and screen, whatever the shell put on descriptors 0, 1 and 2; and its rescue.

`claim_terminal` comes before anything that draws; `guard` sees to it that signals, a hung-up line and a stuck program
leave a usable terminal behind. Knows nothing of what draws.
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import select
import signal
import stat
import sys
import termios
import threading
import time
from collections.abc import Callable, Mapping
from types import FrameType, TracebackType
from typing import Any, Final

WATCHDOG_S: Final = 2.0
STOP_S: Final = 0.5
"""A stop that is going to happen has happened by then."""
RESET: Final = (
    b"\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?1016l\x1b[?2004l\x1b[?2048l\x1b[?1004l\x1b[?2026l"
    b"\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h\x1b[0m\r\n"
)
"""Mouse, paste, focus and size reports off, wrapping on, the keyboard and the main screen as they were."""

_SPARE_FD: Final = 10
_SIGNALS: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
_LEAVE_ALONE: Final = ("dumb", "unknown")


class NoTerminal(Exception):
    """There is no usable terminal; the text is one line and names what works without one."""


class Claimed:
    """Descriptors 0, 1 and 2 are the terminal until restore()."""

    def __init__(self, moved: Mapping[int, int | None]) -> None:
        self._moved = dict(moved)
        self.stdout_fd = moved.get(1)
        """The real standard output when it is no terminal."""
        self.stderr_fd = moved.get(2)
        data_fd = moved.get(0)
        self.data_fd = data_fd if data_fd is not None and _holds_data(data_fd) else None
        """A duplicate of the real standard input when that is a pipe, a socket or a file; the caller's to close."""

    @property
    def data_is_pipe(self) -> bool:
        """Whether something writes to us, as opposed to a file that may only be there by accident."""
        return self.data_fd is not None and not stat.S_ISREG(os.fstat(self.data_fd).st_mode)

    def restore(self) -> None:
        """Put the descriptors back; does nothing the second time."""
        moved, self._moved = self._moved, {}
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError, AttributeError):
                stream.flush()
        for fd, saved in moved.items():
            with contextlib.suppress(OSError):
                if saved is None:
                    os.close(fd)
                else:
                    os.dup2(saved, fd)
                    if fd != 0:
                        os.close(saved)


def claim_terminal(environ: Mapping[str, str] | None = None) -> Claimed:
    """Put the controlling terminal on descriptors 0, 1 and 2 where they are something else. Raises NoTerminal."""
    env = os.environ if environ is None else environ
    if env.get("TERM", "").lower() in _LEAVE_ALONE:
        raise NoTerminal(
            f"the terminal cannot draw a screen (TERM={env['TERM']}): use tracetail query or tracetail trace"
        )
    strangers = [fd for fd in (0, 1, 2) if not _is_terminal(fd)]
    tty = _open_terminal() if strangers else -1
    moved: dict[int, int | None] = {}
    for fd in strangers:
        try:
            moved[fd] = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, _SPARE_FD)
        except OSError:
            moved[fd] = None
        os.dup2(tty, fd)
    if tty >= 0:
        os.close(tty)
    _revive_streams()
    return Claimed(moved)


def _open_terminal() -> int:
    """The controlling terminal on a descriptor above the standard ones."""
    try:
        low = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        why = (error.strerror or "").lower()
        raise NoTerminal(
            f"no terminal to draw on ({why}): use ssh -t or kubectl exec -it, or tracetail query / trace without one"
        ) from None
    try:
        return fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, _SPARE_FD)
    finally:
        os.close(low)


def _is_terminal(fd: int) -> bool:
    try:
        return os.isatty(fd)
    except OSError:
        return False


def _holds_data(fd: int) -> bool:
    return not stat.S_ISCHR(os.fstat(fd).st_mode)


def _revive_streams() -> None:
    """Python leaves a stream None whose descriptor was closed at the start."""
    for fd, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, f"__{name}__") is None:
            stream = open(fd, "r" if fd == 0 else "w", closefd=False, errors="backslashreplace")  # noqa: SIM115
            setattr(sys, f"__{name}__", stream)
            setattr(sys, name, stream)


def guard(app_exit: Callable[[int], object]) -> Guard:
    """Watch over the terminal from now until release(); use from the main thread, before the screen is taken.

    On SIGTERM, SIGHUP, SIGINT and when the terminal hangs up, `app_exit(128 + signal)` is called, from a signal handler
    or another thread: it must only hand the wish on. When the program has not released the guard 2 s later, or a second
    signal comes, the terminal is reset and the process ends with that code.
    """
    return Guard(app_exit)


class Guard:
    """Also a context manager."""

    def __init__(self, app_exit: Callable[[int], object]) -> None:
        self.code: int | None = None
        """128 + the signal that asked us to leave; None so far."""
        self._app_exit = app_exit
        self._released = threading.Event()
        self._modes = _terminal_modes()
        self._previous: dict[int, Any] = {}
        for number in _SIGNALS:
            # a program started with hang-ups ignored still ends when its terminal is gone: see _await_hangup
            with contextlib.suppress(ValueError):
                self._previous[number] = signal.signal(number, self._on_signal)
        self._wake_read, self._wake_write = os.pipe()
        threading.Thread(target=self._await_hangup, name="terminal hang-up", daemon=True).start()

    def release(self) -> None:
        """The screen is put away: stop watching, put the signal handlers back."""
        if self._released.is_set():
            return
        self._released.set()
        with contextlib.suppress(OSError):
            os.write(self._wake_write, b"x")
        for number, handler in self._previous.items():
            with contextlib.suppress(ValueError, TypeError):
                signal.signal(number, handler)

    def __enter__(self) -> Guard:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del frame
        self._leave(128 + number)

    def _await_hangup(self) -> None:
        poll = select.poll()
        if _is_terminal(0):
            # an empty mask: only hang-up and error come back, never the keys
            poll.register(0, 0)
        poll.register(self._wake_read, select.POLLIN)
        while not self._released.is_set():
            happened = dict(poll.poll())
            if self._released.is_set():
                return
            if happened.get(0, 0) & (select.POLLHUP | select.POLLERR):
                self._leave(128 + signal.SIGHUP)
                return
            if 0 in happened:
                return  # this system cannot poll terminals

    def _leave(self, code: int) -> None:
        if self.code is not None:
            self._force(self.code)
        self.code = code
        threading.Thread(target=self._watch, name="terminal watchdog", daemon=True).start()
        with contextlib.suppress(Exception):
            self._app_exit(code)

    def _watch(self) -> None:
        if not self._released.wait(WATCHDOG_S) and self.code is not None:
            self._force(self.code)

    def _force(self, code: int) -> None:
        reset_terminal(self._modes)
        os._exit(code)


class LineSettings:
    """The terminal's line settings while the screen is drawn, kept against others that share the terminal.

    A producer in the same pipeline may put back what it found at its start when it ends, as Node does; keys would then
    be echoed and wait for Enter.
    """

    def __init__(self) -> None:
        self._ours = _terminal_modes()

    def release(self) -> None:
        """From now on they are others' again; for as soon as the screen is about to be put away."""
        self._ours = None

    def keep(self) -> bool:
        """Set them again if they were changed; whether they were. Never raises."""
        with contextlib.suppress(termios.error, OSError):
            if self._ours is not None and termios.tcgetattr(0) != self._ours:
                termios.tcsetattr(0, termios.TCSANOW, self._ours)
                return True
        return False


def stop_pipeline() -> None:
    """Stop all processes of our group, as ctrl+z should, and return once the shell lets them go on.

    Waits for that: the signal may reach the process by another thread, and this one would already draw again.
    """
    went_on = threading.Event()
    previous = {
        signal.SIGTSTP: signal.signal(signal.SIGTSTP, signal.SIG_DFL),
        signal.SIGCONT: signal.signal(signal.SIGCONT, lambda number, frame: went_on.set()),
    }
    try:
        os.killpg(0, signal.SIGTSTP)
        # without a shell that could let it go on, the kernel does not stop a group at all
        went_on.wait(STOP_S)
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def reset_terminal(modes: list[Any] | None = None) -> None:
    """Write the reset string and set the modes, without ever waiting for the terminal."""
    with contextlib.suppress(OSError, ValueError):
        # a description of our own: the flag must not stay on the one that the shell shares
        fd = os.open(_terminal_path(), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            _write_soon(fd, RESET)
            if modes is not None:
                # from the background this would stop us instead
                signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
                termios.tcsetattr(fd, termios.TCSANOW, modes)
        finally:
            os.close(fd)


def _write_soon(fd: int, data: bytes) -> None:
    deadline_s = time.monotonic() + 0.5
    while data and time.monotonic() < deadline_s:
        try:
            data = data[os.write(fd, data) :]
        except BlockingIOError:
            time.sleep(0.01)


def _terminal_path() -> str:
    for fd in (2, 1, 0):
        with contextlib.suppress(OSError):
            return os.ttyname(fd)
    return "/dev/tty"


def _terminal_modes() -> list[Any] | None:
    for fd in (0, 1, 2):
        with contextlib.suppress(termios.error, OSError, io.UnsupportedOperation):
            return termios.tcgetattr(fd)
    return None
