from __future__ import annotations

from datetime import UTC, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.query.values import DAY_NS, NS, duration_of, moment_near, number_of, period_of, size_of

NOON_NS = 1_795_435_200 * NS
"""2026-11-23T12:00:00Z"""


@pytest.mark.parametrize(
    ("text", "duration_ns"),
    [
        ("500ms", 500_000_000),
        ("1.5s", 1_500_000_000),
        ("1.5 s", 1_500_000_000),
        ("2m", 120 * NS),
        ("1h30m", 5400 * NS),
        ("-5m", -300 * NS),
        ("10µs", 10_000),
        ("3 days", 3 * DAY_NS),
        ("2MB", None),
        ("5", None),
        ("ms", None),
        ("5x", None),
        ("5s!", None),
        ("5M", None),
    ],
)
def test_durations_have_units(text: str, duration_ns: int | None) -> None:
    assert duration_of(text) == duration_ns


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("2MB", 2_000_000),
        ("2MiB", 2 << 20),
        ("1.5kB", 1500),
        ("10k", 10_000),
        ("3M", 3_000_000),
        ("5m", None),
        ("7", None),
    ],
)
def test_sizes_are_decimal_unless_they_say_otherwise(text: str, size: int | None) -> None:
    assert size_of(text) == size


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5),
        ("-5", -5),
        ("0500", 500),
        ("2.50", 2.5),
        ("1e5", None),
        ("0x10", None),
        ("", None),
        ("٥", None),
        ("5.", None),
    ],
)
def test_plain_numbers_have_no_exponent(text: str, number: float | None) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize(
    ("text", "start_s", "length_ns"),
    [
        ("2026-11-23", -12 * 3600, DAY_NS),
        ("2026-11-23T12:00Z", 0, 60 * NS),
        ("2026-11-23 12:00:05", 5, NS),
        ("2026/11/23 12:00:05", 5, NS),
        ("2026-11-23T14:00:00+02:00", 0, NS),
        ("2026-11-23T14:00:00.250+0200", 0.25, 10**6),
        ("11:30", -1800, 60 * NS),
        ("11:30:15", -1785, NS),
        ("12:00:01", 1 - 86_400, NS),
        ("now", 0, 1),
        ("today", -12 * 3600, DAY_NS),
        ("yesterday", -36 * 3600, DAY_NS),
        ("-5m", -300, 1),
        ("5m", -300, 1),
        ("+5m", 300, 1),
        ("now-1h30m", -5400, 1),
        ("5 minutes ago", -300, 1),
        ("1795435200", 0, NS),
        ("1795435200500", 0.5, 10**6),
        ("1795435200000000001", 1e-9, 1),
    ],
)
def test_times_name_a_stretch_from_their_first_nanosecond_on(text: str, start_s: float, length_ns: int) -> None:
    found = period_of(text, NOON_NS, UTC)
    assert found == (NOON_NS + round(start_s * NS), NOON_NS + round(start_s * NS) + length_ns)


def test_times_without_a_zone_are_in_the_given_one() -> None:
    plus_three = timezone(timedelta(hours=3))
    assert period_of("2026-11-23T15:00", 0, plus_three) == period_of("2026-11-23T12:00Z", 0, UTC)
    assert period_of("14:30", NOON_NS, plus_three) == period_of("11:30", NOON_NS, UTC)
    # the night the clocks go back has 25 hours
    begin, end = period_of("2026-10-25", 0, ZoneInfo("Europe/Berlin")) or (0, 0)
    assert end - begin == 25 * 3600 * NS


@settings(max_examples=200)
@given(st.text(max_size=30) | st.from_regex(r"[0-9:./TZ+\- ]{1,25}", fullmatch=True))
def test_any_text_is_a_time_or_none(text: str) -> None:
    found = period_of(text, NOON_NS, UTC)
    assert found is None or found[0] < found[1]


@pytest.mark.parametrize(
    "text", ["2026-13-01", "2026-02-30", "25:00", "12:60", "0001-01-01T00:00+14:00", "9" * 60, "1" * 20 + "d"]
)
def test_impossible_times_are_none_or_far_away_but_never_raise(text: str) -> None:
    period_of(text, NOON_NS, UTC)


def test_a_time_to_go_to_is_named_from_where_one_stands() -> None:
    at = 1_795_442_531_000_000_000  # 2026-11-23 14:02:11 UTC
    assert moment_near("-5m", at, UTC) == at - 300 * NS
    assert moment_near("+1h30m", at, UTC) == at + 5400 * NS
    assert moment_near("2026-11-20", at, UTC) == 1_795_132_800 * NS
    # the nearest occurrence of a clock time: today's, yesterday's or tomorrow's
    assert moment_near("14:00", at, UTC) == at - 131 * NS
    assert moment_near("16:00", at, UTC) == at + 7069 * NS
    assert moment_near("03:00", at, UTC) == at - 39_731 * NS
    assert moment_near("01:00", at, UTC) == at + 39_469 * NS
    assert moment_near("soon", at, UTC) is None
