"""What must start fast loads nothing heavy; proven in fresh interpreters."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("textual", "websockets", "watchfiles", "aiofiles", "asyncio")


def loaded(code: str, *flags: str) -> set[str]:
    paths = [path for path in sys.path if path]
    script = (
        f"import sys\nsys.path += {paths!r}\n{code}\nprint(*sorted(name.partition('.')[0] for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, *flags, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("arguments", ["['--help']", "['--version']", "['query', '--help']"])
def test_help_and_refusals_load_no_screen(arguments: str) -> None:
    code = f"import tui.__main__\ntry:\n    tui.__main__.main({arguments})\nexcept SystemExit:\n    pass"
    assert not loaded(code) & set(HEAVY)


SLOW = (
    "typing",
    "dataclasses",
    "inspect",
    "contextlib",
    "threading",
    "orjson",
    "csv",
    "rich",
    "click",
    "zlib",
    "heapq",
)


def test_the_first_screenful_loads_nothing_that_takes_longer_than_itself(tmp_path: Path) -> None:
    lines = [f'{{"time": "2026-01-02T03:04:05.{at:03d}Z", "level": "info", "msg": "got {at}"}}\n' for at in range(100)]
    (tmp_path / "app.log").write_text("".join(lines))
    code = "\n".join(
        [
            "from tui import first_screen",
            "sizes = first_screen.os.terminal_size((120, 40))",
            "first_screen.os.get_terminal_size = lambda fd: sizes",
            "from tui.settings import Settings",
            "from tui.session.masking import redactor_of",
            f"readers = first_screen._open([{str(tmp_path / 'app.log')!r}])",
            "redactor = redactor_of(Settings(), {'HOME': '/nonexistent'})",
            "sight = first_screen.Sight(readers, Settings(), redactor, {'COLORTERM': 'truecolor'})",
            "assert 'got 99' in first_screen.screenful(sight)",
        ]
    )
    assert not loaded(code, "-S") & set(SLOW)


def test_a_session_loads_no_textual() -> None:
    assert "textual" not in loaded("import tui.session.session, tui.session.viewing, tui.session.pivot")


@pytest.mark.parametrize("command", ["query", "trace", "redact", "demo"])
def test_plain_commands_load_no_textual(command: str) -> None:
    assert "textual" not in loaded(f"import tui.cli.{command}")


def test_a_pipe_does_not_wait_for_the_code_of_the_first_screen() -> None:
    code = "import tui.__main__\nsys.argv = ['tracetail', 'redact', '--help']\ntry:\n    tui.__main__.main()\nexcept SystemExit:\n    pass"
    assert "rich" not in loaded(code)
