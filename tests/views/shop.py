"""The demo shop's logs as files, the same in every run: what the pictures and the pilots of the panes look at."""

from __future__ import annotations

from functools import lru_cache
from itertools import takewhile
from pathlib import Path

from tests.views.driver import NOW_NS
from tui.cli.shop_lines import Entry
from tui.cli.shop_traffic import traffic

SEED = 37
HISTORY_NS = 150 * 10**9
RELEASE_NS = 110 * 10**9
"""How long before now the canary release began."""


@lru_cache(maxsize=1)
def entries() -> tuple[Entry, ...]:
    """What the shop wrote in the last minutes before the fixed now."""
    told = traffic(SEED, NOW_NS - HISTORY_NS, release_ns=NOW_NS - RELEASE_NS, rate=0.3)
    return tuple(takewhile(lambda entry: entry.time_ns < NOW_NS, told))


def write_shop(folder: Path) -> list[str]:
    """One file for each service; their paths."""
    texts: dict[str, list[str]] = {}
    for entry in entries():
        texts.setdefault(entry.service, []).append(entry.text)
    for service, told in texts.items():
        (folder / f"{service}.log").write_text("".join(text + "\n" for text in told), "utf-8")
    return [str(folder / f"{service}.log") for service in sorted(texts)]
