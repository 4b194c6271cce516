"""What is looked at of huge sources: whole requests, always the same ones, and it is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tui.cli.reading import open_reading
from tui.session import survey
from tui.session.survey import Survey
from tui.settings import load


def look(path: Path) -> Survey:
    found = Survey(open_reading([str(path)], load({})).tracks, None, None)
    for _ in found.run():
        pass
    return found


def write(path: Path, requests: int) -> None:
    lines = []
    for number in range(requests):
        for word in ("begun", "done"):
            at = f"2026-11-23T14:{number // 60 % 60:02d}:{number % 60:02d}Z"
            lines.append(
                json.dumps(
                    {"time": at, "level": "info", "msg": f"order {number} {word}", "trace_id": f"{number * 7919:032x}"}
                )
            )
    path.write_text("\n".join(lines) + "\n")


def test_of_very_much_whole_requests_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "shop.log", 400)
    assert (len(look(tmp_path / "shop.log").account.lines), look(tmp_path / "shop.log").notes) == (800, [])
    monkeypatch.setattr(survey, "MOST_BYTES", (tmp_path / "shop.log").stat().st_size // 4)
    some = look(tmp_path / "shop.log")
    traces = [one.trace for one in some.account.lines]
    assert 40 < len(set(traces)) < 200
    assert all(traces.count(one) == 2 for one in set(traces))
    assert (len(some.notes) == 1 and "one request in 5" in some.notes[0]) or "one request in 4" in some.notes[0]
    assert traces == [one.trace for one in look(tmp_path / "shop.log").account.lines]


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-23 14:00:{:02d},123 INFO [main] c.s.Cart - added item {} in {} ms",
        "Nov 23 14:00:{:02d} host cart[12]: added item {} took {} ms",
        "2026-11-23T14:00:{:02d}.5+02:00 level=info msg=\"item {} added\" took={}ms",
    ],
)  # fmt: skip
def test_lines_read_by_likeness_are_as_if_parsed(line: str, tmp_path: Path) -> None:
    path = tmp_path / "cart.log"
    path.write_text("\n".join(line.format(at, at * 7, at + 3) for at in range(50)) + "\n")
    reading = open_reading([str(path)], load({}))
    parsed = [(one.time_ns, one.severity, one.duration_ns) for one in reading.records(numbered=False)]
    seen = sorted(look(path).account.lines)
    assert [(one.time_ns, one.severity, one.duration_ns) for one in seen] == parsed
    assert len({one.template for one in seen}) == 1
