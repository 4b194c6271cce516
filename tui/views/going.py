"""Going to a time: in files of any size at once, since no more than the way there is read."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import App

from tui.presentation.cells import display_text
from tui.query.values import moment_near, period_of
from tui.session.session import Session
from tui.views.ask import Ask
from tui.views.log_view import LogView

QUESTION = "Go to the first line at (12:30 · 2026-11-23 12:30:05 · -5m and +30s from the current line):"


class Going:
    """Asks for a time and shows the lines about it."""

    def __init__(self, app: App[None], session: Session, log: LogView) -> None:
        self._app = app
        self._session = session
        self._log = log

    def back_to(self, text: str) -> None:
        """To a time that is past, as `--since` means it."""
        now_ns = self._session.clock_ns()
        period = period_of(text, now_ns, self._session.zone)
        self._show(period[0] if period else now_ns)

    def commands(self) -> dict[str, Callable[[], None]]:
        return {"go-to-time": self.ask}

    def ask(self) -> None:
        self._app.push_screen(Ask(QUESTION, "", "goes there"), self._go)

    def _go(self, text: str | None) -> None:
        if not text:
            return
        key = self._log.key
        near_ns = key[0] if key is not None else self._session.clock_ns()
        time_ns = moment_near(text, near_ns, self._session.zone)
        if time_ns is None:
            self._app.notify(
                f"{display_text(text)} is no time: write 12:30, 2026-11-23 12:30:05, -5m or +30s",
                markup=False,
                timeout=6,
            )
            return
        self._show(time_ns)

    def _show(self, time_ns: int) -> None:
        self._log.follow = False
        self._log.viewing.around((time_ns, -1, 0))
