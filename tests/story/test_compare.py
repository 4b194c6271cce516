"""Two requests side by side: what fails, is missing, is beside and is slower."""

from __future__ import annotations

from collections.abc import Sequence

from tui.record import Record, Span
from tui.story.compare import Comparison, compare, comparison_lines, normal_one
from tui.story.explain.seen import LogSeen, SpanSeen
from tui.story.timeline import Story, build

MS = 1_000_000
T0 = 1_700_000_000_000 * MS


def story(*spans: tuple[str, str, int, int, str], says: Sequence[str] = ()) -> Story:
    """Spans as service, name, start and end in ms, status; the first one is the root."""
    records = []
    for at, (service, name, start, end, status) in enumerate(spans):
        span = Span(
            f"{at:016x}", name, T0 + start * MS, T0 + end * MS, service, "ab" * 16, None if at == 0 else "0" * 16, status,
            source="t", basis=(("t", at),),
        )  # fmt: skip
        records.append(Record("t", at, name, name, span.start_ns, service=service, trace_id="ab" * 16, span=span))
    for at, message in enumerate(says):
        records.append(Record("l", at, message, message, T0 + at, severity=9, service="cart", trace_id="ab" * 16))
    return build(records)


def found(kind: str, comparison: Comparison) -> list[tuple[str, str]]:
    return [(one.service, one.what) for one in comparison.of_kind(kind)]


def test_each_difference_is_of_its_kind() -> None:
    normal = story(
        ("web", "GET /", 0, 100, "ok"), ("cart", "load", 10, 20, "ok"), ("stock", "check", 30, 50, "ok"), ("mail", "send", 60, 70, "ok"),
        says=["cart 17 loaded"],
    )  # fmt: skip
    bad = story(
        ("web", "GET /", 0, 300, "error"), ("cart", "load", 10, 180, "ok"), ("stock", "check", 190, 210, "error"), ("bank", "refund", 220, 230, "ok"),
        says=["cart 4 loaded", "giving up on stock"],
    )  # fmt: skip
    told = compare(bad, normal)
    assert found("failing", told) == [("stock", "check"), ("web", "GET /")]
    assert found("missing", told) == [("mail", "send")]
    assert found("extra", told) == [("bank", "refund"), ("cart", "“giving up on stock”")]
    assert ("cart", "load") in found("slower", told) and ("stock", "check") not in found("slower", told)
    lines = list(comparison_lines(told, "a", "b"))
    assert lines[0] == "a took 300 ms, b 100 ms" and len(lines) < 20


def test_a_request_does_not_differ_from_itself() -> None:
    one = story(("web", "GET /", 0, 100, "ok"), ("cart", "load", 10, 20, "ok"), says=["cart 17 loaded"])
    assert compare(one, one).differences == ()


def span(trace: str, name: str, start: int, length: int, failed: bool = False) -> SpanSeen:
    return SpanSeen(
        T0 + start, T0 + start + length, "web", name, trace, trace, None, failed, "", None, ("t", start), ""
    )


def test_the_normal_one_is_of_the_same_kind_went_well_and_is_as_long_as_most() -> None:
    spans = [
        span("bad", "GET /", 0, 900, True), span("short", "GET /", 1, 10), span("usual", "GET /", 2, 50),
        span("long", "GET /", 3, 700), span("failed", "GET /", 4, 50, True), span("other", "PUT /", 5, 50),
    ]  # fmt: skip
    assert normal_one(["bad"], [], spans) == "usual"
    assert normal_one(["other"], [], spans) is None
    lines = [LogSeen(T0 + at, "web", 9, 1, trace, None, None, ("l", at)) for at, trace in enumerate(("x", "y"))]
    assert normal_one(["x"], lines, []) == "y"
    assert normal_one(["x", "y"], lines, []) is None, "no request is its own baseline, under whatever id"
