"""The request pane when there are documents of tracers among the sources."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.parsing.documents import CHILD, TRACE, jaeger, laid_out, on_one_line, otlp, otlp_logs
from tests.sources.stores import TRACE as STORED
from tests.sources.stores import jaeger_new, stores
from tests.views.driver import Driver, viewer
from tests.views.test_log import write
from tests.views.test_request import current, go_to, opened, row_of
from tui.views.request_view import RequestView


async def test_spans_of_documents_are_the_bars_of_a_lines_request(tmp_path: Path) -> None:
    log = write(
        tmp_path / "app.log",
        [
            f'{{"time":"2026-11-23T14:02:09.005Z","level":"info","msg":"order taken","service":"gateway","trace_id":"{TRACE}"}}'
        ],
    )
    spans, trace = tmp_path / "otel.jsonl", tmp_path / "trace.json"
    first, second = ({"resourceSpans": [one]} for one in otlp()["resourceSpans"])
    spans.write_bytes(on_one_line(second) + b"\n")
    trace.write_bytes(laid_out(jaeger()))
    async with viewer([log, str(spans), str(trace)]) as driver:
        content = await opened(driver, "order taken")
        assert [(row.service, row.name, row.measured) for row in content.story.rows] == [
            ("gateway", "POST /orders", True), ("payment", "charge", True),
        ]  # fmt: skip
        await go_to(driver, lambda ref: ref == row_of(content.story, "payment"))
        await driver.press("enter")
        chosen = current(driver.screen.log_view)
        assert chosen.span is not None
        assert chosen.span_id == CHILD

        with spans.open("ab") as file:
            file.write(on_one_line(first) + b"\n" + on_one_line(otlp_logs()) + b"\n")
        await driver.wait_for(lambda: any(one.message == "slow" for one in content.story.records), "what came later")
        assert [row.service for row in content.story.rows] == ["gateway", "payment"]


async def test_a_request_of_which_only_an_id_is_known_is_opened_from_stores_of_traces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    log = write(tmp_path / "app.log", ['{"time":"2026-11-23T14:02:09Z","msg":"something else","request_id":"req-1"}'])
    for store in stores():
        there = store({f"/api/v3/traces/{STORED}": jaeger_new(2)})
        async with viewer([log, f"jaeger:http://{there.host}"]) as driver:
            await driver.press("r", *STORED.upper(), "enter")
            await driver.wait_for(partial(_told, driver), "the spans of the store")


def _told(driver: Driver) -> bool:
    content = driver.screen.panes.content
    return isinstance(content, RequestView) and [row.name for row in content.story.rows] == ["step 0", "step 1"]
