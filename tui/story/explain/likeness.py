"""Lines that are written alike are read alike: what one of them was parsed into holds for the others but for its values.

Two lines are alike when they differ only in digits and ids. Of the first ones everything is parsed; of those that follow
only the time, the id of the request and how long something took are taken, from where they stood before. What cannot be
found again is parsed, line by line.
"""

from __future__ import annotations

import re
from typing import Final

from tui.parsing.ids import canonical_value
from tui.parsing.timestamps import iso_utc_ns, read_number
from tui.record import Line, Record
from tui.story.explain.seen import LogSeen, request_of
from tui.values import frozen

_MOST_LIKENESSES: Final = 30_000
_ANEW: Final = 512
"""So many alike lines are read before one is parsed again, lest a clock without a date run away."""
_DAY_NS: Final = 86_400_000_000_000
_UNITS: Final = (1, 1_000, 1_000_000, 1_000_000_000)

_VALUE: Final = re.compile(rb"\b[0-9a-fA-F]{8,}(?:-[0-9a-fA-F]{4,})*|\d+")
_TELLING: Final = re.compile(
    rb"(?:level|severity|lvl|sev|status|code|pri(?:ority)?)[\"'\\]*\s?[:=]\s?[\"'\\]*(\d)\d{0,2}\b|[\" ]([1-5])\d\d(?=[ ,])|^<(\d{1,3})>",
    re.IGNORECASE,
)
_TIME: Final = re.compile(
    rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?|(?<![\d.])1\d{9}(?:\d{3}|\d{6}|\d{9})?(?:\.\d+)?(?!\d)"
    rb"|\b\d\d:\d\d:\d\d(?:[.,]\d{1,9})?"
)
_ID: Final = re.compile(rb"[0-9A-Za-z_-]{8,}")
_OFFSET: Final = re.compile(rb"[+-]\d\d:?\d\d$")
_NUMBER: Final = re.compile(rb"\d+(?:\.\d+)?")


@frozen
class _Model:
    """What alike lines have in common."""

    service: str
    severity: int
    template: int
    time_at: int
    """Which of the times in a line is its time."""
    add_ns: int
    """What that one lacks: a day, a zone."""
    request_at: int
    """Which of the ids is that of the request; -1 when there is none."""
    length_at: int
    """Which of the numbers is how long something took; -1 when none is."""
    unit_ns: int


class Likenesses:
    """The kinds of lines of one source."""

    def __init__(self) -> None:
        self._models: dict[object, _Model | None] = {}
        self._uses: dict[object, int] = {}
        self._latest_ns = 0

    def seen(self, lines: tuple[Line, ...], source: str) -> tuple[object, LogSeen | None]:
        """What lines say, when alike ones were parsed before; and what they are remembered by."""
        key = _likeness(lines)
        model = self._models.get(key)
        if model is None:
            return key, None
        uses = self._uses[key] = self._uses.get(key, 0) + 1
        if uses % _ANEW == 0:
            return key, None
        return key, self._read(model, lines[0].data, (source, lines[0].offset))

    def learn(self, key: object, lines: tuple[Line, ...], record: Record, service: str, template: int) -> None:
        """Remember how lines were parsed."""
        self._latest_ns = record.time_ns or self._latest_ns
        if len(self._models) < _MOST_LIKENESSES or key in self._models:
            self._models[key] = _model(lines[0].data, record, service, template)

    def _read(self, model: _Model, line: bytes, key: tuple[str, int]) -> LogSeen | None:
        times = _TIME.findall(line)
        if len(times) <= model.time_at:
            return None
        time_ns = _nanoseconds(times[model.time_at])
        if time_ns is None:
            return None
        time_ns += model.add_ns
        if model.add_ns > 2 * _DAY_NS and time_ns < self._latest_ns - _DAY_NS // 2:
            # a clock without a date began anew
            time_ns += _DAY_NS
        request = None
        if model.request_at >= 0:
            ids = _ID.findall(line)
            request = canonical_value(ids[model.request_at].decode()) if len(ids) > model.request_at else None
            if request is None:
                return None
        length_ns = None
        if model.length_at >= 0:
            numbers = _NUMBER.findall(line)
            length_ns = int(float(numbers[model.length_at]) * model.unit_ns) if len(numbers) > model.length_at else None
        self._latest_ns = max(self._latest_ns, time_ns)
        return LogSeen(time_ns, model.service, model.severity, model.template, request, None, length_ns, key)


def _likeness(lines: tuple[Line, ...]) -> object:
    first = lines[0].data
    telling = tuple(_TELLING.findall(first[:2000]))
    shape = _VALUE.sub(b"0", first)
    return (shape, telling) if len(lines) == 1 else (shape, telling, len(lines), _VALUE.sub(b"0", lines[1].data))


def _model(line: bytes, record: Record, service: str, template: int) -> _Model | None:
    """How alike lines can be read; None when they have to be parsed."""
    request = request_of(record)
    if record.time_ns is None or (any(map(str.isdigit, service)) and service.encode() in line):
        return None
    time_at, add_ns = _place_of_time(line, record.time_ns)
    if time_at < 0:
        return None
    request_at = -1
    if request is not None:
        found = [at for at, text in enumerate(_ID.findall(line)) if canonical_value(text.decode()) == request]
        if not found:
            return None
        request_at = found[0]
    length_at, unit_ns = _place_of_length(line, record.duration_ns)
    return _Model(service, record.severity, template, time_at, add_ns, request_at, length_at, unit_ns)


def _place_of_time(line: bytes, time_ns: int) -> tuple[int, int]:
    """Which of the times is the record's, and what is to be added to it."""
    clock = -1, 0
    for at, text in enumerate(_TIME.findall(line)):
        found = _nanoseconds(text)
        if found is None:
            continue
        lacks = time_ns - found
        if abs(lacks) < 1_000_000 or (abs(lacks) <= 14 * 3_600_000_000_000 and lacks % 900_000_000_000 == 0):
            return at, 0 if abs(lacks) < 1_000_000 else lacks
        if found < _DAY_NS and clock[0] < 0 and lacks % 900_000_000_000 == 0:
            clock = at, lacks
    return clock


def _place_of_length(line: bytes, length_ns: int | None) -> tuple[int, int]:
    if length_ns:
        for at, text in reversed(list(enumerate(_NUMBER.findall(line)))):
            for unit_ns in _UNITS:
                if abs(float(text) * unit_ns - length_ns) <= max(1.0, length_ns * 1e-6):
                    return at, unit_ns
    return -1, 0


def _nanoseconds(text: bytes) -> int | None:
    """A time since 1970, or since midnight for a clock without a date."""
    if text[2:3] == b":":
        head, _, fraction = text.replace(b",", b".").partition(b".")
        whole = int(head[:2]) * 3600 + int(head[3:5]) * 60 + int(head[6:8])
        return whole * 1_000_000_000 + int(fraction[:9].ljust(9, b"0") or b"0")
    if text[4:5] == b"-":
        # its zone is part of what is to be added
        said = _OFFSET.sub(b"", text).rstrip(b"Z").replace(b",", b".") + b"Z"
        return iso_utc_ns(said.decode())
    moment = read_number(float(text) if b"." in text else int(text))
    return moment.ns if moment is not None else None


__all__ = ["Likenesses"]
