"""Lines of one source -> records.

The public face of parsing: learns what a source looks like, tells which lines start a record, and makes a Record of a
group of lines, whose text `layers` reads. It never raises on any input and keeps every line in `Record.raw`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo

from tui.parsing.columns import Columns
from tui.parsing.date_order import order_of
from tui.parsing.detection import Learnt, Stream, learn
from tui.parsing.draft import Draft, Setting
from tui.parsing.encodings import foreign_text
from tui.parsing.eras import Eras
from tui.parsing.ids import KIND_ORDER, Found, found_in_text
from tui.parsing.layers import Layers
from tui.parsing.wrappers import inner_of, is_partial, origin_of
from tui.record import Id, Line, LineGroup, Record, Severity
from tui.typed import Final
from tui.values import replace

DATE_INFERRED: Final = "date inferred"
"""Note of a record whose line tells but the clock."""
_MARK: Final = "\ufeff"
"""What Windows writes before text to say that it is UTF-8."""
_FAULTS: Final = (ValueError, TypeError, LookupError, OverflowError, RecursionError, ArithmeticError, AttributeError)


class Parser:
    """Reads the lines of one source."""

    def __init__(self, source: str, *, zone: tzinfo = UTC, service: str | None = None) -> None:
        """`zone` is for times that name none; `service` for records that name none."""
        self._source = source
        self._service = service
        self._setting = Setting(zone)
        self._learnt = Learnt()
        self._layers = Layers(self._learnt)
        self._only: Stream | None = None
        self.eras: Eras | None = None
        """Near what times its lines are, where they do not tell the year and span several."""

    def learn(self, lines: Sequence[bytes], *, reference_ns: int | None) -> None:
        """Take a sample (head and tail) as typical; `reference_ns` is near the source's end in time."""
        self._setting = Setting(self._setting.zone, reference_ns, order_of(lines) or self._setting.order)
        learnt = learn(lines)
        if learnt.streams:
            learnt.streams = {**self._learnt.streams, **learnt.streams}
            self._learnt = learnt
            self._layers = Layers(learnt)
            self._only = learnt.only

    @property
    def columns(self) -> Columns | None:
        """The columns of a source that is a table, as far as it was seen."""
        return self._learnt.columns

    def origin(self, line: bytes) -> bytes:
        """Key of the stream inside the source that a line belongs to; empty when the source is one stream."""
        return origin_of(line, self._learnt.wrapping)

    def begins(self, line: bytes) -> bool | None:
        """Whether a line starts a record of its stream, as far as the line alone can tell; None when it cannot."""
        only = self._only
        if only is not None and line[:1] != b"[":
            return only.begins(line)
        learnt = self._learnt
        if learnt.columns is not None:
            return learnt.columns.begins(line)
        stream, inner = learnt.stream_of(line), inner_of(line, learnt.wrapping)
        if stream.objects and inner[:1] != b"{" and is_partial(line):
            return False
        return stream.begins(inner)

    @property
    def objects_stand_alone(self) -> bool:
        """Whether every line that begins with `{` begins a record, as far as it is no part that a runtime cut."""
        only = self._only
        return only is not None and not only.margin and (only.objects or not only.strict)

    def starts(self, line: bytes, before: Sequence[Line]) -> bool:
        """Whether a line starts a record; otherwise it goes on with the one that has these lines so far."""
        begins = self.begins(line)
        if begins is not None:
            return begins
        if not before:
            return True
        if self._learnt.columns is not None:
            return not self._learnt.columns.goes_on([one.data for one in before])
        stream, wrapping = self._learnt.stream_of(line), self._learnt.wrapping
        lines = [inner_of(one.data, wrapping) for one in before]
        return not stream.goes_on(inner_of(line, wrapping), lines)

    def record(self, group: LineGroup) -> Record:
        """The record that a group of lines is, the first of those that a document holds; `time_ns` is None when the
        lines do not tell it."""
        return self.records(group)[0]

    def records(self, group: LineGroup) -> tuple[Record, ...]:
        """The record that a group of lines is, or all those that the lines hold when they are a document."""
        lines = group.lines
        data = lines[0] if len(lines) == 1 else b"\n".join(lines)
        notes = group.notes
        try:
            raw = data.decode()
        except UnicodeDecodeError:
            raw, note = foreign_text(data)
            notes = (*notes, note)
        setting = self._setting
        if self.eras is not None:
            reference_ns = self.eras.reference_ns(group.offset, setting.reference_ns)
            setting = Setting(setting.zone, reference_ns, setting.order)
        if setting.reference_ns is None and group.arrival_ns is not None:
            setting = Setting(setting.zone, group.arrival_ns, setting.order)
        try:
            draft = self._layers.read(raw[1:] if raw[:1] == _MARK else raw, setting, lines[0] if lines else b"")
        except _FAULTS:
            # A line must never be lost to a fault in how it is read.
            draft = Draft(message=raw, notes=["unreadable as a record"])
        if not draft.parts:
            return (self._record(group, raw, draft, notes),)
        return tuple(self._part(group, at, raw, one, setting, notes) for at, one in enumerate(draft.parts))

    def _part(
        self, group: LineGroup, at: int, raw: str, draft: Draft, setting: Setting, notes: tuple[str, ...]
    ) -> Record:
        """One of the records of a document; those of one line are told apart by their offsets."""
        try:
            draft = self._layers.told_by_body(draft, setting)
        except _FAULTS:
            draft.notes.append("unreadable message")
        own = raw if draft.raw is None else draft.raw
        record = self._record(replace(group, offset=group.offset + at), own, draft, notes)
        if draft.span is None:
            return record
        span = replace(draft.span, service=record.service, source=record.source, basis=(record.key,))
        return replace(record, span=span)

    def _record(self, group: LineGroup, raw: str, draft: Draft, notes: tuple[str, ...]) -> Record:
        message = draft.message
        if draft.error is not None and not draft.severity:
            draft.severity = Severity.ERROR
        ids = _all_ids(draft)
        trace = span = parent = None
        named: list[Id] = []
        last, sorted_already = 0, True
        seen: set[Found] = set()
        for found in ids:
            kind, value = found
            if kind == "parent":
                parent = parent or value
                continue
            if found in seen:
                continue
            seen.add(found)
            if kind == "trace":
                trace = trace or value
            elif kind == "span":
                span = span or value
            rank = KIND_ORDER[kind]
            sorted_already = sorted_already and rank >= last
            last = rank
            named.append(Id(kind, value))
        if not sorted_already:
            named.sort(key=lambda one: KIND_ORDER[one.kind])
        # Positional because this is the hottest call of all: names would cost a quarter more.
        return Record(
            self._source, group.offset, raw, raw if message is None else message,
            draft.time_ns, draft.time_source, draft.severity, draft.service or self._service, draft.logger,
            trace, span, parent, tuple(named), draft.error, draft.fields, draft.duration_ns, group.line, draft.format,
            (*notes, *draft.notes) if notes or draft.notes else (), draft.span,
        )  # fmt: skip


def _all_ids(draft: Draft) -> list[Found]:
    """Ids of the fields, then those that the message names; bare ones only when there are no others."""
    message = draft.message
    if not message:
        return draft.ids
    mentioned = found_in_text(message, bare=not draft.ids)
    return draft.ids + list(mentioned) if mentioned else draft.ids
