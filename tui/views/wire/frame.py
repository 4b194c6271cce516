"""A frame as Textual writes it, text with cursor moves and colours, read into stretches of cells.

What is not such a frame, or holds anything that is not understood completely, is told apart: it has to be sent as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rich.cells import split_graphemes

from tui.lazy import Lazy
from tui.values import frozen
from tui.views.wire.pen import PLAIN, Pen, after

Cell = tuple[str, Pen]
"""The character or cluster that begins in this cell, and its pen."""

SECOND: Final[Cell] = ("", PLAIN)
"""The right half of a wide character."""
REMEMBERED_STRETCHES: Final = 1000
REMEMBERED_CELLS: Final = 5_000
"""Of each pen."""
REMEMBERED_PENS: Final = 500

_MOVE: Final = Lazy(r"\x1b\[(\d+);(\d+)H")
_PEN: Final = Lazy(r"\x1b\[([\d;]*)m")
_CONTROL: Final = Lazy("[\x00-\x1f\x7f-\x9f]")
_ONE: Final = (
    "\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2100-\u22ff"
    "\u2400-\u2426\u2500-\u25fc\u2713\u2717"
)
"""Besides ASCII: letters, signs and lines that no terminal draws wide or joins with what is beside them."""
_SURELY_ONE: Final = Lazy(f"[ -~{_ONE}]*")
_SURELY_TWO: Final = Lazy("[\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3]")


class Stretch:
    """Cells beside each other in one row. Equal texts give the same object for as long as they are remembered."""

    __slots__ = ("cells", "known", "sure")

    def __init__(self, cells: tuple[Cell | None, ...], sure: bool, known: bool = True) -> None:
        self.cells: Final = cells
        """None: nothing is known about this one."""
        self.sure: Final = sure
        """Whether every terminal gives all of it as many cells as we do."""
        self.known: Final = known
        """Whether something is known about every cell."""


@frozen
class Placed:
    """A stretch at its place, counted from 0."""

    row: int
    column: int
    stretch: Stretch


@frozen
class Frame:
    """All that one update draws, and where it leaves the cursor (row, column)."""

    placed: tuple[Placed, ...]
    cursor: tuple[int, int] | None


class Cells(dict[str, Cell]):
    """The cells of one pen by what is written in them: one object for each, so that telling them apart costs nothing."""

    def __init__(self, pen: Pen) -> None:
        self._pen = pen
        # nobody sees what colour a blank would be written in
        self._blank = pen if pen.marks else Pen("", pen.background)

    def __missing__(self, character: str) -> Cell:
        if len(self) >= REMEMBERED_CELLS:
            self.clear()
        cell = self[character] = (character, self._blank if character == " " else self._pen)
        return cell


class FrameReader:
    """Reads frames and remembers the stretches, which come again and again."""

    def __init__(self) -> None:
        self._stretches: dict[str, Stretch | None] = {}
        self._before: dict[str, Stretch | None] = {}
        self._cells: dict[Pen, Cells] = {}

    def read(self, text: str) -> Frame | None:
        """The frame, or None when the text must be sent as it is."""
        head, *parts = _MOVE.split(text)
        if head or not parts:
            return None
        placed, cursor = [], None
        for row, column, written in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
            cursor = int(row) - 1, int(column) - 1
            if not (written := written.rstrip("\n")):
                continue
            stretch = self._stretch(written)
            if stretch is None:
                return None
            placed.append(Placed(*cursor, stretch))
            cursor = None
        return Frame(tuple(placed), cursor)

    def _stretch(self, text: str) -> Stretch | None:
        known = self._stretches
        if text in known:
            return known[text]
        if len(known) >= REMEMBERED_STRETCHES:
            self._before, self._stretches = known, {}
        # those of the screen of now outlive any number of others
        stretch = self._before[text] if text in self._before else self.written(text)
        self._stretches[text] = stretch
        return stretch

    def stretch(self, pieces: Iterable[tuple[str, Pen]]) -> Stretch | None:
        """Texts beside each other, each with its pen; None when one of them is not only characters."""
        cells: list[Cell] = []
        sure = True
        for text, pen in pieces:
            if not text.isprintable() and _CONTROL.search(text):
                return None
            known = self._cells.get(pen) or self._cells_of(pen)
            if text.isascii() or _SURELY_ONE.fullmatch(text):
                cells += map(known.__getitem__, text)
                continue
            for start, end, width in split_graphemes(text)[0]:
                if not width:
                    return None
                character = text[start:end]
                sure = sure and _beyond_doubt(character, width)
                cells.append(known[character])
                cells += [SECOND] * (width - 1)
        return Stretch(tuple(cells), sure)

    def written(self, text: str) -> Stretch | None:
        """A text with colours in it; None when it does more than write characters."""
        pen: Pen | None = PLAIN
        pieces: list[tuple[str, Pen]] = []
        for index, part in enumerate(_PEN.split(text)):
            if index % 2:
                pen = after(pen, part) if pen is not None else None
            elif part:
                if pen is None:
                    return None
                pieces.append((part, pen))
        # a pen that stays would colour what comes next
        return self.stretch(pieces) if pen == PLAIN else None

    def _cells_of(self, pen: Pen) -> Cells:
        if len(self._cells) >= REMEMBERED_PENS:
            self._cells = {}
        return self._cells.setdefault(pen, Cells(pen))


def _beyond_doubt(character: str, width: int) -> bool:
    """Whether every terminal gives a cluster this many cells."""
    if len(character) != 1:
        return False
    return (_SURELY_TWO if width == 2 else _SURELY_ONE).fullmatch(character) is not None
