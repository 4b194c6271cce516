"""Why a record says what it says: which field or which words each of its values was read from, and how.

Works on a finished record, for the one that somebody looks at: where a value can come from is looked up as in reading,
and only what gives the same value again is named. Reading itself stays free of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from tui.lazy import Lazy
from tui.parsing.durations import UNITS_NS, parse_duration
from tui.parsing.ids import read_entry
from tui.parsing.patterns import candidates
from tui.parsing.plans import Plan, plan_for
from tui.parsing.timestamps import Moment, find_time, read_time
from tui.parsing.vocabulary import LEVEL_PATTERN, SCALES, severity_of_number, severity_of_status, severity_of_word
from tui.record import Id, Record, Severity
from tui.typed import Final

MAX_LINE_CHARS: Final = 2000
_ORDERS: Final = ("", "mdy", "dmy", "ymd")
_UNITS: Final = ((1e11, "epoch s"), (1e14, "epoch ms"), (1e17, "epoch µs"), (float("inf"), "epoch ns"))
_NUMBER: Final = Lazy(r"\d{9,19}(?:\.\d{1,12})?")
_RFC_3339: Final = Lazy(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,12})?(?:Z|[+-]\d\d:\d\d)")
_WORD: Final = Lazy(rf"(?<![A-Za-z]){LEVEL_PATTERN}(?![A-Za-z])")
_LETTER: Final = Lazy(r"(?<![A-Za-z0-9])([DIWEFVT])(?![A-Za-z0-9])")
_PRIORITY: Final = Lazy(r"<(\d{1,3})>")
_STATUS: Final = Lazy(r"(?<!\d)([1-5]\d\d)(?!\d)")
_SOURCES: Final = {
    "arrival": "when it arrived: the lines tell no time",
    "wrapper": "from its wrapper",
    "inferred-year": "the year is inferred",
}
_NANOSECONDS_A_MS: Final = 1_000_000


def reasons(record: Record, zone: tzinfo) -> dict[str, str]:
    """What the time, level, service, logger, message, duration and ids (see `id_name`) were read from, in words.

    What cannot be told is left out.
    """
    plan = plan_for(record.fields)
    line = record.raw.partition("\n")[0][:MAX_LINE_CHARS]
    told = {
        "time": _time(record, plan, line, zone),
        "level": _level(record, plan, line),
        "service": _text(record, record.service, plan.service),
        "logger": _text(record, record.logger, (*plan.logger, "name")),
        "message": _text(record, record.message, plan.message),
        "duration": _duration(record, plan),
        **dict(_ids(record, plan)),
    }
    return {name: why for name, why in told.items() if why}


def _time(record: Record, plan: Plan, line: str, zone: tzinfo) -> str:
    if record.time_ns is None or record.time_source == "arrival":
        return _SOURCES["arrival"] if record.time_source == "arrival" else ""
    for key in (*plan.time, *plan.doubtful[0]):
        moment = read_time(record.fields[key], zone, record.time_ns)
        if moment is not None and _same(moment, record):
            return f"{key}, {_form(record.fields[key], moment, zone)}"
    if written := _written(record, line, zone):
        return f"{_SOURCES['wrapper']}, {written}" if record.time_source == "wrapper" else written
    return _SOURCES.get(record.time_source or "", "")


def _same(moment: Moment, record: Record) -> bool:
    """Whether a time is the record's, but for digits that are kept elsewhere."""
    return abs(moment.ns - (record.time_ns or 0)) < _NANOSECONDS_A_MS


def _parts(record: Record) -> dict[str, str | None]:
    """What the pattern that the record's text follows takes it apart into; nothing for other text."""
    row = next((one for one in candidates(record.raw) if one.name == record.format), None)
    match = row.regex.match(record.raw if row.whole else record.raw.partition("\n")[0]) if row is not None else None
    return match.groupdict() if match is not None else {}


def _form(value: object, moment: Moment, zone: tzinfo) -> str:
    """How a time is written, and what was missing in it."""
    text = str(value).strip()
    if _NUMBER.fullmatch(text):
        return next(unit for limit, unit in _UNITS if float(text) < limit)
    name = "RFC 3339" if _RFC_3339.fullmatch(text) else "as written"
    return name + _missing(moment, zone)


def _missing(moment: Moment, zone: tzinfo) -> str:
    year = {"year": ", no year: the last that fits", "date": ", no date: the last that fits"}.get(moment.inferred, "")
    return year + ("" if moment.zoned else f", no zone: taken as {zone}")


def _written(record: Record, line: str, zone: tzinfo) -> str:
    """Where in the line the time stands."""
    text = _parts(record).get("time")
    moment = read_time(text, zone, record.time_ns) if text else None
    if moment is not None and _same(moment, record):
        return f"“{text}”" + _missing(moment, zone)
    at = 0
    for _ in range(6):
        ends = []
        for order in _ORDERS:
            found = find_time(line[at:], zone, record.time_ns, order, limit=MAX_LINE_CHARS)
            if found is None:
                continue
            start, end, moment = found
            if _same(moment, record):
                return f"“{line[at + start : at + end]}”" + _missing(moment, zone)
            ends.append(end)
        if not ends:
            return ""
        at += min(ends)
    return ""


def _level(record: Record, plan: Plan, line: str) -> str:
    if not record.severity:
        return ""
    told = str(record.fields[plan.level[0]]) if plan.level else ""
    if plan.family is not None and plan.family.levels.get(told) == record.severity:
        return f"{plan.level[0]}: {told}, a level of {plan.family.name}"
    for key in (*plan.level, *plan.doubtful[1]):
        value = record.fields[key]
        if isinstance(value, str) and severity_of_word(value) == record.severity:
            return f"{key}: {value}"
        number = int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()) else None
        scale = plan.family.scale if plan.family is not None else None
        if number is not None and severity_of_number(number, key, scale) == record.severity:
            return f"{key}: {number}, a number of {scale or _scale_of(number, record.severity)}"
    for key in plan.status:
        value = str(record.fields[key])
        if value.isdecimal() and severity_of_status(int(value)) == record.severity:
            return f"{key}: HTTP status {value}"
    return _level_in_line(record, line) or ("it tells of an error" if record.error is not None else "")


def _scale_of(number: int, severity: int) -> str:
    return next((name for name, scale in SCALES.items() if scale.get(number) == severity), "its own")


def _level_in_line(record: Record, line: str) -> str:
    if sign := (parts := _parts(record)).get("level") or parts.get("letter"):
        return f"“{sign}”, a level of {record.format}"
    for word in _WORD.finditer(line):
        if severity_of_word(word[0]) == record.severity:
            return f"“{word[0]}”"
    priority = _PRIORITY.match(line)
    if priority and SCALES["syslog"].get(int(priority[1]) % 8) == record.severity:
        return f"syslog priority {priority[0]}"
    for letter in _LETTER.finditer(line):
        if severity_of_word(letter[1]) == record.severity:
            return f"“{letter[1]}”"
    if record.severity in (Severity.INFO, Severity.WARN, Severity.ERROR):
        for status in _STATUS.finditer(line):
            if severity_of_status(int(status[1])) == record.severity and status[1] in record.message:
                return f"HTTP status {status[1]}"
    return ""


def _text(record: Record, value: str | None, keys: tuple[str, ...]) -> str:
    if not value:
        return ""
    key = next((key for key in keys if record.fields.get(key) == value), None)
    key = key or next((name for name, one in record.fields.items() if one == value), None)
    if key is not None:
        return key
    return "" if value in record.raw else "told by the source" if value == record.service else ""


def _duration(record: Record, plan: Plan) -> str:
    if record.duration_ns is None:
        return ""
    for key, unit in plan.duration:
        value = record.fields[key]
        if isinstance(value, str) and parse_duration(value) == record.duration_ns:
            return f"{key}: {value}"
        if isinstance(value, int | float) and value and not isinstance(value, bool):
            counted = unit or round(record.duration_ns / value)
            name = next((name for name, ns in UNITS_NS.items() if ns == counted), None)
            if name is not None:
                return f"{key}, in {name}" + ("" if unit else ", as this format counts")
    return ""


def _ids(record: Record, plan: Plan) -> Iterator[tuple[str, str]]:
    known = {
        ("span" if kind == "parent" else kind, value): key
        for key, entry in reversed(plan.ids)
        for kind, value in read_entry(entry, record.fields[key])
    }
    text = record.raw.lower()
    for one in record.ids:
        named = "named in the text" if one.value[:8].lower() in text else ""
        yield id_name(one), known.get((one.kind, one.value), named)


def id_name(one: Id) -> str:
    """What an id is called among the reasons."""
    return f"{one.kind} id {one.value}"
