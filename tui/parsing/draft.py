"""What has been read of a record so far, and the surroundings that reading depends on.

A draft is filled layer by layer: wrappers outermost first, then the header of the text, then its JSON. Later layers
know better; `Draft.under` fills from an outer layer what the inner one left open.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo

from tui.parsing.ids import Found
from tui.record import Error, Span
from tui.typed import Final
from tui.values import field, frozen, mutable

ALL_LINES: Final = 1 << 30


@frozen
class Setting:
    """What is known about a source before its lines are read."""

    zone: tzinfo = UTC
    """For times that name no zone."""
    reference_ns: int | None = None
    """Near the end of the source: decides missing years and dates."""
    order: str = ""
    """Of the numbers in dates, as `date_order` names it, where the source showed it."""
    anywhere: bool = True
    """A time may stand anywhere in a line; else only in its head, as where a wrapper knows the time."""

    def inside(self) -> Setting:
        """The same for what lies in a wrapper that knows the time."""
        return Setting(self.zone, self.reference_ns, self.order, False) if self.anywhere else self


@mutable
class Draft:
    """One record in the making; every field may still be unknown."""

    message: str | None = None
    time_ns: int | None = None
    time_source: str | None = None
    zoned: bool = False
    """The time named its zone."""
    severity: int = 0
    service: str | None = None
    logger: str | None = None
    ids: list[Found] = field(default_factory=list)
    """Best first; may hold parents and repetitions."""
    error: Error | None = None
    fields: dict[str, object] = field(default_factory=dict)
    duration_ns: int | None = None
    format: str = "text"
    notes: list[str] = field(default_factory=list)
    own_message: bool = False
    """The message came from a field that is meant for it, not from leftovers."""
    head_lines: int = 1
    """How many lines of the text the head and the message's first line took; ALL_LINES where nothing is left."""
    span: Span | None = None
    """The measured operation that the record is."""
    raw: str | None = None
    """The text of this record alone, where its lines hold several; None for all of them."""
    parts: Sequence[Draft] = ()
    """The records of lines that hold several; this draft is none itself then."""

    def under(self, outer: Draft) -> Draft:
        """This draft with what it lacks taken from the layer around it."""
        if self.message is None:
            self.message, self.own_message = outer.message, outer.own_message
        # A wrapper's time has a zone; an inner one without is somebody's local clock.
        if outer.time_ns is not None and (self.time_ns is None or (outer.zoned and not self.zoned)):
            self.time_ns, self.time_source, self.zoned = outer.time_ns, outer.time_source, outer.zoned
        self.severity = self.severity or outer.severity
        self.service = self.service or outer.service
        self.logger = self.logger or outer.logger
        self.error = self.error or outer.error
        if self.duration_ns is None:
            self.duration_ns = outer.duration_ns
        self.ids += outer.ids
        if outer.fields:
            self.fields = {**outer.fields, **self.fields}
        self.notes = outer.notes + self.notes
        return self
