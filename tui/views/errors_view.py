"""Errors in groups: what, how often, where, in which versions, since when; Enter opens a request in which it happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tui.presentation.bars import columns
from tui.presentation.cells import clock, display_text, fit, service_style, short_duration, short_id
from tui.presentation.fault_lines import place_of, what_of
from tui.query.results import Condition
from tui.record import Drawn, Piece, Record, Severity
from tui.session.navigator import Step, walk_from
from tui.session.session import Session
from tui.story.errors import ErrorGroup, distinct, error_of, group
from tui.views.panes import Content

MAX_ERRORS = 5_000
SPARK, SPARK_FROM = 20, 90
"""Cells of the course of time, and from which width on it is drawn."""
SAMPLES_SHOWN = 3


class ErrorsView(Content):
    """Gathered from all sources when it opens, newest first."""

    name = "errors"

    def __init__(self, session: Session, open_request: Callable[[Record], None]) -> None:
        self._session = session
        self._open_request = open_request
        self._records: dict[tuple[str, int], Record] = {}
        self._new = True
        self._done = False
        condition = Condition(lambda record: record.severity >= Severity.ERROR or record.error is not None)
        walk = walk_from(session.tracks_now(), condition, None, back=True)
        self._task = session.navigator.submit(walk, MAX_ERRORS, self._found)

    def _found(self, step: Step) -> None:
        """From the navigator's thread."""
        self._records.update((entry.record.key, entry.record) for entry in step.rows if entry.record)
        self._done = step.finished
        self._new = True
        self._session.on_news()

    @property
    def busy(self) -> bool:
        return not self._done or self._new

    def record(self, ref: object) -> Record | None:
        """The record that a line stands for: the newest of its group."""
        return self._records.get(ref) if isinstance(ref, tuple) else None

    def title(self, width: int) -> Drawn:
        count = f"{len(self._records):,} in all" + ("" if self._done else ", still reading …")
        return (
            (" Errors  ", "bold"),
            (count, "text"),
            ("   Enter opens the request · Esc closes", "hint"),
        )

    def lines(self, width: int) -> Sequence[tuple[Drawn, object]]:
        self._new = False
        found = group(distinct(filter(None, map(error_of, list(self._records.values())))))
        if not found:
            return [((("  no error found" if self._done else "  reading …", "hint"),), None)]
        lines: list[tuple[Drawn, object]] = []
        times = [one for each in found for one in (each.first_ns, each.last_ns) if one is not None]
        stretch = (min(times), max(times)) if times else (0, 0)
        for one in found:
            lines += self._group(one, width, stretch)
        return lines

    def _group(self, group: ErrorGroup, width: int, stretch: tuple[int, int]) -> list[tuple[Drawn, object]]:
        zone = self._session.zone
        last = group.samples[0] if group.samples else None
        what = ": ".join(part for part in (group.type, group.message) if part)
        services = ", ".join(group.services)
        spark = SPARK if width >= SPARK_FROM and stretch[1] > stretch[0] else 0
        first: Drawn = (
            (fit(f"{group.count:,}×", 7, "right"), "error"),
            ("  ", "text"),
            *(((columns(group.counts(*stretch, spark), spark), "warn"), ("  ", "text")) if spark else ()),
            (fit(display_text(what), max(10, width - 9 - (spark + 2 if spark else 0))), "text"),
        )
        when = clock(group.last_ns, zone)[:8] if group.last_ns else ""
        if group.first_ns and group.last_ns and group.last_ns > group.first_ns:
            when += f", over {short_duration(group.last_ns - group.first_ns)}"
        second: Drawn = (
            (" " * 9, "text"),
            (display_text(services), service_style(group.services[0]) if group.services else "dim"),
            (f"   last {when}", "dim"),
            *(((f"   in {display_text(', '.join(group.releases[:4]))}", "dim"),) if group.releases else ()),
            *_where(group),
        )
        return [(first, last), (second, None), *self._samples(group)]

    def _samples(self, group: ErrorGroup) -> list[tuple[Drawn, object]]:
        """Other requests in which it happened, each to be opened."""
        lines: list[tuple[Drawn, object]] = []
        for request, key in group.requests[1:SAMPLES_SHOWN]:
            record = self._records.get(key)
            when = clock(record.time_ns, self._session.zone)[:12] if record is not None and record.time_ns else ""
            said = display_text(record.message.partition("\n")[0][:80]) if record is not None else ""
            lines.append(
                (((" " * 9, "text"), (f"{when}  ", "time"), (short_id(request), "id"), (f"  {said}", "dim")), key)
            )
        return lines

    def changed(self) -> bool:
        return self._new

    def entered(self, ref: object) -> None:
        if (record := self.record(ref)) is not None:
            self._open_request(record)

    def copied(self, ref: object) -> str:
        record = self.record(ref)
        return record.raw if record is not None else ""

    def saved(self, suffix: str) -> str | None:
        found = group(distinct(filter(None, map(error_of, list(self._records.values())))))
        zone = self._session.zone
        rows = [
            "\t".join(
                (f"{one.count}", one.type or "", one.message or "", ", ".join(one.services), ", ".join(one.releases),
                 clock(one.first_ns, zone), clock(one.last_ns, zone), " ".join(request for request, _ in one.requests))
            )
            for one in found
        ]  # fmt: skip
        return "\n".join([*rows, ""])

    def closed(self) -> None:
        self._task.cancel()


def _where(group: ErrorGroup) -> Drawn:
    """Where the errors come from, and what they came out of."""
    told: list[Piece] = []
    if group.place is not None:
        told.append((f"   {display_text(place_of(group.place))}", "text" if group.place.in_app else "dim"))
    if group.root is not None:
        told.append((f"   root cause {display_text(what_of(group.root).split(chr(10))[0])}", "dim"))
    return tuple(told)
