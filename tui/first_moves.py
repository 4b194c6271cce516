"""The first keys answered while the viewer is still being loaded: moves among the records that can be read at once.

Only draws. Every key is kept and given to the viewer, which does the same again and more. With the first key that is
no move, or that leads beyond what can be read at once, the drawing ends and whatever is typed waits for the viewer.
"""

from __future__ import annotations

import os
import select
import sys
import threading
from collections.abc import Sequence

from tui.first_screen import FirstScreen, Sight, rows_of, write
from tui.record import Drawn
from tui.store.order import Entry
from tui.typed import Final

HOME: Final = "\x1b[H"
KEYS: Final = {
    b"j": "down",
    b"\x1b[B": "down",
    b"k": "up",
    b"\x1b[A": "up",
    b" ": "page-down",
    b"\x1b[6~": "page-down",
    b"\x04": "page-down",
    b"b": "page-up",
    b"\x1b[5~": "page-up",
    b"\x15": "page-up",
    b"g": "top",
    b"\x1b[H": "top",
    b"\x1b[1~": "top",
    b"G": "bottom",
    b"\x1b[F": "bottom",
    b"\x1b[4~": "bottom",
}
"""What terminals send for the keys of our moves, and the actions that these are in the viewer."""
READ_BYTES: Final = 4096
SCREENS: Final = 3
"""So many screenfuls are read where somebody moves."""
SWITCH_S: Final = 0.001
"""So long may the loading keep a key waiting."""
ANSWER_S: Final = 0.1
"""So long may a key keep the loading waiting."""


class Moves:
    """The records at one end of the files, with a current one, on a screen of some rows."""

    def __init__(self, sight: Sight) -> None:
        self._sight = sight
        self._height = sight.height
        self._entries: Sequence[Entry] = ()
        self._screens = 0
        """So many screenfuls are read."""
        self._at_end, self._whole = True, False
        self._top = self._current = 0

    def press(self, action: str) -> bool:
        """Do a move; whether it stays among what is read."""
        if action in ("top", "bottom"):
            self._go_to_edge(at_end=action == "bottom")
            return True
        if self._screens < SCREENS:
            self._read_more()
        step = 1 if action in ("down", "up") else max(1, self._seen() - 1)
        step = -step if action in ("up", "page-up") else step
        last = len(self._entries) - 1
        wanted = self._current + step
        beyond = wanted < 0 if self._at_end else wanted > last
        if beyond and not self._whole:
            return False
        if action.startswith("page"):
            self._top = max(0, min(self._top + step, last))
        self._current = max(0, min(wanted, last))
        self._settle()
        return True

    def text(self) -> str:
        """What the screen shows now."""
        rows: list[Drawn] = []
        for at in range(self._top, len(self._entries)):
            if len(rows) >= self._height:
                break
            rows += self._sight.lines(self._entries, at, current=at == self._current)
        following = self._at_end and self._current == len(self._entries) - 1
        share = 1.0 if following or not self._entries else self._sight.share(self._entries[self._current])
        thumb = min(self._height - 1, int(share * self._height))
        return HOME + self._sight.text(rows[: self._height], thumb, following=following)

    def _go_to_edge(self, *, at_end: bool) -> None:
        if at_end != self._at_end or not self._screens:
            self._at_end = at_end
            self._read(1)
        self._top = 0
        self._current = max(0, len(self._entries) - 1) if at_end else 0
        self._settle()

    def _read_more(self) -> None:
        """Read enough to move in; the screen stays where it is."""
        before = len(self._entries)
        if not before:
            self._current = -1  # of nothing: the last one, once there are some
        self._read(SCREENS)
        more = len(self._entries) - before if self._at_end else 0
        self._top, self._current = (self._top if before else 0) + more, max(0, self._current + more)
        self._settle()

    def _read(self, screens: int) -> None:
        """Read so many screenfuls from the end where we are."""
        count = screens * self._height + 1
        self._entries = self._sight.newest(count) if self._at_end else self._sight.oldest(count)
        self._whole = len(self._entries) < count and self._sight.small
        self._screens = screens

    def _settle(self) -> None:
        """Choose the top row so that the current one is seen, and none is left free under the last one."""
        self._top = min(self._top, self._current)
        lowest = self._highest_top(self._current)
        if self._current == len(self._entries) - 1:
            self._top = lowest
        else:
            self._top = min(max(self._top, lowest), self._highest_top(len(self._entries) - 1))

    def _highest_top(self, last: int) -> int:
        """The first record of a screen that ends with this one."""
        used, at = 0, last
        while at >= 0 and (used := used + self._rows(at)) <= self._height:
            at -= 1
        return max(0, min(at + 1, last))

    def _seen(self) -> int:
        """How many records are on the screen."""
        left, at = self._height, self._top
        while at < len(self._entries) and left > 0:
            left -= self._rows(at)
            at += 1
        return at - self._top

    def _rows(self, at: int) -> int:
        return rows_of(self._entries[at])


class FirstKeys:
    """Reads the keys of the first moments in a thread of its own."""

    def __init__(self, first: FirstScreen) -> None:
        self._moves = Moves(first.sight)
        self._typed = b""
        self._stopped = False
        self._drawing = threading.Lock()
        self._wake_read, self._wake_write = os.pipe()
        self._thread = threading.Thread(target=self._run, name="first keys", daemon=True)
        first.stop_reading = self.stop
        sys.setswitchinterval(SWITCH_S)
        self._thread.start()

    def stop(self) -> bytes:
        """Read and draw no more; what was typed."""
        with self._drawing:
            self._stopped = True
        os.write(self._wake_write, b"x")
        self._thread.join(1.0)
        return self._typed

    def _run(self) -> None:
        try:
            self._answer()
        except Exception:  # the viewer does all this again, and says what is wrong
            return

    def _answer(self) -> None:
        poll = select.poll()
        poll.register(0, select.POLLIN)
        poll.register(self._wake_read, select.POLLIN)
        rest = b""
        while not self._stopped and 0 in (ready := dict(poll.poll())) and self._wake_read not in ready:
            data = os.read(0, READ_BYTES)
            self._typed += data
            actions, rest = keys_in(rest + data)
            sys.setswitchinterval(ANSWER_S)
            try:
                going_on = self._do(actions)
            finally:
                sys.setswitchinterval(SWITCH_S)
            if not going_on or not data:
                return

    def _do(self, actions: Sequence[str | None]) -> bool:
        """Draw what some keys lead to; whether the next one can be answered, too."""
        for action in actions:
            if action is None or not self._moves.press(action):
                return False
        if actions:
            self._draw(self._moves.text())
        return True

    def _draw(self, text: str) -> None:
        with self._drawing:
            if not self._stopped:
                write(text)


def keys_in(data: bytes) -> tuple[list[str | None], bytes]:
    """The moves that some bytes are, None for the first that is none, and what may yet become one."""
    actions: list[str | None] = []
    while data:
        key = next((key for key in KEYS if data.startswith(key)), None)
        if key is None:
            if not any(one.startswith(data) for one in KEYS):
                actions.append(None)
            break
        actions.append(KEYS[key])
        data = data[len(key) :]
    return actions, data
