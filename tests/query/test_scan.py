from __future__ import annotations

import json
from collections.abc import Mapping

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tui.parsing.parser import Parser
from tui.query.predicate import compile_query
from tui.query.scan import prefilter
from tui.query.signs import together
from tui.query.syntax import QueryError, clause, parse
from tui.record import LineGroup, Record
from tui.redaction.redactor import Redactor

OTHER = b"other line\r\n"
NOW_NS = 1_795_437_000_000_000_000
WORDS = st.sampled_from(
    ["timeout", "Payment", "kiosk", "İstanbul", "\u212aelvin", "straße", 'say "hi"', "C:\\new\\x", "/api/v1", "a<b>&c",
     "it's", "500", "1e3", "0500", "500.0", "3.14", "10.0.0.1:80", "x=y", "user-id_7", "dead", "token", "line cut",
     "\t", "s", "ſ",
     "\x1b[31mred\x1b[0m", "tim\x1b[1meout", "4bf92f3577b34da6a3ce929d0e0e4736", "550E8400-E29B-41D4-A716-446655440000",
     "12345678901234567890", "ошибка", "日本", "a  b", "true", "None", "[main]", "{x}", "%s", "two words here", "é"]
)  # fmt: skip
KEYS = st.sampled_from(
    ["msg", "message", "level", "status", "user", "path", "http.status", "trace_id", "dd.trace_id", "request_id",
     "name", "x-b3-traceid", "service", "error", "took", "latency_ms", "@mt", "@t", "MESSAGE", "PRIORITY", "log",
     "tags", "k", "__REALTIME_TIMESTAMP", "traceId", "traceparent", "exception"]
)  # fmt: skip
TEXTS = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
SCALARS = TEXTS | st.integers(-1000, 10**12) | st.floats(allow_nan=False, width=32) | st.booleans() | st.none()
VALUES = SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(KEYS, SCALARS, max_size=2)
OBJECTS = st.dictionaries(KEYS, VALUES, min_size=1, max_size=5)


def as_json(value: object, ascii_only: bool, spaced: bool, slashes: bool) -> str:
    text = json.dumps(value, ensure_ascii=ascii_only, separators=(", ", ": ") if spaced else (",", ":"))
    return text.replace("/", "\\/") if slashes else text


def all_escaped(text: str) -> str:
    return '"' + "".join(f"\\u{ord(char):04x}" for char in text if ord(char) < 0x10000) + '"'


def logfmt(value: Mapping[str, object]) -> str:
    shown = {key: json.dumps(str(one)) if " " in str(one) or not one else one for key, one in value.items()}
    return " ".join(f"{key}={one}" for key, one in shown.items())


def docker(text: str, ending: str = "\n") -> str:
    return json.dumps({"log": text + ending, "stream": "stdout", "time": "2026-11-23T12:00:00Z"}, separators=(",", ":"))


JSON_LINES = st.builds(as_json, OBJECTS, st.booleans(), st.booleans(), st.booleans())
PLAIN_LINES = TEXTS | st.builds("2026-11-23 12:00:00,123 ERROR [main] shop.Cart - {}".format, TEXTS)
IDS = st.sampled_from(
    [("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), ("uber-trace-id", "abcde12345:1f:0:1"),
     ("b3", "80f198ee56343ba8-05e3ac9a4f6e3b90-1"), ("b3", "0000000000000abc-00000000000000d1"),
     ("dd.trace_id", "4217"),
     ("X-Amzn-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8"), ("req_id", "REQ/7éx"),
     ("x-datadog-trace-id", "8448337654347153846"), ("traceId", "S/kvNXezTaajzpKdDg5HNg=="), ("trace_id", "0xABCDEF01"),
     ("X-Cloud-Trace-Context", "105445aa7843bc8bf206b12000100000/11;o=1"), ("correlationId", "Ord-77-AbC"),
     ("sw8", "1-MWEyYi40LjE2-U0VH-3-c3Zj-aW5z-L2FwaQ==-ZA=="), ("job_id", "90071992547409931"), ("rid", "00012345")]
)  # fmt: skip
ID_LINES = st.builds(
    lambda pair, text, as_pairs: (
        f"{text} {pair[0]}={pair[1]}" if as_pairs else json.dumps({pair[0]: pair[1], "msg": text})
    ),
    IDS,
    TEXTS,
    st.booleans(),
)
LINES = st.one_of(
    ID_LINES,
    JSON_LINES,
    OBJECTS.map(repr),
    OBJECTS.map(logfmt),
    PLAIN_LINES,
    TEXTS.map(lambda text: f'{{"msg":{all_escaped(text)}}}'),
    TEXTS.map(lambda text: json.dumps({"MESSAGE": list(text.encode()), "PRIORITY": "3"})),
    st.builds(
        lambda text, key: json.dumps({"@t": "2026-11-23T12:00:00Z", "@mt": f"Say-{{{key}}}", key: text}), TEXTS, KEYS
    ),
    st.builds("[pod/cart-7d9f8b6c5-x2x9z/app] {}".format, JSON_LINES | PLAIN_LINES),
    st.builds('10.0.0.7 - bob [23/Nov/2026:12:00:00 +0000] "GET /{} HTTP/1.1" 500 12'.format, TEXTS),
    st.builds("2026-11-23T12:00:00Z INFO shop: {}".format, JSON_LINES),
    (JSON_LINES | PLAIN_LINES).map(docker),
)


def parted(text: str, at: int, kind: str) -> tuple[str, str]:
    """A line that the container runtime cut in two."""
    at %= len(text) + 1
    if kind == "docker":
        return docker(text[:at], ""), docker(text[at:])
    return f"2026-11-23T12:00:00Z stdout P {text[:at]}", f"2026-11-23T12:00:00Z stdout F {text[at:]}"


GROUPS = st.one_of(
    LINES.map(lambda line: (line,)),
    st.builds(parted, JSON_LINES | PLAIN_LINES, st.integers(0, 300), st.sampled_from(["docker", "cri"])),
    st.builds(lambda line, more: (line, "  at " + more), LINES, TEXTS),
)


@st.composite
def questions(draw: st.DrawFn, record: Record) -> str:
    """A query that has a good chance to match the record: made of pieces of it."""
    parts = [draw(question(record)) for _ in range(draw(st.integers(1, 2)))]
    return draw(st.sampled_from([" ", " or ", " and not "])).join(parts)


@st.composite
def question(draw: st.DrawFn, record: Record) -> str:
    kinds = ["text", "word", "glob", "field", "fieldglob", "id", "number", "regex", "other"]
    kind = draw(st.sampled_from(kinds))
    text = draw(st.sampled_from([record.raw, record.message, *(str(value) for value in record.fields.values())]))
    words = text.split() or ["x"]
    start = draw(st.integers(0, max(0, len(text) - 1)))
    piece = text[start : start + draw(st.integers(1, 14))]
    if draw(st.booleans()):
        piece = piece.lower()
    quoted = '"' + piece.replace("\\", "\\\\").replace('"', '\\"') + '"'
    name = draw(st.sampled_from([*record.fields, "message", "k"]))
    value = record.fields.get(name, record.message)
    shown = str(value).lower() if isinstance(value, bool) or draw(st.booleans()) else str(value)
    if kind == "text":
        return quoted
    if kind == "word":
        return '"' + draw(st.sampled_from(words)).replace("\\", "\\\\").replace('"', '\\"') + '"'
    if kind == "glob":
        return "*".join("".join(char if char.isalnum() else "?" for char in one) for one in (piece[:5], piece[6:]))
    if kind == "field":
        return clause(name, shown)
    if kind == "fieldglob":
        bare = "".join(char if char.isalnum() else "?" for char in shown)
        cut = draw(st.integers(0, len(bare)))
        return clause(name, "").replace('""', f"{bare[:cut]}*{bare[cut + 1 :]}")
    if kind == "id" and record.ids:
        one = draw(st.sampled_from(record.ids))
        return f"{draw(st.sampled_from(['id', one.kind]))}:{one.value}"
    if kind == "number":
        sign = draw(st.sampled_from([":", ">=", "<=", ":>"]))
        return clause(name, "").replace(':""', f"{sign}{draw(st.integers(0, 1000))}")
    if kind == "regex":
        return (
            "/"
            + "".join(char if char.isalnum() else "." for char in piece)
            + draw(st.sampled_from(["/", "/i", "|no such/"]))
        )
    return draw(OTHER_QUESTIONS)


OTHER_QUESTIONS = st.sampled_from(
    ["level:error", "level>=warn", "level:info", "level<warn", "status:error", "level:fatal", "error:*", "service:cart",
     "message:*", "error~=timeout", "service:c*", "duration>1", "k:500", "not k:*", "since:-1h", "not timeout"]
)  # fmt: skip
SECRETS = st.sampled_from(
    ["password=hunter2horse", "bob@example.com", "Authorization: Bearer " + "a1b2c3d4" * 5, "4111 1111 1111 1111",
     "token=" + "gh" + "p_" + "x1Y2" * 9, "postgres://u:pa55w0rdX@db/x", "pin code 4711", "+1 (212) 555-0123"]
)  # fmt: skip
SECRET_LINES = st.builds("{} {} {}".format, PLAIN_LINES, SECRETS, TEXTS) | st.builds(
    lambda secret, text, key: json.dumps({"msg": f"{text} {secret}", "password": text, key: secret}),
    SECRETS,
    TEXTS,
    KEYS,
)


@settings(max_examples=200)
@given(GROUPS, st.data())
def test_what_matches_is_never_filtered_out(lines: tuple[str, ...], data: st.DataObject) -> None:
    check(lines, data, Redactor(b"k" * 32, enabled=False))


def test_a_letter_that_folds_to_ascii_makes_no_line_suspect_by_itself() -> None:
    # the message that is made of the fields has the text that was asked for, the line has not
    raw = ("{'user': 'ſ'}".encode(),)
    query = parse('"user=ſ"', now_ns=NOW_NS)
    record = Parser("app.log").record(LineGroup("app.log", 0, raw))
    one = prefilter(query)
    assert one is not None
    assert not one.may_match(raw[0])
    assert not compile_query(query).matches(record)


@settings(max_examples=120)
@given(SECRET_LINES.map(lambda line: (line,)), st.data())
def test_nor_is_what_matches_only_after_redaction(lines: tuple[str, ...], data: st.DataObject) -> None:
    check(lines, data, Redactor(b"k" * 32))


def check(lines: tuple[str, ...], data: st.DataObject, redactor: Redactor) -> None:
    """A query that the record of these lines matches must let through the lines, raw and redacted."""
    raw = tuple(line.replace("\n", " ").encode() for line in lines)
    redacted = tuple(redactor.block(b"\n".join(raw))[0].split(b"\n"))
    parser = Parser("app.log", service="fallback")
    parser.learn(list(redacted), reference_ns=NOW_NS)
    record = parser.record(LineGroup("app.log", 0, redacted))
    text = data.draw(questions(record))
    try:
        query = parse(text, now_ns=NOW_NS)
    except QueryError:
        assume(False)
    if compile_query(query).matches(record):
        for group in (raw, redacted):
            block = OTHER + b"\r\n".join(group) + b"\r\n"
            for one in (prefilter(query), prefilter(query, inherited={"fallback"})):
                if one is not None:
                    assert one.may_match(b"\n".join(group)), text
                    spots = together([one.spots(block, len(block)), one.disguises(block, len(block))])
                    assert spots is None or any(at >= len(OTHER) for at in spots), text
