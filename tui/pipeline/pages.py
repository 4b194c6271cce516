"""Pages that were made lately, of all sources together: so many that looking again is cheap, and no more."""

from __future__ import annotations

from _thread import allocate_lock
from collections import OrderedDict

from tui.typed import Final, Generic, TypeVar

KEPT_BYTES: Final = 1 << 20
"""Of the sources' bytes; their records take several times as much."""

T = TypeVar("T")


class Pages(Generic[T]):
    """Keeps what was made of a stretch, by the number of its source; safe to use from several threads."""

    def __init__(self, kept_bytes: int = KEPT_BYTES) -> None:
        self._most = kept_bytes
        self._held = 0
        self._pages: OrderedDict[tuple[int, int, int], T] = OrderedDict()
        self._lock = allocate_lock()

    def get(self, number: int, start: int, stop: int) -> T | None:
        with self._lock:
            page = self._pages.get((number, start, stop))
            if page is not None:
                self._pages.move_to_end((number, start, stop))
            return page

    def keep(self, number: int, start: int, stop: int, page: T) -> None:
        """Keep a page; those not asked for the longest go when there is no room, the newest one stays in any case."""
        with self._lock:
            if (number, start, stop) not in self._pages:
                self._held += stop - start
            self._pages[number, start, stop] = page
            while self._held > self._most and len(self._pages) > 1:
                (_, low, high), _ = self._pages.popitem(last=False)
                self._held -= high - low

    def forget(self, number: int) -> None:
        """Drop what is kept of a source."""
        with self._lock:
            for key in [key for key in self._pages if key[0] == number]:
                del self._pages[key]
                self._held -= key[2] - key[1]
