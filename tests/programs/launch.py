"""How to start the three log-writing programs: each function gives the beginning of a command line.

All take the same options (--requests --rate --seed --output). Request k of a seed has the same correlation id in all
of them, so that one request crosses three services in three languages; every seventh request fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


def python_program() -> list[str]:
    return [sys.executable, str(HERE / "python_app.py")]


def go_program(folder: Path) -> list[str]:
    """Builds into the folder; skips the test where there is no Go."""
    if shutil.which("go") is None:
        pytest.skip("Go is not installed")
    program = str(folder / "go_app")
    # The standard library is all it needs, so the build asks nobody on the network.
    env = {**os.environ, "GOTOOLCHAIN": "local", "GOPROXY": "off", "GOWORK": "off", "GOFLAGS": "-buildvcs=false"}
    subprocess.run(["go", "build", "-o", program, "."], cwd=HERE / "go_app", env=env, check=True, timeout=300)
    return [program]


def node_program(folder: Path) -> list[str]:
    """Installs winston into the folder; skips the test where Node, npm or the registry cannot be had."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node with npm is not installed")
    for name in ("app.js", "package.json"):
        shutil.copy(HERE / "node_app" / name, folder / name)
    install = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--loglevel=error"]
    try:
        done = subprocess.run(
            install, cwd=folder, capture_output=True, text=True, timeout=180, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        pytest.skip("npm install winston: no answer within 180 s")
    if done.returncode:
        pytest.skip(f"npm install winston: {(done.stderr.strip().splitlines() or ['failed'])[0]}")
    return ["node", str(folder / "app.js")]
