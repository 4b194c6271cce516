"""Outside text as cells: harmless, exactly as wide as asked, and short spellings people can read."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.presentation.cells import (
    calendar_day,
    cell_width,
    clock,
    display_text,
    fit,
    service_style,
    short_duration,
    short_id,
)

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text", "plain text"),
        ("grüße 日本", "grüße 日本"),
        ("a\tb", "a       b"),
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("bell\x07 nul\x00 del\x7f", "bell␇ nul␀ del␡"),
        ("c1\x9b2J", "c1\\x9b2J"),
        ("evil\u202etxt.exe", "evil<U+202E>txt.exe"),
        ("zero\u200bwidth\ufeff", "zero<U+200B>width<U+FEFF>"),
        ("tag\U000e0041", "tag<U+E0041>"),
        ("line\u2028break\r\n", "line<U+2028>break␍␊"),
        ("bad\udcffbyte", "bad\\xffbyte"),
        ("lone\ud800", "lone<U+D800>"),
        ("e" + "\u0301" * 9, "e" + "\u0301" * 3),
        ("\u0301x", "◌\u0301x"),
    ],
)
def test_nothing_a_terminal_obeys_or_hides_is_left(text: str, shown: str) -> None:
    assert display_text(text) == shown


@given(ANY_TEXT)
@settings(max_examples=200)
def test_making_text_harmless_twice_changes_nothing(text: str) -> None:
    once = display_text(text)
    assert display_text(once) == once
    assert not any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 for c in once)


@given(ANY_TEXT, st.integers(0, 40), st.sampled_from(["left", "right"]))
@settings(max_examples=300)
def test_fitted_text_has_exactly_the_width(text: str, width: int, align: str) -> None:
    fitted = fit(text, width, "right" if align == "right" else "left")
    assert cell_len(fitted) == width
    assert cell_width(fitted) == width


@pytest.mark.parametrize(
    ("text", "width", "fitted"),
    [("short", 8, "short   "), ("exact", 5, "exact"), ("too long", 5, "too …"), ("日本語", 4, "日… "), ("x", 0, "")],
)
def test_text_is_padded_or_cut_with_an_ellipsis(text: str, width: int, fitted: str) -> None:
    assert fit(text, width) == fitted


def test_text_can_stand_at_the_right() -> None:
    assert fit("84 ms", 8, "right") == "   84 ms"


def test_a_huge_line_is_cut_without_measuring_all_of_it() -> None:
    assert fit("日" * 1_000_000, 5) == "日日…"
    assert fit("\u0301" * 1_000_000, 5).rstrip() == "◌" + "\u0301" * 3 + "…"
    assert cell_len(fit("e" + "\u0301" * 100_000, 5)) == 5


@pytest.mark.parametrize(
    ("duration_ns", "shown"),
    [
        (0, "0 ms"),
        (812, "812 ns"),
        (1_500, "1.5 µs"),
        (12_000, "12 µs"),
        (99_700, "0.1 ms"),
        (900_000, "0.9 ms"),
        (1_000_000, "1 ms"),
        (1_240_000, "1.2 ms"),
        (84_000_000, "84 ms"),
        (999_400_000, "999 ms"),
        (999_600_000, "1 s"),
        (1_840_000_000, "1.84 s"),
        (2_000_000_000, "2 s"),
        (42_420_000_000, "42.4 s"),
        (59_990_000_000, "1 min"),
        (123_000_000_000, "2 min 3 s"),
        (3_600_000_000_000, "1 h"),
        (11_040_000_000_000, "3 h 4 min"),
        (97_200_000_000_000, "1 d 3 h"),
        (-84_000_000, "-84 ms"),
    ],
)
def test_durations_are_short_and_carry_a_unit(duration_ns: int, shown: str) -> None:
    assert short_duration(duration_ns) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("7f3a0000000000000000000000000fc1", "7f3a…c1"),
        ("req-8f3a21", "req-8f3a21"),
        ("order-request-000123", "order…000123"),
        ("a\x1bb", "a␛b"),
    ],
)
def test_ids_are_shortened_but_recognisable(value: str, shown: str) -> None:
    assert short_id(value) == shown


def test_a_clock_shows_the_zone_it_is_given() -> None:
    time_ns = 1_795_442_529_412_999_999
    assert clock(time_ns, UTC) == "14:02:09.412"
    assert clock(time_ns, timezone(timedelta(hours=5, minutes=30))) == "19:32:09.412"
    assert calendar_day(time_ns, UTC) == "2026-11-23"


def test_a_clock_never_fails() -> None:
    assert clock(None) == " " * 12
    assert len(clock(10**30)) == 12
    assert clock(-1) == "23:59:59.999"


def test_a_service_keeps_its_colour() -> None:
    assert service_style("payment") == service_style("payment") == "service.5"
    assert service_style(None) == "dim"
    assert {service_style(f"svc-{n}") for n in range(200)} == {f"service.{n}" for n in range(8)}
