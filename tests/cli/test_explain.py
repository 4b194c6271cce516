"""`tracetail explain` as a shell sees it: suspects as promised, windows, exit codes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from tests.cli.test_query import run
from tests.story.explain.incidents import Incident, Made


def write(made: Made, folder: Path) -> None:
    for service in {service for _, service, _ in made.lines}:
        lines = [line for _, name, line in made.lines if name == service]
        (folder / f"{service}.log").write_text("\n".join(lines) + "\n")
    rows = ["traceID,spanID,parentSpanID,serviceName,operationName,startTime,duration,statusCode"]
    for one in made.spans:
        start, end = int(str(one["start"])) // 1000, int(str(one["end"])) // 1000
        code = 500 if one["failed"] else 200
        rows.append(
            f"{one['trace']},{one['span']},{one['parent'] or ''},{one['service']},{one['name']},{start},{end - start},{code}"
        )
    (folder / "traces.csv").write_text("\n".join(rows) + "\n")


def test_the_culprit_is_named_with_its_evidence(tmp_path: Path) -> None:
    made = Incident(100, "kill", quiet_s=90, troubled_s=60).run()
    write(made, tmp_path)
    since = datetime.fromtimestamp(made.change_s, UTC).isoformat()
    done = run("explain", str(tmp_path), "--since", since, "--output", "json")
    assert done.returncode == 0, done.stderr
    suspects = json.loads(done.stdout)["suspects"]
    assert made.culprit in [one["service"] for one in suspects[:3]]
    assert [one["score"] for one in suspects] == sorted((one["score"] for one in suspects), reverse=True)
    for signal in suspects[0]["signals"]:
        assert {"kind", "value", "baseline", "evidence"} <= signal.keys()
    assert any(one["evidence"] for one in suspects[0]["signals"])
    text = run("explain", str(tmp_path / "traces.csv"), "--since", since)
    assert text.stdout.decode().startswith("trouble")


def test_a_time_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("2026-11-23T14:00:00Z INFO hello\n")
    done = run("explain", str(tmp_path / "a.log"), "--since", "yesterdayish")
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
    assert b"--since" in done.stderr


def test_nothing_unusual_is_no_match(tmp_path: Path) -> None:
    lines = [f"2026-11-23T14:00:{at:02d}Z INFO hello {at}\n" for at in range(60)]
    (tmp_path / "a.log").write_text("".join(lines))
    assert run("explain", str(tmp_path / "a.log"), "--since", "2026-11-23T14:00:30Z").returncode == 1


def test_a_request_is_compared_with_a_normal_one(tmp_path: Path) -> None:
    lines = []
    for number, word in enumerate(("well", "well", "failed")):
        trace = f"{number + 1:032x}"
        level = "error" if word == "failed" else "info"
        lines.append(
            f'{{"time": "2026-11-23T14:00:0{number}Z", "level": "info", "msg": "order taken", "trace_id": "a{trace[1:]}"}}\n'
        )
        lines.append(
            f'{{"time": "2026-11-23T14:00:0{number}.5Z", "level": "{level}", "msg": "it went {word}", "trace_id": "a{trace[1:]}"}}\n'
        )
    (tmp_path / "shop.log").write_text("".join(lines))
    bad = "a" + f"{3:032x}"[1:]
    done = run("trace", bad, str(tmp_path / "shop.log"), "--compare", "auto")
    assert done.returncode == 0, done.stderr
    told = done.stdout.decode()
    assert "extra    shop “it went failed”" in told and "missing  shop “it went well”" in told
    lone = run("trace", bad, str(tmp_path / "shop.log"), "--compare", "nosuch")
    assert lone.returncode == 2 and lone.stderr.count(b"\n") == 1


def test_a_canary_is_compared_with_all_other_requests(tmp_path: Path) -> None:
    """Every tenth request is served by a new version of the cart, which answers late."""
    lines = []
    for number in range(300):
        trace = f"{number + 1:032x}"
        canary = number % 10 == 0
        version = "2.4.0" if canary else "2.3.9"
        took = 400 if canary else 20 + number % 7
        for service, at_ms, message in (
            ("gateway", 0, "request started"),
            ("cart", 5, "loading the cart"),
            ("cart", took + 5, f"cart loaded in {took} ms"),
            ("pay", took + 10, "charge done in 30 ms"),
            ("gateway", took + 45, f"request done in {took + 45} ms"),
        ):
            stamp = datetime.fromtimestamp(1_795_442_400 + number / 5 + at_ms / 1000, UTC).isoformat()
            fields = {"time": stamp, "level": "info", "service": service, "msg": message, "trace_id": trace}
            lines.append(json.dumps({**fields, **({"version": version} if service == "cart" else {})}))
    path = tmp_path / "shop.log"
    path.write_text("\n".join(lines) + "\n")
    done = run("explain", str(path), "--where", "version:2.4.0", "--output", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["suspects"][0]["service"] == "cart"
    wrong = run("explain", str(path), "--where", "version:(")
    assert (wrong.returncode, wrong.stderr.count(b"\n")) == (2, 1)
    assert b"--where, character" in wrong.stderr
