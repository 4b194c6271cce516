"""The README's tables say what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import click

from tui.command_line import COMMANDS, VERSION, view
from tui.settings import IN_FILE_ONLY, Settings
from tui.sources.spec import ASKED, LISTENERS
from tui.values import fields
from tui.views.actions import ACTIONS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def table(name: str) -> list[str]:
    """The rows between two marks of the README."""
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", README, re.DOTALL)
    assert found is not None, f"no table {name}"
    return found[1].splitlines()[2:]


def cell(text: str) -> str:
    return text.replace("|", "\\|")


def key_rows() -> list[str]:
    return [
        f"| {' '.join(f'`{key}`' for key in action.shown.split())} | {action.id} | {cell(action.label)} |"
        for action in ACTIONS
    ]


def option_rows() -> list[str]:
    rows = []
    for one in fields(Settings):
        default = one.default if one.name not in IN_FILE_ONLY else "none"
        shown = {True: "true", False: "false", "": "none"}.get(default, default)
        rows.append(f"| `{one.name}` | {shown} | {cell(one.metadata['meaning'])} |")
    return rows


def test_every_key_is_listed_as_it_is() -> None:
    assert table("keys") == key_rows()


def test_every_option_is_listed_as_it_is() -> None:
    assert table("options") == option_rows()


def test_every_flag_of_the_viewer_is_an_option() -> None:
    names = {one.name for one in fields(Settings)} | {"sources", "version", "show_secrets", "help"}
    assert {parameter.name for parameter in view.params if isinstance(parameter, click.Parameter)} <= names


def test_every_command_is_shown() -> None:
    assert all(f"tracetail {name}" in README for name in COMMANDS)


def test_what_is_listened_for_is_listed_with_its_port_and_what_is_asked_with_its_scheme() -> None:
    rows = {row.split("|")[1].strip(): row.split("|")[3].strip() for row in README.splitlines() if row.count("|") > 4}
    assert {f"`{kind}:`": str(port) for kind, port in LISTENERS.items()}.items() <= rows.items()
    assert all(f"`{scheme}:http://" in README for scheme in ASKED)


def test_the_version_is_the_package_s() -> None:
    assert f'version = "{VERSION}"' in (ROOT / "pyproject.toml").read_text("utf-8")
    assert f"### {VERSION}\n" in README


def test_the_picture_is_there() -> None:
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README)
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)


def test_the_two_lines_for_a_newcomer_are_the_ones_that_are_run() -> None:
    assert "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/tracetail demo" in README
    line = "python3 -m venv .venv && .venv/bin/pip install '.[test]' && .venv/bin/pytest"
    assert line in README
    assert line in (ROOT / ".ci" / "run").read_text("utf-8")
