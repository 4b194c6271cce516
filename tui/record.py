"""The values that travel between the stages.

Everything here is frozen and knows nothing of the rest of the package: a stage may be handed any of these from a
test, a file or a socket and must not be able to tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import IntEnum

from tui.typed import Final
from tui.values import field, frozen

Piece = tuple[str, str]
"""A stretch of drawn text and the name of its style."""

Drawn = tuple[Piece, ...]
"""One drawn line."""


class Severity(IntEnum):
    """The OpenTelemetry severity number at the low end of each level; a record may carry any number from 0 to 24."""

    UNKNOWN = 0
    TRACE = 1
    DEBUG = 5
    INFO = 9
    WARN = 13
    ERROR = 17
    FATAL = 21


MADE: Final = "log:"
"""Begins the ids of spans that were made of records, which have none of their own."""

LEVELS: Final = ("trace", "debug", "info", "warn", "error", "fatal")


def level_of(severity: int) -> str | None:
    """The level word of an OpenTelemetry severity number, or None for 0 and whatever is out of range."""
    return LEVELS[(severity - 1) // 4] if 1 <= severity <= 24 else None


@frozen
class Chunk:
    """Bytes as a source delivered them, cut anywhere."""

    data: bytes
    arrival_ns: int


@frozen
class Line:
    """One line of a source, without its line feed."""

    offset: int
    """Byte offset of its first byte in the source."""
    data: bytes
    cut_bytes: int = 0
    """How many bytes beyond the length limit were left out; 0 for a whole line."""


@frozen
class LineGroup:
    """The redacted lines that form one record, in order; a stack trace stays with the line it belongs to."""

    source: str
    offset: int
    lines: tuple[bytes, ...]
    line: int | None = None
    """1-based number of the first line, when it is known."""
    arrival_ns: int | None = None
    notes: tuple[str, ...] = ()
    """What happened to the lines on the way, in words for the user: "cut at 1 MiB"."""


@frozen
class Id:
    """One identifier of a record: kind is trace, span, request, correlation or job; value is canonical."""

    kind: str
    value: str


@frozen
class Error:
    """What went wrong, as far as the record says it."""

    type: str | None = None
    message: str | None = None
    stack: str | None = None


@frozen
class Frame:
    """One place of a stack trace; what is not told is empty."""

    function: str = ""
    file: str = ""
    line: int | None = None
    column: int | None = None
    module: str = ""
    """What the function belongs to, where the trace names it apart: `java.base`, an assembly."""
    in_app: bool = True
    """It is the application's own code, not that of a runtime, a framework or a library."""


@frozen
class Fault:
    """An error with the places that led to it and the errors that it came out of."""

    type: str | None = None
    message: str | None = None
    frames: tuple[Frame, ...] = ()
    """The place where it was raised first, its callers after it."""
    causes: tuple[Fault, ...] = ()
    how: str = ""
    """How it is tied to the error above it: cause, context (it was being handled), member (of several) or suppressed."""

    @property
    def root(self) -> Fault:
        """The error that everything began with; of several at once the first."""
        fault = self
        while nearer := next((one for one in fault.causes if one.how != "suppressed"), None):
            fault = nearer
        return fault

    @property
    def chain(self) -> Iterator[Fault]:
        """This error and all that it came out of, each before its causes."""
        waiting = [self]
        while waiting:
            fault = waiting.pop()
            yield fault
            waiting += reversed(fault.causes)

    @property
    def place(self) -> Frame | None:
        """The application's frame nearest to the error, in what it came out of if need be; else its first frame."""
        first = None
        for fault in self.chain:
            own = next((frame for frame in fault.frames if frame.in_app), None)
            if own is not None:
                return own
            first = first or next(iter(fault.frames), None)
        return first


@frozen
class Record:
    """One event of a log, parsed from redacted text."""

    source: str
    """Name of the source as shown to the user."""
    offset: int
    """Byte offset of the record's first line in its source, and one more for each record before it in the same lines;
    (source, offset) identifies the record."""
    raw: str
    """The redacted text of all its lines, joined by line feeds."""
    message: str
    """Rendered message without terminal escapes; the whole line when nothing was recognised."""
    time_ns: int | None = None
    """Nanoseconds since 1970 UTC."""
    time_source: str | None = None
    """Where the time is from: inner, wrapper, arrival or inferred-year; None without a time."""
    severity: int = 0
    """OpenTelemetry severity number 1-24; 0 when unknown."""
    service: str | None = None
    logger: str | None = None
    trace_id: str | None = None
    span_id: str | None = None
    parent_span_id: str | None = None
    ids: tuple[Id, ...] = ()
    """All identifiers, primary ones first, without the span ids of parents."""
    error: Error | None = None
    fields: Mapping[str, object] = field(default_factory=dict)
    """All fields by dotted name, scalars only; empty for plain text."""
    duration_ns: int | None = None
    line: int | None = None
    format: str = "text"
    """Name of the format that was recognised."""
    notes: tuple[str, ...] = ()
    span: Span | None = None
    """The measured operation that this record is; None for one that only tells what happened."""

    @property
    def level(self) -> str | None:
        return level_of(self.severity)

    @property
    def key(self) -> tuple[str, int]:
        return self.source, self.offset


@frozen
class Span:
    """One operation of a request: measured by a tracer or the service, or inferred from its log lines."""

    span_id: str
    name: str
    start_ns: int
    end_ns: int | None
    """None while it is open."""
    service: str | None = None
    trace_id: str | None = None
    parent_span_id: str | None = None
    status: str = "unset"
    """unset, ok or error."""
    measured: bool = True
    """False when it was inferred from log lines."""
    source: str = ""
    attributes: Mapping[str, object] = field(default_factory=dict)
    basis: tuple[tuple[str, int], ...] = ()
    """Keys (source, offset) of the records that it was read as, that lie in it, or that it was inferred from."""
    error: Error | None = None
    """What it failed with, as far as the tracer itself says it."""
