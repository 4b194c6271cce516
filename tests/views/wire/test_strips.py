"""A strip that is read as it is gives the cells that it would give when written as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.views.wire.frame import FrameReader
from tui.views.wire.strips import REMEMBERED, StripReader

STYLES = [
    "none",
    "bold",
    "#010203 on #090909",
    "bold italic color(7)",
    "reverse",
    "underline bright_blue",
    "on #090909",
]
TEXTS = ["one", "two words", " " * 20, "●─│…", "x", "支払い", "a決b済c", "🚀 up", "e\u0301", "✗ ñ"]
PIECES = st.lists(st.tuples(st.sampled_from(TEXTS), st.sampled_from(STYLES)), max_size=6)


@given(pieces=PIECES, depth=st.sampled_from([ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT, ColorSystem.STANDARD]))
def test_both_ways_give_the_same_cells(pieces: list[tuple[str, str]], depth: ColorSystem) -> None:
    strip = Strip([Segment(text, Style.parse(style)) for text, style in pieces])
    reader = FrameReader()
    read = StripReader(reader, depth).read([strip])
    written = reader.written(
        "".join(Strip.render_style(segment.style or Style(), segment.text, depth) for segment in strip)
    )
    assert read is not None
    assert written is not None
    assert (read[0].cells, read[0].sure) == (written.cells, written.sure)


@pytest.mark.parametrize(
    "segment", [Segment("rung\x07"), Segment("linked", Style(link="https://example.org")), Segment("\x1b[2J")]
)
def test_what_does_more_than_draw_is_left_to_those_who_write_text(segment: Segment) -> None:
    assert StripReader(FrameReader(), ColorSystem.TRUECOLOR).read([Strip([segment])]) is None


def test_a_strip_that_stays_is_the_same_stretch_however_many_others_come() -> None:
    strips = StripReader(FrameReader(), ColorSystem.TRUECOLOR)
    stays = Strip([Segment("stays")])
    first = strips.read([stays])
    assert first is not None
    for number in range(3 * REMEMBERED):
        now = strips.read([Strip([Segment(f"line {number}")]), stays])
        assert now is not None
        assert now[1] is first[0]
