"""Lengths of time written with a unit -> nanoseconds.

Bare numbers are left to the caller: only the field's name or the record's format can say what they count.
"""

from __future__ import annotations

from tui.lazy import Lazy
from tui.typed import Final

UNITS_NS: Final = {
    "ns": 1, "nanos": 1, "nanosecond": 1, "nanoseconds": 1,
    "us": 1_000, "µs": 1_000, "μs": 1_000, "micros": 1_000, "microsecond": 1_000, "microseconds": 1_000, "usec": 1_000,
    "ms": 1_000_000, "msec": 1_000_000, "msecs": 1_000_000, "millis": 1_000_000,
    "millisecond": 1_000_000, "milliseconds": 1_000_000,
    "s": 1_000_000_000, "sec": 1_000_000_000, "secs": 1_000_000_000, "second": 1_000_000_000, "seconds": 1_000_000_000,
    "m": 60_000_000_000, "min": 60_000_000_000, "mins": 60_000_000_000, "minute": 60_000_000_000,
    "minutes": 60_000_000_000,
    "h": 3_600_000_000_000, "hr": 3_600_000_000_000, "hrs": 3_600_000_000_000, "hour": 3_600_000_000_000,
    "hours": 3_600_000_000_000,
    "d": 86_400_000_000_000, "day": 86_400_000_000_000, "days": 86_400_000_000_000,
    "w": 604_800_000_000_000, "week": 604_800_000_000_000, "weeks": 604_800_000_000_000,
}  # fmt: skip

_PART: Final = Lazy(r"(\d{1,18}(?:[.,]\d{1,18})?|\.\d{1,18})\s{0,3}([a-zµμ]{1,12})\s{0,3}")
_CLOCK: Final = Lazy(r"(?:(\d{1,5})[:.])??(\d{1,3}):([0-5]?\d):([0-5]?\d)(?:[.,](\d{1,9}))?")
_IN_TEXT: Final = Lazy(
    r"(?:\b(?:took|in|duration|elapsed|latency|time|runtime)\b\s?[=:\[]?\s?|\(\s?|\+)"
    r"(\d{1,12}(?:\.\d{1,9})?)\s?(ns|us|µs|μs|ms|msec|msecs|millis|milliseconds|s|sec|secs|seconds|min|m)\b(?![/.\w])"
)
_LAST: Final = Lazy(r"(?:^|\s)(\d{1,9}ms|\d{1,6}\.\d{3,9}m?s)\s*$")
"""What stands last, as servers put it, is how long it took."""
MAX_NS: Final = 2**63 - 1


def parse_duration(text: str) -> int | None:
    """Nanoseconds of "500ms", "1.5s", "1m30s", "PT1.5S", "2 h", "00:00:01.5"; None when it is no duration."""
    text = text.strip()
    if not text or len(text) > 64:
        return None
    sign = -1 if text[0] == "-" else 1
    body = text.lstrip("+-").lower()
    if body.startswith("p") and len(body) > 1:
        body = body[1:].replace("t", "")
    total, position = 0.0, 0
    exact = 0
    while position < len(body):
        part = _PART.match(body, position)
        if part is None:
            return None if position else _clock(body, sign)
        unit = UNITS_NS.get(part[2])
        if unit is None:
            return None
        number = part[1].replace(",", ".")
        if "." in number:
            total += float(number) * unit
        else:
            exact += int(number) * unit
        position = part.end()
    value = sign * (exact + round(total))
    return value if abs(value) <= MAX_NS else None


def _clock(text: str, sign: int) -> int | None:
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    days, hours, minutes, seconds, fraction = match.groups()
    whole = ((int(days or 0) * 24 + int(hours)) * 60 + int(minutes)) * 60 + int(seconds)
    return sign * (whole * 1_000_000_000 + int((fraction or "0").ljust(9, "0")))


def duration_in_text(text: str) -> int | None:
    """Nanoseconds of the first duration that a message states as its own: "took 12 ms", "in 1.5s", "(31.4 ms)"."""
    match = _IN_TEXT.search(text, 0, 4096)
    if match is not None:
        return scaled(float(match[1]), UNITS_NS[match[2]])
    last = _LAST.search(text, max(0, len(text) - 24)) if text.endswith("s") else None
    return None if last is None else parse_duration(last[1])


def scaled(number: float, unit_ns: int) -> int | None:
    """A number of units as nanoseconds; None when it is negative, not finite or beyond 292 years."""
    value = number * unit_ns
    return round(value) if 0 <= value <= MAX_NS else None
