"""python -m tests.benchmarks [NAME ...]: measure this checkout beside its peers and print one table.

Start it from the top folder of the checkout. Figures are medians; the times of different runs do not compare, the
ratios within one do. What takes part: open, query, redact, records, follow, pivot, receive (spans), idle, keys, crowd (500 files)
and long (minutes at one rate).
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from typing import Final

from tests.benchmarks import (
    answering,
    crowding,
    following,
    idling,
    lasting,
    masking,
    opening,
    peers,
    pivoting,
    receiving,
    records,
    searching,
)
from tests.benchmarks.logs import Data
from tests.benchmarks.run import Run
from tests.benchmarks.table import Row, lines_of

BENCHMARKS: Final[dict[str, Callable[[Run], list[Row]]]] = {
    "open": opening.rows,
    "query": searching.rows,
    "redact": masking.rows,
    "records": records.rows,
    "follow": following.rows,
    "pivot": pivoting.rows,
    "receive": receiving.rows,
    "idle": idling.rows,
    "keys": answering.rows,
    "crowd": crowding.rows,
    "long": lasting.rows,
}
UNITS: Final = {"": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30}


def size(text: str) -> int:
    """Bytes of a size such as 256MiB or 10MB."""
    parts = re.fullmatch(r"([\d.]+)\s*([a-z]*)", text.strip(), re.IGNORECASE)
    if parts is None or parts[2].upper() not in UNITS:
        raise argparse.ArgumentTypeError(f"{text!r} is no size: write 10MB, 256MiB or 4GiB")
    return int(float(parts[1]) * UNITS[parts[2].upper()])


def main(words: Sequence[str] | None = None) -> None:
    assert __doc__
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__.partition("\n\n")[2])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(BENCHMARKS)}; all when none is named")
    parser.add_argument("--size", type=size, default="256MiB", help="of the large files (256MiB)")
    parser.add_argument(
        "--runs", type=int, default=5, help="of everything but follow and idle, one more not counted (5)"
    )
    parser.add_argument("--seconds", type=float, default=10.0, help="to follow and to idle (10)")
    parser.add_argument("--folder", help="where the data is put for the time of the run (the temporary folder)")
    asked = parser.parse_args(words)
    if unknown := [name for name in asked.names if name not in BENCHMARKS]:
        parser.error(f"no benchmark named {', '.join(unknown)}: there are {', '.join(BENCHMARKS)}")
    with tempfile.TemporaryDirectory(prefix="tracetail-bench-", dir=asked.folder) as folder:
        home = os.path.join(folder, "home")
        peers.make_home(home)
        started, load = time.monotonic(), os.getloadavg()
        run = Run(Data(folder, asked.size), max(1, asked.runs), asked.seconds)
        table: list[Row] = []
        failures: list[str] = []
        for name in asked.names or BENCHMARKS:
            measure(name, run, table, failures)
        report(table, failures, time.monotonic() - started, load)


def measure(name: str, run: Run, table: list[Row], failures: list[str]) -> None:
    """Add the rows of one benchmark, or why it failed, so that the others still count."""
    started = time.monotonic()
    try:
        table += BENCHMARKS[name](run)
    except Exception as error:
        failures.append(f"{name} failed: {type(error).__name__}: {error}")
    print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr)


def report(table: list[Row], failures: list[str], took_s: float, load: tuple[float, float, float]) -> None:
    print("\n".join(lines_of(table)))
    after = os.getloadavg()
    print(
        f"\n{took_s:.0f} s on {os.cpu_count()} cores; load {load[0]:.2f} before, {after[0]:.2f} after (one minute)."
        " n: runs; ratio: ours / theirs, or / target."
    )
    for line in (*failures, *(f"not installed: {how}" for how in peers.missing())):
        print(line)


if __name__ == "__main__":
    main()
