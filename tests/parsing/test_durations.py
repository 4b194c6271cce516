from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.parsing.durations import duration_in_text, parse_duration

MS = 1_000_000
S = 1_000 * MS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("500ms", 500 * MS), ("1.5s", 1500 * MS), ("2m", 120 * S), ("1m30s", 90 * S), ("1h2m3.5s", 3723 * S + 500 * MS),
        ("3 ms", 3 * MS), ("250µs", 250_000), ("250us", 250_000), ("10ns", 10), ("2 minutes", 120 * S), ("1d", 86_400 * S),
        ("PT1.5S", 1500 * MS), ("00:00:01.5", 1500 * MS), ("01:02:03", 3723 * S), (".5s", 500 * MS), ("-5s", -5 * S),
        ("5", None), ("", None), ("abc", None), ("5 parsecs", None), ("99999999999999999d", None), ("1s x", None),
    ],
)  # fmt: skip
def test_a_length_of_time_needs_a_unit(text: str, expected: int | None) -> None:
    assert parse_duration(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Completed 200 OK in 35ms", 35 * MS), ("query took 1.25s", 1250 * MS), ("GET /x (31.4 ms)", 31_400_000),
        ("pool exhausted after 5000 ms", None), ("sent 5 messages", None), ("waiting in 5 minutes/hour", None), ("", None),
    ],
)  # fmt: skip
def test_a_message_states_how_long_it_took(text: str, expected: int | None) -> None:
    assert duration_in_text(text) == expected


@given(st.text(alphabet="0123456789.,:hmsµnuPTd -", max_size=80))
def test_no_text_raises(text: str) -> None:
    parse_duration(text)
    duration_in_text(text)
