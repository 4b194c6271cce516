"""Threads that look through bytes ahead of whoever reads: as many as there are cores to gain from, shared by all.

There are two crews of them. What somebody waits for is not held up by what is only counted meanwhile, which gives way.
"""

from __future__ import annotations

import os
import queue
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from functools import partial
from typing import Final, Generic, TypeVar

from tui.store.priority import give_way

_Given = TypeVar("_Given")
_Found = TypeVar("_Found")

THREADS: Final = min(2, os.cpu_count() or 1)
AHEAD: Final = 2 * THREADS


class _Job(Generic[_Found]):
    """A piece of work and, once it is done, what came of it."""

    def __init__(self, work: Callable[[], _Found]) -> None:
        self._work = work
        self._done = threading.Lock()
        self._done.acquire()
        self._found: list[_Found] = []
        self._error: Exception | None = None
        self._wanted = True

    def run(self) -> None:
        if not self._wanted:
            return
        try:
            self._found.append(self._work())
        except Exception as error:  # raised again where the result is taken
            self._error = error
        self._done.release()

    def drop(self) -> None:
        """Nobody asks for what comes of it any more."""
        self._wanted = False

    def result(self) -> _Found:
        with self._done:
            if self._error is not None:
                raise self._error
            return self._found[0]


class Crew:
    """A few daemon threads; started when there is something to do."""

    def __init__(self, name: str, threads: int = THREADS, *, gives_way: bool = False) -> None:
        self._name = name
        self._threads = threads
        self._gives_way = gives_way
        self._jobs: queue.SimpleQueue[_Job[object]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._started = False

    def each(
        self, work: Callable[[_Given], _Found], given: Iterable[_Given]
    ) -> Generator[tuple[_Given, _Found], None, None]:
        """What becomes of each, in order, the next few being worked on meanwhile; closing it lets those go."""
        self._start()
        waiting: deque[tuple[_Given, _Job[_Found]]] = deque()
        try:
            for one in given:
                job: _Job[_Found] = _Job(partial(work, one))
                self._jobs.put(job)  # type: ignore[arg-type]  # a crew does not care what is found
                waiting.append((one, job))
                if len(waiting) > AHEAD:
                    first, done = waiting.popleft()
                    yield first, done.result()
            while waiting:
                first, done = waiting.popleft()
                yield first, done.result()
        finally:
            for _, left in waiting:
                left.drop()

    def _start(self) -> None:
        with self._lock:
            if not self._started:
                self._started = True
                for number in range(self._threads):
                    threading.Thread(target=self._run, name=f"{self._name}-{number}", daemon=True).start()

    def _run(self) -> None:
        if self._gives_way:
            give_way()
        while True:
            self._jobs.get().run()


CREW: Final = Crew("crew")
QUIET_CREW: Final = Crew("quiet", gives_way=True)
"""For what nobody waits for."""
