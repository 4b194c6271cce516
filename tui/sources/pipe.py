"""Standard input, or any other pipe: always drained, whatever the rest of the program is doing.

Delivered bytes belong to the receiver; keeping them within bounds is its business.
"""

from __future__ import annotations

import fcntl
import os
import select
import stat
import threading
import time
from collections.abc import Callable
from typing import Final

from tui.record import Chunk
from tui.sources.spec import State, Status

PIPE_BYTES: Final = 1 << 20
IDLE_AFTER_S: Final = 10.0
REST_S: Final = 0.01
BURST_BYTES: Final = 32 << 10


class PipeSource:
    """Reads a descriptor, or opens a path and reads it, in a daemon thread until its end."""

    def __init__(
        self,
        fd: int | str,
        name: str = "stdin",
        *,
        deliver: Callable[[Chunk], None],
        changed: Callable[[Status], None],
    ) -> None:
        """Takes over a descriptor; a path is opened in the thread, because opening a named pipe waits for a writer."""
        self.name = name
        self._fd = fd
        self._deliver = deliver
        self._changed = changed
        self._said: State | None = None
        self._bytes = 0
        self._stopping = False
        self._wake_read, self._wake_write = os.pipe()
        self._thread = threading.Thread(target=self._run, name=f"pipe {name}", daemon=True)

    def start(self) -> None:
        self._say(State.CONNECTING, "waiting for input")
        self._thread.start()

    def stop(self) -> None:
        """End the thread, soon; the writer of the pipe gets SIGPIPE at its next line."""
        self._stopping = True
        try:
            os.write(self._wake_write, b"x")
        except OSError:
            return
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(1.0)

    def _run(self) -> None:
        fd = -1
        try:
            fd = self._fd if isinstance(self._fd, int) else os.open(self._fd, os.O_RDONLY | os.O_CLOEXEC)
            _widen(fd)
            self._drain(fd)
        except OSError as error:
            if not self._stopping:
                self._say(State.FAILED, f"cannot be read: {(error.strerror or 'input error').lower()}")
        finally:
            if fd >= 0:
                os.close(fd)

    def _drain(self, fd: int) -> None:
        poll = select.poll()
        poll.register(fd, select.POLLIN)
        poll.register(self._wake_read, select.POLLIN)
        pausable = stat.S_ISFIFO(os.fstat(fd).st_mode)
        while not self._stopping:
            if not poll.poll(IDLE_AFTER_S * 1000):
                if self._bytes:
                    self._say(State.IDLE, "")
                continue
            if self._stopping:
                return
            try:
                data = os.read(fd, PIPE_BYTES)
            except BlockingIOError:
                continue
            if not data:
                self._say(State.ENDED, f"ended after {self._bytes:,} bytes".replace(",", " "))
                return
            self._bytes += len(data)
            self._say(State.LIVE, "")
            self._deliver(Chunk(data, time.time_ns()))
            if pausable and len(data) < BURST_BYTES:
                # a line at a time would cost a wake-up each; the pipe holds what comes meanwhile
                time.sleep(REST_S)

    def _say(self, state: State, detail: str) -> None:
        if state is not self._said:
            self._said = state
            self._changed(Status(state, detail, time.time_ns()))


def _widen(fd: int) -> None:
    """Give the writer more room before it has to wait; where that cannot be, it is as it was."""
    command = getattr(fcntl, "F_SETPIPE_SZ", None)
    if command is not None:
        try:
            fcntl.fcntl(fd, command, PIPE_BYTES)
        except OSError:
            return
