from __future__ import annotations

from datetime import timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.parsing.encodings import foreign_text, is_utf8
from tui.parsing.parser import Parser
from tui.parsing.timestamps import parse_time
from tui.record import Line, LineGroup, Record

NOW = 1_795_446_164_000_000_000


def read(*lines: str, **more: Any) -> Record:
    data = tuple(line.encode() for line in lines)
    parser = Parser("src", **more)
    parser.learn(data, reference_ns=NOW)
    return parser.record(LineGroup("src", 7, data, line=3))


def test_a_record_keeps_where_it_is_from() -> None:
    record = read("hello")
    assert (record.source, record.offset, record.line, record.raw, record.message) == ("src", 7, 3, "hello", "hello")
    assert (record.time_ns, record.time_source, record.severity, record.format) == (None, None, 0, "text")


def test_the_service_of_the_source_is_the_last_resort() -> None:
    assert read("hello", service="cart").service == "cart"
    assert read('{"service":"pay","msg":"x"}', service="cart").service == "pay"


def test_dotted_and_nested_names_are_the_same_field() -> None:
    dotted = read('{"log.level":"warn","http.status":5,"message":"x"}')
    nested = read('{"log":{"level":"warn"},"http":{"status":5},"message":"x"}')
    assert dotted.fields == nested.fields
    assert dotted.level == nested.level == "warn"


def test_lists_become_scalars() -> None:
    fields = read('{"msg":"x","tags":["a","b"],"items":[{"id":1},{"id":2}],"none":[],"deep":[[1]]}').fields
    assert fields["tags"] == '["a","b"]'
    assert (fields["items.0.id"], fields["items.1.id"], fields["none"]) == (1, 2, "[]")
    assert all(not isinstance(value, dict | list) for value in fields.values())


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ('{"level":30,"pid":1,"hostname":"h","msg":"x"}', "info"),
        ('{"level":30,"msg":"x"}', "info"),
        ('{"level":30,"levelname":"WARNING","msg":"x"}', "warn"),
        ('{"levelno":30,"msg":"x"}', "warn"),
        ('{"level":3,"short_message":"x","host":"h"}', "error"),
        ('{"level":6,"msg":"x"}', "info"),
        ('{"level":400,"level_name":"ERROR","message":"x"}', "error"),
        ('{"level_value":40000,"@timestamp":"2026-11-23T15:02:44Z","message":"x"}', "error"),
        ('{"severity":"NOTICE","message":"x"}', "info"),
        ('{"severityNumber":17,"body":"x"}', "error"),
        ('{"status":"error","message":"x"}', "error"),
        ('{"status":500,"message":"x"}', None),
        ('{"status":503,"method":"GET","path":"/"}', "error"),
        ('{"status":404,"method":"GET","path":"/"}', "warn"),
        ('{"level":"nonsense","message":"x"}', None),
        ('{"level":"weird","severity":"ERROR","message":"x"}', "error"),
        ('{"message":"x","error":"boom"}', "error"),
        ('{"message":"x","error":null,"err":""}', None),
        ("level=WARN msg=x", "warn"),
        ("lvl=eror msg=x", "error"),
        ("2026-11-23 15:02:44 something ERROR happened", "error"),
        ("2026-11-23 15:02:44 the error page was shown", None),
    ],
)
def test_levels_come_from_words_scales_and_fingerprints(line: str, level: str | None) -> None:
    assert read(line).level == level


@pytest.mark.parametrize(
    ("line", "ms"),
    [
        ('{"msg":"x","duration_ms":12.5}', 12.5),
        ('{"msg":"x","durationMs":12}', 12),
        ('{"msg":"x","elapsed_s":0.5}', 500),
        ('{"msg":"x","took_us":1500}', 1.5),
        ('{"msg":"x","latency_ns":1500000}', 1.5),
        ('{"msg":"x","latency":"0.25s"}', 250),
        ('{"msg":"x","elapsed":"12.5ms"}', 12.5),
        ('{"time":"2026-11-23T15:02:44Z","level":"INFO","msg":"x","duration":1500000}', 1.5),
        ('{"ts":1795446164.1,"level":"info","msg":"x","duration":0.25}', 250),
        ('{"time":1795446164,"level":"info","message":"x","duration":25}', 25),
        ('{"msg":"x","response_time":25}', 25),
        ('{"msg":"x","responseTime":25,"pid":1,"hostname":"h","level":30,"time":1795446164123}', 25),
        ('{"@timestamp":"2026-11-23T15:02:44Z","log.level":"info","event":{"duration":1500000},"message":"x"}', 1.5),
        ("level=info msg=x duration=12ms", 12),
        ("2026-11-23 15:02:44 INFO GET / took 12 ms", 12),
        ('{"msg":"x","duration_ms":-1}', None),
        ('{"msg":"x","duration_ms":"never"}', None),
        ('{"msg":"x","ms":5,"items":3,"status":200}', None),
    ],
)
def test_durations_are_read_in_the_unit_that_name_value_or_format_say(line: str, ms: float | None) -> None:
    assert read(line).duration_ns == (None if ms is None else round(ms * 1_000_000))


def test_a_record_inside_a_record_is_opened() -> None:
    inner = '{"level":"warn","msg":"inner","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}'
    line = inner
    for _ in range(4):
        line = '{"message":' + __import__("json").dumps(line) + "}"
    record = read(line)
    assert (record.message, record.level, record.trace_id) == ("inner", "warn", "4bf92f3577b34da6a3ce929d0e0e4736")


@pytest.mark.parametrize(
    "line",
    [
        '2026-11-23 15:02:44,123 shop.cart WARNING: {"msg":"low"}',
        '2026-11-23 15:02:44,123 - shop.cart - WARNING - {"msg": "low", "n": 1}',
        "2026-11-23 15:02:44,123 WARNING shop.cart - {'msg': 'low', 'n': None}",
        '[2026-11-23T15:02:44.123Z] [WARN] shop.cart - {"msg":"low"}',
    ],
)
def test_what_stands_before_an_object_supplies_what_it_lacks(line: str) -> None:
    record = read(line)
    assert (record.message, record.level, record.logger) == ("low", "warn", "shop.cart")
    assert record.time_ns == parse_time("2026-11-23T15:02:44.123Z")


def test_the_object_knows_better_than_what_stands_before_it() -> None:
    record = read('2026-11-23 15:02:44 INFO {"time":"2026-11-23T10:00:00Z","level":"error","msg":"x"}')
    assert (record.level, record.time_ns) == ("error", parse_time("2026-11-23T10:00:00Z"))


def test_the_time_of_a_wrapper_beats_an_inner_one_without_zone() -> None:
    line = '{"log":"2026-11-23 23:02:44,123 INFO a: b\\n","stream":"stdout","time":"2026-11-23T15:02:44.5Z"}'
    record = read(line)
    assert (record.time_source, record.time_ns) == ("wrapper", parse_time("2026-11-23T15:02:44.5Z"))


def test_the_zone_of_the_source_is_for_times_without_one() -> None:
    record = read("2026-11-23 15:02:44,123 INFO a: b", zone=timezone(timedelta(hours=8)))
    assert record.time_ns == parse_time("2026-11-23T07:02:44.123Z")


def test_a_year_is_inferred_and_said_to_be() -> None:
    record = read("Nov 20 15:02:44 web1 sshd[5]: hello")
    assert (record.time_source, record.time_ns) == ("inferred-year", parse_time("2026-11-20T15:02:44Z"))


def test_arrival_stands_in_for_a_reference_that_was_never_learnt() -> None:
    group = LineGroup("s", 0, (b"Nov 20 15:02:44 web1 sshd[5]: hello",), arrival_ns=NOW)
    assert Parser("s").record(group).time_ns == parse_time("2026-11-20T15:02:44Z")


def test_terminal_colours_are_not_in_the_message_but_in_the_raw_text() -> None:
    record = read(
        "\x1b[32m2026-11-23 15:02:44\x1b[0m \x1b[1mINFO\x1b[0m shop.cart: \x1b]8;;http://x\x07hello\x1b]8;;\x07"
    )
    assert (record.message, record.level) == ("hello", "info")
    assert "\x1b[32m" in record.raw


def test_invalid_utf_8_is_noted_and_nothing_else_is_lost() -> None:
    record = Parser("s").record(LineGroup("s", 0, (b"level=info msg=caf\xe9",)))
    assert record.notes == ("no UTF-8: read as Windows-1252",)
    assert (record.level, record.message) == ("info", "café")
    binary = Parser("s").record(LineGroup("s", 0, (b"level=info msg=caf\xe9\x00",)))
    assert binary.notes == ("invalid UTF-8",)
    assert binary.level == "info"


def test_equal_ids_are_listed_once_and_the_primary_ones_first() -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    record = read(f'{{"job_id":"j-12345678","span_id":"00f067aa0ba902b7","request_id":"r-1234","traceId":"{trace}",'
                  f'"traceparent":"00-{trace}-00f067aa0ba902b7-01","msg":"trace_id={trace}","parent_id":"00f067aa0ba902b8"}}')  # fmt: skip
    assert [(one.kind, one.value) for one in record.ids] == [
        ("trace", trace), ("request", "r-1234"), ("span", "00f067aa0ba902b7"), ("job", "j-12345678"),
    ]  # fmt: skip
    assert (record.trace_id, record.span_id, record.parent_span_id) == (trace, "00f067aa0ba902b7", "00f067aa0ba902b8")


@pytest.mark.parametrize(
    "line",
    [
        '{"level":"error","message":"cut in the mid', '{"a":1}{"b":2}', '{"a": NaN}', '{"a":1,}', "{", "{}", "{'a': ", "[1,2]", '"text"',
        "{'a': {'b': " * 500, '{"a":' * 2000, "\x00\x01\x02", "=====", "k=", "[[[[[", "<<<>>>", "1234567890", " ", "\t",
    ],
)  # fmt: skip
def test_broken_input_is_still_a_record(line: str) -> None:
    record = read(line)
    assert record.raw == line
    assert record.message


LINE = st.one_of(
    st.binary(max_size=120),
    st.text(max_size=120).map(lambda text: text.encode("utf-8", "replace")),
    st.lists(
        st.sampled_from([
            b"2026-11-23T15:02:44Z", b"Nov 23 15:02:44", b"[pod/a/b]", b"INFO", b"ERROR", b"{", b"}", b'{"a":1}', b'{"log":"', b'\\n"', b":", b"|",
            b"- ", b"trace_id=", b"0" * 32, b"[", b"]", b"stdout F", b"<34>1", b"Traceback (most recent call last):", b"\tat ", b"'", b'"', b"=",
            b"\x1b[31m", b"\xff\xfe", b"127.0.0.1 - - [23/Nov/2026:15:02:44 +0000]", b'"GET / HTTP/1.1" 200 5', b"took 5 ms", b"@cee:", b"{'a': 1}",
            b"CEF:0|a|b|c|d|e|5|", b"LEEF:1.0|a|b|c|d|", b"<Event xmlns='x'>", b"<![LOG[", b"]LOG]!><time=\"1\">", b"#Fields: date time message", b"time,level,message",
            b"a,b,c", b'"{""a"":1}"', b"@400000004c91b044077a9e94", b"# Time: 1", b"#1795446164", b"commit " + b"a" * 40, b"=INFO REPORT==== 1", b"03/04/26 10:11:12",
            b"2026-366 10:11:12", b"HTTP/1.1\" 503 ", b"%ASA-3-1:", b"PHP Warning: ", b"date=2026-11-23 time=15:02:44 tz=\"+0100\"", b"a=1|b=2|c=3", b"I ", b"[W 10:11:12 x]",
        ]),
        max_size=10,
    ).map(b" ".join),
).map(lambda data: data.replace(b"\n", b" "))  # fmt: skip


@given(st.lists(LINE, min_size=1, max_size=6), st.booleans())
@settings(max_examples=400, deadline=None)
def test_no_bytes_raise_and_no_line_is_lost(lines: list[bytes], learn: bool) -> None:
    parser = Parser("s")
    if learn:
        parser.learn(lines, reference_ns=NOW)
    for line in lines:
        parser.starts(line, [Line(0, one) for one in lines])
        parser.origin(line)
    record = parser.record(LineGroup("s", 0, tuple(lines)))
    whole = b"\n".join(lines)
    assert record.raw == (whole.decode() if is_utf8(whole) else foreign_text(whole)[0])
    assert "unreadable as a record" not in record.notes
    assert isinstance(record.message, str)
    assert 0 <= record.severity <= 24
    assert all(not isinstance(value, dict | list) for value in record.fields.values())


@given(st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from([
        "time", "ts", "level", "msg", "message", "log", "trace_id", "dd", "err", "error", "exception", "stack", "duration", "key", "value", "body",
        "stringValue", "@t", "@mt", "MESSAGE", "__REALTIME_TIMESTAMP", "instant", "epochSecond", "nanoOfSecond", "short_message", "version", "status",
    ]), inner, max_size=5)),
    max_leaves=15,
))  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_no_json_value_raises(value: object) -> None:
    import json

    line = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    record = Parser("s").record(LineGroup("s", 0, (line,)))
    assert "unreadable as a record" not in record.notes


def test_reading_a_record_does_not_change_how_others_are_read() -> None:
    lines = [b"2026-11-23 15:02:44 INFO a: b", b'{"level":"error","msg":"x"}', b"WARNING:root:y", b"level=debug msg=z"]
    parser = Parser("s")
    parser.learn(lines, reference_ns=NOW)
    once = [parser.record(LineGroup("s", 0, (line,))) for line in lines]
    again = [parser.record(LineGroup("s", 0, (line,))) for line in reversed(lines)]
    assert once == again[::-1]
    assert [record.level for record in once] == ["info", "error", "warn", "debug"]


@pytest.mark.parametrize(
    "line",
    [
        b"{" * 200_000, b'{"a":' * 50_000, b"a=" * 100_000, b'"' * 200_000, b"[" * 200_000, b" " * 200_000, b"x" * 1_000_000, b"-" * 200_000,
        b"2026-11-23 15:02:44 INFO [" + b"[x" * 100_000, b"a." * 200_000 + b": x", b"1" * 500_000, b"{'a': '" + b"\\" * 200_000,
        b"Jun 14 15:16:01 h " + b"a " * 100_000, b"trace_id: " * 50_000, b'{"' + b"a.b" * 100_000 + b'":1}', b"\x1b]" * 100_000,
        b"127.0.0.1 - - [" + b'"' * 100_000, b"Traceback (most recent call last):" * 5_000, b"at " * 100_000 + b"\n\tat x",
    ],
    ids=lambda line: repr(line[:12]),
)  # fmt: skip
def test_huge_hostile_lines_are_read(line: bytes) -> None:
    parser = Parser("s")
    parser.learn([line[:4096]], reference_ns=NOW)
    parser.starts(line, [Line(0, line)])
    assert parser.record(LineGroup("s", 0, tuple(line.split(b"\n")))).raw


INFO = b'{"time":"2026-11-23T15:02:44Z","level":"info","msg":"charging","request_id":"r-123456"}'
GO_PANIC = [b"panic: no stock", b"", b"goroutine 1 [running]:", b"main.pay(0x1)", b"\t/srv/a.go:12 +0x1d"]
PYTHON = [b"Traceback (most recent call last):", b'  File "/srv/a.py", line 3, in pay', b"    charge()"]


@pytest.mark.parametrize(
    ("lines", "kind", "message"),
    [
        (GO_PANIC, "panic", "no stock"),
        ([*PYTHON, b"ValueError: no"], "ValueError", "no"),
        ([*PYTHON, b"shop.errors.Declined: no"], "shop.errors.Declined", "no"),
        ([*PYTHON, b"Declined"], "Declined", None),
        ([b"java.lang.IllegalStateException: no", b"\tat shop.Pay.run(Pay.java:1)"], "java.lang.IllegalStateException", "no"),
        ([b"/srv/a.js:3", b"throw e", b"^", b"", b"Error: no", b"    at f (/srv/a.js:3:1)"], "Error", "no"),
    ],
)  # fmt: skip
def test_what_a_program_prints_below_an_object_before_it_ends_is_an_error_of_that_request(
    lines: list[bytes], kind: str, message: str | None
) -> None:
    record = Parser("s").record(LineGroup("s", 0, (INFO, *lines)))
    assert record.level == "error"
    assert record.error is not None
    assert (record.error.type, record.error.message) == (kind, message)
    assert record.error.stack == b"\n".join(lines).decode()
    assert record.message == "charging"
    assert [one.value for one in record.ids] == ["r-123456"]


def test_a_stack_that_a_line_announces_leaves_its_level_and_a_crash_does_not() -> None:
    parser = Parser("s")
    warning = b"2026-11-23 15:02:44,123 WARNING shop: retrying"
    told = parser.record(LineGroup("s", 0, (warning, *PYTHON, b"ValueError: no")))
    assert (told.level, told.error and told.error.type) == ("warn", "ValueError")
    assert parser.record(LineGroup("s", 0, (warning, *GO_PANIC))).level == "error"


def test_an_object_that_names_its_error_keeps_it_with_the_stack_below() -> None:
    line = b'{"level":"error","msg":"failed","error":"no stock"}'
    record = Parser("s").record(LineGroup("s", 0, (line, *GO_PANIC)))
    assert record.error is not None
    assert (record.error.type, record.error.message) == ("panic", "no stock")
    assert record.error.stack == b"\n".join(GO_PANIC).decode()


def test_a_message_of_several_lines_is_kept_once() -> None:
    assert read('{"level":"info","message":"a\\nb\\nc"}').message == "a\nb\nc"
