"""Records that a query accepts, out of lines that are looked at no closer than it takes to say no.

Which lines form a record is decided by others, and so is what a record is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final, cast

from tui.json_text import loads_many
from tui.parsing.glimpse import TOLD, read
from tui.pipeline.glance import Glance
from tui.pipeline.sheet import Sheet
from tui.record import Line, Record
from tui.store.order import Accepts
from tui.values import frozen

_TOLD_OF_NO_TIME: Final = {name: telling for name, telling in TOLD.items() if name != "time_ns"}


@frozen
class Choice:
    """What to accept, and what to do with lines that have to be looked at closer."""

    accepts: Accepts
    records_of: Callable[[tuple[Line, ...]], Sequence[Record]]
    moved: bool
    """Whether records get other times than their lines tell."""

    def of_groups(self, groups: Iterable[tuple[Line, ...]]) -> list[Record]:
        """Of lines that were put together."""
        glance = self._glance()
        return [record for lines in groups for record in self._of_lines(lines, glance)]

    def of_sheet(self, sheet: Sheet) -> list[Record]:
        """Of lines that are a record each."""
        accepts, glance, loads = self.accepts, self._glance(), loads_many()
        chosen: list[Record] = []
        number = 0

        def lines() -> tuple[Line, ...]:
            return (Line(sheet.offset(number), sheet.lines[number]),)

        def made() -> Record:
            return self.records_of(lines())[0]

        for number, line in enumerate(sheet.lines):  # noqa: B007 - the two functions above use it
            if (known := read(line, loads)) is None:
                chosen += filter(accepts, self.records_of(lines()))
                continue
            glance.at(line, known, made)
            # it has all attributes of a record
            if accepts(glance):  # type: ignore[arg-type]
                chosen.append(glance.record())
        return chosen

    def _of_lines(self, lines: tuple[Line, ...], glance: Glance) -> Iterable[Record]:
        line = lines[0].data
        known = read(line) if len(lines) == 1 else None
        if known is None:
            return filter(self.accepts, self.records_of(lines))
        glance.at(line, known, partial(self._record, lines))
        return (glance.record(),) if self.accepts(cast(Record, glance)) else ()

    def _record(self, lines: tuple[Line, ...]) -> Record:
        return self.records_of(lines)[0]

    def _glance(self) -> Glance:
        return Glance(_TOLD_OF_NO_TIME if self.moved else TOLD)
