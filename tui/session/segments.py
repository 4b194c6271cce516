"""The generations of a followed file as one run of bytes: events of the file watch to segments of the store."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from tui.sources.events import Grown, Opened
from tui.store.blocks import FileBlocks


class Segments:
    """The generations of one followed file, put one behind the other: a new one waits until the old one is final."""

    def __init__(self, blocks: FileBlocks, clock_ns: Callable[[], int]) -> None:
        self.blocks = blocks
        self._clock_ns = clock_ns
        self._current: Opened | None = None
        self._waiting: deque[Opened] = deque()
        self._sizes: dict[int, int] = {}
        self._final: set[int] = set()

    def opened(self, event: Opened) -> None:
        self._sizes[event.identity.serial] = event.size
        self._waiting.append(event)
        self._go_on()

    def grown(self, event: Grown) -> None:
        self._sizes[event.segment.serial] = event.size
        if event.final:
            self._final.add(event.segment.serial)
        if self._current is not None and event.segment == self._current.identity:
            self.blocks.grow(event.size, self._clock_ns())
        self._go_on()

    def _go_on(self) -> None:
        while self._waiting and (self._current is None or self._current.identity.serial in self._final):
            # what the first generation holds was there before we came
            arrival_ns = None if self._current is None else self._clock_ns()
            self._current = event = self._waiting.popleft()
            size = self._sizes.pop(event.identity.serial)
            self.blocks.open_segment(event.reader, size, skip=event.start, arrival_ns=arrival_ns)
