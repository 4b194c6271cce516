"""What is given up when we cost more than allowed, seen by a user of real programs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.terminal import Terminal

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Open

FLOOD = """
import json, sys
filler = "x" * 200
number = 0
while True:
    lines = [json.dumps({"level": "info", "msg": f"line {at} {filler}"}) for at in range(number, number + 1000)]
    number += 1000
    sys.stdout.write("\\n".join(lines) + "\\n")
"""
"""Writes as fast as it can, and for ever."""


def leave(terminal: Terminal) -> None:
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []


def test_a_flood_costs_frames_then_lines_and_says_so(pipeline: Open) -> None:
    terminal = pipeline(f"'{sys.executable}' -c '{FLOOD}' | $TRACETAIL --budget cpu=1%", cols=120)
    terminal.wait_for("over cpu: 5 frames/s", timeout=60)
    terminal.wait_for("1 frame/s, no counting, streams 25%", timeout=60)
    # keys are not given up: the end is left at once
    terminal.press("k")
    terminal.wait_for("PAUSED")
    leave(terminal)


def test_lines_of_streams_go_when_memory_is_short(pipeline: Open) -> None:
    lines = 'for number in range(400_000): print(number, "%032x" % hash(str(number)), "filler " * 10)'
    terminal = pipeline(f"'{sys.executable}' -c '{lines}' | $TRACETAIL --budget mem=60M", cols=120)
    terminal.wait_for(lambda screen: "over mem: streams hold" in screen and "dropped" in screen, timeout=60)
    terminal.wait_for("399999")
    leave(terminal)


def test_without_limits_nothing_is_given_up(pipeline: Open) -> None:
    lines = 'for number in range(200_000): print(number, "filler " * 10)'
    terminal = pipeline(f"'{sys.executable}' -c '{lines}' | $TRACETAIL --budget off", cols=120)
    terminal.wait_for("199999")
    assert "over" not in terminal.wait_for("FOLLOW")
    leave(terminal)


def test_a_budget_that_is_not_understood_is_one_line(pipeline: Open) -> None:
    terminal = pipeline("$TRACETAIL --budget cpu=lots README.md", cols=120)
    terminal.wait_for("tracetail: budget 'cpu=lots' is not understood: use cpu=20%,mem=192M,term=20K/s, or off")
    assert terminal.wait_exit() == 2
