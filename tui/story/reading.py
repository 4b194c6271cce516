"""What one record says about an operation: its name, whether it begins or ends, how it went, which attempt it was.

Only words and field names are judged here; how several records make a span is left to `inference`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from tui.lazy import Lazy
from tui.parsing.durations import duration_in_text
from tui.parsing.timestamps import parse_time
from tui.parsing.vocabulary import normal_key
from tui.record import Record, Severity
from tui.values import frozen

MAX_NAME_CHARS: Final = 60
_LOOKED_AT: Final = 400
MAX_ATTEMPTS: Final = 1000


@frozen
class Reading:
    """What a record says; empty parts are not said."""

    operation: str = ""
    """`POST /orders`, `charge`."""
    phase: str = ""
    """start, end, fail, or retry for the announcement of another attempt."""
    status: int | None = None
    """HTTP status of the answer."""
    attempt: int | None = None
    """Number of the attempt, from 1."""
    start_ns: int | None = None
    end_ns: int | None = None
    took_ns: int | None = None
    """How long it says that what it ends took."""
    http: bool = False
    """The operation is a method and a path."""
    outgoing: bool = False
    """It is a call that the service makes, not one that it serves."""


_ROLES: Final = {
    "method": "method httpmethod httprequestmethod requestmethod reqmethod verb",
    "path": "path uri url route httproute requesturi requestpath httptarget urlpath requrl httpurl requesturl httppath",
    "operation": "operation operationname op event eventname action rpcmethod rpc grpcmethod handler task taskname "
    "jobname step stage spanname transactionname activityname endpoint command method.name",
    "status": "status statuscode httpstatus httpstatuscode httpresponsestatuscode responsestatus resstatuscode "
    "responsestatuscode responsecode code httpcode",
    "attempt": "attempt attempts attemptnumber attemptno attemptcount trynumber try tries retryattempt deliveryattempt",
    "retry": "retry retries retrycount retrynumber retryno",
    "start": "starttime startedat start begin began starttimestamp startts timestart startat beginat begintime",
    "end": "endtime endedat finishedat completedat end finish endtimestamp endts timeend endat stoptime finishtime",
}
_BY_NAME: Final = {normal_key(name): role for role, names in _ROLES.items() for name in names.split()}

_START: Final = (
    "starting|started|start|begin|beginning|began|begun|received|receiving|incoming|processing|handling|calling|invoking|"
    "sending|requesting|entering|entered|initiated|initiating|executing|running|connecting|fetching|dispatching|enter|loading|"
    "creating|querying|submitting|consuming|publishing"
)
_END: Final = (
    "completed|completes|complete|completing|finished|finish|finishing|done|succeeded|succeeds|success|successful|successfully|ended|"
    "processed|handled|responded|responding|returned|returning|served|exited|exiting|exit|executed|sent|fetched|loaded|created|"
    "stored|saved|committed|accepted|confirmed|approved|published|consumed|delivered|response"
)
_FAIL: Final = (
    "failed|fails|failing|errored|aborted|aborting|timed out|cancelled|canceled|rejected|declined|"
    "refused|crashed|given up|gave up|giving up|unavailable|exhausted|denied|"
    r"(?:(?<=^)|(?<=\W))(?:failure|error|timeout)(?=\W*$|\s*[:;,(=]|\s+(?:for|of|to|in|on|at|after|while|when|from|with|by|as)\b)"
)
_RETRY: Final = "retrying|retry|will retry|backing off|re-?attempting"
_PHASE: Final = Lazy(
    rf"(?<![\w/.-])(?:(?P<retry>{_RETRY})|(?P<fail>{_FAIL})|(?P<end>{_END})|(?P<start>{_START}))(?![\w/-])|"
    r"(?P<enter>-->|→)|(?P<leave><--|←)",
    re.IGNORECASE,
)
_DENIED: Final = Lazy(r"\b(?:0|no|none|not|never|without)\s+(?:\w+\s+)?$", re.IGNORECASE)
_HTTP: Final = Lazy(
    r"(?<![A-Za-z])(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)[\"']?[ :]\s{0,3}[\"']?(?:https?://[^\s/\"']+)?(/[^\s\"'?,;)]*)"
)
_STATUS: Final = Lazy(
    r"(?<![\w.:/-])([1-5]\d\d)(?![\w.:/-]|\s?(?:[num]?s|sec|bytes|items|rows|[km]?b)\b)", re.IGNORECASE
)
_ATTEMPT: Final = Lazy(r"\b(?:attempt|try|retry)\s{0,2}(?:no\.?|number|[#=:])?\s{0,2}(\d{1,3})\b", re.IGNORECASE)
_DOTTED: Final = Lazy(r"([\w-]+(?:[.:][\w-]+)*)[._:](started|start|begin|completed|complete|finished|end|done|failed|failure|error|succeeded|success|received|sent)", re.IGNORECASE)  # fmt: skip
_WORDS: Final = {
    "particulars follow": "for of to from with in at by on via because due as and or is was has have be been after",
    "say nothing": "the a an request response call operation job task new our now attempt try to",
}
_CUT_AT: Final = frozenset(_WORDS["particulars follow"].split())
_FILLERS: Final = frozenset(_WORDS["say nothing"].split())
_ANSWERED: Final = Lazy(
    r"(?:completed|responded|returned|sent|response|finished|answered)\b[^\d]{0,20}([1-5]\d\d)\b", re.I
)
_PARTICULARS: Final = Lazy(r"[\w.-]*=|[:|,(\[{]")
_OUTGOING: Final = Lazy(
    r"\b(?:calling|sending|requesting|invoking|fetching|call to|request to)\b|https?://", re.IGNORECASE
)
_OUTGOING_STEMS: Final = ("call", "send", "request", "invok", "fetch", "http")
"""What any of these holds in small letters: most messages need not be searched."""
_WORD: Final = Lazy(r"[^\W\d][\w./-]*")


@lru_cache(maxsize=1024)
def _roles(keys: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Those of a record's fields that may have a say, in order, and in what."""
    return tuple((key, role) for key in keys if (role := _role(key)))


@lru_cache(maxsize=8192)
def _role(key: str) -> str:
    name = normal_key(key)
    return _BY_NAME.get(name) or _BY_NAME.get(normal_key(key.rsplit(".", 1)[-1]), "") if len(key) <= 80 else ""


def read(record: Record) -> Reading:
    """What the record's fields and message say; never raises."""
    said: dict[str, object] = {}
    for key, role in _roles(tuple(record.fields)):
        if (value := record.fields[key]) is not None and role not in said:
            said[role] = value
    message = record.message[:_LOOKED_AT].split("\n", 1)[0]
    low = message.lower()
    phase, words = _phase(message)
    http = _http(said, message)
    status = _status(said.get("status")) if http or "method" in said or "http" in low or phase else None
    operation = http[0] if http else _named(said, record) or words
    if status is None:
        answered = _ANSWERED.match(message)
        status = http[1] if http else int(answered[1]) if answered else None
    named_phase = "" if http else _phase_of_name(said)
    outcome = _outcome(named_phase or phase, status, record, bool(http))
    return Reading(
        operation=operation[:MAX_NAME_CHARS],
        phase=outcome,
        status=status,
        attempt=_attempt(said, message, low),
        start_ns=_time(said.get("start")),
        end_ns=_time(said.get("end")),
        took_ns=_took(record, message, outcome),
        http=http is not None,
        outgoing=any(word in low for word in _OUTGOING_STEMS) and _OUTGOING.search(message) is not None,
    )


def _took(record: Record, message: str, phase: str) -> int | None:
    """The duration of a field, or of a message that ends something; that of a wait or a limit is another one."""
    if phase in ("retry", "start"):
        return None
    if record.duration_ns is None and phase:
        return duration_in_text(message)
    return record.duration_ns


def _outcome(phase: str, status: int | None, record: Record, http: bool) -> str:
    if phase == "retry":
        return phase
    if status is not None and (http or phase in ("end", "fail")):
        return "fail" if status >= 500 or phase == "fail" else "end"
    if phase == "end" and record.severity >= Severity.ERROR:
        return "fail"
    return phase


def _http(said: dict[str, object], message: str) -> tuple[str, int | None] | None:
    """(method and path, status that follows them in the message)."""
    match = _HTTP.search(message) if "/" in message else None
    status = None
    if match is not None:
        found = _STATUS.search(message, match.end(), match.end() + 60)
        status = int(found[1]) if found else None
    method, path = said.get("method"), said.get("path")
    if isinstance(method, str) and isinstance(path, str) and method.isalpha() and len(method) <= 8:
        path = re.sub(r"^https?://[^/]+", "", path.split("?", 1)[0]) or "/"
        return f"{method.upper()} {path}", status
    if match is None:
        return None
    return f"{match[1]} {match[2]}", status


def _status(value: object) -> int | None:
    if isinstance(value, str) and value[:3].isdecimal() and (len(value) == 3 or value[3:4] == " "):
        value = int(value[:3])
    return value if type(value) is int and 100 <= value <= 599 else None


def _attempt(said: dict[str, object], message: str, low: str) -> int | None:
    for role, base in (("attempt", 0), ("retry", 1)):
        value = said.get(role)
        if isinstance(value, str) and value.isdecimal() and len(value) < 4:
            value = int(value)
        if type(value) is int and 0 <= value < MAX_ATTEMPTS:
            return value + base
    match = _ATTEMPT.search(message) if "attempt" in low or "try" in low else None
    return int(match[1]) if match else None


def _time(value: object) -> int | None:
    return parse_time(value) if isinstance(value, str | int | float) else None


def _named(said: dict[str, object], record: Record) -> str:
    value = said.get("operation")
    if not isinstance(value, str) or not value or len(value) > MAX_NAME_CHARS or value == record.message:
        return ""
    if value.count(" ") > 3:
        return ""
    match = _DOTTED.fullmatch(value)
    return match[1] if match else value


def _phase_of_name(said: dict[str, object]) -> str:
    """The phase that an event's name ends with: `order.started`, `charge_failed`."""
    value = said.get("operation")
    match = _DOTTED.fullmatch(value) if isinstance(value, str) and len(value) <= MAX_NAME_CHARS else None
    return _phase(match[2])[0] if match else ""


@lru_cache(maxsize=4096)
def _phase(message: str) -> tuple[str, str]:
    """(phase, name of the operation) as the words of a message tell them."""
    dotted = _DOTTED.fullmatch(message.strip())
    if dotted is not None:
        return _phase(dotted[2])[0], dotted[1]
    if _ANSWERED.match(message):
        return "end", "request"
    found = list(_PHASE.finditer(message, 0, 160))
    if not found:
        return "", _clean(message)
    match = next((one for one in found if one["retry"] or one["fail"]), found[0])
    phase = next(name for name in ("retry", "fail", "end", "start", "enter", "leave") if match[name])
    before, after = message[: match.start()], message[match.end() :]
    if phase == "fail" and _DENIED.search(before):
        return "", _clean(before)
    words = _clean(before) or _clean(after)
    if not words:
        text = message.lower()
        words = "request" if "request" in text or "response" in text else ""
    return {"enter": "start", "leave": "end"}.get(phase, phase), words


def _clean(text: str) -> str:
    """The first words that may name an operation: no numbers, ids or particulars."""
    words: list[str] = []
    for token in _PARTICULARS.split(text, maxsplit=1)[0].split()[:8]:
        if token.lower() in _CUT_AT:
            if words:
                break
            continue
        if _WORD.fullmatch(token) is None or any(c.isdigit() for c in token):
            if words:
                break
            continue
        if token.lower() not in _FILLERS and _PHASE.fullmatch(token) is None:
            words.append(token)
        if len(words) == 3:
            break
    return " ".join(words)
