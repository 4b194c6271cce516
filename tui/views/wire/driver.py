"""Textual's driver with another way to the terminal: only what changed is sent, and nothing waits for the terminal.

PRIVATE, read in Textual 8.2.8, which is why it is pinned:
- App._display renders a whole update to one text and hands it to Driver.write in one call.
- Updates are moves `CSI row;column H`, text, SGR sequences that end with a reset, and line feeds between rows.
- LinuxDriver sends everything through write(); start_application_mode() begins and close() ends one use of the terminal.
- LinuxDriver._run_input_thread calls run_input_thread(), which reads self.fileno until self.exit_event is set, and
  disable_input() waits for that; XTermParser.feed and .tick give the events, tick those of keys whose time is up; while one may be, _timeout_time is set.
"""

from __future__ import annotations

import contextlib
import os
import select
from codecs import getincrementaldecoder
from collections.abc import Sequence
from typing import Any, Final

from rich.color import ColorSystem
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.strip import Strip

from tui.views.wire.frame import Frame, Placed
from tui.views.wire.memory import Abilities
from tui.views.wire.strips import StripReader
from tui.views.wire.writer import Writer

LOOK_AGAIN_MS: Final = 20
"""Whether what has begun like a key's sequence is a key by itself."""
OTHER_SCREEN: Final = "\x1b[?1049h"
KEYS_BYTES: Final = 4096


class ThriftyDriver(LinuxDriver):
    """Draws by changes, and sleeps until a key is pressed."""

    _writer: Writer | None = None
    _strips: StripReader | None = None
    _standing = False
    """Whether the other screen is there already, with a first screenful on it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)

    @property
    def sent_bytes(self) -> int:
        """All that was sent to the terminal in this use of it."""
        return self._writer.sent_bytes if self._writer is not None else 0

    def write(self, data: str) -> None:
        """Take a frame or anything else; never waits for the terminal."""
        assert self._writer is not None, "Driver must be in application mode"
        width, height = self._app.size
        self._writer.resize(width, height)
        if data == OTHER_SCREEN and self._standing:
            # some terminals clear it when it is asked for again
            self._standing = False
            return
        self._writer.write(data)

    def draw(self, row: int, column: int, strips: Sequence[Strip]) -> bool:
        """Take the lines of one place as they are, without a whole update around them; whether they could be taken."""
        if self._writer is None or self._strips is None or (stretches := self._strips.read(strips)) is None:
            return False
        width, height = self._app.size
        self._writer.resize(width, height)
        placed = (Placed(row + number, column, stretch) for number, stretch in enumerate(stretches))
        self._writer.draw(Frame(tuple(placed), None))
        return True

    def show(self) -> None:
        """The first whole frame is there: it may take the place of the screenful that stood on the terminal before."""
        if self._writer is not None:
            self._writer.hold(False)

    def redraw(self) -> None:
        """Send the whole screen again: somebody else may have drawn on it."""
        if self._writer is not None:
            self._writer.doubt()

    def start_application_mode(self) -> None:
        """Start with a terminal of which nothing is known."""
        width, height = self._app.size
        self._writer = Writer(self._screen_fd(), width, height, abilities(os.environ.get("TERM", "")))
        self._strips = StripReader(self._writer.reader, self._app.console._color_system or ColorSystem.TRUECOLOR)
        self._standing = getattr(self._app, "standing", False)
        self._writer.hold(self._standing)
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual's own has no types here

    def _screen_fd(self) -> int:
        assert self._file is not None
        return self._file.fileno()

    def close(self) -> None:
        super().close()
        if self._writer is not None:
            self._writer.close()

    def disable_input(self) -> None:
        """Stop reading keys."""
        os.write(self._wake_write, b"x")
        super().disable_input()

    def run_input_thread(self) -> None:
        """Read keys until the end of input, without looking up in between."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        with contextlib.suppress(BlockingIOError):
            os.read(self._wake_read, KEYS_BYTES)  # what was meant for the reader before us
        poll = select.poll()
        poll.register(self.fileno, select.POLLIN)
        poll.register(self._wake_read, select.POLLIN)
        if typed := self._typed_before():
            for event in parser.feed(decode(typed)):
                self.process_message(event)
        while not self.exit_event.is_set():
            unfinished = parser._timeout_time is not None
            ready = dict(poll.poll(LOOK_AGAIN_MS if unfinished else None))
            if self._wake_read in ready:
                # the end is said a moment after we were woken for it
                self.exit_event.wait()
                return
            if self.fileno in ready:
                data = b""
                with contextlib.suppress(OSError):
                    data = os.read(self.fileno, KEYS_BYTES)
                if not data:
                    return  # the terminal is gone
                for event in parser.feed(decode(data)):
                    self.process_message(event)
            for event in parser.tick():
                self.process_message(event)

    def _typed_before(self) -> bytes:
        """What was read from the terminal before we were there; once."""
        typed: bytes = getattr(self._app, "typed", b"")
        if typed:
            self._app.typed = b""  # type: ignore[attr-defined]
        return typed


class WholeDriver(LinuxDriver):
    """Textual's own way to the terminal, with what is sent counted."""

    sent_bytes = 0

    def write(self, data: str) -> None:
        """Send it as it is."""
        self.sent_bytes += len(data.encode("utf-8", "replace"))
        super().write(data)


def abilities(terminal: str) -> Abilities:
    """What the terminal of this name can do, by the system's own table; nothing special when it is not in there."""
    import curses

    try:
        with open(os.devnull, "wb") as nowhere:
            curses.setupterm(terminal, nowhere.fileno())
    except curses.error:
        return Abilities()
    known = curses.tigetstr
    return Abilities(
        scrolls=bool(known("csr")) and known("indn") == b"\x1b[%p1%dS" and known("rin") == b"\x1b[%p1%dT",
        erases=known("ech") == b"\x1b[%p1%dX" and known("el") == b"\x1b[K",
        erases_coloured=curses.tigetflag("bce") > 0,
    )
