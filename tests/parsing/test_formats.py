"""Data cases: lines of every format we claim and the records that they are."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest

from tui.framing import group
from tui.parsing.parser import Parser
from tui.parsing.patterns import PATTERNS
from tui.parsing.timestamps import parse_time
from tui.record import Line, LineGroup, Record

CASES = Path(__file__).parent.parent / "cases" / "formats"
HEADS = CASES.parent / "heads.txt"
CORPORA = CASES.parent / "corpora"
"""What real programs wrote, made by `tests/corpora`; only what they logged is compared."""
REFERENCE_NS = parse_time("2026-11-24T00:00:00Z")


def load() -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}-{case['name']}")
        for path in sorted(CASES.glob("*.toml"))
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
    ]


def framed(parser: Parser, lines: list[bytes]) -> list[LineGroup]:
    offsets = accumulate((len(line) + 1 for line in lines), initial=0)
    groups = group(map(Line, offsets, lines), parser.starts, parser.origin)
    return [LineGroup("case", one[0].offset, tuple(line.data for line in one)) for one in groups]


def shown(record: Record, count: int) -> dict[str, object]:
    """The record as the cases spell it; what is unknown is left out."""
    error = record.error
    found: dict[str, object] = {
        "lines": count,
        "format": record.format,
        "time": None if record.time_ns is None else rfc3339(record.time_ns),
        "time_source": record.time_source,
        "severity": record.severity or None,
        "service": record.service,
        "logger": record.logger,
        "message": record.message,
        "trace_id": record.trace_id,
        "span_id": record.span_id,
        "parent_span_id": record.parent_span_id,
        "duration_ns": record.duration_ns or None,
        "ids": [[one.kind, one.value] for one in record.ids] or None,
        "error": None
        if error is None
        else [error.type or "", error.message or "", len(error.stack.split("\n")) if error.stack else 0],
        "notes": list(record.notes) or None,
    }
    return {key: value for key, value in found.items() if value is not None}


def rfc3339(time_ns: int) -> str:
    seconds, rest = divmod(time_ns, 1_000_000_000)
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S") + f".{rest:09d}Z"


WRAPPED = ("syslogs",)
"""Corpora of what stands around other logs already."""


def load_corpora(*without: str) -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}-{case['name']}")
        for path in sorted(CORPORA.glob("*.toml"))
        if path.stem not in without
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
    ]


@pytest.mark.parametrize("case", load_corpora())
def test_what_real_programs_wrote_is_read_as_what_they_logged(case: Mapping[str, Any]) -> None:
    lines = [line.encode() for line in case["lines"].split("\n")]
    parser = Parser("case")
    parser.learn(lines, reference_ns=parse_time(case["reference"]))
    groups = framed(parser, lines)
    assert [len(one.lines) for one in groups] == [wanted["lines"] for wanted in case["record"]]
    for one, wanted in zip(groups, case["record"], strict=True):
        record = parser.record(one)
        told = shown(record, len(one.lines))
        assert wanted["says"] in record.message
        for key in ("time", "severity", "ids"):
            assert told.get(key) == wanted.get(key), (key, record.raw)
        if "error" in wanted:
            assert record.error is not None
            assert [record.error.type, record.error.message] == wanted["error"]


WRAPPERS: Mapping[str, Callable[[str], str]] = {
    "docker": lambda line: json.dumps({"log": line + "\n", "stream": "stderr", "time": "2026-11-29T18:00:00.000000001Z"}, separators=(",", ":")),
    "cri": lambda line: f"2026-11-29T18:00:00.000000001Z stderr F {line}",
    "kubectl": lambda line: f"[pod/shop-0/pay] 2026-11-29T18:00:00.000000001Z {line}",
    "compose": lambda line: f"pay-1  | {line}",
}  # fmt: skip


@pytest.mark.parametrize("wrapper", WRAPPERS)
@pytest.mark.parametrize("case", load_corpora(*WRAPPED))
def test_wrappers_change_nothing_but_the_time(case: Mapping[str, Any], wrapper: str) -> None:
    lines = [WRAPPERS[wrapper](line).encode() for line in case["lines"].split("\n")]
    parser = Parser("case")
    parser.learn(lines, reference_ns=parse_time(case["reference"]))
    groups = framed(parser, lines)
    assert [len(one.lines) for one in groups] == [wanted["lines"] for wanted in case["record"]]
    for one, wanted in zip(groups, case["record"], strict=True):
        record = parser.record(one)
        told = shown(record, len(one.lines))
        assert wanted["says"] in record.message
        assert wrapper == "compose" or record.time_ns is not None
        for key in ("severity", "ids"):
            assert told.get(key) == wanted.get(key), (key, record.raw)
        if "error" in wanted:
            assert record.error is not None
            assert [record.error.type, record.error.message] == wanted["error"]


@pytest.mark.parametrize("case", load())
def test_lines_of_a_known_format_become_the_expected_records(case: Mapping[str, Any]) -> None:
    lines = [line.encode() for line in case["lines"].split("\n")]
    parser = Parser("case")
    parser.learn(lines, reference_ns=REFERENCE_NS)
    groups = framed(parser, lines)
    records = [shown(parser.record(one), len(one.lines)) for one in groups]
    assert records == case["record"]


@pytest.mark.parametrize("row", HEADS.read_text(encoding="utf-8").splitlines()[1:])
def test_a_line_alone_tells_its_time_and_level(row: str) -> None:
    time, level, line = row.split("\t", 2)
    parser = Parser("case")
    parser.learn([line.encode()], reference_ns=REFERENCE_NS)
    record = parser.record(LineGroup("case", 0, (line.encode(),)))
    told = "-" if record.time_ns is None else rfc3339(record.time_ns)
    assert (told[: len(time)], told[len(time) :].strip("0.Z"), record.level or "-") == (time, "", level)


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)
def test_a_pattern_is_the_first_to_match_its_own_sample(pattern: Any) -> None:
    matching = [row.name for row in PATTERNS if row.regex.match(pattern.sample)]
    assert matching[:1] == [pattern.name]
