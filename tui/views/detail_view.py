"""All fields of the current record; follows the log's current line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tui.presentation.cells import display_text
from tui.presentation.detail_lines import detail_lines
from tui.query.syntax import clause
from tui.record import Drawn, Record
from tui.views.log_view import LogView
from tui.views.panes import Content


class DetailView(Content):
    """Enter on an id opens its request, on another field adds it to the query."""

    name = "detail"

    def __init__(self, log: LogView, open_request: Callable[[], None], add_to_query: Callable[[str], None]) -> None:
        self._log = log
        self._open_request = open_request
        self._add_to_query = add_to_query
        self._shown: Record | None = None

    def title(self, width: int) -> Drawn:
        record = self._log.record
        where = display_text(record.source) if record else ""
        return ((" Detail  ", "bold"), (where, "dim"), ("   Enter on a field filters by it · y copies it", "hint"))

    def lines(self, width: int) -> Sequence[tuple[Drawn, object]]:
        self._shown = self._log.record
        if self._shown is None:
            return [((("  no line is chosen", "hint"),), None)]
        return detail_lines(self._shown, width, self._log.look.zone)

    def changed(self) -> bool:
        return self._log.record is not self._shown

    def entered(self, ref: object) -> None:
        if not isinstance(ref, tuple):
            return
        name, value = ref
        if name.endswith(" id") and name != "span id":
            self._open_request()
        elif self._shown is not None and (
            name in self._shown.fields or name in ("level", "service", "logger", "source")
        ):
            self._add_to_query(clause(name, value))

    def copied(self, ref: object) -> str:
        return str(ref[1]) if isinstance(ref, tuple) else ""

    def saved(self, suffix: str) -> str | None:
        return self._shown.raw + "\n" if self._shown is not None else None
