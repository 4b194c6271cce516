"""What of the log is in sight: which row is at the top, which is the current one, and what they look like as strips.

Rows are drawn when they are seen. Where the current line goes is left to `log_view`.
"""

from __future__ import annotations

from collections.abc import Iterator

from textual.geometry import Region
from textual.strip import Strip

from tui.presentation.log_line import LineLook
from tui.presentation.palette import Palette
from tui.query.results import Row
from tui.record import Drawn, Record
from tui.session.viewing import Viewing
from tui.store.order import Entry, Key
from tui.views.direct import Direct
from tui.views.log_rows import LogRows
from tui.views.painting import strip_of
from tui.views.skim import Skim


class LogSight(Direct):
    """The rows of a Viewing in the place that there is for them."""

    def __init__(self, viewing: Viewing, palette: Palette, look: LineLook, id: str) -> None:
        super().__init__(id=id)
        self.viewing = viewing
        self.palette = palette
        self._placed_height = 0
        self.empty: tuple[Drawn, ...] = ()
        """What to say when there is no row."""
        self.top = 0
        self.current = 0
        self.skim: Skim | None = None
        """The rows in sight, while more come than are drawn."""
        self._drawer = LogRows(palette, look)
        self._thumb_drawn: int | None = None

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

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._drawer.forget()

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
