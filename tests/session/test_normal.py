"""A normal request is looked for in what is too huge to be looked at as a whole, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.session.test_survey import look, write
from tui.cli.reading import open_reading
from tui.session import survey
from tui.session.normal import NormalSearch
from tui.session.pivot import Gathering
from tui.settings import load
from tui.story.links import Request
from tui.story.timeline import build


def test_a_request_that_the_survey_left_out_is_compared_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "shop.log"
    write(path, 100)
    monkeypatch.setattr(survey, "MOST_BYTES", path.stat().st_size // 4)
    looked_at = {one.trace for one in look(path).account.lines if one.trace}
    traces = [f"{number * 7919:032x}" for number in range(1, 100)]
    left_out = next(one for one in traces if one not in looked_at)
    tracks = open_reading([str(path)], load({})).tracks
    gathering = Gathering(Request(left_out))
    for _ in gathering.sweep(tracks):
        pass
    search = NormalSearch(tracks, build(gathering.records(), ids=gathering.request.ids))
    assert list(search.run())[-1] == 1.0
    assert search.found in looked_at
