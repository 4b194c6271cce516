"""Text or number -> nanoseconds since 1970 UTC, kept as an integer throughout.

Owns every shape in which a time is written, and the guesses where part of it is missing (year, date, zone). It reads
no clock: what "now" is comes in as `reference_ns`. Which field holds the time is left to `structured` and `patterns`.
"""

# the shapes are easier to compare uncut

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo

from tui.lazy import Lazy
from tui.typed import Final, NamedTuple

_EPOCH_DAY: Final = 719_163
"""1970-01-01, as datetime counts days."""
SECOND_NS: Final = 1_000_000_000
_DAY_NS: Final = 86_400 * SECOND_NS
_MAX_NS: Final = 2**63 - 1


class Moment(NamedTuple):
    """A time as read."""

    ns: int
    zoned: bool
    """The text said its zone, or it was a number since 1970."""
    inferred: str = ""
    """What was missing and guessed from the reference: "year", "date" or nothing."""


_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        ("jan janv янв ene gen", "feb févr fév fev фев", "mar mars mrz mär mrt maa мар", "apr avr abr апр",
         "may mai maj mei mag май мая", "jun juin giu июн", "jul juil lug июл", "aug août aoû ago авг", "sep set сен",
         "oct okt ott out окт", "nov нояб ноя", "dec déc dez dic дек"), 1)
    for name in names.split()
}  # fmt: skip
"""English, and what German, French, Spanish, Italian, Portuguese, Dutch and Russian machines write."""
_MONTH: Final = rf"(?P<b>(?i:{'|'.join(sorted(_MONTHS, key=len, reverse=True))}))[^\W\d_]{{0,7}}\.?"
_WEEKDAY: Final = (
    r"(?:(?i:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|mié|mie|jue|vie|sáb|sab|dom|gio)"
    r"[a-z]{0,6}\.?,?\s)?"
)
_FRACTION: Final = r"(?:(?:[.:]|,(?!\d{10}|\d{1,2},))(?P<f>\d{1,12}))?"
_HALF: Final = r"(?:[ \u202f\u00a0]?(?P<p>[AaPp]\.?[Mm]\.?)(?![A-Za-z]))?"
_ZONE: Final = (
    r"(?:(?P<z>Z(?![A-Za-z])|\s?(?:UTC|GMT)(?![A-Za-z])|\s?[+-]\d{2}:?\d{2}(?!\d|:\d)|[+-]\d{2}(?!\d|:\d))(?:\s?UTC)?)?"
)
_CLOCK: Final = r"(?P<H>[01]?\d|2[0-4]):(?P<M>[0-5]\d)(?::(?P<S>[0-5]\d|60))" + _FRACTION + _HALF + _ZONE
_SHORT_CLOCK: Final = r"(?P<H>[01]?\d|2[0-4]):(?P<M>[0-5]\d)(?::(?P<S>[0-5]\d|60)" + _FRACTION + ")?" + _HALF + _ZONE
_EDGE: Final = r"(?<![\w.:/-])"
_GAP: Final = r"(?:[T_:,-]|,?\s{1,3}|\s[-–@]\s|\sat\s)"
_DATE: Final = r"(?P<Y>(?:19|20|21)\d\d)(?P<q>[-/._:])(?P<m>1[0-2]|0?[1-9])(?P=q)(?P<d>3[01]|[12]\d|0?[1-9])"

SHAPES: Final[Mapping[str, str]] = {
    "iso": r"(?<![\w./-])(?<!\d:)" + _DATE + _GAP + _SHORT_CLOCK,
    "dotted": _EDGE + _DATE + r"-(?P<H>[01]\d|2[0-3])\.(?P<M>[0-5]\d)\.(?P<S>[0-5]\d)(?:[.:](?P<f>\d{1,9}))?" + _ZONE,
    "compact": r"(?<![\w.])(?P<Y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])[T _:-]?"
    r"(?P<H>[01]\d|2[0-3]):?(?P<M>[0-5]\d):?(?P<S>[0-5]\d|60)" + _FRACTION + _ZONE + r"(?![\w])",
    "loose": r"(?<![\w.])(?P<Y>20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])-(?P<H>\d{1,2}):(?P<M>\d{1,2}):(?P<S>\d{1,2})"
    r"(?::(?P<ms>\d{1,3}))?(?![\w:])",
    "klog": r"(?<!\w)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01]) (?P<H>[01]\d|2[0-3]):(?P<M>[0-5]\d):(?P<S>[0-5]\d|60)"
    r"\.(?P<f>\d{6})(?!\d)",
    "year-month": _EDGE + r"(?P<Y>(?:19|20)\d\d)[ /-]" + _MONTH + r"[ /-]{1,2}(?P<d>\d{1,2})" + _GAP + _CLOCK,
    "ideographic": r"(?<!\d)(?P<Y>(?:19|20)\d\d)年(?P<m>\d{1,2})月(?P<d>\d{1,2})日\s?" + _SHORT_CLOCK,
    "ordinal": _EDGE + r"(?P<Y>(?:19|20)\d\d)[-./]?(?P<j>[0-3]\d\d)[T :/-]" + _CLOCK,
    "tai64n": r"(?<!\w)@(?P<tai>4[0-9a-f]{15})(?P<tn>[0-9a-f]{8})?(?!\w)",
    "month-day": _EDGE + _WEEKDAY + _MONTH + r"\s{1,2}(?P<d>\d{1,2})(?:,?\s(?P<Y>\d{4}),?)?,?\s{1,2}" + _CLOCK
    + r"(?:\s(?:[A-Z]{3,4}\s)?(?P<Y2>(?:19|20)\d\d)(?![\d:.-])(?P<z2>\s[+-]\d{4}(?!\d))?)?",
    "day-month": _EDGE + _WEEKDAY + r"(?P<d>\d{1,2})\.?(?:[ /-]|(?=[A-Za-z]))(?:de )?" + _MONTH + r"(?:(?:[ /-]| de )?(?P<Y>\d{4}|\d\d(?!:)))?[: ,]{1,2}" + _CLOCK,
    "month-day-year": _EDGE + _MONTH + r"[/-](?P<d>\d{1,2})[/-](?P<Y>\d{4}|\d\d)" + _GAP + _CLOCK,
    "day-first": _EDGE + r"(?P<A>\d{1,2})(?P<q>[/.-])(?P<B>\d{1,2})(?P=q)(?P<Y>(?:19|20)\d\d)" + _GAP + _SHORT_CLOCK,
    "two-digit-year": _EDGE + r"(?P<A>\d{1,2})(?P<q>[/.-])(?P<B>\d{1,2})(?P=q)(?P<C>\d\d)(?!\d)" + _GAP + _CLOCK,
    "packed": r"(?<![\w.])(?P<y>\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])\s{1,2}"
    r"(?P<H>[01]?\d|2[0-3]):?(?P<M>[0-5]\d):?(?P<S>[0-5]\d)(?!\d)" + _FRACTION,
    "slashed": r"(?<![\w./])(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])/(?P<H>[01]\d|2[0-3])(?P<M>[0-5]\d)(?P<S>[0-5]\d)" + _FRACTION,
    "no-year": _EDGE + r"(?P<m>0[1-9]|1[0-2])[-./](?P<d>0[1-9]|[12]\d|3[01])[\s-]" + _CLOCK,
    "epoch": r"(?<![\w.:/#=-])(?P<n>1\d{9}(?:\.\d{1,9})?|1\d{12}(?:\.\d{1,6})?|1\d{15}|1\d{18})(?![\w/-]|:\S)(?![.,]\d)",
    "clock": r"(?<![\w.:/-])" + _CLOCK + r"(?!\d|:\d)",
    "half-clock": r"(?<![\w.:/-])(?P<H>1[0-2]|0?[1-9]):(?P<M>[0-5]\d)\s?(?P<p>[AaPp][Mm])(?![A-Za-z])",
}  # fmt: skip
"""Written forms of a time, the more telling first."""

_COMPILED: Final = {name: Lazy(source) for name, source in SHAPES.items()}
_WITH_NAMES: Final = {name: _COMPILED[name] for name in ("month-day", "day-month", "month-day-year")}
"""Those that may begin with a month or a weekday."""
_WITH_NUMBERS: Final = {
    name: one for name, one in _COMPILED.items() if name not in ("month-day", "month-day-year", "tai64n")
}
_DATE_ONLY: Final = Lazy(_DATE)
_QUICK: Final = Lazy(
    r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(Z)?(?=$|\](?!\d)|[ \t](?![+-]\d|UTC|GMT|[AaPp]\.?[Mm]\b))"
)
_ZONE_NAME: Final = Lazy(r" (?!AM|PM|UTC|GMT)[A-Z]{2,5}$")
_NUMBER: Final = Lazy(r"[+-]?\d{1,19}(?:\.\d{1,12})?(?:[eE][+]?\d{1,2})?")
_HINT: Final = Lazy(
    r"\d:[0-5]\d|1\d{9}|(?:19|20)\d{6}|\d{6}\s{1,2}\d|/\d{6}|\d\.[0-5]\d\.[0-5]\d|@4|\d\s?[AaPp]\.?[Mm]"
)
"""Every written form has one of these."""

_seconds: dict[str, int] = {}
_MAX_CACHED: Final = 4096


def parse_time(value: object, zone: tzinfo = UTC, reference_ns: int | None = None) -> int | None:
    """Nanoseconds since 1970 UTC of a text or number in any known form; `zone` is for texts that name none."""
    moment = read_time(value, zone, reference_ns)
    return None if moment is None else moment.ns


def read_time(value: object, zone: tzinfo = UTC, reference_ns: int | None = None, order: str = "") -> Moment | None:
    """A whole text or number as a time, or None; `order` is that of the numbers of a date where it is known: "dmy"."""
    if isinstance(value, str):
        quick = iso_utc_ns(value)
        return _read_text(value, zone, reference_ns, order) if quick is None else Moment(quick, True)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return read_number(value)


def iso_utc_ns(text: str) -> int | None:
    """Nanoseconds of `YYYY-MM-DDThh:mm:ss[.fraction]Z`, by far the most frequent form; seconds are remembered."""
    if text[-1:] != "Z" or text[10:11] not in ("T", " "):
        return None
    head = text[:19]
    seconds = _seconds.get(head)
    if seconds is None:
        try:
            seconds = _epoch_s(datetime.fromisoformat(head))
        except (ValueError, OverflowError):
            return None
        if len(_seconds) >= _MAX_CACHED:
            _seconds.clear()
        _seconds[head] = seconds
    digits = text[20:-1]
    if not digits:
        return seconds * SECOND_NS if len(text) == 20 else None
    if text[19] != "." or not (digits.isdecimal() and digits.isascii()):
        return None
    return seconds * SECOND_NS + int(digits[:9].ljust(9, "0"))


def read_number(number: int | float) -> Moment | None:
    """A number since 1970, its unit told by its size: seconds, milli-, micro- or nanoseconds."""
    if not 1e8 <= number < 9.2e18:
        return None
    unit = SECOND_NS if number < 1e11 else 1_000_000 if number < 1e14 else 1_000 if number < 1e17 else 1
    if isinstance(number, int):
        return Moment(number * unit, True)
    whole = int(number)
    # Floats of seconds carry about a microsecond; more digits would be noise of the conversion.
    return Moment(whole * unit + round((number - whole) * 1_000_000) * unit // 1_000_000, True)


def _read_text(text: str, zone: tzinfo, reference_ns: int | None, order: str) -> Moment | None:
    text = text.strip(" \t[]\"'")
    if not text or len(text) > 64:
        return None
    if _NUMBER.fullmatch(text):
        return _compact_or_number(text, zone, reference_ns)
    for name, shape in _shapes_at(text[0]):
        match = shape.fullmatch(text)
        if match is not None:
            return _moment(name, match, zone, reference_ns, order)
    if abbreviated := _ZONE_NAME.search(text):
        # Names of zones are ambiguous: they say nothing.
        return _read_text(text[: abbreviated.start()], zone, reference_ns, order)
    match = _DATE_ONLY.fullmatch(text)
    return None if match is None else _from_parts(match.groupdict(), zone, reference_ns)


def _compact_or_number(text: str, zone: tzinfo, reference_ns: int | None) -> Moment | None:
    match = _COMPILED["compact"].fullmatch(text) if len(text) == 14 else None
    if match is not None:
        return _moment("compact", match, zone, reference_ns, "")
    whole, _, fraction = text.partition(".")
    if fraction.isdecimal() and whole.isdecimal():
        unit = read_number(int(whole))
        if unit is None:
            return None
        scale = SECOND_NS if int(whole) < 1e11 else 1_000_000 if int(whole) < 1e14 else 1_000
        return Moment(unit.ns + int(fraction[:9].ljust(9, "0")) * scale // SECOND_NS, True)
    return read_number(float(text) if "e" in text.lower() or "." in text else int(text))


def match_time(
    text: str, position: int, zone: tzinfo, reference_ns: int | None, order: str = ""
) -> tuple[int, Moment] | None:
    """(end, moment) of a time that begins exactly at `position`, or None."""
    if not text[position : position + 4].strip():
        return None
    quick = _QUICK.match(text, position)
    if quick is not None and (zone is UTC or quick[3]):
        ns = iso_utc_ns(f"{quick[1]}.{quick[2]}Z" if quick[2] else quick[1] + "Z")
        if ns is not None:
            return quick.end(), Moment(ns, quick[3] is not None)
    for name, shape in _shapes_at(text[position]):
        match = shape.match(text, position)
        if match is not None:
            moment = _moment(name, match, zone, reference_ns, order)
            if moment is not None:
                return match.end(), moment
    return None


def _shapes_at(first: str) -> Iterable[tuple[str, Lazy[str]]]:
    """The forms that may begin with this character."""
    return (_WITH_NAMES if first.isalpha() else _COMPILED if first == "@" else _WITH_NUMBERS).items()


def find_time(
    text: str, zone: tzinfo, reference_ns: int | None, order: str = "", *, limit: int = 60
) -> tuple[int, int, Moment] | None:
    """(start, end, moment) of the first time that begins within `limit` characters, the more telling forms first.

    Whole dates may begin further right.
    """
    if _HINT.search(text, 0, FAR_CHARS) is None:
        return None
    window = text[: max(limit, FAR_CHARS) + 40]
    best: tuple[int, int, Moment] | None = None
    for name, shape in _COMPILED.items():
        if best is not None and name in ("epoch", "clock", "half-clock"):
            break
        match = shape.search(window)
        if match is None or (best is not None and match.start() >= best[0]):
            continue
        if match.start() > (FAR_CHARS if name in _WHOLE else limit):
            continue
        moment = _moment(name, match, zone, reference_ns, order)
        if moment is not None and not (moment.inferred and match.start() > limit):
            best = match.start(), match.end(), moment
    return best


FAR_CHARS: Final = 160
_WHOLE: Final = frozenset(("iso", "dotted", "month-day", "day-month", "day-first", "year-month"))


def _moment(name: str, match: re.Match[str], zone: tzinfo, reference_ns: int | None, order: str) -> Moment | None:
    parts = match.groupdict()
    if name == "epoch":
        return _compact_or_number(parts["n"], zone, reference_ns)
    if name == "tai64n":
        # The labels count from 1970 in TAI, which was 10 seconds ahead of UTC then.
        seconds = int(parts["tai"] or "0", 16) - (1 << 62) - 10
        return Moment(seconds * SECOND_NS + int(parts["tn"] or "0", 16) % SECOND_NS, True) if seconds > 0 else None
    if name == "day-first":
        month_first = order == "mdy" if order in ("mdy", "dmy") else parts["q"] == "/"
        first, second = int(parts["A"] or 0), int(parts["B"] or 0)
        # With slashes the month usually stands first; dots and dashes are habits of countries that put the day first.
        swap = (month_first and first <= 12) or second > 12
        parts["m"], parts["d"] = (parts["A"], parts["B"]) if swap else (parts["B"], parts["A"])
    elif name == "two-digit-year":
        parts.update(zip(_two_digit_order(parts, order), (parts["A"], parts["B"], parts["C"]), strict=True))
    return _from_parts(parts, zone, reference_ns)


def _two_digit_order(parts: Mapping[str, str | None], order: str) -> str:
    if order:
        return order
    first, second = int(parts["A"] or 0), int(parts["B"] or 0)
    if parts["q"] == "." and first <= 31 and second <= 12:
        return "dmy"
    return "mdy" if first <= 12 < second else "ymd"


def _from_parts(parts: dict[str, str | None], zone: tzinfo, reference_ns: int | None) -> Moment | None:
    try:
        hour = _hour(int(parts.get("H") or 0), parts.get("p"))
        clock = (hour, int(parts.get("M") or 0), int(parts.get("S") or 0))
        offset = _offset_seconds(parts.get("z") or parts.get("z2"))
        fraction = int((parts.get("f") or "0")[:9].ljust(9, "0")) + int(parts.get("ms") or 0) * 1_000_000
        year = parts.get("Y") or parts.get("Y2") or parts.get("y")
        month = _MONTHS[parts["b"].lower()] if parts.get("b") else int(parts.get("m") or 0)  # type: ignore[union-attr]
        if parts.get("j"):
            ns = _epoch(int(year or 0), 1, 1, clock, offset, zone) + (int(parts["j"] or 0) - 1) * _DAY_NS + fraction
            return Moment(ns, offset is not None)
        if not month:
            return _dated(clock, fraction, offset, zone, reference_ns)
        day = int(parts["d"] or 0)
        if year is None:
            return _yeared(month, day, clock, fraction, offset, zone, reference_ns)
        full = int(year) if len(year) == 4 else 2000 + int(year) if int(year) < 70 else 1900 + int(year)
        ns = _epoch(full, month, day, clock, offset, zone) + fraction
    except (ValueError, OverflowError, KeyError):
        return None
    return Moment(ns, offset is not None) if abs(ns) <= _MAX_NS else None


def _hour(hour: int, half: str | None) -> int:
    if not half:
        return hour
    return hour % 12 + (12 if half[0] in "Pp" else 0)


def _offset_seconds(zone: str | None) -> int | None:
    if not zone:
        return None
    text = zone.strip()
    if text[0] not in "+-":
        return 0
    digits = text[1:].replace(":", "").ljust(4, "0")
    return (int(digits[:2]) * 3600 + int(digits[2:4]) * 60) * (-1 if text[0] == "-" else 1)


def _epoch_s(moment: datetime) -> int:
    """Seconds since 1970 of a time that is read as UTC."""
    return (moment.toordinal() - _EPOCH_DAY) * 86_400 + moment.hour * 3600 + moment.minute * 60 + moment.second


def _epoch(year: int, month: int, day: int, clock: tuple[int, int, int], offset: int | None, zone: tzinfo) -> int:
    hour, minute, second = clock
    leap, second = (1, 59) if second == 60 else (0, second)
    if hour == 24:
        hour, leap = 0, leap + 86_400
    moment = datetime(year, month, day, hour, minute, second)
    if offset is None and zone is not UTC:
        delta = moment.replace(tzinfo=zone).utcoffset() or timedelta()
        offset = delta.days * 86_400 + delta.seconds
    return (_epoch_s(moment) - (offset or 0) + leap) * SECOND_NS


def _yeared(
    month: int, day: int, clock: tuple[int, int, int], fraction: int, offset: int | None, zone: tzinfo,
    reference_ns: int | None,
) -> Moment | None:  # fmt: skip
    """The latest year that puts the time no more than a day after the reference."""
    if reference_ns is None:
        return None
    last = datetime.fromtimestamp(reference_ns // SECOND_NS, UTC).year + 1
    for year in range(last, last - 10, -1):
        try:
            ns = _epoch(year, month, day, clock, offset, zone) + fraction
        except ValueError:
            continue
        if ns <= reference_ns + _DAY_NS:
            return Moment(ns, offset is not None, "year")
    return None


def _dated(
    clock: tuple[int, int, int], fraction: int, offset: int | None, zone: tzinfo, reference_ns: int | None
) -> Moment | None:
    """The latest day that puts the time no more than an hour after the reference."""
    if reference_ns is None:
        return None
    local = datetime.fromtimestamp(reference_ns // SECOND_NS, UTC if offset is not None else zone)
    for days in (-1, 0, 1):
        day = local - timedelta(days=days)
        ns = _epoch(day.year, day.month, day.day, clock, offset, zone) + fraction
        if ns <= reference_ns + 3600 * SECOND_NS:
            return Moment(ns, offset is not None, "date")
    return None
