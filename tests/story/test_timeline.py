"""The story of a request from plain lines and from spans: rows, verdict, gaps; and whatever comes, it is told."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.story.telling import MS, T0_NS, ms, record_from, records_from, told
from tui.record import Error, Id, Record, Span
from tui.story.timeline import Story, build, ordered

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "story.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_plain_lines_tell_a_story(case: dict[str, Any]) -> None:
    story = build(records_from(case["lines"]))
    if "rows" in case:
        assert told(story) == case["rows"]
    if "title" in case:
        assert story.title == case["title"]
    if "verdict" in case:
        assert story.verdict.text == case["verdict"]
    if "gaps" in case:
        assert [f"{ms(gap.start_ns)}-{ms(gap.end_ns)} {gap.reason}" for gap in story.gaps] == case["gaps"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_order_of_the_lines_does_not_matter(case: dict[str, Any]) -> None:
    records = records_from(case["lines"])
    assert told(build(records)) == told(build(records[::-1]))


def span(span_id: str, start_ms: float, end_ms: float | None, parent: str | None = None, **more: Any) -> Span:
    end_ns = None if end_ms is None else T0_NS + round(end_ms * MS)
    kept = {"service": "svc", "trace_id": "t1", "name": span_id} | more
    return Span(span_id=span_id, start_ns=T0_NS + round(start_ms * MS), end_ns=end_ns, parent_span_id=parent, **kept)


def test_measured_spans_make_the_tree_and_lines_hang_in_them() -> None:
    spans = [span("root", 0, 100), span("call", 10, 60, "root", service="cart")]
    records = [
        record_from("20 cart INFO inside | span=call", 1),
        record_from("30 cart INFO no span named", 2),
        record_from("5 mailer INFO someone else", 3),
    ]
    story = build(records, spans)
    assert told(story) == [
        "svc | root | 0-100 | m | unset",
        "  mailer | someone else | 5-5 | i | unset",
        "  cart | call | 10-60 | m | unset",
    ]
    assert [story.row_of[record.key] for record in records] == ["call", "call", story.rows[1].row_id]


def test_self_time_is_what_no_child_covers() -> None:
    story = build(
        [], [span("root", 0, 100), span("a", 10, 40, "root"), span("b", 30, 60, "root"), span("c", 90, 140, "root")]
    )
    assert story.rows[0].self_ns == 40 * MS


def test_the_critical_path_goes_back_from_the_end() -> None:
    spans = [
        span("root", 0, 100),
        span("early", 0, 30, "root"),
        span("beside", 35, 60, "root"),
        span("long", 32, 95, "root"),
        span("inner", 40, 90, "long"),
    ]
    story = build([], spans)
    assert {row.row_id for row in story.rows if row.critical} == {"root", "early", "long", "inner"}


def test_a_missing_parent_is_a_root_with_a_note() -> None:
    story = build([], [span("root", 0, 100), span("orphan", 10, 20, "gone")])
    assert [row.depth for row in story.rows] == [0, 0]
    assert story.notes == ("svc orphan: parent missing",)


def test_a_child_before_its_parent_is_clock_skew() -> None:
    story = build([], [span("root", 0, 100), span("child", -12, 20, "root")])
    assert story.notes == ("svc child: starts 12 ms before its caller svc: clock skew",)


def test_client_and_server_may_share_one_span_id() -> None:
    spans = [
        span("root", 0, 100),
        span("shared", 10, 60, "root", service="client"),
        span("shared", 12, 58, "root", service="server"),
        span("below", 20, 30, "shared", service="server"),
    ]
    story = build([], spans)
    assert told(story) == [
        "svc | root | 0-100 | m | unset",
        "  client | shared | 10-60 | m | unset",
        "    server | shared | 12-58 | m | unset",
        "      server | below | 20-30 | m | unset",
    ]


def test_a_span_that_was_reported_twice_is_one() -> None:
    assert len(build([], [span("root", 0, 100), span("root", 0, 100)]).rows) == 1


def test_an_exception_is_told_once_though_span_and_record_bring_it() -> None:
    failed = span("root", 0, 100, status="error", attributes={"exception.type": "Boom", "exception.message": "no"})
    record = Record(
        "a.log", 0, "x", "x", time_ns=T0_NS + 99 * MS, severity=17, span_id="root", error=Error("Boom", "no", "s")
    )
    story = build([record], [failed])
    assert [(error.type, error.record_key) for error in story.errors] == [("Boom", ("a.log", 0))]
    assert story.verdict.text == "FAILED at svc: Boom" or story.verdict.text.endswith("Boom")


def test_an_open_span_is_told_until_now() -> None:
    story = build([], [span("root", 0, None)], now_ns=T0_NS + 3000 * MS, finished=False)
    assert story.rows[0].open and story.rows[0].duration_ns == 3000 * MS
    assert story.verdict.text == "still running in svc"
    assert story.verdict.state == "running"


def test_a_request_is_over_when_it_was_quiet_for_a_while() -> None:
    records = records_from(["0 api INFO GET /a started"])
    assert not build(records, now_ns=T0_NS + 1000 * MS).finished
    assert build(records, now_ns=T0_NS + 60_000 * MS).finished
    assert build(records).finished


def test_what_began_and_did_not_end_is_open_while_the_request_runs() -> None:
    records = records_from(["0 api INFO GET /a started", "40 api DEBUG cache miss"])
    running = build(records, now_ns=T0_NS + 1000 * MS)
    assert running.rows[0].open and running.rows[0].duration_ns == 1000 * MS
    assert running.gaps[-1].reason == "nothing logged since"
    over = build(records)
    assert not over.rows[0].open and over.rows[0].duration_ns == 40 * MS


def test_attempts_that_ended_are_not_open_while_the_request_runs() -> None:
    records = records_from(
        [
            "0 api INFO POST /orders started",
            "10 bank DEBUG authorize started | attempt=1",
            "60 bank WARN authorize failed: card declined | attempt=1",
            "100 bank DEBUG authorize started | attempt=2",
            "150 bank INFO authorize completed | attempt=2",
        ]
    )
    running = build(records, now_ns=T0_NS + 1000 * MS)
    assert [row.service for row in running.rows if row.open] == ["api"]
    assert running.verdict.text == "still running in api"
    assert next(row.end_ns for row in running.rows if row.service == "bank") == T0_NS + 150 * MS


def test_an_attempt_that_is_timed_from_the_first_one_on_does_not_count_twice() -> None:
    story = build(
        records_from(
            [
                "10 payment INFO charge started | order=1",
                "400 payment ERROR charge failed: declined | attempt=1",
                "410 payment WARN retrying charge in 700 ms | attempt=2",
                "1510 payment INFO charge completed | attempt=2 duration=1500",
            ]
        )
    )
    row = next(row for row in story.rows if row.retries)
    assert len(row.parts) == 2
    assert row.self_ns <= row.duration_ns
    assert story.verdict.text == "slow: 1.5 s in payment"


def test_a_request_is_over_as_soon_as_it_was_answered_and_nothing_is_open() -> None:
    lines = ["0 api INFO POST /orders started", "20 mail INFO send receipt started", "50 api INFO POST /orders 201"]
    assert not build(records_from(lines), now_ns=T0_NS + 60 * MS).finished
    lines.append("90 mail INFO send receipt completed")
    story = build(records_from(lines), now_ns=T0_NS + 100 * MS)
    assert story.finished
    assert story.verdict.text == "ok 201"


def test_folding_hides_what_is_below() -> None:
    spans = [span("root", 0, 100), span("a", 10, 60, "root"), span("b", 20, 30, "a"), span("c", 70, 80, "root")]
    story = build([], spans)
    assert [row.row_id for row in story.visible_rows({"a"})] == ["root", "a", "c"]
    assert [row.row_id for row in story.visible_rows({"root"})] == ["root"]
    assert len(story.visible_rows()) == 4


def test_no_records_is_a_story_too() -> None:
    story = build([])
    assert story.verdict.state == "empty"
    assert (story.rows, story.errors, story.duration_ns) == ((), (), None)


def test_records_without_a_time_follow_the_line_before_them() -> None:
    records = [
        Record("a.log", 0, "1", "one", time_ns=T0_NS),
        Record("a.log", 10, "2", "two"),
        Record("b.log", 0, "3", "three", time_ns=T0_NS + 5),
        Record("a.log", 20, "4", "four", time_ns=T0_NS + 9),
    ]
    assert [record.message for record in ordered(records[::-1])] == ["one", "two", "three", "four"]
    assert len(build(records).records) == 4


def test_a_record_that_has_grown_counts_once() -> None:
    short, long = Record("a.log", 0, "x", "x", time_ns=T0_NS), Record("a.log", 0, "x\ny", "x", time_ns=T0_NS)
    assert build([long, short]).records == (long,)


TIMES = st.one_of(
    st.none(), st.integers(-5, 60).map(lambda step: T0_NS + step * 10 * MS), st.sampled_from([0, -1, 2**62])
)
MESSAGES = st.sampled_from(
    [
        "GET /a started",
        "GET /a 200",
        "GET /a 502 in 3 s",
        "charge failed: no",
        "retrying charge in 400 ms",
        "",
        "\x1b[31m",
        "charge started",
    ]
)
RECORDS = st.builds(
    Record,
    source=st.sampled_from(["a.log", "b.log", ""]),
    offset=st.integers(0, 30),
    raw=st.text(max_size=8),
    message=MESSAGES,
    time_ns=TIMES,
    severity=st.integers(0, 24),
    service=st.sampled_from([None, "gateway", "payment", ""]),
    trace_id=st.sampled_from([None, "t1"]),
    span_id=st.sampled_from([None, "s1", "s2", "s3"]),
    parent_span_id=st.sampled_from([None, "s1", "s2", "s3", "gone"]),
    ids=st.sampled_from([(), (Id("trace", "t1"),)]),
    error=st.sampled_from([None, Error("Boom", "no", "Boom: no\n    at f (x.js:1:1)"), Error()]),
    fields=st.dictionaries(
        st.sampled_from(["attempt", "status", "method", "path", "start_time", "end_time", "operation"]),
        st.one_of(st.integers(-1, 600), st.text(max_size=5), st.none(), st.floats(allow_nan=True)),
        max_size=3,
    ),
    duration_ns=st.sampled_from([None, 0, -5, 3 * MS, 400 * MS, 2**62]),
)
SPANS = st.builds(
    Span,
    span_id=st.sampled_from(["s1", "s2", "s3", "s4", ""]),
    name=st.sampled_from(["GET /a", "query", ""]),
    start_ns=st.sampled_from([0, -5, T0_NS, T0_NS + 10 * MS, T0_NS + 50 * MS]),
    end_ns=st.sampled_from([None, T0_NS, T0_NS + 20 * MS, T0_NS + 90 * MS, 0]),
    service=st.sampled_from([None, "gateway", "payment"]),
    trace_id=st.sampled_from([None, "t1", "t2"]),
    parent_span_id=st.sampled_from([None, "s1", "s2", "s3", "s4", "gone", "0000"]),
    status=st.sampled_from(["unset", "ok", "error"]),
    attributes=st.sampled_from([{}, {"attempt": 1}, {"http.status_code": 503}]),
)


@given(st.lists(RECORDS, max_size=14), st.lists(SPANS, max_size=10), st.sampled_from([None, T0_NS + 100 * MS]))
@settings(max_examples=250)
def test_every_heap_of_records_and_spans_is_told(records: list[Record], spans: list[Span], now_ns: int | None) -> None:
    story = build(records, spans, now_ns=now_ns)
    assert sorted(record.key for record in story.records) == sorted({record.key for record in records})
    _check_tree(story)
    # nothing that has a place in time is without a row, and none has two
    placed = [key for row in story.rows for key in row.basis]
    assert len(placed) == len(set(placed))
    assert {record.key for record in story.records if record.time_ns is not None} <= set(placed)
    assert len(story.spans) >= len({(s.trace_id, s.span_id) for s in spans})


def _check_tree(story: Story) -> None:
    by_id = {row.row_id: row for row in story.rows}
    assert len(by_id) == len(story.rows)
    for row in story.rows:
        assert 0 <= row.self_ns <= row.duration_ns
        assert row.start_ns <= row.end_ns
        steps = 0
        above = row
        while above.parent is not None:
            above = by_id[above.parent]
            steps += 1
            assert steps <= len(story.rows)
        assert steps == row.depth
        assert all(by_id[child].parent == row.row_id for child in row.children)
    for node in story.spans:
        assert 0 <= node.self_ns <= node.end_ns - node.start_ns
    for gap in story.gaps:
        assert gap.end_ns > gap.start_ns


@given(st.lists(RECORDS, max_size=10), st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_the_story_does_not_depend_on_the_order_of_arrival(records: list[Record], random: Any) -> None:
    distinct = list({record.key: record for record in records}.values())
    shuffled = list(distinct)
    random.shuffle(shuffled)
    assert build(distinct) == build(shuffled)


def test_a_very_deep_tree_is_told() -> None:
    spans = [span(f"s{n}", n, 20_000 - n, f"s{n - 1}" if n else None) for n in range(5000)]
    assert build([], spans).rows[-1].depth == 4999


def test_an_error_alone_does_not_end_a_request() -> None:
    lines = ["0 pay INFO step one", "100 pay ERROR step two failed", "150 pay INFO step three"]
    story = build(records_from(lines), now_ns=T0_NS + 1_000 * MS)
    assert not story.finished
    assert build(records_from(lines), now_ns=T0_NS + 6_000 * MS).finished
