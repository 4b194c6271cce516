"""Files, patterns and folders followed by one thread that looks, and tells what it saw; it reads no lines.

What the events mean is said in `events`; how one path is followed in `follow`; which files a folder means in
`discovery`.
"""

from __future__ import annotations

import itertools
import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from tui.sources.discovery import MOST_FILES, Names, Search, Searcher
from tui.sources.events import Changed, FileEvent, Found, Grown, Identity, Lost, Opened
from tui.sources.follow import SETTLE_S, Followed, Now
from tui.sources.native import Listener
from tui.sources.opening import Unreadable, open_reader, plain_words, read_pipe
from tui.sources.reader import Reader
from tui.sources.segments import Known
from tui.sources.spec import Spec, State, Status

__all__ = ["Changed", "FileEvent", "FileWatch", "Found", "Grown", "Identity", "Lost", "Opened", "Reader", "open_all"]

POLL_S: Final = 0.1
ACTIVE_S: Final = 5.0
QUIET_S: Final = 60.0
LONGEST_S: Final = 1.0
SEARCH_S: Final = 2.0
COPY_STILL_S: Final = 2.0


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
        self._last: dict[int, Search] = {}
        self._summaries: dict[int, tuple[State, str]] = {}
        self._searched_s: dict[int, float] = {}
        self._search_cost_s: dict[int, float] = {}
        self._follow = follow
        self._deliver = deliver
        self._poll_s = poll_s
        self._settle_s = settle_s
        self._names = Names({*taken_names, *(searcher.spec.name for searcher in self._searchers)})
        self._known = Known()
        self._serials = itertools.count(1)
        self._followed: dict[str, Followed] = {}
        self._due_s: dict[str, float] = {}
        self._copies: dict[str, tuple[tuple[int, int], float]] = {}
        """Files that hold what is shown already: size and time of change, and since when."""
        self._lock = threading.Lock()
        self._news: set[str] = set()
        self._look_everywhere = False
        self._awake = threading.Event()
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
        self._discover(first=True)
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
        for path, followed in tuple(self._followed.items()):
            now = _now()
            if self._due_s[path] > now.steady_s:
                continue
            if self._stopping:
                return False
            for event in followed.poll(now):
                self._deliver(event)
            busy = busy or followed.busy
            self._due_s[path] = now.steady_s + (0.0 if followed.busy else self._interval_s(followed, now))
        return busy

    def _interval_s(self, followed: Followed, now: Now) -> float:
        quiet_s = now.steady_s - followed.grew_s
        crowd = 1.0 + len(self._followed) / 200
        if quiet_s < ACTIVE_S:
            return self._poll_s * crowd
        return min(LONGEST_S, self._poll_s * (2.5 if quiet_s < QUIET_S else 5.0)) * crowd

    def _pause_s(self) -> float:
        now_s = time.monotonic()
        due_s = min(self._due_s.values(), default=now_s + LONGEST_S)
        if self._searchers:
            due_s = min(due_s, now_s + 2.5 * self._poll_s)
        return max(self._poll_s / 10, due_s - now_s)

    def _take_news(self) -> None:
        with self._lock:
            news, self._news = self._news, set()
        if self._look_everywhere:
            self._look_everywhere = False
            self._due_s = dict.fromkeys(self._due_s, 0.0)
            self._searched_s.clear()
            return
        for path in news:
            if path in self._due_s:
                self._due_s[path] = 0.0
            else:
                self._searched_s = {at: 0.0 if self._worth(at) else last_s for at, last_s in self._searched_s.items()}

    def _worth(self, at: int) -> bool:
        """Whether a search is quick enough to be done at any news."""
        return self._search_cost_s.get(at, 0.0) < 0.05

    def _listen(self) -> None:
        if self._listener is None:
            return
        folders = {os.path.dirname(path) for path in self._followed}
        for search in self._last.values():
            folders.update(search.folders)
        self._listener.listen(folders)

    def _discover_due(self) -> None:
        now_s = time.monotonic()
        for at, searcher in enumerate(self._searchers):
            waited_s = now_s - self._searched_s.get(at, 0.0)
            patience_s = max(SEARCH_S, 50 * self._search_cost_s.get(at, 0.0))
            if waited_s > patience_s or (self._worth(at) and searcher.stale(self._last[at])):
                self._discover(first=False, only=at)

    def _discover(self, *, first: bool, only: int | None = None) -> None:
        paths = [os.path.abspath(spec.target) for spec in self._files] if first else []
        wanted = range(len(self._searchers)) if only is None else (only,)
        for at in wanted:
            paths.extend(os.path.abspath(path) for path in self._search(at))
        new = self._without_known(dict.fromkeys(paths), first=first)
        for path, name in self._names.give(new).items():
            self._followed[path] = Followed(
                name, path, self._known, self._serials, follow=self._follow, settle_s=self._settle_s
            )
            self._due_s[path] = 0.0
            self._deliver(Found(name, path))
        if new and not first:
            self._poll_due()

    def _search(self, at: int) -> list[str]:
        begun_s = time.monotonic()
        search = self._searchers[at].search()
        self._last[at] = search
        self._searched_s[at] = time.monotonic()
        self._search_cost_s[at] = self._searched_s[at] - begun_s
        self._report(at, search)
        return search.paths

    def _report(self, at: int, search: Search) -> None:
        spec = self._searchers[at].spec
        if search.paths:
            remarkable = search.too_many or search.passed_over or search.problem or at in self._summaries
            said = (State.LIVE if self._follow else State.ENDED, search.problem or search.summary())
            if not remarkable:
                return
        else:
            yet = " yet" if self._follow else ""
            passed = f" ({search.passed_over} files passed over: binary or no logs)" if search.passed_over else ""
            what = f"no log files in {spec.name}{yet}" if spec.kind == "folder" else f"nothing matches {spec.name}{yet}"
            said = (State.RETRYING if self._follow else State.FAILED, search.problem or what + passed)
        if self._summaries.get(at) != said:
            self._summaries[at] = said
            self._deliver(Changed(spec.name, Status(*said, time.time_ns())))

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
            if place in places or self._known.at(place) or (not first and self._is_copy(path, fact)):
                continue
            places.add(place)
            new.append(path)
        return new

    def _is_copy(self, path: str, fact: os.stat_result) -> bool:
        """Whether a new file is what rotation makes of a followed one; a file that goes on growing is not."""
        key = (fact.st_size, fact.st_mtime_ns)
        now_s = time.monotonic()
        held = self._copies.get(path)
        if held and held[0] == key:
            return True
        if (held and held[1] and now_s - held[1] > COPY_STILL_S) or self._known.copied(path) is None:
            self._copies.pop(path, None)
            return False
        self._copies[path] = (key, now_s)
        return True


def open_all(specs: Sequence[Spec], taken_names: Iterable[str] = ()) -> tuple[list[tuple[str, Reader]], list[str]]:
    """Open everything once, for commands that do not follow: (name, reader) pairs, and one clear line per failure.

    Readers are complete: compressed files have been decoded once, so that size() is true; reader.note says what is
    missing in them. Specs of other kinds than file, pipe, glob and folder are left to the caller.
    """
    errors: list[str] = []
    paths: dict[str, str] = {}
    for spec in specs:
        if spec.kind in ("file", "pipe"):
            paths.setdefault(os.path.abspath(spec.target), spec.kind)
        elif spec.kind in ("glob", "folder"):
            search = Searcher(spec).search()
            paths.update((os.path.abspath(path), "file") for path in search.paths if path not in paths)
            if not search.paths:
                errors.append(f"{spec.name}: {search.problem or 'no log files there'}")
            elif search.problem or search.too_many:
                errors.append(f"{spec.name}: {search.problem or search.summary()}")
    opened: list[tuple[str, Reader]] = []
    places: set[tuple[int, int]] = set()
    for path, name in Names(taken_names).give(paths).items():
        try:
            reader = read_pipe(path) if paths[path] == "pipe" else open_reader(path)
        except Unreadable as problem:
            errors.append(f"{name}: {problem}")
            continue
        except OSError as error:
            errors.append(f"{name}: {plain_words(error)}")
            continue
        fact = reader.stat()
        if fact and (fact.st_dev, fact.st_ino) in places:
            reader.close()
            continue
        if fact:
            places.add((fact.st_dev, fact.st_ino))
        reader.finish()
        opened.append((name, reader))
    return opened, errors


def _now() -> Now:
    return Now(time.monotonic(), time.time_ns())


def _descriptor_limit() -> int:
    try:
        import resource
    except ImportError:
        return 1024
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return soft if soft > 0 else 1 << 20
