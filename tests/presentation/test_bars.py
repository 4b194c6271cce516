"""Bars, rulers and columns: exactly as wide as asked, and readable without colours."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.presentation.bars import INFERRED, MEASURED, OPEN, Mark, Stretch, bar, columns, ruler
from tui.record import Drawn


def text(drawn: Drawn) -> str:
    return "".join(piece for piece, _ in drawn)


@pytest.mark.parametrize(
    ("stretches", "marks", "drawn"),
    [
        ([Stretch(0, 1)], [], "██████████"),
        ([Stretch(0, 0.25)], [], "██▌       "),
        ([Stretch(0.25, 0.5)], [], "  ▐██     "),
        ([Stretch(0.5, 0.5)], [], "     ▌    "),
        ([Stretch(1, 1)], [], "         ▐"),
        ([Stretch(0.2, 0.7, INFERRED)], [], "  ╞═══╡   "),
        ([Stretch(0.2, 0.2, INFERRED)], [], "  ◇       "),
        ([Stretch(0.5, 1, OPEN)], [], "     ╞═══▶"),
        ([Stretch(0, 1)], [Mark(0.55)], "█████✗████"),
        ([Stretch(0, 0.2, INFERRED), Stretch(0.6, 0.8, INFERRED)], [Mark(0.1)], "╞✗    ╞╡  "),
        ([Stretch(-3, -2), Stretch(1.5, 2)], [Mark(7)], "          "),
        ([Stretch(-3, 9)], [], "██████████"),
        ([], [], "          "),
    ],
)
def test_a_bar_shows_what_is_known(stretches: list[Stretch], marks: list[Mark], drawn: str) -> None:
    assert text(bar(stretches, 10, marks)) == drawn


def test_bars_differ_without_block_characters_too() -> None:
    stretches = [Stretch(0, 0.3), Stretch(0.4, 0.7, INFERRED), Stretch(0.8, 1, OPEN)]
    drawn = text(bar(stretches, 20, [Mark(0.55)], ascii_only=True))
    assert drawn.isascii()
    assert drawn == "######  ===x==  ===>"


def test_attempts_are_joined_by_dots() -> None:
    drawn = text(bar([Stretch(0, 0.2), Stretch(0.7, 1)], 20, rest="·"))
    assert drawn.startswith("████ ·") and drawn.endswith("██████") and "· ·" in drawn


def test_pieces_carry_the_styles_they_were_given() -> None:
    drawn = bar([Stretch(0, 0.5, MEASURED, "service.3")], 4, [Mark(0.3)])
    assert drawn == (("█", "service.3"), ("✗", "bar.error"), ("  ", "text"))


PART = st.builds(
    Stretch,
    st.floats(-2, 3, allow_nan=False),
    st.floats(-2, 3, allow_nan=False),
    st.sampled_from([MEASURED, INFERRED, OPEN]),
)


@given(
    st.lists(PART, max_size=5),
    st.integers(0, 60),
    st.lists(st.builds(Mark, st.floats(-2, 3)), max_size=3),
    st.booleans(),
)
@settings(max_examples=200)
def test_a_bar_has_exactly_its_width(parts: list[Stretch], width: int, marks: list[Mark], plain: bool) -> None:
    drawn = text(bar(parts, width, marks, ascii_only=plain, rest="." if plain else "·"))
    assert cell_len(drawn) == width


@pytest.mark.parametrize(
    ("duration_ns", "width", "drawn"),
    [
        (84_000_000, 40, "+0 ms    20        40       60        80"),
        (1_840_000_000, 60, "+0 ms           500             1000            1500        "),
        (12_000, 30, "+0 µs       5            10   "),
        (61_000_000_000, 40, "+0 s         20           40          "),
        (300_000_000_000, 30, "+0 min      2 min       4 min "),
        (0, 10, "+0 ns     "),
        (10**9, 0, ""),
    ],
)
def test_a_ruler_has_a_label_where_its_time_is(duration_ns: int, width: int, drawn: str) -> None:
    assert text(ruler(duration_ns, width)).rstrip() == drawn.rstrip()


def test_a_ruler_may_begin_later() -> None:
    assert text(ruler(400_000_000, 40, start_ns=1_100_000_000)).startswith("+1100 ms  1200")


@given(st.integers(0, 2**62), st.integers(0, 200), st.integers(0, 2**62))
@settings(max_examples=150)
def test_a_ruler_has_exactly_its_width(duration_ns: int, width: int, start_ns: int) -> None:
    assert cell_len(text(ruler(duration_ns, width, start_ns=start_ns))) == width


@pytest.mark.parametrize(
    ("counts", "width", "drawn"),
    [
        ([], 4, "    "),
        ([0, 0], 4, "    "),
        ([1, 1000], 2, "▁█"),
        ([0, 1, 2, 3, 4, 5, 6, 7, 8], 9, " ▁▂▃▄▅▆▇█"),
        ([1, 1, 1, 1, 4, 4], 3, "▂▂█"),
        ([5], 3, "█  "),
        ([5], 0, ""),
    ],
)
def test_columns_add_neighbours_up_and_never_hide_a_count(counts: list[int], width: int, drawn: str) -> None:
    assert columns(counts, width) == drawn


@given(st.lists(st.integers(0, 10**9), max_size=300), st.integers(0, 80), st.booleans())
@settings(max_examples=100)
def test_columns_have_exactly_their_width(counts: list[int], width: int, plain: bool) -> None:
    assert len(columns(counts, width, ascii_only=plain)) == width
