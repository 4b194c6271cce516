"""Pictures of every screen on the demo shop's logs, kept in snapshots/; look at the change before accepting one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.views.driver import NOW_NS, Driver, FixedUsage
from tests.views.shop import write_shop
from tui.redaction.redactor import Redactor
from tui.session.session import Session
from tui.settings import Settings
from tui.sources.spec import parse_spec
from tui.views.app import TracetailApp

Act = Callable[[Driver], Awaitable[None]]
WIDE = (120, 40)
SMALL = (80, 24)
VARIANTS = {
    "120x40-dark": (WIDE, "dark"),
    "80x24-dark": (SMALL, "dark"),
    "120x40-light": (WIDE, "light"),
    "120x40-ansi": (WIDE, "ansi"),
    "80x24-light": (SMALL, "light"),
    "120x40-plain": (WIDE, "plain"),
}
DARK = ("120x40-dark",)
BOTH_SIZES = ("120x40-dark", "80x24-dark")
ALL = tuple(VARIANTS)

every = pytest.mark.parametrize("variant", ALL)
both_sizes = pytest.mark.parametrize("variant", BOTH_SIZES)
dark = pytest.mark.parametrize("variant", DARK)


@pytest.fixture
def picture(snap_compare: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., bool]:
    """Whether the screen after some keys looks as agreed."""

    def compare(variant: str, act: Act, sources: list[str] | None = None, **chosen: Any) -> bool:
        size, theme = VARIANTS[variant]
        if theme == "plain":
            monkeypatch.setenv("NO_COLOR", "1")
        else:
            chosen["theme"] = theme
        with session(write_shop(tmp_path) if sources is None else sources, chosen) as opened:
            app = TracetailApp(opened, usage=FixedUsage())

            async def drive(pilot: Pilot[int]) -> None:
                driver = Driver(app, pilot, opened)
                while not driver.screen.commands:
                    await pilot.pause(0.01)
                await driver.wait_for(
                    lambda: len(opened.tracks) == len(opened.sources) or sources is not None, "sources"
                )
                await driver.settle()
                await act(driver)
                await driver.settle()

            return bool(snap_compare(app, terminal_size=size, run_before=drive))

    return compare


@contextmanager
def session(sources: list[str], chosen: dict[str, Any]) -> Iterator[Session]:
    opened = Session(
        [parse_spec(one) for one in sources],
        Settings(**chosen),
        redactor=Redactor(b"k" * 32),
        clock_ns=lambda: NOW_NS,
    )
    opened.start()
    try:
        yield opened
    finally:
        opened.stop()


async def nothing(driver: Driver) -> None:
    """The screen as it comes."""


def keys(*pressed: str) -> Act:
    async def act(driver: Driver) -> None:
        await driver.press(*pressed)

    return act


async def go_to_failure(driver: Driver) -> None:
    """Choose the answer of an order that failed and is over."""
    log = driver.screen.log_view
    found = [
        row.key
        for row in log.rows
        if (record := getattr(row, "record", None)) is not None and record.message.startswith("POST /orders 502")
    ]
    assert log.select(found[0])
    await driver.settle()


async def request(driver: Driver) -> None:
    await go_to_failure(driver)
    await driver.press("t")
    await driver.wait_for(lambda: not driver.screen.panes.busy, "the request")


@every
def test_tail(picture: Callable[..., bool], variant: str) -> None:
    assert picture(variant, nothing)


@every
def test_request(picture: Callable[..., bool], variant: str) -> None:
    assert picture(variant, request)


@both_sizes
def test_filter(picture: Callable[..., bool], variant: str) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("slash")
        await driver.type("level>=warn charge")

    assert picture(variant, act)


@pytest.mark.parametrize("variant", ["120x40-dark", "80x24-light", "120x40-plain"])
def test_mistake_in_the_query(picture: Callable[..., bool], variant: str) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("slash")
        await driver.type("level>=warn and (service:pay* or")

    assert picture(variant, act)


@both_sizes
def test_detail(picture: Callable[..., bool], variant: str) -> None:
    async def act(driver: Driver) -> None:
        await go_to_failure(driver)
        await driver.press("E", "enter")
        await driver.wait_for(lambda: driver.screen.panes.open, "the detail")

    assert picture(variant, act)


@both_sizes
def test_errors(picture: Callable[..., bool], variant: str) -> None:
    assert picture(variant, keys("x"))


@dark
def test_facets(picture: Callable[..., bool], variant: str) -> None:
    assert picture(variant, keys("f"))


@dark
def test_histogram(picture: Callable[..., bool], variant: str) -> None:
    assert picture(variant, keys("i"))


@both_sizes
def test_help(picture: Callable[..., bool], variant: str) -> None:
    assert picture(variant, keys("question_mark"))


@dark
def test_no_match(picture: Callable[..., bool], variant: str) -> None:
    assert picture(variant, nothing, query="durations>5s")


@both_sizes
def test_save(picture: Callable[..., bool], variant: str) -> None:
    async def act(driver: Driver) -> None:
        await request(driver)
        await driver.press("s")

    assert picture(variant, act)


@dark
def test_wrapped_lines_and_marks(picture: Callable[..., bool], variant: str) -> None:
    async def act(driver: Driver) -> None:
        await go_to_failure(driver)
        await driver.press("m", "k", "k", "k", "m", "z")

    assert picture(variant, act)


@both_sizes
def test_request_of_a_line_in_the_log(picture: Callable[..., bool], variant: str) -> None:
    """Enter in the story: the log shows the record in its place."""

    async def act(driver: Driver) -> None:
        await request(driver)
        await driver.press("k", "k", "k", "enter")

    assert picture(variant, act)


@dark
def test_request_beside_the_log(picture: Callable[..., bool], variant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VARIANTS, variant, ((200, 45), "dark"))
    assert picture(variant, request)


def test_picture_of_the_readme(picture: Callable[..., bool], monkeypatch: pytest.MonkeyPatch) -> None:
    """The log above, one request's story below: the failing service chosen, its records marked."""

    async def act(driver: Driver) -> None:
        await request(driver)
        await driver.press("right_square_bracket", "g")
        rows = [line for line, (_, ref) in enumerate(driver.screen.pane.lines) if isinstance(ref, str)]
        await driver.press(*["j"] * (len(rows) - 3))

    monkeypatch.setitem(VARIANTS, "readme", ((120, 42), "dark"))
    assert picture("readme", act)
