"""What the lines of a source look like: which wrappers, which formats, and how a record begins.

Learns from a sample, per stream inside the source, and is then a pure function of what was learnt and the line. A line
in another format than the usual one still counts as a start when it begins as only a record can.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tui.lazy import Lazy
from tui.parsing.columns import Columns, learn_columns
from tui.parsing.continuation import CONTINUATION, STACK_START, goes_on
from tui.parsing.logfmt import looks_like_logfmt
from tui.parsing.patterns import Pattern, candidates, own
from tui.parsing.vocabulary import LEVEL_PATTERN, severity_of_word
from tui.parsing.wrappers import NO_WRAPPING, Wrapping, inner_of, is_compose, is_stamped, origin_of
from tui.parsing.xml_records import START as XML_START
from tui.typed import Final
from tui.values import field, mutable

_MONTHS: Final = (
    rb"(?:(?i:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Ene|Gen|Fev|Mrz|Mrt|Avr|Abr|Mai|Maj|Mei|Mag|Giu|Lug|Ago|"
    rb"Set|Okt|Ott|Out|Dez|Dic)|[Ff]\xc3\xa9vr?|[Mm]\xc3\xa4r|[Aa]o\xc3\xbb|[Dd]\xc3\xa9c|janv|mars|juil|juin|"
    rb"(?:\xd1\x8f\xd0\xbd\xd0\xb2|\xd1\x84\xd0\xb5\xd0\xb2|\xd0\xbc\xd0\xb0\xd1\x80|\xd0\xb0\xd0\xbf\xd1\x80|\xd0\xbc\xd0\xb0|\xd0\xb8\xd1\x8e\xd0\xbd|"
    rb"\xd0\xb8\xd1\x8e\xd0\xbb|\xd0\xb0\xd0\xb2\xd0\xb3|\xd1\x81\xd0\xb5\xd0\xbd|\xd0\xbe\xd0\xba\xd1\x82|\xd0\xbd\xd0\xbe\xd1\x8f|\xd0\xb4\xd0\xb5\xd0\xba))"
    rb"(?:[a-z]|\xd0[\xb0-\xbf]|\xd1[\x80-\x8f]){0,7}\.?"
)
_DAYS: Final = rb"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?"
_LEVEL: Final = LEVEL_PATTERN.encode()
_TIME: Final = (
    rb"(?:\d{4}[-/.]\d\d[-/.]\d\d[T _-]\s?\d\d[:.]\d\d|"
    + _MONTHS
    + rb" [ \d]?\d (?:\d{4} )?\d\d:\d\d:\d\d|\d{1,2}\.?[/ -]"
    + _MONTHS
    + rb"[/ -]\d{4}[: ]\d\d:\d\d|\d{1,2}/\d{1,2}/\d{4},? \d{1,2}:\d\d:\d\d)"
)

SHAPES: Final[dict[str, bytes]] = {
    "iso": rb"[\[\"'(<]?\d{4}[-/.:]\d\d[-/.:]\d\d(?:[T _:-]\s?| - )\d\d[:.]\d\d",
    "month-day": rb"[\[(]?" + _DAYS + _MONTHS + rb" [ \d]?\d,? (?:\d{4},? )?\d{1,2}:\d\d:\d\d",
    "day-month": rb"\[?" + _DAYS + rb"\d{1,2}\.?[/ -]" + _MONTHS + rb"(?:[/ -]\d{2,4})?[:, ]{1,2}\d\d:\d\d:\d\d",
    "year-month": rb"\[?\d{4}[/ -]" + _MONTHS + rb"[/ -]{1,2}\d{1,2} \d\d:\d\d:\d\d",
    "month-day-year": rb"\[?" + _MONTHS + rb"[/-]\d{1,2}[/-]\d{2,4} \d\d:\d\d:\d\d",
    "numbers": rb"\[?\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}(?:,?[\s:]{1,2}|-| - )\d{1,2}:\d\d",
    "mysql-slow": rb"# Time: \d",
    "cef": rb"(?:CEF|LEEF):[0-9]",
    "xml": XML_START,
    "split-date": rb"\[\d{4}[-/.]\d\d[-/.]\d\d\]\s?\[\d\d:\d\d:",
    "websphere": rb"\[\d{1,2}[/.-]\d{1,2}[/.-]\d{2},? \d{1,2}:\d\d:\d\d:\d{3} ",
    "weblogic": rb"(?:####)?<" + _MONTHS + rb" \d{1,2}, \d{4}",
    "glassfish": rb"\[#\|\d{4}-\d\d",
    "logcat-long": rb"\[ (?:\d{4}-)?\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} +\d+: ",
    "jvm": rb"\[\d{1,9}[.,]\d{3}s\]\[",
    "zap": rb"1\.\d{5,16}[eE]\+09\s",
    "zabbix": rb"\s{0,4}\d{1,8}:\d{8}:\d{6}\.\d{3} ",
    "journal": rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{4}-\d\d-\d\d \d\d:\d\d:\d\d",
    "journal-export": rb"__CURSOR=",
    "glib": rb"(?:\*\* )?\([^():\n]{1,80}:\d+\): ",
    "nest": rb"\[Nest\] \d",
    "ideographic": rb"\[?\d{4}\xe5\xb9\xb4\d{1,2}\xe6\x9c\x88\d{1,2}\xe6\x97\xa5",
    "git": rb"commit [0-9a-f]{40}\b",
    "tai64": rb"@4[0-9a-f]{15,23} ",
    "erlang": rb"=[A-Z]+ REPORT=+ \d",
    "tornado": rb"\[[DIWEC] (?:\d{6} |\d{4}-\d\d-\d\d )?\d\d:\d\d:",
    "chromium": rb"\[(?:\d+:\d+:)?\d{4}/\d{6}[.:]",
    "dmesg": rb"(?:kern|user|daemon|auth|syslog|cron|authpriv|local\d) *:(?:emerg|alert|crit|err|warn|notice|info|debug) *: ",
    "letter": rb"[DIWEF] \[\d{1,4}[/-]",
    "pri": rb"<\d{1,3}>",
    "klog": rb"[IWEFCD](?:\d\d|\d{4})?\d{4} \d\d:\d\d:\d\d",
    "compact": rb"\[?(?:19|20)\d{6}[T -]?\d{1,2}:?\d{1,2}:?\d{1,2}",
    "packed": rb"\d{6} {1,2}\d{1,2}:?\d\d:?\d\d",
    "no-year": rb"\[?\d\d[-./]\d\d[ -]\d\d:\d\d:\d\d",
    "ruby": rb"[DIWEFA], \[\d{4}-",
    "access": rb"\S{1,80} \S{1,80} (?:[^\[\n]{1,80} )?\[\d{1,2}/(?:" + _MONTHS + rb"|\d\d)/\d{4}",
    "logfmt": rb"(?:time|ts|t|timestamp|@timestamp|level|lvl|at)=\S",
    "level-tag": rb"(?:TRAC|DEBU|INFO|WARN|ERRO|FATA|PANI)\[\d",
    "redis": rb"(?:\d+:[XCSM] |\[\d+\] )\d\d " + _MONTHS + rb"|\d+:signal-handler \(",
    "lambda": rb"(?:START|END|REPORT|INIT_START) RequestId: ",
    "audit": rb"(?:node=\S+ )?type=\S+ msg=audit\(",
}  # fmt: skip
"""How a record may begin that nothing else begins with."""

LEARNT_SHAPES: Final[dict[str, bytes]] = {
    "object": rb"[\[\w][\w .:/,\]-]{0,80}?\{\"[\w@.-]+\":[^\n]*\}\s*$",
    "pairs": rb"(?!MESSAGE=|_[A-Z])[A-Za-z_][\w.@-]*=(?:\"|[^=\s])[^\n]*?\s[A-Za-z_][\w.@-]*=",
    "clock": rb"\[?\d{1,2}:\d\d(?::\d\d|\s?[AP]M)",
    "epoch": rb"\[?1\d{9}(?:\.\d|\d{3}\b|[\s\],:|])",
    "uptime": rb"\[ *\d+\.\d{3,6}\]",
    "level": rb"(?!panic:|Panic:|Error:)[\[<(]?\s?" + _LEVEL + rb"(?:\s*[\])>:|]|\s{1,7}[\[(-]|\s{2,}|\s\d|\s+[\w.$]+:)",
    "level-only": rb"(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL|CRITICAL)\s",
    "tag": rb"(?!Trace\[\d)[A-Za-z][\w./@-]{0,60}\[\d+\]: ",
    "history": rb"#1\d{9}\s*$|: 1\d{9}:\d+;",
    "relative": rb"\d{1,10}\s+\[[^\]]{1,80}\] " + _LEVEL + rb"\s",
    "npm": rb"\d+ (?:silly|verbose|info|http|timing|notice|warn|error) |npm (?:ERR!|WARN|error|warn|http|info|notice) ",
    "late": rb"(?!End-Date: |#)[^\s{}][^\n]{0,150}?" + _TIME,
    "logcat": rb"[VDIWEF]/[^\s(]{1,60}\s*\( *\d+\):",
}  # fmt: skip
"""Further beginnings, believed only in a stream where the sample shows them to be the rule."""

_ANSI: Final = Lazy(rb"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")
_COMPILED: Final = {name: Lazy(source) for name, source in {**SHAPES, **LEARNT_SHAPES}.items()}
_ALWAYS: Final = b"|".join(SHAPES.values())

_OBJECT: Final = Lazy(rb"\{\s*[\"'][^\n]*\}\s*$")
_ALWAYS_HEAD: Final = Lazy(_ALWAYS)
_BODY: Final = Lazy(rb"\t|\s{4,}(?:at |File )|Traceback \(most|Caused by: |$")
_JUL: Final = Lazy(
    rb"(?:[A-Za-z]|[\xc3-\xd1][\x80-\xbf]){3,6}\.? \d{1,2}, \d{4},? \d{1,2}:\d\d:\d\d\s?(?:\xe2\x80\xaf)?[AP]M [\w.$]+(?: \S+)?$"
)

_NANOSECONDS: Final = Lazy(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7,9}(?:Z|[+-]\d\d:\d\d) ")
_POSTGRES_REST: Final = Lazy(rb"[^\n]{0,200}? (?:DETAIL|HINT|STATEMENT|CONTEXT|QUERY):  ")


@mutable
class Stream:
    """What was learnt about one stream; the defaults are for a stream never seen before."""

    strict: bool = False
    """Only lines with a head start a record."""
    head: Lazy[bytes] = field(default_factory=lambda: _ALWAYS_HEAD)
    pattern: Pattern | None = None
    postgres: bool = False
    objects: bool = False
    """Most records are JSON objects."""
    margin: int = 0
    """White space that stands before every line."""
    own: tuple[Lazy[bytes], ...] = ()
    """Of the user, whose lines it has."""

    def begins(self, inner: bytes) -> bool | None:
        """Whether a line without its wrappers starts a record; None when that depends on the lines before it."""
        if self.margin:
            inner = inner[self.margin :]
        first = inner[:1]
        if first == b"{" and (self.objects or not self.strict or _OBJECT.match(inner)):
            return True
        if b"\x1b" in inner:
            inner = _ANSI.sub(b"", inner)
        if self.own and any(one.match(inner) for one in self.own):
            return True
        if self.strict:
            return self.head.match(inner) is not None and not (self.postgres and _POSTGRES_REST.match(inner))
        if first in b" \t" or not first or CONTINUATION.match(inner):
            return False
        if inner[-1:] == b"}" and inner.count(b"{") < inner.count(b"}"):
            # The end of an object that a runtime cut in two.
            return False
        return True if self.head.match(inner) else None

    def goes_on(self, inner: bytes, before: Sequence[bytes]) -> bool:
        """Whether a line that could stand for itself goes on with the record of which these are the lines so far."""
        plain = _ANSI.sub(b"", inner) if inner[:1] == b"\x1b" else inner
        if self.margin:
            plain, before = plain[self.margin :], [line[self.margin :] for line in before]
        return goes_on(plain, before, owned=before[0][:1] == b"{" or self.head.match(before[0]) is not None)


UNSEEN: Final = Stream()
_EXPORT: Final = "journal-export"
_OWN: Final = "own"
"""What lines of a user's formats look like."""


@mutable
class Learnt:
    """What was learnt about a source."""

    wrapping: Wrapping = NO_WRAPPING
    streams: dict[bytes, Stream] = field(default_factory=dict)
    columns: Columns | None = None
    """Of a source that is a table."""

    def stream_of(self, line: bytes) -> Stream:
        """What is known about the stream that a line belongs to."""
        return self.streams.get(origin_of(line, self.wrapping), UNSEEN)

    @property
    def only(self) -> Stream | None:
        """The one stream of a source without any wrappers, else None."""
        if self.wrapping == NO_WRAPPING and len(self.streams) == 1 and self.columns is None:
            return self.streams.get(b"")
        return None


def learn(lines: Sequence[bytes]) -> Learnt:
    """What a sample of lines says about their source; an empty sample says nothing."""
    sample = [line for line in lines if line.strip()]
    if not sample:
        return Learnt()
    compose = sum(is_compose(line) for line in sample) >= 0.8 * len(sample) and _repeats(sample)
    wrapping = Wrapping(compose=compose)
    stamped = _is_stamped([inner_of(line, wrapping) for line in sample])
    wrapping = Wrapping(compose, stamped)
    by_origin: dict[bytes, list[bytes]] = {}
    for line in sample:
        by_origin.setdefault(origin_of(line, wrapping), []).append(inner_of(line, wrapping))
    streams = {origin: _learn_stream(inner) for origin, inner in by_origin.items()}
    return Learnt(wrapping, streams, learn_columns(sample))


def _repeats(sample: Sequence[bytes]) -> bool:
    """Compose names are few; a table's first column is not."""
    names = {origin_of(line, Wrapping(compose=True)) for line in sample}
    if any(name.isupper() and severity_of_word(name.decode("ascii", "replace")) for name in names):
        return False
    return len(sample) < 4 or len(names) <= max(3, len(sample) // 3)


def _is_stamped(inner: Sequence[bytes]) -> bool:
    """Every line has a time, and behind it are lines that have none of their own right to one."""
    if not all(is_stamped(line) for line in inner):
        return False
    if 2 * sum(_NANOSECONDS.match(line) is not None for line in inner) >= len(inner):
        # Runtimes count that finely, programs hardly ever do.
        return True
    rests = [line.split(b" ", 1)[1] for line in inner]
    if any(_BODY.match(rest) for rest in rests):
        return True
    whole = sum(rest[:1] == b"{" or _ALWAYS_HEAD.match(rest) is not None for rest in rests)
    return whole * 2 >= len(rests)


def _margin(lines: Sequence[bytes]) -> int:
    """White space that all lines have in front is no sign of a continuation."""
    if any(line[:1] not in b" \t" for line in lines):
        return 0
    return min(len(line) - len(line.lstrip(b" \t")) for line in lines)


def _learn_stream(lines: Sequence[bytes]) -> Stream:
    shapes: Counter[str] = Counter()
    patterns: Counter[str] = Counter()
    rows: dict[str, Pattern] = {}
    objects = others = heads = 0
    jul = False
    margin = _margin(lines[:400])
    for line in lines[:400]:
        line = line[margin:]
        plain = _ANSI.sub(b"", line) if b"\x1b" in line else line
        if plain[:1] == b"{":
            objects += 1
            continue
        jul = jul or _JUL.match(plain) is not None
        shape = _shape_of(plain)
        if shape is not None:
            shapes[shape] += 1
            heads += 1
            row = _pattern_of(plain)
            if row is not None:
                patterns[row.name] += 1
                rows[row.name] = row
        elif not (CONTINUATION.match(plain) or STACK_START.match(plain)):
            others += 1
    stream = Stream(margin=margin)
    top = max(patterns, key=lambda name: patterns[name], default=None)
    stream.pattern = rows[top] if top is not None and patterns[top] * 2 >= heads else None
    stream.postgres = "postgres" in patterns
    stream.objects = objects > heads
    learnt = [name for name, count in shapes.items() if name in LEARNT_SHAPES and count * 5 >= heads]
    if jul:
        # java.util.logging prints two lines; the level begins the second.
        learnt = [name for name in learnt if not name.startswith("level")]
    stream.own = tuple(one.head for one in own()) if _OWN in shapes else ()
    strong = sum(count for name, count in shapes.items() if name in SHAPES or name in learnt or name == _OWN)
    stream.strict = strong > 0 and strong * 4 >= strong + others and objects <= 2 * strong
    # of journald's export all but one line of a record is a field
    stream.strict = stream.strict or _EXPORT in shapes
    usual = [name for name, _ in shapes.most_common() if name in SHAPES or name in learnt]
    sources = {**SHAPES, **LEARNT_SHAPES}
    stream.head = Lazy(b"|".join([*(sources[name] for name in usual), _ALWAYS]))
    return stream


def _shape_of(line: bytes) -> str | None:
    if any(one.head.match(line) for one in own()):
        return _OWN
    for name, shape in _COMPILED.items():
        if shape.match(line) and (name != "pairs" or looks_like_logfmt(line[:2000].decode("utf-8", "replace"))):
            return name
    return None


def _pattern_of(line: bytes) -> Pattern | None:
    text = line[:4000].decode("utf-8", "replace")
    return next((row for row in candidates(text) if row.regex.match(text)), None)
