"""A request that is opened in the viewer is also looked for in stores of traces, and shown with what they tell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources.stores import TRACE, Store, jaeger_new, stores
from tests.sources.waiting import wait_until
from tui.session.pivot import Pivot
from tui.session.session import Session
from tui.settings import Settings
from tui.sources.spec import parse_spec
from tui.story.links import Request


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("no_proxy", "*")
    for start in stores():
        yield start({f"/api/v3/traces/{TRACE}": jaeger_new(2)})


def test_the_spans_of_a_store_stand_among_the_lines(tmp_path: Path, there: Store) -> None:
    log = tmp_path / "app.log"
    # only through the id of the request the id of the trace becomes known
    log.write_text(
        '{"time":"2026-11-23T14:02:09Z","msg":"begin","request_id":"req-7f3a91c04d5e"}\n'
        f'{{"time":"2026-11-23T14:02:09.1Z","msg":"traced","request_id":"req-7f3a91c04d5e","trace_id":"{TRACE}"}}\n'
    )
    session = Session([parse_spec(str(log)), parse_spec(f"jaeger:http://{there.host}")], Settings())
    session.start()
    try:
        wait_until(lambda: len(session.tracks_now()) == 2)
        assert there.paths == []
        pivot = session.pivot(Pivot(Request("req-7f3a91c04d5e")))
        wait_until(lambda: len(pivot.records()) == 4, pivot.records)
        assert {one.message for one in pivot.records()} == {"step 0", "step 1", "begin", "traced"}
        wait_until(lambda: session.sources[f"jaeger:{there.host}"].status.detail == "2 spans of 5b8e…0c")
    finally:
        session.stop()
