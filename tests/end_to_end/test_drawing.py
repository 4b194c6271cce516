"""What is sent to the terminal: the same screen as ever, at less cost, and never at the readers'."""

from __future__ import annotations

import re
import sys
from functools import partial
from pathlib import Path

from tests.terminal import Terminal, tracetail, wait_until
from tests.views.shop import write_shop

FIGURES = re.compile(r"cpu [\d.]+% mem +\d+M( term [\d.]+[KMB]?/s)?|quiet since [\d:]+Z?")
"""What differs from run to run."""
TIME = "2026-11-24T02:03:04.000Z"
PRODUCER = """
import sys
for number in range(300_000):
    print(f"line {number} of a flood that nobody could read")
sys.stdout.flush()
open(sys.argv[1], "w").close()
"""
SEEN_BYTES = 200_000
"""More than a terminal's buffer and two frames."""


def same_but_for_figures(screen: str) -> str:
    return re.sub(r" {2,}", "  ", FIGURES.sub("", screen))


def test_the_screen_is_the_one_that_sending_everything_gives(tmp_path: Path) -> None:
    files = write_shop(tmp_path)
    terminals = [
        Terminal(tracetail("--budget", "off", *files), env={"TRACETAIL_REDRAW": redraw})
        for redraw in ("changes", "all")
    ]
    thrifty, full = terminals
    try:
        for terminal in terminals:
            terminal.wait_for("quiet since")
            wait_until(partial(terminal.idle, 1.0), what="the end of loading")
        for key in ("up", "pageup", "pagedown", "g", "G", "t", "down", "tab", "?", "escape", "3", "1", "w", "right"):
            for terminal in terminals:
                terminal.press(key)
            # equal because neither has drawn yet would say nothing
            wait_until(lambda: all(terminal.idle(0.2) for terminal in terminals), what="the last of the changes")
            wait_until(
                lambda: same_but_for_figures(thrifty.screen()) == same_but_for_figures(full.screen()),
                what=f"the same screen after {key}\n{thrifty.report()}\n{full.report()}",
            )
        assert len(thrifty.output) < len(full.output) / 2
    finally:
        for terminal in terminals:
            terminal.close()


def test_what_lies_over_the_log_stays_there_while_lines_come(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_text("".join(f"{TIME} line {number}\n" for number in range(100)), "utf-8")
    terminals = [Terminal(tracetail(str(log)), env={"TRACETAIL_REDRAW": redraw}) for redraw in ("changes", "all")]
    seen: list[str] = []
    brought = {":": "Search for commands", "'": "no line is marked"}
    try:
        for terminal in terminals:
            terminal.wait_for("line 99")
        # the commands, a message, a pane, and then the size
        for number, key in enumerate((":", "escape", "'", "enter", "escape", "resize", "z")):
            for terminal in terminals:
                terminal.resize(90, 30) if key == "resize" else terminal.press(key)
                terminal.wait_for(brought.get(key, ""))  # the viewer may still be on its way
            wait_until(lambda: all(terminal.idle(0.2) for terminal in terminals), what=f"what {key} brings")
            with log.open("a", encoding="utf-8") as file:
                file.writelines(f"{TIME} after {key} {again} {'long ' * 30}\n" for again in range(1 + number))
            for terminal in terminals:
                terminal.wait_for(f"after {key} {number}")
            # the first line tells rates, and its clock
            wait_until(
                lambda: len({same_but_for_figures(one.screen()).split("\n", 1)[1] for one in terminals}) == 1,
                what=f"the same screen after {key}\n{terminals[0].report()}\n{terminals[1].report()}",
            )
            seen.append(terminals[0].screen())
        assert "Search for commands" in seen[0]
        assert "no line is marked" in seen[2]
    finally:
        for terminal in terminals:
            terminal.close()


def test_ctrl_l_draws_over_what_others_have_written(tmp_path: Path) -> None:
    with Terminal(tracetail(*write_shop(tmp_path))) as terminal:
        terminal.wait_for("FOLLOW")
        terminal.scribble("\x1b[10;10Hsomebody else")
        terminal.wait_for("somebody else")
        terminal.press("ctrl+l")
        terminal.wait_gone("somebody else")


def test_a_stalled_terminal_blocks_no_producer_and_sees_the_newest_when_it_goes_on(tmp_path: Path) -> None:
    done = tmp_path / "done"
    script = tmp_path / "producer.py"
    script.write_text(PRODUCER, "utf-8")
    viewer = " ".join(tracetail("--sample", "off"))
    with Terminal(["sh", "-c", f"sleep 1; '{sys.executable}' '{script}' '{done}' | {viewer}"]) as terminal:
        terminal.stall()
        wait_until(done.exists, timeout=60, what="all lines taken from the producer")
        before = len(terminal.output)
        terminal.go_on()
        terminal.wait_for("line 299999 of a flood")
        assert len(terminal.output) - before < SEEN_BYTES


def test_a_quiet_screen_sends_nothing(tmp_path: Path) -> None:
    with Terminal(tracetail(*write_shop(tmp_path))) as terminal:
        terminal.wait_for("quiet since")
        terminal.press("down")
        terminal.press("G")
        wait_until(lambda: terminal.idle(1.5), what="the last of the start, and what that cost")
        sent = len(terminal.output)
        assert terminal.idle(2.5)
        assert len(terminal.output) == sent
