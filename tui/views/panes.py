"""The pane beside the log: which one is open, what it shows, how large it is.

Each kind of pane gives lines with what they stand for and says what Enter, copy and save mean there; the widget that
draws them is the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.containers import Vertical
from textual.widget import Widget

from tui.record import Drawn
from tui.views.painting import Bar, Drawing, LinesPane

BESIDE_FROM_CELLS = 170
ALONE_BELOW_ROWS = 30
STEP_PERCENT = 10


class Content:
    """What a pane shows; made for overriding, a pane says only what differs."""

    name = ""
    whole = False
    """Whether it takes the log's place, too."""

    @property
    def fixed(self) -> int:
        """How many lines at the top do not scroll."""
        return 0

    @property
    def busy(self) -> bool:
        """Whether more is being gathered."""
        return False

    def title(self, width: int) -> Drawn:
        raise NotImplementedError

    def lines(self, width: int) -> Sequence[tuple[Drawing, object]]:
        """The lines, each with what it stands for; None for lines to pass over."""
        raise NotImplementedError

    def changed(self) -> bool:
        """Whether the lines are others than when they were last asked for."""
        return False

    def entered(self, ref: object) -> None:
        """Enter was pressed on a line."""

    def chosen(self, ref: object) -> None:
        """The current line is this one, whoever moved it there."""

    def moved(self, ref: object) -> None:
        """The user has moved to this line in the pane."""

    def echoes(self, ref: object) -> frozenset[object]:
        """What else is marked while a line is the current one."""
        return frozenset()

    def copied(self, ref: object) -> str:
        """What copying the current line gives."""
        return ""

    def saved(self, suffix: str) -> str | None:
        """The whole as a document for a file of this ending; None when there is nothing to save."""
        return None

    def closed(self) -> None:
        """Let go of what was needed for it."""


class Panes:
    """Opens, fills, resizes and closes the pane."""

    def __init__(self, body: Widget, frame: Vertical, bar: Bar, pane: LinesPane, log: Widget) -> None:
        self.content: Content | None = None
        self.pane = pane
        self._body, self._frame, self._bar, self._log = body, frame, bar, log
        self._percent = 50
        self._back: list[tuple[Content, object]] = []
        self._behind = False
        self._width = 0
        """What the pane was last drawn for: it is given its place after it was opened."""

    @property
    def open(self) -> bool:
        return self.content is not None

    @property
    def behind(self) -> bool:
        """Whether the log stands in front of a pane that there is no room for beside it."""
        return self._behind

    @property
    def busy(self) -> bool:
        """Whether what is shown is not complete yet."""
        return self.content is not None and self.content.busy

    def show(self, content: Content, *, focus: bool = True, over: bool = False, at: object = None) -> None:
        """Open a pane, on the line that stands for `at`; `over` keeps the one that is open, to come back to."""
        if self.content is not None:
            if over:
                self._back.append((self.content, self.pane.ref))
            else:
                self._close_all()
        self.content, self._behind = content, False
        self.pane.clear()
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
        self.content, self._behind = None, False
        if self._back:
            self.content, at = self._back.pop()
            self.pane.clear()
            self.arrange()
            self.pane.call_after_refresh(self.fill, True, at)
            self.pane.screen.set_focus(self.pane)
            return True
        self._frame.remove_class("-open")
        self.arrange()
        self._log.screen.set_focus(self._log)
        return True

    def show_log(self) -> bool:
        """The log gets the keys, and comes in front of a pane that takes the whole place; whether it does."""
        self._behind = self.content is not None and self._alone
        self.arrange()
        self._log.screen.set_focus(self._log)
        return self._behind

    def come_back(self) -> bool:
        """Bring the pane in front of the log again; whether it was behind."""
        if not self._behind:
            return False
        self._behind = False
        self.arrange()
        self.pane.screen.set_focus(self.pane)
        self.pane.call_after_refresh(self.fill, True)
        return True

    def fill(self, force: bool = False, at: object = None) -> None:
        """Draw what the pane shows, when it has changed."""
        content = self.content
        width = max(20, self.pane.size.width - 1)
        if content is None or self._behind or not (force or width != self._width or content.changed()):
            return
        self._width = width
        lines = content.lines(width)
        self.pane.show(lines, fixed=content.fixed, keep=at)
        self.pane.echo(content.echoes(self.pane.ref))
        content.chosen(self.pane.ref)
        self.retitle()

    def retitle(self) -> None:
        """The title again: it may speak of the current line."""
        if self.content is not None and not self._behind:
            self._bar.show(self.content.title(self._width + 1))

    def arrange(self) -> None:
        """Below the log, beside it, or alone where there is room for one only."""
        beside, alone = self._beside, self._alone
        self._behind = self._behind and alone
        self._body.set_class(beside, "-beside")
        self._body.set_class(alone and not self._behind, "-alone")
        self._body.set_class(self._behind, "-behind")
        self._frame.styles.height = "1fr" if beside or alone else f"{self._percent}%"
        self._frame.styles.width = f"{self._percent}%" if beside else "1fr"
        if alone and not self._behind and self._log.screen.focused is self._log:
            self.pane.screen.set_focus(self.pane)

    @property
    def _beside(self) -> bool:
        return self.content is not None and not self.content.whole and self._body.size.width >= BESIDE_FROM_CELLS

    @property
    def _alone(self) -> bool:
        if self.content is None or self._beside:
            return False
        return self.content.whole or self._body.size.height < ALONE_BELOW_ROWS

    def resize(self, step: int) -> None:
        self._percent = max(20, min(80, self._percent + step * STEP_PERCENT))
        self.arrange()
        self.pane.call_after_refresh(self.fill, True)

    def next(self) -> None:
        """The other pane gets the keys; where there is room for one only, it comes to the front."""
        if self.content is None or (self.pane.chosen and not self._behind):
            self.show_log()
        elif not self.come_back():
            self.pane.screen.set_focus(self.pane)

    def commands(self) -> dict[str, Callable[[], None]]:
        return {
            "next-pane": self.next,
            "shrink": lambda: self.resize(-1),
            "grow": lambda: self.resize(1),
        }

    def _close_all(self) -> None:
        for content in (self.content, *(content for content, _ in self._back)):
            if content is not None:
                content.closed()
        self._back.clear()
        self.content = None
