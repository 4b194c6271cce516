"""The thread that writes to the terminal, which may take as long as it likes: what waits for it is at most one frame.

While the terminal does not read, newer frames take the place of older ones; the thread sends the difference between
what was sent before and what should be seen at the moment of sending. Modes, titles and the clipboard keep their order.
"""

from __future__ import annotations

import os
import threading
from typing import Final

from tui.lazy import Lazy
from tui.views.wire.frame import Frame, FrameReader
from tui.views.wire.memory import Abilities, Memory

SYNC_START: Final = "\x1b[?2026h"
SYNC_END: Final = "\x1b[?2026l"
HARMLESS: Final = Lazy(
    "(?:\x1b\\[[?<>=][\\d;]*(?:\\$p|[hlu])"  # modes and questions about them, the keyboard
    "|\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)"  # titles, the clipboard, the pointer's shape
    "|\x07)+"
)
"""What draws nothing and does not move the cursor."""
CLEARING: Final = Lazy("\x1b\\[\\?(?:47|1047|1049)[hl]")


class Writer:
    """Takes what should be written, at once; writes it to a descriptor from a daemon thread of its own."""

    def __init__(self, fd: int, width: int, height: int, abilities: Abilities) -> None:
        self._fd = fd
        self._abilities = abilities
        self.reader = FrameReader()
        self._memory = Memory(width, height, abilities)
        self._others: list[str] = []
        """What is no frame and comes before the next one."""
        self._in_step = False
        """Whether the terminal shows a frame at once, when it is asked to."""
        self._news = threading.Condition()
        self.sent_bytes = 0
        self._held = False
        """Whether frames wait until the first whole one is there."""
        self._ending = False
        self._thread = threading.Thread(target=self._run, name="screen", daemon=True)
        self._thread.start()

    def write(self, text: str) -> None:
        """Have a text written that is a frame of the screen or anything else; never waits."""
        with self._news:
            if text == SYNC_START:
                self._in_step = True
            elif text != SYNC_END:
                self._take(text)
                self._news.notify()

    def draw(self, frame: Frame) -> None:
        """Have a frame drawn that was read already; never waits."""
        with self._news:
            self._memory.take(frame)
            self._news.notify()

    def resize(self, width: int, height: int) -> None:
        """The terminal has another size now; what it shows is not known."""
        with self._news:
            if (width, height) != (self._memory.width, self._memory.height):
                self._memory = Memory(width, height, self._abilities)

    def hold(self, held: bool) -> None:
        """Send no frames for now, because what stands on the terminal is better than a screen without lines; or do."""
        with self._news:
            self._held = held
            self._news.notify()

    def doubt(self) -> None:
        """Somebody else has drawn on the terminal: write everything again."""
        with self._news:
            self._memory.doubt()
            self._news.notify()

    def close(self) -> None:
        """Write what waits, then end; waits for the terminal."""
        with self._news:
            self._ending, self._held = True, False
            self._news.notify()
        self._thread.join()

    def _take(self, text: str) -> None:
        if (frame := self.reader.read(text)) is not None:
            self._memory.take(frame)
            return
        if HARMLESS.fullmatch(text):
            if CLEARING.search(text):
                self._memory.forget()
        else:
            # whatever it draws, it comes after what has been drawn so far
            self._others.append(self._memory.changes())
            self._memory.forget()
        self._others.append(text)

    def _run(self) -> None:
        while True:
            with self._news:
                while not (self._others or (self._memory.dirty and not self._held) or self._ending):
                    self._news.wait()
                changes = "" if self._held else self._memory.changes()
                if changes and self._in_step:
                    changes = SYNC_START + changes + SYNC_END
                data = "".join([*self._others, changes]).encode("utf-8", "backslashreplace")
                self._others.clear()
                if not data and self._ending:
                    return
            try:
                while data:
                    taken = os.write(self._fd, data)
                    self.sent_bytes += taken
                    data = data[taken:]
            except OSError:
                return  # the terminal is gone: there is nobody to write for
