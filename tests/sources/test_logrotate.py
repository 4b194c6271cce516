"""The real logrotate against real writers, each in a process of its own: every line once, in order."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sources.conftest import Watch, Watching

LOGROTATE = shutil.which("logrotate", path="/usr/sbin:/usr/bin:/sbin:/usr/local/sbin:/opt/homebrew/sbin")

pytestmark = pytest.mark.skipif(LOGROTATE is None, reason="logrotate is not installed")

WRITER = """
import logging, logging.handlers, sys
handler = getattr(logging.handlers if sys.argv[2] == "WatchedFileHandler" else logging, sys.argv[2])(sys.argv[1])
handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s shop %(message)s"))
log = logging.getLogger("shop")
log.addHandler(handler)
log.setLevel("INFO")
number = 0
for request in sys.stdin:
    for _ in range(int(request)):
        log.info("event number=%06d", number)
        number += 1
    print(number, flush=True)
"""


class Writer:
    """A process that logs as many lines as asked for, with a handler of the standard library."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.count = 0

    def write(self, count: int) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(f"{count}\n")
        self._process.stdin.flush()
        self.count = int(self._process.stdout.readline())


@contextmanager
def writer(log: Path, handler: str) -> Iterator[Writer]:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(log), handler], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Writer(process)


def rotate(log: Path, *options: str) -> None:
    config = log.parent.parent / "logrotate.conf"
    body = "\n".join(["rotate 9", "su root root" if log.owner() == "root" else "", *options])
    config.write_text(f"{log} {{\n{body}\n}}\n")
    config.chmod(0o644)
    assert LOGROTATE is not None
    command = [LOGROTATE, "--force", "--state", str(config.with_name("state")), str(config)]
    subprocess.run(command, check=True, capture_output=True, text=True)


def numbers(content: bytes) -> list[int]:
    return [int(line.rpartition(b"=")[2]) for line in content.splitlines()]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir(mode=0o755)
    return folder / "shop.log"


def caught_up(watching: Watching, writer: Writer) -> None:
    watching.until(lambda: len(numbers(watching.content("shop.log"))) >= writer.count)


@pytest.mark.parametrize("whole_folder", [False, True])
@pytest.mark.parametrize(
    ("handler", "options"),
    [
        ("WatchedFileHandler", ("create",)),
        ("WatchedFileHandler", ("create", "compress")),
        ("WatchedFileHandler", ("create", "compress", "delaycompress", "dateext", "dateformat -%Y%m%d-%s")),
        ("WatchedFileHandler", ("nocreate",)),
        ("FileHandler", ("copytruncate",)),
        ("FileHandler", ("copytruncate", "compress")),
    ],
    ids=lambda value: "-".join(value).replace(" ", "") if isinstance(value, tuple) else str(value),
)
def test_every_line_is_shown_once_through_rotations(
    log: Path, watch: Watch, handler: str, options: tuple[str, ...], whole_folder: bool
) -> None:
    with writer(log, handler) as shop:
        shop.write(200)
        watching = watch(str(log.parent if whole_folder else log))
        caught_up(watching, shop)
        rounds = 1 if "dateext" in options else 3  # its names tell seconds apart
        for _ in range(rounds):
            shop.write(150)
            # what is not read yet is found in the old file, or in its copy
            rotate(log, *options)
            shop.write(100)
            caught_up(watching, shop)
        shop.write(10)
        caught_up(watching, shop)
    assert numbers(watching.content("shop.log")) == list(range(shop.count))
    assert numbers(watching.again("shop.log")) == list(range(shop.count))
    assert watching.names() == ["shop.log"]
    assert len(watching.lost("shop.log")) == (rounds if "copytruncate" in options else 0)


def test_pythons_own_rotation_at_full_speed_loses_nothing_that_is_still_there(tmp_path: Path, watch: Watch) -> None:
    log = tmp_path / "shop.log"
    log.touch()
    watching = watch(str(log))
    watching.until(lambda: watching.segments.get("shop.log"))
    program = (
        "import logging, logging.handlers, sys\n"
        "log = logging.getLogger(); log.setLevel('INFO')\n"
        "log.addHandler(logging.handlers.RotatingFileHandler(sys.argv[1], maxBytes=60000, backupCount=50))\n"
        "for number in range(20000): log.info('event with some text to fill the line number=%06d', number)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(log)], check=True)
    watching.until(lambda: numbers(watching.content("shop.log"))[-1:] == [19999])
    assert numbers(watching.content("shop.log")) == list(range(20000))
