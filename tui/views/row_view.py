"""All that is known of one bar of a request; opens over the request and leads back to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import tzinfo

from tui.presentation.cells import display_text
from tui.record import Drawn, Record
from tui.story.row_lines import row_lines
from tui.story.rows import Row
from tui.story.timeline import Story
from tui.views.panes import Content


class RowView(Content):
    """Enter on a log line shows it in the log."""

    name = "bar"

    def __init__(self, story: Story, row: Row, zone: tzinfo, show_record: Callable[[Record], None]) -> None:
        self._story = story
        self._row = row
        self._zone = zone
        self._show_record = show_record

    def title(self, width: int) -> Drawn:
        what = display_text(" ".join(filter(None, (self._row.service, self._row.name))))
        return ((" Bar  ", "bold"), (what, "text"), ("   y copies · Esc goes back", "hint"))

    def lines(self, width: int) -> Sequence[tuple[Drawn, object]]:
        return row_lines(self._story, self._row, width, self._zone)

    def entered(self, ref: object) -> None:
        if (record := self._record(ref)) is not None:
            self._show_record(record)

    def copied(self, ref: object) -> str:
        record = self._record(ref)
        return record.raw if record is not None else str(ref[1]) if isinstance(ref, tuple) else ""

    def _record(self, ref: object) -> Record | None:
        return next((record for record in self._story.records if record.key == ref), None)
