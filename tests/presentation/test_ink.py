"""What the first screenful sends for a style is what Rich sends for it."""

from __future__ import annotations

import pytest
from rich.color import ColorSystem

from tui.presentation.colours import words
from tui.presentation.ink import Depth, Ink
from tui.presentation.palette import Palette

SYSTEMS: dict[Depth, ColorSystem] = {
    "truecolor": ColorSystem.TRUECOLOR,
    "256": ColorSystem.EIGHT_BIT,
    "16": ColorSystem.STANDARD,
}


@pytest.mark.parametrize("depth", SYSTEMS)
@pytest.mark.parametrize("theme", ["dark", "light", "ansi", "plain"])
def test_every_style_is_written_as_rich_writes_it(theme: str, depth: Depth) -> None:
    palette, ink = Palette(theme), Ink(theme, depth)
    for name in (*words(theme), "unknown"):
        for chrome in (False, True):
            # a style remembers the first colour system that it was rendered for
            style = palette.style(name, chrome=chrome).copy()
            assert ink.line((("x", name),), 1, chrome=chrome).startswith(
                style.render("x", color_system=SYSTEMS[depth])
            ), name


def test_a_line_reaches_the_right_edge() -> None:
    assert (
        Ink("plain", "16").line((("▌", "key"), ("é", "text")), 5)
        == "\x1b[1;39m▌\x1b[0m\x1b[39mé\x1b[0m\x1b[39m   \x1b[0m"
    )
