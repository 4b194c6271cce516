from __future__ import annotations

from datetime import UTC, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.parsing.timestamps import find_time, parse_time, read_time

REFERENCE = parse_time("2026-11-23T18:00:00Z")
NOON = parse_time("2026-11-23T15:02:44Z")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-23T15:02:44.123456789Z", "2026-11-23T15:02:44.123456789Z"),
        ("2026-11-23T15:02:44.5+05:30", "2026-11-23T09:32:44.5Z"),
        ("2026-11-23T15:02:44-0800", "2026-11-23T23:02:44Z"),
        ("2026-11-23T15:02:44+01", "2026-11-23T14:02:44Z"),
        ("2026-11-23 15:02:44,123", "2026-11-23T15:02:44.123Z"),
        ("2026-11-23 15:02:44:123", "2026-11-23T15:02:44.123Z"),
        ("2026-11-23_15:02:44", "2026-11-23T15:02:44Z"),
        ("2026/11/23 15:02:44.000001", "2026-11-23T15:02:44.000001Z"),
        ("2026.11.23 15:02:44", "2026-11-23T15:02:44Z"),
        ("2026-11-23 15:02:44 UTC", "2026-11-23T15:02:44Z"),
        ("2026-11-23 15:02:44 +0000 UTC", "2026-11-23T15:02:44Z"),
        ("2026-11-23T15:02Z", "2026-11-23T15:02:00Z"),
        ("2026-11-23T15:02:60Z", "2026-11-23T15:03:00Z"),
        ("20261123T150244Z", "2026-11-23T15:02:44Z"),
        ("20261123150244", "2026-11-23T15:02:44Z"),
        ("20261123-15:2:4:7", "2026-11-23T15:02:04.007Z"),
        ("Nov 23, 2026 3:02:44 PM", "2026-11-23T15:02:44Z"),
        ("Nov 23, 2026 3:02:44\u202fPM", "2026-11-23T15:02:44Z"),
        ("Nov 23, 2026 12:02:44 AM", "2026-11-23T00:02:44Z"),
        ("Wed Oct 11 14:32:52.123456 2000", "2000-10-11T14:32:52.123456Z"),
        ("Sun Dec  4 04:47:44 2005", "2005-12-04T04:47:44Z"),
        ("Thu, 01 Jan 2026 00:00:00 GMT", "2026-01-01T00:00:00Z"),
        ("11/Oct/2000:13:55:36 -0700", "2000-10-11T20:55:36Z"),
        ("23-Nov-2026 15:02:44.123", "2026-11-23T15:02:44.123Z"),
        ("11/23/2026 3:02:44 PM", "2026-11-23T15:02:44Z"),
        ("23.11.2026 15:02:44", "2026-11-23T15:02:44Z"),
        ("25/12/2025 15:02:44", "2025-12-25T15:02:44Z"),
        ("17/06/09 20:10:40", "2017-06-09T20:10:40Z"),
        ("081109 203615", "2008-11-09T20:36:15Z"),
        ("2005-06-03-15.42.50.363779", "2005-06-03T15:42:50.363779Z"),
        ("2026-11-23", "2026-11-23T00:00:00Z"),
    ],
)
def test_written_forms_are_read_to_the_nanosecond(text: str, expected: str) -> None:
    assert parse_time(text, UTC, REFERENCE) == parse_time(expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1795446164, NOON),
        ("1795446164", NOON),
        (1795446164123, 1795446164123 * 10**6),
        ("1795446164123", 1795446164123 * 10**6),
        (1795446164123456, 1795446164123456 * 10**3),
        (1795446164123456789, 1795446164123456789),
        ("1795446164.123456789", 1795446164123456789),
        (1795446164.25, 1795446164250000000),
        (1795446164123.5, 1795446164123500000),
        (99_999_999, None),
        (0, None),
        (-5, None),
        (True, None),
        (float("nan"), None),
        (float("inf"), None),
    ],
)
def test_bare_numbers_tell_their_unit_by_their_size(value: object, expected: int | None) -> None:
    assert parse_time(value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nov 23 15:02:44", "2026-11-23T15:02:44Z"),
        ("Nov 24 15:02:44", "2026-11-24T15:02:44Z"),
        ("Nov 25 15:02:44", "2025-11-25T15:02:44Z"),
        ("Dec 31 23:59:59", "2025-12-31T23:59:59Z"),
        ("Feb 29 10:00:00", "2024-02-29T10:00:00Z"),
        ("03-17 16:13:38.811", "2026-03-17T16:13:38.811Z"),
        ("11 Oct 14:32:52.123", "2026-10-11T14:32:52.123Z"),
    ],
)
def test_a_missing_year_is_the_latest_that_is_not_past_the_reference(text: str, expected: str) -> None:
    moment = read_time(text, UTC, REFERENCE)
    assert moment is not None
    assert (moment.ns, moment.inferred) == (parse_time(expected), "year")
    assert read_time(text, UTC, None) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15:02:44.123", "2026-11-23T15:02:44.123Z"),
        ("3:04PM", "2026-11-23T15:04:00Z"),
        ("23:02:44", "2026-11-22T23:02:44Z"),
    ],
)
def test_a_missing_date_is_the_day_before_the_reference(text: str, expected: str) -> None:
    moment = read_time(text, UTC, REFERENCE)
    assert moment is not None
    assert (moment.ns, moment.inferred) == (parse_time(expected), "date")


def test_a_time_without_zone_is_in_the_zone_of_the_source() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert parse_time("2026-07-23 15:00:00", berlin) == parse_time("2026-07-23T13:00:00Z")
    assert parse_time("2026-11-23 15:00:00", berlin) == parse_time("2026-11-23T14:00:00Z")
    assert parse_time("2026-11-23T15:00:00Z", berlin) == parse_time("2026-11-23T15:00:00Z")
    assert parse_time("2026-11-23 15:00:00", timezone(timedelta(hours=8))) == parse_time("2026-11-23T07:00:00Z")


@pytest.mark.parametrize(
    "text", ["", "nonsense", "2026-13-01T00:00:00Z", "2026-02-30 10:00:00", "99:99:99", "1.2.3", "x" * 1000, "2026-11-23T15:02:44.1x"]
)  # fmt: skip
def test_what_is_no_time_is_none(text: str) -> None:
    assert parse_time(text, UTC, REFERENCE) is None


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("2026-11-23 15:02:44 hello", 0),
        ("[main] at 2026-11-23 15:02:44 hello", 10),
        ("svc-1 INFO Nov 23 15:02:44 x", 11),
        ("nova.log.1.2017-05-16_13:53:08 2017-05-16 00:00:00.008 x", 31),
    ],
)
def test_a_time_is_found_inside_a_line(text: str, start: int) -> None:
    found = find_time(text, UTC, REFERENCE)
    assert found is not None and found[0] == start


@pytest.mark.parametrize(
    "text", ["listening on 10.0.0.1:8080", "version 1.2.3", "ratio 16:9 shown", "x" * 200 + " 2026-11-23 15:02:44"]
)
def test_what_is_no_time_is_not_found_inside_a_line(text: str) -> None:
    assert find_time(text, UTC, REFERENCE) is None


@given(st.integers(min_value=0, max_value=4_000_000_000), st.integers(min_value=0, max_value=999_999_999))
@settings(max_examples=150)
def test_a_time_printed_as_rfc_3339_is_read_back(seconds: int, nanoseconds: int) -> None:
    from datetime import datetime

    text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S") + f".{nanoseconds:09d}"
    assert (
        parse_time(text + "Z")
        == parse_time(text + "+00:00")
        == parse_time(text.replace("T", " "))
        == (seconds * 1_000_000_000 + nanoseconds if seconds >= 0 else None)
    )


@given(
    st.one_of(st.text(alphabet="0123456789-:/. TZ+apmAPMJanDec,", max_size=40), st.text(), st.floats(), st.integers())
)
@settings(max_examples=400)
def test_no_value_raises(value: object) -> None:
    parse_time(value, UTC, REFERENCE)
    if isinstance(value, str):
        find_time(value, ZoneInfo("Europe/Berlin"), REFERENCE)
