"""The two lines of chrome: what they say, what gives way when there is little room, and that they are exactly as wide
as the screen."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.presentation.cells import cell_width
from tui.presentation.status_line import DOTS, SourceLook, Totals, rate, sources_line, totals_line
from tui.record import Drawn

HINTS = (("t", "request"), ("/", "filter"), ("?", "help"))
LIVE = [SourceLook(f"service-{number:02d}.log", "live", rate=1.5) for number in range(30)]


def text(drawn: Drawn) -> str:
    return "".join(part for part, _ in drawn)


def styles(drawn: Drawn, word: str) -> set[str]:
    return {style for part, style in drawn if word in part}


def test_sources_that_are_well_are_a_dot_a_name_and_a_rate() -> None:
    line = sources_line(LIVE[:2], 100, "▁▂▃", "14:02:11Z")
    assert text(line).startswith(" tracetail   ● service-00.log 1.5/s  ● service-01.log 1.5/s ")
    assert text(line).endswith("3.0/s ▁▂▃ 14:02:11Z ")


def test_of_thirty_sources_those_in_trouble_come_first_and_the_rest_is_counted() -> None:
    broken = SourceLook("wss://edge/stream", "retrying", "retrying in 4 s", gaps=2)
    line = sources_line([*LIVE, broken], 120, "▁▂▃", "14:02:11Z")
    assert "◌ wss://edge/stream retrying in 4 s (2 gaps)  ● service-00.log" in text(line)
    assert " more  " in text(line)
    assert styles(line, "wss") == {"warn"}


def test_trouble_that_finds_no_room_is_counted_as_trouble() -> None:
    broken = [SourceLook(f"broken-{number}.log", "failed", "permission denied") for number in range(20)]
    line = sources_line([*LIVE, *broken], 80, "", "14:02:11Z")
    assert "✗ broken-0.log permissi…  +49 more, 19 in trouble" in text(line)
    assert cell_width(text(line)) == 80


def test_a_source_that_fell_silent_says_for_how_long() -> None:
    behind = SourceLook("a.log", "idle", quiet_since="14:00:06")
    assert "a.log quiet since 14:00:06" in text(sources_line([behind, LIVE[0]], 80, "", "14:02:11Z"))


def test_when_all_is_quiet_nothing_on_the_line_changes_with_time() -> None:
    line = text(sources_line([SourceLook("a.log", "idle")], 80, "▁▁▁", "14:02:11Z", quiet=True))
    assert line.rstrip().endswith("quiet since 14:02:11Z")
    assert "/s" not in line
    assert "▁" not in line


def test_a_hostile_name_is_shown_and_not_obeyed() -> None:
    assert "\x1b" not in text(sources_line([SourceLook("a\x1b[2J.log", "live")], 80, "", "x"))


def test_everything_has_room_on_a_wide_screen() -> None:
    totals = Totals(hidden=47_889, sampled=812, redacted={"email": 90, "jwt": 4}, cpu=2.1, memory_mib=54, hints=HINTS)
    line = totals_line(totals, LIVE[:3], 130)
    told = "hidden 47,889 · sampled 812 · redacted 94: email 90, jwt 4"
    assert text(line).startswith(f" FOLLOW  3 sources │ {told} │ cpu 2.1% mem 54M ")
    assert text(line).endswith("  t request  / filter  ? help ")


def test_at_80_cells_the_next_useful_key_and_help_stay() -> None:
    line = text(totals_line(Totals(redacted={"email": 94}, cpu=2.1, memory_mib=54, hints=HINTS), LIVE[:3], 80))
    assert "t request  ? help" in line
    assert "/ filter" not in line
    assert "cpu 2.1%" in line


def test_where_there_is_no_room_for_both_our_cost_goes_and_the_useful_key_stays() -> None:
    totals = Totals(following=False, paused_new=12_345, hidden=4_247, sampled=12, redacted={"a": 94}, hints=HINTS)
    line = text(totals_line(totals, LIVE[:3], 80))
    assert " PAUSED 12,345 new  3 sources │ hidden 4,247 · sampled 12 · redacted 94 " in line
    assert "cpu" not in line


def test_counts_of_what_was_done_are_the_last_to_go() -> None:
    totals = Totals(hidden=1_000_000, sampled=1, dropped=3, redacted={"a": 4}, hints=HINTS)
    assert "hidden 1,000,000 · sampled 1 · dropped 3 · redacted 4" in text(totals_line(totals, LIVE, 80))


def test_redaction_that_is_off_comes_first_and_is_loud() -> None:
    line = totals_line(Totals(redaction_off=True), LIVE[:1], 80)
    assert line[0] == (" REDACTION OFF ", "level.fatal")


def test_one_source_is_not_plural_and_trouble_is_counted() -> None:
    assert " 1 source " in text(totals_line(Totals(), LIVE[:1], 80))
    assert "2 sources · 1 in trouble" in text(totals_line(Totals(), [LIVE[0], SourceLook("x", "gap")], 80))


@pytest.mark.parametrize(
    ("per_s", "shown"),
    [(0, "0/s"), (0.2, "0.2/s"), (9.96, "10/s"), (999.6, "1.0k/s"), (1234, "1.2k/s"), (25_000, "25k/s")],
)
def test_rates_are_short(per_s: float, shown: str) -> None:
    assert rate(per_s) == shown


@given(
    st.lists(
        st.builds(
            SourceLook,
            st.text(max_size=40),
            st.sampled_from([*DOTS, "odd"]),
            st.text(max_size=60),
            st.floats(0, 1e6),
            st.none() | st.floats(0, 1e6),
            st.integers(0, 9),
        ),
        max_size=12,
    ),
    st.integers(20, 200),
)
@settings(max_examples=150)
def test_the_sources_line_is_exactly_as_wide_as_the_screen(sources: list[SourceLook], width: int) -> None:
    assert cell_width(text(sources_line(sources, width, "▁▂▃▄▅▆▇█", "14:02:11Z"))) == width


@given(
    st.builds(
        Totals,
        following=st.booleans(),
        paused_new=st.integers(0, 10**7),
        least=st.sampled_from(["", "error"]),
        hidden=st.none() | st.integers(0, 10**9),
        sampled=st.integers(0, 10**9),
        dropped=st.integers(0, 10**9),
        redacted=st.dictionaries(st.text(max_size=5), st.integers(0, 10**6), max_size=3),
        redaction_off=st.booleans(),
        loading=st.sampled_from(["", "searching 12:00:00 · Esc stops"]),
        hints=st.sampled_from([(), HINTS, HINTS[:2], HINTS[:1]]),
    ),
    st.integers(20, 200),
)
@settings(max_examples=150)
def test_the_status_line_is_exactly_as_wide_as_the_screen(totals: Totals, width: int) -> None:
    assert cell_width(text(totals_line(totals, LIVE[:3], width))) == width
