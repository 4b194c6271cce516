"""Pages are kept within one budget for all sources."""

from __future__ import annotations

from tui.pipeline.pages import Pages


def test_the_pages_not_asked_for_the_longest_go_first() -> None:
    pages: Pages[str] = Pages(100)
    pages.keep(0, 0, 40, "a")
    pages.keep(1, 0, 40, "b")
    assert pages.get(0, 0, 40) == "a"
    pages.keep(2, 0, 40, "c")
    assert pages.get(1, 0, 40) is None
    assert pages.get(0, 0, 40) == "a"
    assert pages.get(2, 0, 40) == "c"


def test_a_page_larger_than_the_budget_is_kept_alone() -> None:
    pages: Pages[str] = Pages(100)
    pages.keep(0, 0, 40, "a")
    pages.keep(0, 40, 400, "b")
    assert pages.get(0, 0, 40) is None
    assert pages.get(0, 40, 400) == "b"


def test_what_is_forgotten_leaves_room() -> None:
    pages: Pages[str] = Pages(100)
    pages.keep(0, 0, 60, "a")
    pages.keep(1, 0, 40, "b")
    pages.forget(0)
    assert pages.get(0, 0, 60) is None
    pages.keep(2, 0, 60, "c")
    assert pages.get(1, 0, 40) == "b"
