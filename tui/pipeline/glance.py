"""A record of which no more is read than it is asked for, to be put to a query that may not want it.

Most queries ask for a field or two. Of a line of JSON these are known as soon as it is parsed, and what a record is made
of besides (time, ids, error) takes many times as long.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tui.parsing.glimpse import UNCERTAIN, Fields, Telling
from tui.record import Record, level_of
from tui.typed import Any


class Glance:
    """Has the attributes of the record that its line is; asked for one that it does not know, it has the record made."""

    __slots__ = ("_line", "_made", "_make", "_told", "fields", "severity")

    def __init__(self, told: Mapping[str, Telling]) -> None:
        """`told` is what the fields of a record tell of its other attributes."""
        self._told = told

    def at(self, line: bytes, known: tuple[Fields, int], make: Callable[[], Record]) -> None:
        """Look at a line whose fields and severity are those of its record; one look does for many lines, in turn."""
        self._line = line
        self._made: Record | None = None
        self._make = make
        self.fields, self.severity = known

    @property
    def raw(self) -> str:
        return self._line.decode()

    @property
    def level(self) -> str | None:
        return level_of(self.severity)

    def record(self) -> Record:
        """The whole record, made when it is first asked for."""
        if self._made is None:
            self._made = self._make()
        return self._made

    def __getattr__(self, name: str) -> Any:
        if self._made is None and (telling := self._told.get(name)) is not None:
            value = telling(self.fields)
            if value is not UNCERTAIN:
                return value
        return getattr(self.record(), name)
