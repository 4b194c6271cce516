"""Which fields of a record are worth a place beside its message: those that neither it nor another column says."""

from __future__ import annotations

from functools import lru_cache

from tui.lazy import Lazy
from tui.parsing.vocabulary import duration_unit_of
from tui.presentation.cells import display_text, fit, short_duration
from tui.record import Record
from tui.typed import Final

LONGEST_VALUE: Final = 120
_DULL: Final = frozenset(
    """
    timestamp time ts t date datetime asctime level lvl severity levelname levelno message msg event body text log
    logger name service servicename app hostname host pid process processname thread threadname funcname lineno
    pathname filename module stack stacktrace exception excinfo exctext error err traceid spanid parentid
    parentspanid requestid reqid correlationid traceparent v caller source file function xcorrelationid xrequestid
    xtraceid dd otel flags traceflags stream version
    """.split()  # noqa: SIM905 - a list of one word a line says no more
)
_NORMAL = Lazy(r"[._\-@ ]")
_UNITS_NS: Final = (1, 1_000, 1_000_000, 1_000_000_000)
_NAMES_A_UNIT = Lazy(
    r"[_.-](?:ns|us|ms|s|secs?|seconds|nanos|micros|millis)$|[a-z](?:Ns|Us|Ms|MS|Secs?|Seconds|Nanos|Micros|Millis)$"
)


def telling_fields(record: Record, limit: int = 8) -> list[tuple[str, str]]:
    """Structured fields that the message does not say already, in their order."""
    found: list[tuple[str, str]] = []
    told = {one.value for one in record.ids}
    if record.error is not None:
        told |= {text for text in (record.error.type, record.error.message) if text}
    for name, value in record.fields.items():
        if value is None or value == "" or _dull(name):
            continue
        text = _as_duration(name, value, record) or str(value)
        if len(text) > LONGEST_VALUE or text in told or _says(record.message, text):
            continue
        found.append((fit(name, 40).rstrip() if len(name) > 40 else display_text(name), display_text(text)))
        if len(found) >= limit:
            break
    return found


def _says(message: str, value: str) -> bool:
    """Whether a message says a value as a word of its own: 300 does not say 3."""
    at = message.find(value)
    while at >= 0:
        end = at + len(value)
        if not message[at - 1 : at].isalnum() and not message[end : end + 1].isalnum():
            return True
        at = message.find(value, end)
    return False


def _as_duration(name: str, value: object, record: Record) -> str | None:
    """The value as a duration, if it is the record's and its name does not tell the unit."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not record.duration_ns:
        return None
    if duration_unit_of(name) is None:
        # a count may happen to be the same number
        return None
    same = any(abs(value * unit_ns - record.duration_ns) < 1 for unit_ns in _UNITS_NS)
    return short_duration(record.duration_ns) if same and not _NAMES_A_UNIT.search(name) else None


@lru_cache(maxsize=4096)
def _dull(name: str) -> bool:
    normal = _NORMAL.sub("", name.lower())
    return (
        normal in _DULL
        or _NORMAL.sub("", name.lower().rpartition(".")[2]) in _DULL
        or name.startswith(("kubernetes.", "record."))
    )
