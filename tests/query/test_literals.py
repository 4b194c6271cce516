from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tui.query.literals import disguises, free_runs, hazardous, pattern_texts, word_runs
from tui.query.patterns import PatternError, compile_pattern

ANY = "\uffff"


@pytest.mark.parametrize(
    ("pattern", "runs"),
    [
        ("payment failed", ["payment failed"]),
        ("pay+ment", ["pay", "ment"]),
        ("colou?r", ["colo"]),
        ("colou*rs", ["colo", "rs"]),
        ("ab{2,3}xyz", ["xyz"]),
        ("time.?out after", ["time", "out after"]),
        (r"GET \/api\.v1\d+done", ["GET ", "api.v1", "done"]),
        ("(foo|bar)baz", ["baz"]),
        ("foo|bar", ["foo", "bar"]),
        ("foo|b.r|(x|yz)tail", ["foo", "tail"]),
        ("[a-z]xyz[^]]end", ["xyz", "end"]),
        (r"\x41bcxyz", ["bcxyz"]),
        (r"\p{Greek}alpha", ["alpha"]),
        (r"\Qa.b\E", []),
        ("^start$", ["start"]),
    ],
)
def test_the_literals_of_a_pattern_stand_in_all_that_it_matches(pattern: str, runs: list[str]) -> None:
    assert [run for text in pattern_texts(pattern) or [] for run in free_runs(text)] == runs


@settings(max_examples=300)
@given(
    st.lists(
        st.sampled_from(
            ["xyz", "ghk", ".", "*", "+", "?", "[ghk]", "[^x]", "(xyz)", "\\d", "\\.", "{2}", "|", "\\x47"]
        ),
        max_size=6,
    )
)
def test_what_a_pattern_matches_holds_its_literals(pieces: list[str]) -> None:
    pattern = "".join(pieces)
    try:
        compile_pattern(pattern)
        compiled = re.compile(pattern)
    except (PatternError, re.error):
        assume(False)
    runs = [free_runs(text) for text in pattern_texts(pattern) or [""]]
    for text in ("xyzghk", "xyzxyzghkG.7", "xyghk.xyz9ghkghk", "ghkgxyz", "xyG7.kkxyyz"):
        for match in compiled.finditer(text):
            assert any(all(run in match[0] for run in each) for each in runs)


@pytest.mark.parametrize(
    "text", ["token", "sec", "1a2b3c4d", "500", "dead", "4321", "12ab-99", "bytes left", "line cut: 7", "hidden"]
)
def test_what_a_mark_or_a_notice_of_ours_could_hold_is_no_literal(text: str) -> None:
    assert free_runs(text) == []


@pytest.mark.parametrize(
    "text", ["timeout", "tokens", "2026-11-23", "4bf92f3577b34da6", "10.0.0.1", "SECRET_SANTA", "ошибка"]
)
def test_what_no_mark_can_hold_is_one(text: str) -> None:
    assert free_runs(text) == [text]


def test_what_formats_escape_divides_literals() -> None:
    assert free_runs('say "hello" to/from C:\\temp [main]') == ["say ", "hello", " to", "from C:", "temp ", "main"]
    assert word_runs("a b-c 12.5 true x1", partial=True) == ["b-c", "x1"]
    assert word_runs('["a-b"]', partial=False) == []


@pytest.mark.parametrize(
    "line",
    [
        b"tim\x1b[1meout",
        b'{"msg":"\\u0074imeout"}',
        b"{'msg': '\\x74imeout'}",
        b"2026-11-23T12:00:00Z stdout P tim",
        b'{"log":"tim","stream":"stdout"}',
        b'{"@mt":"{A}"}',
        b'{"MESSAGE":[116,105]}',
    ],
)
def test_lines_that_may_hide_text_are_hazardous(line: bytes) -> None:
    block = b"a plain line\n" + line + b"\n"
    assert hazardous(block)
    assert disguises(block, len(block)) != []


@pytest.mark.parametrize(
    "line",
    [
        b'{"msg":"a \\"quoted\\" word\\n","path":"C:\\\\new"}',
        b"2026-11-23T12:00:00Z stdout F whole",
        b'{"log":"whole\\n","stream":"stdout","time":"2026-11-23T12:00:00Z"}',
        b'{"@timestamp":"2026-11-23","message":"MESSAGE received"}',
        "größer als ошибка \u212ailo".encode(),
    ],
)
def test_ordinary_lines_are_not(line: bytes) -> None:
    block = b"a plain line\n" + line + b"\n"
    assert not hazardous(block)
    assert disguises(block, len(block)) == []
