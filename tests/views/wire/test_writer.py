"""What reaches the terminal, and what waits for it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest

from tests.emulator import Emulator
from tests.terminal import wait_until
from tui.views.wire.memory import Abilities
from tui.views.wire.writer import SYNC_END, SYNC_START, Writer

COLS, ROWS = 40, 10
PIPE_BYTES = 4096


class Screen:
    """The other end of a pipe: reads only when it is told to."""

    def __init__(self) -> None:
        self.read_fd, self.write_fd = os.pipe()
        self.emulator = Emulator(COLS, ROWS)
        self.received = b""

    def read(self) -> None:
        os.set_blocking(self.read_fd, False)
        while True:
            try:
                data = os.read(self.read_fd, 1 << 16)
            except BlockingIOError:
                return
            if not data:
                return
            self.received += data
            self.emulator.feed(data)

    def shows(self, text: str) -> bool:
        self.read()
        return text in "\n".join(self.emulator.lines())


@pytest.fixture
def screen() -> Iterator[Screen]:
    screen = Screen()
    yield screen
    for fd in (screen.read_fd, screen.write_fd):
        os.close(fd)


def frame(*lines: str) -> str:
    return "\n".join(f"\x1b[{row};1H{line:<{COLS}}" for row, line in enumerate(lines, 1)) + "\x1b[1;1H"


def whole(number: int) -> str:
    texts = (f"frame {number} row {row}" for row in range(ROWS))
    return frame(*(f"\x1b[38;2;1;2;{number % 256}m{text}\x1b[0m{' ' * (COLS - len(text))}" for text in texts))


def test_while_the_terminal_does_not_read_newer_frames_take_the_place_of_older_ones(screen: Screen) -> None:
    writer = Writer(screen.write_fd, COLS, ROWS, Abilities())
    one = len(whole(0))
    for number in range(5000):
        writer.write(whole(number))
    wait_until(lambda: screen.shows("frame 4999 row 9"))
    # what filled the pipe, the frame that was being written, and the last one
    assert len(screen.received) < (1 << 16) + 4 * one
    writer.close()


def test_writing_never_waits(screen: Screen) -> None:
    writer = Writer(screen.write_fd, COLS, ROWS, Abilities())

    def draw() -> None:
        for number in range(3000):
            writer.write(whole(number))

    drawing = threading.Thread(target=draw, daemon=True)
    drawing.start()
    drawing.join(20)
    assert not drawing.is_alive()
    screen.read()
    wait_until(lambda: screen.shows("frame 2999"))
    writer.close()


def test_a_frame_that_shows_the_same_again_sends_nothing(screen: Screen) -> None:
    writer = Writer(screen.write_fd, COLS, ROWS, Abilities())
    writer.write(whole(1))
    wait_until(lambda: screen.shows("frame 1 row 9"))
    before = len(screen.received)
    for _ in range(3):
        writer.write(SYNC_START)
        writer.write(whole(1))
        writer.write(SYNC_END)
    writer.close()
    screen.read()
    assert len(screen.received) == before


def test_frames_are_shown_at_once_where_the_terminal_can(screen: Screen) -> None:
    writer = Writer(screen.write_fd, COLS, ROWS, Abilities())
    writer.write(SYNC_START)
    writer.write(frame("hello"))
    writer.write(SYNC_END)
    writer.close()
    screen.read()
    assert screen.received.startswith(SYNC_START.encode())
    assert screen.received.endswith(SYNC_END.encode())


def test_modes_and_the_clipboard_keep_their_order_and_nothing_is_drawn_after_the_screen_was_left(
    screen: Screen,
) -> None:
    writer = Writer(screen.write_fd, COLS, ROWS, Abilities())
    orders = ["\x1b[?1049h", "\x1b[?1000h\x1b[?1003h", "\x1b[>13u", "\x1b]52;c;aGk=\x07", "\x1b[?2026$p", "\x07"]
    for order in orders:
        writer.write(order)
    writer.write(frame("seen"))
    for order in ("\x1b[?7h", "\x1b[<u", "\x1b[?1049l", "\x1b[?25h"):
        writer.write(order)
    writer.close()
    screen.read()
    assert screen.received.startswith("".join(orders).encode())
    assert screen.received.endswith(b"\x1b[?1049l\x1b[?25h")
    assert not screen.shows("seen")


def test_what_is_no_frame_is_sent_as_it_is_between_what_was_drawn_before_and_after(screen: Screen) -> None:
    writer = Writer(screen.write_fd, COLS, ROWS, Abilities())
    writer.write(frame("first", "second"))
    writer.write("\x1b[2J\x1b[3;1Hthird")
    writer.write(frame("first"))
    writer.close()
    screen.read()
    assert screen.emulator.lines()[:4] == ["first", "", "third", ""]


def test_all_is_sent_again_when_somebody_else_may_have_drawn(screen: Screen) -> None:
    writer = Writer(screen.write_fd, COLS, ROWS, Abilities())
    writer.write(frame("ours"))
    wait_until(lambda: screen.shows("ours"))
    screen.emulator.feed(b"\x1b[1;1Hfrom elsewhere")
    writer.write(frame("ours"))
    writer.doubt()
    writer.close()
    assert screen.shows("ours")
    assert not screen.shows("elsewhere")


def test_after_another_size_nothing_is_taken_for_known(screen: Screen) -> None:
    writer = Writer(screen.write_fd, COLS, ROWS, Abilities())
    writer.write(frame("ours"))
    wait_until(lambda: screen.shows("ours"))
    before = len(screen.received)
    writer.resize(COLS, ROWS + 1)
    writer.write(frame("ours"))
    writer.close()
    screen.read()
    assert len(screen.received) - before >= len("ours")


def test_a_terminal_that_is_gone_ends_the_writing(screen: Screen) -> None:
    read_fd, write_fd = os.pipe()
    writer = Writer(write_fd, COLS, ROWS, Abilities())
    os.close(read_fd)
    for number in range(10):
        writer.write(whole(number))
    writer.close()
    os.close(write_fd)
