"""Arrays of records and objects around them are records each, on one line or laid out; other lists are fields."""

from __future__ import annotations

import json

import pytest

from tui.parsing.parser import Parser
from tui.parsing.record_lists import records_of
from tui.parsing.unfolding import Unfolder
from tui.record import LineGroup

ONE = {"time": "2026-11-23T15:02:44Z", "level": "error", "msg": "a"}
TWO = {"time": "2026-11-23T15:02:45Z", "level": "info", "msg": "b", "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736"}
AROUND = [
    [ONE, TWO],
    {"Records": [ONE, TWO]},
    {"nextToken": "x", "events": [ONE, TWO]},
    {"took": 3, "hits": {"total": 2, "hits": [{"_index": "a", "_source": ONE}, {"_index": "a", "_source": TWO}]}},
]


@pytest.mark.parametrize("whole", AROUND)
def test_a_list_on_one_line_is_its_records(whole: object) -> None:
    parser = Parser("case")
    first, second = parser.records(LineGroup("case", 7, (json.dumps(whole).encode(),)))
    assert (first.message, first.level, first.offset) == ("a", "error", 7)
    assert (second.message, second.trace_id, second.offset) == ("b", TWO["trace_id"], 8)
    assert json.loads(second.raw) == TWO


@pytest.mark.parametrize("indent", [1, 4])
@pytest.mark.parametrize("whole", AROUND)
def test_a_list_that_is_laid_out_is_a_line_a_record(whole: object, indent: int) -> None:
    unfolder = Unfolder()
    told = unfolder.feed(json.dumps(whole, indent=indent).encode() + b"\n") + unfolder.flush()
    assert [json.loads(line) for line in told.splitlines()] == [ONE, TWO]


@pytest.mark.parametrize(
    "value",
    [
        {"time": "2026-11-23T15:02:44Z", "msg": "batch", "events": [ONE, TWO]},
        {"level": "info", "records": [ONE]},
        {"records": [{"id": 1}, {"id": 2}]},
        {"records": [ONE], "events": [TWO]},
        {"events": [1, 2]},
        [1, 2],
        [],
        "x",
    ],
)
def test_a_record_with_a_list_and_a_list_of_other_things_are_none(value: object) -> None:
    assert records_of(value) == []
