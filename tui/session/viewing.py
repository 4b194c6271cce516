"""What one log view shows of the sources: its rows, where they begin and end, and what is still being read.

Lives in the thread of the view. Reading far happens in the navigator's; what it brings waits in an inbox until the view
takes it in. What is just being written is read here, no more of it than can be shown. A view never waits: it draws what
is there.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from tui.query.results import EVERYTHING, LATE_ROWS, MAX_ROWS, Condition, Row, Walk, Window, place_of
from tui.session.live import Arrived, Live
from tui.session.navigator import Step, Task
from tui.session.session import Session
from tui.store.order import Entry, Key
from tui.values import mutable

SCREENFUL: Final = 120
AHEAD: Final = 300
MORE_ROWS: Final = 4
"""Beyond those that fill a screen, lest it looks for more."""
MOST_COUNTED_ROWS: Final = 500
"""So many of the rows that come at once are counted while the end is out of sight."""


@mutable
class Change:
    """What taking in news did to the rows, so that a view can keep its place."""

    prepended: int = 0
    removed_front: int = 0
    appended: int = 0
    came: int = 0
    """How many lines were written, shown or not."""
    skimmed: int = 0
    """How many rows were drawn without being taken in."""
    let_go: Sequence[Row] = ()
    """The last of the rows that went because too much was written to hold all of it."""
    lowest: int | None = None
    """Lowest index of a row that changed or was put in between."""
    replaced: bool = False
    """All rows are other rows now."""
    select: Key | None = None
    """The row to go to, when one was asked for."""
    missed: str = ""
    """What was looked for and not found, in words."""

    def touch(self, index: int) -> None:
        """A row has changed."""
        self.lowest = index if self.lowest is None else min(self.lowest, index)

    @property
    def any(self) -> bool:
        return (
            bool(self.prepended or self.removed_front or self.appended or self.replaced or self.select or self.missed)
            or self.lowest is not None
            or self.skimmed > 0
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
        """What arrived while the window was not at the end: lines, or records that meet the condition."""
        self._inbox: deque[tuple[int, Callable[[Step, Change], None], Step]] = deque()
        self._generation = 0
        self._fresh = False
        self._early: list[Entry] = []
        """What arrived while rows were being read: those rows may have been read before it was there."""
        self._walks: dict[bool, Walk] = {}
        self._tasks: dict[bool, Task] = {}
        self._jump: Task | None = None
        self._select: Key | None = None
        self._asked: Key | None = None
        """The place that was asked for last; None for the end or the start."""
        self._tracks = 0
        self._live = Live(session)
        self._lines_before = 0
        """Lines that had come when the window left the end."""
        self._above: list[Entry] = []
        """What came late and stands before the first row."""

    # -- where to look ---------------------------------------------------------------------------------------------

    def to_end(self) -> None:
        """Show the newest rows."""
        self._restart(None)
        self.window.at_end = True
        self._walk(None, back=True, count=SCREENFUL)

    def to_start(self) -> None:
        """Show the oldest rows."""
        self._restart(None)
        self.window.at_start = True
        self._walk(None, back=False, count=SCREENFUL)

    def around(self, key: Key) -> None:
        """Show the rows about a place, and go to the first one at or behind it."""
        self._restart(key)
        self._select = key
        self._walk((key[0], key[1], key[2] - 1), back=False, count=SCREENFUL)
        self._walk(key, back=True, count=SCREENFUL)

    def again(self, at: Key | None) -> None:
        """Show the rows of more sources at the same place: that of the current row, or, without one, where it was begun.

        Where the current row is only what was found for the place that was asked for, more sources may find a better one.
        """
        rows, asked = self.window.rows, self._asked
        if (
            asked is not None
            and (index := self.window.index_at(asked)) < len(rows)
            and at not in (None, rows[index].key)
        ):
            asked = None
        if (place := asked or at) is not None:
            self.around(place)
        elif self.window.at_start and not self.window.at_end:
            self.to_start()
        else:
            self.to_end()

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

    def take_in(self, rows: int = SCREENFUL, *, follow: bool = True, at: Key | None = None) -> Change:
        """Apply what was found since the last call, and what was written meanwhile.

        `rows` is how many can be drawn. While the end is followed no more than the newest are held of what comes too
        fast; otherwise the rows that are there stay, and what comes too fast is read on from them. `at` is the row
        to stay at when there are more sources than before.
        """
        change = Change()
        tracks = len(self.session.tracks_now())
        if tracks != self._tracks:
            self._tracks = tracks
            self.again(at)
        while self._inbox:
            generation, apply, step = self._inbox.popleft()
            if generation == self._generation:
                apply(step, change)
        self._look(rows, change, follow=follow)
        return change

    @property
    def plain(self) -> bool:
        """Whether the rows are the end of all there is, and nothing but what is written is to be taken in."""
        return (
            self.window.at_end
            and self.condition.accepts is None
            and self.session.sampler.mode.off
            and not (self._fresh or self._inbox or self.loading)
            and len(self.session.tracks_now()) == self._tracks
        )

    def lines_came(self) -> int:
        """How many lines were written since this was asked last, or rows were taken in."""
        before, self._lines_before = self._lines_before, self.session.lines
        return self._lines_before - before

    @property
    def waiting(self) -> bool:
        """Whether something was written at the end that was not taken in."""
        return self.window.at_end and self._live.waiting

    def _look(self, rows: int, change: Change, *, follow: bool) -> None:
        if not self.window.at_end:
            self._count_unseen()
            return
        change.came, self.unseen = self.lines_came(), 0
        if self._live.too_much(self.condition):
            if not follow:
                self._leave_end()
            elif not self._tasks:
                self.to_end()
        elif (arrived := self._live.take(self.condition, rows + MORE_ROWS)) is not None:
            if arrived.since is not None and not follow and not self._fresh:
                self._leave_end()
                self.unseen = arrived.new
            else:
                self.arrive(arrived, change)

    def arrive(self, arrived: Arrived, change: Change) -> None:
        """Put what was written at the end, which is what is shown."""
        since = arrived.since
        if since is not None:
            self._begin_at(since, arrived.complete_from, change)
        before = len(self.window.rows)
        fitting = []
        for entry in arrived.entries:
            if entry.record is not None and self.condition.holds(entry.record):
                if since is None or entry.key >= since:
                    fitting.append(entry)
            elif (index := self.window.withdraw(entry.track, entry.offset)) is not None:
                change.touch(index)
        if self._fresh:
            self._early = [*self._early, *fitting][-MAX_ROWS:]
            if not self.window.rows:
                # the first rows to be seen are those that are being read
                return
        self._put(fitting, change)
        if (notice := arrived.notice()) is not None:
            self.window.notice(notice)
            change.appended = max(change.appended, len(self.window.rows) - before)

    def _put(self, entries: Sequence[Entry], change: Change) -> None:
        """Records to their places. Those before the first row are kept until rows are read as far back as that."""
        window = self.window
        rows, floor = len(window.rows), None if window.at_start or not window.rows else place_of(window.rows[0])
        above = [entry for entry in entries if floor is not None and entry.key < floor]
        self._above = [*self._above, *above][-LATE_ROWS:]
        added, lowest = window.arrive([entry for entry in entries if floor is None or entry.key >= floor])
        change.appended += added
        if lowest < rows:
            change.touch(lowest)

    def _begin_at(self, since: Key, complete_from: Mapping[int, int], change: Change) -> None:
        """Too much was written to hold it all: the rows begin at this place, and what stands before it is read when
        somebody goes there."""
        if self._fresh:
            # what is being read ends before what was just written begins
            self.window.clear()
            self.window.at_end, self._fresh, self._early = True, False, []
            change.replaced = True
        change.let_go = self.window.rows[-SCREENFUL:]
        change.removed_front += self.window.cut(since, complete_from)
        self._above = []
        self._drop_walk(back=True)
        self._drop_walk(back=False)

    def _leave_end(self) -> None:
        """Stay with the rows that are there: what comes behind them is read on demand."""
        self.window.at_end = False
        self._drop_walk(back=False)

    def _count_unseen(self) -> None:
        if self.condition.accepts is None:
            self.unseen = self.session.lines - self._lines_before
        elif self._live.too_much(self.condition):
            self._live.begin()
        elif (arrived := self._live.take(self.condition, MOST_COUNTED_ROWS)) is not None:
            self.unseen += arrived.new

    def trim(self, top: int) -> int:
        """Let go of rows far above the first visible one; how many rows went."""
        if top > len(self.window.rows) // 2 and (gone := self.window.trim_front()):
            self._drop_walk(back=True)
            return gone
        if top < len(self.window.rows) // 4 and self.window.trim_back():
            self._drop_walk(back=False)
        return 0

    # -- inside ----------------------------------------------------------------------------------------------------

    def _restart(self, asked: Key | None) -> None:
        self._generation += 1
        self._asked = asked
        self._tracks = len(self.session.tracks_now())
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()
        self._walks.clear()
        self._select = None
        self.horizon_ns = None
        # the old rows stay on the screen until the first new ones are there
        self._fresh = True
        self._early, self._above = [], []
        self.window.at_start = self.window.at_end = False

    def _walk(self, at: Key | None, *, back: bool, count: int) -> None:
        tracks, condition = self.session.tracks_now(), self.condition
        if at is None or not back:
            # before the walk reads up to the ends: what comes behind them is read from here on
            self._live.begin()
        walk = Walk(tracks, condition, at=at, back=back)
        self._walks[back] = walk
        self._submit(walk, back, count)

    def _submit(self, walk: Walk, back: bool, count: int) -> None:
        deliver = partial(self._deliver, self._generation, partial(self._walked, walk))
        self._tasks[back] = self.session.navigator.submit(lambda: walk, count, deliver)

    def _deliver(self, generation: int, apply: Callable[[Step, Change], None], step: Step) -> None:
        """From the navigator's thread."""
        self._inbox.append((generation, apply, step))
        self.session.on_news()

    def _walked(self, walk: Walk, step: Step, change: Change) -> None:
        back = walk.back
        if self._walks.get(back) is not walk:
            return  # the rows that it reads on from are gone
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
        if step.finished:
            self._tasks.pop(back, None)
        if not self._fresh:
            late, self._early, self._above = [*self._above, *self._early], [], []
            self._put(late, change)
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
