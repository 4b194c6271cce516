"""The log pane: keeps a current line in the rows of a Viewing, takes in news of them, and follows the end.

What the pane looks like is left to `log_sight`. Of more rows than anybody can read the newest few of each batch are
drawn, until somebody moves or the flood is over.
"""

from __future__ import annotations

import time
from typing import Final

from textual.message import Message

from tui.presentation.log_line import LineLook
from tui.presentation.palette import Palette
from tui.query.results import EVERYTHING
from tui.record import Drawn
from tui.session.live import Live
from tui.session.viewing import Change, Viewing
from tui.store.order import Key
from tui.values import replace
from tui.views.log_sight import LogSight
from tui.views.pace import Flood
from tui.views.skim import Skim

NEAR_ROWS: Final = 60
CALM_S: Final = 0.3
"""A flood is over when nothing has come for so long."""


def log_width(cells: int) -> int:
    """How wide lines are drawn in so many cells: the last one shows the place in the log."""
    return max(20, cells - 1)


class LogView(LogSight, can_focus=True):
    """All sources as one list of lines, to move in."""

    ALLOW_SELECT = False

    class Moved(Message):
        """The current record is another one."""

    def __init__(self, viewing: Viewing, palette: Palette, look: LineLook, id: str) -> None:
        super().__init__(viewing, palette, look, id)
        self.follow = True
        self._flood = Flood()
        self._newest = Live(viewing.session)
        """What is written while not all of it is drawn."""
        self._came_s = 0.0

    @property
    def chosen(self) -> bool:
        """Whether keys are meant for it."""
        return self.screen.focused is self

    # -- moving ----------------------------------------------------------------------------------------------------

    def move(self, step: int) -> None:
        """Move the current line; at either end more is read."""
        self._go(self.current + step)

    def page(self, direction: int) -> None:
        """A screenful on or back."""
        step = max(1, len(self._visible()) - 1)
        # the lines move, not only the mark on them, wherever on the screen it stands
        self.top = max(0, min(self.top + direction * step, len(self.rows) - 1))
        self._go(self.current + direction * step)

    def edge(self, *, last: bool) -> None:
        """The oldest or the newest line there is."""
        window = self.viewing.window
        self.follow = last
        if last:
            if not window.at_end:
                self.viewing.to_end()
            self.current = max(0, len(self.rows) - 1)
        else:
            if not window.at_start:
                self.viewing.to_start()
            self.top = self.current = 0
        self._settle()

    def toggle_follow(self) -> None:
        self.follow = not self.follow
        if self.follow:
            self.edge(last=True)
        elif self.viewing.stale and (here := self.key) is not None:
            # the end is still being read, and would be followed again as soon as it is there
            self.viewing.around(here)

    def sideways(self, step: int) -> None:
        self.set_look(replace(self.look, shift=max(0, self.look.shift + step)))

    def toggle_wrap(self) -> None:
        self.set_look(replace(self.look, wrap=not self.look.wrap, shift=0))

    def say(self, lines: tuple[Drawn, ...]) -> None:
        """What to show while there is no row."""
        if lines != self.empty:
            self.empty = lines
            if not self.rows:
                self.draw()

    def set_look(self, look: LineLook) -> None:
        """Draw all lines in another way."""
        self.still()
        self._drawer.look = look
        self._drawer.forget()
        self._settle()

    def select(self, key: Key) -> bool:
        """Go to the row at a place; whether it is held."""
        self.still()
        index = self.viewing.window.index_at(key)
        if index >= len(self.rows) or self.rows[index].key != key:
            return False
        self.follow = False
        self.current = index
        self.center()
        self.post_message(self.Moved())
        return True

    def _go(self, index: int) -> None:
        rows = len(self.rows)
        self._read_on(index)
        before = self.current
        self.current = max(0, min(rows - 1, index))
        self.follow = self.viewing.window.at_end and index >= rows - 1 and (self.follow or index > before)
        self._settle()
        if self.current != before:
            self.post_message(self.Moved())

    def _read_on(self, index: int) -> None:
        """Have more read where an end of the rows is near."""
        if index < NEAR_ROWS:
            self.viewing.more(back=True)
        if index >= len(self.rows) - NEAR_ROWS:
            self.viewing.more(back=False)

    # -- news ------------------------------------------------------------------------------------------------------

    def take_in(self) -> Change:
        """Take in what has come since the last time. Of a flood only the newest rows are looked at, and drawn."""
        if self.skim is None:
            change = self._take_in()
            self.taken_in(change)
            return change
        if self.follow and self.viewing.plain and (skimmed := self._skim_on(self.skim)) is not None:
            return Change(skimmed=skimmed)
        return self._catch_up()

    def still(self) -> None:
        """From here on rows are counted, or drawn in another way: take in those that were only skimmed."""
        if self.skim is not None:
            self._catch_up()

    def _catch_up(self) -> Change:
        self.skim = None
        change = self._take_in()
        self.taken_in(change, all_drawn=True)
        self._settle()
        return change

    def _take_in(self) -> Change:
        at = None if self.follow else self.key
        return self.viewing.take_in(max(1, self.size.height), follow=self.follow, at=at)

    def taken_in(self, change: Change, *, all_drawn: bool = False) -> None:
        """The rows have changed: keep the place, or follow the end."""
        if not change.any:
            return
        if change.replaced:
            self.current = self.top = 0
            if self.viewing.window.at_end:
                self.current = max(0, len(self.rows) - 1)
                self.follow = True
        if change.prepended and not self.follow and not (change.replaced and self.viewing.window.at_start):
            self.top += change.prepended
            self.current += change.prepended
        if self.follow:
            self.current = max(0, len(self.rows) - 1)
            if not all_drawn and self._skimmed(change):
                return
        if change.select is not None:
            self.follow = False
            self.current = min(self.viewing.window.index_at(change.select), max(0, len(self.rows) - 1))
            self.center()
        # only then does the top row say what is in sight: far from that, rows may go
        self._settle()
        if self._let_go():
            self._settle()

    def _let_go(self) -> bool:
        """Let rows go that are far out of sight; whether some above went."""
        gone = self.viewing.trim(self.top)
        self.top, self.current = max(0, self.top - gone), max(0, self.current - gone)
        return gone > 0

    def on_mouse_scroll_down(self) -> None:
        self._wheel(3)

    def on_mouse_scroll_up(self) -> None:
        self._wheel(-3)

    def _wheel(self, step: int) -> None:
        """Scroll the rows under the current line, which goes along only to stay in sight; the end is followed again."""
        self.still()
        lowest = self._last_top(max(1, self.size.height))
        top = max(0, min(lowest, self.top + step))
        at_end = top == lowest and self.viewing.window.at_end
        if step < 0 and top == self.top and self.viewing.window.at_start:
            return
        self.top, before = top, self.current
        seen = self._visible() or [0]
        target = len(self.rows) - 1 if at_end and step > 0 else max(seen[0], min(seen[-1], self.current))
        self.follow = at_end and (self.follow or step > 0)
        self._read_on(target)
        self.current = target
        self._settle()
        if self.current != before:
            self.post_message(self.Moved())

    def on_click(self, event: object) -> None:
        y = getattr(event, "y", 0)
        seen = 0
        self.still()
        for row, strips in self._in_sight():
            seen += len(strips)
            if seen > y:
                self._go(self.viewing.window.index_at(row.key))
                return

    def on_resize(self) -> None:
        if (width := log_width(self.size.width)) != self.look.width:
            self.set_look(replace(self.look, width=width))
        else:
            self.still()
            self._settle()

    # -- a flood ---------------------------------------------------------------------------------------------------

    def _skimmed(self, change: Change) -> bool:
        """Draw only the newest of more rows than may be drawn now; whether that was done."""
        if change.replaced or change.prepended or change.select is not None:
            return False
        now_s, height = time.monotonic(), max(1, self.size.height)
        came = max(change.appended, change.came)
        self._flood.limit(self.viewing.session.step.rows_s)
        newest = self._flood.draw(came, height, now_s)
        if newest is None:
            return False
        if self.skim is None:
            before = [*change.let_go, *self.rows[: max(0, len(self.rows) - change.appended)]]
            self.skim = Skim(before[-height:], height)
            self._newest.begin()
        self._came_s = now_s
        self.skim.add(self.rows[max(0, len(self.rows) - newest) :], came)
        if change.lowest is not None:
            self.skim.renew(self.rows[change.lowest :])
        self.top = max(0, len(self.rows) - height)
        self._let_go()
        self.draw()
        return True

    def _skim_on(self, skim: Skim) -> int | None:
        """Draw the newest of what was written since the last frame, which stays where it is; how many rows, or None
        when it is so little that all can be drawn."""
        now_s, height = time.monotonic(), max(1, self.size.height)
        self._flood.limit(self.viewing.session.step.rows_s)
        most = self._flood.room(height, now_s)
        arrived = self._newest.take(EVERYTHING, most, least=1)
        newest = skim.newer(arrived.entries, most) if arrived is not None else []
        came = max(len(newest), self.viewing.lines_came())
        drawn = self._flood.draw(came, height, now_s)
        if drawn is None:
            return None
        newest = newest[max(0, len(newest) - drawn) :]
        if came:
            self._came_s = now_s
            skim.add(newest, came)
        if arrived is not None:
            self.draw()
        return len(newest)

    @property
    def patience_s(self) -> float:
        """How long to wait for news before it is looked whether there are none."""
        return CALM_S if self.skim is not None else 0.0

    def calm(self) -> None:
        """Draw the rows that were left out, if the flood is over, and the position, if more is known about it now."""
        if self._thumb(self.size.height) != self._thumb_drawn:
            self.draw()
        if self.skim is not None and (not self.skim.torn or time.monotonic() - self._came_s >= CALM_S):
            self._catch_up()
