"""A stream's way into its ring: drained at once, then split into lines and redacted in a thread of its own.

The reader hands over and never waits. What it brings faster than it can be redacted is held, at the cost of older lines
in the ring; beyond the ring's budget the oldest is given up, and counted in lines and bytes.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from typing import Final

from tui.framing import LineSplitter
from tui.parsing.unfolding import Unfolder
from tui.record import Chunk
from tui.redaction.redactor import Redactor, Stream
from tui.store.blocks import RingBlocks

SETTLED_S: Final = 0.3
"""Bytes that have not shown whether they begin a document are taken for lines after so long without more."""
AT_ONCE_BYTES: Final = 128 << 10
MOST_REST_S: Final = 2.0
MOST_WAITING_BYTES: Final = 8 << 20
"""Of a source whose senders can be asked to wait."""


class Intake:
    """Takes the chunks of one stream from any thread."""

    def __init__(self, ring: RingBlocks, redactor: Redactor, kept: Callable[[], None] = lambda: None) -> None:
        """`kept` is called from the intake's thread whenever the ring has more than before."""
        self.ring = ring
        self._kept = kept
        self.redacted: Counter[str] = Counter()
        self.dropped_lines = 0
        self.dropped_bytes = 0
        self._redactor = redactor
        self._stream = Stream()
        self._splitter = LineSplitter()
        self._unfolder = Unfolder(ring.max_bytes)
        self._arrival_ns = 0
        """Of the latest bytes."""
        self._waiting: deque[Chunk] = deque()
        self._waiting_bytes = 0
        self.share = 1.0
        """The part of the time in which lines may be taken in; what finds no room meanwhile is given up."""
        self._news = threading.Condition()
        self._ended = False
        self._broken = False
        """What was held of a line goes on in bytes that were given up."""
        self._cut = False
        """The next bytes begin inside a line whose head was given up."""
        self._thread = threading.Thread(target=self._work, name="intake", daemon=True)
        self._thread.start()

    def deliver(self, chunk: Chunk) -> None:
        """Hand over bytes; returns at once."""
        with self._news:
            self._waiting.append(chunk)
            self._waiting_bytes += len(chunk.data)
            while self._waiting_bytes > self.ring.max_bytes * self.share and len(self._waiting) > 1:
                old = self._waiting.popleft()
                self._waiting_bytes -= len(old.data)
                self.dropped_bytes += len(old.data)
                self.dropped_lines += old.data.count(b"\n")
                self._broken, self._cut = True, not old.data.endswith(b"\n")
            self.ring.reserved_bytes = self._waiting_bytes
            self._news.notify()

    @property
    def full(self) -> bool:
        """Whether more than can be redacted in a moment waits, so that who can wait should."""
        return self._waiting_bytes > min(MOST_WAITING_BYTES, self.ring.max_bytes // 2) * self.share

    def end(self) -> None:
        """Nothing more will come: what is held without a line feed is a line."""
        with self._news:
            self._ended = True
            self._news.notify()

    @property
    def idle(self) -> bool:
        """Whether all that was handed over has reached the ring."""
        return not self._waiting_bytes and (not self._ended or not self._thread.is_alive())

    def _work(self) -> None:
        while (chunk := self._next()) is not None:
            self._arrival_ns = arrival_ns = chunk.arrival_ns
            data = self._unfolder.feed(chunk.data) if chunk.data else self._unfolder.settle()
            for at in range(0, len(data), AT_ONCE_BYTES):
                began = time.monotonic()
                self._keep(self._splitter.whole(data[at : at + AT_ONCE_BYTES]), arrival_ns)
                if self.share < 1:
                    time.sleep(min(MOST_REST_S, (time.monotonic() - began) * (1 / self.share - 1)))
            with self._news:
                self._waiting_bytes -= len(chunk.data)
                self.ring.reserved_bytes = self._waiting_bytes
        self._keep(self._splitter.whole(self._unfolder.flush()), self._arrival_ns)
        if (line := self._splitter.flush()) is not None:
            self._keep(line.data + b"\n", self._arrival_ns)

    def _next(self) -> Chunk | None:
        """What was handed over, no bytes after a silence that somebody waits for; None at the end."""
        with self._news:
            while not self._waiting and not self._ended:
                undecided = self._unfolder.undecided
                if not self._news.wait(SETTLED_S if undecided else None) and undecided:
                    return Chunk(b"", self._arrival_ns)
            if not self._waiting:
                return None
            chunk = self._waiting.popleft()
            if not self._broken:
                return chunk
            # the rest of a line whose head was given up must not pass for a line
            self._broken = False
            self._splitter = LineSplitter(self._splitter.offset)
            if not self._cut:
                return chunk
            lost, _, rest = chunk.data.partition(b"\n")
            given_up = len(chunk.data) - len(rest)
            self._waiting_bytes -= given_up
            self.dropped_bytes += given_up
            self.dropped_lines += given_up > len(lost)
            self._broken = self._cut = given_up == len(lost)
            return Chunk(rest, chunk.arrival_ns)

    def _keep(self, lines: bytes, arrival_ns: int) -> None:
        if not lines:
            return
        text, counts = self._redactor.block(lines[:-1], self._stream)
        self.redacted.update(counts)
        self.ring.append(text + b"\n", arrival_ns)
        self._kept()
