"""Records as lines: exact widths whatever they hold, the columns that give way, marks and matches, folded stacks."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.parsing.parser import Parser
from tui.presentation.cells import cell_width, display_text
from tui.presentation.folding import folded
from tui.presentation.log_line import LineLook, draw_record, error_summary, message_of
from tui.presentation.telling import telling_fields
from tui.record import Drawn, Error, Id, LineGroup, Record

TIME_NS = 1_795_442_529_412_000_000
WIDTHS = (40, 80, 120, 200)
TEXTS = {
    "plain": "charge failed: card declined",
    "chinese": "支付失败：银行卡被拒绝，请稍后再试，或者联系客服" * 4,
    "emoji": "done 🎉🎉 👍🏽 ❤️ 👨‍👩‍👧 🇩🇪🇫🇷 " * 9,
    "combining": "e\u0301" * 90 + "a" + "\u0301" * 50,
    "hostile": "\x1b]0;owned\x07\x1b[2J\x9b31m \u202egnp.exe \ud800 \x00\ttabs\r\n" * 5,
    "long": "x" * 5000,
    "empty": "",
}


def record(message: str = "hello", **more: object) -> Record:
    known: dict[str, object] = {"time_ns": TIME_NS, "time_source": "inner", "severity": 9, "service": "payment"}
    return Record("a.log", 0, message, message, **{**known, **more})  # type: ignore[arg-type]


def text(line: Drawn) -> str:
    return "".join(part for part, _ in line)


def styled(line: Drawn, style: str) -> list[str]:
    return [part for part, name in line if name == style]


def marked(drawn: str) -> list[tuple[int, int]]:
    at = drawn.find("card")
    return [(at, at + 4)] if at >= 0 else []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("look", ["plain", "shifted", "wrapped"])
def test_every_line_is_exactly_as_wide_as_asked(width: int, name: str, look: str) -> None:
    error = Error("PaymentDeclined", TEXTS[name], "Traceback\n  at x (y.js:1:2)")
    one = record(TEXTS[name], service=TEXTS[name] or None, fields={"k": TEXTS[name][:50], "n": 3}, error=error)
    chosen = LineLook(width, wrap=look == "wrapped", shift=17 if look == "shifted" else 0, highlights=marked)
    for current in (False, True):
        for line in draw_record(one, chosen, current=current):
            assert cell_width(text(line)) == width
            assert text(line).isprintable()


@given(st.text(max_size=120), st.text(max_size=30), st.integers(30, 140), st.integers(0, 60), st.booleans())
@settings(max_examples=200)
def test_no_text_breaks_the_width(message: str, value: str, width: int, shift: int, wrap: bool) -> None:
    look = LineLook(width, wrap=wrap, shift=0 if wrap else shift)
    for line in draw_record(record(message, fields={"key": value}), look):
        assert cell_width(text(line)) == width


def test_the_columns_are_time_level_service_message_fields_and_the_short_id_at_the_edge() -> None:
    one = record(
        "charge failed", severity=17, fields={"attempt": 3}, ids=(Id("trace", "7f3a91c04d5e4b6f90a1b2c3d4e5f6c1"),)
    )
    (line,) = draw_record(one, LineLook(120))
    assert text(line).startswith(" 14:02:09.412  ERROR  payment         charge failed  attempt=3 ")
    assert text(line).endswith("  7f3a…c1")
    assert styled(line, "level.error") == ["ERROR"]


def test_at_80_cells_the_short_id_gives_way_and_at_40_the_service() -> None:
    one = record(ids=(Id("trace", "7f3a91c04d5e4b6f90a1b2c3d4e5f6c1"),))
    assert text(draw_record(one, LineLook(80))[0]).rstrip() == " 14:02:09.412  INFO   payment     hello"
    assert text(draw_record(one, LineLook(40))[0]).rstrip() == " 14:02:09  INFO   hello"


def test_times_are_in_the_chosen_zone_and_those_of_arrival_are_kept_back() -> None:
    one = record(time_source="arrival")
    (line,) = draw_record(one, LineLook(80, timezone(timedelta(hours=2))))
    assert styled(line, "dim")[0] == "16:02:09.412"


def test_a_service_that_was_just_named_is_dimmed() -> None:
    (line,) = draw_record(record(), LineLook(80), same_service=True)
    assert any(part.startswith("payment") for part in styled(line, "dim"))


def test_the_current_line_has_a_bar_on_all_its_lines() -> None:
    one = record(error=Error("E", "no", "E: no"), severity=17)
    assert [line[0] for line in draw_record(one, LineLook(80), current=True)] == [("▌", "key")] * 2


def test_matches_and_redaction_marks_are_kept_apart() -> None:
    one = record("card [card#4c1e09aa-1111] declined")
    (line,) = draw_record(one, LineLook(120, highlights=lambda drawn: [(drawn.index("declined"), len(drawn))]))
    assert styled(line, "mark") == ["[card#4c1e09aa-1111]"]
    assert styled(line, "match") == ["declined"]


def test_a_match_inside_a_mark_is_seen() -> None:
    (line,) = draw_record(record("by [email#4c1e09aa]"), LineLook(120, highlights=lambda d: [(4, 9)]))
    assert styled(line, "match") == ["email"]
    assert styled(line, "mark") == ["[", "#4c1e09aa]"]


def test_long_ids_in_the_message_are_kept_back() -> None:
    (line,) = draw_record(record("cart loaded correlation_id=a14436a0b1b94a0dbf935fbeaac84d9f now"), LineLook(120))
    assert "correlation_id=a14436a0b1b94a0dbf935fbeaac84d9f" in styled(line, "dim")


def test_debug_lines_are_dim_and_a_line_without_a_level_is_not() -> None:
    assert "hello" in "".join(styled(draw_record(record(severity=5), LineLook(80))[0], "dim"))
    assert "hello" in "".join(styled(draw_record(record(severity=0), LineLook(80))[0], "text"))


def test_shifting_sideways_shows_the_rest_and_never_half_a_letter() -> None:
    one = record("支付失败 charge", service="s")
    assert "付失败 charge" in text(draw_record(one, LineLook(80, shift=2))[0])
    assert " 付失败 charge"[1:] in text(draw_record(one, LineLook(80, shift=1))[0])
    assert "charge" not in text(draw_record(one, LineLook(80, shift=40))[0])


def test_a_cut_line_says_so() -> None:
    assert "…" in text(draw_record(record("word " * 100), LineLook(80))[0])
    filled = record("x" * (80 - 34), fields={"hidden": "field"})
    assert "…" in text(draw_record(filled, LineLook(80))[0]), "a field that has no room at all is told, too"


def test_wrapping_shows_everything_under_the_message() -> None:
    words = " ".join(f"word{number}" for number in range(60))
    lines = draw_record(record(words), LineLook(80, wrap=True))
    assert len(lines) > 5
    assert "".join(text(line)[34:] for line in lines).split() == words.split() or "word59" in text(lines[-1])
    assert all(text(line)[:34].isspace() for line in lines[1:])


def test_a_message_of_megabytes_is_not_looked_at_beyond_what_is_seen() -> None:
    (line,) = draw_record(record("ab " * 1_000_000), LineLook(120))
    assert cell_width(text(line)) == 120
    assert len(draw_record(record("ab " * 1_000_000), LineLook(120, wrap=True))) == 200


def test_a_stack_is_one_folded_line_with_type_place_and_count() -> None:
    python = 'Traceback\n  File "/srv/a/views.py", line 3, in get\n  File "/srv/payment/charge.py", line 88, in authorize\nX: no'
    one = record("boom", error=Error("PaymentDeclined", "card declined", python))
    assert error_summary(one) == "PaymentDeclined: card declined   payment/charge.py:88 in authorize   (+1 frame)"
    node = "TypeError: x\n    at Charge.attempt (/srv/dist/charge.js:61:22)\n    at next (/srv/dist/a.js:1:1)"
    assert error_summary(record(error=Error("TypeError", "x", node))) == (
        "TypeError: x   dist/charge.js:61:22 in Charge.attempt   (+1 frame)"
    )
    assert error_summary(record(error=Error("TypeError", "x"))) is None, "without a stack the message says it all"


def test_a_stack_in_the_message_is_left_to_the_folded_line() -> None:
    one = record("boom\nTraceback\n  at x", error=Error("E", "boom", "Traceback\n  at x"))
    assert message_of(one) == "boom"
    assert message_of(record("two\nlines")) == "two ⏎ lines"


def test_fields_follow_the_message_unless_it_says_them() -> None:
    one = record(
        "order ord-7 charged in 300 ms",
        fields={"order": "ord-7", "attempt": 3, "pid": 17, "empty": "", "none": None, "blob": "x" * 500},
    )
    assert telling_fields(one) == [("attempt", "3")]


def test_what_the_error_says_and_ids_are_not_said_twice() -> None:
    one = record(
        fields={"err.type": "TimeoutError", "err.message": "late", "err.code": "E1", "trace": "7f3a91c04d5e4b6f"},
        error=Error("TimeoutError", "late"),
        ids=(Id("trace", "7f3a91c04d5e4b6f"),),
    )
    assert telling_fields(one) == [("err.code", "E1")]


def test_a_duration_whose_name_tells_no_unit_is_spelled_out() -> None:
    assert telling_fields(record(duration_ns=7_021_799, fields={"duration": 7_021_799})) == [("duration", "7 ms")]
    assert telling_fields(record(duration_ns=90_900_000, fields={"durationMs": 90.9})) == [("durationMs", "90.9")]
    assert telling_fields(record("took 7 ms", duration_ns=7_021_799, fields={"duration": 7_021_799})) == []


@given(st.text(max_size=200), st.integers(2, 40), st.integers(0, 1))
@settings(max_examples=100)
def test_folding_loses_nothing_and_keeps_to_the_room(message: str, room: int, used: int) -> None:
    shown = display_text(message)
    parts = list(folded(shown, room, used))
    assert "".join(parts) == shown
    assert all(cell_width(part) <= room for part in parts)


def test_a_count_that_equals_the_duration_is_no_duration() -> None:
    line = b'{"time":"2026-11-23T12:00:00Z","level":"info","msg":"cart loaded","items":1,"duration_ms":0.001}'
    told = dict(telling_fields(Parser("cart").record(LineGroup("cart", 0, (line,)))))
    assert told["items"] == "1"
    seconds = b'{"time":"2026-11-23T12:00:00Z","level":"info","msg":"done","duration":12}'
    assert dict(telling_fields(Parser("cart").record(LineGroup("cart", 0, (seconds,)))))["duration"] == "12 ms"
