"""The log pane under the keys: what a person presses, what stands there then."""

from __future__ import annotations

import asyncio
import json
import re
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from tests.views.driver import NOW_NS, Driver, record_of, viewer
from tui.session.budget import Step
from tui.session.live import Arrived
from tui.session.viewing import Change
from tui.store.order import Entry
from tui.values import replace
from tui.views import finding

KEYS = {":": "colon", " ": "space", "-": "minus", "+": "plus"}


def json_line(second: float, level: str, service: str, message: str, **fields: object) -> str:
    stamp = f"2026-11-23T14:{int(second) // 60:02d}:{second % 60:06.3f}Z"
    return json.dumps({"time": stamp, "level": level, "service": service, "msg": message, **fields})


def write(path: Path, lines: list[str]) -> str:
    path.write_text("".join(line + "\n" for line in lines), "utf-8")
    return str(path)


def shop(folder: Path, count: int = 200) -> list[str]:
    """Two files, merged in time; every tenth line of b is an error, every seventh of a a warning."""
    a, b = [], []
    for number in range(count):
        request = f"{number // 4:032x}".replace("0", "a")
        level = "warn" if number % 7 == 0 else "info"
        a.append(json_line(number * 0.1, level, "gateway", f"request {number} in", trace_id=request))
        level = "error" if number % 10 == 0 else "debug"
        b.append(json_line(number * 0.1 + 0.05, level, "payment", f"charge {number}", trace_id=request, amount=number))
    return [write(folder / "a.log", a), write(folder / "b.log", b)]


async def test_the_newest_lines_of_all_files_are_shown_in_time_order(tmp_path: Path) -> None:
    async with viewer(shop(tmp_path)) as driver:
        assert driver.messages()[-4:] == ["request 198 in", "charge 198", "request 199 in", "charge 199"]
        assert "FOLLOW" in driver.text()


async def test_g_shows_the_oldest_and_G_the_newest_line(tmp_path: Path) -> None:
    async with viewer(shop(tmp_path)) as driver:
        await driver.press("g")
        assert driver.screen.log_view.record is not None
        assert driver.screen.log_view.record.message == "request 0 in"
        assert "PAUSED" in driver.text()
        await driver.press("G")
        assert driver.screen.log_view.record.message == "charge 199"
        assert "FOLLOW" in driver.text()


async def test_a_pause_while_the_end_is_being_read_holds(tmp_path: Path) -> None:
    async with viewer(shop(tmp_path, 5000)) as driver:
        await driver.press("g")
        # both before anything that was read for the first can be taken in
        driver.screen.run_command("follow")
        place = driver.screen.log_view.record
        driver.screen.run_command("follow")
        await driver.settle()
        assert driver.screen.log_view.record == place
        assert "PAUSED" in driver.text()
        await driver.press("F")
        assert driver.messages()[-1] == "charge 4999"
        assert "FOLLOW" in driver.text()


async def test_T_goes_to_a_time_and_amounts_count_from_the_current_line(tmp_path: Path) -> None:
    async with viewer(shop(tmp_path, 5000)) as driver:

        async def go(text: str) -> str:
            await driver.press("T")
            await driver.pilot.press(*(KEYS.get(letter, letter) for letter in text), "enter")
            await driver.settle()
            record = driver.screen.log_view.record
            assert record is not None
            return record.message

        assert await go("14:01:40") == "request 1000 in"
        assert await go("2026-11-23 14:05:00") == "request 3000 in"
        assert await go("-1m") == "request 2400 in"
        assert await go("+10s") == "request 2500 in"
        assert await go("some day") == "request 2500 in"
        assert any("some day is no time" in one.message for one in driver.app._notifications)
        assert await go("13:00") == "request 0 in"
        assert await go("16:00") == "charge 4999"


@pytest.mark.parametrize(
    ("since", "message"),
    [("14:01:40", "request 1000 in"), ("2026-11-23T14:00:10Z", "request 100 in"), ("-8000d", "request 0 in")],
)
async def test_since_opens_at_a_time(tmp_path: Path, since: str, message: str) -> None:
    async with viewer(shop(tmp_path, 5000), since=since) as driver:
        assert driver.screen.log_view.record is not None
        assert driver.screen.log_view.record.message == message
        assert "PAUSED" in driver.text()
        await driver.press("k", "j", "G")
        assert driver.messages()[-1] == "charge 4999"
        assert "FOLLOW" in driver.text()


async def test_since_holds_for_a_source_that_comes_later_and_the_place_for_who_has_moved(tmp_path: Path) -> None:
    stamps = [f"2026-11-23T14:00:{second:02d}Z" for second in range(60)]
    late = [json.dumps({"time": stamp, "level": "info", "msg": f"late {stamp[17:19]}"}) for stamp in stamps]
    shop(tmp_path, 600)
    async with viewer([str(tmp_path)], since="14:00:20.06") as driver:
        log = driver.screen.log_view
        assert log.record is not None
        assert log.record.message == "request 201 in"
        write(tmp_path / "late.log", [late[20].replace(":20Z", ":20.07Z"), *late[21:]])
        await driver.wait_for(lambda: log.record is not None and log.record.message == "late 20", "the late file")
        await driver.press("j", "j", "j")
        place = log.record
        write(tmp_path / "later.log", late)
        await driver.wait_for(lambda: len(driver.session.tracks_now()) == 4, "the later file")
        await driver.settle()
        assert log.record == place
        assert "PAUSED" in driver.text()


async def test_scrolling_up_reads_all_there_is_and_keeps_the_place(tmp_path: Path) -> None:
    async with viewer(shop(tmp_path, 2000)) as driver:
        for _ in range(20):
            for _ in range(20):
                driver.screen.run_command("up")
            await driver.settle()
        record = driver.screen.log_view.record
        assert record is not None
        assert record.message == "charge 1799"
        await driver.press("j")
        assert driver.screen.log_view.record is not None
        assert driver.screen.log_view.record.message == "request 1800 in"


async def test_typing_filters_at_once_and_escape_gives_back(tmp_path: Path) -> None:
    async with viewer(shop(tmp_path)) as driver:
        await driver.press("slash")
        await driver.type("level:error service:pay*")
        assert driver.messages() == [f"charge {number}" for number in range(0, 200, 10)]
        assert "20 of 400" in driver.text()
        await driver.press("escape")
        await driver.press("escape")
        assert len(driver.messages()) >= 120
        assert driver.screen.query_bar.text == ""


def charges(folder: Path, count: int) -> str:
    """Every fourth charge has no amount."""
    fields = [{"amount": number} if number % 4 else {} for number in range(count)]
    return write(
        folder / "c.log", [json_line(at * 0.01, "info", "pay", "charge", **one) for at, one in enumerate(fields)]
    )


async def test_lines_that_lack_a_field_of_the_query_are_told(tmp_path: Path) -> None:
    async with viewer([charges(tmp_path, 400)]) as driver:
        await driver.press("slash")
        await driver.type("charge amount>=200")
        assert "150 of 400 · 100 lack amount" in driver.text()


async def test_of_many_lines_it_is_told_of_the_newest_what_they_lack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.query.counts.ASKED_LINES", 2_000)
    async with viewer([charges(tmp_path, 8_000)]) as driver:
        await driver.press("slash")
        await driver.type("charge amount>=200")
        await driver.wait_for(lambda: re.search(r"5,850 of 8,000 · [\d,]+ of", driver.text()), "all counts")
        found = re.search(r"([\d,]+) of ([\d,]+) lack amount", driver.text())
        assert found is not None
        lacking, asked = (int(text.replace(",", "")) for text in found.groups())
        assert 2_000 <= asked < 8_000
        assert abs(lacking - asked / 4) <= 2


async def test_a_mistake_in_the_query_is_shown_with_its_place_and_keeps_the_rows(tmp_path: Path) -> None:
    async with viewer(shop(tmp_path)) as driver:
        await driver.press("slash")
        await driver.type("charge (")
        assert "▲" in driver.text()
        assert all("charge" in message for message in driver.messages())


async def test_highlight_keeps_all_lines_and_n_goes_from_match_to_match(tmp_path: Path) -> None:
    async with viewer(shop(tmp_path), query="charge amount:<30", hide=False) as driver:
        assert "request 199 in" in driver.messages()
        await driver.press("N")
        assert driver.screen.log_view.record is not None
        assert driver.screen.log_view.record.message == "charge 29"
        await driver.press("N")
        assert driver.screen.log_view.record.message == "charge 28"
        await driver.press("n")
        assert driver.screen.log_view.record.message == "charge 29"


async def test_e_and_w_jump_to_trouble_far_away(tmp_path: Path) -> None:
    lines = [
        json_line(number * 0.01, "error" if number == 3 else "info", "s", f"line {number}") for number in range(5000)
    ]
    async with viewer([write(tmp_path / "far.log", lines)]) as driver:
        await driver.press("E")
        assert driver.screen.log_view.record is not None
        assert driver.screen.log_view.record.message == "line 3"
        await driver.press("e")
        assert driver.screen.log_view.record.message == "line 3", "there is no further error; the place stays"


async def test_digits_choose_the_least_level(tmp_path: Path) -> None:
    async with viewer(shop(tmp_path)) as driver:
        await driver.press("5")
        assert driver.messages() == [f"charge {number}" for number in range(0, 200, 10)]
        assert "error+" in driver.text()
        await driver.press("4")
        assert "request 196 in" in driver.messages()
        await driver.press("1")
        assert "charge 199" in driver.messages()


async def test_enter_shows_all_fields_and_a_field_becomes_a_filter(tmp_path: Path) -> None:
    async with viewer(shop(tmp_path)) as driver:
        await driver.press("enter")
        text = driver.text()
        assert "amount" in text
        assert "trace id" in text
        await driver.press("enter")
        driver.screen.pane.select(("amount", "199"))
        await driver.press("enter")
        assert driver.messages() == ["charge 199"]
        assert driver.screen.query_bar.text == 'amount:"199"'


async def test_new_lines_appear_while_following_and_wait_while_paused(tmp_path: Path) -> None:
    sources = shop(tmp_path)
    async with viewer(sources) as driver:
        with open(sources[0], "a", encoding="utf-8") as file:
            file.write(json_line(30, "info", "gateway", "fresh one") + "\n")
        await driver.wait_for(lambda: driver.messages()[-1] == "fresh one", "the new line")
        await driver.press("k", "k", "k")
        place = driver.screen.log_view.record
        with open(sources[0], "a", encoding="utf-8") as file:
            file.write(json_line(31, "info", "gateway", "fresh two") + "\n")
        await driver.wait_for(lambda: driver.messages()[-1] == "fresh two", "the second line")
        assert driver.screen.log_view.record == place
        await driver.press("G")
        assert driver.screen.log_view.record is not None
        assert driver.screen.log_view.record.message == "fresh two"


async def test_a_late_line_goes_to_its_place_in_time(tmp_path: Path) -> None:
    sources = shop(tmp_path)
    async with viewer(sources) as driver:
        with open(sources[0], "a", encoding="utf-8") as file:
            file.write(json_line(19.86, "info", "gateway", "late one") + "\n")
        await driver.wait_for(lambda: "late one" in driver.messages(), "the late line")
        assert driver.messages()[-3:] == ["late one", "request 199 in", "charge 199"]


def in_last_row(driver: Driver, wanted: str) -> bool:
    record = record_of(driver.screen.log_view.rows[-1])
    return record is not None and wanted in record.raw


async def test_a_stack_trace_that_arrives_in_parts_stays_one_row(tmp_path: Path) -> None:
    path = tmp_path / "py.log"
    path.write_text("2026-11-23 14:00:00,000 INFO start\n", "utf-8")
    async with viewer([str(path)]) as driver:
        parts = [
            "2026-11-23 14:00:01,000 ERROR broken\nTraceback (most recent call last):\n",
            '  File "a.py", line 1, in f\n',
            "ValueError: no\n",
        ]
        for part in parts:
            with path.open("a", encoding="utf-8") as file:
                file.write(part)
            wanted = part.split("\n")[-2]
            await driver.wait_for(partial(in_last_row, driver, wanted), wanted)
        assert len(driver.screen.log_view.rows) == 2
        assert "ValueError: no" in driver.text()


async def test_nothing_secret_is_on_the_screen_and_masks_are_counted(tmp_path: Path) -> None:
    line = json_line(1, "info", "s", "mail to jane.doe@example.com", password="hunter" + "2 and more")
    async with viewer([write(tmp_path / "s.log", [line])]) as driver:
        await driver.press("enter")
        text = driver.text()
        assert "jane.doe" not in text
        assert "hunter2" not in text
        assert "[email#" in text
        assert "redacted 2" in text


async def test_a_hostile_line_is_shown_and_not_obeyed(tmp_path: Path) -> None:
    path = tmp_path / "evil.log"
    path.write_bytes(b"before\n\x1b]0;owned\x07\x1b[2J[/red] [@click=app.quit]x[/] \xe2\x80\xae\x9b31m \xff\nafter\n")
    async with viewer([str(path)]) as driver:
        text = driver.text()
        assert "\x1b" not in text
        assert "before" in text
        assert "after" in text
        await driver.press("enter")
        assert "\x1b" not in driver.text()


async def test_copy_gives_the_redacted_line(tmp_path: Path) -> None:
    line = json_line(1, "info", "s", "mail to jane.doe@example.com")
    async with viewer([write(tmp_path / "s.log", [line])]) as driver:
        await driver.press("y")
        assert "mail to [email#" in driver.app.clipboard
        assert "jane" not in driver.app.clipboard


async def test_save_writes_what_is_shown_and_never_over_a_file(tmp_path: Path) -> None:
    async with viewer(shop(tmp_path), query="level:error") as driver:
        target = tmp_path / "out.log"
        await driver.press("s")
        driver.app.screen.query_one("Input").value = str(target)  # type: ignore[attr-defined]
        await driver.press("enter")
        await driver.wait_for(target.exists, "the file")
        await driver.wait_for(lambda: target.read_text().count("\n") == 20, "all lines")
        await driver.press("s")
        driver.app.screen.query_one("Input").value = str(target)  # type: ignore[attr-defined]
        await driver.press("enter")
        assert target.read_text().count("\n") == 20


async def test_marks_are_gone_round(tmp_path: Path) -> None:
    async with viewer(shop(tmp_path)) as driver:
        await driver.press("k", "k", "m", "k", "k", "k", "m", "G", "apostrophe")
        first = driver.screen.log_view.key
        await driver.press("apostrophe")
        second = driver.screen.log_view.key
        await driver.press("apostrophe")
        assert driver.screen.log_view.key == first
        assert first != second
        assert {first, second} == driver.screen.log_view.marks


async def test_keys_that_come_faster_than_the_screen_are_taken_in_order(tmp_path: Path) -> None:
    async with viewer(shop(tmp_path)) as driver:
        await driver.pilot.press("slash", "f", "x", "i", "q", "enter", "escape")
        await driver.settle()
        assert driver.screen.query_bar.text in ("fxiq", "")
        assert not driver.screen.panes.open


async def test_an_empty_view_says_what_to_do(tmp_path: Path) -> None:
    async with viewer(shop(tmp_path), query="nothing_like_this") as driver:
        assert "no line matches" in driver.text()
        assert "Esc clears" in driver.text()


async def test_a_missing_file_is_a_state_and_not_an_end(tmp_path: Path) -> None:
    path = tmp_path / "later.log"
    async with viewer([str(path)]) as driver:
        assert "later.log" in driver.text()
        path.write_text("here it is\n", "utf-8")
        await driver.wait_for(lambda: "here it is" in driver.messages(), "the file")


async def test_sampling_is_shown_live_and_keeps_errors(tmp_path: Path) -> None:
    path = tmp_path / "busy.log"
    path.write_text(json_line(0, "info", "s", "start") + "\n", "utf-8")
    async with viewer([str(path)], sample="1/1000000") as driver:
        with path.open("a", encoding="utf-8") as file:
            for number in range(50):
                level = "error" if number == 20 else "info"
                file.write(
                    json_line(1 + number, level, "s", f"tick {number}", trace_id=f"{number + 1:02x}" * 16) + "\n"
                )
        await driver.wait_for(lambda: "tick 20" in driver.messages(), "the error")
        await driver.wait_for(lambda: "sampled out" in driver.text(), "the notice")
        await driver.wait_for(lambda: "sampled 49" in driver.text(), "the count")


async def test_lines_without_a_time_in_a_file_keep_their_order(tmp_path: Path) -> None:
    path = tmp_path / "plain.log"
    path.write_text("".join(f"plain {number}\n" for number in range(300)), "utf-8")
    async with viewer([str(path)], clock_ns=lambda: NOW_NS) as driver:
        await driver.press("g")
        assert driver.messages()[:3] == ["plain 0", "plain 1", "plain 2"]


async def test_the_counts_keep_up_with_lines_and_files_that_come(tmp_path: Path) -> None:
    sources = shop(tmp_path)
    async with viewer([str(tmp_path)], query="level:error") as driver:
        assert "20 of 400" in driver.text()
        with open(sources[0], "a", encoding="utf-8") as file:
            file.write(json_line(30, "error", "gateway", "fresh error") + "\n")
            file.write(json_line(31, "info", "gateway", "fresh info") + "\n")
        await driver.wait_for(lambda: "21 of 402" in driver.text(), "the counts")
        write(tmp_path / "c.log", [json_line(32, "error", "mail", "new file")])
        await driver.wait_for(lambda: "22 of 403" in driver.text(), "the counts with the new file")
        await driver.wait_for(lambda: driver.messages()[-1] == "new file", "the line of the new file")


async def test_counting_that_the_budget_has_no_room_for_is_said_to_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "COUNT_SLICE_S", -1.0)
    async with viewer(shop(tmp_path)) as driver:
        driver.session.keep_to(Step(background=False))
        await driver.pilot.press("slash", *"charge")
        await driver.wait_for(lambda: "counting paused" in driver.text(), "the word for it")
        assert "0 of 0" not in driver.text()
        driver.session.keep_to(Step())
        await driver.wait_for(lambda: "200 of 400" in driver.text(), "the counts")
        assert "counting paused" not in driver.text()


async def test_the_newest_line_is_seen_when_very_many_came_while_the_end_was_being_read(tmp_path: Path) -> None:
    async with viewer(shop(tmp_path)) as driver:
        viewing, log = driver.screen.viewing, driver.screen.log_view
        last = log.rows[-1]
        assert isinstance(last, Entry)
        assert last.record is not None
        many = [
            Entry(last.time_ns, last.track, last.offset + number, replace(last.record, message=f"late {number}"))
            for number in range(1, 26_001)
        ]
        await driver.press("g")
        log.edge(last=True)
        viewing.arrive(Arrived(many[:20_000]), Change())
        while viewing.loading:
            change = viewing.take_in()
            viewing.arrive(Arrived([] if viewing.loading else many[20_000:]), change)
            log.taken_in(change)
        await driver.settle()
        assert driver.messages()[-1] == "late 26000"
        assert "late 26000" in driver.text()
        assert "FOLLOW" in driver.text()


async def test_of_a_flood_some_lines_are_drawn_and_all_are_there_when_somebody_moves(tmp_path: Path) -> None:
    path = tmp_path / "flood.log"
    path.write_text(json_line(0, "info", "s", "start") + "\n", "utf-8")

    async def write() -> None:
        with path.open("a", encoding="utf-8") as file:
            for number in count():
                file.write(json_line(1 + number / 1000, "info", "s", f"tick {number}") + "\n")
                if number % 50 == 0:
                    file.flush()
                    await asyncio.sleep(0.02)

    async with viewer([str(path)], sample="off") as driver:
        writing = asyncio.create_task(write())
        try:
            await driver.wait_for(lambda: "┆" in driver.text() and "drawn" in driver.text(), "a flood")
            await driver.pilot.press("up")
            await driver.wait_for(lambda: "PAUSED" in driver.text(), "the pause")
        finally:
            writing.cancel()
        numbers = [int(number) for number in re.findall(r"tick (\d+)", driver.text())]
        assert len(numbers) > 30
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        assert "┆" not in driver.text()
