"""The rows of a view lose nothing that arrives while other rows are being read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal import wait_until
from tui.query.results import Condition
from tui.query.scan import Needles
from tui.redaction.redactor import Redactor
from tui.session.session import Session
from tui.session.viewing import Viewing
from tui.settings import Settings
from tui.sources.spec import parse_spec
from tui.store.order import Entry


def line(number: int) -> str:
    stamp = f"2026-11-23T14:00:{number % 60:02d}Z"
    return json.dumps({"time": stamp, "level": "info", "msg": f"line {number}"}) + "\n"


@pytest.mark.parametrize("way", ["end", "start"])
def test_a_line_that_comes_after_the_reading_and_before_its_rows_is_kept(tmp_path: Path, way: str) -> None:
    path = tmp_path / "a.log"
    path.write_text("".join(line(number) for number in range(5)))
    session = Session([parse_spec(str(path))], Settings(sample="off"), redactor=Redactor(b"k" * 32))
    session.start()
    try:
        wait_until(lambda: session.tracks_now(), what="the file")
        viewing = Viewing(session)
        viewing.to_end()
        wait_until(lambda: viewing.take_in().any and viewing.window.rows, what="the first rows")
        (viewing.to_end if way == "end" else viewing.to_start)()
        wait_until(lambda: not session.navigator.busy, what="the reading, not taken in yet")
        with path.open("a") as file:
            file.write(line(5))
        wait_until(lambda: session.sources["a.log"].lines == 1, what="the new line")
        viewing.take_in()
        held = [row.record.message for row in viewing.window.rows if isinstance(row, Entry) and row.record]
        assert held == [f"line {number}" for number in range(6)]
    finally:
        session.stop()


def messages(viewing: Viewing) -> list[str]:
    return [row.record.message for row in viewing.window.rows if isinstance(row, Entry) and row.record]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[Path, Viewing]]:
    """A file of five lines, and a view of its end."""
    path = tmp_path / "a.log"
    path.write_text("".join(timed(number) for number in range(5)))
    session = Session([parse_spec(str(path))], Settings(), redactor=Redactor(b"k" * 32))
    session.start()
    wait_until(lambda: session.tracks_now(), what="the file")
    viewing = Viewing(session)
    viewing.to_end()
    wait_until(lambda: viewing.take_in().any or messages(viewing), what="the first rows")
    yield path, viewing
    session.stop()


def timed(number: int, level: str = "info") -> str:
    stamp = f"2026-11-23T14:{number // 6000:02d}:{number // 100 % 60:02d}.{number % 100:02d}Z"
    return json.dumps({"time": stamp, "level": level, "msg": f"line {number}"}) + "\n"


def append(path: Path, viewing: Viewing, *lines: str) -> None:
    before = viewing.session.lines
    with path.open("a") as file:
        file.write("".join(lines))
    wait_until(lambda: viewing.session.lines == before + len(lines), what="the lines to be counted")


def test_of_a_burst_the_newest_are_held_and_all_others_are_read_above_them(opened: tuple[Path, Viewing]) -> None:
    path, viewing = opened
    append(path, viewing, *(timed(number) for number in range(5, 3000)))
    change = viewing.take_in(20)
    held = messages(viewing)
    assert 20 < len(held) < 200
    assert held == [f"line {number}" for number in range(3000 - len(held), 3000)]
    assert change.removed_front == 5
    while not viewing.window.at_start:
        viewing.more(back=True)
        wait_until(lambda: viewing.take_in().any or viewing.window.at_start, what="rows further up")
    assert messages(viewing) == [f"line {number}" for number in range(3000)]


def test_rows_that_somebody_looks_at_stay_through_a_burst_and_are_read_on_from(opened: tuple[Path, Viewing]) -> None:
    path, viewing = opened
    append(path, viewing, *(timed(number) for number in range(5, 3000)))
    viewing.take_in(20, follow=False)
    assert messages(viewing) == [f"line {number}" for number in range(5)]
    append(path, viewing, timed(3000))
    viewing.take_in(20, follow=False)
    assert viewing.unseen > 0
    while not viewing.window.at_end:
        viewing.more(back=False)
        wait_until(lambda: viewing.take_in(20, follow=False).any or viewing.window.at_end, what="rows further on")
    assert messages(viewing) == [f"line {number}" for number in range(3001)]


def test_no_match_is_missed_in_a_burst(opened: tuple[Path, Viewing]) -> None:
    path, viewing = opened
    wanted = Condition(lambda record: record.level == "error", Needles.of([b"error"]))
    viewing.apply(wanted, None)
    wait_until(lambda: viewing.take_in().any or not viewing.loading, what="the filter")
    lines = [timed(number, "error" if number % 500 == 7 else "info") for number in range(5, 3000)]
    append(path, viewing, *lines)
    viewing.take_in(20)
    assert messages(viewing) == [f"line {number}" for number in range(7, 3000, 500)]
