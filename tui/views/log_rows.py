"""Rows of the log as strips. A drawn row is kept by its identity and look, never by its number, because numbers change."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from rich.segment import Segment
from textual.strip import Strip

from tui.presentation.cells import clock
from tui.presentation.log_line import LineLook, draw_record
from tui.presentation.palette import Palette
from tui.query.results import Notice, Row
from tui.record import Drawn, Piece, Record
from tui.store.order import Entry, Key

CACHED_ROWS: Final = 500
CURRENT: Final = ("▌", "key")
MARKED: Final = ("●", "key")
TORN: Final = ("┆", "gap")
UNSIGNED: Final = (" ", "text")


class LogRows:
    """Draws rows, and remembers those that were drawn last."""

    def __init__(self, palette: Palette, look: LineLook) -> None:
        self.palette = palette
        self.look = look
        self.marks: set[Key] = set()
        self._drawn: OrderedDict[tuple[object, ...], tuple[Record, list[Strip]]] = OrderedDict()
        self._last: dict[int, tuple[Row, Row | None, bool, bool, list[Strip]]] = {}
        """How rows were drawn last, by the id of the row, while none is marked: most are drawn again as they are."""

    def forget(self) -> None:
        """All rows look different now."""
        self._drawn.clear()
        self._last.clear()

    def strips(self, row: Row, above: Row | None, *, current: bool, torn: bool = False) -> list[Strip]:
        """A row under the one that stands above it, one cell wider than its look; torn when others between the two
        are left out."""
        if self.marks:
            return self._strips(row, above, current=current, torn=torn)
        held = self._last.get(id(row))
        if held is None or held[0] is not row or held[1] is not above or held[2] is not current or held[3] is not torn:
            if len(self._last) >= CACHED_ROWS:
                self._last.clear()
            held = row, above, current, torn, self._strips(row, above, current=current, torn=torn)
            self._last[id(row)] = held
        return held[4]

    def _strips(self, row: Row, above: Row | None, *, current: bool, torn: bool) -> list[Strip]:
        if isinstance(row, Notice):
            return [self._strip(self._notice(row))]
        same = (
            isinstance(above, Entry)
            and above.record is not None
            and row.record is not None
            and above.record.service == row.record.service
        )
        if current:
            return self._signed(row, same, CURRENT)
        if row[:3] in self.marks:
            return self._signed(row, same, MARKED)
        return self._signed(row, same, TORN if torn else UNSIGNED)

    def _signed(self, row: Entry, same: bool, sign: Piece) -> list[Strip]:
        """A row with a sign before it; what stands behind that is drawn once for all signs."""
        record = row.record
        assert record is not None
        key = (row[1:3], same, sign)
        held = self._drawn.get(key)
        if held is not None and held[0] is record:
            self._drawn.move_to_end(key)
            return held[1]
        if sign is UNSIGNED:
            strips = [self._strip(line) for line in draw_record(record, self.look, same_service=same)]
        else:
            # the bar goes down all lines of the current row, other signs stand before the first
            signed = Segment(sign[0], self.palette.style(sign[1]))
            strips = [
                Strip([signed, *list(strip)[1:]], strip.cell_length) if number == 0 or sign is CURRENT else strip
                for number, strip in enumerate(self._signed(row, same, UNSIGNED))
            ]
        self._drawn[key] = record, strips
        while len(self._drawn) > CACHED_ROWS:
            self._drawn.popitem(last=False)
        return strips

    def with_thumb(self, strip: Strip) -> Strip:
        """A row's strip with the position mark in its last cell."""
        return Strip([*list(strip)[:-1], Segment("▐", self.palette.style("dim"))], strip.cell_length)

    def _strip(self, drawn: Drawn) -> Strip:
        """A line exactly as wide as the look says, and a cell of its own for the position mark."""
        style = self.palette.style
        return Strip([*(Segment(text, style(name)) for text, name in drawn), Segment(" ", style("text"))], self._cells)

    @property
    def _cells(self) -> int:
        return self.look.width + 1

    def _notice(self, notice: Notice) -> Drawn:
        when = clock(notice.time_ns, self.look.zone)[:8]
        if notice.kind == "sampled":
            text = (
                f"{notice.count:,} lines sampled out (1:{notice.ratio:.3g}, whole requests; warnings and errors kept)"
            )
        else:
            text = f"{notice.count:,} lines came too fast to show; scroll back or filter to read them"
        line = f" ─ {when}  {text} "[: self.look.width]
        return ((line + "─" * max(0, self.look.width - len(line)), "gap"),)
