"""Times and levels beside those of lnav: `python lnav_compare.py` prints where the two differ over the cases of the tests.

lnav is a Debian package. It is asked about every source of `tests/cases`, and answers where it knows a format. Of every
difference it is said who is right; those that no rule decides are listed, and with `-v` all.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.parsing.systems import REFERENCE_NS, cases, rfc3339
from tui.framing import group
from tui.parsing.parser import Parser
from tui.parsing.timestamps import parse_time
from tui.record import Line, LineGroup

CASES = Path(__file__).parents[1] / "cases"
QUERY = ";select log_line, log_time, log_level, log_format from all_logs"
LEVELS = {
    "trace": "trace", "debug": "debug", "debug5": "debug", "debug4": "debug", "debug3": "debug", "debug2": "debug", "stats": "info",
    "info": "info", "notice": "info", "warning": "warn", "error": "error", "critical": "error", "fatal": "fatal", "unknown": None,
}  # fmt: skip


class Told(NamedTuple):
    """What one of the two says of a record."""

    time: str | None
    level: str | None


def sources() -> Iterator[tuple[str, list[bytes], int]]:
    """Name, lines and reference of every source."""
    for case in cases():
        yield case.name, case.lines, REFERENCE_NS or 0
    for path in sorted(CASES.glob("corpora/*.toml")):
        for one in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            yield f"{path.stem}-{one['name']}", one["lines"].encode().split(b"\n"), parse_time(one["reference"]) or 0


def ours(lines: list[bytes], reference_ns: int) -> dict[int, Told]:
    """By line number, from 0."""
    parser = Parser("case")
    parser.learn(lines, reference_ns=reference_ns)
    offsets = list(accumulate((len(line) + 1 for line in lines), initial=0))
    told = {}
    for one in group(map(Line, offsets, lines), parser.starts, parser.origin):
        record = parser.record(LineGroup("case", one[0].offset, tuple(line.data for line in one)))
        time = None if record.time_ns is None else rfc3339(record.time_ns)
        told[offsets.index(one[0].offset)] = Told(time, record.level)
    return told


def theirs(path: Path, home: Path) -> tuple[str, dict[int, Told]]:
    """The format that lnav takes, and what it says by line number; nothing where it knows none."""
    argv = ["lnav", "-n", "-c", QUERY, "-c", ":write-json-to -", str(path)]
    done = subprocess.run(
        argv, capture_output=True, env={**os.environ, "HOME": str(home), "TZ": "UTC"}, check=False, timeout=60
    )
    try:
        rows: list[Mapping[str, Any]] = json.loads(done.stdout or b"[]")
    except ValueError:
        return "", {}
    return (rows[0]["log_format"] if rows else ""), {
        row["log_line"]: Told(str(row["log_time"]).replace(" ", "T") + "000000Z", LEVELS.get(row["log_level"]))
        for row in rows
    }


def verdict(what: str, our: Told | None, their: Told, line: str) -> str:
    """Who is right where the two differ, and why; `open` where that is to be looked at."""
    if our is None:
        return "tracetail: the line goes on with the record before it"
    if what == "time":
        return _verdict_on_time(our.time, their.time or "", line)
    if our.level is None:
        return "nobody: lnav calls what tells no level an information" if their.level == "info" else "open"
    if their.level in (None, "info"):
        return "tracetail: lnav finds no level where one is written"
    if (our.level, their.level) == ("warn", "error") and re.search(r'" 4\d\d |["\t ]4\d\d[\t ]', line):
        return "both: answers of 400 to 499 are warnings here, errors there"
    return "open"


def _verdict_on_time(our: str | None, their: str, line: str) -> str:
    if our is None or not re.search(r"\d:?\d\d", line):
        return "tracetail: lnav dates lines without a time by their neighbours"
    if re.search(r":\d\d(?:[.,]\d+)?\s?[+-](?!00:?00)\d\d:?\d\d", line) and our[14:19] == their[14:19]:
        return "tracetail: lnav leaves the clock in the zone that is written beside it"
    if our[11:19] == their[11:19] and our[:10] != their[:10]:
        return "tracetail: a clock alone is of the last day that has been, there of the day of the file"
    if our[:19] == their[:19]:
        return "tracetail: lnav reads no fraction here"
    if our[11:19] not in their and our[11:16] in line:
        return "tracetail: lnav does not read the time in this form, and takes a neighbour's"
    return "open"


def main() -> None:
    agreed: Counter[str] = Counter()
    verdicts: dict[str, list[str]] = {}
    answered = 0
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        for name, lines, reference_ns in sources():
            path = Path(folder) / f"{name.replace('/', '_')}.log"
            path.write_bytes(b"\n".join(lines) + b"\n")
            os.utime(path, ns=(reference_ns, reference_ns))
            kind, told = theirs(path, home)
            mine = ours(lines, reference_ns) if told else {}
            answered += bool(told)
            for at, their in ((at, one) for at, one in told.items() if at < len(lines)):
                our, line = mine.get(at), lines[at].decode("utf-8", "replace")
                for what in ("time", "level"):
                    one, other = getattr(our, what, "no record"), getattr(their, what)
                    if (one or "")[:23] == (other or "")[:23] if what == "time" else one == other:
                        agreed[what] += 1
                        continue
                    said = f"{name} ({kind}) line {at + 1}: {one} here, {other} there: {line[:100]}"
                    verdicts.setdefault(verdict(what, our, their, line), []).append(said)
    for why, every in sorted(verdicts.items()):
        print(f"{len(every):4} {why}", *(f"\n       {one}" for one in every if "-v" in sys.argv or why == "open"))
    print(f"lnav answers for {answered} sources; equal: {agreed['time']} times, {agreed['level']} levels")


if __name__ == "__main__":
    main()
