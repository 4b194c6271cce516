"""The choke point: secrets of every kind in the logs, every way out walked, and none of them found there.

The ways out: screen and first screen, detail, timeline, errors, counts, clipboard, saved files, the query line,
notifications, the window's title, what is kept on disk, crash reports, and what the plain commands print.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

import pytest
from click.testing import CliRunner
from rich.segment import Segments
from textual.app import App

from tests.redaction.corpus import secrets as made
from tests.views.driver import Driver, viewer
from tui import first_screen
from tui.cli.query import command as query_command
from tui.cli.trace import command as trace_command
from tui.first_moves import Moves
from tui.first_screen import Sight, screenful
from tui.redaction.redactor import Redactor
from tui.settings import Settings
from tui.views.detail_view import REVEALED_S, DetailView

RANDOM = Random(41)
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
EMAIL, CARD, PASSWORD, TOKEN = made.email(RANDOM), made.card(RANDOM), made.word_password(RANDOM), made.mixed(RANDOM, 30)
JWT, HASH, ISSUED = made.jwt(RANDOM), made.hexadecimal(RANDOM, 40), made.provider_token(RANDOM, 2)
BEGIN, ROWS, END = made.private_key_rows(RANDOM)
PLANTED = (EMAIL, CARD, PASSWORD, TOKEN, JWT, HASH, ISSUED, *ROWS)


def record(number: int, level: str, message: str, **fields: object) -> str:
    stamp = f"2026-11-23T14:00:{number:02}.000Z"
    return json.dumps({"time": stamp, "level": level, "msg": message, "trace_id": TRACE, "service": "shop", **fields})


def logs(folder: Path) -> list[str]:
    stack = (
        "Traceback (most recent call last):\n"
        f'  File "/srv/shop/pay.py", line 7, in charge(password="{PASSWORD}")\n'
        f"ValueError: card {CARD} of {EMAIL} declined"
    )
    lines = [
        record(1, "info", f"login of {EMAIL} with password={PASSWORD}", user={"email": EMAIL, "api_key": HASH}),
        record(2, "info", f"GET /pay?access_token={TOKEN}&x=1 began", headers={"authorization": f"Bearer {JWT}"}),
        record(
            3, "error", f"charge failed: card {CARD}", error={"type": "ValueError", "message": EMAIL, "stack": stack}
        ),
        record(4, "warn", f"retry with {ISSUED}", db=f"postgres://svc:{PASSWORD}@db/shop", duration_ms=12.5),
        *(f"2026-11-23T14:00:05.000Z INFO [shop] {row}" for row in (BEGIN, *ROWS, END)),
        record(6, "info", "request done"),
    ]
    path = folder / "shop.log"
    path.write_text("".join(line + "\n" for line in lines), "utf-8")
    return [str(path)]


def assert_clean(text: str, way: str) -> None:
    leaked = [secret for secret in PLANTED if secret in text]
    assert leaked == [], f"{way} shows {leaked}"


async def walk(driver: Driver, way: str, *keys: str) -> None:
    await driver.press(*keys)
    app: App[Any] = driver.app
    told = [driver.text(), app.clipboard, app.title, app.sub_title, *(note.message for note in app._notifications)]
    assert_clean("\n".join(map(str, told)), way)


async def save(driver: Driver, target: Path) -> None:
    await driver.press("s")
    driver.app.screen.query_one("Input").value = str(target)  # type: ignore[attr-defined]
    await driver.press("enter")
    await driver.wait_for(lambda: target.exists() and target.stat().st_size, f"{target.name}")
    assert_clean(target.read_text("utf-8"), target.name)


async def test_no_secret_leaves_the_viewer(tmp_path: Path) -> None:
    paths = logs(tmp_path)
    async with viewer(paths, size=(150, 60)) as driver:
        await walk(driver, "the log", "g")
        await save(driver, tmp_path / "lines.log")
        for row in range(4):
            await walk(driver, f"the detail of row {row}", "enter", "tab", "G", "y", "tab", "j")
        await walk(driver, "the request", "escape", "g", "t")
        await driver.wait_for(lambda: not driver.screen.panes.busy, "the request")
        await walk(driver, "a line of the request", "j", "j", "y")
        await walk(driver, "all about a bar", "d", "y", "escape")
        for ending in ("md", "json", "html"):
            await save(driver, tmp_path / f"request.{ending}")
        for key, name in (("x", "errors"), ("f", "counts"), ("i", "the histogram"), ("question_mark", "the help")):
            await walk(driver, name, "escape", "escape", key, "y")
        await walk(driver, "the palette", "escape", "escape", "colon", "escape")
        assert "redacted" in driver.text()


async def test_a_known_secret_is_found_by_its_mark_and_not_kept_in_the_query_line(tmp_path: Path) -> None:
    async with viewer(logs(tmp_path), size=(150, 60), query=EMAIL) as driver:
        assert len(driver.messages()) == 2
        assert_clean(driver.text(), "the query of the command line")
        for secret in (ISSUED, JWT):
            await driver.press("slash")
            driver.screen.query_bar.field.value = secret
            await driver.press("enter")
            await driver.wait_for(lambda: len(driver.messages()) == 1, "the record")
            assert_clean(driver.text() + driver.screen.finding.text, "the query line")


async def test_a_crash_tells_no_secret(tmp_path: Path) -> None:
    async with viewer(logs(tmp_path), debug=True) as driver:
        driver.app._exception = ValueError(f"password={PASSWORD} {EMAIL} {JWT}")
        driver.app._fatal_error()
        told = "".join(str(one.segments) for one in driver.app._exit_renderables if isinstance(one, Segments))
        driver.app._exception = None
        driver.app._exit_renderables.clear()
    assert "ValueError" in told
    assert_clean(told, "the crash report")


def test_no_secret_leaves_the_first_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "get_terminal_size", lambda *_: os.terminal_size((150, 60)))
    readers = first_screen._open(logs(tmp_path))
    sight = Sight(readers, Settings(), Redactor(bytes(32)), {"TERM": "xterm"})
    moves = Moves(sight)
    try:
        text = screenful(sight) + "".join(moves.text() for action in ("up", "top", "page-down") if moves.press(action))
    finally:
        sight.close()
    assert "request done" in text
    assert_clean(text, "the first screen")


def test_no_secret_leaves_a_plain_command_or_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = tmp_path / "state"
    monkeypatch.setenv("XDG_STATE_HOME", str(state))
    monkeypatch.setenv("TRACETAIL_CONFIG", str(tmp_path / "none"))
    paths = logs(tmp_path)
    calls = [(query_command, ["*", *paths, "--output", form]) for form in ("text", "ndjson")]
    calls += [(trace_command, [TRACE, *paths, "--output", form]) for form in ("text", "json", "markdown", "html")]
    calls += [(query_command, [f"password:{PASSWORD} and (", *paths]), (trace_command, [JWT, *paths])]
    for command, arguments in calls:
        done = CliRunner().invoke(command, arguments)
        assert_clean(done.output + done.stderr + repr(done.exception), f"{command.name} {arguments[-1]}")
    kept = [path for path in state.rglob("*") if path.is_file()]
    assert [path.name for path in kept] == ["redaction.key"]


async def test_a_mark_is_revealed_by_a_key_for_a_moment_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with viewer(logs(tmp_path), size=(150, 60)) as driver:
        await driver.press("g", "enter", "tab")
        content = driver.screen.panes.content
        assert isinstance(content, DetailView)
        await driver.press("R")
        assert PASSWORD not in driver.text() and EMAIL not in driver.text()  # the time has no mark
        while driver.screen.pane.ref[0] != "message":  # type: ignore[index]
            driver.screen.pane.move(1)
        await driver.press("R")
        assert f"= {EMAIL}" in driver.text() and PASSWORD not in driver.text()
        await driver.press("R")
        assert f"= {PASSWORD}" in driver.text() and EMAIL not in driver.text()
        await walk_copy(driver)
        monkeypatch.setattr("tui.views.detail_view.monotonic", lambda: monotonic() + REVEALED_S)
        driver.screen.tick()
        await driver.pilot.pause()
        assert_clean(driver.text(), "what was revealed")


async def walk_copy(driver: Driver) -> None:
    await driver.press("y")
    assert_clean(driver.app.clipboard, "the copy of what is revealed")


async def test_revealing_can_be_forbidden(tmp_path: Path) -> None:
    async with viewer(logs(tmp_path), size=(150, 60), reveal=False) as driver:
        await driver.press("g", "enter", "tab", "j", "j", "j", "j", "R")
        assert_clean(driver.text(), "the detail")
        assert driver.session.under_marks(driver.screen.log_view.record) == {}  # type: ignore[arg-type]
