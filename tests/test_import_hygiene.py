"""What must start fast loads nothing heavy; proven in fresh interpreters."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("textual", "websockets", "watchfiles", "aiofiles", "asyncio")


def loaded(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint(*sorted(name.partition('.')[0] for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("arguments", ["['--help']", "['--version']", "['query', '--help']"])
def test_help_and_refusals_load_no_screen(arguments: str) -> None:
    code = f"import tui.__main__\ntry:\n    tui.__main__.main({arguments})\nexcept SystemExit:\n    pass"
    assert not loaded(code) & set(HEAVY)


def test_a_session_loads_no_textual() -> None:
    assert "textual" not in loaded("import tui.session.session, tui.session.viewing, tui.session.pivot")


@pytest.mark.parametrize("command", ["query", "trace", "redact", "demo"])
def test_plain_commands_load_no_textual(command: str) -> None:
    assert "textual" not in loaded(f"import tui.cli.{command}")


def test_a_pipe_does_not_wait_for_the_code_of_the_first_screen() -> None:
    code = "import tui.__main__\nsys.argv = ['tracetail', 'redact', '--help']\ntry:\n    tui.__main__.main()\nexcept SystemExit:\n    pass"
    assert "rich" not in loaded(code)
