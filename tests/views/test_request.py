"""The request pane under the keys, on files of several services: found everywhere, linked with the log, growing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.views.driver import NOW_NS, Driver, record_of, viewer
from tests.views.test_log import json_line, shop, write
from tui.record import Record
from tui.story.timeline import Story
from tui.views.log_view import LogView
from tui.views.request_view import RequestView

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
REQUEST = "0af76519-16cd-43dd-8448-eb211c80319c"
STACK = "Traceback (most recent call last):\n" + "".join(
    f'  File "/srv/payment/{name}.py", line {number}, in {name}\n'
    for number, name in enumerate(("views", "charge"), 80)
)
START_NS = NOW_NS - 60 * 10**9
"""When the request began: 14:01:11."""


def request(folder: Path, *, noise: int = 200) -> list[str]:
    """One request over three files: the gateway says both ids, the cart only the request's, payment only the trace's;
    before and after it lines of others, so that the buffer does not hold it."""
    gateway = [other(number, "gateway") for number in range(noise)]
    gateway.insert(
        noise // 2, json_line(71.0, "info", "gateway", "POST /orders started", request_id=REQUEST, trace_id=TRACE)
    )
    gateway.insert(
        noise // 2 + 1,
        json_line(72.5, "warn", "gateway", "POST /orders 502", request_id=REQUEST, trace_id=TRACE, status=502),
    )
    cart = [
        f"2026-11-23 14:01:11,{ms} INFO {what} request_id={REQUEST.replace('-', '')}"
        for ms, what in ((100, "loading the cart"), (140, "cart loaded"))
    ]
    payment = [
        json_line(71.2, "info", "payment", "charge started", trace_id=TRACE),
        json_line(
            72.4,
            "error",
            "payment",
            "charge failed",
            trace_id=TRACE,
            error={"type": "Declined", "message": "no", "stack": STACK + "Declined: no"},
        ),
    ]
    late = [other(number, "mail") for number in range(noise)]
    return [
        write(folder / "gateway.log", gateway),
        write(folder / "cart.log", cart),
        write(folder / "payment.log", payment),
        write(folder / "mail.log", late),
    ]


def other(number: int, service: str) -> str:
    second = 60 + number * 0.05 if number < 100 else 75 + number * 0.2
    return json_line(second, "info", service, f"{service} {number}", trace_id=f"{number + 7:032x}")


async def opened(driver: Driver, message: str = "charge failed") -> RequestView:
    """Find a line and open its request."""
    driver.screen.set_query(f'"{message}"')
    await driver.settle()
    await driver.press("k", "t")
    driver.screen.query_bar.field.value = ""
    await driver.wait_for(lambda: not view(driver).busy, "the whole request")
    await driver.settle()
    return view(driver)


def view(driver: Driver) -> RequestView:
    content = driver.screen.panes.content
    assert isinstance(content, RequestView)
    return content


def current(log: LogView) -> Record:
    assert log.record is not None
    return log.record


async def go_to(driver: Driver, wanted: Callable[[object], bool]) -> None:
    """Move in the pane, line by line, to the first line that stands for something wanted."""
    await driver.press("g")
    for _ in range(200):
        if wanted(driver.screen.pane.ref):
            return
        await driver.pilot.press("j")
    raise AssertionError("no such line\n" + driver.text())


def row_of(story: Story, service: str) -> str:
    return next(row.row_id for row in story.rows if row.service == service)


async def test_t_tells_the_request_of_all_services_by_either_id(tmp_path: Path) -> None:
    async with viewer(request(tmp_path)) as driver:
        content = await opened(driver)
        assert [record.message for record in content.story.records] == [
            "POST /orders started",
            f"loading the cart request_id={REQUEST.replace('-', '')}",
            f"cart loaded request_id={REQUEST.replace('-', '')}",
            "charge started",
            "charge failed",
            "POST /orders 502",
        ]
        text = driver.text()
        assert "POST /orders   FAILED at payment: Declined" in text
        assert "3 services · 6 records · 1 error · finished" in text
        assert "▸ stack (2)" in text
        assert "14:01:11.000" in text


async def test_lines_far_outside_the_buffer_are_found(tmp_path: Path) -> None:
    async with viewer(request(tmp_path, noise=6000)) as driver:
        await driver.press("G")
        held = driver.messages()
        assert "charge failed" not in held
        content = await opened(driver)
        assert len(content.story.records) == 6


async def test_enter_on_a_record_shows_it_in_its_place_in_the_log(tmp_path: Path) -> None:
    async with viewer(request(tmp_path, noise=6000)) as driver:
        await opened(driver)
        await driver.press("g", "G")
        await driver.press("enter")
        await driver.settle()
        assert current(driver.screen.log_view).message == "POST /orders 502"
        assert driver.screen.log_view.has_focus
        assert driver.screen.panes.open
        messages = driver.messages()
        at = messages.index("POST /orders 502")
        assert messages[at - 1] == "charge failed", "its neighbours in time are there, too"


async def test_on_a_small_screen_enter_brings_the_log_to_the_front_and_escape_the_request(tmp_path: Path) -> None:
    async with viewer(request(tmp_path), size=(80, 24)) as driver:
        await opened(driver)
        assert not driver.screen.log_view.display
        await driver.press("G", "enter")
        await driver.settle()
        assert driver.screen.log_view.display
        assert not driver.screen.pane.parent.display
        assert "▌14:01:12.500  WARN   gateway" in driver.text()
        assert "back to the request" in driver.text()
        await driver.press("j", "j")
        await driver.press("escape")
        assert "FAILED at payment" in driver.text()
        assert driver.screen.pane.has_focus
        assert driver.screen.pane.ref == current(driver.screen.log_view).key or driver.screen.pane.ref is not None
        await driver.press("escape")
        assert not driver.screen.panes.open
        assert driver.screen.log_view.has_focus


async def test_on_a_small_screen_tab_turns_between_log_and_request(tmp_path: Path) -> None:
    async with viewer(request(tmp_path), size=(80, 24)) as driver:
        await opened(driver)
        await driver.press("tab")
        assert "FAILED at payment" not in driver.text()
        await driver.press("tab")
        assert "FAILED at payment" in driver.text()
        await driver.press("tab", "q")
        assert not driver.screen.panes.open


async def test_moving_in_the_waterfall_marks_its_records_and_takes_the_log_along(tmp_path: Path) -> None:
    async with viewer(request(tmp_path)) as driver:
        content = await opened(driver)
        row = row_of(content.story, "payment")
        await go_to(driver, lambda ref: ref == row)
        await driver.settle()
        told = {record.key for record in content.story.records if record.service == "payment"}
        assert driver.screen.pane.echoes == told
        assert "▏" in driver.text()
        assert current(driver.screen.log_view).message == "charge started"
        assert not driver.screen.log_view.follow


async def test_moving_in_the_log_marks_the_record_and_its_row(tmp_path: Path) -> None:
    async with viewer(request(tmp_path)) as driver:
        content = await opened(driver)
        await driver.press("G", "enter")
        await driver.settle()
        await driver.press("k")
        record = current(driver.screen.log_view)
        assert record.message == "charge failed"
        assert driver.screen.pane.ref == record.key
        assert driver.screen.pane.echoes == {row_of(content.story, "payment")}


async def test_right_opens_a_stack_and_left_folds_it(tmp_path: Path) -> None:
    async with viewer(request(tmp_path)) as driver:
        content = await opened(driver)
        key = next(record.key for record in content.story.records if record.message == "charge failed")
        await go_to(driver, lambda ref: ref == key)
        await driver.press("right")
        assert "▾ stack (2)" in driver.text()
        assert "at payment/charge.py:81 in charge" in driver.text()
        await driver.press("left")
        assert "▸ stack (2)" in driver.text()


async def test_left_folds_what_a_row_called_and_right_unfolds_it(tmp_path: Path) -> None:
    async with viewer(request(tmp_path), size=(120, 50)) as driver:
        content = await opened(driver)
        parent = next(row for row in content.story.rows if row.children)
        shown = len(driver.screen.pane.lines)
        await go_to(driver, lambda ref: ref == parent.row_id)
        await driver.press("left")
        assert len(driver.screen.pane.lines) < shown
        assert driver.screen.pane.ref == parent.row_id
        await driver.press("right")
        assert len(driver.screen.pane.lines) == shown


async def test_the_story_grows_while_lines_arrive_and_ends(tmp_path: Path) -> None:
    now = [NOW_NS]
    path = tmp_path / "gateway.log"
    write(path, [json_line(130.0, "info", "gateway", "POST /orders started", trace_id=TRACE)])
    async with viewer([str(path)], clock_ns=lambda: now[0]) as driver:
        await driver.press("t")
        await driver.wait_for(lambda: not view(driver).busy, "the request")
        assert "still running" in driver.text()
        with path.open("a", encoding="utf-8") as file:
            file.write(json_line(130.5, "error", "gateway", "POST /orders 502", trace_id=TRACE) + "\n")
        await driver.wait_for(lambda: len(view(driver).story.records) == 2, "the new line")
        now[0] += 30 * 10**9
        await driver.wait_for(lambda: view(driver).story.finished, "its end")
        assert "finished" in driver.text()


async def test_a_pinned_request_is_never_sampled_out(tmp_path: Path) -> None:
    path = tmp_path / "gateway.log"
    write(path, [json_line(130.0, "info", "gateway", "POST /orders started", trace_id=TRACE)])
    async with viewer([str(path)], sample="1/1000000") as driver:
        await driver.press("t")
        await driver.wait_for(lambda: not view(driver).busy, "the request")
        with path.open("a", encoding="utf-8") as file:
            for number in range(20):
                file.write(
                    json_line(131.0 + number, "info", "gateway", f"noise {number}", trace_id=f"{number + 9:032x}")
                    + "\n"
                )
                file.write(json_line(131.1 + number, "info", "gateway", f"step {number}", trace_id=TRACE) + "\n")
        await driver.wait_for(lambda: len(view(driver).story.records) == 21, "all its lines")
        await driver.wait_for(lambda: "step 19" in driver.messages(), "its last line in the log")
        assert not any(message.startswith("noise") for message in driver.messages())


async def test_a_clock_that_is_off_is_told_corrected_by_a_key_and_put_back_by_it(tmp_path: Path) -> None:
    sources = request(tmp_path)
    late = Path(sources[1]).read_text("utf-8").replace("14:01:11", "14:00:41")
    Path(sources[1]).write_text(late, "utf-8")
    async with viewer(sources) as driver:
        story = (await opened(driver)).story
        assert "the clock of cart.log is 29.9 s behind that of gateway.log" in driver.text()
        assert [one.source for one in story.records[:3]] == ["cart.log", "cart.log", "gateway.log"]
        await driver.press("K")
        assert "clock of" not in driver.text()
        assert "cart.log clock +29.9 s" in driver.text()
        await driver.wait_for(lambda: not view(driver).busy, "the request, read again")
        first, second, third, *_ = view(driver).story.records
        assert [first.source, second.source, third.source] == ["cart.log", "gateway.log", "cart.log"]
        assert first.time_ns == second.time_ns == START_NS
        assert "29.900 s were added" in first.notes[0]
        await driver.press("escape", "escape")
        driver.screen.set_query("cart or gateway")
        await driver.settle()
        rows = [record for row in driver.screen.log_view.rows if (record := record_of(row)) is not None]
        assert [one.time_ns for one in rows] == sorted(one.time_ns or 0 for one in rows)
        assert sum(one.source == "cart.log" for one in rows) == 2
        driver.screen.set_query("")
        await opened(driver)
        await driver.press("K")
        assert "the clock of cart.log is 29.9 s behind" in driver.text()
        assert "clock +" not in driver.text()


async def test_a_line_without_an_id_gets_a_hint_and_no_pane(tmp_path: Path) -> None:
    async with viewer([write(tmp_path / "a.log", ["2026-11-23T14:00:00Z INFO nothing to see"])]) as driver:
        await driver.press("t")
        assert not driver.screen.panes.open
        (notice,) = driver.app._notifications
        assert "no request, correlation or trace id" in notice.message


async def test_escape_closes_the_request_and_stops_watching(tmp_path: Path) -> None:
    async with viewer(request(tmp_path)) as driver:
        content = await opened(driver)
        await driver.press("escape")
        assert not driver.screen.panes.open
        assert driver.screen.log_view.has_focus
        assert not content._pivot.open


async def test_a_record_that_the_filter_hides_is_told_and_named(tmp_path: Path) -> None:
    async with viewer(request(tmp_path), query="service:payment level:error") as driver:
        await driver.press("t")
        await driver.wait_for(lambda: not view(driver).busy, "the request")
        assert len(view(driver).story.records) == 6, "a filter thins the log, not the story"
        await driver.press("G", "enter")
        await driver.settle()
        assert any("filter hides this line" in notice.message for notice in driver.app._notifications)
        assert current(driver.screen.log_view).message == "charge failed"


async def test_s_saves_the_request_in_the_form_that_the_ending_names(tmp_path: Path) -> None:
    async with viewer(request(tmp_path)) as driver:
        await opened(driver)
        for suffix, expected in ((".md", "# POST /orders"), (".json", '"records"'), (".html", "<!doctype html>")):
            target = tmp_path / f"story{suffix}"
            await driver.press("s")
            driver.app.screen.query_one("Input").value = str(target)  # type: ignore[attr-defined]
            await driver.press("enter")
            await driver.wait_for(lambda target=target: target.exists() and target.read_text(), str(target))  # type: ignore[misc]
            assert expected.lower() in target.read_text().lower()
        told = json.loads((tmp_path / "story.json").read_text())
        assert [one["value"] for one in told["ids"] if one["kind"] == "trace"] == [TRACE]
        assert len(told["records"]) == 6


async def test_y_copies_the_record_or_of_a_row_the_id(tmp_path: Path) -> None:
    async with viewer(request(tmp_path)) as driver:
        content = await opened(driver)
        await go_to(driver, lambda ref: ref == content.story.rows[0].row_id)
        await driver.press("y")
        assert driver.app.clipboard in {one.value for one in content.story.ids}
        await driver.press("G", "y")
        assert "POST /orders 502" in driver.app.clipboard


async def test_the_pane_is_resized_and_follows_the_screen(tmp_path: Path) -> None:
    async with viewer(request(tmp_path), size=(120, 40)) as driver:
        await opened(driver)
        height = driver.screen.pane.size.height
        await driver.press("right_square_bracket")
        assert driver.screen.pane.size.height > height
        await driver.press("left_square_bracket", "left_square_bracket")
        assert driver.screen.pane.size.height < height
        await driver.pilot.resize_terminal(80, 24)
        await driver.settle()
        assert not driver.screen.log_view.display
        assert "FAILED at payment" in driver.text()
        assert all(len(line) <= 80 for line in driver.text().split("\n"))
        await driver.pilot.resize_terminal(120, 40)
        await driver.settle()
        assert driver.screen.log_view.display
        assert "FAILED at payment" in driver.text()
        await driver.pilot.resize_terminal(200, 40)
        await driver.settle()
        assert driver.screen.pane.region.x > 60, "beside the log, where there is room for both"
        assert "FAILED at payment" in driver.text()


async def test_errors_in_groups_lead_to_a_request_and_back(tmp_path: Path) -> None:
    async with viewer(request(tmp_path)) as driver:
        await driver.press("x")
        assert "Declined: no" in driver.text()
        await driver.press("enter")
        await driver.wait_for(lambda: isinstance(driver.screen.panes.content, RequestView), "the request")
        await driver.settle()
        assert "FAILED at payment" in driver.text()
        await driver.press("escape")
        assert "Errors" in driver.text()
        assert "Declined: no" in driver.text()
        await driver.press("escape")
        assert not driver.screen.panes.open


async def test_no_errors_is_said(tmp_path: Path) -> None:
    async with viewer([write(tmp_path / "a.log", [json_line(1, "info", "s", "fine")])]) as driver:
        await driver.press("x")
        assert "no error found" in driver.text()


async def test_a_facet_becomes_a_filter(tmp_path: Path) -> None:
    async with viewer(shop(tmp_path)) as driver:
        await driver.press("f")
        assert "gateway" in driver.text()
        driver.screen.pane.select("level:error")
        await driver.press("enter")
        assert driver.messages() == [f"charge {number}" for number in range(0, 200, 10)]


async def test_a_time_of_the_histogram_leads_to_the_log(tmp_path: Path) -> None:
    async with viewer(shop(tmp_path)) as driver:
        await driver.press("i")
        await driver.press("G", "enter")
        await driver.settle()
        assert current(driver.screen.log_view).message == "request 0 in"
        assert not driver.screen.log_view.follow


async def test_help_shows_every_key_on_one_screen_and_closes_to_what_was_there(tmp_path: Path) -> None:
    async with viewer(request(tmp_path), size=(80, 24)) as driver:
        await opened(driver)
        await driver.press("question_mark")
        text = driver.text()
        for key in ("PgDn", "Tab", "n N", "1 2 3 4 5 6", "^l", "m '", "[ ]", "next, previous match"):
            assert key in text
        await driver.press("escape")
        assert "FAILED at payment" in driver.text()


async def test_a_click_chooses_a_line_in_pane_and_log(tmp_path: Path) -> None:
    async with viewer(request(tmp_path)) as driver:
        content = await opened(driver)
        pane = driver.screen.pane
        wanted = content.story.records[0].key
        y = next(y for y, line in enumerate(driver.text().split("\n")) if "POST /orders started" in line and y > 20)
        await driver.pilot.click("#pane", offset=(5, y - pane.region.y))
        assert pane.ref == wanted
        await driver.pilot.click("#log", offset=(30, 2))
        assert driver.screen.log_view.has_focus
        assert driver.text().split("\n")[4].startswith("▌")


async def test_the_wheel_scrolls_the_log_and_its_end_is_followed_again(tmp_path: Path) -> None:
    async with viewer(shop(tmp_path)) as driver:
        log = driver.screen.log_view
        lowest = log.top
        log.on_mouse_scroll_up()
        await driver.settle()
        assert log.top == lowest - 3
        assert "PAUSED" in driver.text()
        log.on_mouse_scroll_down()
        await driver.settle()
        assert log.top == lowest
        assert "FOLLOW" in driver.text()


async def test_wrapped_and_shifted_lines_keep_the_current_one_in_sight(tmp_path: Path) -> None:
    long = [json_line(number, "info", "s", f"start {number} " + "word " * 80 + f"end {number}") for number in range(60)]
    async with viewer([write(tmp_path / "long.log", long)], size=(80, 24)) as driver:
        await driver.press("z")
        assert "end 59" in driver.text()
        driver.screen.log_view.move(-29)
        await driver.press("k")
        assert "start 29 " in driver.text()
        assert "▌" in driver.text()
        driver.screen.log_view.toggle_wrap()
        driver.screen.log_view.sideways(384)
        await driver.press("right")
        assert "end 29" in driver.text()
        driver.screen.log_view.sideways(-384)
        await driver.press("left")
        assert "start 29 " in driver.text()


async def test_the_palette_offers_every_action_by_name(tmp_path: Path) -> None:
    async with viewer(shop(tmp_path)) as driver:
        await driver.press("colon")
        await driver.type("errors in groups")
        await driver.pilot.pause(0.3)
        await driver.pilot.press("enter")
        await driver.wait_for(
            lambda: driver.screen.panes.open, "the errors"
        ) if driver.app.screen is driver.app.screen_stack[0] else None
        await driver.pilot.pause()
        await driver.settle()
        assert "Errors" in driver.text()


async def test_the_chosen_line_says_by_which_id_and_which_record_it_belongs(tmp_path: Path) -> None:
    async with viewer(request(tmp_path)) as driver:
        content = await opened(driver)
        cart = next(one for one in content.story.records if one.message.startswith("loading the cart"))
        await go_to(driver, lambda ref: ref == cart.key)
        assert "here by request 0af7…9c · linked to trace 4bf9…36 by gateway.log at 14:01:11.000" in driver.text()
        charge = next(one for one in content.story.records if one.message == "charge started")
        await go_to(driver, lambda ref: ref == charge.key)
        assert "here by trace 4bf9…36, which was asked for" in driver.text()


async def test_a_link_is_cut_with_c_and_put_back_with_capital_c(tmp_path: Path) -> None:
    async with viewer(request(tmp_path)) as driver:
        content = await opened(driver)
        cart = next(one for one in content.story.records if one.message.startswith("loading the cart"))
        await go_to(driver, lambda ref: ref == cart.key)
        await driver.press("c")
        await driver.wait_for(lambda: len(view(driver).story.records) == 4, "the cart's lines to leave")
        assert "was cut off" in driver.text()
        await driver.press("C")
        await driver.wait_for(lambda: len(view(driver).story.records) == 6, "the cart's lines to come back")
        assert "was cut off" not in driver.text()


async def test_what_was_asked_for_is_not_cut_when_nothing_else_is_left(tmp_path: Path) -> None:
    async with viewer(request(tmp_path)) as driver:
        content = await opened(driver)
        charge = next(one for one in content.story.records if one.message == "charge started")
        await go_to(driver, lambda ref: ref == charge.key)
        await driver.press("c")
        assert any("without it nothing would be left" in one.message for one in driver.app._notifications)
        assert len(view(driver).story.records) == 6
