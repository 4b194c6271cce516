"""A viewer on real files with a fixed clock, driven by keys; waits for conditions, never for times."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from textual.pilot import Pilot

from tui.query.results import Row
from tui.record import Record
from tui.redaction.redactor import Redactor
from tui.session.session import Session
from tui.session.usage import Usage
from tui.settings import Settings
from tui.sources.spec import parse_spec
from tui.store.order import Entry
from tui.views.app import TracetailApp
from tui.views.main_screen import MainScreen

NOW_NS = 1_795_442_531_000_000_000
"""2026-11-23 14:02:11 UTC."""


class FixedUsage(Usage):
    """Costs that are the same on every machine."""

    def cpu_percent(self) -> float:
        return 2.1

    @staticmethod
    def memory_mib() -> float:
        return 54.0


def record_of(row: Row) -> Record | None:
    """The record of a row; None for a notice."""
    return row.record if isinstance(row, Entry) else None


@dataclass
class Driver:
    """One running viewer."""

    app: TracetailApp
    pilot: Pilot[int]
    session: Session

    @property
    def screen(self) -> MainScreen:
        assert isinstance(self.app.screen, MainScreen)
        return self.app.screen

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def type(self, text: str) -> None:
        names = {
            "*": "asterisk",
            " ": "space",
            ":": "colon",
            "/": "slash",
            "(": "left_parenthesis",
            ")": "right_parenthesis",
            '"': "quotation_mark",
        }
        await self.pilot.press(*(names.get(letter, letter) for letter in text))
        await self.settle()

    async def wait_for(self, condition: Callable[[], Any], what: str = "", seconds: float = 20.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"waited in vain for {what or condition}\n{self.text()}")
            self.screen.tick()
            await self.pilot.pause(0.02)

    async def settle(self) -> None:
        """Until nothing is being read any more."""
        await self.pilot.pause()
        deadline = time.monotonic() + 20
        quiet = 0
        while quiet < 3 and time.monotonic() < deadline:
            if isinstance(self.app.screen, MainScreen):
                self.app.screen.tick()
                viewing = self.screen.viewing
                busy = viewing.loading or viewing.waiting or not self.session.settled() or self.screen.busy
            else:
                busy = False
            quiet = 0 if busy else quiet + 1
            await self.pilot.pause(0.01)
        if isinstance(self.app.screen, MainScreen):
            # what a person sees within a second
            self.screen.draw_chrome()
            await self.pilot.pause()

    def text(self) -> str:
        """The screen as lines of text."""
        lines = []
        for strips in self.app.screen._compositor.render_strips():
            lines.append("".join(segment.text for segment in strips).rstrip())
        return "\n".join(lines)

    def messages(self) -> list[str]:
        """Messages of the rows that are held, in order."""
        rows = self.screen.log_view.rows
        return [record.message for row in rows if (record := getattr(row, "record", None)) is not None]


@asynccontextmanager
async def viewer(
    sources: Sequence[str],
    *,
    size: tuple[int, int] = (120, 40),
    clock_ns: Callable[[], int] = lambda: NOW_NS,
    **settings: Any,
) -> AsyncIterator[Driver]:
    """Open the viewer on files; nothing is left running afterwards.

    Waiting for conditions costs more than the budget allows: with one, what counts in the background would starve.
    """
    redactor = Redactor(b"k" * 32)
    settings = {"budget": "off", **settings}
    session = Session([parse_spec(one) for one in sources], Settings(**settings), redactor=redactor, clock_ns=clock_ns)
    app = TracetailApp(session, usage=FixedUsage())
    session.start()
    try:
        async with app.run_test(size=size) as pilot:
            driver = Driver(app, pilot, session)
            await driver.wait_for(
                lambda: (
                    len(session.tracks)
                    or not sources
                    or any(one.status.state.value in ("failed", "retrying") for one in session.sources.values())
                ),
                "sources",
            )
            await driver.settle()
            yield driver
    finally:
        session.stop()
        await asyncio.sleep(0)
