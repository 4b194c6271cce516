"""What one log view shows of the sources: its rows, where they begin and end, and what is still being read.

Lives in the thread of the view. Reading happens in the navigator's; what it brings waits in an inbox until the view
takes it in. A view never waits: it draws what is there.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from tui.query.results import EVERYTHING, MAX_ROWS, Condition, Walk, Window
from tui.session.navigator import Step, Task
from tui.session.session import Arrived, Session, skipped_notice
from tui.store.order import Entry, Key

SCREENFUL: Final = 120
AHEAD: Final = 300


@dataclass(slots=True)
class Change:
    """What taking in news did to the rows, so that a view can keep its place."""

    prepended: int = 0
    removed_front: int = 0
    appended: int = 0
    lowest: int | None = None
    """Lowest index of a row that changed or was put in between."""
    replaced: bool = False
    """All rows are other rows now."""
    select: Key | None = None
    """The row to go to, when one was asked for."""
    missed: str = ""
    """What was looked for and not found, in words."""

    @property
    def any(self) -> bool:
        return (
            bool(self.prepended or self.removed_front or self.appended or self.replaced or self.select or self.missed)
            or self.lowest is not None
        )


class Viewing:
    """The rows of one view and the walks that bring more of them."""

    def __init__(self, session: Session, condition: Condition = EVERYTHING) -> None:
        self.session = session
        self.window = Window()
        self.condition = condition
        self.horizon_ns: int | None = None
        """How far back the search for rows has come, while one is under way."""
        self.unseen = 0
        """Records that arrived while the window was not at the end."""
        self._inbox: deque[tuple[int, Callable[[Step, Change], None], Step]] = deque()
        self._generation = 0
        self._fresh = False
        self._early: list[Entry] = []
        """What arrived while rows were being read: those rows may have been read before it was there."""
        self._walks: dict[bool, Walk] = {}
        self._tasks: dict[bool, Task] = {}
        self._jump: Task | None = None
        self._select: Key | None = None
        self._tracks = 0

    # -- where to look ---------------------------------------------------------------------------------------------

    def to_end(self) -> None:
        """Show the newest rows."""
        self._restart()
        self.window.at_end = True
        self.unseen = 0
        self._walk(None, back=True, count=SCREENFUL)

    def to_start(self) -> None:
        """Show the oldest rows."""
        self._restart()
        self.window.at_start = True
        self._walk(None, back=False, count=SCREENFUL)

    def around(self, key: Key) -> None:
        """Show the rows about a place, and go to the first one at or behind it."""
        self._restart()
        self._select = key
        self._walk((key[0], key[1], key[2] - 1), back=False, count=SCREENFUL)
        self._walk(key, back=True, count=SCREENFUL)

    def apply(self, condition: Condition, around: Key | None) -> None:
        """Show what meets another condition, at the same place or at the end."""
        self.condition = condition
        # what is at hand and matches is shown at once, until what is being read takes its place
        self.window.keep(condition)
        if around is None:
            self.to_end()
        else:
            self.around(around)

    def more(self, *, back: bool) -> None:
        """Read on in one direction, unless that is being done or nothing is left there."""
        if (self.window.at_start if back else self.window.at_end) or back in self._tasks or not self.window.rows:
            return
        if back not in self._walks:
            row = self.window.rows[0 if back else -1]
            self._walk(row.key, back=back, count=AHEAD)
        else:
            self._submit(self._walks[back], back, AHEAD)

    def jump(self, condition: Condition, start: Key | None, *, back: bool, name: str) -> None:
        """Look for the next record of a kind from a place on, and go to it."""
        self.cancel_jump()
        tracks = self.session.tracks_now()
        found = partial(self._jumped, name)
        walk = lambda: Walk(tracks, condition, at=start, back=back)  # noqa: E731 - made in the navigator's thread
        self._jump = self.session.navigator.submit(walk, 1, partial(self._deliver, self._generation, found))

    def await_rows(self, seconds: float) -> None:
        """Wait this long at most for the first rows, so that the first frame has them; for the start alone."""
        deadline = time.monotonic() + seconds
        while self._tasks and not self._inbox and time.monotonic() < deadline:
            time.sleep(0.002)

    def cancel_jump(self) -> bool:
        """Stop looking; whether anything was being looked for."""
        if self._jump is None:
            return False
        self._jump.cancel()
        self._jump = None
        return True

    @property
    def stale(self) -> bool:
        """Whether the rows are still those of before, because what was asked for is being read."""
        return self._fresh and bool(self._tasks)

    @property
    def loading(self) -> bool:
        """Whether rows are being looked for."""
        return bool(self._tasks) or self._jump is not None

    # -- taking in -------------------------------------------------------------------------------------------------

    def take_in(self) -> Change:
        """Apply what was found since the last call."""
        change = Change()
        tracks = len(self.session.tracks_now())
        if tracks != self._tracks:
            self._tracks = tracks
            if self.window.at_end or not self.window.rows:
                self.to_end()
        while self._inbox:
            generation, apply, step = self._inbox.popleft()
            if generation == self._generation:
                apply(step, change)
        return change

    def arrive(self, arrived: Arrived, change: Change) -> None:
        """Put what the tails brought at the end, if the end is what is shown."""
        fitting = [entry for entry in arrived.entries if entry.record and self.condition.holds(entry.record)]
        for entry in arrived.entries:
            if entry.record is not None and not self.condition.holds(entry.record):
                index = self.window.withdraw(entry.track, entry.offset)
                if index is not None:
                    change.lowest = index if change.lowest is None else min(change.lowest, index)
        if self._fresh or (not self.window.at_end and False in self._tasks):
            self._early = [*self._early, *fitting][-MAX_ROWS:]
            if not self.window.rows:
                # the first rows to be seen are those that are being read
                return
        if not self.window.at_end:
            self.unseen += len(fitting)
            return
        rows = len(self.window.rows)
        added, lowest = self.window.arrive(fitting)
        for notice in skipped_notice(arrived):
            self.window.notice(notice)
        change.appended += added
        if lowest < rows:
            change.lowest = lowest if change.lowest is None else min(change.lowest, lowest)
        change.appended = max(change.appended, len(self.window.rows) - rows)

    def trim(self, top: int) -> int:
        """Let go of rows far above the first visible one; how many rows went."""
        if top > len(self.window.rows) // 2 and (gone := self.window.trim_front()):
            self._drop_walk(back=True)
            return gone
        if top < len(self.window.rows) // 4 and self.window.trim_back():
            self._drop_walk(back=False)
        return 0

    # -- inside ----------------------------------------------------------------------------------------------------

    def _restart(self) -> None:
        self._generation += 1
        self._tracks = len(self.session.tracks_now())
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()
        self._walks.clear()
        self._select = None
        self.horizon_ns = None
        # the old rows stay on the screen until the first new ones are there
        self._fresh = True
        self._early = []
        self.window.at_start = self.window.at_end = False

    def _walk(self, at: Key | None, *, back: bool, count: int) -> None:
        tracks, condition = self.session.tracks_now(), self.condition
        walk = Walk(tracks, condition, at=at, back=back)
        self._walks[back] = walk
        self._submit(walk, back, count)

    def _submit(self, walk: Walk, back: bool, count: int) -> None:
        deliver = partial(self._deliver, self._generation, partial(self._walked, back))
        self._tasks[back] = self.session.navigator.submit(lambda: walk, count, deliver)

    def _deliver(self, generation: int, apply: Callable[[Step, Change], None], step: Step) -> None:
        """From the navigator's thread."""
        self._inbox.append((generation, apply, step))
        self.session.on_news()

    def _walked(self, back: bool, step: Step, change: Change) -> None:
        if self._fresh and (step.rows or step.finished):
            at_start, at_end = self.window.at_start, self.window.at_end
            self.window.clear()
            self.window.at_start, self.window.at_end = at_start, at_end
            self._fresh = False
            change.replaced = True
        if back:
            change.prepended += self.window.prepend(step.rows)
        else:
            change.appended += self.window.append(step.rows)
        if step.exhausted:
            if back:
                self.window.at_start = True
            else:
                self.window.at_end = True
                self.unseen = 0
        if step.finished:
            self._tasks.pop(back, None)
        if not self._fresh and self.window.at_end:
            change.appended += self.window.arrive(self._early)[0]
            self._early = []
        if step.failed:
            change.missed = step.failed
        self.horizon_ns = step.horizon_ns if not step.finished else None
        if self._select is not None and not back:
            change.select = self._select
            self._select = None

    def _jumped(self, name: str, step: Step, change: Change) -> None:
        self.horizon_ns = step.horizon_ns if not step.finished else None
        if not step.finished:
            return
        self._jump = None
        if not step.rows:
            change.missed = step.failed or f"no {name}"
            return
        key = step.rows[0].key
        held = self.window.index_at(key)
        if held < len(self.window.rows) and self.window.rows[held].key == key:
            change.select = key
        else:
            self.around(key)

    def _drop_walk(self, *, back: bool) -> None:
        self._walks.pop(back, None)
        if (task := self._tasks.pop(back, None)) is not None:
            task.cancel()
