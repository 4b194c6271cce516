"""However it ends, the terminal is as before and the exit code says why."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.terminal import tracetail

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Open


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "app.log"
    path.write_text("2026-01-02T03:04:05Z INFO all is well\n" * 50)
    return path


@pytest.mark.parametrize(("key", "code"), [("q", 0), ("ctrl+c", 130)])
def test_keys_end_it(log: Path, view: Open, key: str, code: int) -> None:
    terminal = view(log, rows=24)
    terminal.wait_for("all is well")
    terminal.press(key)
    assert terminal.wait_exit() == code
    assert terminal.left_behind() == []
    assert "all is well" not in terminal.screen()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_signals_end_it(log: Path, view: Open, number: signal.Signals, code: int) -> None:
    terminal = view(log, rows=24)
    terminal.wait_for("all is well")
    terminal.kill(number)
    assert terminal.wait_exit() == code
    assert terminal.left_behind() == []


def test_ctrl_c_ends_it_while_a_query_is_typed(log: Path, view: Open) -> None:
    terminal = view(log, rows=24)
    terminal.wait_for("all is well")
    terminal.type("/well")
    terminal.press("ctrl+c")
    assert terminal.wait_exit() == 130
    assert terminal.left_behind() == []


def test_a_terminal_that_goes_away_takes_it_along(log: Path, view: Open) -> None:
    terminal = view(log, rows=24)
    terminal.wait_for("all is well")
    terminal.hang_up()
    assert terminal.process.wait(20) == 129


def test_a_signal_in_a_pipeline_puts_the_terminal_right(pipeline: Open) -> None:
    terminal = pipeline("(echo INFO piped; sleep 987) | $TRACETAIL; echo left $?", rows=24)
    terminal.wait_for("piped")
    terminal.kill(signal.SIGTERM, named="-m tui")
    terminal.kill(named="sleep 987")
    terminal.wait_for("left 143")
    assert terminal.left_behind() == []


def without_terminal(*arguments: str, data: str | None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        tracetail(*arguments),
        capture_output=True,
        text=True,
        timeout=60,
        start_new_session=True,
        **({"stdin": subprocess.DEVNULL} if data is None else {"input": data}),
    )


@pytest.mark.parametrize("data", [None, "INFO piped\n"])
def test_without_a_terminal_one_line_names_what_works_instead(log: Path, data: str | None) -> None:
    arguments = [] if data else [str(log)]
    done = without_terminal(*arguments, data=data)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "tracetail query" in done.stderr


def test_a_terminal_that_cannot_draw_is_refused_in_one_line(log: Path, view: Open) -> None:
    terminal = view(log, cols=200, rows=24, env={"TERM": "dumb"})
    assert terminal.wait_exit() == 2
    assert terminal.screen().count("tracetail") >= 1
    assert "tracetail query" in terminal.screen()
    assert b"\x1b" not in terminal.output
    assert terminal.left_behind() == []


@pytest.mark.parametrize("redirection", ["2>errors", ">output", "<&-", "2>errors >output", "2>&-"])
def test_redirected_descriptors_do_not_take_the_screen_away(
    log: Path, pipeline: Open, tmp_path: Path, redirection: str
) -> None:
    terminal = pipeline(f"$TRACETAIL app.log {redirection}; echo left $?", rows=24, cwd=tmp_path)
    terminal.wait_for("all is well")
    terminal.press("k")
    terminal.wait_for("PAUSED")
    terminal.press("q")
    terminal.wait_for("left 0")
    assert terminal.left_behind() == []
    for name in ("errors", "output"):
        assert not (tmp_path / name).exists() or (tmp_path / name).read_bytes() == b""


def test_null_input_is_no_source(log: Path, pipeline: Open, tmp_path: Path) -> None:
    terminal = pipeline("$TRACETAIL app.log </dev/null", rows=24, cwd=tmp_path)
    terminal.wait_for(lambda screen: "all is well" in screen and "1 source " in screen)


def test_nothing_to_show_is_one_line(view: Open) -> None:
    terminal = view(rows=24, cols=200)
    assert terminal.wait_exit() == 2
    assert terminal.screen().strip().count("\n") == 0
    assert "tracetail demo" in terminal.screen()


def test_it_leaves_nothing_running(log: Path, view: Open) -> None:
    terminal = view(log, rows=24)
    terminal.wait_for("all is well")
    assert terminal.processes() == {}
    pid = terminal.process.pid
    terminal.press("q")
    terminal.wait_exit()
    with pytest.raises(ProcessLookupError):
        os.killpg(pid, 0)
