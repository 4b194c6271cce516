"""Tables: records whose columns are named once, at the top of the file.

Owns finding the names (W3C's and Zeek's `#Fields`, the first line of a CSV), splitting a record into its cells, and
telling where a record begins when cells hold line feeds. What the columns mean is left to `structured`.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui.lazy import Lazy
from tui.parsing.id_keys import kind_of_key
from tui.parsing.vocabulary import roles_of
from tui.typed import Final
from tui.values import frozen

_NAME: Final = Lazy(r"[@A-Za-z_][\w .@/()\[\]:%-]{0,80}")
_SEPARATORS: Final = (",", "\t", ";", "|")
_NOTHING: Final = frozenset(("", "-", "(empty)", "(null)"))
_TOP_LINES: Final = 20
_LEAST_COLUMNS: Final = 3


@frozen
class Columns:
    """The columns of one table."""

    names: tuple[str, ...]
    separator: str
    """Empty where any white space parts the cells."""
    format: str
    date: str | None = None
    """Of all records, where the table says it once; else None."""
    utc: bool = False
    """Times are UTC by the rules of the format."""

    @property
    def quoted(self) -> bool:
        """Cells may stand in quotes, with separators and line feeds inside."""
        return self.format == "csv"

    def begins(self, line: bytes) -> bool | None:
        """Whether a line starts a record; None where that depends on the lines before it."""
        if line[:1] == b"#" or not self.quoted:
            return True
        return (
            True if line.count(b'"') % 2 == 0 and line.count(self.separator.encode()) >= len(self.names) - 1 else None
        )

    def goes_on(self, before: Sequence[bytes]) -> bool:
        """Whether a cell is still open at the end of these lines of a record."""
        return sum(line.count(b'"') for line in before) % 2 == 1

    def read(self, text: str) -> dict[str, object] | None:
        """The cells of a record by the names of their columns; None when there are more or fewer of them."""
        cells = self._cells(text)
        names = self.names
        if len(cells) == len(names) + 1 and self.quoted:
            # Windows names all columns of its events but the last one, which says what happened.
            names = (*names, "Message")
        if len(cells) != len(names) or cells == list(names):
            return None
        fields: dict[str, object] = {}
        for name, cell in zip(names, cells, strict=True):
            if cell not in _NOTHING:
                fields.setdefault(name, cell)
        if self.date is not None:
            fields.setdefault("date", self.date)
        return fields or None

    def scale(self, fields: dict[str, object]) -> int:
        """What durations are to be multiplied with that were taken for milliseconds: fractions count seconds."""
        taken = fields.get("time-taken", "")
        return 1000 if self.format == "zeek" or (self.format == "w3c" and "." in str(taken)) else 1

    def _cells(self, text: str) -> list[str]:
        if self.quoted:
            return split_cells(text, self.separator)
        return text.split(self.separator) if self.separator else text.split()


def split_cells(text: str, separator: str = ",") -> list[str]:
    """The cells of one CSV record, without their quotes."""
    import csv  # most sources are no tables: their first screenful does not wait for it

    try:
        rows = list(
            csv.reader([text], delimiter=separator)
            if "\n" not in text
            else csv.reader(text.splitlines(True), delimiter=separator)
        )
    except csv.Error:
        return []
    return rows[0] if len(rows) == 1 else []


def learn_columns(lines: Sequence[bytes]) -> Columns | None:
    """The columns that the first lines of a source name; None for a source that is no table."""
    top = [line.decode("utf-8", "replace").lstrip("\ufeff").rstrip("\r") for line in lines[:_TOP_LINES]]
    for line in top:
        if line.lower().startswith("#fields"):
            return _declared(line, top, lines)
    return _headed(top) if top else None


def _declared(line: str, top: Sequence[str], lines: Sequence[bytes]) -> Columns | None:
    tabs = "\t" in line
    names = tuple(line.split("\t")[1:] if tabs else line.partition(":")[2].split())
    if len(names) < _LEAST_COLUMNS:
        return None
    body = [one for one in lines if one[:1] != b"#"][:_TOP_LINES]
    separator = "\t" if body and all(b"\t" in one for one in body) else ""
    date = next((one[6:].split()[0] for one in top if one.startswith("#Date:") and one[6:].strip()), None)
    local = any(one.startswith("#Time Format: Local") for one in top)
    has_date = "date" in names
    return Columns(names, separator, "zeek" if tabs else "w3c", None if has_date else date, utc=not (local or tabs))


def _headed(top: Sequence[str]) -> Columns | None:
    """A first line of nothing but names, at least one of which is a time or a message, or two of which are a span's ids."""
    if top[0][:1] in ("{", "["):
        return None
    for separator in _SEPARATORS:
        if top[0].count(separator) < _LEAST_COLUMNS - 1:
            continue
        names = tuple(cell.strip() for cell in split_cells(top[0], separator))
        if len(set(names)) != len(names) or not all(_NAME.fullmatch(name) for name in names):
            continue
        roles = {role for name in names for role, _ in roles_of(name)}
        if not roles & {"time", "message"} and not {"trace", "span"} <= {kind_of_key(name) for name in names}:
            continue
        begun = [line for line in top[1:] if line.count(separator) >= len(names) - 1]
        if len(top) == 1 or begun:
            return Columns(names, separator, "csv")
    return None
