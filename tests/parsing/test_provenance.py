"""What is said of where a record's values come from is what they were read from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC

import pytest

from tests.parsing.systems import REFERENCE_NS
from tui.parsing.parser import Parser
from tui.parsing.provenance import reasons
from tui.record import LineGroup, Record

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CASES: Mapping[str, Mapping[str, str]] = {
    '{"time":1795446164123,"level":30,"pid":1,"hostname":"h","msg":"hi","responseTime":12}': {
        "time": "time, epoch ms",
        "level": "level: 30, a number of pino",
        "message": "msg",
        "duration": "responseTime, in ms, as this format counts",
    },
    f'{{"ts":1795446164.5,"level":"error","msg":"x","app":"shop","traceparent":"00-{TRACE}-00f067aa0ba902b7-01","took":"12ms"}}': {
        "time": "ts, epoch s",
        "level": "level: error",
        "service": "app",
        "duration": "took: 12ms",
        f"trace id {TRACE}": "traceparent",
        "span id 00f067aa0ba902b7": "traceparent",
    },
    "2026-11-23 15:02:44,123 ERROR [main] com.x.Y - boom request_id=abc12345": {
        "time": "“2026-11-23 15:02:44,123”, no zone: taken as UTC",
        "level": "“ERROR”",
        "request id abc12345": "request_id",
    },
    "Nov 23 15:02:44 web1 app[1]: hi": {
        "time": "“Nov 23 15:02:44”, no year: the last that fits, no zone: taken as UTC",
    },
    "<11>1 2026-11-23T15:02:44.003Z h app - - - x": {
        "time": "“2026-11-23T15:02:44.003Z”",
        "level": "syslog priority <11>",
    },
    'E1123 15:02:44.123456       1 a.go:42] "x"': {
        "time": "“1123 15:02:44.123456”, no year: the last that fits, no zone: taken as UTC",
        "level": "“E”, a level of klog",
    },
    '10.0.0.1 - - [23/Nov/2026:15:02:44 +0100] "GET /x HTTP/1.1" 404 12': {
        "time": "“23/Nov/2026:15:02:44 +0100”",
        "level": "status: HTTP status 404",
    },
    '{"log":"ERROR boom\\n","stream":"stderr","time":"2026-11-23T15:02:44.003Z"}': {
        "time": "from its wrapper, “2026-11-23T15:02:44.003Z”",
        "level": "“ERROR”",
    },
}


def read(line: str) -> Record:
    parser = Parser("case")
    parser.learn([line.encode()], reference_ns=REFERENCE_NS)
    return parser.record(LineGroup("case", 0, (line.encode(),)))


@pytest.mark.parametrize("line", CASES)
def test_a_value_is_told_from_where_it_stands(line: str) -> None:
    told = reasons(read(line), UTC)
    assert {name: told.get(name) for name in CASES[line]} == CASES[line]


def test_a_field_that_says_otherwise_is_not_named() -> None:
    record = read('{"timestamp":"never","ts":1795446164.5,"level":"odd","severity":"warn","msg":"x"}')
    told = reasons(record, UTC)
    assert (told["time"], told["level"]) == ("ts, epoch s", "severity: warn")


def test_without_a_time_the_arrival_is_told() -> None:
    record = Record("case", 0, "hello", "hello", time_ns=1, time_source="arrival")
    assert reasons(record, UTC) == {"time": "when it arrived: the lines tell no time"}
