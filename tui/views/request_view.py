"""The story of one request: header, waterfall, gaps, records and errors; grows while lines arrive.

Built anew from the pivot's records whenever they change. The waterfall stays at the top while the records scroll, where
there is room for both; moving in one marks the other, and takes the log along.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from tui.presentation.cells import display_text, short_duration
from tui.record import Drawn, Record
from tui.session.pivot import Pivot
from tui.session.session import Session
from tui.story.elsewhere import elsewhere
from tui.story.findings import Gap
from tui.story.page import page
from tui.story.rows import Row
from tui.story.seeking import Test, next_place, place_ref, places, unfolded_for
from tui.story.timeline import Story, build
from tui.story.waterfall import GAP, RECORD, ROW, STACK, PageLine, PageLook
from tui.story.why import named, told
from tui.story.window import Window, panned, zoomed
from tui.views.painting import Drawing
from tui.views.panes import Content
from tui.views.row_view import RowView

FIXED_SHARE = 0.6
"""The waterfall stays in sight when it takes at most this share of the pane."""
RESTS = 4
"""A story that grows is told anew after so many times of what telling it took: keys come in between."""
SILENCE_NS = 3 * 10**9
"""From then on it is said that nobody says anything."""


class RequestView(Content):
    """Enter on a record shows it in its place in the log; left and right fold the waterfall."""

    name = "request"

    def __init__(
        self,
        session: Session,
        pivot: Pivot,
        show_record: Callable[[Record], None],
        link: Callable[[Record], None],
        height: Callable[[], int],
    ) -> None:
        self._session = session
        self._pivot = pivot
        self._show_record = show_record
        self._link = link
        self._height = height
        self._version = -1
        self._folded: set[str] = set()
        self._opened: set[tuple[str, int]] = set()
        self._redrawn = False
        self._window: Window | None = None
        self._sought = ""
        self._page: Sequence[PageLine] = ()
        self._second = 0
        self._rested_s = 0.0
        self._chosen: object = None
        self.story: Story = self._build()

    # -- what is shown ---------------------------------------------------------------------------------------------

    def _build(self) -> Story:
        pivot, began_s = self._pivot, time.monotonic()
        self._version = pivot.version
        self._second = self._session.clock_ns() // 1_000_000_000
        incomplete = pivot.incomplete()
        if pivot.failed:
            incomplete = (*incomplete, pivot.failed)
        story = build(pivot.records(), ids=pivot.ids(), incomplete=incomplete, now_ns=self._session.clock_ns())
        self._rested_s = time.monotonic() + RESTS * (time.monotonic() - began_s)
        return story

    def told(self) -> Story:
        """The story of what is known now."""
        if self._stale:
            self.story = self._build()
        return self.story

    @property
    def version(self) -> int:
        """Changes whenever more of the request is known."""
        return self._pivot.version

    def title(self, width: int) -> Drawn:
        progress = self._pivot.progress
        state = "" if progress.done else f"searching the sources, {progress.share:.0%}   "
        clocks = "K corrects the clocks · " if self.story.skews else ""
        chosen = self._told_row() or display_text(self.why)
        hint = f"{chosen}   {clocks}{'d all about it' if self._row(self._chosen) else 'c cuts'}"
        if not chosen:
            hint = f"{clocks}Enter shows in the log · ← → fold · + - closer, farther · s saves · Esc closes"
        return ((" Request   ", "bold"), (state or self._silence(), "warn"), (hint, "text" if chosen else "hint"))

    def _silence(self) -> str:
        """`no line for 12 s   ` while the request is under way and nobody says anything."""
        times = [record.time_ns for record in self.story.records if record.time_ns is not None]
        quiet_ns = self._session.clock_ns() - max(times, default=0)
        if self.story.finished or not times or quiet_ns < SILENCE_NS:
            return ""
        return f"no line for {short_duration(quiet_ns // 10**9 * 10**9)}   "

    def _told_row(self) -> str:
        """`payment charge · +210 ms · 1.42 s, itself 300 ms` of the chosen bar."""
        row = self._row(self._chosen)
        if row is None:
            return ""
        after = short_duration(row.start_ns - (self.story.start_ns or row.start_ns))
        what = display_text(" ".join(filter(None, (row.service, row.name))))
        return f"{what} · +{after} · {short_duration(row.duration_ns)}, itself {short_duration(row.self_ns)}"

    @property
    def why(self) -> str:
        """Why the chosen record is part of the request; empty where no record is chosen."""
        record = self.record(self._chosen) if isinstance(self._chosen, tuple) else None
        why = self._pivot.why(record.key) if record is not None else None
        if why is None:
            return ""
        records = {one.key: one for one in self.story.records}
        return told(why, records.get, self._session.zone)

    def lines(self, width: int) -> Sequence[tuple[Drawing, object]]:
        self.told()
        self._redrawn = False
        look = PageLook(
            width,
            self._session.zone,
            folded=frozenset(self._folded),
            opened=frozenset(self._opened),
            window=self._window,
            sought=self._sought,
        )
        self._page = page(self.story, look)
        return [(partial(_drawn, line), _ref(line, number)) for number, line in enumerate(self._page)]

    @property
    def fixed(self) -> int:
        """Header, ruler and waterfall, when they leave room for the records."""
        count = next((index for index, line in enumerate(self._page) if line.kind in (RECORD, STACK)), 0)
        return count if count <= FIXED_SHARE * self._height() else 0

    def changed(self) -> bool:
        return self._redrawn or (self._stale and time.monotonic() >= self._rested_s)

    @property
    def _stale(self) -> bool:
        """Whether there is more to tell than the story tells."""
        running = not self.story.finished and self._session.clock_ns() // 1_000_000_000 != self._second
        return running or self._pivot.version != self._version

    @property
    def busy(self) -> bool:
        return not self._pivot.progress.done or self._pivot.version != self._version

    # -- what is done with it --------------------------------------------------------------------------------------

    def record(self, ref: object) -> Record | None:
        """The record that a line stands for; of a row of the waterfall the span itself, else the first."""
        if isinstance(ref, str):
            row = next((row for row in self.story.rows if row.row_id == ref), None)
            keys = frozenset(row.basis) if row is not None else frozenset()
        else:
            keys = frozenset([ref[:2]]) if isinstance(ref, tuple) else frozenset()
        every = (*self.story.span_records, *self.story.records)
        return next((record for record in every if record.key in keys), None)

    def echoes(self, ref: object) -> frozenset[object]:
        """What else is marked while this line is the current one: the row's records, or the record's row."""
        if isinstance(ref, str):
            row = next((row for row in self.story.rows if row.row_id == ref), None)
            return frozenset(row.basis) if row is not None else frozenset()
        row_id = self.story.row_of.get((ref[0], ref[1])) if isinstance(ref, tuple) else None
        return frozenset([row_id]) if row_id is not None else frozenset()

    def fold(self, ref: object, *, open: bool) -> None:
        """Fold or unfold a row of the waterfall, or the stack of a record."""
        if isinstance(ref, tuple):
            (self._opened.add if open else self._opened.discard)((ref[0], ref[1]))
        elif isinstance(ref, str):
            (self._folded.discard if open else self._folded.add)(ref)
        self._redrawn = True

    @property
    def window(self) -> Window | None:
        """The time that the bars show; None for all of it."""
        return self._window

    @window.setter
    def window(self, window: Window | None) -> None:
        self._window, self._redrawn = window, True

    @property
    def sought(self) -> str:
        """The text that is looked for."""
        return self._sought

    @sought.setter
    def sought(self, text: str) -> None:
        self._sought, self._redrawn = text, True

    def zoom(self, ref: object, *, closer: bool) -> None:
        """Half of the time that is shown, or twice of it, about the middle of the chosen bar or the time of the line."""
        if (whole := self._whole) is not None:
            self.window = zoomed(whole, self._window, self._moment(ref), closer=closer)

    def pan(self, direction: int) -> None:
        if (whole := self._whole) is not None:
            self.window = panned(whole, self._window, direction)

    @property
    def _whole(self) -> Window | None:
        story = self.story
        if story.start_ns is None or story.end_ns is None:
            return None
        return Window(story.start_ns, max(story.start_ns + 1, story.end_ns))

    def _moment(self, ref: object) -> int | None:
        """The time about which something happened that a line stands for."""
        if isinstance(ref, Gap):
            return (ref.start_ns + ref.end_ns) // 2
        if (row := self._row(ref)) is not None:
            return (row.start_ns + row.end_ns) // 2
        record = self.record(ref)
        return record.time_ns if record is not None else None

    def seek(self, ref: object, wanted: Test, *, back: bool) -> object:
        """What the next wanted line below or above stands for; rows that are folded away are looked through, too."""
        place = next_place(places(self.story, self._folded), ref, wanted, back=back)
        if place is None and self._folded:
            place = next_place(places(self.story), ref, wanted, back=back)
            if isinstance(place, Row):
                self.unfold_for(place.row_id)
        return place_ref(place) if place is not None else None

    def unfold_for(self, row_id: str) -> None:
        """Make a row one that is in sight."""
        self._folded = set(unfolded_for(self.story.rows, row_id, self._folded))
        self._redrawn = True

    def opened(self, ref: object) -> Content | None:
        """All that is known of a bar, or of the one that a line belongs to."""
        row = self._row(ref if isinstance(ref, str) else next(iter(self.echoes(ref)), None))
        if row is None:
            return None
        return RowView(self.story, row, self._session.zone, self._show_record)

    def _row(self, ref: object) -> Row | None:
        return next((row for row in self.story.rows if row.row_id == ref), None)

    def clocks(self, corrected_ns: Mapping[str, int]) -> dict[str, int]:
        """How to correct the clocks that are seen to be off, by source; else how to take back what was corrected."""
        if self.story.skews:
            return {one.source: corrected_ns.get(one.source, 0) + one.shift_ns for one in self.story.skews}
        own = {record.source for record in self.story.records}
        return {source: 0 for source in corrected_ns if source in own}

    def entered(self, ref: object) -> None:
        if (record := self.record(ref)) is not None:
            self._show_record(record)

    def chosen(self, ref: object) -> None:
        self._chosen = ref

    def cut(self, ref: object) -> str:
        """Cut the id that holds a record in the request; what to tell the user."""
        record = self.record(ref) if isinstance(ref, tuple) else None
        why = self._pivot.why(record.key) if record is not None else None
        if why is None:
            return "choose a line of the request first: c cuts the id that holds it there"
        others = [link.id for link in self._pivot.links() if link.seed and link.id != why.shared]
        if not why.steps and not why.near and not others:
            return f"{named(why.shared)} was asked for: without it nothing would be left"
        self._pivot.cut(why.shared)
        return f"{named(why.shared)} is cut; C puts it back"

    def restore(self) -> str:
        """Put the id back that was cut last; what to tell the user."""
        if not self._pivot.cuts:
            return "no id was cut"
        last = self._pivot.cuts[-1]
        self._pivot.restore(last)
        return f"{named(last)} is back"

    def moved(self, ref: object) -> None:
        if (record := self.record(ref)) is not None:
            self._link(record)

    def copied(self, ref: object) -> str:
        if isinstance(ref, str):
            return self.story.ids[0].value if self.story.ids else ""
        record = self.record(ref)
        return record.raw if record is not None else ""

    def saved(self, suffix: str) -> str | None:
        from tui.story import bundle

        if suffix == ".json":
            return bundle.json_text(self.story)
        make = bundle.html if suffix in (".html", ".htm") else bundle.markdown
        links = elsewhere(self.story, self._session.settings.tools)
        return make(self.story, zone=self._session.zone, links=links)

    def closed(self) -> None:
        self._pivot.close()


def _drawn(line: PageLine) -> Drawn:
    return line.drawn


def _ref(line: PageLine, number: int) -> object:
    """What a line stands for: a row's id, a record's key, a record's key and a number for a line of its stack."""
    if line.kind == ROW:
        return line.row_id
    if line.kind == RECORD:
        return line.record_key
    if line.kind == GAP:
        return line.gap
    return (*line.record_key, number) if line.kind == STACK and line.record_key else None
