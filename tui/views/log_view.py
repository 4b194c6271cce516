"""The log pane: draws the rows of a Viewing, keeps a current line and follows the end.

Rows are drawn when they are seen. Of more rows than anybody can read the newest few of each batch are drawn, until
somebody moves or the flood is over.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from tui.presentation.log_line import LineLook
from tui.presentation.palette import Palette
from tui.query.results import EVERYTHING, Row
from tui.record import Drawn, Record
from tui.session.live import Live
from tui.session.viewing import Change, Viewing
from tui.store.order import Entry, Key
from tui.values import replace
from tui.views.direct import Direct
from tui.views.log_rows import LogRows
from tui.views.pace import Flood
from tui.views.painting import strip_of
from tui.views.skim import Skim

NEAR_ROWS: Final = 60
CALM_S: Final = 0.3
"""A flood is over when nothing has come for so long."""


def log_width(cells: int) -> int:
    """How wide lines are drawn in so many cells: the last one shows the place in the log."""
    return max(20, cells - 1)


class LogView(Direct, can_focus=True):
    """All sources as one list of lines."""

    ALLOW_SELECT = False

    class Moved(Message):
        """The current record is another one."""

    def __init__(self, viewing: Viewing, palette: Palette, look: LineLook, id: str) -> None:
        super().__init__(id=id)
        self.viewing = viewing
        self.palette = palette
        self.follow = True
        self._placed_height = 0
        self.empty: tuple[Drawn, ...] = ()
        """What to say when there is no row."""
        self.top = 0
        self.current = 0
        self.skim: Skim | None = None
        """The rows in sight, while more come than are drawn."""
        self._drawer = LogRows(palette, look)
        self._flood = Flood()
        self._newest = Live(viewing.session)
        """What is written while not all of it is drawn."""
        self._thumb_drawn: int | None = None
        self._came_s = 0.0

    # -- what is where ---------------------------------------------------------------------------------------------

    @property
    def chosen(self) -> bool:
        """Whether keys are meant for it."""
        return self.screen.focused is self

    @property
    def rows(self) -> list[Row]:
        return self.viewing.window.rows

    @property
    def record(self) -> Record | None:
        """The record of the current line."""
        row = self._current_row()
        return row.record if isinstance(row, Entry) else None

    @property
    def look(self) -> LineLook:
        """How lines are drawn."""
        return self._drawer.look

    @property
    def marks(self) -> set[Key]:
        """The places of the lines that were marked."""
        return self._drawer.marks

    @property
    def key(self) -> Key | None:
        """The place of the current line."""
        row = self._current_row()
        return row.key if row is not None else None

    def _current_row(self) -> Row | None:
        rows, at = (self.rows, self.current) if self.skim is None else (self.skim.rows, len(self.skim.rows) - 1)
        return rows[at] if 0 <= at < len(rows) else None

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

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._drawer.forget()

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

    # -- drawing ---------------------------------------------------------------------------------------------------

    def _settle(self) -> None:
        """Have it drawn anew, from the right top row on."""
        self._place()
        if self.top == 0:
            self.viewing.more(back=True)
        self.draw()

    def _place(self) -> None:
        """Choose the top row so that the current one is seen, and the last one sits at the bottom when following."""
        self.skim = None
        rows, height = len(self.rows), max(1, self.size.height)
        self._placed_height = height
        self.current = max(0, min(self.current, rows - 1))
        if self.top > self.current:
            self.top = self.current
        used, lowest = 0, self.current
        while lowest >= 0 and rows:
            used += len(self._strips(lowest))
            if used > height:
                break
            lowest -= 1
        lowest = min(lowest + 1, self.current)
        # with the last row at the bottom it goes no further down
        self.top = lowest if self.current >= rows - 1 else min(max(self.top, lowest), self._last_top(height))

    def _last_top(self, height: int) -> int:
        """The highest top row that leaves no room under the last row."""
        used, index = 0, len(self.rows)
        while index > 0:
            used += len(self._strips(index - 1))
            if used > height:
                break
            index -= 1
        return index

    def center(self) -> None:
        """Bring the current line to the middle."""
        self.top = max(0, self.current - self.size.height // 2)
        self._settle()

    def _visible(self) -> list[int]:
        seen: list[int] = []
        used = 0
        for index in range(self.top, len(self.rows)):
            used += len(self._strips(index))
            if used > self.size.height and seen:
                break
            seen.append(index)
        return seen

    def _strips(self, index: int) -> list[Strip]:
        above = self.rows[index - 1] if index else None
        return self._drawer.strips(self.rows[index], above, current=index == self.current)

    def _in_sight(self) -> Iterator[tuple[Row, list[Strip]]]:
        """The rows on the screen, from the top, and how they are drawn."""
        if self.skim is not None:
            yield from self._skimmed_rows(self.skim)
            return
        left = self.size.height
        for index in range(self.top, len(self.rows)):
            if left <= 0:
                break
            strips = self._strips(index)
            left -= len(strips)
            yield self.rows[index], strips

    def _skimmed_rows(self, skim: Skim) -> list[tuple[Row, list[Strip]]]:
        """The last rows there is room for: the newest one is seen whole."""
        seen: list[tuple[Row, list[Strip]]] = []
        left = self.size.height
        for at in range(len(skim.rows) - 1, -1, -1):
            row, above = skim.rows[at], skim.rows[at - 1] if at else None
            last = at == len(skim.rows) - 1
            strips = self._drawer.strips(row, above, current=last, torn=row.key in skim.torn)
            left -= len(strips)
            if left < 0 and seen:
                break
            seen.append((row, strips))
        return seen[::-1]

    def render_lines(self, crop: Region) -> list[Strip]:
        width, height = self.size.width, self.size.height
        if height != self._placed_height:
            # drawn before the news of another size has come round
            self._place()
        strips = [strip for _, lines in self._in_sight() for strip in lines]
        if not self.rows:
            strips = [strip_of(line, self.palette, width) for line in self.empty]
        self._thumb_drawn = thumb = self._thumb(height)
        if thumb is not None and thumb < len(strips):
            strips[thumb] = self._drawer.with_thumb(strips[thumb])
        blank = Strip.blank(width, self.palette.ground)
        shown = [strips[y] if y < len(strips) else blank for y in crop.line_range if y < height]
        return shown if (crop.x, crop.right) == (0, width) else [strip.crop(crop.x, crop.right) for strip in shown]

    def _thumb(self, height: int) -> int | None:
        """The line of the position mark: by the bytes before and behind the current line in its source."""
        share = self.position()
        return None if share is None or height < 3 else min(height - 1, int(share * height))

    def position(self) -> float | None:
        """How far down in the sources the current line stands, 0 to 1; None when there is nothing."""
        key = self.key
        if key is None:
            return None
        if self.viewing.window.at_end and self.current >= len(self.rows) - 1:
            return 1.0
        for track in self.viewing.session.tracks_now():
            if track.number == key[1]:
                size = track.blocks.end - track.blocks.first
                return (key[2] - track.blocks.first) / size if size else 1.0
        return None
