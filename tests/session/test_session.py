"""What the session counts, and how it names its sources."""

from __future__ import annotations

import json
from pathlib import Path

from tests.terminal import wait_until
from tui.query.results import Notice
from tui.redaction.redactor import Redactor
from tui.session.session import Session
from tui.session.viewing import Viewing
from tui.settings import Settings
from tui.sources.spec import parse_spec, with_unique_names


def line(number: int) -> str:
    stamp = f"2026-11-23T14:00:{number:02d}Z"
    return (
        json.dumps({"time": stamp, "level": "info", "msg": f"tick {number}", "trace_id": f"{number + 1:032x}"}) + "\n"
    )


def test_a_record_that_is_read_again_is_sampled_and_counted_once(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("")
    session = Session([parse_spec(str(path))], Settings(sample="1/999999999"), redactor=Redactor(b"k" * 32))
    session.start()
    try:
        wait_until(lambda: session.tracks_now(), what="the file")
        viewing = Viewing(session)
        viewing.to_end()
        wait_until(lambda: viewing.take_in() and not viewing.loading, what="the first rows")
        for number in range(6):
            with path.open("a") as file:
                file.write(line(number))
            wait_until(lambda number=number: session.sources["a.log"].lines == number + 1, what="the line")  # type: ignore[misc]
            viewing.take_in()
        assert session.sampler.seen == 6
        assert session.sampler.withheld == 6
        [notice] = viewing.window.rows
        assert isinstance(notice, Notice)
        assert notice.count == 6
    finally:
        session.stop()


def test_streams_that_look_alike_have_names_of_their_own() -> None:
    specs = [parse_spec("ws://one.example/stream?token=a"), parse_spec("ws://one.example/stream?token=b")]
    assert [spec.name for spec in with_unique_names(specs)] == ["one.example/stream", "one.example/stream (2)"]
