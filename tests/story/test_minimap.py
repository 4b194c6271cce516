"""The whole story in one line."""

from __future__ import annotations

from itertools import count

from rich.cells import cell_len

from tests.story.test_page import story
from tui.record import Span
from tui.story.minimap import is_wanted, minimap
from tui.story.page import compose, plain
from tui.story.timeline import Story, build
from tui.story.window import Window

T0_NS = 1_795_442_531_000_000_000


def many(number: int) -> Story:
    """As many different calls one after the other."""
    ids = count(1)
    spans = [Span("00", "all", T0_NS, T0_NS + number * 1_000_000, service="gateway")]
    spans += [
        Span(
            f"{next(ids):02x}",
            f"call {at}",
            T0_NS + at * 1_000_000,
            T0_NS + (at + 1) * 1_000_000,
            service="db",
            parent_span_id="00",
        )
        for at in range(number)
    ]
    return build((), spans)


def test_it_is_as_wide_as_asked_and_says_where_it_failed_without_colour() -> None:
    made = story()
    for width in (1, 7, 40, 200):
        for ascii_only in (False, True):
            drawn = minimap(made, None, width, ascii_only=ascii_only)
            assert sum(cell_len(text) for text, _ in drawn) == width
    assert ("✗", "bar.error") in minimap(made, None, 60)
    assert "x" in "".join(text for text, _ in minimap(made, None, 60, ascii_only=True))


def test_what_the_bars_show_is_bright_and_the_rest_dim() -> None:
    made = many(100)
    window = Window(T0_NS + 25_000_000, T0_NS + 50_000_000)
    drawn = minimap(made, window, 40)
    assert [(len(text), style) for text, style in drawn] == [(10, "dim"), (11, "key"), (19, "dim")]


def test_it_stands_above_the_bars_when_they_do_not_tell_it_all() -> None:
    assert not is_wanted(story(), None)
    assert "spans under way" not in plain(compose(story(), 100))
    assert is_wanted(story(), Window(T0_NS, T0_NS + 1))
    assert "101 spans under way" in plain(compose(many(100), 100))
    zoomed = plain(compose(many(100), 100, window=Window(T0_NS, T0_NS + 10_000_000)))
    assert "1:10" in zoomed
    assert zoomed.count("▸") == 89, "an arrow to each call that begins later"
