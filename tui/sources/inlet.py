"""Where what is sent to us comes in: lines that came before are left out, all are counted, and the user is told.

The same whatever they were sent in. Any thread may come.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from typing import Final

from tui.record import Chunk
from tui.sources.spec import State, Status

MOST_REMEMBERED: Final = 1 << 16
"""Lines, and bodies, of which it is known that they came; about 10 MiB."""
PIECE_BYTES: Final = 256 << 10
SAY_EVERY_S: Final = 1.0
WAIT_S: Final = 0.02
LONGEST_WAIT_S: Final = 2.0
"""While there is no room; then a sender is asked to come again, or what is oldest is given up."""


class Remembered:
    """Whether the same bytes came before, of the latest that came."""

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._most = most
        self._known: OrderedDict[int, None] = OrderedDict()

    def came(self, data: bytes | tuple[str, ...]) -> bool:
        """Whether this came before; from now on it did."""
        key = hash(data)
        if key in self._known:
            self._known.move_to_end(key)
            return True
        self._known[key] = None
        if len(self._known) > self._most:
            self._known.popitem(last=False)
        return False


class Inlet:
    """Takes lines for one source."""

    def __init__(
        self,
        *,
        deliver: Callable[[Chunk], None],
        changed: Callable[[Status], None],
        full: Callable[[], bool] = lambda: False,
    ) -> None:
        """`full` tells that more cannot be taken in just now without older lines being given up."""
        self.full = full
        self._deliver = deliver
        self._changed = changed
        self._remembered = Remembered()
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._where = ""
        self._puzzle = ""
        self._said = ""
        self._said_s = 0.0
        self._waiting = False
        self._closed = False

    # -- life ------------------------------------------------------------------------------------------------------

    def opening(self, where: str) -> None:
        self._changed(Status(State.CONNECTING, f"opening {where}", time.time_ns()))

    def opened(self, where: str) -> None:
        self._where = where
        self._say()

    def failed(self, why: str) -> None:
        self._closed = True
        self._changed(Status(State.FAILED, why, time.time_ns()))

    def close(self) -> None:
        """Nothing is said from now on."""
        self._closed = True

    # -- waiting ---------------------------------------------------------------------------------------------------

    async def room(self, within_s: float) -> bool:
        """Wait until there is room; whether there is some."""
        deadline_s = time.monotonic() + within_s
        while self.full():
            if time.monotonic() > deadline_s:
                return False
            await asyncio.sleep(WAIT_S)
        return True

    def wait_for_room(self, within_s: float) -> bool:
        """The same for who has a thread to wait in."""
        deadline_s = time.monotonic() + within_s
        while self.full():
            if time.monotonic() > deadline_s:
                return False
            time.sleep(WAIT_S)
        return True

    # -- what comes ------------------------------------------------------------------------------------------------

    def came_before(self, data: bytes | tuple[str, ...]) -> bool:
        """Whether what is known by this came before, so that it is left out."""
        with self._lock:
            known = self._remembered.came(data)
        if known:
            self.count(duplicates=1)
        return known

    def take(self, lines: Sequence[bytes], *, once: bool = True) -> None:
        """Whole lines, each with its line feed; `once` leaves out those that came before."""
        now_ns = time.time_ns()
        fresh = [line for line in lines if not self._is_known(line)] if once else lines
        if len(fresh) < len(lines):
            self.count(duplicates=len(lines) - len(fresh))
        piece: list[bytes] = []
        size = 0
        for line in fresh:
            piece.append(line)
            size += len(line)
            if size >= PIECE_BYTES:
                self._deliver(Chunk(b"".join(piece), now_ns))
                piece, size = [], 0
        if piece:
            self._deliver(Chunk(b"".join(piece), now_ns))
        self.count(taken=len(fresh))

    def _is_known(self, line: bytes) -> bool:
        with self._lock:
            return self._remembered.came(line)

    def count(self, **counts: int) -> None:
        """taken, metrics, duplicates, rejected or waits: so many more."""
        with self._lock:
            self._counts.update(counts)
        self._say()

    def puzzled(self, words: str) -> None:
        """Somebody sent what cannot be understood; what was last said stands."""
        self._puzzle = words
        self._say()

    # -- what is told ----------------------------------------------------------------------------------------------

    def _say(self) -> None:
        """Tell how it is, at most once a second, and what was not told a second later."""
        now_s = time.monotonic()
        with self._lock:
            if self._closed or self._waiting or not self._where:
                return
            if now_s - self._said_s < SAY_EVERY_S:
                self._waiting = True
                timer = threading.Timer(SAY_EVERY_S, self._say_later)
                timer.daemon = True
                timer.start()
                return
        self._say_now()

    def _say_later(self) -> None:
        self._waiting = False
        if not self._closed:
            self._say_now()

    def _say_now(self) -> None:
        self._said_s = time.monotonic()
        words = self.words()
        if words != self._said:
            self._said = words
            self._changed(Status(State.LIVE, words, time.time_ns()))

    def words(self) -> str:
        """How it is; nothing while there is nothing but what can be seen among the lines."""
        with self._lock:
            counts = dict(self._counts)
        told = [
            words.format(counts[name])
            for name, words in (
                ("metrics", "metrics counted: {:,}"),
                ("duplicates", "{:,} sent again, left out"),
                ("rejected", "{:,} rejected"),
                ("waits", "senders had to wait: {:,}"),
            )
            if counts.get(name)
        ]
        if self._puzzle:
            told.append(self._puzzle)
        if not told and not counts.get("taken"):
            return f"listening on {self._where}"
        return ", ".join(told)
