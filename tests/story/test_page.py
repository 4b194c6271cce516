"""The page of a request: the answer on top, every line exactly as wide as asked, every line says what it shows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.story.telling import T0_NS, records_from
from tests.story.test_timeline import RECORDS, SPANS
from tui.record import Drawn, Id, Record, Span
from tui.story import page as page_module
from tui.story.page import PageLine, PageLook, compose, page, plain
from tui.story.timeline import Story, build
from tui.story.window import Window

LINES = [
    "0 gateway INFO POST /orders started",
    "10 cart INFO load started",
    "30 cart INFO load completed",
    "40 payment INFO charge started | attempt=1",
    "400 payment ERROR charge failed: declined | attempt=1 error=PaymentDeclined:declined",
    "800 payment INFO charge started | attempt=2",
    "1200 payment ERROR charge failed: declined | attempt=2 error=PaymentDeclined:declined",
    "1210 gateway ERROR POST /orders 502 in 1.21 s | duration=1210",
]


def story() -> Story:
    return build(
        records_from(LINES), ids=[Id("trace", "7f3a" + "0" * 26 + "c1")], incomplete=["job 1 links more than 50"]
    )


def test_the_first_line_is_the_answer() -> None:
    first = plain(compose(story(), 120)).splitlines()[0]
    assert first.startswith(" 7f3a…c1  POST /orders   FAILED at payment: PaymentDeclined")
    assert first.endswith("1.21 s · 3 services · 8 records · 3 errors · finished")


def test_at_eighty_columns_the_facts_move_to_the_second_line() -> None:
    first, second = plain(compose(story(), 80)).splitlines()[:2]
    assert first == " 7f3a…c1  POST /orders   FAILED at payment: PaymentDeclined"
    assert second == " 1.21 s · 3 services · 8 records · 3 errors · finished"


def test_what_may_be_missing_is_said() -> None:
    assert " ! job 1 links more than 50" in plain(compose(story(), 80)).splitlines()


def test_the_waterfall_shows_attempts_errors_and_what_is_measured() -> None:
    lines = [line for line in compose(story(), 100) if line.kind == "row"]
    text = plain(lines)
    assert text.splitlines()[0].startswith(" gateway   POST /orders")
    assert "█" in text.splitlines()[0] and "1.21 s  502" in text.splitlines()[0]
    payment = next(line for line in text.splitlines() if "payment" in line)
    assert "charge ×2" in payment and "✗" in payment and "═" in payment and "█" not in payment
    assert payment.startswith(" └ ")


def test_lines_without_block_characters_are_readable_too() -> None:
    rows = [line for line in compose(story(), 90, ascii_only=True) if line.kind in ("row", "gap", "ruler")]
    assert plain(rows).isascii()


def test_every_line_says_what_it_shows() -> None:
    made = story()
    lines = compose(made, 100)
    assert [line.row_id for line in lines if line.kind == "row"] == [row.row_id for row in made.rows]
    assert [line.record_key for line in lines if line.kind == "record"] == [record.key for record in made.records]
    assert all(
        line.row_id == made.row_of[line.record_key] for line in lines if line.kind == "record" and line.record_key
    )
    assert {line.kind for line in lines} == {"header", "note", "ruler", "row", "record", "gap", "stack"}


def test_a_record_is_drawn_once_and_only_when_it_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Record] = []

    def draw(record: Record, _look: PageLook, _opened: bool) -> Drawn:
        drawn.append(record)
        return (("drawn", "text"),)

    monkeypatch.setattr(page_module, "_record_drawn", draw)
    lines = [line for line in compose(story(), 100) if line.kind == "record"]
    assert not drawn
    assert lines[2].drawn == lines[2].drawn == (("drawn", "text"),)
    assert [record.key for record in drawn] == [lines[2].record_key]


def test_a_gap_stands_where_nothing_was_said() -> None:
    lines = compose(story(), 100)
    kinds = [line.kind for line in lines if line.kind in ("record", "gap")]
    assert kinds.count("gap") == len(story().gaps) > 0
    at = next(index for index, line in enumerate(lines) if line.kind == "gap")
    assert "gap 360 ms: attempt 1 of payment charge is all that is under way" in plain([lines[at]])


def test_equal_stacks_are_shown_once_unless_asked_for() -> None:
    made = story()
    assert len({line.record_key for line in compose(made, 100) if line.kind == "stack"}) == 1
    keys = [error.record_key for error in made.errors if error.stack and error.record_key]
    assert {line.record_key for line in compose(made, 100, opened=keys) if line.kind == "stack"} == set(keys)
    assert not [line for line in compose(made, 100, opened=()) if line.kind == "stack"]


def test_a_long_stack_is_cut_with_a_count() -> None:
    lines = compose(story(), 100, stack_lines=1)
    assert "… 1 more lines" in plain(lines)


def test_folded_rows_hide_what_is_below() -> None:
    made = story()
    rows = [line for line in compose(made, 100, folded={made.rows[0].row_id}) if line.kind == "row"]
    assert len(rows) == 1


def test_a_window_zooms_the_bars() -> None:
    made = story()
    lines = compose(made, 100, window=Window(T0_NS, T0_NS + 100_000_000))
    assert "+0 ms" in plain([line for line in lines if line.kind == "ruler"])
    assert "100 ms" in plain([line for line in lines if line.kind == "ruler"])


@pytest.mark.parametrize("width", [20, 50, 80, 120, 200])
def test_names_and_durations_stay_readable(width: int) -> None:
    rows = plain([line for line in compose(story(), width) if line.kind == "row"]).splitlines()
    assert all(row.rstrip()[-1:] for row in rows)
    if width >= 50:
        assert rows[0].startswith(" gateway")
        assert "1.21 s" in rows[0]


def _check_widths(lines: tuple[PageLine, ...], width: int) -> None:
    for line in lines:
        assert sum(cell_len(text) for text, _ in line.drawn) == width, line
        assert cell_len("".join(text for text, _ in line.drawn)) == width, line


@given(st.lists(RECORDS, max_size=8), st.lists(SPANS, max_size=6), st.integers(1, 140), st.booleans())
@settings(max_examples=120)
def test_every_line_has_exactly_the_width(records: list[Record], spans: list[Span], width: int, plainly: bool) -> None:
    made = build(records, spans)
    _check_widths(compose(made, width, ascii_only=plainly, stack_lines=3), width)
    _check_widths(page(made, PageLook(width, ascii_only=plainly, window=Window(T0_NS, T0_NS + 7), sought="a")), width)


@given(st.text(st.characters(exclude_categories=()), max_size=40), st.integers(1, 120))
@settings(max_examples=150)
def test_no_text_breaks_a_line(text: str, width: int) -> None:
    record = Record(
        source=text,
        offset=0,
        raw=text,
        message=text,
        time_ns=T0_NS,
        service=text,
        severity=17,
        fields={text: text, "operation": text},
    )
    made = build([record], ids=[Id("request", text)], incomplete=[text])
    _check_widths(compose(made, width), width)
    assert "\x1b" not in plain(compose(made, width))
