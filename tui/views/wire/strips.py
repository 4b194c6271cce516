"""Textual's strips as stretches of cells, without writing them as text first. A strip that comes again is not read again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.color import ColorSystem
from rich.style import Style
from textual.strip import Strip

from tui.views.wire.frame import FrameReader, Stretch
from tui.views.wire.pen import PLAIN, Pen

REMEMBERED: Final = 200


class StripReader:
    """Reads strips for a terminal with so many colours; the cells are those of the frames that the reader reads."""

    def __init__(self, reader: FrameReader, depth: ColorSystem) -> None:
        self._reader = reader
        self._depth = depth
        # held together with what was read, so that nothing else gets their ids
        self._pens: dict[int, tuple[Style, Pen | None]] = {}
        self._known: dict[int, tuple[Strip, Stretch]] = {}
        self._before: dict[int, tuple[Strip, Stretch]] = {}

    def read(self, strips: Sequence[Strip]) -> list[Stretch] | None:
        """A stretch for each; None when one of them has to be written as text."""
        stretches = []
        for strip in strips:
            held = self._known.get(id(strip)) or self._read(strip)
            if held is None:
                return None
            stretches.append(held[1])
        return stretches

    def _read(self, strip: Strip) -> tuple[Strip, Stretch] | None:
        if len(self._known) >= REMEMBERED:
            self._before, self._known = self._known, {}
        held = self._before.get(id(strip))
        if held is None:
            pieces: list[tuple[str, Pen]] = []
            for text, style, control in strip:
                pen = PLAIN if style is None else (self._pens.get(id(style)) or self._read_style(style))[1]
                if pen is None or control:
                    return None
                pieces.append((text, pen))
            if (stretch := self._reader.stretch(pieces)) is None:
                return None
            held = strip, stretch
        self._known[id(strip)] = held
        return held

    def _read_style(self, style: Style) -> tuple[Style, Pen | None]:
        """What a style sets, by what it writes before a text; None when that is more than colours and marks."""
        if len(self._pens) >= REMEMBERED:
            self._pens.clear()
        read = self._reader.written(Strip.render_style(style, "x", self._depth))
        cell = read.cells[0] if read is not None else None
        self._pens[id(style)] = held = style, cell[1] if cell is not None else None
        return held
