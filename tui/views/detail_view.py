"""All fields of the current record; follows the log's current line."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Final

from tui.presentation.cells import display_text
from tui.presentation.detail_lines import detail_lines
from tui.query.syntax import clause
from tui.record import Drawn, Record
from tui.views.log_view import LogView
from tui.views.panes import Content

REVEALED_S: Final = 5.0
_MARK: Final = re.compile(r"\[[a-z][a-z0-9-]*#[^\]\s]{1,120}\]")


@dataclass(frozen=True, slots=True)
class _Revealed:
    """A mark whose value is to be seen until a moment has come."""

    mark: str
    value: str
    until_s: float


class DetailView(Content):
    """Enter on an id opens its request, on another field adds it to the query."""

    name = "detail"

    def __init__(self, log: LogView, open_request: Callable[[], None], add_to_query: Callable[[str], None]) -> None:
        self._log = log
        self._open_request = open_request
        self._add_to_query = add_to_query
        self._shown: Record | None = None
        self._revealed: _Revealed | None = None
        self._asked = ""
        """The mark that was revealed last: the next one of the same text comes next."""

    def title(self, width: int) -> Drawn:
        record = self._log.record
        where = display_text(record.source) if record else ""
        return ((" Detail  ", "bold"), (where, "dim"), ("   Enter on a field filters by it · y copies it", "hint"))

    def lines(self, width: int) -> Sequence[tuple[Drawn, object]]:
        self._shown = self._log.record
        if self._shown is None:
            return [((("  no line is chosen", "hint"),), None)]
        lines: list[tuple[Drawn, object]] = [*detail_lines(self._shown, width, self._log.look.zone)]
        one = self._revealed
        if one is not None and monotonic() < one.until_s:
            told = f"  {one.mark} = {display_text(one.value)}"
            return [(((f" REVEALED FOR {REVEALED_S:.0f} s ", "level.fatal"), (told, "warn")), None), *lines]
        self._revealed = None
        return lines

    def changed(self) -> bool:
        over = self._revealed is not None and monotonic() >= self._revealed.until_s
        return over or self._log.record is not self._shown

    def reveal(self, ref: object, under_marks: Callable[[Record], dict[str, str]]) -> bool:
        """Show what a mark in the value of a line stands for, for a moment; false when there is nothing to be shown."""
        if self._shown is None or not isinstance(ref, tuple):
            return False
        values = under_marks(self._shown)
        marks = [mark for mark in _MARK.findall(str(ref[1])) if mark in values]
        if not marks:
            return False
        mark = marks[(marks.index(self._asked) + 1) % len(marks)] if self._asked in marks else marks[0]
        self._asked = mark
        self._revealed = _Revealed(mark, values[mark], monotonic() + REVEALED_S)
        return True

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

    def closed(self) -> None:
        self._revealed = None

    def copied(self, ref: object) -> str:
        return str(ref[1]) if isinstance(ref, tuple) else ""

    def saved(self, suffix: str) -> str | None:
        return self._shown.raw + "\n" if self._shown is not None else None
