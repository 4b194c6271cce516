"""Lines without a year, or without a date, of a source that spans several of them get the right one."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from tests.terminal import tracetail
from tui.parsing.eras import DAY_NS, YEAR_NS, Eras, eras

END = datetime(2026, 11, 20, 3, tzinfo=UTC)


def nanoseconds(moment: datetime) -> int:
    return int(moment.timestamp()) * 1_000_000_000


def dated_in(moments: list[datetime]) -> Callable[[int, int], int | None]:
    """As if the lines told all but the year."""

    def dated(at: int, latest_ns: int) -> int | None:
        years = (moments[at].replace(year=year) for year in range(2030, 2000, -1))
        return next(time_ns for one in years if (time_ns := nanoseconds(one)) <= latest_ns + DAY_NS)

    return dated


def test_samples_tell_the_year_from_the_end_on_and_disorder_is_none() -> None:
    moments = [END - timedelta(days=days) for days in range(1200, 0, -40)]
    moments[5], moments[6] = moments[6], moments[5]
    told = eras(dated_in(moments), range(len(moments)), nanoseconds(END), YEAR_NS)
    assert told is not None
    assert [time_ns - YEAR_NS // 4 for time_ns in told.times_ns] == [nanoseconds(one) for one in moments]


def test_what_lies_within_a_year_needs_none() -> None:
    moments = [END - timedelta(days=days) for days in range(350, 0, -10)]
    assert eras(dated_in(moments), range(len(moments)), nanoseconds(END), YEAR_NS) is None
    assert eras(lambda *_: None, [0, 1], nanoseconds(END), YEAR_NS) is None


def test_the_next_sample_is_the_reference() -> None:
    told = Eras((10, 20), (100, 200))
    assert [told.reference_ns(at, 300) for at in (0, 9, 10, 19, 20, 99)] == [100, 100, 200, 200, 300, 300]


@pytest.mark.parametrize(
    ("form", "step"),
    [("%b %e %H:%M:%S web1 app[1]: tick", timedelta(days=3, hours=5)), ("%H:%M:%S,000 INFO [main] a.B - tick", timedelta(minutes=37))],
)  # fmt: skip
def test_a_file_over_several_of_them_comes_in_its_order(tmp_path: Path, form: str, step: timedelta) -> None:
    moments = [END - step * number for number in range(300, 0, -1)]
    path = tmp_path / "app.log"
    path.write_text(
        "".join(f"{one:{form}} {one:%Y-%m-%dT%H:%M:%S}\n".replace("tick 2", "tick at=2") for one in moments)
    )
    os.utime(path, (END.timestamp(), END.timestamp()))
    told = subprocess.run(tracetail("query", "*", str(path), "--output", "ndjson"), capture_output=True, check=True)
    records = [orjson.loads(line) for line in told.stdout.splitlines()]
    assert [one["time"][:19] for one in records] == [f"{one:%Y-%m-%dT%H:%M:%S}" for one in moments]
