"""Files that grow, rotate, vanish and return while somebody reads them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.terminal import Terminal

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Open, Writers

LOGROTATE = shutil.which("logrotate", path="/usr/sbin:/usr/bin:/sbin:/usr/local/sbin:/opt/homebrew/sbin")
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
NUMBER = re.compile(r"number=(\d{5})")


def numbers(screen: str) -> set[int]:
    return {int(found) for found in NUMBER.findall(screen)}


def history(path: Path, service: str, count: int) -> None:
    with path.open("w") as file:
        for number in range(count):
            line = {"level": "info", "service": service, "msg": f"earlier {number}", "trace_id": f"{number + 1:032x}"}
            file.write(json.dumps(line) + "\n")


def test_two_growing_files_are_filtered_and_a_request_is_read_whole(
    tmp_path: Path, view: Open, writer: Writers
) -> None:
    gateway, payment = tmp_path / "gateway.log", tmp_path / "payment.log"
    for path in (gateway, payment):
        history(path, path.stem, 200)
    first, second = writer(gateway, "gateway"), writer(payment, "payment")
    terminal = view(gateway, payment, rows=50)
    terminal.wait_for("earlier 199")

    first.write(1, "order received", trace=TRACE)
    second.write(1, "charging", trace=TRACE)
    second.write(1, "card declined", level="error", trace=TRACE)
    first.write(20, "other traffic")
    terminal.wait_for(lambda screen: 21 in numbers(screen))
    terminal.press("/")
    for letter in "level:error":
        terminal.press(letter)
        second.write(1, "more traffic")
    only = terminal.wait_for(lambda screen: "card declined" in screen and "traffic" not in screen)
    assert "INFO" not in only
    terminal.wait_for("1 of 4")

    terminal.press("enter", "t")
    story = terminal.wait_for(lambda screen: "charging" in screen and "order received" in screen)
    assert "4bf9…36" in story
    # what still comes of the request joins the open pane, whatever the filter hides
    first.write(1, "answered 502", trace=TRACE)
    terminal.wait_for("answered 502")
    terminal.press("q")
    terminal.wait_gone("order received")
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []


def rotate(log: Path, *options: str) -> None:
    config = log.parent.parent / "logrotate.conf"
    body = "\n".join(["rotate 9", "su root root" if log.owner() == "root" else "", *options])
    config.write_text(f"{log} {{\n{body}\n}}\n")
    config.chmod(0o644)
    assert LOGROTATE is not None
    command = [LOGROTATE, "--force", "--state", str(config.with_name("state")), str(config)]
    subprocess.run(command, check=True, capture_output=True, text=True)


def all_numbers(terminal: Terminal, last: int) -> set[int]:
    """The numbers of all lines from the top to the bottom, read a page at a time."""
    terminal.wait_for(lambda screen: last in numbers(screen))
    terminal.press("g")
    seen: set[int] = set()
    top = 1
    while last not in seen:
        page = numbers(terminal.wait_for(partial(whole_from, top, last)))
        seen |= page
        top = max(page)
        terminal.press("pagedown")
    return seen


def whole_from(top: int, last: int, screen: str) -> bool:
    """Whether a page is drawn to its end: it begins with the line that ended the one before, or ends with the last."""
    page = numbers(screen)
    return (
        bool(page) and len(page) == 1 + max(page) - min(page) and (min(page) == top or (top > 1 and max(page) == last))
    )


@pytest.mark.skipif(LOGROTATE is None, reason="logrotate is not installed")
def test_no_line_is_lost_when_logrotate_renames_and_creates(tmp_path: Path, view: Open, writer: Writers) -> None:
    folder = tmp_path / "logs"
    folder.mkdir(mode=0o755)
    log = folder / "shop.log"
    shop = writer(log)
    shop.write(60)
    terminal = view(log, rows=70)
    terminal.wait_for("number=00060")
    for _ in range(3):
        shop.write(40)
        rotate(log, "create")
        shop.write(20)
    assert all_numbers(terminal, shop.count) == set(range(1, 241))
    assert "gap" not in terminal.screen()


@pytest.mark.skipif(LOGROTATE is None, reason="logrotate is not installed")
def test_copytruncate_goes_on_and_says_what_may_be_missing(tmp_path: Path, view: Open, writer: Writers) -> None:
    folder = tmp_path / "logs"
    folder.mkdir(mode=0o755)
    log = folder / "shop.log"
    shop = writer(log, handling="keeps")
    shop.write(60)
    terminal = view(log, rows=30)
    terminal.wait_for("number=00060")
    rotate(log, "copytruncate")
    shop.write(5)
    terminal.wait_for("number=00065")
    terminal.wait_for("1 gap")


def test_a_file_may_be_truncated_deleted_and_come_back(tmp_path: Path, view: Open, writer: Writers) -> None:
    log = tmp_path / "app.log"
    log.write_text("INFO the first life\n" * 3)
    terminal = view(log, rows=24)
    terminal.wait_for("first life")
    os.truncate(log, 0)
    with log.open("a") as file:
        file.write("INFO after truncation\n")
    terminal.wait_for("after truncation")
    log.unlink()
    terminal.wait_for(re.compile("app.log [a-z]*(gone|deleted|removed|vanished|missing|retrying|no such)"))
    log.write_text("INFO the file is back\n")
    terminal.wait_for("the file is back")
    terminal.wait_gone("gone")


def test_a_file_that_appears_in_a_watched_folder_is_followed(tmp_path: Path, view: Open) -> None:
    (tmp_path / "old.log").write_text("INFO from the old one\n")
    terminal = view(tmp_path, rows=24)
    terminal.wait_for("from the old one")
    (tmp_path / "new.log").write_text("INFO from the new one\n")
    terminal.wait_for(lambda screen: "from the new one" in screen and "2 sources" in screen)
    (tmp_path / "sub").mkdir()


def test_a_line_is_shown_before_its_writer_finishes_it(tmp_path: Path, view: Open) -> None:
    log = tmp_path / "app.log"
    log.write_text("INFO complete\nINFO half a li")
    terminal = view(log, rows=24)
    terminal.wait_for("half a li")
    with log.open("a") as file:
        file.write("ne is whole now\n")
    terminal.wait_for("half a line is whole now")
