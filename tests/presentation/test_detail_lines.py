"""The detail of one record: every field with what it stands for, folded to the width, harmless."""

from __future__ import annotations

from datetime import UTC

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.presentation.cells import cell_width, display_text
from tui.presentation.detail_lines import MAX_VALUE_LINES, detail_lines
from tui.record import Drawn, Error, Id, Record

RECORD = Record(
    "pod/payment",
    4711,
    '{"raw": 1}',
    "charge failed",
    time_ns=1_795_442_529_412_000_000,
    time_source="inner",
    severity=17,
    service="payment",
    logger="charge",
    ids=(Id("request", "a14436a0"), Id("span", "00f067aa")),
    error=Error("TimeoutError", "late", "TimeoutError: late\n    at x (y.js:1:2)"),
    fields={"attempt": 3, "flag": True, "nothing": None},
    duration_ns=90_900_000,
    line=12,
    format="pino",
    notes=("cut at 1 MiB",),
)


def text(line: Drawn) -> str:
    return "".join(part for part, _ in line)


def shown(record: Record, width: int = 100) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for drawn, (name, _) in detail_lines(record, width, UTC):
        told.setdefault(name, []).append(text(drawn)[20:])
    return told


def test_everything_that_is_known_is_there() -> None:
    told = shown(RECORD)
    assert told["time"] == ["2026-11-23 14:02:09.412"]
    assert told["level"] == ["ERROR  ← it tells of an error"]
    assert told["duration"] == ["91 ms"]
    assert told["request id"] == ["a14436a0  t opens its request"]
    assert told["span id"] == ["00f067aa"]
    assert told["stack"] == ["TimeoutError: late", "    at y.js:1:2 in x"]
    assert told["attempt"] == ["3"]
    assert told["flag"] == ["true"]
    assert told["nothing"] == ["null"]
    assert told["note"] == ["cut at 1 MiB"]
    assert told["source"] == ["line 12 of pod/payment, byte 4,711"]
    assert told["raw"] == ['{"raw": 1}']


def test_lines_stand_for_the_whole_value_however_it_is_folded() -> None:
    record = Record("a", 0, "r", "word " * 100)
    lines = [(drawn, ref) for drawn, ref in detail_lines(record, 60, UTC) if ref[0] == "message"]
    assert len(lines) > 10
    assert {ref[1] for _, ref in lines} == {"word " * 100}
    assert text(lines[0][0]).startswith("           message  word ")
    assert text(lines[1][0]).startswith(" " * 20)


@pytest.mark.parametrize("source", ["arrival", "wrapper", "inferred-year"])
def test_a_time_that_is_not_the_records_own_says_so(source: str) -> None:
    told = shown(Record("a", 0, "r", "m", time_ns=1_795_442_529_412_000_000, time_source=source))
    assert len(told["time"][0]) > len("2026-11-23 14:02:09.412  ")


def test_a_value_of_megabytes_is_cut_and_says_so() -> None:
    lines = shown(Record("a", 0, "r", "x" * 3_000_000))["message"]
    assert len(lines) == MAX_VALUE_LINES + 1
    assert lines[-1] == "… the rest is in the copy"


@given(st.dictionaries(st.text(max_size=30), st.text(max_size=200), max_size=5), st.integers(32, 120))
@settings(max_examples=100)
def test_no_field_breaks_the_width_or_reaches_the_terminal(fields: dict[str, str], width: int) -> None:
    record = Record("a\x1b[2J", 0, "raw\x1b]0;x\x07", "message", fields=fields)
    for drawn, _ in detail_lines(record, width, UTC):
        assert cell_width(text(drawn)) <= width
        assert display_text(text(drawn)) == text(drawn)
