"""Real pipes, always drained."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tui.record import Chunk
from tui.sources.pipe import PipeSource
from tui.sources.spec import State, Status

if TYPE_CHECKING:
    from tests.sources.conftest import Wait


class Piped:
    """A running PipeSource and what came out of it."""

    def __init__(self, fd: int | str, deliver: Callable[[Chunk], None] | None = None) -> None:
        self.chunks: list[Chunk] = []
        self.said: list[Status] = []
        self.source = PipeSource(fd, deliver=deliver or self.chunks.append, changed=self.said.append)
        self.source.start()

    def data(self) -> bytes:
        return b"".join(chunk.data for chunk in self.chunks)

    def states(self) -> list[State]:
        return [status.state for status in self.said]

    def ended(self) -> bool:
        return self.states()[-1] in (State.ENDED, State.FAILED)


def test_bytes_arrive_as_they_are_and_the_end_is_said(until: Wait) -> None:
    read, write = os.pipe()
    piped = Piped(read)
    os.write(write, b"one\ntw")
    until(lambda: piped.data() == b"one\ntw")
    os.write(write, b"o\xff\0")
    os.close(write)
    until(piped.ended)
    assert piped.data() == b"one\ntwo\xff\0"
    assert piped.states() == [State.CONNECTING, State.LIVE, State.ENDED]
    assert piped.said[-1].detail == "ended after 9 bytes"
    assert all(chunk.arrival_ns > 1_600_000_000 * 10**9 for chunk in piped.chunks)


def test_a_pipe_without_a_byte_ends_at_once(until: Wait) -> None:
    read, write = os.pipe()
    os.close(write)
    piped = Piped(read)
    until(piped.ended)
    assert piped.states() == [State.CONNECTING, State.ENDED]


def test_a_fast_producer_loses_nothing(until: Wait) -> None:
    program = "import sys; [sys.stdout.write('event with some text %07d\\n' % n) for n in range(200000)]"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as producer:
        assert producer.stdout
        piped = Piped(os.dup(producer.stdout.fileno()))
        producer.stdout.close()
        until(piped.ended)
    lines = piped.data().splitlines()
    assert len(lines) == 200_000
    assert lines[-1].endswith(b"0199999")


def test_a_regular_file_is_read_to_its_end(tmp_path: Path, until: Wait) -> None:
    data = os.urandom(3 << 20)
    (tmp_path / "x").write_bytes(data)
    piped = Piped(os.open(tmp_path / "x", os.O_RDONLY))
    until(piped.ended)
    assert piped.data() == data


def test_a_named_pipe_is_opened_without_holding_anybody_up(tmp_path: Path, until: Wait) -> None:
    os.mkfifo(tmp_path / "fifo")
    piped = Piped(str(tmp_path / "fifo"))
    with (tmp_path / "fifo").open("wb") as writer:
        writer.write(b"line\n")
    until(piped.ended)
    assert piped.data() == b"line\n"


def test_a_pipe_that_is_set_not_to_wait_is_read_all_the_same(until: Wait) -> None:
    read, write = os.pipe()
    os.set_blocking(read, False)
    piped = Piped(read)
    os.write(write, b"one\n")
    until(lambda: piped.data() == b"one\n")
    os.close(write)
    until(piped.ended)


def test_what_cannot_be_read_fails_with_plain_words(tmp_path: Path, until: Wait) -> None:
    piped = Piped(os.open(tmp_path, os.O_RDONLY))
    until(piped.ended)
    assert piped.said[-1] == Status(State.FAILED, "cannot be read: is a directory", piped.said[-1].since_ns)
    missing = Piped(str(tmp_path / "missing"))
    until(missing.ended)
    assert "no such file" in missing.said[-1].detail


def test_stopping_ends_the_thread_while_nothing_comes_and_the_writer_notices() -> None:
    read, write = os.pipe()
    piped = Piped(read)
    piped.source.stop()
    assert not any(thread.name == "pipe stdin" for thread in threading.enumerate())
    with pytest.raises(BrokenPipeError):
        os.write(write, b"x")
    os.close(write)


def test_silence_is_idle(until: Wait, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.sources.pipe.IDLE_AFTER_S", 0.05)
    read, write = os.pipe()
    piped = Piped(read)
    os.write(write, b"one\n")
    until(lambda: State.IDLE in piped.states())
    os.write(write, b"two\n")
    until(lambda: piped.states()[-2:] != [State.LIVE, State.IDLE] or piped.data() == b"one\ntwo\n")
    os.close(write)
    until(piped.ended)
    assert piped.data() == b"one\ntwo\n"
