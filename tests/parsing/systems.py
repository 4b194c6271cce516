"""Logs of many systems with what their records say, as `tests/cases/systems` keeps them; run as a program, prints a table.

A file holds sources, each headed by `=== name`. Before the lines of a record stands `>> time | level | …` with what it
tells: a beginning of its time (`-` for none), its level (`-` for unknown), and, where they are told, `says` (how the
message begins), `service`, `logger`, `ids`, `error` (its type) and `ms`. Lines before the first record are a table's head.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from tui.framing import group
from tui.parsing.parser import Parser
from tui.parsing.timestamps import parse_time
from tui.record import Line, LineGroup, Record

SYSTEMS = Path(__file__).parent.parent / "cases" / "systems"
REFERENCE_NS = parse_time("2026-11-24T00:00:00Z")


class Case(NamedTuple):
    """One source."""

    name: str
    lines: list[bytes]
    """All of them, as the source holds them."""
    expected: list[tuple[str, int, int]]
    """What is said of each record, the place of its first line, and of the line behind its last."""


def cases() -> Iterator[Case]:
    for path in sorted(SYSTEMS.glob("*.txt")):
        name = ""
        lines: list[bytes] = []
        expected: list[tuple[str, int]] = []
        for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
            if line.startswith("=== "):
                if name:
                    yield _closed(name, lines, expected)
                name, lines, expected = f"{path.stem}-{line[4:]}", [], []
            elif line.startswith(">> "):
                expected.append((line[3:], len(lines)))
            else:
                lines.append(line.encode())
        yield _closed(name, lines, expected)


def _closed(name: str, lines: list[bytes], expected: list[tuple[str, int]]) -> Case:
    ends = [start for _, start in expected[1:]] + [len(lines)]
    return Case(name, lines, [(said, start, end) for (said, start), end in zip(expected, ends, strict=True)])


def faults(case: Case) -> list[str]:
    """What is read otherwise than expected, in words."""
    parser = Parser("case")
    parser.learn(case.lines, reference_ns=REFERENCE_NS)
    starts = list(accumulate((len(line) + 1 for line in case.lines), initial=0))
    groups = group(map(Line, starts, case.lines), parser.starts, parser.origin)
    read = {one[0].offset: LineGroup("case", one[0].offset, tuple(line.data for line in one)) for one in groups}
    found: list[str] = []
    wanted = {starts[start]: end - start for _, start, end in case.expected}
    head = starts[case.expected[0][1]]
    for offset, one in read.items():
        if offset >= head and wanted.get(offset) != len(one.lines):
            found.append(f"{len(one.lines)} lines, not {wanted.get(offset, 'a record')}: {one.lines[0][:90]!r}")
    for said, start, _ in case.expected:
        if starts[start] in read:
            record = parser.record(read[starts[start]])
            found += [f"{fault}: {record.raw[:150]!r}" for fault in _differences(record, said)]
    return found


def _differences(record: Record, said: str) -> Iterator[str]:
    time, level, *more = said.split(" | ")
    told = "-" if record.time_ns is None else rfc3339(record.time_ns)
    if (told[: len(time)], told[len(time) :].strip("0.Z")) != (time, ""):
        yield f"time {told}, not {time}"
    if (record.level or "-") != level:
        yield f"level {record.level}, not {level}"
    for name, _, value in (one.partition("=") for one in more):
        shown = _shown(record, name)
        if not (shown.startswith(value) if name == "says" else shown == value):
            yield f"{name} {shown!r}, not {value!r}"


def _shown(record: Record, name: str) -> str:
    if name == "says":
        return record.message
    if name == "ids":
        return ",".join(f"{one.kind}:{one.value}" for one in record.ids)
    if name == "error":
        return (record.error and record.error.type) or "-"
    if name == "ms":
        return "-" if record.duration_ns is None else str(round(record.duration_ns / 1e6))
    return str(getattr(record, name) or "-")


def rfc3339(time_ns: int) -> str:
    from datetime import UTC, datetime

    seconds, rest = divmod(time_ns, 1_000_000_000)
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S") + f".{rest:09d}Z"


def main() -> None:
    """A row for each source: records right, records; what is wrong on the lines below."""
    right = records = 0
    wanted = [one for one in sys.argv[1:] if one != "-v"]
    for case in cases():
        if wanted and not case.name.startswith(tuple(wanted)):
            continue
        wrong = faults(case)
        total = len(case.expected)
        bad = min(total, len({fault.rpartition(": b")[2] or fault for fault in wrong}))
        right, records = right + total - bad, records + total
        if wrong or "-v" in sys.argv:
            print(f"{case.name:40} {total - bad:3} of {total:3}", *(f"\n    {fault}" for fault in wrong))
    print(f"{right} of {records} records")


if __name__ == "__main__":
    main()
