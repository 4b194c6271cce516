from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
PROGRAMS = ["python_program", "go_program", "node_program"]
FIRST_OF_SEED = "c2899d5e-e6c8-2425-85c9-c4e384ba9815"


@pytest.fixture(params=PROGRAMS)
def program(request: pytest.FixtureRequest) -> list[str]:
    command: list[str] = request.getfixturevalue(request.param)
    return command


def output(program: list[str], *arguments: str) -> str:
    return subprocess.run(
        [*program, "--rate", "0", *arguments], capture_output=True, text=True, check=True, timeout=60
    ).stdout


def objects(text: str) -> list[dict[str, object]]:
    return [json.loads(line[line.index("{") :]) for line in text.splitlines() if line.endswith("}") and '{"' in line]


def test_a_request_has_the_same_correlation_id_in_every_language(program: list[str]) -> None:
    text = output(program, "--requests", "3", "--seed", "demo")
    first = [line for line in objects(text) if line["request"] == 1]
    assert FIRST_OF_SEED in json.dumps(first)
    assert FIRST_OF_SEED not in output(program, "--requests", "3", "--seed", "other")


def test_every_seventh_request_fails_with_a_real_stack(program: list[str]) -> None:
    text = output(program, "--requests", "20")
    failed = {
        line["request"] for line in objects(text) if line.get("level") == "error" or "failed" in str(line.values())
    }
    assert failed == {7, 14}
    frame = {
        "python_app.py": r'File ".*python_app.py", line \d+, in',
        "go_app": r"main\.go:\d+ ",
        "app.js": r"at authorize \(",
    }
    assert len(re.findall(frame[Path(program[-1]).name], text)) >= 2


def test_lines_go_to_a_file_just_the_same(program: list[str], tmp_path: Path) -> None:
    assert output(program, "--requests", "5", "--output", str(tmp_path / "app.log")) == ""
    written = objects((tmp_path / "app.log").read_text())
    assert {line["request"] for line in written} == {1, 2, 3, 4, 5}


def test_only_some_lines_of_the_node_program_name_the_correlation_id(node_program: list[str]) -> None:
    lines = objects(output(node_program, "--requests", "1"))
    assert [FIRST_OF_SEED in json.dumps(line) for line in lines] == [True, False, False]
    assert len({line["traceId"] for line in lines}) == 1
    assert all(re.fullmatch(UUID, str(line["requestId"])) for line in lines)


def test_the_trace_id_joins_go_and_node(go_program: list[str], node_program: list[str]) -> None:
    go, node = (objects(output(program, "--requests", "1"))[0] for program in (go_program, node_program))
    assert go["trace_id"] == node["traceId"]
