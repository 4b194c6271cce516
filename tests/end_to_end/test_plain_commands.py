"""The commands without a screen, in pipes as people write them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.terminal import tracetail

KEYS = [
    "time", "time_source", "level", "service", "logger", "message", "trace_id", "span_id", "ids", "error", "fields",
    "source", "offset", "line", "raw",
]  # fmt: skip
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PROGRAM = " ".join(f"'{word}'" for word in tracetail())


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "app.log"
    lines = [
        f'{{"time":"2026-01-02T03:04:05.{n:03}Z","level":"{"error" if n % 10 == 0 else "info"}","msg":"request {n}",'
        f'"service":"shop","trace_id":"{TRACE if n < 5 else f"{n:032x}"}"}}'
        for n in range(1000)
    ]
    path.write_text("\n".join(lines) + "\n")
    return path


def shell(script: str) -> subprocess.CompletedProcess[str]:
    script = script.replace("$TRACETAIL", PROGRAM)
    return subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        start_new_session=True,
    )


def test_a_reader_that_has_seen_enough_ends_it_quietly(log: Path) -> None:
    done = shell(f"$TRACETAIL query '*' {log} | head -1; echo ${{PIPESTATUS[0]}}")
    first, code = done.stdout.splitlines()
    assert "request 0" in first
    assert code == "141"
    assert done.stderr == ""


def test_exit_codes_are_those_of_grep(log: Path) -> None:
    assert shell(f"$TRACETAIL query 'level:error' {log}").returncode == 0
    nothing = shell(f"$TRACETAIL query 'level:fatal' {log}")
    assert (nothing.returncode, nothing.stdout, nothing.stderr) == (1, "", "")
    for wrong in (
        f"query 'level:(' {log}",
        "query x /nowhere/app.log",
        "query",
        f"query --output xml x {log}",
        "query x http://h/",
    ):
        done = shell(f"$TRACETAIL {wrong} </dev/null")
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), wrong
        assert done.stderr.startswith("tracetail: ")


def test_what_can_be_read_is_printed_beside_what_cannot(log: Path) -> None:
    done = shell(f"$TRACETAIL query msg:request?7 {log} /nowhere/app.log --limit 1")
    assert done.returncode == 2
    assert "request 7" in done.stdout
    assert "/nowhere/app.log: no such file" in done.stderr


def test_ndjson_has_exactly_the_agreed_keys(log: Path) -> None:
    done = shell(f"$TRACETAIL query 'trace:{TRACE}' {log} --output ndjson")
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(records) == 5
    assert all(list(record) == KEYS for record in records)
    assert records[3] | {"fields": None, "raw": None} == {
        "time": "2026-01-02T03:04:05.003000000Z",
        "time_source": records[3]["time_source"],
        "level": "info",
        "service": "shop",
        "logger": None,
        "message": "request 3",
        "trace_id": TRACE,
        "span_id": None,
        "ids": [{"kind": "trace", "value": TRACE}],
        "error": None,
        "fields": None,
        "source": "app.log",
        "offset": sum(len(line) + 1 for line in log.read_text().splitlines()[:3]),
        "line": 4,
        "raw": None,
    }


def test_matches_of_a_live_stream_come_at_once(tmp_path: Path) -> None:
    path = tmp_path / "live.log"
    path.write_text("")
    script = f"tail -f {path} | {PROGRAM} query level:error --output ndjson"
    with subprocess.Popen(
        ["sh", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdout
        try:
            for number in range(3):
                with path.open("a") as file:
                    file.write(f"INFO nothing {number}\nERROR broken {number}\n")
                # nothing follows for now: the record is complete because its stream is silent
                assert json.loads(process.stdout.readline())["raw"] == f"ERROR broken {number}"
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def test_redact_passes_each_line_on_as_it_comes() -> None:
    with subprocess.Popen([*tracetail("redact")], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        for number in range(3):
            process.stdin.write(f"user{number}@example.com logged in\n".encode())
            process.stdin.flush()
            line = process.stdout.readline()
            assert b"@example.com" not in line
            assert line.endswith(b"] logged in\n")
        process.stdin.close()
        assert process.wait(20) == 0


def test_redact_checks_for_ci(tmp_path: Path) -> None:
    (tmp_path / "clean").write_text("all is well\n")
    (tmp_path / "leaky").write_text("all is well\npassword=" + "hunter2" + "secret\n")
    assert shell(f"$TRACETAIL redact --check {tmp_path}/clean").returncode == 0
    found = shell(f"$TRACETAIL redact --check {tmp_path}/leaky")
    assert found.returncode == 1
    assert f"{tmp_path}/leaky:2: " in found.stdout
    assert "hunter2" not in found.stdout
    assert shell(f"$TRACETAIL redact {tmp_path}/leaky | head -1").stdout == "all is well\n"


def test_a_request_is_told_without_a_screen(log: Path) -> None:
    done = shell(f"$TRACETAIL trace {TRACE} {log} --output json")
    assert done.returncode == 0, done.stderr
    story = json.loads(done.stdout)
    assert [record["message"] for record in story["records"]] == [f"request {number}" for number in range(5)]
    assert story["services"] == ["shop"]
    assert shell(f"$TRACETAIL trace {'f' * 32} {log}").returncode == 1
    assert shell(f"$TRACETAIL trace {TRACE} < {log}").returncode == 0


@pytest.mark.parametrize(
    "arguments", ["--help", "query --help", "trace --help", "redact --help", "demo --help", "--version"]
)
def test_help_needs_no_terminal(arguments: str) -> None:
    done = shell(f"$TRACETAIL {arguments}")
    assert (done.returncode, done.stderr) == (0, "")
    assert "tracetail" in done.stdout
