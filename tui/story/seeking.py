"""Places of a story to go to: the next error, the next gap, the slowest work, the next one that says something.

A place is what a line of the request pane stands for: the id of a row, the key of a record, or a gap.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from tui.record import Record, Severity
from tui.story.findings import Gap
from tui.story.rows import Row
from tui.story.timeline import Story

Place = Row | Gap | Record
Test = Callable[[Place], bool]


def place_ref(place: Place) -> object:
    """What the line of a place stands for."""
    return place.row_id if isinstance(place, Row) else place.key if isinstance(place, Record) else place


def places(story: Story, folded: Collection[str] = ()) -> list[Place]:
    """Everything that has a line of its own, from the top to the bottom: rows in sight, then records and gaps."""
    found: list[Place] = list(story.visible_rows(folded))
    gaps = list(story.gaps)
    for record in story.records:
        while gaps and record.time_ns is not None and gaps[0].end_ns <= record.time_ns:
            found.append(gaps.pop(0))
        found.append(record)
    return [*found, *gaps]


def next_place(every: Sequence[Place], ref: object, wanted: Test, *, back: bool) -> Place | None:
    """The next wanted place below or above the one with this ref, from the other end again after the last."""
    key = ref[:2] if isinstance(ref, tuple) else ref
    at = next((index for index, place in enumerate(every) if place_ref(place) == key), len(every) if back else -1)
    turned = [*every[at + 1 :], *every[: max(0, at)]]
    return next((place for place in (reversed(turned) if back else turned) if wanted(place)), None)


def is_error(place: Place) -> bool:
    if isinstance(place, Row):
        return place.status == "error" or bool(place.marks)
    return isinstance(place, Record) and (place.severity >= Severity.ERROR or place.error is not None)


def is_gap(place: Place) -> bool:
    return isinstance(place, Gap)


def says(text: str) -> Test:
    """Whether a place says a text anywhere; in any case of letters, unless the text has capitals."""
    any_case = text == text.lower()

    def wanted(place: Place) -> bool:
        said = _said(place)
        return text in (said.lower() if any_case else said)

    return wanted


def _said(place: Place) -> str:
    if isinstance(place, Record):
        return place.raw
    if isinstance(place, Gap):
        return place.reason
    return "\n".join((place.service, place.name, place.answer, *place.notes))


def slowest(rows: Sequence[Row], ref: object) -> Row | None:
    """The row that itself took longest; of that one the second, and so on, the first again after the last."""
    ranked = sorted((row for row in rows if row.self_ns > 0), key=lambda row: (-row.self_ns, row.start_ns, row.row_id))
    at = next((index for index, row in enumerate(ranked) if row.row_id == ref), -1)
    return ranked[(at + 1) % len(ranked)] if ranked else None


def unfolded_for(rows: Sequence[Row], row_id: str, folded: Collection[str]) -> frozenset[str]:
    """What stays folded once a row is to be seen."""
    parents = {row.row_id: row.parent for row in rows}
    shown: set[str] = set()
    above = parents.get(row_id)
    while above is not None and above not in shown:
        shown.add(above)
        above = parents.get(above)
    return frozenset(folded) - shown
