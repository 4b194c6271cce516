from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.framing import group
from tui.parsing.parser import Parser
from tui.query.numerals import at_least, at_most, comparison
from tui.query.patterns import compile_pattern
from tui.query.predicate import compile_query
from tui.query.scan import prefilter
from tui.query.syntax import clause, parse
from tui.record import Line, LineGroup, Record

CASES = Path(__file__).parent.parent / "cases" / "formats"
NOW_NS = 1_795_437_000_000_000_000
NUMBERS = st.integers(0, 2000) | st.integers(0, 10**12)


@given(NUMBERS, NUMBERS, st.integers(0, 3))
def test_ranges_of_digits_are_exact_for_whole_numbers(bound: int, number: int, zeros: int) -> None:
    text = f"{'0' * zeros}{number}".encode()
    assert (compile_pattern(f"^{at_least(bound)}").search(text) is not None) == (number >= bound)
    assert (compile_pattern(f"^{at_most(bound)}").search(text + b" ") is not None) == (number <= bound)


FORMS = st.sampled_from(
    ['{{"a":1,"took_ms":{0},"z":2}}', '{{"http": {{"took_ms" : {0}}}}}', '{{"took_ms":"{0}"}}', '{{"Took_MS":"{0} ms"}}',
     '{{"took_ms":"{0}apples"}}', '{{"attributes":[{{"key":"took_ms","value":{{"intValue":{0}}}}}]}}',
     '{{"attributes":[{{"value":{{"doubleValue":{0}}},"key":"took_ms"}}],"n":5}}', '{{"took_ms":{{"value":{0},"type":"n"}}}}',
     "level=info took_ms={0} msg=done", "level=info http.took_ms=+{0} msg=done", 'level=info took_ms="{0}" msg=done',
     "2026-11-23 12:00:00,000 INFO done took_ms={0}, code=7", "2026-11-23T12:00:00Z INFO x: {{'took_ms': {0}, 'b': 2}}",
     '{{"log":"{{\\"took_ms\\":{0}}}\\n","stream":"stdout","time":"2026-11-23T12:00:00Z"}}', '{{"message":"{{\\"took_ms\\": {0}}}"}}',
     '{{"took_m\\u0073":{0}}}', '{{"took_ms":[{0},9999999]}}', '{{"took_ms.0":{0}}}', "<14>1 2026-11-23T12:00:00Z h s - - [x@1 took_ms=\"{0}\"] m"]
)  # fmt: skip
VALUES = (
    st.integers(-1000, 1000) | st.integers(-(10**12), 10**12) | st.floats(-2000, 2000).map(lambda one: round(one, 2)) | st.sampled_from(["1e3", "-2.5e2", "0.5e-3", "12E+2"])
)  # fmt: skip


def record_of(line: str) -> Record:
    parser = Parser("app.log")
    parser.learn([line.encode()], reference_ns=NOW_NS)
    return parser.record(LineGroup("app.log", 0, (line.encode(),)))


@settings(max_examples=600)
@given(FORMS, VALUES, st.sampled_from([">", ">=", "<", "<="]), VALUES, st.sampled_from(["", "ms", "s", "kb"]))
def test_no_line_with_a_number_in_the_range_is_passed_over(
    form: str, value: object, sign: str, bound: object, unit: str
) -> None:
    line = form.format(value)
    query = parse(f"took_ms{sign}{json.dumps(bound).strip(chr(34))}{unit}", now_ns=NOW_NS)
    sieve = prefilter(query)
    if compile_query(query).matches(record_of(line)) and sieve is not None:
        assert sieve.may_match(line.encode())


@pytest.mark.parametrize(
    ("query", "found", "passed"),
    [
        ("duration_ms>500", ["512.5", "501", "1e3", "5000"], ["12", "499.999", "0", "50"]),
        ("duration_ms<=12.5", ["12.4", "0", "-7", "12"], ["14", "130", "1200"]),
        ("duration_ms>1.5s", ["1501", "2 s"], ["1499.5", "80"]),
    ],
)
def test_most_numbers_outside_the_range_are_passed_over(query: str, found: list[str], passed: list[str]) -> None:
    sieve = prefilter(parse(query, now_ns=NOW_NS))
    assert sieve is not None
    for form in ('{{"a":99999,"duration_ms":{0},"b":99999}}', "a=99999 duration_ms={0}"):
        for value, expected in [*((one, True) for one in found), *((one, False) for one in passed)]:
            assert sieve.may_match(form.format(json.dumps(value) if " " in value else value).encode()) == expected, (
                value
            )
    assert not sieve.may_match(b'{"a":99999,"duration_ms_total":99999}')


def cases() -> list[Any]:
    return [case for path in sorted(CASES.glob("*.toml")) for case in tomllib.loads(path.read_text("utf-8"))["case"]]


def test_in_every_format_we_claim_a_field_is_found_by_its_own_number() -> None:
    compared = 0
    for case in cases():
        lines = case["lines"].strip("\n").encode().split(b"\n")
        parser = Parser("case")
        parser.learn(lines, reference_ns=NOW_NS)
        for one in group([Line(at, line) for at, line in enumerate(lines)], parser.starts, parser.origin):
            record = parser.record(LineGroup("case", 0, tuple(line.data for line in one)))
            for name, value in record.fields.items():
                compared += found_by_number(name, value, record)
    assert compared > 50


def found_by_number(name: str, value: object, record: Record) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float) or not name.replace(".", "").isidentifier():
        return False
    for sign in (">=", "<="):
        query = parse(clause(name, "").replace(':""', f"{sign}{value!r}"), now_ns=NOW_NS)
        sieve = prefilter(query)
        if sieve is None or not compile_query(query).matches(record):
            return False
        assert sieve.may_match(record.raw.encode()), (name, value, record.raw)
    return True


@pytest.mark.parametrize("name", ["pid", "thread", "a*", "é", "x"])
def test_a_name_that_may_stand_nowhere_tells_nothing(name: str) -> None:
    assert comparison(name, ">", 5) is None
