"""The query line: what is typed filters at once, a mistake is marked where it stands, the counts stand at the right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo

from rich.highlighter import Highlighter
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from tui.presentation.status_line import QUERY_HINT
from tui.query.syntax import Query, QueryError, parse


class _Mistake(Highlighter):
    """Underlines the letter at which the query stops being one."""

    at: int | None = None

    def highlight(self, text: Text) -> None:
        if self.at is not None:
            text.stylize("bold underline", self.at, self.at + 1)


class QueryInput(Input):
    """An input that does not blink and leaves the keys of the log alone when it has lost the focus."""

    @property
    def chosen(self) -> bool:
        """Whether keys are letters of the query: at once, not only when the news of the focus has come round."""
        return self.screen.focused is self


class QueryBar(Horizontal):
    """Text to query; tells when another query is meant."""

    class Changed(Message):
        """Another query was typed; None when the text is no query yet."""

        def __init__(self, query: Query | None, text: str) -> None:
            super().__init__()
            self.query = query
            self.text = text

    class Done(Message):
        """The user has finished typing; forward when with Enter."""

    def __init__(self, text: str, zone: tzinfo, redacted: Callable[[str], str] = str) -> None:
        """`redacted` gives a text without secrets: a known address is looked for by its mark, and not kept."""
        super().__init__(id="query")
        self._redacted = redacted
        self._text = redacted(text)
        self._zone = zone
        self._now_ns = 0
        self._info = Text()
        self._shown: Text | None = None
        self.error: QueryError | None = None
        self._mistake = _Mistake()

    def compose(self) -> ComposeResult:
        yield Static("/", id="query-sign")
        field = QueryInput(
            self._text,
            id="query-input",
            placeholder=QUERY_HINT,
            highlighter=self._mistake,
        )
        field.cursor_blink = False
        yield field
        yield Static("", id="query-info")

    @property
    def field(self) -> QueryInput:
        return self.query_one(QueryInput)

    @property
    def text(self) -> str:
        return self._redacted(self.field.value)

    def mask(self) -> None:
        """What was typed is not kept as it is: secrets in it become their marks."""
        if self.field.value != self.text:
            self.field.value = self.text

    def set_clock(self, now_ns: int) -> None:
        """The time that `since:-5m` counts from."""
        self._now_ns = now_ns

    def read(self, text: str) -> Query | None:
        """The query of a text, or None and `error` set."""
        self.error, self._mistake.at = None, None
        try:
            query = parse(text, now_ns=self._now_ns, zone=self._zone)
            masked = self._redacted(text)
            # places of mistakes are those of the text as it was typed
            return query if masked == text else parse(masked, now_ns=self._now_ns, zone=self._zone)
        except QueryError as error:
            self.error, self._mistake.at = error, error.position
            return None

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(self.read(event.value), self._redacted(event.value)))
        self._draw()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Done())

    def show_info(self, info: str, style: str = "") -> None:
        """What stands at the right end."""
        self._info = Text(info, style)
        self._draw()

    def _draw(self) -> None:
        shown = self._info
        if self.error is not None:
            shown = Text(f"▲ {self.error.position + 1}: {self.error.message}", "bold")
        if shown == self._shown:
            return
        self._shown = shown
        static = self.query_one("#query-info", Static)
        static.set_class(self.error is not None, "-error")
        static.update(shown)
