"""What the programs of this folder wrote, as data cases: `python cases.py FOLDER` prints them for `tests/cases/formats`.

The folder holds one file for each format, `python-loguru.log`. What is expected of the records is told by what the
programs logged, by where their events begin, and by reading the clock that the format is known to print: never by
tracetail. Formats that print no clock expect no time.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

REFERENCE = "2026-11-30T00:00:00Z"
DAY = "2026-11-29"
SPAN = ["span", "00f067aa0ba902b7"]
IDS = [["trace", "4bf92f3577b34da6a3ce929d0e0e4736"], ["request", "req-7f3a9c21"]]
REQUEST = "req-7f3a9c21"
ANSI = re.compile(r"\x1b\[[0-9;]*m")


class Event(NamedTuple):
    """One thing that every program logs."""

    says: str
    severity: int


EVENTS = (
    Event("cache warm", 5),
    Event("order placed", 9),
    Event("stock low", 13),
    Event("charge failed", 17),
    Event("giving up", 21),
)
NO_TIME = re.compile(
    r"python-(logging-basic|json-logger-bare|uvicorn)|node-(winston-(bare|simple|cli))|go-logrus-terminal|java-log4j1-ttcc"
)
NO_LEVEL = re.compile(r"go-log(-micro)?$|python-json-logger-bare")
NO_IDS = re.compile(r"node-winston-(cli|printf)")
ONE_ID = re.compile(r"java-(logback-json|logstash|log4j2-(json|ecs|xml))|python-loguru")
STARTS = {
    "python-otel-console": r"\{$",
    "java-log4j1-xml": r"<log4j:event ",
    "java-log4j2-xml": r"\s*<Event ",
    "java-jul-xml": r"<record>$",
    "java-jul": r"[A-Z][a-z]{2} \d",
}
SEVERITIES = {
    ("python", "giving up"): 18,
    ("go-slog", "giving up"): 21,
    ("go-zap", "giving up"): 18,
    ("go-logrus", "giving up"): 1,
    ("go-klog", "cache warm"): 9,
    ("python-otel-console", "giving up"): 21,
}
"""Where a logger has no fatal level, or the program used another one."""
ERRORS = {
    "python": ["PaymentError", "card declined"],
    "node-bunyan": ["PaymentError", "card declined"],
    "node-pino-pretty": ["PaymentError", "card declined"],
    "node-pino": ["PaymentError", "card declined: no answer from bank"],
    "node-log4js": ["PaymentError", "card declined"],
    "java-log4j2-ecs": ["Loggers.PaymentException", "card declined"],
    "java": ["Loggers$PaymentException", "card declined"],
}


def severity_of(name: str, event: Event) -> int:
    found = [key for key in SEVERITIES if name.startswith(key[0]) and key[1] == event.says]
    return SEVERITIES[max(found)] if found else event.severity


def time_of(name: str, text: str) -> str | None:
    """RFC 3339 with nanoseconds of the clock that the format prints, UTC."""
    if NO_TIME.match(name):
        return None
    if match := re.search(r"epochSecond\W{1,4}(\d+).{1,4}nanoOfSecond\W{1,4}(\d+)", text):
        return stamp(int(match[1]), int(match[2]))
    if match := re.search(r'timestamp":(\d{10})\d{3},"nanoseconds":(\d+)', text):
        return stamp(int(match[1]), int(match[2]))
    if match := re.search(r"(?:timestamp|time)\W{1,4}(\d{10})(\d{3})\b", text):
        return stamp(int(match[1]), int(match[2]) * 1_000_000)
    if match := re.search(r'"(?:timestamp": |ts":)(\d{10})(\.\d{1,7})', text):
        # a float of seconds carries about a microsecond
        return stamp(int(match[1]), round(float(match[2]) * 1_000_000) * 1000)
    if match := re.search(r"(2\d{3})[-/](\d\d)[-/](\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d+))?", text):
        return written("-".join(match.groups()[:3]), match[4], match[5])
    if match := re.search(r"(\d\d)-(\d\d)-(2\d{3}) (\d\d:\d\d:\d\d)\.(\d+)", text):
        return written(f"{match[3]}-{match[2]}-{match[1]}", match[4], match[5])
    if match := re.search(r"\b26/(\d\d)/(\d\d) (\d\d:\d\d:\d\d)", text):
        return written(f"2026-{match[1]}-{match[2]}", match[3], "")
    if match := re.search(r"(\d{1,2}):(\d\d)(?::(\d\d))?(?:[.](\d+))?\s?(PM)?", text):
        hour = int(match[1]) + (12 if match[5] and match[1] != "12" else 0)
        return written(DAY, f"{hour:02d}:{match[2]}:{match[3] or '00'}", match[4])
    return None


def stamp(seconds: int, nanoseconds: int) -> str:
    whole = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    return f"{whole:%Y-%m-%dT%H:%M:%S}.{nanoseconds:09d}Z"


def written(date: str, clock: str, fraction: str | None) -> str:
    return f"{date}T{clock}.{(fraction or '')[:9].ljust(9, '0')}Z"


def split(name: str, lines: Sequence[str]) -> Iterator[tuple[Event, list[str]]]:
    """The lines of each event."""
    begin = re.compile(STARTS[name]) if name in STARTS else None
    starts: list[int] = []
    left = list(EVENTS)
    for at, line in enumerate(lines):
        if begin is not None:
            if begin.match(line):
                starts.append(at)
        elif any(event.says in ANSI.sub("", line) for event in left) and line[:1] not in " \t":
            said = next(index for index, event in enumerate(left) if event.says in line)
            left = left[said + 1 :]
            starts.append(at)
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        text = "\n".join(lines[start:stop])
        yield next(event for event in EVENTS if event.says in text), list(lines[start:stop])


def quoted(text: str) -> str:
    """A TOML string that may have several lines."""
    escaped = text.replace("\\", "\\\\").replace('"""', '""\\"').replace("\x1b", "\\u001b").replace("\u202f", "\\u202f")
    return f'"""\n{escaped}"""'


def case_of(name: str, text: str) -> str:
    lines = text.rstrip("\n").split("\n")
    found = list(split(name, lines))
    body = "\n".join("\n".join(own) for _, own in found)
    rows = ["[[case]]", f"name = '{name}'", f"reference = '{REFERENCE}'", f"lines = {quoted(body)}"]
    for event, own in found:
        text = "\n".join(own)
        rows += ["", "[[case.record]]", f"lines = {len(own)}", f"says = '{event.says}'"]
        if (time := time_of(name, text)) is not None:
            rows.append(f"time = '{time}'")
        severity = severity_of(name, event)
        failed = event.says == "charge failed"
        if not NO_LEVEL.match(name) or (failed and "bare" in name):
            rows.append(f"severity = {severity}")
        if SPAN[1] in text:
            rows.append(f"ids = {[*IDS[: 1 + (REQUEST in text)], SPAN]}".replace("'", '"'))
        elif event.says == "order placed" and not NO_IDS.match(name):
            rows.append(f"ids = {IDS[:1] if ONE_ID.match(name) and REQUEST not in text else IDS}".replace("'", '"'))
        error = next((error for prefix, error in ERRORS.items() if name.startswith(prefix)), None)
        if failed and error is not None:
            rows.append(f"error = {error}".replace("'", '"'))
    return "\n".join(rows) + "\n"


def main(folder: Path) -> None:
    for path in sorted(folder.glob("*.log")):
        if path.stat().st_size and not re.search("morgan|uncaught|crash", path.stem):
            print(case_of(path.stem, path.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
