"""Appends lines to files at a steady rate, in a process of its own: python -m tests.benchmarks.writer FILES RATE SECONDS

FILES are joined as folders in PATH are; each batch of lines goes to the next one of them.

Starts at the first line on standard input; at the end prints, as JSON, when it had written up to which number.
Every message starts with its number and check digits, so that a half-painted number is not taken for one. A fourth
argument, `jumping`, makes the lines' times go back again and again instead of being those of the clock.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import sys
import time
from datetime import UTC, datetime
from typing import Final

from tests.benchmarks.logs import Lines

TICK_S: Final = 0.01
POOL_LINES: Final = 1000
PLACE: Final = "Q" + "?" * 11
NOW: Final = "NOW" * 3
JUMPING: Final = "jumping"
NUMBER: Final = re.compile(r"Q(\d{9})(\d\d)")


def number_text(number: int) -> str:
    return f"Q{number:09}{number * 31 % 97:02}"


def numbers_in(text: str) -> list[int]:
    """The whole numbers that stand in a text."""
    return [int(digits) for digits, check in NUMBER.findall(text) if int(digits) * 31 % 97 == int(check)]


def main(paths: str, rate: int, seconds: float, times: str = "") -> None:
    source, pool = Lines(3), []
    for _ in range(POOL_LINES):
        # one line each and no errors: what is counted is lines
        line = source.line(lead=PLACE, time="" if times == JUMPING else NOW, quiet=True)
        before, after = line.encode().split(PLACE.encode())
        pool.append((before, after))
    files = itertools.cycle([os.open(path, os.O_WRONLY | os.O_APPEND) for path in paths.split(os.pathsep)])
    sys.stdin.readline()
    number, written, started = 0, [], time.monotonic()
    while (now := time.monotonic()) < started + seconds:
        parts = []
        for _ in range(int((now - started) * rate) - number):
            number += 1
            before, after = pool[number % POOL_LINES]
            parts.append(before + number_text(number).encode() + after)
        data = b"".join(parts).replace(
            NOW.encode(), datetime.now(UTC).isoformat(timespec="microseconds")[:-6].encode() + b"Z"
        )
        fd = next(files)
        while data:
            data = data[os.write(fd, data) :]
        if parts:
            written.append((time.monotonic(), number))
        time.sleep(max(0.0, TICK_S - (time.monotonic() - now)))
    json.dump(written, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), *sys.argv[4:])
