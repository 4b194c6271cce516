"""What was told twice is told once, and what only looks alike stays apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.parsing.documents import TRACE, jaeger, laid_out, on_one_line, otlp, otlp_logs, read, zipkin
from tests.story.telling import MS, T0_NS, record_from
from tui.record import Error, Record, Span
from tui.story.errors import StoryError, distinct
from tui.story.merging import distinct_records, distinct_spans
from tui.story.timeline import build
from tui.story.tree import grow, preorder
from tui.values import replace


def span(number: int = 1, **more: object) -> Span:
    return replace(
        Span(f"{number:016x}", "work", T0_NS, T0_NS + 10 * MS, service="cart", trace_id=TRACE, basis=(("a", number),)),
        **more,
    )


def test_a_span_of_two_formats_is_one_with_the_finer_times() -> None:
    exact, rounded = span(start_ns=T0_NS + 123, end_ns=T0_NS + 456_789), span(end_ns=T0_NS + 455_000, basis=(("b", 1),))
    for order in ([exact, rounded], [rounded, exact]):
        (one,) = distinct_spans(order)
        assert (one.start_ns, one.end_ns, set(one.basis)) == (T0_NS + 123, T0_NS + 456_789, {("a", 1), ("b", 1)})


def test_halves_of_ids_and_capitals_of_names_do_not_tell_spans_apart() -> None:
    assert len(distinct_spans([span(), span(trace_id=TRACE[16:], name="Work", service="CART")])) == 1


def test_an_open_span_and_its_end_are_one() -> None:
    (one,) = distinct_spans([span(end_ns=None), span(status="error", error=Error("E", "m"))])
    assert (one.end_ns, one.status, one.error) == (T0_NS + 10 * MS, "error", Error("E", "m"))


def test_spans_that_differ_in_what_they_are_stay_apart() -> None:
    others = [span(name="rest"), span(service="web"), span(start_ns=T0_NS + MS), span(2), span(end_ns=T0_NS + 11 * MS)]
    assert len(distinct_spans([span(), *others])) == 6


def log(text: str, source: str, form: str = "text", offset: int = 0) -> Record:
    return replace(record_from(f"{text} | trace={TRACE}", offset, source), format=form)


def test_a_line_that_also_came_as_a_record_of_otlp_counts_once() -> None:
    line, record = log("1 cart INFO added", "cart.log"), log("1 cart INFO added", "otlp.jsonl", "otlp")
    fuller = replace(record, span_id="a" * 16)
    assert distinct_records([line, fuller]) == [fuller]
    assert distinct_records([line, replace(record, time_ns=T0_NS + 1_500 * MS)]) != [line]


def test_two_lines_of_logs_are_always_two() -> None:
    both = [log("1 cart INFO added", "a.log"), log("1 cart INFO added", "b.log")]
    assert distinct_records(both) == both
    again = [log("1 cart INFO retry", "a.log", offset=0), log("2 cart INFO retry", "a.log", offset=9)]
    twice = [*again, *(replace(one, source="o", format="otlp") for one in again)]
    assert len(distinct_records(twice)) == 2


def test_breadcrumbs_come_along_with_every_event() -> None:
    crumb = log("1 cart INFO asked", "sentry", "sentry-breadcrumb")
    assert distinct_records([crumb, replace(crumb, offset=7)]) == [crumb]
    later = replace(crumb, offset=9, time_ns=T0_NS + 2 * MS)
    assert distinct_records([crumb, later]) == [crumb, later]


def test_an_error_that_its_span_repeats_is_one() -> None:
    event = StoryError("shop.Declined", "no", "stack", "cart", T0_NS, "a", ("f", 1))
    for own in (
        StoryError("Declined", "no", None, "cart", T0_NS + 9_000 * MS, "a"),
        StoryError(None, "Declined: no", None, "cart", T0_NS + 9_000 * MS, "a"),
        StoryError("Declined", None, None, "cart", T0_NS, "a"),
    ):
        assert distinct([own, event]) == [event]
    other = StoryError("Timeout", "no", None, "cart", T0_NS, "a")
    assert len(distinct([event, other, replace(event, span_id="b")])) == 3


def test_one_request_told_in_four_formats_is_told_once() -> None:
    documents = [
        laid_out(otlp()),
        laid_out(jaeger()),
        on_one_line(otlp_logs()),
        laid_out(zipkin()),
        on_one_line(otlp()),
    ]
    records = [one for number, data in enumerate(documents) for one in read(data, f"{number}.json")]
    story = build(records)
    # the server of Zipkin goes by the id of its client, and so is another span: the nearest one of its service
    assert [(node.span.service, node.span.name, node.depth) for node in story.spans] == [
        ("gateway", "POST /orders", 0), ("payment", "charge", 1), ("payment", "charge", 2),
    ]  # fmt: skip
    assert {error.what for error in story.errors} == {"ValueError: card declined", "card declined"}
    assert len(story.span_records) == 8
    assert not any(one.span for one in story.records)


SPANS = st.lists(
    st.builds(
        lambda number, parent, start, length, service, trace, shared: Span(
            f"{number:016x}", "op", T0_NS * (start >= 0) + max(0, start) * MS,
            None if length < 0 else T0_NS + (max(0, start) + length) * MS, service=service, trace_id=trace,
            parent_span_id=f"{parent:016x}" if parent >= 0 else None, attributes={"shared": True} if shared else {},
        ),
        st.integers(1, 9), st.integers(-1, 12), st.integers(-2, 50), st.integers(-1, 60), st.sampled_from(["a", "b", None]),
        st.sampled_from([TRACE, TRACE[16:], None]), st.booleans(),
    ),
    max_size=14,
)  # fmt: skip


@given(SPANS, st.randoms())
def test_any_spans_make_a_tree_that_holds_each_once_in_any_order(spans: list[Span], chance: object) -> None:
    distinct = distinct_spans(spans)
    nodes, roots = grow(distinct, until_ns=T0_NS + 200 * MS)
    seen = list(preorder(nodes, roots))
    assert sorted(seen) == list(range(len(nodes)))
    assert len(nodes) <= len(distinct)
    for node in nodes:
        assert 0 <= node.self_ns <= node.end_ns - node.start_ns
        assert node.parent is None or nodes[node.parent].depth + 1 == node.depth
    assert not nodes or any(node.critical for node in nodes)
    shuffled = list(spans)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    story, again = build((), spans), build((), shuffled)
    assert len(story.spans) == len(again.spans)
    assert {key for node in again.spans for key in [node.span.span_id]} == {one.span_id for one in spans}
