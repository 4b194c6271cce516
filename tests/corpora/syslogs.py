"""What loggers of machines write about five events: `python syslogs.py FOLDER` runs each in a folder of its own.

rsyslog, syslog-ng, journald (its export format, taken in by systemd-journal-remote and printed by journalctl) and
dockerd (its json-file, of a container without an image from anywhere) are run from their Debian packages and stopped
again; one that is not installed is left out. Then the cases are printed as `tests/cases/corpora/syslogs.toml` has them:
what is expected is told by what was logged and by the clock of the format, never by tracetail.
"""

from __future__ import annotations

import json
import logging
import logging.handlers
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
REQUEST = "req-7f3a9c21"
STACK = "\n".join(
    ["Traceback (most recent call last):", '  File "pay.py", line 3, in charge', "PaymentError: card declined"]
)  # fmt: skip


class Event(NamedTuple):
    """One thing that is logged."""

    says: str
    priority: int
    """Of syslog."""
    severity: int
    """OpenTelemetry's number for it."""
    text: str


EVENTS = (
    Event("cache warm", 7, 5, "cache warm"),
    Event("order placed", 6, 9, f"order placed trace_id={TRACE} request_id={REQUEST}"),
    Event("stock low", 4, 13, "stock low"),
    Event("charge failed", 3, 17, f"charge failed\n{STACK}"),
    Event("giving up", 2, 18, "giving up"),
)
REFERENCE = "2026-11-30T00:00:00Z"


@contextmanager
def running(argv: Sequence[str], socket: Path) -> Iterator[None]:
    """A daemon from when its socket is there until the block ends."""
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 20
        while not socket.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        try:
            yield
            time.sleep(1.0)
        finally:
            process.terminate()
            process.wait(20)


def send(socket: Path) -> None:
    """The events, as Python's own handler sends them."""
    handler = logging.handlers.SysLogHandler(str(socket))
    handler.ident, handler.append_nul = "shop[42]: ", False
    log = logging.Logger("pay")
    levels = {7: logging.DEBUG, 6: logging.INFO, 4: logging.WARNING, 3: logging.ERROR, 2: logging.CRITICAL}
    log.addHandler(handler)
    for event in EVENTS:
        log.log(levels[event.priority], event.text)
        time.sleep(0.05)
    handler.close()


# -- the programs ----------------------------------------------------------------------------------------------------

RSYSLOG = """
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="{folder}/log" UseSysTimeStamp="off")
global(workDirectory="{folder}")
template(name="json" type="list" option.jsonf="on") {{
  property(outname="@timestamp" name="timereported" dateFormat="rfc3339" format="jsonf")
  property(outname="host" name="hostname" format="jsonf")
  property(outname="severity" name="syslogseverity-text" format="jsonf")
  property(outname="program" name="programname" format="jsonf")
  property(outname="message" name="msg" format="jsonf")
}}
action(type="omfile" file="{folder}/rsyslog-traditional.log" template="RSYSLOG_TraditionalFileFormat")
action(type="omfile" file="{folder}/rsyslog-file.log" template="RSYSLOG_FileFormat")
action(type="omfile" file="{folder}/rsyslog-5424.log" template="RSYSLOG_SyslogProtocol23Format")
action(type="omfile" file="{folder}/rsyslog-json.log" template="json")
"""
SYSLOG_NG = """@version: 3.38
source s {{ unix-dgram("{folder}/log"); }};
destination d1 {{ file("{folder}/syslog-ng-default.log"); }};
destination d2 {{ file("{folder}/syslog-ng-iso.log" template("$ISODATE $HOST $MSGHDR$MSG\\n") frac-digits(3)); }};
destination d3 {{ file("{folder}/syslog-ng-json.log" template("$(format-json --scope rfc5424)\\n")); }};
log {{ source(s); destination(d1); destination(d2); destination(d3); }};
"""


def rsyslog(folder: Path) -> None:
    (folder / "rsyslog.conf").write_text(RSYSLOG.format(folder=folder))
    program = Path(shutil.which("rsyslogd") or "")
    modules = next((program.parent.parent / "lib").glob("*/rsyslog"), Path("/usr/lib/rsyslog"))
    with running(
        [str(program), f"-M{modules}", "-n", "-f", f"{folder}/rsyslog.conf", "-i", f"{folder}/pid"], folder / "log"
    ):
        send(folder / "log")


def syslog_ng(folder: Path) -> None:
    (folder / "syslog-ng.conf").write_text(SYSLOG_NG.format(folder=folder))
    own = [f"--{name}={folder}/{name}" for name in ("persist-file", "pidfile", "control")]
    with running(["syslog-ng", "-F", "--no-caps", f"--cfgfile={folder}/syslog-ng.conf", *own], folder / "log"):
        send(folder / "log")


def journald(folder: Path) -> None:
    start = int(time.time() * 1_000_000)
    entries = []
    for at, event in enumerate(EVENTS):
        head = {
            "__REALTIME_TIMESTAMP": start + at * 1000,
            "__MONOTONIC_TIMESTAMP": 1_000_000 + at * 1000,
            "_BOOT_ID": "0123456789abcdef0123456789abcdef",
            "PRIORITY": event.priority,
            "SYSLOG_IDENTIFIER": "shop",
            "_PID": 42,
            "_HOSTNAME": "web1",
        }
        told = "".join(f"{name}={value}\n" for name, value in head.items()).encode()
        body = event.text.encode()
        message = b"MESSAGE\n" + len(body).to_bytes(8, "little") + body if b"\n" in body else b"MESSAGE=" + body
        entries.append(told + message + b"\n")
    remote = shutil.which("systemd-journal-remote", path="/lib/systemd:/usr/lib/systemd") or ""
    journal = folder / "shop.journal"
    subprocess.run(
        [remote, f"--output={journal}", "-"], input=b"\n".join(entries) + b"\n", check=True, capture_output=True
    )
    for name in (
        "short",
        "short-iso",
        "short-precise",
        "short-iso-precise",
        "short-full",
        "short-unix",
        "with-unit",
        "verbose",
        "export",
        "json",
        "json-pretty",
    ):
        argv = ["journalctl", f"--file={journal}", "-o", name, "--no-pager", "--all", "--utc"]
        out = subprocess.run(
            argv, capture_output=True, check=True, env={**os.environ, "TZ": "UTC", "LC_ALL": "C.UTF-8"}
        )
        (folder / f"journald-{name}.log").write_bytes(out.stdout)


SAY = """#!/bin/sh
{lines}
"""


def dockerd(folder: Path) -> None:
    """A container of nothing but busybox, whose json-file is kept."""
    root = folder / "rootfs"
    (root / "bin").mkdir(parents=True)
    shutil.copy("/bin/busybox", root / "bin" / "sh")
    levels = {7: "DEBUG", 6: "INFO", 4: "WARNING", 3: "ERROR", 2: "CRITICAL"}
    lines = [
        f"echo '{line}' >&{1 + (event.priority < 5)}"
        for event in EVENTS
        for line in f"{levels[event.priority]}:pay:{event.text}".split("\n")
    ]
    (root / "say").write_text(SAY.format(lines="\n".join(lines)))
    (root / "say").chmod(0o755)
    host = f"unix://{folder}/docker.sock"
    argv = [
        "dockerd",
        f"--data-root={folder}/data",
        f"--exec-root={folder}/exec",
        f"--pidfile={folder}/pid",
        "--host",
        host,
    ]
    argv += ["--iptables=false", "--ip6tables=false", "--bridge=none", "--storage-driver=vfs"]
    with running(argv, folder / "docker.sock"):
        docker = ["docker", "--host", host]
        packed = subprocess.run(["tar", "-C", str(root), "-c", "."], capture_output=True, check=True)
        subprocess.run([*docker, "import", "-", "shop"], input=packed.stdout, check=True, capture_output=True)
        subprocess.run(
            [*docker, "run", "--network=none", "--name=pay", "shop", "/say"], check=True, capture_output=True
        )
        where = subprocess.run([*docker, "inspect", "-f", "{{.LogPath}}", "pay"], capture_output=True, check=True)
        shutil.copy(where.stdout.decode().strip(), folder / "docker-json-file.log")
        told = subprocess.run(
            [*docker, "logs", "--timestamps", "pay"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True
        )
        (folder / "docker-timestamps.log").write_bytes(told.stdout)


# -- what is expected ------------------------------------------------------------------------------------------------

STARTS = {
    "journald-verbose": r"\w{3} \d{4}-",
    "journald-export": r"__CURSOR=",
    "journald-json-pretty": r"\{$",
    "docker-json-file": r'\{"log":"[A-Z]+:pay:',
    "docker-timestamps": r"\S+ [A-Z]+:pay:",
}
NO_LEVEL = re.compile(r"(?:rsyslog-(?:traditional|file)|syslog-ng-(?:default|iso)|journald-(?:short.*|with-unit))$")


def cases(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*/*.log")):
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        text = re.sub(rf"\b{os.uname().nodename}\b", "web1", re.sub(r"^-- .*\n", "", text))
        if text:
            yield case_of(path.stem, text.rstrip("\n").split("\n"))


def split(name: str, lines: Sequence[str]) -> list[list[str]]:
    """The lines of each event."""
    begin = re.compile(STARTS[name]) if name in STARTS else None
    told = [event.says for event in EVENTS]
    starts = [
        at for at, line in enumerate(lines) if (begin.match(line) if begin else any(says in line for says in told))
    ]
    return [list(lines[start:stop]) for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True)]


def time_of(text: str) -> str | None:
    if match := re.search(r"__REALTIME_TIMESTAMP\W{1,5}(\d{10})(\d{6})|^(\d{10})\.(\d{6}) ", text):
        seconds, micros = match[1] or match[3], match[2] or match[4]
        return f"{datetime.fromtimestamp(int(seconds), UTC):%Y-%m-%dT%H:%M:%S}.{micros}000Z"
    if match := re.search(r'"time":"([^"]{19})\.?(\d*)Z"', text):
        return f"{match[1]}.{match[2].ljust(9, '0')}Z"
    if match := re.search(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?", text):
        return f"{match[1]}T{match[2]}.{(match[3] or '').ljust(9, '0')}Z"
    if match := re.search(r"\b([A-Z][a-z]{2} [ \d]\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?", text):
        day = datetime.strptime(f"{REFERENCE[:4]} {match[1]}", "%Y %b %d").replace(tzinfo=UTC)
        return f"{day:%Y-%m-%d}T{match[2]}.{(match[3] or '').ljust(9, '0')}Z"
    return None


def case_of(name: str, lines: Sequence[str]) -> str:
    found = split(name, lines)
    rows = ["[[case]]", f"name = '{name}'", f"reference = '{REFERENCE}'", f"lines = {json.dumps(chr(10).join(line for own in found for line in own), ensure_ascii=True)}"]  # fmt: skip
    assert len(found) == len(EVENTS)
    for own in found:
        text = "\n".join(own)
        event = next(one for one in EVENTS if one.says in text)
        rows += ["", "[[case.record]]", f"lines = {len(own)}", f"says = '{event.says}'"]
        if (time := time_of(text)) is not None:
            rows.append(f"time = '{time}'")
        failed = "PaymentError" in text
        if failed or not NO_LEVEL.match(name):
            rows.append(f"severity = {event.severity}")
        if TRACE in text:
            rows.append(f'ids = [["trace", "{TRACE}"], ["request", "{REQUEST}"]]')
        if failed:
            rows.append('error = ["PaymentError", "card declined"]')
    return "\n".join(rows) + "\n"


PROGRAMS = {"rsyslogd": rsyslog, "syslog-ng": syslog_ng, "journalctl": journald, "dockerd": dockerd}


def main(folder: Path) -> None:
    for program, run in PROGRAMS.items():
        own = folder / program
        if shutil.which(program) and not own.exists():
            with tempfile.TemporaryDirectory(prefix="logs") as short:  # sockets have short paths
                run(Path(short))
                own.mkdir(parents=True)
                for path in Path(short).glob("*.log"):
                    shutil.copy(path, own)
    print("\n".join(cases(folder)), end="")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
