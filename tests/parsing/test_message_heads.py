"""A message that begins with a word and a number keeps them: no head is seen where there is none."""

from __future__ import annotations

import pytest

from tui.parsing.draft import Setting
from tui.parsing.header import read_header

TIME = "2026-11-24T02:03:04.000Z"


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ("after : 0 long words", "after : 0 long words"),
        ("worker : 12 started up", "worker : 12 started up"),
        ("disk - 3 sectors left", "3 sectors left"),
        ("INFO worker : 12 started up", "12 started up"),
        ("shop.cart : 3 items", "3 items"),
        ("4711 cart.items: slow", "slow"),
    ],
)
def test_the_message_begins_behind_the_head(rest: str, message: str) -> None:
    assert read_header(f"{TIME} {rest}", Setting()).message == message
