"""The command line: help, versions and refusals; every error is one line and no traceback."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.terminal import tracetail
from tui.command_line import COMMANDS


def run(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    # a session of its own: no terminal can be had
    return subprocess.run(
        tracetail(*arguments),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env={**os.environ, **env},
        start_new_session=True,
        timeout=60,
        check=False,
    )


def test_help_names_the_ways_in_and_the_commands() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert "kubectl logs" in done.stdout
    assert all(name in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    done = run(name, "--help")
    assert done.returncode == 0
    assert "Usage" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["app.log"], "tracetail query"),
        (["foo:bar"], "unknown kind of source"),
        (["k8s:shop/api"], "not in this version"),
        (["ws://"], "no host"),
        (["--no-such-option"], "No such option"),
        (["--redact", "off", "x"], "--show-secrets"),
        (["--theme", "pink", "x"], "one of dark, light, ansi"),
        (["--tz", "Mars/Olympus", "x"], "not a known zone"),
        (["-q", "(", "x"], "character 2"),
        (["query"], "Missing argument"),
        (["query", "*", "no-such-file"], "no such file"),
        (["trace", "abc", "no-such-file"], "no such file"),
        (["redact", "no-such-file"], "no-such-file"),
    ],
)
def test_a_mistake_is_one_clear_line_and_exit_code_2(arguments: list[str], words: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 2


def test_settings_come_from_file_environment_and_flags_in_that_order(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('theme = "pink"\n')
    assert "config.toml: theme is one of" in run("x", TRACETAIL_CONFIG=str(config)).stderr
    config.write_text('theme = "light"\n')
    assert "environment: theme is one of" in run("x", TRACETAIL_CONFIG=str(config), TRACETAIL_THEME="pink").stderr
    config.write_text("nonsense = 1\n")
    assert "there is no option 'nonsense'" in run("x", TRACETAIL_CONFIG=str(config)).stderr
    config.write_text("not toml")
    assert "cannot read" in run("x", TRACETAIL_CONFIG=str(config)).stderr


def test_a_file_cannot_switch_redaction_off(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('redact = "off"\n')
    assert "--show-secrets" in run("x", TRACETAIL_CONFIG=str(config)).stderr
