"""Errors: of one request, each said once; and alike ones of many, grouped by a fingerprint.

A fingerprint is made of the error's type and the frames that are the application's own; ids and numbers in messages do
not count. How a record came to have an error is parsing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final
from zlib import crc32

from tui.lazy import Lazy
from tui.parsing.faults.reading import read_fault, read_stack
from tui.record import Error, Fault, Frame, Record, Severity, Span
from tui.story.inference import service_name
from tui.values import frozen

Key = tuple[str, int]

SAME_WITHIN_NS: Final = 1_000_000_000
"""An SDK may send one exception as an event of a span, as a tag and as a log record, within this time."""
SAMPLES: Final = 5
_LOOKED_BACK: Final = 40
_REQUESTS: Final = frozenset({"request", "correlation"})
_RELEASES: Final = (
    "service.version", "release", "version", "app_version", "appVersion", "app.version", "build", "dd.version",
    "sentry.release", "resource.service.version", "labels.version", "kubernetes.labels.version", "image.tag",
)  # fmt: skip
_TOP_FRAMES: Final = 5


@frozen
class StoryError:
    """Something that went wrong in a request."""

    type: str | None
    message: str | None
    stack: str | None
    service: str | None
    time_ns: int | None
    span_id: str | None = None
    record_key: Key | None = None
    release: str | None = None
    """The version of the service, where its records tell it."""
    request: str | None = None
    """The id of the request."""
    named: bool = True
    """Whether the service is told by the record, not taken from the name of its source."""

    @property
    def what(self) -> str:
        """`PaymentDeclined: card declined`, as far as it is known; one line."""
        said = (self.message or "").strip().split("\n", 1)[0]
        if self.type and said.startswith(self.type):
            return said
        return ": ".join(part for part in (self.type, said) if part) or "error"


@frozen
class ErrorGroup:
    """Errors that are alike."""

    fingerprint: str
    type: str | None
    message: str | None
    """Of the newest one."""
    count: int
    first_ns: int | None
    last_ns: int | None
    services: tuple[str, ...]
    samples: tuple[Key, ...]
    """Keys of the newest records, at most five."""
    place: Frame | None = None
    """Where in the application the newest one comes from."""
    root: Fault | None = None
    """What the newest one came out of; None when it is the root itself."""
    releases: tuple[str, ...] = ()
    """The versions in which it happened, by name."""
    times_ns: tuple[int, ...] = ()
    """When it happened, in order."""
    requests: tuple[tuple[str, Key], ...] = ()
    """The newest different requests in which it happened, each with the record that tells of it."""

    def counts(self, low_ns: int, high_ns: int, pieces: int) -> list[int]:
        """How often it happened in each of so many equal pieces of a stretch of time."""
        found = [0] * pieces
        length = max(1, high_ns - low_ns)
        for time_ns in self.times_ns:
            if low_ns <= time_ns <= high_ns:
                found[min(pieces - 1, (time_ns - low_ns) * pieces // length)] += 1
        return found


def error_of(record: Record) -> StoryError | None:
    """The error that a record tells: of its own error field, or its message when the level says so."""
    error = record.error
    loud = record.severity >= Severity.ERROR
    telling = error is not None and (error.type or error.stack or record.severity >= Severity.WARN)
    if not loud and not telling:
        return None
    kind, message, stack = (error.type, error.message, error.stack) if error is not None else (None, None, None)
    message = message or record.message.split("\n", 1)[0] or None
    return StoryError(
        kind, message, stack, service_name(record), record.time_ns, record.span_id, record.key,
        release_of(record.fields), record.trace_id or next((one.value for one in record.ids if one.kind in _REQUESTS), None),
        record.service is not None,
    )  # fmt: skip


def release_of(fields: Mapping[str, object]) -> str | None:
    """The version of the service that wrote a record."""
    for name in _RELEASES:
        value = fields.get(name)
        if isinstance(value, str | int | float) and value != "" and not isinstance(value, bool):
            return str(value)
    return None


def errors_of_span(span: Span) -> list[StoryError]:
    """The error that a failed span tells: its own, or that of its attributes."""
    if span.status != "error":
        return []
    read = span.attributes.get
    own = span.error
    kind = own.type if own is not None else _text(read("exception.type") or read("error.type"))
    said = own.message if own is not None else None
    message = said or _text(read("exception.message") or read("error.message") or read("otel.status_description"))
    stack = (own.stack if own is not None else None) or _text(read("exception.stacktrace") or read("error.stack"))
    if not (kind or message or stack):
        return []
    return [StoryError(kind, message, stack, span.service, span.end_ns or span.start_ns, span.span_id)]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def distinct(errors: Iterable[StoryError], *, of_one_request: bool = False) -> list[StoryError]:
    """Errors in the order of time, each once: same span, type and message within a second are one, the fullest.

    What a span says of its own failure is the same as what was told during it, however long before its end. What two
    sources tell of one service and one request within a second is the same, too.
    """
    found = _each_once(errors)
    return _by_one_teller(found, of_one_request)


def _by_one_teller(errors: Sequence[StoryError], of_one_request: bool) -> list[StoryError]:
    """Without what another source tells again, as an SDK does of what the program logs."""
    kept: list[StoryError] = []
    for error in errors:
        near = range(len(kept) - 1, max(-1, len(kept) - 1 - _LOOKED_BACK), -1)
        at = next((one for one in near if _told_again(kept[one], error, of_one_request)), None)
        if at is None:
            kept.append(error)
        elif (error.stack is not None, error.named) > (kept[at].stack is not None, kept[at].named):
            kept[at] = error
    return kept


def _told_again(one: StoryError, other: StoryError, of_one_request: bool) -> bool:
    if one.record_key is None or other.record_key is None or one.record_key[0] == other.record_key[0]:
        return False
    if not (one.type and other.type) or one.type.rpartition(".")[2] != other.type.rpartition(".")[2]:
        return False
    if one.time_ns is None or other.time_ns is None or abs(one.time_ns - other.time_ns) > SAME_WITHIN_NS:
        return False
    same_request = of_one_request or (one.request is not None and one.request == other.request)
    same_service = one.service == other.service or not (one.named and other.named)
    return same_request and same_service and _said(one) == _said(other)


def _each_once(errors: Iterable[StoryError]) -> list[StoryError]:
    """What is told of one span, once."""
    found: list[StoryError] = []
    of_span: dict[str, list[int]] = {}
    order = sorted(errors, key=lambda one: (one.time_ns is None, one.time_ns or 0, one.record_key or ("", -1)))
    for error in sorted(order, key=lambda one: one.record_key is None):
        known = of_span.setdefault(error.span_id, []) if error.span_id else []
        at = next((one for one in reversed(known) if _same(found[one], error)), None)
        if at is None:
            known.append(len(found))
            found.append(error)
        elif (error.stack is not None, error.record_key is not None) > (
            found[at].stack is not None,
            found[at].record_key is not None,
        ):
            found[at] = error
    return sorted(found, key=lambda one: (one.time_ns is None, one.time_ns or 0, one.record_key or ("", -1)))


def _same(one: StoryError, other: StoryError) -> bool:
    """Whether two errors of one span are the same one."""
    from_span = one.record_key is None or other.record_key is None
    if not from_span and not (one.type and other.type):
        return False
    near = abs((one.time_ns or 0) - (other.time_ns or 0)) <= SAME_WITHIN_NS
    if one.type and other.type and one.type.rpartition(".")[2] != other.type.rpartition(".")[2]:
        return False
    return (near or from_span) and (_said(one) == _said(other) or (from_span and not (one.message and other.message)))


def _said(error: StoryError) -> str:
    """The message without the type that may stand before it."""
    text = (error.message or "").strip()
    head, _, rest = text.partition(": ")
    return rest if rest and (head == error.type or (error.type is None and head.isidentifier())) else text


_VARYING: Final = Lazy(
    r"\[[a-z][a-z0-9-]*#[^\]\s]{1,40}\]|0x[0-9a-f]+|[0-9a-f]{8}-[0-9a-f-]{27}|\b[0-9a-f]{12,}\b|\"[^\"]{0,80}\"|'[^']{0,80}'|"
    r"\S*\d\S*",
    re.IGNORECASE,
)


def fingerprint(kind: str | None, message: str | None, stack: str | None) -> str:
    """Eight hex digits, equal for errors of one type that come out of the same places of the application."""
    return _fingerprint(kind or "", (message or "")[:400], (stack or "")[:65536])


@lru_cache(maxsize=2048)
def _fingerprint(kind: str, message: str, stack: str) -> str:
    frames = own_frames(stack)
    told = " ".join(frames) if frames else _VARYING.sub("#", message.split("\n", 1)[0])
    return f"{crc32(f'{kind}|{told}'.encode('utf-8', 'replace')):08x}"


def own_frames(stack: str) -> tuple[str, ...]:
    """`file:function` of the application's frames nearest to the error; of foreign ones when none is its own."""
    chain = tuple(read_stack(stack).chain) if stack else ()
    ranked = (
        *(tuple(frame for frame in fault.frames if frame.in_app) for fault in chain),
        *(fault.frames for fault in chain),
    )
    frames = next(filter(None, ranked), ())
    return tuple(
        f"{frame.file.replace(chr(92), '/').rsplit('/', 1)[-1]}:{frame.function}" for frame in frames[:_TOP_FRAMES]
    )


def group(errors: Iterable[StoryError]) -> tuple[ErrorGroup, ...]:
    """Groups of alike errors, the most frequent first, then the latest."""
    found: dict[str, list[StoryError]] = {}
    for error in errors:
        found.setdefault(fingerprint(error.type, error.message, error.stack), []).append(error)
    groups = (_group(name, members) for name, members in found.items())
    return tuple(sorted(groups, key=lambda one: (-one.count, -(one.last_ns or 0), one.fingerprint)))


def _group(name: str, members: Sequence[StoryError]) -> ErrorGroup:
    ordered = sorted(members, key=lambda one: (one.time_ns or 0, one.record_key or ("", -1)))
    times = [one.time_ns for one in ordered if one.time_ns is not None]
    newest = ordered[-1]
    fault = read_fault(Error(newest.type, newest.message, newest.stack))
    samples = dict.fromkeys(one.record_key for one in reversed(ordered) if one.record_key is not None)
    return ErrorGroup(
        fingerprint=name,
        type=newest.type,
        message=newest.message,
        count=len(ordered),
        first_ns=min(times, default=None),
        last_ns=max(times, default=None),
        services=tuple(sorted({one.service for one in ordered if one.service})),
        samples=tuple(samples)[:SAMPLES],
        place=fault.place,
        root=fault.root if fault.causes else None,
        releases=tuple(sorted({one.release for one in ordered if one.release})),
        times_ns=tuple(sorted(times)),
        requests=_requests(ordered),
    )


def _requests(ordered: Sequence[StoryError]) -> tuple[tuple[str, Key], ...]:
    newest: dict[str, Key] = {}
    for one in reversed(ordered):
        if one.request is not None and one.record_key is not None:
            newest.setdefault(one.request, one.record_key)
    return tuple(newest.items())[:SAMPLES]
