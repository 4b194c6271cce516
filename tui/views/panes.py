"""The pane beside the log: which one is open, what it shows, how large it is.

Each kind of pane gives lines with what they stand for and says what Enter, copy and save mean there; the widget that
draws them is the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from textual.containers import Vertical
from textual.widget import Widget

from tui.record import Drawn
from tui.views.painting import Bar, LinesPane

BESIDE_FROM_CELLS = 170
ALONE_BELOW_ROWS = 30
STEP_PERCENT = 10


class Content(Protocol):
    """What a pane shows."""

    name: str

    def title(self, width: int) -> Drawn: ...

    def lines(self, width: int) -> Sequence[tuple[Drawn, object]]:
        """The lines, each with what it stands for; None for lines to pass over."""

    @property
    def fixed(self) -> int:
        """How many lines at the top do not scroll."""

    def changed(self) -> bool:
        """Whether the lines are others than when they were last asked for."""

    @property
    def busy(self) -> bool:
        """Whether more is being gathered."""

    def entered(self, ref: object) -> None:
        """Enter was pressed on a line."""

    def moved(self, ref: object) -> None:
        """The current line is this one now."""

    def copied(self, ref: object) -> str:
        """What copying the current line gives."""

    def saved(self, suffix: str) -> str | None:
        """The whole as a document for a file of this ending; None when there is nothing to save."""

    def closed(self) -> None: ...


class Panes:
    """Opens, fills, resizes and closes the pane."""

    def __init__(self, body: Widget, frame: Vertical, bar: Bar, pane: LinesPane, log: Widget) -> None:
        self.content: Content | None = None
        self.pane = pane
        self._body, self._frame, self._bar, self._log = body, frame, bar, log
        self._percent = 50
        self._back: list[Content] = []

    @property
    def open(self) -> bool:
        return self.content is not None

    @property
    def busy(self) -> bool:
        """Whether what is shown is not complete yet."""
        return self.content is not None and self.content.busy

    def show(self, content: Content, *, focus: bool = True, over: bool = False, at: object = None) -> None:
        """Open a pane, on the line that stands for `at`; `over` keeps the one that is open, to come back to."""
        if self.content is not None:
            if over:
                self._back.append(self.content)
            else:
                self._close_all()
        self.content = content
        self.pane.lines, self.pane.current, self.pane.top = (), 0, 0
        self._frame.add_class("-open")
        self.arrange()
        self.pane.call_after_refresh(self.fill, True, at)
        if focus:
            self.pane.screen.set_focus(self.pane)

    def close(self) -> bool:
        """Close the pane, or go back to the one below it; whether there was one."""
        if self.content is None:
            return False
        self.content.closed()
        self.content = self._back.pop() if self._back else None
        if self.content is not None:
            self.fill(True)
            return True
        self._frame.remove_class("-open")
        self.arrange()
        self._log.screen.set_focus(self._log)
        return True

    def fill(self, force: bool = False, at: object = None) -> None:
        """Draw what the pane shows, when it has changed."""
        content = self.content
        if content is None or not (force or content.changed()):
            return
        width = max(20, self.pane.size.width - 1)
        self._bar.show(content.title(width + 1))
        lines = content.lines(width)
        self.pane.show(lines, fixed=content.fixed, keep=at)

    def arrange(self) -> None:
        """Below the log, beside it, or alone where there is room for one only."""
        size = self._body.size
        is_open = self.content is not None
        beside = is_open and size.width >= BESIDE_FROM_CELLS
        alone = is_open and not beside and size.height < ALONE_BELOW_ROWS
        self._body.set_class(beside, "-beside")
        self._body.set_class(alone, "-alone")
        self._frame.styles.height = "1fr" if beside or alone else f"{self._percent}%"
        self._frame.styles.width = f"{self._percent}%" if beside else "1fr"
        if alone and self._log.has_focus:
            self.pane.screen.set_focus(self.pane)

    def resize(self, step: int) -> None:
        self._percent = max(20, min(80, self._percent + step * STEP_PERCENT))
        self.arrange()
        self.pane.call_after_refresh(self.fill, True)

    def next(self) -> None:
        """The other pane gets the keys."""
        if self.content is None or self._body.has_class("-alone"):
            self.pane.screen.set_focus(self.pane if self.content is not None else self._log)
            return
        self.pane.screen.set_focus(self._log if self.pane.has_focus else self.pane)

    def commands(self) -> dict[str, Callable[[], None]]:
        return {
            "next-pane": self.next,
            "shrink": lambda: self.resize(-1),
            "grow": lambda: self.resize(1),
        }

    def _close_all(self) -> None:
        for content in (self.content, *self._back):
            if content is not None:
                content.closed()
        self._back.clear()
        self.content = None
