"""One thread that reads for the views: walks through the sources, cancelled as soon as something else is wanted.

Results come in steps, so that the first rows are there while the rest is still looked for.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from tui.query.results import Condition, Taken, Walk
from tui.store.order import Entry, Key, Track
from tui.values import field, frozen, mutable

FIRST_STEP_S: Final = 0.015
STEP_S: Final = 0.05
"""A walk that takes longer hands over what it has and goes on; at first sooner, since what is near is found at once."""


@frozen
class Step:
    """What a walk has brought so far."""

    rows: list[Entry]
    horizon_ns: int | None
    finished: bool
    """Whether the walk stopped: because it had enough, or because it reached the end of the sources."""
    exhausted: bool
    """Whether nothing more lies in this direction."""
    failed: str = ""


@mutable
class Task:
    """A walk that is under way."""

    walk: Callable[[], Walk]
    count: int
    deliver: Callable[[Step], None]
    cancelled: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        self.cancelled.set()


class Navigator:
    """Runs tasks one after the other; a task may be cancelled at any time."""

    def __init__(self, name: str = "navigator") -> None:
        self._tasks: deque[Task] = deque()
        self._news = threading.Condition()
        self._current: Task | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, walk: Callable[[], Walk], count: int, deliver: Callable[[Step], None]) -> Task:
        """Walk until `count` records are found; `deliver` is called from the navigator's thread."""
        task = Task(walk, count, deliver)
        with self._news:
            self._tasks.append(task)
            self._news.notify()
        return task

    @property
    def busy(self) -> bool:
        with self._news:
            return self._current is not None or bool(self._tasks)

    def _run(self) -> None:
        while True:
            with self._news:
                self._current = None
                while not self._tasks:
                    self._news.wait()
                self._current = task = self._tasks.popleft()
            if not task.cancelled.is_set():
                try:
                    self._drive(task)
                except Exception as error:  # a fault in one walk must not end all walks; it is shown instead
                    task.deliver(Step([], None, True, True, f"reading failed: {type(error).__name__}"))

    def _drive(self, task: Task) -> None:
        walk = task.walk()
        left, step_s = task.count, FIRST_STEP_S
        while not task.cancelled.is_set():
            taken: Taken = walk.take(left, partial(_pause, task, time.monotonic() + step_s))
            step_s = STEP_S
            left -= len(taken.rows)
            if task.cancelled.is_set():
                return
            finished = taken.done or left <= 0
            task.deliver(Step(taken.rows, taken.horizon_ns, finished, taken.done))
            if finished:
                return
            time.sleep(0)  # let a key press through


def _pause(task: Task, until_s: float) -> bool:
    return task.cancelled.is_set() or time.monotonic() > until_s


def walk_from(tracks: Sequence[Track], condition: Condition, at: Key | None, *, back: bool) -> Callable[[], Walk]:
    return lambda: Walk(tracks, condition, at=at, back=back)
