"""All that is known of one bar."""

from __future__ import annotations

from datetime import UTC

from tests.story.test_page import story
from tui.record import Span
from tui.story.row_lines import row_lines
from tui.story.timeline import Story, build

T0_NS = 1_795_442_531_000_000_000


def told(made: Story, name: str, width: int = 100) -> str:
    row = next(row for row in made.rows if row.name == name)
    return "\n".join("".join(text for text, _ in drawn).rstrip() for drawn, _ in row_lines(made, row, width, UTC))


def test_a_measured_bar_tells_times_ids_and_attributes() -> None:
    spans = [
        Span("aa", "POST /orders", T0_NS, T0_NS + 900_000_000, service="gateway", trace_id="7f" * 16),
        Span(
            "bb",
            "charge",
            T0_NS + 100_000_000,
            T0_NS + 700_000_000,
            service="payment",
            trace_id="7f" * 16,
            parent_span_id="aa",
            status="error",
            attributes={"db.system": "postgresql", "peer": "bank\x1b[2J"},
        ),
    ]
    text = told(build((), spans), "charge")
    assert "starts  2026-11-23 14:02:11.100, 100 ms after the request" in text
    assert "took  600 ms, of it itself 600 ms" in text
    assert "ended  error" in text
    assert "known from  its own measurement" in text
    assert "parent span id  aa" in text
    assert "db.system  postgresql" in text
    assert "\x1b" not in text


def test_an_inferred_bar_tells_its_attempts_and_the_lines_it_rests_on() -> None:
    text = told(story(), "charge")
    assert "known from  4 log lines: no tracer measured it" in text
    assert text.count("attempt  +") == 2
    assert "log lines  " in text and text.count("charge failed: declined") == 2


def test_its_lines_stand_for_what_can_be_copied_or_shown() -> None:
    made = story()
    row = next(row for row in made.rows if row.name == "charge")
    refs = [ref for _, ref in row_lines(made, row, 80, UTC)]
    assert ("service", "payment") in refs
    assert set(row.basis) <= set(refs)
