"""A query that looks at a record's fields alone finds what it finds when it is given the whole record."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pipeline.test_pages_and_tails import NOW, track_of
from tui.parsing.glimpse import TOLD, UNCERTAIN, read
from tui.parsing.parser import Parser
from tui.query.predicate import compile_query
from tui.query.syntax import parse
from tui.record import LineGroup, Record

QUERIES = [
    "status>=500", "not status:200", "user:anna", "user:*", "not user:*", "level>=warn", "level:info", "text", "not text",
    "id:7f3a91c04d5e4b6f", "trace:*", "service:pay*", "duration>100ms", "error:*", "http.status:404", "a.b:1", "message:nested",
    "status:500 or level:error", "not (status:500 level:error)", "inner:1", "code>3", 'user:"a b"', "since:2026-11-23T12:00Z",
]  # fmt: skip

SCALARS = st.sampled_from(
    [200, 404, 500, 7.5, "200", "anna", "a b", "", None, True, "text here", "12ms", "7f3a91c04d5e4b6f"]
)
MESSAGES = st.sampled_from(
    ["ok", "some text", '{"status":500,"inner":1}', ' {"user":"anna"}', "status=500 code=4", "ERROR failed", "a\nb", 5, None,
     "{'inner': 1}", "2026-11-23 12:00:00 ERROR x inner=1", "Traceback (most recent call last):\n  File \"a\", line 1\nKeyError: 1"]
)  # fmt: skip
OBJECTS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "time": st.sampled_from(["2026-11-23T12:00:01Z", 1795435351, "no time", None]),
        "level": st.sampled_from(["info", "ERROR", "warn", 30, "50", "odd", None, ""]),
        "severity": st.sampled_from(["error", 17, "INFO"]),
        "msg": MESSAGES,
        "message": MESSAGES,
        "log": MESSAGES,
        "status": SCALARS,
        "http": st.fixed_dictionaries({"status": SCALARS}),
        "User": SCALARS,
        "user": SCALARS,
        "a": st.sampled_from([{"b": 1}, [{"b": 1}], {"c": {"b": 1}}, 1]),
        "code": SCALARS,
        "trace_id": st.sampled_from(["7f3a91c04d5e4b6f", "0" * 16, "", None]),
        "service": st.sampled_from(["payment", "cart", None]),
        "duration_ms": SCALARS,
        "error": st.sampled_from(["boom", {"type": "X", "message": "m"}, None, "Y: z"]),
        "resourceSpans": st.just([]),
    },
)


@settings(max_examples=150, deadline=None)
@given(st.lists(OBJECTS, min_size=1, max_size=12), st.sampled_from(QUERIES), st.booleans())
def test_what_is_accepted_at_a_glance_is_what_is_accepted_of_whole_records(
    objects: list[dict[str, Any]], query: str, plain: bool
) -> None:
    lines = [json.dumps(one).encode() for one in objects]
    if plain:
        lines.insert(len(lines) // 2, b"2026-11-23 12:00:00,000 ERROR text status=500")
    data = b"".join(line + b"\n" for line in lines)
    accepts = compile_query(parse(query, now_ns=NOW)).matches
    whole = [one.record for one in track_of(data)[0].page(0, len(data)).entries if one.record and accepts(one.record)]
    found = track_of(data)[0].candidates(0, len(data), None, accepts)
    assert [one.record for one in found if one.record and accepts(one.record)] == whole


@settings(max_examples=40, deadline=None)
@given(
    st.lists(OBJECTS, min_size=1, max_size=12),
    st.sampled_from(QUERIES),
    st.integers(0, 10**6),
    st.sampled_from(
        [b"", b"  at a.b(C.java:1)\n", b'{"log":"x","stream":"stdout"}\n', b'{"cut":"off\n', b"a@b.example\n", b"\n"]
    ),
    st.booleans(),
)
def test_stretches_of_objects_bring_what_their_records_bring(
    objects: list[dict[str, Any]], query: str, cut: int, other: bytes, moved: bool
) -> None:
    lines = [json.dumps({**one, "email": f"kim{at}@example.com"}).encode() for at, one in enumerate(objects * 3)]
    half = len(lines) // 2
    data = b"".join(line + b"\n" for line in lines[:half]) + other + b"".join(line + b"\n" for line in lines[half:])
    accepts = compile_query(parse(query, now_ns=NOW)).matches
    whole, parts = track_of(data)[0], track_of(data)[0]
    whole.shift_ns = parts.shift_ns = 5_000_000_000 * moved
    expected = [one.record for one in whole.page(0, len(data)).entries if one.record and accepts(one.record)]
    middle = cut % len(data)
    found = [*parts.candidates(0, middle, None, accepts), *parts.candidates(middle, len(data), None, accepts)]
    chosen = [one.record for one in found if one.record and accepts(one.record)]
    assert sorted(chosen, key=lambda one: one.offset) == sorted(expected, key=lambda one: one.offset)
    assert parts.redacted == whole.redacted


def test_a_stretch_of_objects_is_taken_in_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError

    line = b'{"time":"2026-11-23T12:00:01Z","level":"info","msg":"m","n":%d}\n'
    data = b"".join(line % number for number in range(40))
    track = track_of(data)[0]
    monkeypatch.setattr("tui.pipeline.groups.Groups.of", never)
    middle = data.index(line % 20) + 5
    found = track.candidates(0, middle, None, compile_query(parse("n>15 or n:3", now_ns=NOW)).matches)
    assert [one.record.fields["n"] for one in found if one.record] == [3, *range(16, 21)]


@given(OBJECTS)
def test_fields_that_are_told_at_once_are_those_of_the_record(value: dict[str, Any]) -> None:
    line = json.dumps(value).encode()
    parser = Parser("a.log")
    known = read(line)
    if known is not None:
        record = parser.record(LineGroup("a.log", 0, (line,)))
        assert known == (record.fields, record.severity)
        for name, telling in TOLD.items():
            assert telling(known[0]) in (UNCERTAIN, getattr(record, name)), name


@pytest.mark.parametrize(
    "line", [b'{"level":"info","msg":"on","status":200}', b'{"level":"warn","message":"m","a":{"b":1}}']
)
def test_a_record_that_its_fields_rule_out_is_not_made(line: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[LineGroup] = []
    reads = Parser.record

    def record(self: Parser, group: LineGroup) -> Record:
        made.append(group)
        return reads(self, group)

    data = (line + b"\n") * 50
    track, _, _ = track_of(data)
    track.time_at(0)
    monkeypatch.setattr(Parser, "record", record)
    assert track.candidates(0, len(data), None, compile_query(parse("status>=500", now_ns=NOW)).matches) == ()
    assert made == []
