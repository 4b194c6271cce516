"""A request that somebody looks at: gathered from all sources, then watched for until the pane is closed.

A sweep looks through the raw bytes of every source for the spellings of the request's ids, newest first; only what
holds one is parsed. Ids found on the way join the search. New bytes are swept as they come, sampled out or not.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import Final, NamedTuple

from tui.parsing.ids import canonical_value
from tui.pipeline.track import Track
from tui.query.scan import Needles
from tui.record import Id, Record
from tui.store.crew import CREW
from tui.store.order import Entry, Spots, hit_pages, sweeps
from tui.story.links import Link, Request
from tui.story.why import Why
from tui.values import frozen

SWEEP_EVERY_S: Final = 0.2
OPEN_BYTES: Final = 16 << 10
"""A record that began this close to the end may still grow."""
JOINING: Final = 32
"""While there are no more needles than this, new ones join a sweep that is under way: one pass looks for all of them."""
PROGRESS_EVERY_S: Final = 0.1
FOUND_EVERY_S: Final = 0.02
"""Records that were found are shown sooner than progress is."""
MAX_RECORDS: Final = 20_000
_TRACES: Final = ("trace", "any", "text")
"""Kinds of ids that may be those of traces."""
EXPLAINED: Final = 500
"""While it is being gathered, why records belong is worked out only for so many."""


@frozen
class Progress:
    """How far the gathering has come."""

    share: float
    """0 to 1 of the bytes there are."""
    done: bool
    records: int


class _Stretch(NamedTuple):
    """Part of a source that is looked through at once."""

    track: Track
    start: int
    stop: int


class _Look(NamedTuple):
    """What to look for in a stretch."""

    stretch: _Stretch
    done: frozenset[bytes]
    """The needles that it was looked through for before, and those that it is looked through for now."""
    sieve: Needles | None
    """None when there is nothing new to look for."""


class Gathering:
    """Finds the records of a request in tracks; drives no thread itself."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.candidates: dict[tuple[str, int], Record] = {}
        """Records that hold a needle; which of them belong may change as links turn up."""
        self.truncated = False
        self._swept: dict[int, int] = {}
        self._needles: frozenset[bytes] = frozenset()
        self._sieve_of = lru_cache(maxsize=8)(Needles.of)

    def sweep(self, tracks: Sequence[Track]) -> Iterator[float]:
        """Look through everything for all spellings, and again for those of ids that turn up; yields the share that
        is done.

        The newest stretch of each source comes first. A few new ids join the sweep that is under way, and only what it
        had passed by then is looked through again; many wait until all of them can be looked for at once.
        """
        for track in tracks:
            self._swept.setdefault(track.number, track.blocks.end)
        # of each stretch, what it was looked through for: an id that turns up late is looked for in all of them
        done_of = dict.fromkeys(_newest_first(tracks), self._needles)
        passed, share = 0, 0.0
        while left := [(one, done) for one, done in done_of.items() if not self.request.needles() <= done]:
            total = passed + sum(one.stop - one.start for one, _ in left)
            for (one, done, _), spots in CREW.each(_spots, self._looks(left)):
                if spots is None or spots:
                    self._take(one, spots)
                done_of[one] = done
                passed += one.stop - one.start
                share = max(share, min(0.99, passed / total))
                yield share
        self._needles = self.request.needles()
        yield 1.0

    def _looks(self, left: Sequence[tuple[_Stretch, frozenset[bytes]]]) -> Iterator[_Look]:
        first = self.request.needles()
        for one, done in left:
            known = self.request.needles()
            needles = known if len(known) <= JOINING else first
            yield _Look(one, done | needles, self._sieve_of(needles - done))

    def _take(self, one: _Stretch, spots: Spots) -> None:
        for start, stop, near in hit_pages(one.track.blocks, one.start, one.stop, spots, back=True):
            self._offer_all(one.track.candidates(start, stop, near))

    def sweep_new(self, tracks: Sequence[Track]) -> bool:
        """Look through what was written since; whether the request has changed."""
        before = self._state()
        needles = self.request.needles()
        for track in tracks:
            # what a ring gave up before it was looked at is counted there
            swept, end = max(self._swept.get(track.number, 0), track.blocks.first), track.blocks.end
            while swept < end:
                stop = min(end, track.blocks.piece(swept)[1])
                self._look_at_new(track, swept, stop, needles)
                swept = stop
            self._swept[track.number] = end
        if self.request.needles() - self._needles:
            for _ in self.sweep(tracks):
                pass
        return before != self._state()

    def records(self) -> tuple[Record, ...]:
        """The records of the request as far as it is known, in time order."""
        return tuple(sorted((one for one in self.candidates.values() if self.request.belongs(one)), key=_order))

    def _state(self) -> tuple[int, int]:
        return len(self.candidates), sum(len(one.raw) for one in self.candidates.values())

    def _look_at_new(self, track: Track, swept: int, end: int, needles: frozenset[bytes]) -> None:
        """Parse what was written only if it holds a needle, or may go on with a record that was found just before."""
        low = max(track.blocks.first, track.blocks.piece(swept)[0], swept - OPEN_BYTES)
        new = track.blocks.read(swept, end)
        growing = any(name == track.name and offset >= low for name, offset in self.candidates)
        sieve = self._sieve_of(needles)
        if growing or (sieve is not None and sieve.may_match(new)):
            self._offer_all(track.fresh(low, end).entries)

    def _offer_all(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if entry.record is None:
                continue
            if self.request.offer(entry.record) or entry.record.key in self.candidates:
                if len(self.candidates) >= MAX_RECORDS and entry.record.key not in self.candidates:
                    self.truncated = True
                    continue
                self.candidates[entry.record.key] = entry.record


class Pivot:
    """A gathering in a thread of its own; the views look at `records` when `version` has changed."""

    def __init__(self, request: Request, seed: Record | None = None) -> None:
        self.open = True
        self.version = 0
        self.progress = Progress(0.0, False, 0)
        self.failed = ""
        self.cuts: tuple[Id, ...] = ()
        """Ids that were cut, the last one last."""
        self._gathering = Gathering(request)
        self._asked: deque[tuple[Callable[[Id], None], Id]] = deque()
        self._ask_for: Callable[[Sequence[str]], None] = lambda trace_ids: None
        self._wake = threading.Event()
        self._links: tuple[Link, ...] = request.links
        self._whys: dict[tuple[str, int], Why] = {}
        self._lock = threading.Lock()
        self._records: tuple[Record, ...] = ()
        self._ids: tuple[Id, ...] = request.ids
        self._incomplete: tuple[str, ...] = ()
        if seed is not None and request.offer(seed):
            self._gathering.candidates[seed.key] = seed
            self._records = (seed,)

    def start(
        self,
        tracks: Callable[[], Sequence[Track]],
        on_news: Callable[[], None],
        ask: Callable[[Sequence[str]], None] = lambda trace_ids: None,
    ) -> None:
        """`ask` is told the traces of the request, as they become known, so that whoever stores traces can be asked."""
        self._ask_for = ask
        threading.Thread(target=self._run, args=(tracks, on_news), name="pivot", daemon=True).start()

    def close(self) -> None:
        self.open = False
        self._wake.set()

    def cut(self, one: Id) -> None:
        """Go on without this id: what only hangs on it leaves the request."""
        self._ask(self._gathering.request.cut, one)
        self.cuts = (*self.cuts, one)

    def restore(self, one: Id) -> None:
        """Take an id back in that was cut."""
        self._ask(self._gathering.request.restore, one)
        self.cuts = tuple(cut for cut in self.cuts if cut != one)

    def _ask(self, change: Callable[[Id], None], one: Id) -> None:
        """The request is the gathering thread's own: it makes the change when it comes by."""
        self._asked.append((change, one))
        self._wake.set()

    def _take_asked(self) -> bool:
        self._wake.clear()
        asked = bool(self._asked)
        while self._asked:
            change, one = self._asked.popleft()
            change(one)
        return asked

    def records(self) -> tuple[Record, ...]:
        with self._lock:
            return self._records

    def pins(self, record: Record) -> bool:
        """Whether a record of the live tail carries an id of this request."""
        return any(one in self._ids for one in record.ids)

    def ids(self) -> tuple[Id, ...]:
        """The ids that hold the request together, as far as they are known."""
        with self._lock:
            return self._ids

    def links(self) -> tuple[Link, ...]:
        """The ids of the request and how each came in."""
        with self._lock:
            return self._links

    def why(self, key: tuple[str, int]) -> Why | None:
        """Why the record is part of the request; None while that is not known."""
        with self._lock:
            return self._whys.get(key)

    def incomplete(self) -> tuple[str, ...]:
        """Why there may be more than was found."""
        with self._lock:
            return self._incomplete

    def _run(self, tracks: Callable[[], Sequence[Track]], on_news: Callable[[], None]) -> None:
        try:
            self._ask_for(trace_ids(self._ids))
            self._gather(tracks, on_news)
            while self.open:
                self._wake.wait(SWEEP_EVERY_S)
                changed = self._take_asked()
                if self.open and (self._gathering.sweep_new(tracks()) or changed):
                    self._publish(1.0, done=True)
                    on_news()
        except Exception as error:  # shown in the pane instead of ending it silently
            self.failed = f"gathering failed: {type(error).__name__}"
            self._publish(1.0, done=True)
            on_news()

    def _gather(self, tracks: Callable[[], Sequence[Track]], on_news: Callable[[], None]) -> None:
        last, found = time.monotonic(), len(self._gathering.candidates)
        for share in self._gathering.sweep(tracks()):
            if not self.open:
                return
            self._take_asked()
            news = len(self._gathering.candidates) > found
            if share >= 1.0 or time.monotonic() - last > (FOUND_EVERY_S if news else PROGRESS_EVERY_S):
                last, found = time.monotonic(), len(self._gathering.candidates)
                self._publish(share, done=share >= 1.0)
                on_news()
                time.sleep(0)

    def _publish(self, share: float, *, done: bool) -> None:
        request = self._gathering.request
        records, ids, incomplete = self._gathering.records(), request.ids, request.incomplete
        if self._gathering.truncated:
            incomplete += (f"more than {MAX_RECORDS:,} lines: the rest was left out",)
        links, whys = request.links, self._whys
        if done or len(records) <= EXPLAINED:
            whys = {one.key: why for one in records if (why := request.why(one)) is not None}
        if ids != self._ids:
            self._ask_for(trace_ids(ids))
        with self._lock:
            self._records, self._ids, self._incomplete = records, ids, incomplete
            self._links, self._whys = links, whys
            self.progress = Progress(share, done, len(records))
            self.version += 1


def trace_ids(ids: Sequence[Id]) -> tuple[str, ...]:
    """Those by which stores of traces may know the request; what was typed may be one in any spelling."""
    values = [canonical_value(one.value) for one in ids if one.kind in _TRACES]
    return tuple(dict.fromkeys(one for one in values if one is not None and _is_hex(one)))


def _is_hex(value: str) -> bool:
    return len(value) in (16, 32) and not value.strip("0123456789abcdef")


def _newest_first(tracks: Sequence[Track]) -> Iterator[_Stretch]:
    """The last stretch of every source, then those before them, and so on."""
    for row in zip_longest(*map(_backwards, tracks)):
        yield from (one for one in row if one is not None)


def _backwards(track: Track) -> Iterator[_Stretch]:
    blocks = track.blocks
    for start, stop in sweeps(blocks, blocks.first, blocks.end, back=True):
        yield _Stretch(track, start, stop)


def _spots(look: _Look) -> Spots:
    if look.sieve is None:
        return []
    return look.stretch.track.spots(look.stretch.start, look.stretch.stop, look.sieve)


def _order(record: Record) -> tuple[int, str, int]:
    return record.time_ns or 0, record.source, record.offset
