"""Messages that differ only in values are of one pattern."""

from __future__ import annotations

import pytest

from tui.story.explain.account import operation_name
from tui.story.explain.templates import Templates


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("order 17 took 35 ms", "order 8123 took 4 ms"),
        ("user alice logged in from web", "user robert logged in from web"),
        ("route: Route(id=f3d4d4ef-693b-4456-8eed-59c0d717dd08, stops=[a, b])", "route: Route(id=11, stops=[x])"),
        ('open "/srv/a" failed', 'open "/srv/b" failed'),
    ],
)
def test_values_do_not_count(one: str, other: str) -> None:
    templates = Templates()
    assert templates.number("shop", 9, one) == templates.number("shop", 9, other)


def test_words_services_and_levels_do() -> None:
    templates = Templates()
    numbers = {
        templates.number("shop", 9, "order placed"),
        templates.number("shop", 9, "order declined by bank"),
        templates.number("shop", 17, "order placed"),
        templates.number("cart", 9, "order placed"),
    }
    assert len(numbers) == 4


def test_operations_are_named_without_ids() -> None:
    assert operation_name("GET /users/17/orders/ab-99?x=1") == operation_name("GET /users/4/orders/zz-1")
    assert operation_name("GET /users") == "GET /users"
