"""What is taken along: the promised keys, nothing that a browser or a ticket would obey."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.story.telling import T0_NS, records_from
from tests.story.test_page import LINES
from tests.story.test_timeline import RECORDS, SPANS
from tui.record import Error, Id, Record, Span
from tui.story.bundle import html, json_text, markdown, trace_json
from tui.story.timeline import build

SPAN_KEYS = [
    "trace_id",
    "span_id",
    "parent_span_id",
    "service",
    "name",
    "start",
    "end",
    "duration_ns",
    "self_ns",
    "status",
    "measured",
    "critical",
    "source",
]
KEYS = ["ids", "start", "end", "duration_ns", "services", "spans", "records", "errors", "gaps", "incomplete"]


def test_the_object_has_exactly_the_promised_keys() -> None:
    found = trace_json(build(records_from(LINES), ids=[Id("trace", "t" * 32)], incomplete=["why"]))
    assert list(found) == KEYS
    loaded: dict[str, Any] = json.loads(json_text(build(records_from(LINES), ids=[Id("trace", "t" * 32)])))
    assert [list(span) for span in loaded["spans"]] == [SPAN_KEYS] * len(loaded["spans"])
    assert list(loaded["errors"][0]) == ["type", "message", "stack", "service", "time", "span_id"]
    assert list(loaded["gaps"][0]) == ["start", "end", "reason"]
    assert loaded["ids"] == [{"kind": "trace", "value": "t" * 32}]
    assert found["incomplete"] == ["why"]


def test_times_are_utc_with_nanoseconds_and_spans_know_their_parents() -> None:
    loaded = json.loads(json_text(build(records_from(LINES))))
    assert loaded["start"] == "2026-11-23T14:02:09.000000000Z"
    assert loaded["end"] == "2026-11-23T14:02:10.210000000Z"
    assert loaded["duration_ns"] == 1_210_000_000
    assert loaded["services"] == ["gateway", "cart", "payment"]
    by_id = {span["span_id"]: span for span in loaded["spans"]}
    root = next(span for span in loaded["spans"] if span["parent_span_id"] is None)
    assert root["service"] == "gateway" and root["measured"] and root["status"] == "error"
    assert all(span["parent_span_id"] in by_id for span in loaded["spans"] if span is not root)
    attempts = [span for span in loaded["spans"] if span["name"] == "charge"]
    assert len(attempts) >= 2 and not any(span["measured"] for span in attempts)


def test_an_open_span_has_no_end() -> None:
    found = json.loads(json_text(build([], [Span("a", "x", T0_NS, None)])))
    assert (found["spans"][0]["end"], found["spans"][0]["duration_ns"]) == (None, None)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.data: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        self.data.append(data)


EVIL = "<script>alert(1)</script>\"' onload=x <img src=http://evil/x> \x1b[2J \u202e"


def evil_record(text: str) -> Record:
    return Record(
        text,
        0,
        text,
        text,
        time_ns=T0_NS,
        severity=17,
        service=text,
        error=Error(text, text, text),
        fields={"operation": text},
    )


def test_the_page_stands_alone_and_runs_nothing() -> None:
    page = html(build([evil_record(EVIL)], ids=[Id("request", EVIL)], incomplete=[EVIL]))
    tags = Tags()
    tags.feed(page)
    assert not {"script", "img", "link", "iframe", "object"} & set(tags.tags)
    assert not {"src", "href", "onload"} & set(tags.attributes)
    assert "default-src 'none'" in page and "\x1b" not in page and "\u202e" not in page
    assert "alert(1)" in "".join(tags.data)


def test_the_page_shows_bars_errors_and_records() -> None:
    page = html(build(records_from(LINES)))
    assert "FAILED at payment: PaymentDeclined" in page
    assert page.count('class="row"') == len(build(records_from(LINES)).rows)
    assert "bar critical" in page and "inferred" in page and "charge.js" in page


def test_a_ticket_shows_text_as_text() -> None:
    made = markdown(build([evil_record("a `b` ```\n# not a heading\n</details>")]))
    assert "\n# not a heading" not in made.split("````")[0]
    assert made.startswith("# ")
    page = markdown(build(records_from(LINES)))
    assert page.startswith(
        "# POST /orders\n\n**FAILED at payment: PaymentDeclined** · 2026-11-23 14:02:09.000 · 1.21 s"
    )
    assert "## Timeline" in page and "## Errors" in page and "## Gaps" in page and "## Records" in page


@given(st.lists(RECORDS, max_size=6), st.lists(SPANS, max_size=6))
@settings(max_examples=60)
def test_whatever_is_told_can_be_taken_along(records: list[Record], spans: list[Span]) -> None:
    story = build(records, spans)
    assert list(json.loads(json_text(story))) == KEYS
    assert html(story).endswith("</html>\n")
    assert markdown(story).endswith("\n")


@given(st.text(st.characters(exclude_categories=()), max_size=30))
@settings(max_examples=60)
def test_no_text_escapes(text: str) -> None:
    story = build([evil_record(text)])
    json.loads(json_text(story))
    tags = Tags()
    tags.feed(html(story))
    assert set(tags.tags) <= {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "h1",
        "h2",
        "span",
        "p",
        "div",
        "small",
        "code",
        "ul",
        "li",
        "b",
        "details",
        "summary",
        "pre",
        "table",
        "tr",
        "td",
    }
    assert markdown(story).encode("utf-8", "surrogateescape")
