"""`tracetail query` and `tracetail trace` as a shell sees them: output, order, exit codes, one-line errors."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.terminal import tracetail

KEYS = [
    "time",
    "time_source",
    "level",
    "service",
    "logger",
    "message",
    "trace_id",
    "span_id",
    "ids",
    "error",
    "fields",
    "source",
    "offset",
    "line",
    "raw",
]
STORY_KEYS = ["ids", "start", "end", "duration_ns", "services", "spans", "records", "errors", "gaps", "incomplete"]
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def run(*arguments: str, stdin: bytes | None = None, **env: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        tracetail(*arguments),
        input=stdin or b"",
        capture_output=True,
        env={**os.environ, **env},
        timeout=60,
        check=False,
    )


def line(second: int, level: str, message: str, **fields: object) -> str:
    return json.dumps({"time": f"2026-11-23T14:00:{second:02d}.5Z", "level": level, "msg": message, **fields}) + "\n"


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    a = line(1, "info", "one", trace_id=TRACE) + line(3, "error", "three", trace_id=TRACE) + line(5, "info", "five")
    (tmp_path / "a.log").write_text(a)
    (tmp_path / "b.log").write_text("2026-11-23 14:00:02,000 WARNING two\n2026-11-23 14:00:04,250 ERROR four\n  at x\n")
    return tmp_path


def test_records_come_in_time_order_with_exactly_the_keys_of_the_contract(logs: Path) -> None:
    done = run("query", "*", str(logs), "--output", "ndjson")
    records = [json.loads(text) for text in done.stdout.splitlines()]
    assert [one["message"].split("\n")[0] for one in records] == ["one", "two", "three", "four", "five"]
    assert all(list(one) == KEYS for one in records)
    assert records[3]["time"] == "2026-11-23T14:00:04.250000000Z"
    assert records[3]["raw"].endswith("four\n  at x")
    assert [(one["source"], one["line"], one["offset"]) for one in records[:3]] == [
        ("a.log", 1, 0),
        ("b.log", 1, 0),
        ("a.log", 2, len(line(1, "info", "one", trace_id=TRACE))),
    ]
    assert done.returncode == 0


def test_a_service_is_found_by_its_name_in_the_line_or_by_that_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "cart.log").write_text(line(1, "info", "lent"))
    (tmp_path / "other.log").write_text(line(2, "info", "named", service="cart") + line(3, "info", "neither"))
    done = run("query", "service:cart", str(tmp_path), "--output", "ndjson")
    assert [json.loads(text)["message"] for text in done.stdout.splitlines()] == ["lent", "named"]
    done = run("query", "service:cart", str(tmp_path / "other.log"), "--output", "ndjson")
    assert [json.loads(text)["message"] for text in done.stdout.splitlines()] == ["named"]


def test_a_bound_on_a_field_is_met_in_every_notation(tmp_path: Path) -> None:
    text = line(1, "info", "a", took_ms=501) + line(2, "info", "b", took_ms=1.5e300) + line(3, "info", "c", took_ms=499)
    (tmp_path / "x.log").write_text(
        text + "2026-11-23 14:00:04,250 INFO d took_ms=7000\n" + line(5, "info", "e", took_ms="512")
    )
    done = run("query", "took_ms>500", str(tmp_path), "--output", "ndjson")
    assert [json.loads(one)["message"][0] for one in done.stdout.splitlines()] == ["a", "b", "d", "e"]


def test_the_exit_code_tells_match_from_none_from_trouble(logs: Path) -> None:
    assert run("query", "level:error", str(logs)).returncode == 0
    none = run("query", "nowhere_to_be_found", str(logs))
    assert (none.returncode, none.stdout) == (1, b"")
    missing = run("query", "*", str(logs / "a.log"), str(logs / "missing.log"))
    assert missing.returncode == 2
    assert missing.stderr.decode().splitlines() == [f"tracetail: {logs / 'missing.log'}: no such file"]
    assert b"one" in missing.stdout


def test_a_mistake_in_the_expression_is_one_line_with_its_place(logs: Path) -> None:
    done = run("query", "level:", str(logs))
    assert done.returncode == 2
    assert done.stderr.startswith(b"tracetail: query, character 7: ")
    assert done.stderr.count(b"\n") == 1


def test_limit_since_and_until_choose(logs: Path) -> None:
    assert run("query", "*", str(logs), "--limit", "2").stdout.count(b"\n") == 2
    chosen = run("query", "*", str(logs), "--since", "2026-11-23T14:00:02Z", "--until", "2026-11-23T14:00:04Z")
    assert [text.split()[-1] for text in chosen.stdout.decode().splitlines()] == ["two", f"trace={TRACE}"]


def test_a_pipe_is_a_source_by_itself_and_may_be_mixed_with_files(logs: Path) -> None:
    text = (logs / "b.log").read_bytes()
    alone = run("query", "level:error", stdin=text)
    assert b"four" in alone.stdout
    mixed = run("query", "*", str(logs / "a.log"), "-", "--output", "ndjson", stdin=text)
    assert [json.loads(one)["source"] for one in mixed.stdout.splitlines()] == [
        "a.log",
        "stdin",
        "a.log",
        "stdin",
        "a.log",
    ]


def test_compressed_files_are_read(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "old.log.gz", "wt") as file:
        file.write(line(1, "info", "packed"))
    assert b"packed" in run("query", "*", str(tmp_path / "old.log.gz")).stdout


def test_nothing_secret_comes_out_and_a_known_secret_still_finds_its_mark(tmp_path: Path) -> None:
    (tmp_path / "s.log").write_text(line(1, "info", "mail to jane.doe@example.com") + line(2, "info", "other"))
    done = run("query", "jane.doe@example.com", str(tmp_path), "--output", "ndjson")
    assert done.stdout.count(b"\n") == 1
    assert b"jane" not in done.stdout
    assert b"[email#" in done.stdout


def test_binary_junk_and_huge_lines_are_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "junk.log").write_bytes(bytes(range(256)) * 50 + b"\n" + b"x" * (3 << 20) + b"\nend\n")
    done = run("query", "*", str(tmp_path / "junk.log"), "--output", "ndjson")
    assert done.returncode == 0
    assert not done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["message"] == "end"
    assert b"line cut" in done.stdout


def test_a_reader_that_has_seen_enough_ends_us_quietly(tmp_path: Path) -> None:
    (tmp_path / "long.log").write_text(line(1, "info", "again") * 20_000)
    command = " ".join(tracetail("query", "'*'", str(tmp_path / "long.log"))) + " | head -n 1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, timeout=60, check=False)
    assert done.stdout.count(b"\n") == 1
    assert done.stderr == b""


def test_the_story_of_a_request_has_exactly_the_keys_of_the_contract(logs: Path) -> None:
    done = run("trace", TRACE, str(logs), "--output", "json")
    story = json.loads(done.stdout)
    assert list(story) == STORY_KEYS
    assert [one["message"] for one in story["records"]] == ["one", "three"]
    assert all(list(one) == KEYS for one in story["records"])
    assert {"kind": "trace", "value": TRACE} in story["ids"]
    assert done.returncode == 0


@pytest.mark.parametrize(("output", "sign"), [("text", b"three"), ("markdown", b"#"), ("html", b"<html")])
def test_the_story_is_told_in_other_forms(logs: Path, output: str, sign: bytes) -> None:
    done = run("trace", TRACE.upper(), str(logs), "--output", output)
    assert sign in done.stdout
    assert done.returncode == 0


def test_a_request_that_is_nowhere_is_said_so(logs: Path) -> None:
    done = run("trace", "0" * 31 + "7", str(logs))
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1


def test_what_values_were_read_from_is_told_below_each_line_on_request(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text('{"ts":1795446164123,"level":"warn","msg":"low"}\n')
    told = run("query", "*", "--explain", str(tmp_path / "a.log")).stdout.decode()
    assert "\n    time  ts, epoch ms\n    level  level: warn\n" in told
    refused = run("query", "*", "--explain", "--output", "ndjson", str(tmp_path / "a.log"))
    assert (refused.returncode, refused.stdout) == (2, b"")
