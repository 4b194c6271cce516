"""What a typed value may mean: number, duration, size, time. Knows units; leaves fields and comparing to others."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from tui.lazy import Lazy
from tui.query.tree import Operand

NS: Final = 1_000_000_000
DAY_NS: Final = 86_400 * NS

_UNIT_NS: Final = {
    "ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": NS, "sec": NS, "secs": NS, "second": NS,
    "seconds": NS, "m": 60 * NS, "min": 60 * NS, "mins": 60 * NS, "minute": 60 * NS, "minutes": 60 * NS,
    "h": 3600 * NS, "hr": 3600 * NS, "hour": 3600 * NS, "hours": 3600 * NS, "d": DAY_NS, "day": DAY_NS,
    "days": DAY_NS, "w": 7 * DAY_NS, "week": 7 * DAY_NS, "weeks": 7 * DAY_NS,
}  # fmt: skip
_UNIT_BYTES: Final = {
    "b": 1, "byte": 1, "bytes": 1, "k": 10**3, "kb": 10**3, "kib": 2**10, "mb": 10**6, "mib": 2**20, "g": 10**9,
    "gb": 10**9, "gib": 2**30, "t": 10**12, "tb": 10**12, "tib": 2**40,
}  # fmt: skip
_NUMBER: Final = Lazy(r"[-+]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][-+]?[0-9]{1,3})?")
_PLAIN: Final = Lazy(r"[-+]?[0-9]{1,300}(?:\.[0-9]{1,300})?")
_AMOUNT: Final = Lazy(r"([0-9]{1,30}(?:\.[0-9]{1,30})?) ?([A-Za-zµμ]{1,7})")
_CLOCK: Final = Lazy(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:[.,]([0-9]{1,9}))?)?")
_DATE: Final = Lazy(
    r"([0-9]{4})[-/]([0-9]{2})[-/]([0-9]{2})"
    r"(?:[T _]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9})[0-9]*)?)?"
    r" ?(Z|z|UTC|[-+][0-9]{2}(?::?[0-9]{2})?)?)?"
)
_AGO: Final = Lazy(r"(?:now ?)?([-+]?) ?((?:[0-9.]+ ?[A-Za-zµμ]+ ?)+?)(?: ?ago)?", re.IGNORECASE)


def number_of(text: str) -> int | float | None:
    """A plain decimal number; no exponents, which ids can look like."""
    if len(text) > 64 or not _PLAIN.fullmatch(text):
        return None
    return float(text) if "." in text else int(text)


def duration_of(text: str) -> int | None:
    """Nanoseconds of an amount with units: `500ms`, `1.5 s`, `1h30m`, `-2m`."""
    sign, text = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    total, at = 0.0, 0
    if len(text) > 64:
        return None
    for match in _AMOUNT.finditer(text):
        unit = _UNIT_NS.get(match[2]) or _UNIT_NS.get(match[2].lower() if len(match[2]) > 1 else match[2])
        if unit is None or text[at : match.start()].strip():
            return None
        total, at = total + float(match[1]) * unit, match.end()
    return sign * round(total) if at and at == len(text) else None


def size_of(text: str) -> int | None:
    """Bytes of an amount with a unit: `2MB` (decimal), `2MiB` (binary), `10k`."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return None
    unit = 10**6 if match[2] == "M" else _UNIT_BYTES.get(match[2].lower())
    return None if unit is None else round(float(match[1]) * unit)


def period_of(text: str, now_ns: int, zone: tzinfo) -> tuple[int, int] | None:
    """The stretch of time a text names: its first nanosecond and the first one behind it.

    A clock time is the last one that is not in the future; amounts count back from now, forward with a `+`.
    """
    text = text.strip()
    if len(text) > 64:
        return None
    try:
        return _dated(text, zone) or _named(text, now_ns, zone) or _clock(text, now_ns, zone) or _counted(text, now_ns)
    except (ValueError, OverflowError):
        return None


def moment_near(text: str, near_ns: int, zone: tzinfo) -> int | None:
    """The time (ns) that a text names to somebody who looks at another time, or None when it names none.

    Amounts count from there, back or with a `+` onward; of a clock time it is the nearest occurrence.
    """
    clock = _CLOCK.fullmatch(text.strip()) is not None
    period = period_of(text, near_ns + DAY_NS // 2 if clock else near_ns, zone)
    return period[0] if period else None


def operand(
    text: str,
    wild: tuple[int, ...] = (),
    *,
    quoted: bool = False,
    position: int = 0,
    now_ns: int = 0,
    zone: tzinfo = UTC,
) -> Operand:
    """A typed value with all that it may mean. Quoted numbers are numbers too: logs quote them as well."""
    if wild:
        return Operand(text, wild, quoted, position=position)
    number = number_of(text.removesuffix("%"))
    if number is None and len(text) < 64 and _NUMBER.fullmatch(text):
        number = float(text)
    dated = _DATE.fullmatch(text) is not None
    return Operand(
        text,
        (),
        quoted,
        number,
        duration_of(text) if number is None else None,
        size_of(text) if number is None else None,
        period_of(text, now_ns, zone) if dated else None,
        position,
    )


def _ns(moment: datetime) -> int:
    whole = moment.replace(microsecond=0)
    return int((whole - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * NS + moment.microsecond * 1000


def _fraction(digits: str | None) -> tuple[int, int]:
    """Nanoseconds of the digits behind the point, and the length of the stretch they name."""
    if not digits:
        return 0, NS
    return int(digits.ljust(9, "0")), 10 ** (9 - len(digits))


def _dated(text: str, zone: tzinfo) -> tuple[int, int] | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    day = date(int(match[1]), int(match[2]), int(match[3]))
    if match[4] is None:
        begin = datetime.combine(day, time(), zone)
        return _ns(begin), _ns(datetime.combine(day + timedelta(days=1), time(), zone))
    seconds = min(int(match[6] or 0), 59)  # a leap second counts as the one before
    where = zone if match[8] is None else _offset(match[8])
    start = _ns(datetime.combine(day, time(int(match[4]), int(match[5]), seconds), where))
    if match[6] is None:
        return start, start + 60 * NS
    extra, length = _fraction(match[7])
    return start + extra, start + extra + length


def _offset(text: str) -> tzinfo:
    return UTC if text in ("Z", "z", "UTC") else datetime.fromisoformat(f"2000-01-01T00:00{text}").tzinfo or UTC


def _named(text: str, now_ns: int, zone: tzinfo) -> tuple[int, int] | None:
    word = text.lower()
    if word == "now":
        return now_ns, now_ns + 1
    if word in ("today", "yesterday"):
        day = datetime.fromtimestamp(now_ns // NS, zone).date() - timedelta(days=word == "yesterday")
        return _dated(day.isoformat(), zone)
    number = number_of(text)
    if number is None or not 1e8 <= number < 1e20:
        return None
    scale = next(scale for limit, scale in ((1e11, NS), (1e14, 10**6), (1e17, 10**3), (1e20, 1)) if number < limit)
    start = number * scale if isinstance(number, int) else round(number * scale)
    return start, start + scale


def _clock(text: str, now_ns: int, zone: tzinfo) -> tuple[int, int] | None:
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    today = datetime.fromtimestamp(now_ns // NS, zone).date()
    extra, length = _fraction(match[4])
    if match[3] is None:
        length = 60 * NS
    at = time(int(match[1]), int(match[2]), int(match[3] or 0))
    start = _ns(datetime.combine(today, at, zone)) + extra
    if start > now_ns:
        start = _ns(datetime.combine(today - timedelta(days=1), at, zone)) + extra
    return start, start + length


def _counted(text: str, now_ns: int) -> tuple[int, int] | None:
    match = _AGO.fullmatch(text)
    amount = duration_of(match[2].strip()) if match else None
    if match is None or amount is None:
        return None
    moment = now_ns + amount if match[1] == "+" else now_ns - amount
    return moment, moment + 1
