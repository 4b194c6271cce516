"""The rows of a view lose nothing that arrives while other rows are being read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.terminal import wait_until
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
