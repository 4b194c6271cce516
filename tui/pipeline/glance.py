"""A record of which no more is read than it is asked for, to be put to a query that may not want it.

Most queries ask for a field or two. Of a line of JSON these are known as soon as it is parsed, and what a record is made
of besides (time, ids, error) takes many times as long.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tui.record import Record, level_of
from tui.typed import Any


class Glance:
    """Has the attributes of the record that its line is; asked for one that it does not know, it has the record made."""

    __slots__ = ("_line", "_made", "_make", "fields", "severity")

    def __init__(self, line: bytes, fields: Mapping[str, object], severity: int, make: Callable[[], Record]) -> None:
        """The fields and the severity are those of the record."""
        self._line = line
        self._make = make
        self._made: Record | None = None
        self.fields = fields
        self.severity = severity

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
        return getattr(self.record(), name)
