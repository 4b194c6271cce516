from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.query.syntax import MAX_CHARS, MAX_DEPTH, QueryError, clause, parse
from tui.query.tree import And, Equal, Everything, Not, Or, Order, Regex, Text, When, leaves, time_bounds

NOW_NS = 1_795_437_000_000_000_000
CASES = tomllib.loads((Path(__file__).parents[1] / "cases/query/errors.toml").read_text())["case"]
PIECES = st.sampled_from(
    [*':=<()[]{}"\'/\\*?-! ,@.#|\n\té\0+^~a5', "level", ">=", "  ", "TO", "and", "OR", "not", "&&", "||", "~=", "=~",
     "in", "like", "since:", "-5m", "12:30", "500ms", "2MB", "\udc80", "exists(", "_exists_:", "null", "2026-11-23",
     "id:"]
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case["query"] for case in CASES])
def test_an_error_says_what_is_expected_where(case: dict[str, str | int]) -> None:
    with pytest.raises(QueryError) as caught:
        parse(str(case["query"]), now_ns=NOW_NS)
    assert (caught.value.message, caught.value.position) == (case["message"], case["position"])
    assert caught.value.expected == case.get("expected", caught.value.expected) != ""


@settings(max_examples=400)
@given(st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=60))
def test_any_text_is_a_query_or_a_query_error_of_one_line(text: str) -> None:
    try:
        query = parse(text, now_ns=NOW_NS)
    except QueryError as error:
        assert 0 <= error.position <= len(text)
        assert error.message.isprintable() or "\n" not in error.message
        assert error.expected
    else:
        assert list(leaves(query.root))
        time_bounds(query)


@settings(max_examples=200)
@given(st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}([.\-][a-z]{1,5}){0,3}", fullmatch=True), st.text(max_size=20))
def test_a_clause_reads_back_as_the_field_and_the_value(field: str, value: str) -> None:
    root = parse(clause(field, value), now_ns=NOW_NS).root
    assert isinstance(root, Equal)
    assert (root.field, root.operand.text, root.operand.wild) == (field, value, ())


def test_the_empty_text_and_a_star_are_everything() -> None:
    for text in ("", "   ", "*", "**", "* *", '""', "*:*"):
        assert parse(text, now_ns=NOW_NS).root == Everything()


def test_juxtaposition_binds_like_and_and_tighter_than_or() -> None:
    root = parse("a b or not c d", now_ns=NOW_NS).root
    assert isinstance(root, Or)
    assert [type(part) for part in root.parts] == [And, And]
    assert isinstance(root.parts[1], And)
    assert [type(part) for part in root.parts[1].parts] == [Not, Text]


@pytest.mark.parametrize(
    "spelling", ["level:error", "level=error", "@level:error", "level : error", '"level":error', ".level=error"]
)
def test_spellings_of_a_field_are_the_same(spelling: str) -> None:
    root = parse(spelling, now_ns=NOW_NS).root
    assert isinstance(root, Equal)
    assert (root.field, root.operand.text) == ("level", "error")


def test_units_are_read_into_base_units() -> None:
    root = parse("duration>1.5s", now_ns=NOW_NS).root
    assert isinstance(root, Order)
    assert root.operand.duration_ns == 1_500_000_000
    for text, size in (("2MB", 2_000_000), ("2MiB", 2 << 20), ("10k", 10_000), ("1GB", 10**9), ("5B", 5)):
        root = parse(f"size>={text}", now_ns=NOW_NS).root
        assert isinstance(root, Order)
        assert root.operand.size_bytes == size


def test_a_path_is_a_word_and_slashes_around_text_a_pattern() -> None:
    assert isinstance(parse("/api/v1/users", now_ns=NOW_NS).root, Text)
    assert parse("/a b|c/is", now_ns=NOW_NS).root == Regex("(?ims)a b|c")
    assert isinstance(parse("path:/api/v1", now_ns=NOW_NS).root, Equal)
    assert parse("path:/^.api/", now_ns=NOW_NS).root == Regex("(?m)^.api", "path")


def test_bounds_of_time_stand_at_the_top() -> None:
    minute = 60_000_000_000
    assert time_bounds(parse("since:-5m cart", now_ns=NOW_NS)) == (NOW_NS - 5 * minute, None)
    assert time_bounds(parse("before:-1m after:-5m", now_ns=NOW_NS)) == (NOW_NS - 5 * minute + 1, NOW_NS - minute - 1)
    assert time_bounds(parse("since:-5m or cart", now_ns=NOW_NS)) == (None, None)
    assert parse("until:now", now_ns=NOW_NS).root == When("<=", NOW_NS)


def test_a_clock_time_is_the_last_one_that_has_passed() -> None:
    hour = 3600 * 10**9
    assert parse("since:12:00", now_ns=NOW_NS).root == When(">=", NOW_NS - hour // 2)
    assert parse("since:13:00", now_ns=NOW_NS).root == When(">=", NOW_NS - hour // 2 - 23 * hour)


def test_depth_and_length_are_bounded() -> None:
    parse("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH, now_ns=NOW_NS)
    parse("not " * 20_000 + "a", now_ns=NOW_NS)
    parse("a or " * 15_000 + "a", now_ns=NOW_NS)
    for text in ("(" * 5000, "a:" + "(" * 5000, "x" * (MAX_CHARS + 1), "/" + "(" * 3000 + "/"):
        with pytest.raises(QueryError):
            parse(text, now_ns=NOW_NS)


@pytest.mark.parametrize("piece", ["/a ", "'a ", "f:(", "a:b,", '"', "[1 ", "x:[", "- ", "\\", "(a) ", "a( "])
def test_long_hostile_texts_are_read_once(piece: str) -> None:
    try:
        parse(piece * (MAX_CHARS // len(piece)), now_ns=NOW_NS)
    except QueryError as error:
        assert error.position <= MAX_CHARS
