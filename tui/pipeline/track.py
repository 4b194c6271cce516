"""From bytes to records: for the stretch of a source that somebody looks at, and for what has just been written.

A page is a stretch of one source: the records whose first line begins in it. Pages are made on demand and forgotten
again; the bytes stay where they are. This is the one place where raw bytes become text, and redaction stands here; where
in the raw bytes something is to be looked for is told by `sifter`.
"""

from __future__ import annotations

from _thread import RLock
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence

from tui.framing import MAX_LINE_BYTES, strip_cr
from tui.parsing.columns import Columns
from tui.parsing.eras import DAY_NS, SAMPLES, YEAR_NS, Eras, eras
from tui.parsing.parser import DATE_INFERRED, Parser
from tui.pipeline.groups import LINE_BYTES, PROBE_BYTES, Groups
from tui.pipeline.pace import Pace, corrected
from tui.pipeline.pages import Pages
from tui.pipeline.sifter import Sifter
from tui.pipeline.stretches import Stretches
from tui.record import Line, LineGroup, Record
from tui.redaction.redactor import Redactor, Stream
from tui.store.blocks import Blocks
from tui.store.order import Accepts, Entry, Sieve, Spots
from tui.typed import Final
from tui.values import frozen, replace

LEARN_BYTES: Final = 32 << 10
PROBE_LINES: Final = 50
LATEST_LINES: Final = 5
MOST_OFFSET: Final = 1 << 62
LEAST_STEP_BYTES: Final = 256
MOST_TIMES: Final = 4096


@frozen
class Page:
    """The records of one stretch of a source, in time order, each with the time it is sorted by."""

    start: int
    stop: int
    entries: tuple[Entry, ...]
    redacted: Mapping[str, int]
    """How often each redaction rule applied."""
    last_open: int
    """Offset of the first record that lines to come may still continue."""


class Track:
    """One source as pages of records. Safe to read from several threads."""

    def __init__(
        self,
        name: str,
        number: int,
        blocks: Blocks,
        redactor: Redactor,
        parser: Parser,
        *,
        reference_ns: int,
        pages: Pages[Page] | None = None,
    ) -> None:
        """reference_ns stands in for the time of records when a source has none, and dates those without a year.
        `pages` is shared by the sources of a session."""
        self.name = name
        self.number = number
        self.blocks = blocks
        self.reference_ns = reference_ns
        self.redacted: Counter[str] = Counter()
        """How often each redaction rule applied in what was read, each byte counted once."""
        self._counted = Stretches()
        self._redactor = redactor
        self._parser = parser
        self._groups = Groups(blocks, redactor, parser)
        self._sifter = Sifter(blocks, parser)
        self._lock = RLock()
        """Held while what is known of the source changes, never while lines are parsed: a view may be waiting."""
        self._age = 0
        """How often the bytes changed behind what was read."""
        self._pages = Pages() if pages is None else pages
        self._learned_bytes = -1
        self._latest: tuple[int, int | None] = -1, None
        self._times: dict[int, int | None] = {}
        """The times that were told at offsets where a search stops, which is at the same ones every time."""
        self._shift_ns = 0
        self._timeless = blocks.redacted
        """Whether records without a time are dated by their arrival: in streams, and in files that tell no times."""

    @property
    def columns(self) -> Columns | None:
        """The columns of a source that is a table."""
        self._learn()
        return self._parser.columns

    @property
    def shift_ns(self) -> int:
        """What is added to the times that the lines tell, because the clock behind them is off."""
        return self._shift_ns

    @shift_ns.setter
    def shift_ns(self, shift_ns: int) -> None:
        with self._lock:
            self._shift_ns = shift_ns
            self.forget()

    # -- reading ---------------------------------------------------------------------------------------------------

    def page_at(self, offset: int) -> Page:
        """The page of the block that holds this offset."""
        return self.page(*self.blocks.bounds(offset))

    def page(self, start: int, stop: int) -> Page:
        """The records whose first line begins at start or later, before stop."""
        page = self._pages.get(self.number, start, stop)
        if page is None:
            age = self._age
            page = self._make(start, stop)
            with self._lock:
                if age == self._age:
                    self._pages.keep(self.number, start, stop, page)
            self._count(start, stop, page.redacted)
        return page

    def groups(self, start: int, stop: int) -> list[tuple[Line, ...]]:
        """The redacted lines of each record that begins in a stretch; nothing of it is kept."""
        self._learn()
        groups, counts = self._groups.of(start, stop)
        self._count(start, stop, counts)
        return groups

    def records(self, lines: tuple[Line, ...]) -> tuple[Record, ...]:
        """The record that lines are, or those of the document that they are."""
        return self._records(lines)

    def lines(self, start: int, stop: int) -> int:
        """How many lines end in a stretch, the last one of all even if it has no end."""
        return self._sifter.lines(start, stop)

    def spots(self, start: int, stop: int, sieve: Sieve) -> Spots:
        """The lines of the records that begin in a stretch in which a sieve finds something; takes no lock."""
        return self._sifter.spots(start, stop, sieve)

    def lines_and_spots(self, start: int, stop: int, sieve: Sieve) -> tuple[int, Spots]:
        """Both, read at once."""
        return self._sifter.lines_and_spots(start, stop, sieve)

    def candidates(self, start: int, stop: int, spots: Spots, accepts: Accepts | None = None) -> tuple[Entry, ...]:
        """The entries of a page with a line in which a sieve found something; the others are not parsed.

        `spots` is where that was, from this page on, or None if it was nearly everywhere; while they are few, only the
        lines around them are looked at. Of what `accepts` says no to some may be left out.
        """
        if (page := self._pages.get(self.number, start, stop)) is not None:
            return page.entries
        self._learn()
        if accepts is None:
            records = [record for one in self._groups_of(start, stop, spots) for record in self._records(one)]
        else:
            records = self._chosen(start, stop, spots, accepts)
        entries = self._ordered(records)
        if any(entry.record is not None and entry.record.time_ns is None for entry in entries):
            # a record without a time stands where the one before it stands, which may not be a candidate
            return self.page(start, stop).entries
        return tuple(entries)

    def _chosen(self, start: int, stop: int, spots: Spots, accepts: Accepts) -> list[Record]:
        # need what the first screenful does without
        from tui.pipeline.choice import Choice
        from tui.pipeline.sheet import sheet_of

        choice = Choice(accepts, self._records, moved=bool(self._shift_ns))
        if spots is None and self._parser.objects_stand_alone:
            sheet = sheet_of(self.blocks, self._redactor, start, stop)
            if sheet is not None:
                self._count(start, stop, sheet.redactions)
                return choice.of_sheet(sheet)
        return choice.of_groups(self._groups_of(start, stop, spots))

    def _groups_of(self, start: int, stop: int, spots: Spots) -> Sequence[tuple[Line, ...]]:
        groups = None if spots is None else self._groups.at(start, stop, spots)
        if groups is None:
            groups, counts = self._groups.of(start, stop)
            self._count(start, stop, counts)
            groups = groups if spots is None else _with_spots(groups, spots)
        return groups

    def time_at(self, offset: int) -> int | None:
        """The time of the first record with a time that begins at this offset or soon behind it.

        Reads the raw lines: nothing but the time leaves here.
        """
        if offset in self._times:
            return self._times[offset]
        age, time_ns = self._age, self._time_at(offset)
        with self._lock:
            settled = self._learned_bytes >= LEARN_BYTES and offset < self.blocks.bounds(offset)[1] - PROBE_BYTES
            if age == self._age and settled:
                if len(self._times) >= MOST_TIMES:
                    self._times.clear()
                self._times[offset] = time_ns
        return time_ns

    def _time_at(self, offset: int) -> int | None:
        self._learn()
        begin = offset if offset == self.blocks.piece(offset)[0] else offset - 1
        stop = self.blocks.bounds(offset)[1]
        for size in (PROBE_BYTES, stop - offset):
            lines = self.blocks.read(begin, min(offset + size, stop)).split(b"\n")
            for line in lines[int(begin < offset) : max(1, len(lines) - 1)][:PROBE_LINES]:
                if self._parser.begins(line) is not False:
                    group = LineGroup(self.name, offset, (line[:PROBE_BYTES],))
                    if (time_ns := self._parser.record(group).time_ns) is not None:
                        return time_ns + self._shift_ns
        arrival_ns = self.blocks.arrival_ns(offset)
        return self.reference_ns if arrival_ns is None and self._timeless else arrival_ns

    def latest_ns(self, offset: int) -> int | None:
        """The latest time that the last few lines before an offset tell; None when they tell none.

        Reads the raw lines: nothing but the time leaves here.
        """
        with self._lock:
            if self._latest[0] == offset:
                return self._latest[1]
            self._learn()
            low = max(self.blocks.piece(max(0, offset - 1))[0], offset - PROBE_BYTES)
            lines = self.blocks.read(low, offset).split(b"\n")[-LATEST_LINES:]
            groups = (LineGroup(self.name, offset, (line[:PROBE_BYTES],)) for line in lines if line)
            times = [time_ns for one in groups if (time_ns := self._parser.record(one).time_ns) is not None]
            self._latest = offset, max(times) + self._shift_ns if times else None
            return self._latest[1]

    def fresh(self, start: int, stop: int, pace: Pace | None = None) -> Page:
        """A page that nobody will ask for again: of lines that have just been written."""
        page = self._make(start, stop, pace)
        self._count(start, stop, page.redacted)
        return page

    def open_from(self, start: int, stop: int) -> int:
        """Where the first record begins, in a stretch that ends with a line, which lines to come may still continue."""
        for reach in (LINE_BYTES, stop - start):
            low = max(start, stop - reach)
            groups = self._groups.of(low, stop)[0]
            if low == start or len(groups) > 1:
                break
        return self._groups.last_open(groups, stop)

    def _count(self, start: int, stop: int, counts: Mapping[str, int]) -> None:
        """Count what was redacted in a stretch, as far as it was not counted before."""
        with self._lock:
            left = self._counted.add(start, stop)
        found = [counts] if left == [(start, stop)] else [self._redactions_in(*one) for one in left]
        with self._lock:
            for one in found:
                self.redacted.update(one)

    def _redactions_in(self, start: int, stop: int) -> Mapping[str, int]:
        if self.blocks.redacted:
            return {}
        return self._redactor.block(self.blocks.read(start, stop), Stream())[1]

    def forget(self) -> None:
        """Drop what was read: the bytes behind it have changed."""
        with self._lock:
            self._age += 1
            self._pages.forget(self.number)
            self._latest = -1, None
            self._sifter.forget()
            self._times.clear()
            self._groups.forget()

    # -- making a page ---------------------------------------------------------------------------------------------

    def _make(self, start: int, stop: int, pace: Pace | None = None) -> Page:
        self._learn()
        groups, counts = self._groups.of(start, stop)
        entries = tuple(self._ordered([record for one in groups for record in self._records(one)], pace))
        return Page(start, stop, entries, counts, self._groups.last_open(groups, stop))

    def _records(self, lines: tuple[Line, ...]) -> tuple[Record, ...]:
        """The record of a group of lines; the records of a document."""
        first = lines[0]
        records = self._parser.records(LineGroup(self.name, first.offset, tuple(line.data for line in lines)))
        if not (self._timeless or self._shift_ns):
            return records
        return tuple(self._dated(record, first.offset) for record in records)

    def _dated(self, record: Record, offset: int) -> Record:
        if record.time_ns is None and self._timeless:
            arrival_ns = self.blocks.arrival_ns(offset)
            if arrival_ns is not None:
                return replace(record, time_ns=arrival_ns, time_source="arrival")
        if self._shift_ns and record.time_ns is not None:
            return corrected(record, self._shift_ns)
        return record

    def _ordered(self, records: list[Record], pace: Pace | None = None) -> list[Entry]:
        """Sorted by the time that each record is placed by."""
        if pace is None:
            pace = Pace(next((one.time_ns for one in records if one.time_ns is not None), self.reference_ns))
        entries = [Entry(pace.place(one.time_ns), self.number, one.offset, one) for one in records]
        entries.sort(key=lambda one: one[:3])
        return entries

    def _learn(self) -> None:
        """Show the parser a sample: once for a file, again while a stream is young."""
        if self._learned_bytes >= LEARN_BYTES:
            return
        with self._lock:
            end = self.blocks.end
            if (
                self._learned_bytes >= LEARN_BYTES
                or end < 2 * self._learned_bytes
                or end <= 0
                or end == self._learned_bytes
            ):
                return
            self._learned_bytes = end
            first = self.blocks.first
            sample = self.blocks.read(first, min(end, first + LEARN_BYTES)).split(b"\n")[:-1]
            if end - first > 2 * LEARN_BYTES:
                sample += self.blocks.read(end - LEARN_BYTES, end).split(b"\n")[1:-1]
            if not sample:
                sample = [self.blocks.read(first, min(end, first + LEARN_BYTES))]
            text = b"\n".join(strip_cr(line)[:MAX_LINE_BYTES] for line in sample)
            if not self.blocks.redacted:
                text = self._redactor.block(text, Stream())[0]
            lines = text.split(b"\n")
            self._parser.eras = None
            self._parser.learn(lines, reference_ns=self.reference_ns)
            if not self.blocks.redacted:
                probes = (LineGroup(self.name, 0, (line[:PROBE_BYTES],)) for line in lines[:PROBE_LINES] if line)
                told = next((one for each in probes if (one := self._parser.record(each)).time_ns is not None), None)
                self._timeless = told is None
                self._parser.eras = None if told is None else self._eras(told)

    def _eras(self, told: Record) -> Eras | None:
        """The years of lines that tell none, the days of lines that tell but the clock; None for all others."""
        period_ns = YEAR_NS if told.time_source == "inferred-year" else DAY_NS if DATE_INFERRED in told.notes else 0
        first, size = self.blocks.first, self.blocks.end - self.blocks.first
        if not period_ns:
            return None

        def dated(offset: int, reference_ns: int) -> int | None:
            self._parser.eras = Eras((MOST_OFFSET,), (reference_ns,))
            lines = self.blocks.read(offset, offset + PROBE_BYTES).split(b"\n")
            groups = (LineGroup(self.name, offset, (line,)) for line in lines[int(offset > first) : -1])
            return next((time_ns for one in groups if (time_ns := self._parser.record(one).time_ns) is not None), None)

        return eras(
            dated, range(first, first + size, max(LEAST_STEP_BYTES, size // SAMPLES)), self.reference_ns, period_ns
        )


def _with_spots(groups: Sequence[tuple[Line, ...]], spots: Sequence[int]) -> list[tuple[Line, ...]]:
    """The groups that have a line in which a spot lies."""
    starts = sorted(line.offset for one in groups for line in one)
    hit = {starts[max(0, bisect_right(starts, at) - 1)] for at in spots} if starts else set()
    return [one for one in groups if any(line.offset in hit for line in one)]
