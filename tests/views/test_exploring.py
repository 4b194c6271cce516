"""Keys within an open request: closer, the next error and gap, the slowest, a text, all about a bar."""

from __future__ import annotations

from pathlib import Path

from tests.views.driver import viewer
from tests.views.test_log import json_line, write
from tests.views.test_request import TRACE, current, opened, request, row_of, view
from tui.story.findings import Gap
from tui.views.compare_view import CompareView
from tui.views.row_view import RowView


async def test_keys_lead_through_an_open_request(tmp_path: Path) -> None:
    async with viewer(request(tmp_path)) as driver:
        content = await opened(driver)
        pane = driver.screen.pane
        story = content.story

        await driver.press("g", "e")
        failing: set[object] = {row.row_id for row in story.rows if row.status == "error" or row.marks}
        assert pane.ref in failing
        await driver.press("E", "E")
        failed = next(record for record in story.records if record.message == "charge failed")
        assert pane.ref == failed.key, "the last error, from the first one upwards"
        assert current(driver.screen.log_view).message == "charge failed", "the log goes along"

        await driver.press("full_stop")
        assert isinstance(pane.ref, Gap)
        await driver.press("S")
        longest = max(story.rows, key=lambda row: row.self_ns)
        assert pane.ref == longest.row_id

        await driver.press("g", "slash")
        await driver.pilot.press(*"cart", "enter")
        await driver.settle()
        assert pane.ref == row_of(story, "cart")
        await driver.press("n")
        assert isinstance(pane.ref, tuple)
        assert view(driver).record(pane.ref) in story.records[1:3]
        assert not driver.screen.query_bar.text, "the query of the log is another one"


async def test_the_bars_come_closer_and_go_farther(tmp_path: Path) -> None:
    async with viewer(request(tmp_path)) as driver:
        content = await opened(driver)
        await driver.press("g", "plus", "plus")
        assert "1:4" in driver.text()
        await driver.press("greater_than_sign")
        window = content.window
        assert window is not None and window.low_ns > (content.story.start_ns or 0)
        await driver.press("0")
        assert content.window is None
        assert "1:4" not in driver.text()


async def test_d_opens_all_about_a_bar_and_escape_leads_back(tmp_path: Path) -> None:
    async with viewer(request(tmp_path)) as driver:
        content = await opened(driver)
        await driver.press("g", "S", "d")
        assert isinstance(driver.screen.panes.content, RowView)
        assert "known from" in driver.text()
        await driver.press("escape")
        assert view(driver) is content


async def test_without_a_request_the_keys_say_what_they_are_for(tmp_path: Path) -> None:
    async with viewer(request(tmp_path)) as driver:
        await driver.press("S")
        await driver.wait_for(
            lambda: any("t opens the one of a line" in one.message for one in driver.app._notifications)
        )


async def test_o_leads_to_the_request_in_other_tools(tmp_path: Path) -> None:
    async with viewer(request(tmp_path), tools={"jaeger": "http://127.0.0.1:16686"}) as driver:
        content = await opened(driver)
        await driver.press("o")
        assert f"http://127.0.0.1:16686/trace/{TRACE}" in driver.text()
        await driver.press("escape")
        assert view(driver) is content


async def test_o_without_tools_says_how_to_name_them(tmp_path: Path) -> None:
    async with viewer(request(tmp_path)) as driver:
        await opened(driver)
        await driver.press("o")
        assert "[tools]" in driver.text()


def visits(folder: Path) -> list[str]:
    """Three requests that went well, each with a mail, and one that failed at stock and sent none."""
    lines = []
    for number, (second, name) in enumerate(((10, "ada"), (20, "bob"), (30, "joe"), (40, "eve"))):
        trace = f"{number + 1:x}" * 32
        lines.append(json_line(second, "info", "web", f"GET /cart {number} started", trace_id=trace))
        if name == "eve":
            lines.append(json_line(second + 0.9, "error", "stock", "stock is locked", trace_id=trace))
        else:
            mailed = f"mail {number} sent to {name}@example.com"
            lines.append(json_line(second + 0.1, "info", "mail", mailed, trace_id=trace))
        lines.append(json_line(second + 1, "info", "web", f"GET /cart {number} done", trace_id=trace))
    lines.append(json_line(50, "info", "batch", "report made", trace_id="9" * 32))
    return [write(folder / "shop.log", lines)]


async def test_v_compares_with_a_normal_request_or_the_marked_one(tmp_path: Path) -> None:
    async with viewer(visits(tmp_path)) as driver:
        content = await opened(driver, "stock is locked")
        await driver.press("v")
        text = driver.text()
        assert isinstance(driver.screen.panes.content, CompareView)
        assert "with 2222…22, a normal one" in text
        assert "missing  mail “mail <*> sent to <*>”" in text
        assert "extra    stock “stock is locked”" in text
        await driver.press("enter")
        assert view(driver).story.ids[0].value == "2" * 32
        await driver.press("escape", "escape")
        assert view(driver) is content

        driver.screen.set_focus(driver.screen.log_view)
        await driver.press("g", "m", "tab", "v")
        assert "with 1111…11, of the marked line" in driver.text()


async def test_v_says_plainly_that_there_is_no_normal_request(tmp_path: Path) -> None:
    async with viewer(visits(tmp_path)) as driver:
        content = await opened(driver, "report made")
        await driver.press("v")
        assert "no other request of the same kind went well" in driver.text()
        await driver.press("escape")
        assert view(driver) is content
