"""One question with a text as its answer: the name of a file to save to, a time to go to."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static


class Ask(ModalScreen[str | None]):
    """Answers with the text, or None when left with Esc."""

    BINDINGS = [Binding("escape", "leave", "leave", show=False)]  # noqa: RUF012 - Textual's own form

    def __init__(self, question: str, proposal: str, enter: str) -> None:
        """`enter` says what Enter does."""
        super().__init__()
        self._question = question
        self._proposal = proposal
        self._enter = enter

    def compose(self) -> ComposeResult:
        with Vertical(id="ask"):
            yield Static(Text(self._question))
            field = Input(self._proposal)
            field.cursor_blink = False
            yield field
            yield Static(Text(f"Enter {self._enter} · Esc leaves", "dim"))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip() or None)

    def action_leave(self) -> None:
        self.dismiss(None)
