"""Waiting for what happens in other threads."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest


def wait_until(condition: Callable[[], Any], what: Callable[[], object] = lambda: "") -> None:
    """Wait for a condition; fails after 20 s, which only a broken program needs."""
    deadline_s = time.monotonic() + 20
    while not condition():
        if time.monotonic() > deadline_s:
            pytest.fail(f"did not happen: {what()}")
        time.sleep(0.005)
