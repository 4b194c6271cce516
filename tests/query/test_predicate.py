from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.query.predicate import compile_query
from tui.query.syntax import parse
from tui.record import Error, Id, Record

NOW_NS = 1_795_437_000_000_000_000
CASES = tomllib.loads((Path(__file__).parents[1] / "cases/query/fields.toml").read_text())


def record_of(row: dict[str, Any]) -> Record:
    time: datetime | None = row.get("time")
    return Record(
        source=row.get("source", "/logs/app.log"), offset=0, raw=row["raw"], message=row["message"],
        time_ns=int(time.timestamp()) * 10**9 if time else None, severity=row.get("severity", 0),
        service=row.get("service"), logger=row.get("logger"), duration_ns=row.get("duration_ns"),
        trace_id=row.get("trace_id"), ids=tuple(Id(*one) for one in row.get("ids", ())),
        error=Error(**row["error"]) if "error" in row else None,
        fields={**row.get("fields", {}), **dict.fromkeys(row.get("nulls", ()))},
    )  # fmt: skip


RECORDS = {row["name"]: record_of(row) for row in CASES["record"]}
SOME = st.sampled_from(sorted({case["query"] for case in CASES["case"]}))


@pytest.mark.parametrize("case", CASES["case"], ids=[case["query"] or "(empty)" for case in CASES["case"]])
def test_a_query_finds_exactly(case: dict[str, Any]) -> None:
    matches = compile_query(parse(case["query"], now_ns=NOW_NS)).matches
    assert [name for name, record in RECORDS.items() if matches(record)] == case["finds"]


@settings(max_examples=150)
@given(SOME)
def test_a_query_and_its_negation_never_both_hold(query: str) -> None:
    positive = compile_query(parse(query, now_ns=NOW_NS))
    negative = compile_query(parse(f"not ({query or '*'})", now_ns=NOW_NS))
    for record in RECORDS.values():
        assert not (positive.matches(record) and negative.matches(record))
        if not positive.lacks(record):
            assert positive.matches(record) or negative.matches(record)


@settings(max_examples=150)
@given(SOME, SOME)
def test_joined_queries_hold_as_their_parts_do(left: str, right: str) -> None:
    left, right = left or "*", right or "*"
    parts = [compile_query(parse(text, now_ns=NOW_NS)).matches for text in (left, right)]
    both = compile_query(parse(f"({left}) and ({right})", now_ns=NOW_NS)).matches
    either = compile_query(parse(f"({left}) or ({right})", now_ns=NOW_NS)).matches
    neither = compile_query(parse(f"not ({left}) and not ({right})", now_ns=NOW_NS)).matches
    turned = compile_query(parse(f"not (({left}) or ({right}))", now_ns=NOW_NS)).matches
    for record in RECORDS.values():
        found = [matches(record) for matches in parts]
        assert both(record) == all(found)
        assert either(record) == any(found)
        assert neither(record) == turned(record)


def test_a_predicate_tells_which_fields_it_names_and_which_records_lack_one() -> None:
    predicate = compile_query(parse("service:cart and (level>=warn or service:x) since:-1h timeout", now_ns=NOW_NS))
    assert predicate.fields == ("service", "level", "time")
    assert not predicate.lacks(RECORDS["timeout"])
    assert predicate.lacks(RECORDS["plain"])
    assert predicate.lacks(RECORDS["notice"])
    assert not compile_query(parse("timeout /x/", now_ns=NOW_NS)).lacks(RECORDS["plain"])


@settings(max_examples=200)
@given(
    SOME,
    st.dictionaries(
        st.sampled_from(["status", "level", "msg", "id", "duration", "time", "http.status", "user", "é", "", "a.b"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    ),
    st.text(st.characters(exclude_categories=[])),
)
def test_no_record_makes_a_predicate_raise(query: str, fields: dict[str, object], text: str) -> None:
    predicate = compile_query(parse(query, now_ns=NOW_NS))
    record = Record(
        "s", 0, text, text, fields=fields, service=text, error=Error(text, text, text), ids=(Id("trace", text),)
    )
    predicate.matches(record)
    predicate.lacks(record)


def test_wildcards_in_long_values_stay_fast() -> None:
    value = "a" * 200_000
    record = Record("s", 0, value, value, fields={"f": value})
    for query in ("f:*a*a*a*a*a*b", "a*a*a*a*b", "/(a+)+b/", "f:/(a|aa)+$b/", "f:a?a?a?*b"):
        assert not compile_query(parse(query, now_ns=NOW_NS)).matches(record)
