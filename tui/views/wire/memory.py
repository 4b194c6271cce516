"""What the terminal shows, what it should show, and the least that makes the one into the other.

Rows that only moved are moved by the terminal; within a row only the stretches that differ are written. What is not
known for sure is written anew. Knows no terminal: it is given frames and gives text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import compress
from operator import is_not
from typing import Final

from tui.values import frozen
from tui.views.wire.frame import SECOND, Cell, Frame, Stretch
from tui.views.wire.pen import PLAIN, Pen, turn

NEAR_CELLS: Final = 7
"""Fewer equal cells between two changes than this are cheaper written again than jumped over."""
LONG_BLANK: Final = 12
"""From so many cells on, a blank is erased instead of written."""
LEAST_GAIN: Final = 2
"""Rows that moving must save to be worth its place in the stream."""


@frozen
class Abilities:
    """What may be asked of a terminal besides writing at a place."""

    scrolls: bool = False
    """A region of rows can be moved up and down."""
    erases: bool = False
    """Cells can be made blank without writing blanks."""
    erases_coloured: bool = False
    """What is erased gets the colour of the pen, not that of the terminal."""


class Memory:
    """Of one terminal of `width` by `height` cells. Not safe to use from two threads at once."""

    def __init__(self, width: int, height: int, abilities: Abilities) -> None:
        self.width, self.height = width, height
        self.dirty = False
        """Whether there may be something to send."""
        self._abilities = abilities
        self._nothing = Stretch((None,) * width, True, False)
        self._blank_row = Stretch(((" ", PLAIN),) * width, True)
        self._wanted = [self._nothing] * height
        self._shown = [self._nothing] * height
        self._wanted_cursor: tuple[int, int] | None = None
        self._cursor: tuple[int, int] | None = None
        """Where the terminal's is; None when that is not known."""
        self._pen: Pen | None = None

    # -- what should be seen -----------------------------------------------------------------------------------------

    def take(self, frame: Frame) -> None:
        """Remember what a frame draws, whatever it draws over; what does not fit on this terminal is left out."""
        for one in frame.placed:
            if one.row < self.height and one.column < self.width:
                self._lay(one.row, one.column, one.stretch)
        self._wanted_cursor = frame.cursor or self._wanted_cursor
        self.dirty = True

    def _lay(self, row: int, column: int, stretch: Stretch) -> None:
        if len(stretch.cells) == self.width and not column:
            self._wanted[row] = stretch
            return
        if len(stretch.cells) > self.width - column:
            stretch = Stretch(stretch.cells[: self.width - column], sure=False, known=stretch.known)
        self._wanted[row] = _laid(self._wanted[row], column, stretch)

    def doubt(self) -> None:
        """Nothing is known of what the terminal shows any more: all that should be seen is sent again."""
        self._shown = [self._nothing] * self.height
        self._cursor = self._pen = None
        self.dirty = True

    def forget(self) -> None:
        """Something else was drawn or cleared: neither what is shown is known, nor what should be."""
        self.doubt()
        self._wanted = [self._nothing] * self.height
        self._wanted_cursor = None
        self.dirty = False

    # -- what to send ------------------------------------------------------------------------------------------------

    def changes(self) -> str:
        """What makes the terminal show what it should; empty when it does. It is taken for sent."""
        self.dirty = False
        out: list[str] = []
        if self._abilities.scrolls:
            self._move_rows(out)
        for row in range(self.height):
            if self._wanted[row] is not self._shown[row]:
                self._write_row(row, out)
        if out or self._wanted_cursor != self._cursor:
            self._to_pen(PLAIN, out)
            if self._wanted_cursor is not None:
                self._to_place(*self._wanted_cursor, out)
        return "".join(out)

    def _move_rows(self, out: list[str]) -> None:
        """Let the terminal move the rows that are elsewhere now."""
        places = {id(stretch): row for row, stretch in enumerate(self._shown)}
        twice = {one for one, count in Counter(map(id, self._shown)).items() if count > 1}
        shifts = Counter(
            place - row
            for row, stretch in enumerate(self._wanted)
            if stretch is not self._shown[row]
            and id(stretch) not in twice
            and (place := places.get(id(stretch))) is not None
        )
        if not shifts:
            return
        (shift, _), *_ = shifts.most_common(1)
        first, last = self._moved(shift)
        top, bottom = min(first, first + shift), max(last, last + shift)
        lost = sum(self._wanted[row] is self._shown[row] for row in range(top, bottom + 1))
        if shifts[shift] - lost < LEAST_GAIN:
            return
        # not all terminals that colour what they erase colour the rows that come in
        self._to_pen(PLAIN, out)
        out.append(f"\x1b[{top + 1};{bottom + 1}r\x1b[{abs(shift)}{'S' if shift > 0 else 'T'}\x1b[r")
        self._cursor = None
        fresh = [self._blank_row] * abs(shift)
        region = self._shown[top : bottom + 1]
        self._shown[top : bottom + 1] = region[shift:] + fresh if shift > 0 else fresh + region[:shift]

    def _moved(self, shift: int) -> tuple[int, int]:
        """First and last of the rows that are best taken from `shift` rows further down."""
        rows = [
            row
            for row in range(max(0, -shift), min(self.height, self.height - shift))
            if self._wanted[row] is self._shown[row + shift] and self._wanted[row] is not self._shown[row]
        ]
        first, last = rows[0], rows[-1]
        while first - 1 + min(0, shift) >= 0 and self._closer(first - 1, shift):
            first -= 1
        while last + 1 + max(0, shift) < self.height and self._closer(last + 1, shift):
            last += 1
        return first, last

    def _closer(self, row: int, shift: int) -> bool:
        """Whether a row is more like the one that would be moved there than like the one that is there."""
        wanted, there, moved = self._wanted[row], self._shown[row], self._shown[row + shift]
        if wanted is there:
            return False
        return _distance(wanted, moved) < _distance(wanted, there)

    # -- rows --------------------------------------------------------------------------------------------------------

    def _write_row(self, row: int, out: list[str]) -> None:
        wanted, shown = self._wanted[row], self._shown[row]
        self._shown[row] = wanted if wanted.known else _laid(shown, 0, wanted)
        new, old = wanted.cells, shown.cells
        # nearly all cells are the same objects: they are passed over without a line of ours for each
        others = compress(range(self.width), map(is_not, new, old))
        changed = [column for column in others if new[column] is not None and new[column] != old[column]]
        if not changed:
            return
        sure = wanted.sure and shown.sure
        if not sure:
            # where a cell stands on this terminal is only known for the first one
            changed = [column for column, cell in enumerate(wanted.cells) if cell is not None]
        start = before = changed[0]
        for column in changed[1:]:
            if column - before > NEAR_CELLS or None in wanted.cells[before:column]:
                self._write(row, start, before + 1, wanted.cells, out, erase=sure)
                start = column
            before = column
        self._write(row, start, before + 1, wanted.cells, out, erase=sure)
        if not sure:
            self._cursor = None

    def _write(
        self, row: int, start: int, end: int, cells: Sequence[Cell | None], out: list[str], *, erase: bool
    ) -> None:
        """Write the cells of a row from start up to end, never half a character."""
        while start and cells[start] is SECOND:
            start -= 1
        while end < self.width and cells[end] is SECOND:
            end += 1
        self._to_place(row, start, out)
        column, before = start, None
        while column < end:
            cell = cells[column]
            assert cell is not None
            character, pen = cell
            if cell is SECOND:
                column += 1
                continue
            if pen is before and character != " ":
                out.append(character)
                column += 1
                continue
            if erase and character == " " and (blank := self._blank(cells, column, end)) >= LONG_BLANK:
                self._to_pen(pen, out, blank=True)
                before = None
                rest = column + blank == self.width
                out.append("\x1b[K" if rest else f"\x1b[{blank}X")
                self._cursor = row, column
                column += blank
                if column == end:
                    return
                self._to_place(row, column, out)
                continue
            self._to_pen(pen, out, blank=character == " ")
            if self._pen is pen:
                before = pen
            out.append(character)
            column += 1
        # at the right edge terminals differ in where the cursor is
        self._cursor = (row, end) if end < self.width else None

    def _blank(self, cells: Sequence[Cell | None], start: int, end: int) -> int:
        """How many cells from here on can be erased in one go."""
        cell = cells[start]
        assert cell is not None
        if start + 1 < end and cells[start + 1] is not cell and cells[start + 1] != cell:
            return 1
        pen = cell[1]
        if not self._abilities.erases or pen.marks or (pen.background and not self._abilities.erases_coloured):
            return 0
        column = start
        while column < end and cells[column] == cell:
            column += 1
        return column - start

    def _to_pen(self, pen: Pen, out: list[str], *, blank: bool = False) -> None:
        now = self._pen
        if blank and now is not None and not pen.foreground and now[1:] == pen[1:]:
            return  # nobody sees in what colour a blank is written
        if pen != self._pen:
            out.append(turn(self._pen, pen))
            self._pen = pen

    def _to_place(self, row: int, column: int, out: list[str]) -> None:
        if self._cursor == (row, column):
            return
        if self._cursor is not None and self._cursor[0] == row and column > self._cursor[1]:
            out.append(f"\x1b[{column - self._cursor[1]}C")
        else:
            out.append(f"\x1b[{row + 1};{column + 1}H" if column else f"\x1b[{row + 1}H")
        self._cursor = row, column


def _laid(below: Stretch, column: int, above: Stretch) -> Stretch:
    """One stretch laid over another; of what is not known the lower one is seen, of half a character nothing."""
    end = column + len(above.cells)
    laid = [
        lower if upper is None else upper for lower, upper in zip(below.cells[column:end], above.cells, strict=True)
    ]
    left, right = list(below.cells[:column]), list(below.cells[end:])
    # nothing is known of the rest of a character that was drawn over
    if column < len(below.cells) and below.cells[column] is SECOND:
        while left and left[-1] is SECOND:
            left.pop()
        left = [*left[:-1], *[None] * (column - max(0, len(left) - 1))]
    for at, cell in enumerate(right):
        if cell is not SECOND:
            break
        right[at] = None
    cells = (*left, *laid, *right)
    return Stretch(cells, below.sure and above.sure, None not in cells)


def _distance(one: Stretch, other: Stretch) -> int:
    return sum(map(is_not, one.cells, other.cells))
