from __future__ import annotations

from datetime import timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from tui.presentation.plain_line import plain_line, timestamp
from tui.record import Error, Id, Record

NOON_NS = 1_795_435_200_412_000_000


def test_a_line_names_time_level_service_and_message_then_fields_and_the_id() -> None:
    record = Record(
        "app.log", 0, "raw", "charge failed", time_ns=NOON_NS, severity=17, service="payment",
        ids=(Id("span", "cd" * 8), Id("trace", "ab" * 16)),
        fields={"attempt": 3, "reason": "card declined", "level": "error"},
    )  # fmt: skip
    assert plain_line(record) == (
        f'2026-11-23T12:00:00.412Z ERROR payment charge failed  attempt=3 reason="card declined" trace={"ab" * 16}'
    )


def test_what_is_unknown_is_a_dash() -> None:
    assert plain_line(Record("app.log", 0, "hello", "hello")) == "- -     - hello"


def test_a_stack_stands_below_indented_once() -> None:
    stack = 'Traceback (most recent call last):\n  File "a.py", line 1, in f\nValueError: bad'
    error = Error("ValueError", "bad", stack)
    beside = Record("app.log", 0, "raw", "failed", severity=17, error=error)
    inside = Record("app.log", 0, "raw", "failed\n" + stack, severity=17, error=error)
    below = ["    Traceback (most recent call last):", '      File "a.py", line 1, in f', "    ValueError: bad"]
    assert plain_line(beside).split("\n")[1:] == below
    assert plain_line(inside).split("\n")[1:] == below


def test_a_long_stack_says_what_it_leaves_out() -> None:
    error = Error("E", None, "\n".join(f"frame {number}" for number in range(500)))
    lines = plain_line(Record("app.log", 0, "raw", "failed", error=error)).split("\n")
    assert len(lines) == 202
    assert lines[-1] == "    … 300 more lines"


def test_another_zone_shows_its_offset() -> None:
    assert timestamp(NOON_NS, timezone(timedelta(hours=-3, minutes=-30))) == "2026-11-23T08:30:00.412-03:30"
    assert timestamp(None) == "-"
    assert timestamp(10**30) == "-"


@settings(max_examples=100)
@given(st.text(st.characters(exclude_categories=[])))
def test_nothing_in_a_line_moves_a_terminal(text: str) -> None:
    shown = plain_line(Record("s", 0, text, text, service=text, fields={text: text}, error=Error(None, None, text)))
    assert all(
        char == "\n" or (char.isprintable() and not 0xD800 <= ord(char) < 0xE000) or ord(char) > 0x9F for char in shown
    )
    assert "\x1b" not in shown
    assert shown.encode()
