"""`tracetail redact` as a user meets it: in pipes, on files, in CI."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tui.cli.redact import command

PROGRAM = [sys.executable, "-c", "from tui.cli.redact import command; command()"]
SECRET = b"hunter2"


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    yield


def run(*arguments: str, data: bytes = b"") -> Result:
    return CliRunner().invoke(command, arguments, input=data)


def test_standard_input_comes_out_line_for_line_without_secrets() -> None:
    result = run(data=b"one\ntwo password=hunter2\nthree\n")
    first, second, third = result.stdout_bytes.splitlines()
    assert (first, third) == (b"one", b"three")
    assert second.startswith(b"two password=[password#")
    assert result.exit_code == 0


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"a\r\nb\r\n", b"no end", b"\xff\xfe\x00\x01\nx\x00y", b"\x1b[31mred\x1b[0m\n\n\n"]
)
def test_bytes_without_secrets_pass_unchanged(data: bytes) -> None:
    assert run(data=data).stdout_bytes == data


def test_files_are_copied_in_order(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"first\n")
    (tmp_path / "b").write_bytes(b"second without end")
    assert run(str(tmp_path / "a"), str(tmp_path / "b")).stdout_bytes == b"first\nsecond without end"


def test_a_missing_file_is_one_clear_line_and_the_others_still_come(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"second\n")
    result = run(str(tmp_path / "none.log"), str(tmp_path / "b"))
    assert result.stdout_bytes == b"second\n"
    assert result.stderr == f"tracetail: cannot read {tmp_path}/none.log: no such file\n"
    assert result.exit_code == 2


def test_a_folder_is_one_clear_line(tmp_path: Path) -> None:
    result = run(str(tmp_path))
    assert result.stderr == f"tracetail: cannot read {tmp_path}: is a directory\n"
    assert result.exit_code == 2


def test_explain_tells_where_and_what_but_never_the_value(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(b"fine\nuser jane@example.com password=hunter2\n")
    result = run("--explain", str(tmp_path / "a.log"))
    assert result.stdout.splitlines() == [
        f"{tmp_path}/a.log:2: email rule=email offset=5 length=16",
        f"{tmp_path}/a.log:2: password rule=key offset=31 length=7",
    ]
    assert result.exit_code == 0


def test_check_exits_with_one_on_findings_and_zero_without(tmp_path: Path) -> None:
    (tmp_path / "dirty").write_bytes(b"password=hunter2\n")
    (tmp_path / "clean").write_bytes(b"password=\ntoken: invalid\n")
    dirty, clean = run("--check", str(tmp_path / "dirty")), run("--check", str(tmp_path / "clean"))
    assert (dirty.exit_code, clean.exit_code) == (1, 0)
    assert SECRET not in dirty.stdout_bytes and b"dirty:1: password" in dirty.stdout_bytes
    assert clean.stdout_bytes == b""
    assert run("--check", str(tmp_path / "dirty"), str(tmp_path / "none")).exit_code == 2


def test_line_numbers_go_on_over_blocks(tmp_path: Path) -> None:
    filler = b"an ordinary line of no interest at all\n"
    (tmp_path / "long").write_bytes(filler * 20_000 + b"password=hunter2\n")
    assert run("--explain", str(tmp_path / "long")).stdout.startswith(f"{tmp_path}/long:20001: ")


def test_marks_agree_between_runs_of_an_installation_but_not_between_sessions() -> None:
    data = b"password=hunter2\n"
    assert run(data=data).stdout_bytes == run(data=data).stdout_bytes
    sessions = {run("--redact-key", "session", data=data).stdout_bytes for _ in range(2)}
    assert len(sessions) == 2


def test_a_key_that_cannot_be_kept_does_not_stop_the_filter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    result = run(data=b"password=hunter2\n")
    assert result.exit_code == 0
    assert SECRET not in result.stdout_bytes


def test_counts_are_told_on_standard_error() -> None:
    result = run("--counts", data=b"password=hunter2 jane@example.com\npassword=hunter3\n")
    assert result.stderr == "redacted: key 2, email 1\n"


def test_a_secret_in_a_file_name_is_not_repeated() -> None:
    assert "jane@example.com" not in run("/nowhere/jane@example.com/app.log").stderr


def started(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*PROGRAM, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(os.environ),
    )


def test_a_live_pipe_flows_line_by_line() -> None:
    with started() as process:
        assert process.stdin is not None and process.stdout is not None
        for number in range(3):
            process.stdin.write(b"line %d password=hunter2\n" % number)
            process.stdin.flush()
            line = process.stdout.readline()
            assert line.startswith(b"line %d password=[" % number)
        process.stdin.write(b"half a line")
        process.stdin.close()
        assert process.stdout.read() == b"half a line"
    assert process.returncode == 0


def test_a_reader_that_goes_away_ends_the_filter_silently() -> None:
    with started() as process:
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        process.stdout.close()
        try:
            process.stdin.write(b"a line\n" * 100_000)
            process.stdin.close()
        except BrokenPipeError:
            pass
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_an_interrupt_ends_the_filter_with_130_and_no_traceback() -> None:
    with started() as process:
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        process.stdin.write(b"up\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"up\n"
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == b""
    assert process.returncode == 130


def test_a_line_of_many_megabytes_passes(tmp_path: Path) -> None:
    data = b"x" * (20 << 20) + b" password=hunter2"
    (tmp_path / "wide").write_bytes(data)
    result = run(str(tmp_path / "wide"))
    assert result.stdout_bytes.startswith(data[:-7] + b"[password#")


def test_the_command_loads_no_screen() -> None:
    code = (
        "import sys, tui.cli.redact; sys.exit(any(name.split('.')[0] in ('textual', 'rich') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
