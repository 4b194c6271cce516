"""Files, patterns and folders followed by one thread that looks, and tells what it saw; it reads no lines.

What the events mean is said in `events`; how one path is followed in `follow`; which files a folder means in
`discovery`.
"""

from __future__ import annotations

import heapq
import itertools
import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from tui.sources.discovery import MOST_FILES, Searcher
from tui.sources.events import Changed, FileEvent, Found, Grown, Identity, Lost, Opened
from tui.sources.follow import SETTLE_S, Followed, Now
from tui.sources.names import Names
from tui.sources.native import Listener
from tui.sources.once import open_all
from tui.sources.reader import Reader
from tui.sources.segments import Copies, Known
from tui.sources.spec import Spec, Status

__all__ = ["Changed", "FileEvent", "FileWatch", "Found", "Grown", "Identity", "Lost", "Opened", "Reader", "open_all"]

POLL_S: Final = 0.05
GROWING_POLLS: Final = 2.2
"""A file that grows is looked at so much more seldom: a little less often than a screen is drawn, so that what is seen
of it is on the screen at once, and not only when the next frame is due."""
QUIET_AFTER_S: Final = 5.0
STILL_AFTER_S: Final = 60.0
QUIET_POLLS: Final = 5
STILL_POLLS: Final = 10
"""Looks come so much more seldom then."""
CROWD: Final = 100
"""So many files of one kind are each looked at half as often as one would be."""


class FileWatch:
    """Follows any number of files, patterns and folders in one daemon thread and delivers events from it, in order.

    A pattern or folder reports its own state under the name of its spec (Changed), its files under theirs.
    """

    def __init__(
        self,
        specs: Sequence[Spec],
        *,
        follow: bool = True,
        deliver: Callable[[FileEvent], None],
        poll_s: float = POLL_S,
        settle_s: float = SETTLE_S,
        taken_names: Iterable[str] = (),
        most_files: int | None = None,
        native: bool = True,
    ) -> None:
        """`deliver` must be quick; `taken_names` are those of other sources; `native` False means polling alone."""
        self._files = [spec for spec in specs if spec.kind in ("file", "pipe")]
        most = most_files if most_files is not None else min(MOST_FILES, _descriptor_limit() // 3)
        self._searchers = [Searcher(spec, most) for spec in specs if spec.kind in ("glob", "folder")]
        self._follow = follow
        self._deliver = deliver
        self._poll_s = poll_s
        self._settle_s = settle_s
        self._names = Names({*taken_names, *(searcher.spec.name for searcher in self._searchers)})
        self._known = Known()
        self._serials = itertools.count(1)
        self._followed: dict[str, Followed] = {}
        self._due_s: dict[str, float] = {}
        self._queue: list[tuple[float, str]] = []
        """Heap of when to look at what; outdated where `_due_s` says otherwise."""
        self._active: set[str] = set()
        """Files that have grown lately."""
        self._heard_of: tuple[float, ...] = ()
        self._copies = Copies(self._known)
        self._lock = threading.Lock()
        self._news: set[str] = set()
        self._look_everywhere = False
        self._awake = threading.Event()
        self._asked_s = 0.0
        self._stopping = False
        self._listener = Listener(self._heard, time.monotonic) if native and follow else None
        self._thread = threading.Thread(target=self._run, name="files", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread, soon. The readers stay open: they belong to whoever was told of them."""
        self._stopping = True
        self._awake.set()
        if self._listener:
            self._listener.stop()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(2.0)

    def wake(self) -> None:
        """Look at everything now."""
        self._look_everywhere = True
        self._awake.set()

    @property
    def alive(self) -> bool:
        """Whether the thread runs; without following it ends when everything has been opened."""
        return self._thread.is_alive()

    def _heard(self, paths: set[str]) -> None:
        with self._lock:
            self._news |= paths
        self._awake.set()

    def _run(self) -> None:
        self._discover(self._files, self._searchers, first=True)
        while not self._stopping:
            busy = self._poll_due()
            if not self._follow and not busy:
                return
            if self._follow:
                self._discover_due()
                self._listen()
            if not busy and not self._stopping:
                self._awake.wait(self._pause_s())
            self._awake.clear()
            self._take_news()

    def _poll_due(self) -> bool:
        """Look at the files whose time has come; returns whether one has more to decode right now."""
        busy = False
        began_s = time.monotonic()
        while self._queue and self._queue[0][0] <= began_s and not self._stopping:
            due_s, path = heapq.heappop(self._queue)
            if self._due_s[path] != due_s:
                continue
            followed, now = self._followed[path], _now()
            for event in followed.poll(now):
                self._deliver(event)
            busy = busy or followed.busy
            # one that is busy comes again behind the others
            self._plan(path, now.steady_s if followed.busy else self._next_s(path, followed, now))
        return busy and not self._stopping

    def _plan(self, path: str, due_s: float) -> None:
        self._due_s[path] = due_s
        heapq.heappush(self._queue, (due_s, path))

    def _next_s(self, path: str, followed: Followed, now: Now) -> float:
        """When to look again: at one time with all those that are looked at as often."""
        interval_s = self._interval_s(path, followed, now)
        return (now.steady_s // interval_s + 1) * interval_s

    def _interval_s(self, path: str, followed: Followed, now: Now) -> float:
        quiet_s = now.steady_s - followed.grew_s
        if quiet_s < QUIET_AFTER_S:
            self._active.add(path)
            return self._poll_s * GROWING_POLLS * (1 + len(self._active) / CROWD)
        self._active.discard(path)
        polls = QUIET_POLLS if quiet_s < STILL_AFTER_S else STILL_POLLS
        return self._poll_s * polls * (1 + len(self._followed) / CROWD)

    def _pause_s(self) -> float:
        now_s = time.monotonic()
        due_s = self._queue[0][0] if self._queue else now_s + STILL_POLLS * self._poll_s
        if self._searchers:
            due_s = min(due_s, now_s + QUIET_POLLS * self._poll_s)
        return max(self._poll_s / 2, due_s - now_s)

    def _take_news(self) -> None:
        with self._lock:
            news, self._news = self._news, set()
        if self._look_everywhere:
            self._look_everywhere = False
            for path in self._followed:
                self._plan(path, 0.0)
            for searcher in self._searchers:
                searcher.searched_s = 0.0
            return
        # those that grow are looked at soon in any case, and all of them at once
        for path in (news & self._due_s.keys()) - self._active:
            self._plan(path, 0.0)
        if news - self._due_s.keys():
            for searcher in self._searchers:
                searcher.hasten()

    def _listen(self) -> None:
        known = len(self._followed), *(searcher.searched_s for searcher in self._searchers)
        if self._listener is None or known == self._heard_of:
            return
        self._heard_of = known
        folders = {os.path.dirname(path) for path in self._followed}
        for searcher in self._searchers:
            folders.update(searcher.last.folders)
        self._listener.listen(folders)

    def _discover_due(self) -> None:
        now_s = time.monotonic()
        if now_s - self._asked_s < QUIET_POLLS / 2 * self._poll_s:
            return
        self._asked_s = now_s
        due = [searcher for searcher in self._searchers if searcher.due(now_s)]
        if due:
            self._discover((), due)

    def _discover(self, files: Iterable[Spec], searchers: Iterable[Searcher], *, first: bool = False) -> None:
        paths = [os.path.abspath(spec.target) for spec in files]
        for searcher in searchers:
            search = searcher.search(time.monotonic)
            paths.extend(os.path.abspath(path) for path in search.paths)
            said = searcher.news(follow=self._follow)
            if said:
                self._deliver(Changed(searcher.spec.name, Status(*said, time.time_ns())))
        new = self._without_known(dict.fromkeys(paths), first=first)
        for path, name in self._names.give(new).items():
            self._followed[path] = Followed(
                name, path, self._known, self._serials, follow=self._follow, settle_s=self._settle_s
            )
            self._plan(path, 0.0)
            self._deliver(Found(name, path))
        if new and not first:
            self._poll_due()

    def _without_known(self, paths: Iterable[str], *, first: bool) -> list[str]:
        """Leave out what is followed already, under this name or another, and copies of it."""
        new: list[str] = []
        places: set[tuple[int, int]] = set()
        for path in paths:
            if path in self._followed:
                continue
            try:
                fact = os.stat(path)
            except (OSError, ValueError):
                new.append(path)
                continue
            place = (fact.st_dev, fact.st_ino)
            if (
                place in places
                or self._known.at(place)
                or (not first and self._copies.holds(path, fact, time.monotonic()))
            ):
                continue
            places.add(place)
            new.append(path)
        return new


def _now() -> Now:
    return Now(time.monotonic(), time.time_ns())


def _descriptor_limit() -> int:
    try:
        import resource
    except ImportError:
        return 1024
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return soft if soft > 0 else 1 << 20
