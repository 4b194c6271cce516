"""Flat fields -> what they mean: time, level, message, service, ids, error, duration.

Works for JSON, logfmt, Python dicts and the pairs of text formats alike. Which keys to look at is told by `plans`; here
their values are read.
"""

from __future__ import annotations

from collections.abc import Iterable

from tui.lazy import Lazy
from tui.parsing.draft import Draft, Setting
from tui.parsing.durations import parse_duration, scaled
from tui.parsing.families import Family
from tui.parsing.ids import canonical_value, read_entry
from tui.parsing.plans import Fields, Plan, plan_for
from tui.parsing.problems import read_nested_problem, read_problem, with_told_parts
from tui.parsing.stacks import find_stack
from tui.parsing.timestamps import Moment, iso_utc_ns, read_number, read_time
from tui.parsing.vocabulary import (
    LEVEL_WORDS,
    normal_key,
    severity_of_number,
    severity_of_status,
    severity_of_word,
)
from tui.record import Severity
from tui.typed import Final

PLAIN_LEVELS: Final = {word: number for word, number in LEVEL_WORDS.items() if len(word) > 2}


def read_fields(fields: dict[str, object], setting: Setting, name: str = "json") -> Draft:
    """A draft of the record that these flat fields are; `fields` is kept, not copied."""
    plan = plan_for(fields)
    family = plan.family
    draft = Draft(fields=fields, format=family.name if family is not None and name == "json" else name)
    if plan.time or plan.doubtful[0]:
        first = fields[plan.time[0]] if plan.time else None
        quick = iso_utc_ns(first) if type(first) is str else None
        if quick is None:
            _read_time(draft, plan, fields, setting)
        else:
            draft.time_ns, draft.time_source, draft.zoned = quick, "inner", True
    word = fields[plan.level[0]] if plan.level else None
    draft.severity = PLAIN_LEVELS.get(word, 0) if type(word) is str else 0
    if not draft.severity:
        draft.severity = _severity(plan, fields)
    for key in plan.message:
        value = fields[key]
        if value is not None and not isinstance(value, bool):
            draft.message = value if isinstance(value, str) else str(value)
            draft.own_message = True
            break
    if plan.service:
        draft.service = first_text(fields, plan.service)
    if plan.logger:
        draft.logger = first_text(fields, plan.logger)
        if draft.service is None and draft.format in ("pino", "bunyan"):
            draft.service = first_text(fields, ("name",) if "name" in fields else ())
    for key, entry in plan.ids:
        value = fields[key]
        if not value:
            continue
        if entry.notation == "plain" and type(value) is str and len(value) <= 36:
            text = canonical_value(value)
            if text is not None:
                draft.ids.append((entry.kind, text))
        else:
            draft.ids.extend(read_entry(entry, value))
    if plan.duration:
        draft.duration_ns = duration_told(plan, fields)
    if plan.errors:
        draft.error = read_problem(plan.errors, fields)
    if draft.error is None and plan.nested_error:
        draft.error = read_nested_problem(fields)
    if plan.told:
        draft.error = with_told_parts(draft.error, fields, plan.told)
    if draft.error is not None and draft.logger is not None and draft.logger == draft.error.type:
        # winston spreads an error over the record: the name is the error's.
        draft.logger = None
    if draft.format == "slog" and isinstance(word, str) and word.islower():
        draft.format = "logrus"
    if draft.format in SPECIAL:
        SPECIAL[draft.format](draft, fields)
    if draft.message is None:
        draft.message = _made_message(draft, plan, fields)
    return draft


def absorb(draft: Draft, pairs: dict[str, object]) -> None:
    """Pairs found in the text of a record become its fields, and tell what nothing told before."""
    plan = plan_for(pairs)
    draft.fields.update((key, value) for key, value in pairs.items() if key not in draft.fields)
    for key, entry in plan.ids:
        draft.ids.extend(read_entry(entry, pairs[key]))
    if draft.duration_ns is None and plan.duration:
        draft.duration_ns = duration_told(plan, pairs)
    if not draft.severity:
        draft.severity = _severity(plan, pairs)
    if draft.service is None and plan.service:
        name = first_text(pairs, plan.service)
        draft.service = name if name is not None and name[0].isalpha() else None
        if name is not None and draft.service is None and draft.duration_ns is None:
            # `service=25ms` of a router tells how long it took.
            draft.duration_ns = parse_duration(name)
    if draft.error is None and plan.errors and draft.severity >= Severity.WARN:
        draft.error = read_problem(plan.errors, pairs)


def first_text(fields: Fields, keys: Iterable[str]) -> str | None:
    for key in keys:
        value = fields[key]
        if isinstance(value, str) and value and value != "-":
            return value
    return None


def _read_time(draft: Draft, plan: Plan, fields: Fields, setting: Setting) -> None:
    for key in (*plan.time, *plan.doubtful[0]):
        value = fields[key]
        moment = _moment(key, value, fields, setting) if value is not None else None
        if isinstance(value, str) and (moment is None or moment.inferred == "date" or len(value) < 12):
            moment = _date_and_clock(plan, fields, setting) or moment
        if moment is not None and (key in plan.time or _likely(moment)):
            draft.time_ns, draft.zoned = moment.ns, moment.zoned
            draft.time_source = "inferred-year" if moment.inferred == "year" else "inner"
            if moment.inferred == "date":
                draft.notes.append("date inferred")
            return


_DATE: Final = Lazy(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}|(?:19|20)\d{6}")
_CLOCK: Final = Lazy(r"\d{1,2}:\d\d(?::\d\d(?:[.,:]\d{1,9})?)?(?:\s?[AaPp][Mm])?(?:Z|\s?[+-]\d\d:?\d\d)?")
_OFFSET: Final = Lazy(r"[+-]\d\d:?\d\d")


def _date_and_clock(plan: Plan, fields: Fields, setting: Setting) -> Moment | None:
    """A time whose date and clock are two fields, and its zone perhaps a third."""
    texts = [value for key in plan.time if isinstance(value := fields[key], str)]
    date = next((text for text in texts if _DATE.fullmatch(text)), None)
    clock = next((text for text in texts if _CLOCK.fullmatch(text)), None)
    if date is None or clock is None:
        return None
    zone = next((fields[key] for key in ("tz", "timezone", "tzone") if key in fields), None)
    offset = zone if isinstance(zone, str) and _OFFSET.fullmatch(zone) and clock[-1].isdecimal() else ""
    return read_time(f"{date} {clock}{offset}", setting.zone, setting.reference_ns, setting.order)


def _likely(moment: Moment) -> bool:
    """Whether a field of an unknown name holds a whole time of this age: numbers may count anything."""
    return not moment.inferred and 946_684_800_000_000_000 <= moment.ns < 4_102_444_800_000_000_000


def _moment(key: str, value: object, fields: Fields, setting: Setting) -> Moment | None:
    last = key.rsplit(".", 1)[-1]
    if last in ("epochSecond", "seconds", "timestampSeconds"):
        return _seconds_and_nanos(key, value, fields)
    moment = read_time(value, setting.zone, setting.reference_ns, setting.order)
    nanos = fields.get("nanoseconds")
    if moment is not None and type(nanos) is int and 0 <= nanos < 1_000_000_000 and "sequenceNumber" in fields:
        return moment._replace(ns=moment.ns - moment.ns % 1_000_000_000 + nanos)
    return moment


def _seconds_and_nanos(key: str, value: object, fields: Fields) -> Moment | None:
    stem = key[: key.rindex(".") + 1] if "." in key else ""
    try:
        moment = read_number(int(value)) if isinstance(value, int | str) else None
        for name in ("nanoOfSecond", "nanos", "timestampNanos"):
            nanos = fields.get(stem + name)
            if moment is not None and isinstance(nanos, int | str):
                return moment._replace(ns=moment.ns + int(nanos))
    except ValueError:
        return None
    return moment


def _severity(plan: Plan, fields: Fields) -> int:
    numbers: list[tuple[str, int]] = []
    if plan.family is not None and plan.family.levels and plan.level:
        told = plan.family.levels.get(str(fields[plan.level[0]]))
        if told is not None:
            return told
    for key in plan.level:
        value = fields[key]
        if isinstance(value, str):
            found = severity_of_word(value)
            if found and not (len(value) == 1 and key != "s"):
                return found
            if value.isdecimal() and len(value) < 6:
                numbers.append((key, int(value)))
            elif found:
                return found
        elif type(value) is int:
            numbers.append((key, value))
    for key, number in numbers:
        if normal_key(key) == "status" or (key == "priority" and number > 7):
            continue
        found = severity_of_number(number, key, plan.family.scale if plan.family else None)
        if found:
            return found
    if plan.family is not None and plan.family.name == "clef":
        return 9
    for key in plan.doubtful[1]:
        value = fields[key]
        if isinstance(value, str) and len(value) > 2 and (found := severity_of_word(value)):
            return found
    return _status_severity(plan, fields)


def _status_severity(plan: Plan, fields: Fields) -> int:
    if not plan.method and not plan.path:
        return 0
    for key in plan.status:
        value = fields[key]
        if type(value) is int or (isinstance(value, str) and value.isdecimal() and len(value) == 3):
            return severity_of_status(int(value))
    return 0


def duration_told(plan: Plan, fields: Fields) -> int | None:
    for key, unit in plan.duration:
        value = fields[key]
        found = None
        if type(value) is float or type(value) is int:
            found = scaled(value, unit or _bare_unit(plan.family, value))
        elif isinstance(value, str) and _PLAIN.fullmatch(value):
            found = scaled(float(value), unit or 1_000_000)
        elif isinstance(value, str):
            found = parse_duration(value)
        if found is not None and found >= 0:
            return found
    return None


_PLAIN: Final = Lazy(r"\d{1,18}(?:\.\d{1,18})?")


def _bare_unit(family: Family | None, value: int | float) -> int:
    unit = family.duration_unit if family is not None else 1_000_000
    # slog prints its durations as whole nanoseconds; a fraction or a small number was made by hand.
    return 1_000_000 if unit == 1 and (isinstance(value, float) or value < 1000) else unit


_USED: Final = ("time", "level", "service", "logger")
_MAX_MADE: Final = 12


def _made_message(draft: Draft, plan: Plan, fields: Fields) -> str | None:
    """For records without a message: the request they tell of, the error, or their own fields as pairs."""
    method, path = first_text(fields, plan.method), first_text(fields, plan.path)
    if path is not None:
        status = next((fields[key] for key in plan.status if fields[key] is not None), None)
        return " ".join(str(part) for part in (method, path, status) if part is not None)
    if draft.error is not None and (draft.error.message or draft.error.type):
        return ": ".join(part for part in (draft.error.type, draft.error.message) if part)
    used = {key for role in _USED for key in getattr(plan, role)[:1]} | {key for key, _ in plan.ids}
    rest = [f"{key}={value}" for key, value in fields.items() if key not in used and value not in (None, "")]
    return " ".join(rest[:_MAX_MADE])[:2000] or None


_HOLE: Final = Lazy(r"\{[@$]?([\w.]{1,80})(?:,-?\d+)?(?::[^{}]{0,40})?\}")


def _clef(draft: Draft, fields: Fields) -> None:
    if fields.get("@m") is None and isinstance(fields.get("@mt"), str):
        draft.message = _HOLE.sub(lambda hole: str(fields.get(hole[1], hole[0])), str(fields["@mt"])[:16_384])


def _serilog(draft: Draft, fields: Fields) -> None:
    template = fields.get("MessageTemplate")
    if fields.get("RenderedMessage") is None and isinstance(template, str):
        draft.message = _HOLE.sub(lambda hole: str(fields.get("Properties." + hole[1], hole[0])), template[:16_384])


def _journald(draft: Draft, fields: Fields) -> None:
    message = fields.get("MESSAGE")
    if isinstance(message, str) and message.startswith("[") and message.endswith("]"):
        numbers = message[1:-1].split(",")
        if all(number.isdecimal() and int(number) < 256 for number in numbers[: 1 << 20]):
            draft.message = bytes(map(int, numbers)).decode("utf-8", "replace")
            draft.notes.append("invalid UTF-8")


def _loguru(draft: Draft, fields: Fields) -> None:
    name, message, text = (fields.get(key) for key in ("record.name", "record.message", "text"))
    draft.logger = name if isinstance(name, str) else draft.logger
    draft.message = message if isinstance(message, str) else draft.message
    # Its `elapsed` counts from the start of the program.
    draft.duration_ns = None
    if isinstance(text, str) and (found := find_stack(text)) is not None:
        draft.error = found.error


def _gelf(draft: Draft, fields: Fields) -> None:
    full = fields.get("full_message")
    if draft.message is None and isinstance(full, str):
        draft.message = full


SPECIAL: Final = {"clef": _clef, "serilog": _serilog, "journald": _journald, "gelf": _gelf, "loguru": _loguru}


def ids_of_fields(fields: Fields) -> list[tuple[str, str]]:
    """(kind, value) of the identifiers among these fields, best first."""
    return [found for key, entry in plan_for(fields).ids for found in read_entry(entry, fields[key])]
