"""What runtimes print between the lines of a log stays together, below a log line that it belongs to or by itself."""

from __future__ import annotations

import tomllib
from itertools import accumulate
from pathlib import Path

import pytest

from tui.framing import group
from tui.parsing.parser import Parser
from tui.record import Line, LineGroup, Record

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "errors.toml").read_text(encoding="utf-8"))["case"]
STACKS = {case["name"]: case["stack"].strip("\n") for case in CASES}
WITH_A_HEAD_OF_THEIR_OWN = ("go-stack", "go-http")
LIKE_NEWS = (
    "py-order",
    "java-crash",
    "java-future",
    "java-reflect",
    "rb-cause",
    "php-crash",
    "php-print",
    "go-wrap",
    "zap-stack",
)
"""A second line of a message, or a bare name: only what comes after them tells these from news."""


def records(lines: list[str]) -> list[Record]:
    data = [line.encode() for line in lines]
    parser = Parser("case")
    parser.learn(data, reference_ns=None)
    offsets = accumulate((len(line) + 1 for line in data), initial=0)
    groups = group(map(Line, offsets, data), parser.starts, parser.origin)
    return [parser.record(LineGroup("case", one[0].offset, tuple(line.data for line in one))) for one in groups]


@pytest.mark.parametrize("name", [name for name in STACKS if name not in WITH_A_HEAD_OF_THEIR_OWN])
def test_a_stack_below_a_log_line_is_part_of_it(name: str) -> None:
    head, after = "2026-11-23 15:02:44,123 ERROR shop boom", "2026-11-23 15:02:45,123 INFO shop next"
    found = records([head, after, after, head, *STACKS[name].split("\n"), after, after])
    assert len(found) == 6
    assert found[3].raw.endswith(STACKS[name])


@pytest.mark.parametrize("name", [name for name in STACKS if name not in (*WITH_A_HEAD_OF_THEIR_OWN, *LIKE_NEWS)])
def test_a_stack_between_objects_belongs_to_the_one_before_it(name: str) -> None:
    line = '{"time":"2026-11-23T15:02:44Z","level":"info","msg":"boom"}'
    found = records([*[line] * 6, *STACKS[name].split("\n"), line, line])
    assert len(found) == 8
    assert found[5].raw.endswith(STACKS[name])
    assert [one for one in found if one.error is not None] == ([found[5]] if name != "python-frames-only" else [])


@pytest.mark.parametrize(
    "name", ["node-crash", "node-anycrash", "go-panic", "go-repanic", "cs-crash", "rust-panic", "rust-anyhow"]
)
def test_a_crash_is_one_record_in_a_log_without_heads(name: str) -> None:
    plain = ["starting up", *["ready to serve"] * 8]
    found = records([*plain, *STACKS[name].split("\n")])
    assert [one.raw for one in found] == [*plain, STACKS[name]]
