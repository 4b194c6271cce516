"""The end of a log that is written faster than it can be read: of each batch only the newest rows join those in sight.

What lies between is not lost, only not drawn: as soon as somebody moves, or the flood is over, all rows are there.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui.query.results import Row
from tui.store.order import Entry, Key


class Skim:
    """The rows in sight, oldest first, and which of them follow on rows that were left out."""

    def __init__(self, rows: Sequence[Row], most: int) -> None:
        self.rows = list(rows)
        self.torn: set[Key] = set()
        """The places of rows before which others were left out."""
        self._most = most
        self._came = self._drawn = 0
        self._last: dict[int, int] = {}
        """The offset of the last record of each source that was looked at."""

    def add(self, newest: Sequence[Row], came: int) -> None:
        """Let the newest rows join, of so many that came."""
        if newest and len(newest) < came:
            self.torn.add(newest[0].key)
        self._came += came
        self._drawn += len(newest)
        gone = max(0, len(self.rows) + len(newest) - self._most)
        self.torn.difference_update([row.key for row in self.rows[:gone]])
        self.rows = [*self.rows[gone:], *newest]

    def newer(self, arrived: Sequence[Entry], most: int) -> list[Entry]:
        """The newest of the entries, in the order of time; one that was among them before may have grown."""
        self.renew(arrived)
        new = [entry for entry in arrived if entry.offset > self._last.get(entry.track, -1)]
        for entry in new:
            self._last[entry.track] = max(entry.offset, self._last.get(entry.track, -1))
        new.sort(key=lambda entry: entry.key)
        return new[-most:]

    def renew(self, changed: Sequence[Row]) -> None:
        """Some rows are others now at the same place, because their records have grown."""
        now = {row.key: row for row in changed}
        self.rows = [now.get(row.key, row) for row in self.rows]

    @property
    def one_in(self) -> int:
        """One row in so many is drawn; 1 while that is nearly all of them."""
        return max(1, round(self._came / max(1, self._drawn)))
