"""Keys within an open request: closer and farther, the next error, gap or slow work, a text looked for in it.

While the request has the keys, `e`, `n` and `/` mean the request; everywhere else they mean the log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from textual.app import App

from tui.presentation.cells import display_text
from tui.story import seeking
from tui.story.elsewhere import elsewhere
from tui.story.seeking import Test
from tui.views.ask import Ask
from tui.views.compare_view import CompareView
from tui.views.elsewhere_view import ElsewhereView
from tui.views.looking import Looking
from tui.views.request_view import RequestView

NO_REQUEST: Final = "this is for a request: t opens the one of a line"
QUESTION: Final = "Find in this request (service, operation, text of a line):"


class Exploring:
    """What is done within the request that is open."""

    def __init__(self, app: App[None], looking: Looking, copy: Callable[[], None]) -> None:
        self._app = app
        self._looking = looking
        self._panes = looking.panes
        self._tools = looking.session.settings.tools
        self._copy = copy

    def commands(self, log: Mapping[str, Callable[[], None]]) -> dict[str, Callable[[], None]]:
        """The actions that belong here; with those of the log that mean the request while it has the keys."""
        own: dict[str, Callable[[], None]] = {
            "query": self.ask,
            "next-error": partial(self.seek, seeking.is_error, "error", back=False),
            "previous-error": partial(self.seek, seeking.is_error, "error", back=True),
            "next-match": partial(self.seek_text, back=False),
            "previous-match": partial(self.seek_text, back=True),
        }
        return {
            **{id: partial(self._either, command, log[id]) for id, command in own.items()},
            "next-gap": partial(self.seek, seeking.is_gap, "gap", back=False),
            "slowest": self.slowest,
            "zoom-in": partial(self._zoom, closer=True),
            "zoom-out": partial(self._zoom, closer=False),
            "zoom-all": self._whole,
            "earlier": partial(self._pan, -1),
            "later": partial(self._pan, 1),
            "entry": self.entry,
            "elsewhere": self.elsewhere,
            "compare": self.compare,
        }

    @property
    def request(self) -> RequestView | None:
        """The request that is in sight, if there is one."""
        content = self._panes.content
        return content if isinstance(content, RequestView) and not self._panes.behind else None

    def _either(self, own: Callable[[], None], log: Callable[[], None]) -> None:
        (own if self.request is not None and self._panes.pane.chosen else log)()

    # -- going to something ----------------------------------------------------------------------------------------

    def seek(self, wanted: Test, name: str, *, back: bool) -> None:
        if (request := self._asked()) is None:
            return
        ref = request.seek(self._panes.pane.ref, wanted, back=back)
        if ref is None:
            self._say(f"no {name} in this request")
        else:
            self._go(ref)

    def slowest(self) -> None:
        if (request := self._asked()) is None:
            return
        row = seeking.slowest(request.story.rows, self._panes.pane.ref)
        if row is None:
            self._say("nothing in this request took any time")
        else:
            request.unfold_for(row.row_id)
            self._go(row.row_id)

    def ask(self) -> None:
        if (request := self._asked()) is not None:
            self._app.push_screen(Ask(QUESTION, request.sought, "finds the first, n the next"), self._answered)

    def _answered(self, text: str | None) -> None:
        if (request := self.request) is None or text is None:
            return
        request.sought = text
        self.seek_text(back=False)

    def seek_text(self, *, back: bool) -> None:
        if (request := self._asked()) is None:
            return
        if not request.sought:
            self.ask()
        else:
            self.seek(seeking.says(request.sought), f"“{display_text(request.sought)}”", back=back)

    def _go(self, ref: object) -> None:
        """Make it the current line, and tell everybody who goes along."""
        self._panes.fill(True, ref)
        self._panes.pane.tell()

    # -- what the bars show ----------------------------------------------------------------------------------------

    def _zoom(self, *, closer: bool) -> None:
        if (request := self._asked()) is not None:
            request.zoom(self._panes.pane.ref, closer=closer)
            self._panes.fill()

    def _whole(self) -> None:
        if (request := self._asked()) is not None:
            request.window = None
            self._panes.fill()

    def _pan(self, direction: int) -> None:
        if (request := self._asked()) is None:
            return
        if request.window is None:
            self._say("the whole request is shown: + comes closer")
        request.pan(direction)
        self._panes.fill()

    # -- the chosen line -------------------------------------------------------------------------------------------

    def entry(self) -> None:
        """All that is known of the chosen bar or line."""
        if (request := self._asked()) is not None and (content := request.opened(self._panes.pane.ref)) is not None:
            self._panes.show(content, over=True)

    def elsewhere(self) -> None:
        """The request in other tools."""
        if (request := self._asked()) is not None:
            found = elsewhere(request.story, self._tools)
            self._panes.show(ElsewhereView(found, bool(self._tools), self._copy), over=True)

    def compare(self) -> None:
        """The request beside that of a marked line, else beside a normal one."""
        if (request := self._asked()) is not None:
            looking = self._looking
            view = CompareView(looking.session, request, tuple(looking.log.marks), looking.open_other)
            self._panes.show(view, over=True)

    def _asked(self) -> RequestView | None:
        if self.request is None:
            self._say(NO_REQUEST)
        return self.request

    def _say(self, text: str) -> None:
        self._app.notify(text, timeout=3, markup=False)
