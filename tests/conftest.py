"""What every test may rely on: one `tui`, an environment without surprises, snapshots in the top-level folder.

The tests run against whichever `tui` the interpreter finds: the installed package, else this checkout. An installed
copy that differs from the checkout ends the run at once, since its results would be about code nobody is looking at.
"""

from __future__ import annotations

import filecmp
import importlib
import importlib.util
import itertools
import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOTS = ROOT / "snapshots"
PACKAGE_FILES = (".py", ".tcss", ".toml")
UNWANTED = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "COLUMNS", "LINES", "LESS", "PYTHONSAFEPATH", "PYTHONWARNINGS")

# Behind an installed package: a checkout must not hide what `pip install` forgot to copy.
sys.path.append(str(ROOT))

# CI machines are noisy, so no example has a deadline; there, the examples are the same in every run.
settings.register_profile(
    "tracetail",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,
    print_blob=True,
)
settings.load_profile("tracetail")

from tests.programs import launch  # noqa: E402  # found through the path above

_homes = itertools.count()


def pytest_configure(config: pytest.Config) -> None:
    package = package_folder()
    stale = stale_files(package)
    if stale:
        raise pytest.UsageError(
            f"the installed tracetail differs from this checkout ({', '.join(stale[:3])}): "
            f"run {os.path.relpath(sys.executable)} -m pip install '.[test]' again"
        )
    # Programs that the tests start must run the same code from any folder.
    inherited = os.environ.get("PYTHONPATH", "")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(package.parent), inherited]))
    os.environ["TZ"] = "UTC"
    time.tzset()
    for name in [*UNWANTED, *(key for key in os.environ if key.startswith(("TRACETAIL_", "TEXTUAL_")))]:
        if name != "TEXTUAL_SNAPSHOT_TEMPDIR":
            os.environ.pop(name, None)
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    os.environ["COLORTERM"] = "truecolor"


def package_folder() -> Path:
    found = importlib.util.find_spec("tui")
    assert found is not None, "no package tui: neither installed nor in the checkout"
    assert found.submodule_search_locations is not None
    return Path(next(iter(found.submodule_search_locations))).resolve()


def stale_files(package: Path) -> list[str]:
    """Files of the checkout that the tested package lacks or has in another version; empty for the checkout itself."""
    ours = ROOT / "tui"
    if package == ours:
        return []
    names = sorted(str(path.relative_to(ours)) for path in ours.rglob("*") if path.suffix in PACKAGE_FILES)
    _, differing, missing = filecmp.cmpfiles(ours, package, names, shallow=False)
    return differing + missing


@pytest.fixture(autouse=True)
def private_home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Settings, keys and state of one test stay its own; the folders do not exist until something writes there."""
    home = tmp_path_factory.getbasetemp() / f"home-{next(_homes)}"
    for name in ("CONFIG", "STATE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))


@pytest.fixture(autouse=True)
def agreed_screens(monkeypatch: pytest.MonkeyPatch) -> None:
    """`snap_compare` keeps its pictures in snapshots/, one folder per test module, drawn without animations."""
    plugin: Any = importlib.import_module("pytest_textual_snapshot")

    class TopLevelSnapshots(plugin.SVGImageExtension):  # type: ignore[misc]  # the plugin publishes no types
        @classmethod
        def dirname(cls, *, test_location: Any) -> str:
            return str(SNAPSHOTS / Path(test_location.filepath).stem)

    monkeypatch.setattr(plugin, "SVGImageExtension", TopLevelSnapshots)
    # The plugin imports Textual, which reads its environment once, before this file is loaded.
    monkeypatch.setattr("textual.constants.TEXTUAL_ANIMATIONS", "none")


@pytest.fixture(scope="session")
def python_program() -> list[str]:
    """The command line of a program that logs with Python's logging; add --requests, --rate, --seed, --output."""
    return launch.python_program()


@pytest.fixture(scope="session")
def go_program(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The same for Go's standard log."""
    return launch.go_program(tmp_path_factory.mktemp("go"))


@pytest.fixture(scope="session")
def node_program(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The same for Node's winston."""
    return launch.node_program(tmp_path_factory.mktemp("node"))
