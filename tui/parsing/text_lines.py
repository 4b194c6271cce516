"""Text that is no object -> drafts: logfmt, the patterns, and whatever has an ordinary head.

Applies the tables of `patterns`, hands other lines to `header`, and reads pairs, ids and durations inside messages.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tui.lazy import Lazy
from tui.parsing.draft import ALL_LINES, Draft, Setting
from tui.parsing.durations import duration_in_text, parse_duration, scaled
from tui.parsing.header import read_header
from tui.parsing.ids import canonical_value, found_in_text
from tui.parsing.levels import level_in_text
from tui.parsing.logfmt import looks_like_logfmt, read_pairs, read_parted_pairs, read_value, split_tail
from tui.parsing.patterns import LETTERS, Pattern, candidates, own
from tui.parsing.structured import absorb, ids_of_fields, read_fields
from tui.parsing.timestamps import read_time
from tui.parsing.vocabulary import SCALES, severity_of_status, severity_of_word
from tui.typed import Final

_NAMED: Final = frozenset(
    {"time", "level", "message", "logger", "service", "pri", "extra", "brackets", "sleuth", "sd", "who", "spans"}
)


def read_text(text: str, setting: Setting, preferred: Pattern | None = None) -> Draft:
    """A draft of a record of text; `preferred` is the pattern that its stream usually follows."""
    first = text.partition("\n")[0]
    if first[:1] in (" ", "\t") and first.strip():
        text, first = text.lstrip(" \t"), first.lstrip(" \t")
    if own():
        mine = next(((row, match) for row in own() if (match := row.regex.match(first)) is not None), None)
        if mine is not None:
            return _from_match(*mine, setting)
    parted = read_parted_pairs(first) if "=" in first[:80] and ("|" in first or "\t" in first) else None
    if parted is not None or (looks_like_logfmt(first) and "msg=audit(" not in first):
        draft = read_fields(parted or read_pairs(text), setting, "logfmt")
        if draft.severity or draft.time_ns is not None or draft.own_message:
            return draft
    found = match_pattern(text, first, preferred)
    if found is not None:
        draft = _from_match(*found, setting)
        if draft.time_ns is not None or draft.severity or found[0].name in _WITHOUT_TIME:
            return draft
    priority = _PRIORITY.match(first)
    draft = read_header(first[priority.end() :] if priority else first, setting)
    if priority and int(priority[1]) < 192:
        draft.severity = SCALES["syslog"][int(priority[1]) % 8]
    return draft


_PRIORITY: Final = Lazy(r"<(\d{1,3})>(?:\d{1,8}: |: ?)?")
"""Before lines of devices that keep to nothing else of syslog; Cisco counts its lines behind it."""
_WITHOUT_TIME: Final = frozenset(
    {"kernel", "lambda-platform", "syslog-5424", "access", "uvicorn", "cef", "leef", "shell-history"}
)


def match_pattern(text: str, first: str, preferred: Pattern | None) -> tuple[Pattern, re.Match[str]] | None:
    """The pattern that the record's first line fits, the preferred one first."""
    if preferred is not None:
        match = preferred.regex.match(text if preferred.whole else first)
        if match is not None:
            return preferred, match
    for pattern in candidates(first):
        match = pattern.regex.match(text if pattern.whole else first)
        if match is not None:
            return pattern, match
    return None


def _from_match(pattern: Pattern, match: re.Match[str], setting: Setting) -> Draft:
    groups = match.groupdict()
    draft = Draft(format=pattern.name, own_message=True, head_lines=2 if pattern.whole and "\n" in match[0] else 1)
    draft.message = (groups.get("message") or "").strip() if "message" in groups else None
    for name, text in groups.items():
        if text and text != "-" and name not in _NAMED:
            draft.fields[name] = read_value(text) if text.isdecimal() else text
    logger, service = groups.get("logger"), groups.get("service") or groups.get("program")
    draft.logger = logger.strip() or None if logger and logger != "-" else None
    draft.service = service.strip() or None if service and service != "-" else None
    time = groups.get("time")
    if time:
        if pattern.order and not setting.order:
            setting = Setting(setting.zone, setting.reference_ns, pattern.order, setting.anywhere)
        _set_time(draft, time, setting)
    level = groups.get("level") or groups.get("letter")
    if level:
        draft.severity = LETTERS[pattern.levels].get(level, 0) if pattern.levels in LETTERS else 0
        draft.severity = draft.severity or severity_of_word(level)
    draft.ids += ids_of_fields(draft.fields) if draft.fields else []
    finish = _FINISH.get(pattern.name)
    if finish is not None:
        finish(draft, groups)
    if pattern.name in ("cef", "leef", "shell-history"):
        _extended_time(draft, setting)
    if not draft.severity and (tagged := groups.get("tagged")):
        draft.severity = severity_of_word(tagged)
    if pattern.tail and draft.message:
        head, pairs = split_tail(draft.message)
        if pairs and head:
            draft.message = _unquoted(head) if pattern.tail == "kv" else head.rstrip()
        if pairs:
            absorb(draft, pairs)
    return draft


def _unquoted(head: str) -> str:
    return str(read_value(head)) if head.startswith('"') else head


def _set_time(draft: Draft, text: str, setting: Setting) -> None:
    moment = read_time(text, setting.zone, setting.reference_ns, setting.order)
    if moment is not None:
        draft.time_ns, draft.zoned = moment.ns, moment.zoned
        draft.time_source = "inferred-year" if moment.inferred == "year" else "inner"


Groups = dict[str, str | None]


def _syslog(draft: Draft, groups: Groups) -> None:
    if groups.get("pri"):
        draft.severity = SCALES["syslog"].get(int(groups["pri"] or 0) % 8, 0)
    if draft.service and draft.service.endswith(")") and "(" in draft.service:
        draft.service, _, draft.logger = draft.service[:-1].partition("(")
    sd = groups.get("sd")
    if sd and sd != "-":
        for element in re.finditer(r"\[([^\s\]]+)((?:[^\]\"]|\"(?:[^\"\\]|\\.)*\")*)\]", sd):
            pairs = read_pairs(element[2].strip())
            draft.fields.update((f"{element[1]}.{key}", value) for key, value in pairs.items())
        draft.ids += ids_of_fields(draft.fields)
    draft.severity = (
        draft.severity
        or severity_of_word(groups.get("tagged") or "")
        or level_in_text(draft.message or "", draft.message or "")
    )


def _access(draft: Draft, groups: Groups) -> None:
    request, status = groups.get("request") or "-", groups.get("status") or ""
    parts = request.split(" ")
    if len(parts) >= 2:
        draft.fields["method"], draft.fields["path"] = parts[0], parts[1]
    if status.isdecimal():
        draft.severity = draft.severity or severity_of_status(int(status))
    draft.message = f"{request} {status}".strip()
    extra = (groups.get("extra") or "").strip()
    if extra:
        draft.fields["extra"] = extra
        last = extra.split()[-1].strip('"')
        pairs = read_pairs(extra)
        draft.fields.update((key, value) for key, value in pairs.items() if key not in draft.fields)
        draft.ids += ids_of_fields(pairs)
        taken = next((pairs[key] for key in ("rt", "request_time") if isinstance(pairs.get(key), float | int)), None)
        if isinstance(taken, float | int):
            draft.duration_ns = scaled(taken, 1_000_000_000)
        elif not pairs and (number := _NUMBER.fullmatch(last)):
            # nginx appends seconds with a fraction, Apache's %D whole microseconds.
            draft.duration_ns = scaled(float(number[0]), 1_000_000_000 if "." in last else 1_000)
        elif not pairs and last[0].isdecimal():
            draft.duration_ns = parse_duration(last)


_NUMBER: Final = Lazy(r"\d{1,12}(?:\.\d{1,6})?")


def _envoy(draft: Draft, groups: Groups) -> None:
    rest = groups.get("message") or ""
    _access(draft, {**groups, "extra": None})
    words = re.findall(r'"[^"]*"|\S+', rest)
    numbers = [word for word in words[:8] if word.isdecimal()]
    if len(numbers) >= 3:
        draft.duration_ns = int(numbers[2]) * 1_000_000
    quoted = [word.strip('"') for word in words if word.startswith('"')]
    if len(quoted) >= 5 and (value := canonical_value(quoted[-3])):
        draft.ids.append(("request", value))
    draft.fields["extra"] = rest.strip()


def _haproxy(draft: Draft, groups: Groups) -> None:
    status = groups.get("status") or ""
    if status.isdecimal():
        draft.severity = severity_of_status(int(status))
    total = (groups.get("timers") or "").split("/")[-1].lstrip("+")
    if total.isdecimal():
        draft.duration_ns = int(total) * 1_000_000
    quoted = re.search(r'"([^"]*)"?$', draft.message or "")
    if quoted:
        draft.message = f"{quoted[1]} {status}"


def _spring(draft: Draft, groups: Groups) -> None:
    brackets = re.findall(r"\[([^\]]*)\]", groups.get("brackets") or "")
    sleuth = (groups.get("sleuth") or "").split(",")
    if len(sleuth) >= 3:
        draft.service = sleuth[0] or None
        _add(draft, sleuth[1], sleuth[2])
    for content in map(str.strip, brackets):
        match = re.fullmatch(r"([0-9a-f]{16}(?:[0-9a-f]{16})?)[-,]([0-9a-f]{16})", content)
        if match:
            _add(draft, match[1], match[2])
    plain = [
        content.strip()
        for content in brackets
        if content.strip(" -,") and not re.fullmatch(r"[0-9a-f,-]{32,}", content)
    ]
    if plain:
        draft.fields["thread"] = plain[-1]
        if len(plain) > 1:
            draft.service = draft.service or plain[0]


def _add(draft: Draft, trace: str, span: str) -> None:
    for kind, text in (("trace", trace), ("span", span)):
        value = canonical_value(text)
        if value is not None:
            draft.ids.append((kind, value))


def _postgres(draft: Draft, groups: Groups) -> None:
    who = (groups.get("who") or "").strip()
    if "@" in who:
        user, _, database = who.partition("@")
        draft.fields["user"], draft.fields["database"] = user, database.split(" ")[0]


def _lambda(draft: Draft, groups: Groups) -> None:
    draft.severity = 9
    draft.message = f"{groups['event']}{groups.get('message') or ''}".strip()
    found = re.search(r"(?<!Billed )Duration: ([\d.]+) ms", draft.message)
    if found:
        draft.duration_ns = scaled(float(found[1]), 1_000_000)


def _uvicorn(draft: Draft, groups: Groups) -> None:
    if groups.get("request"):
        draft.message = f"{groups['request']} {groups['status']}"


def _rust(draft: Draft, groups: Groups) -> None:
    for span in re.finditer(r"\{([^{}]*)\}", groups.get("spans") or ""):
        draft.fields.update(read_pairs(span[1].replace(",", " ")))
    draft.ids += ids_of_fields(draft.fields)


_CEF_PAIR: Final = Lazy(r"([\w.\[\]-]{1,80})=((?:[^=\\]|\\.)*?)(?=\s+[\w.\[\]-]{1,80}=|\s*$)")
_CEF_WORDS: Final = {"low": 9, "medium": 13, "high": 17, "very-high": 18, "unknown": 0}
_CEF_TIMES: Final = ("begun", "rt", "end", "start", "deviceReceiptTime", "UNIFIutcTime", "devTime")


def _cef(draft: Draft, groups: Groups) -> None:
    severity = (groups.get("severity") or "").strip()
    draft.severity = _event_severity(int(severity)) if severity.isdecimal() else _CEF_WORDS.get(severity.lower(), 0)
    _extend(draft, {pair[1]: pair[2] for pair in _CEF_PAIR.finditer(groups.get("extension") or "")}, groups)


def _leef(draft: Draft, groups: Groups) -> None:
    pairs = dict(part.partition("=")[::2] for part in re.split(r"[\t^|]", groups.get("extension") or "") if "=" in part)
    severity = pairs.get("sev", "")
    draft.severity = _event_severity(int(severity)) if severity.isdecimal() else 0
    _extend(draft, pairs, groups)


def _event_severity(number: int) -> int:
    """Of CEF and LEEF, whose 10 is the worst."""
    return 9 if number < 4 else 13 if number < 7 else 17 if number < 9 else 18


def _extend(draft: Draft, pairs: dict[str, str], groups: Groups) -> None:
    draft.fields.pop("extension", None)
    fields: dict[str, object] = {key: value.strip() for key, value in pairs.items()}
    draft.fields.update((key, value) for key, value in fields.items() if key not in draft.fields)
    draft.ids += ids_of_fields(fields)
    draft.message = draft.message or str(fields.get("msg") or "") or None


def _extended_time(draft: Draft, setting: Setting) -> None:
    """The time of an event whose extension names it."""
    for key in _CEF_TIMES:
        if draft.time_ns is None and (text := draft.fields.get(key)) is not None:
            _set_time(draft, str(text), setting)


def _elb(draft: Draft, groups: Groups) -> None:
    draft.severity = severity_of_status(int(groups["status"] or 0)) if (groups["status"] or "").isdecimal() else 0
    draft.message = f"{groups['request']} {groups['status']}"
    times = [float(time) for time in (groups.get("times") or "").split() if time[0] != "-"]
    draft.duration_ns = scaled(sum(times), 1_000_000_000)
    draft.fields["extra"] = groups.get("extra") or ""
    draft.ids += found_in_text(groups.get("extra") or "")


def _gin(draft: Draft, groups: Groups) -> None:
    draft.severity = severity_of_status(int(groups["status"] or 0))
    draft.message = f"{groups['method']} {groups['path']} {groups['status']}"
    draft.duration_ns = parse_duration(groups.get("latency") or "")


def _s3(draft: Draft, groups: Groups) -> None:
    _access(draft, {**groups, "extra": None, "request": groups.get("request") or groups.get("operation")})
    if (total := groups.get("total_ms") or "").isdecimal():
        draft.duration_ns = int(total) * 1_000_000


_FIELD: Final = Lazy(
    r"(?m)^([A-Z_][A-Z0-9_]*)(?:=([^\n]*)|\n[^\n]{8}(.*?))(?=\n[A-Z_][A-Z0-9_]*(?:=|\n)|\n\n|\s*\Z)", re.DOTALL
)
"""A field of journald's export format; one of several lines has its length before it, in eight bytes."""


def _export(draft: Draft, groups: Groups) -> None:
    """`journalctl -o export`: a field a line."""
    found = _FIELD.finditer(groups["extension"] or "")
    inner = read_fields({one[1]: one[2] if one[3] is None else one[3] for one in found}, Setting(), "journald")
    draft.fields.pop("extension", None)
    inner.fields.update(draft.fields)
    for name in ("message", "severity", "service", "error", "fields", "time_ns", "time_source", "zoned"):
        setattr(draft, name, getattr(inner, name))
    draft.ids, draft.own_message, draft.head_lines = inner.ids, True, ALL_LINES


def _journal(draft: Draft, groups: Groups) -> None:
    """`journalctl -o verbose`: the fields of the record on the lines below its time."""
    lines = (line.strip().partition("=") for line in (groups["extension"] or "").split("\n"))
    inner = read_fields({key: value for key, _, value in lines if key}, Setting(), "journald")
    draft.fields.pop("extension", None)
    inner.time_ns = None
    draft.message, draft.own_message, draft.head_lines = inner.message, True, ALL_LINES
    draft.severity, draft.service, draft.error = inner.severity, inner.service, inner.error
    draft.ids += inner.ids
    draft.fields.update(inner.fields)


def _task(draft: Draft, groups: Groups) -> None:
    if not draft.ids and (task := _TASK.search(draft.message or "")):
        draft.ids.append(("job", task[1].replace("-", "")))


_TASK: Final = Lazy(r"\bTask [\w.]{1,120}\[([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\]")


def _tagged_request(draft: Draft, groups: Groups) -> None:
    """Rails puts the request's id in brackets first."""
    if tag := _REQUEST_TAG.match(draft.message or ""):
        draft.ids.append(("request", tag[1].replace("-", "")))


_REQUEST_TAG: Final = Lazy(r"\[([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\]")


def _weblogic(draft: Draft, groups: Groups) -> None:
    draft.message = (draft.message or "").removesuffix(">").rstrip()


def _slow_query(draft: Draft, groups: Groups) -> None:
    if taken := re.search(r"Query_time: (\d+\.?\d*)", draft.message or ""):
        draft.duration_ns = scaled(float(taken[1]), 1_000_000_000)


def _failed(draft: Draft, groups: Groups) -> None:
    draft.severity = 17


_FINISH: Final[dict[str, Callable[[Draft, Groups], None]]] = {
    "syslog": _syslog,
    "syslog-iso": _syslog, "syslog-5424": _syslog, "supercomputer": _syslog, "access": _access, "envoy": _envoy,
    "haproxy": _haproxy, "spring-boot": _spring, "postgres": _postgres, "lambda-platform": _lambda, "uvicorn": _uvicorn,
    "rust-tracing": _rust, "kernel": _syslog, "cef": _cef, "leef": _leef, "elb": _elb, "gin": _gin, "rsyslog": _syslog,
    "s3-access": _s3, "journal-verbose": _journal, "journal-export": _export, "celery": _task, "ruby": _tagged_request,
    "weblogic": _weblogic, "mysql-slow": _slow_query, "lambda-timeout": _failed,
}  # fmt: skip


def read_pairs_of_message(draft: Draft) -> None:
    """Pairs inside the message of a text record become fields, and give duration and service if nothing else did."""
    message = draft.message or ""
    if "=" not in message or draft.format == "logfmt":
        return
    pairs = read_pairs(message[:8192])
    if pairs:
        absorb(draft, pairs)


def read_duration_of_message(draft: Draft) -> None:
    """A duration that the message states: "took 12 ms"."""
    if draft.duration_ns is None and draft.message:
        draft.duration_ns = duration_in_text(draft.message)
