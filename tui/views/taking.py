"""Copy and save: what leaves the screen for the clipboard or a file, redacted like the screen itself."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from functools import partial

from textual.app import App

from tui.presentation.cells import display_text
from tui.query.results import Notice
from tui.session.session import Session
from tui.views.ask import Ask
from tui.views.log_view import LogView
from tui.views.panes import Panes


class Taking:
    """Copies and saves the focused pane."""

    def __init__(self, app: App[None], session: Session, log: LogView, panes: Panes) -> None:
        self._app = app
        self._session = session
        self._log = log
        self._panes = panes

    def commands(self) -> dict[str, Callable[[], None]]:
        return {"copy": self.copy, "save": self.save}

    def copy(self) -> None:
        """The current line, or the value of the pane's current line."""
        content = self._panes.content
        if content is not None and self._panes.pane.chosen:
            text = content.copied(self._panes.pane.ref)
        else:
            text = self._log.record.raw if self._log.record is not None else ""
        if not text:
            self._app.notify("nothing to copy here", timeout=3)
            return
        # line feeds stay: they are part of a stack; everything else a terminal might obey goes
        self._app.copy_to_clipboard("\n".join(display_text(line) for line in text.split("\n")))
        self._app.notify(
            f"{len(text):,} characters sent to the terminal's clipboard; s saves to a file instead", timeout=4
        )

    def save(self) -> None:
        """Ask for a file and write what the focused pane shows."""
        content = self._panes.content
        moment = datetime.fromtimestamp(self._session.clock_ns() / 1e9, self._session.zone)
        if content is not None and self._panes.pane.chosen:
            if content.saved(".md") is None:
                self._app.notify("nothing to save here", timeout=3)
                return
            name, question = (
                f"tracetail-{content.name}-{moment:%Y%m%d-%H%M%S}.md",
                "Save this pane to (.md, .json or .html):",
            )
            make: Callable[[str], str | None] = content.saved
        else:
            name, question = f"tracetail-{moment:%Y%m%d-%H%M%S}.log", "Save the lines shown here to:"
            make = self._lines
        self._app.push_screen(Ask(question, name, "saves"), partial(self._answered, make))

    def _answered(self, make: Callable[[str], str | None], path: str | None) -> None:
        if path:
            self._app.run_worker(self._write(make, os.path.expanduser(path)), exclusive=False)

    async def _write(self, make: Callable[[str], str | None], path: str) -> None:
        # what saves is loaded by those who save
        import aiofiles

        text = make(os.path.splitext(path)[1].lower()) or ""
        try:
            async with aiofiles.open(path, "x", encoding="utf-8", errors="surrogateescape", newline="\n") as file:
                await file.write(text)
        except FileExistsError:
            self._app.notify(
                f"{display_text(path)} exists already; nothing was written", severity="error", markup=False
            )
        except OSError as error:
            self._app.notify(f"cannot write {display_text(path)}: {error.strerror}", severity="error", markup=False)
        else:
            size = len(text.encode("utf-8", "surrogateescape"))
            self._app.notify(f"saved {size:,} bytes to {display_text(path)}", timeout=4, markup=False)

    def _lines(self, suffix: str) -> str:
        lines = []
        for row in self._log.rows:
            if isinstance(row, Notice):
                lines.append(f"--- {row.count} lines {row.kind} out here ---")
            elif row.record is not None:
                lines.append(row.record.raw)
        return "\n".join([*lines, ""])
