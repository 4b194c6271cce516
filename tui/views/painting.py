"""Drawn lines to Textual's strips, and a pane of such lines with a current one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.segment import Segment
from textual.containers import Container
from textual.events import Click
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.presentation.palette import Palette
from tui.record import Drawn, Piece
from tui.views.direct import Direct

Drawing = Drawn | Callable[[], Drawn]
"""A drawn line, or what draws it once it is in sight."""


def strip_of(drawn: Drawn, palette: Palette, width: int, *, chrome: bool = False) -> Strip:
    """A drawn line as a strip, exactly `width` cells wide."""
    strip = Strip([Segment(text, palette.style(name, chrome=chrome)) for text, name in drawn])
    return strip.adjust_cell_length(width, palette.chrome if chrome else palette.ground)


def blank_lines(crop: Region, palette: Palette) -> list[Strip]:
    """Lines of nothing but ground, for widgets that only hold others: Textual would draw them anew each time."""
    return [Strip.blank(crop.width, palette.ground)] * crop.height


class Ground(Container):
    """Holds other widgets, on the ground colour."""

    ALLOW_SELECT = False

    def __init__(self, palette: Palette, *children: Widget, id: str) -> None:
        super().__init__(*children, id=id)
        self._palette = palette

    def render_lines(self, crop: Region) -> list[Strip]:
        return blank_lines(crop, self._palette)


class Bar(Direct, can_focus=False):
    """One or more lines of chrome."""

    ALLOW_SELECT = False

    def __init__(self, palette: Palette, id: str) -> None:
        super().__init__(id=id)
        self.palette = palette
        self._drawn: tuple[Drawn, ...] = ()

    def show(self, *lines: Drawn) -> None:
        """Draw these lines, if they are others than before."""
        if lines != self._drawn:
            self._drawn = lines
            self.draw()

    def render_lines(self, crop: Region) -> list[Strip]:
        width = self.size.width
        lines = [
            strip_of(self._drawn[y] if y < len(self._drawn) else (), self.palette, width, chrome=True)
            for y in crop.line_range
        ]
        return [line.crop(crop.x, crop.right) for line in lines]


class LinesPane(Direct, can_focus=True):
    """Lines to read and move through: fields, a request, errors, help. Lines whose ref is None are passed over."""

    ALLOW_SELECT = False

    class Moved(Message):
        """The current line is another one."""

        def __init__(self, pane: LinesPane, ref: object) -> None:
            super().__init__()
            self.pane = pane
            self.ref = ref

    class Resized(Message):
        """It has another width or height."""

    def __init__(self, palette: Palette, id: str) -> None:
        super().__init__(id=id)
        self.palette = palette
        self.lines: Sequence[tuple[Drawing, object]] = ()
        """What is drawn, each with what it stands for."""
        self.fixed = 0
        """How many lines at the top stay where they are."""
        self.current = 0
        self.top = 0
        self._chosen = False
        self.echoes: frozenset[object] = frozenset()
        """What the current line is linked with: those lines are marked, too."""

    @property
    def chosen(self) -> bool:
        """Whether keys are meant for it: at once, not only when the news of the focus has come round."""
        return self.screen.focused is self

    @property
    def ref(self) -> object:
        """What the current line stands for."""
        return self.lines[self.current][1] if 0 <= self.current < len(self.lines) else None

    def show(self, lines: Sequence[tuple[Drawing, object]], *, fixed: int = 0, keep: object = None) -> None:
        """Draw other lines; the current one stays on the same thing, or on `keep`, where that is still there. One that
        was never chosen stays the first."""
        self._chosen = self._chosen or keep is not None
        wanted = keep if keep is not None else self.ref if self._chosen else None
        self.lines, self.fixed = lines, fixed
        at = next((index for index, line in enumerate(lines) if wanted is not None and line[1] == wanted), None)
        if at is None:
            at = self._selectable(min(self.current, max(0, len(lines) - 1)) if self._chosen else 0, 1)
        self.current = at
        self._follow_current()
        self.draw()

    def clear(self) -> None:
        """Forget the lines; the next ones begin at their top."""
        self.lines, self.current, self.top, self.echoes = (), 0, 0, frozenset()
        self._chosen = False

    def select(self, ref: object) -> bool:
        """Go to the line that stands for something; whether there is one."""
        at = next((index for index, line in enumerate(self.lines) if line[1] == ref), None)
        if at is None:
            return False
        self._chosen = True
        if at != self.current:
            self.current = at
            self._follow_current()
            self.draw()
        return True

    def echo(self, refs: frozenset[object]) -> None:
        """Mark the lines that the current one is linked with; the first of them comes into sight where that is free."""
        if refs == self.echoes:
            return
        self.echoes = refs
        linked = next((index for index, line in enumerate(self.lines) if index >= self.fixed and line[1] in refs), None)
        if linked is not None and self.current < self.fixed:
            self._bring_into_sight(linked)
        self.draw()

    def move(self, step: int) -> None:
        """Move by lines, passing over those that stand for nothing; scroll where all of them do."""
        if all(ref is None for _, ref in self.lines):
            self.top += step
            self._follow_current()
            self.draw()
            return
        target = max(0, min(len(self.lines) - 1, self.current + step))
        self._go(self._selectable(target, 1 if step > 0 else -1))

    def page(self, direction: int) -> None:
        self.move(direction * max(1, self.size.height - self.fixed - 1))

    def edge(self, *, last: bool) -> None:
        if all(ref is None for _, ref in self.lines):
            self.move(len(self.lines) if last else -len(self.lines))
        else:
            self._go(self._selectable(len(self.lines) - 1 if last else 0, -1 if last else 1))

    def on_mouse_scroll_down(self) -> None:
        self.move(2)

    def on_mouse_scroll_up(self) -> None:
        self.move(-2)

    def on_click(self, event: Click) -> None:
        """The line under the pointer becomes the current one."""
        index = event.y if event.y < self.fixed else event.y + self.top
        if index < len(self.lines) and self.lines[index][1] is not None:
            self._go(index)

    def on_focus(self) -> None:
        self.draw()

    def on_blur(self) -> None:
        self.draw()

    def on_resize(self) -> None:
        self._follow_current()
        self.post_message(self.Resized())

    def _go(self, index: int) -> None:
        if index != self.current and 0 <= index < len(self.lines):
            self.current, self._chosen = index, True
            self._follow_current()
            self.draw()
            self.tell()

    def tell(self) -> None:
        """Say that the current line is another one."""
        self.post_message(self.Moved(self, self.ref))

    def _selectable(self, index: int, direction: int) -> int:
        """The nearest line that stands for something, first in one direction, then in the other."""
        for step in (direction, -direction):
            at = index
            while 0 <= at < len(self.lines):
                if self.lines[at][1] is not None:
                    return at
                at += step
        return max(0, min(index, len(self.lines) - 1))

    def _follow_current(self) -> None:
        if self.current >= self.fixed and self.ref is not None:
            self._bring_into_sight(self.current)
            if all(ref is None for _, ref in self.lines[self.fixed : self.current]):
                self.top = 0  # what stands above the first line to go to is seen with it
        self.top = max(0, min(self.top, len(self.lines) - self.fixed - max(1, self.size.height - self.fixed)))

    def _bring_into_sight(self, index: int) -> None:
        room = max(1, self.size.height - self.fixed)
        at = index - self.fixed
        if at < self.top:
            self.top = max(0, at)
        elif at >= self.top + room:
            self.top = at - room + 1

    def render_lines(self, crop: Region) -> list[Strip]:
        width = self.size.width
        strips = []
        for y in crop.line_range:
            index = y if y < self.fixed else y + self.top
            drawing: Drawing = self.lines[index][0] if index < len(self.lines) else ()
            drawn = drawing if isinstance(drawing, tuple) else drawing()
            strips.append(strip_of((self._mark(index), *drawn), self.palette, width))
        return [strip.crop(crop.x, crop.right) for strip in strips]

    def _mark(self, index: int) -> Piece:
        ref = self.lines[index][1] if index < len(self.lines) else None
        if ref is None:
            return " ", "text"
        if index == self.current:
            return "▌", "key" if self.has_focus else "dim"
        return ("▏", "key") if ref in self.echoes else (" ", "text")
