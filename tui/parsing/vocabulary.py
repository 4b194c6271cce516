"""Which field names and which words mean what, as tables.

Owns the names of times, levels, messages, services, loggers, durations and errors, the level words and the numeric
level scales. Names of identifiers are in `id_keys`. Reading the values is left to the modules that know the shape.
"""

# word lists are easier to read and to extend as words
# ruff: noqa: SIM905

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from tui.typed import Final

_REMOVED: Final = str.maketrans("", "", "_-. ")


def normal_key(key: str) -> str:
    """The key lower-cased and without `_`, `-`, `.` and spaces: one spelling for all habits of naming."""
    return key.translate(_REMOVED).lower()


ENVELOPES: Final = frozenset(
    "record fields jsonpayload attributes resource resourceattributes labels payload entry source data body context "
    "contextmap mdc extra properties event log logmeta attr kubernetes meta metadata scopes span message".split()
)
"""First parts of a dotted name that only say where the rest was kept."""

ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    "time": (
        "timeunixnano", "sourcerealtimetimestamp", "realtimetimestamp", "@timestamp", "timestamp", "time", "ts", "t", "@t",
        "datetime", "date", "asctime", "eventtime", "eventcreated", "instantepochsecond", "timemillis", "timetimestamp",
        "t$date", "time$date", "timestamp$date", "timestampseconds", "timeseconds", "edgestarttimestamp", "timegenerated",
        "eventtimestamp", "logtime", "logtimestamp", "timestampms", "timestampns", "tsms", "epoch", "unixtime", "when",
        "timeiso8601", "timelocal", "systemtime", "utctime", "requestreceivedtimestamp", "stagetimestamp", "creationtime",
        "timecreated", "dateandtime", "devicereceipttime", "devtime", "generatedtime", "startdatelocal", "millis",
        "starttime", "createdat", "observedtimeunixnano", "ingestiontime", "receivedat",
    ),
    "level": (
        "level", "lvl", "severitytext", "severity", "loglevel", "levelname", "levelword", "logseverity", "@l", "@level",
        "sev", "severitylevel", "leveldisplayname", "levelvalue", "levelno", "levelid", "severitynumber", "logseveritynumber", "priority",
        "status", "s",
    ),
    "message": (
        "message", "msg", "@m", "@message", "formattedmessage", "renderedmessage", "shortmessage", "textpayload", "event",
        "bodystringvalue", "body", "text", "log", "line", "@mt", "messagetemplate", "logmessage", "description", "record",
    ),
    "service": (
        "servicename", "service", "otelservicename", "ddservice", "resourceservicename", "servicecontextservice", "app",
        "appname", "application", "applicationname", "cloudrolename", "approlename", "svc", "microservice",
        "labelsapp.kubernetes.io/name", "appkubernetesio/name", "labelsappkubernetesio/name", "labelsapp", "functionname",
        "containername", "containerimagename", "syslogidentifier", "program", "programname", "systemdunit", "composeservice",
    ),
    "logger": (
        "logger", "loggername", "@module", "target", "sourcecontext", "category", "channel", "scopename", "name", "logmetaname",
        "component", "module", "class", "classname", "caller", "location", "c", "func", "function",
    ),
    "host": ("host", "hostname", "hostname", "computername", "machinename", "nodename", "node"),
    "duration": (
        "duration", "elapsed", "latency", "took", "responsetime", "requesttime", "timetaken", "processingtime", "dur",
        "runtime", "elapsedtime", "executiontime", "eventduration", "totaltime", "responseduration", "requestduration",
        "queryduration", "totalduration", "rt", "timeelapsed", "durationtime", "httpduration", "servicetime",
    ),
    "error_type": (
        "errortype", "errorkind", "errorname", "errorclass", "errtype", "errname", "errkind", "exceptiontype",
        "exceptionclass", "exceptionname", "excepttype", "exctype", "throwableclassname", "thrownname",
        "exceptionexceptiontype", "errorcode.name", "errorerrortype",
    ),
    "error_message": (
        "errormessage", "errormsg", "errmessage", "errmsg", "exceptionmessage", "throwablemessage", "thrownmessage",
        "outermessage", "innermostmessage", "excmessage", "excvalue", "exceptionvalue",
    ),
    "error_stack": (
        "errorstack", "errorstacktrace", "errstack", "errstacktrace", "exceptionstacktrace", "exceptionstack", "stacktrace",
        "stack", "thrownextendedstacktrace", "errorverbose", "excinfo", "exctext", "traceback", "backtrace",
        "fullmessage", "exceptiontrace", "errortraceback", "exceptiontraceback",
    ),
    "error_text": ("error", "err", "exception", "throwable", "exc", "@x", "fault", "failure"),
    "status": ("status", "statuscode", "httpstatus", "httpstatuscode", "httpresponsestatuscode", "responsestatus",
               "resstatuscode", "responsestatuscode", "responsecode", "edgeresponsestatus", "scstatus", "originstatus",
               "downstreamstatus", "elbstatuscode", "httprequeststatus"),
    "method": ("method", "httpmethod", "httprequestrequestmethod", "httprequestmethod", "requestmethod", "reqmethod", "clientrequestmethod", "verb", "csmethod"),
    "path": ("path", "uri", "url", "requesturi", "requestpath", "httptarget", "urlpath", "requrl", "httproute", "route",
             "httpurl", "requesturl", "httprequestrequesturl", "urloriginal", "clientrequesturi", "csuristem", "csuri"),
}  # fmt: skip
"""For each role the normalised names that play it, the preferred first."""

TOP_ONLY: Final = frozenset(
    {"name", "s", "c", "t", "status", "event", "log", "line", "record", "text", "class", "node"}
)
"""Names too ordinary to mean anything below the top of a record."""


def _index() -> dict[str, tuple[tuple[str, int], ...]]:
    found: dict[str, list[tuple[str, int]]] = {}
    for role, names in ROLES.items():
        for rank, name in enumerate(names):
            found.setdefault(name, []).append((role, rank))
    return {name: tuple(roles) for name, roles in found.items()}


_INDEX: Final = _index()
_built_in: dict[str, tuple[tuple[str, int], ...]] = {}
_words: dict[str, int] = {}
own_levels = False
"""A user says what levels look like: nothing can be told of them from the bytes of a line alone."""


def extend(names: Mapping[str, Sequence[str]], words: Mapping[str, int], *, tells_levels: bool) -> None:
    """Put a user's names, by role, and level words before those built in, instead of those that were."""
    global own_levels
    if not _built_in:
        _built_in.update(_INDEX)
        _words.update(LEVEL_WORDS)
    _INDEX.clear()
    _INDEX.update(_built_in)
    for role, own in names.items():
        for rank, name in enumerate(own):
            known = _INDEX.get(normal_key(name), ())
            _INDEX[normal_key(name)] = ((role, rank - _NESTED_RANK), *(one for one in known if one[0] != role))
    LEVEL_WORDS.clear()
    LEVEL_WORDS.update(_words)
    LEVEL_WORDS.update((word.lower(), number) for word, number in words.items())
    own_levels = tells_levels
    _DURATION_NAMES.clear()
    _DURATION_NAMES.update((*ROLES["duration"], *map(normal_key, names.get("duration", ()))))
    roles_of.cache_clear()
    duration_unit_of.cache_clear()


_ENDS: Final = {
    "time": ("timestamp", "datetime", "time", "date"),
    "level": ("severity", "loglevel", "level"),
}
"""How names end that are in no list and yet may tell the time or the level, where nothing else does."""
_NESTED_RANK: Final = 1000


@lru_cache(maxsize=8192)
def roles_of(key: str) -> tuple[tuple[str, int], ...]:
    """(role, rank) of a flat key, lowest rank preferred; below an envelope names count, but less."""
    parts = key.split(".")
    rank = 0
    while True:
        name = normal_key(".".join(parts))
        hit = _INDEX.get(name)
        if hit is not None and not (rank and name in TOP_ONLY):
            return tuple((role, place + rank) for role, place in hit)
        if len(parts) < 2 or normal_key(parts[0]) not in ENVELOPES:
            return ()
        parts = parts[1:]
        rank += _NESTED_RANK


def may_mean(role: str, key: str) -> bool:
    """Whether a name that is in no list still sounds like a time or a level."""
    name = normal_key(key)
    return name.endswith(_ENDS[role]) and not roles_of(key) and duration_unit_of(key) is None


DURATION_SUFFIXES: Final[tuple[tuple[str, int], ...]] = (
    ("nanoseconds", 1), ("nanos", 1), ("_ns", 1), ("ns", 1),
    ("microseconds", 1_000), ("micros", 1_000), ("_us", 1_000), ("_µs", 1_000), ("us", 1_000),
    ("milliseconds", 1_000_000), ("millis", 1_000_000), ("msec", 1_000_000), ("_ms", 1_000_000), ("ms", 1_000_000),
    ("seconds", 1_000_000_000), ("_secs", 1_000_000_000), ("_sec", 1_000_000_000), ("sec", 1_000_000_000),
    ("_s", 1_000_000_000), ("s", 1_000_000_000),
)  # fmt: skip
"""Ends of a key that name the unit of its number, in nanoseconds; longer ends first."""

_DURATION_NAMES: Final = set(ROLES["duration"])


@lru_cache(maxsize=4096)
def duration_unit_of(key: str) -> tuple[int, int] | None:
    """(rank, nanoseconds per unit) of a key that holds a duration; unit 0 when the key does not say; else None."""
    for suffix, unit in DURATION_SUFFIXES:
        stem = key[: -len(suffix)]
        if not stem or not (key.endswith(suffix) or key.lower().endswith(suffix)):
            continue
        joined = suffix[0] != "_" and stem[-1] not in "_-." and key[-len(suffix)].islower()
        if joined and len(suffix) < 3:
            continue
        rank = _duration_rank(stem.rstrip("_-."))
        if rank is not None:
            return rank, unit
    rank = _duration_rank(key)
    return None if rank is None else (rank + 50, 1 if normal_key(key) == "eventduration" else 0)


def _duration_rank(key: str) -> int | None:
    name = normal_key(key)
    if name in _DURATION_NAMES:
        return ROLES["duration"].index(name) if name in ROLES["duration"] else 0
    last = normal_key(key.rsplit(".", 1)[-1].rsplit("_", 1)[-1])
    return 30 if last in ("duration", "elapsed", "latency", "took") else None


_WORDS: Final[Mapping[int, str]] = {
    1: "trace trc trce trac finest silly t all verbose2 subdebug",
    2: "finer",
    5: "debug dbg dbug debu fine verbose vrb verb http config d d1 d2 d3 d4 d5 debug1 debug2 debug3 debug4 debug5 v fyi ddebug",
    9: "info inf information informational informative i log default infos informationen información informazioni",
    10: "notice note success n ok audit",
    13: "warn warning wrn wrning w warnung avertissement advertencia avvertenza aviso",
    17: "error err err! eror erro fail severe e failure fehler erreur grave schwerwiegend",
    18: "critical crit crt dpanic c",
    19: "alert panic pani",
    21: "fatal emerg emergency f ftl fatl fata",
}
LEVEL_WORDS: Final[dict[str, int]] = {word: number for number, words in _WORDS.items() for word in words.split()}
"""OpenTelemetry severity numbers by lower-case word."""

_LONG_WORDS: Final = "|".join(
    "trace|trce|trac|trc|finest|finer|fine|silly|debug[1-5]?|dbug|debu|dbg|verbose|config|information|informational|info|inf|notice|"
    "warning|warn|wrn|error|err!|erro|err|eror|fail|severe|critical|crit|dpanic|panic|pani|alert|fatal|fata|ftl|crt|emergency|emerg|success|ddebug|subdebug|infos|warnung|avertissement|advertencia|avvertenza|fehler|erreur|grave|schwerwiegend".split(
        "|"
    )
)
LEVEL_PATTERN: Final = rf"(?:{_LONG_WORDS}|{_LONG_WORDS.upper()}|LOG|AUDIT|(?:Trace|Debug|Verbose|Information|Info|Notice|Warning|Warn|Error|Severe|Critical|Crit|Panic|Alert|Fatal|Emergency|Fail|Fine|Finer|Finest|Config))"
"""Regular expression for a level word in lower, upper or title case."""

SCALES: Final[Mapping[str, Mapping[int, int]]] = {
    "syslog": {0: 21, 1: 19, 2: 18, 3: 17, 4: 13, 5: 10, 6: 9, 7: 5},
    "pino": {10: 1, 20: 5, 30: 9, 40: 13, 50: 17, 60: 21},
    "python": {5: 1, 10: 5, 20: 9, 25: 10, 30: 13, 40: 17, 50: 18},
    "logback": {5000: 1, 10000: 5, 20000: 9, 30000: 13, 40000: 17},
    "gcp": {100: 5, 200: 9, 300: 10, 400: 13, 500: 17, 600: 18, 700: 19, 800: 21},
    "monolog": {100: 5, 200: 9, 250: 10, 300: 13, 400: 17, 500: 18, 550: 19, 600: 21},
    "windows": {0: 9, 1: 18, 2: 17, 3: 13, 4: 9, 5: 5},
    "azure": {0: 5, 1: 9, 2: 13, 3: 17, 4: 21},
    "nextcloud": {0: 5, 1: 9, 2: 13, 3: 17, 4: 21},
    "otel": {number: number for number in range(1, 25)},
}
"""Numeric level scales by name: number as logged -> OpenTelemetry severity number."""

_BY_KEY: Final = {
    "levelvalue": "logback", "levelno": "python", "severitynumber": "otel", "logseveritynumber": "otel",
    "severitylevel": "azure", "priority": "syslog",
}  # fmt: skip


def severity_of_word(word: str) -> int:
    """Severity number of a level word in any case, with slog's offsets (`DEBUG-4`); 0 for an unknown word."""
    number = LEVEL_WORDS.get(word)
    if number is not None:
        return number
    lower = word.strip(" []<>():\t").lower()
    number = LEVEL_WORDS.get(lower)
    if number is not None:
        return number
    cut = max(lower.find("+"), lower.find("-"))
    if cut > 0 and lower[cut + 1 :].isdigit() and len(lower) - cut < 4:
        return _offset(LEVEL_WORDS.get(lower[:cut], 0), int(lower[cut:]))
    return 0


def _offset(base: int, offset: int) -> int:
    if not base:
        return 0
    return base + 1 if base == 9 and 0 < offset < 4 else min(24, max(1, base + offset))


def severity_of_number(number: int, key: str, scale: str | None) -> int:
    """Severity number of a numeric level under this key; `scale` is what the shape of the record suggests."""
    name = scale or _BY_KEY.get(normal_key(key.rsplit(".", 1)[-1]))
    if name is None:
        # Alone, tens up to 60 are far more often pino and bunyan than Python; small numbers are syslog's.
        name = "syslog" if 0 <= number <= 7 else "pino" if number % 10 == 0 and 10 <= number <= 60 else "gcp"
    known = SCALES[name]
    if number in known:
        return known[number]
    lower = [step for step in known if step <= number]
    return known[max(lower)] if lower and name in ("pino", "python", "logback", "monolog") else 0


def severity_of_status(status: int) -> int:
    """Severity number that an HTTP status stands for in an access log."""
    return 17 if 500 <= status <= 599 else 13 if 400 <= status <= 499 else 9 if 100 <= status <= 399 else 0


SPAN_FAILURES: Final = frozenset(
    "error internal_error unknown_error invalid_argument deadline_exceeded not_found already_exists permission_denied failed "
    "resource_exhausted failed_precondition aborted out_of_range unimplemented unavailable data_loss unauthenticated failure".split()
)
"""States of spans that went wrong; whoever cancels one wants it so."""
