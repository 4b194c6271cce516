"""A pivot finds the spans of its request in documents among the sources, and goes on finding them."""

from __future__ import annotations

from pathlib import Path

from tests.parsing.documents import MS, ROOT, T0_NS, TRACE, attributes, jaeger, laid_out, on_one_line, otlp, otlp_logs
from tests.session.test_pivot import gather, noise
from tests.terminal import wait_until
from tui.redaction.redactor import Redactor
from tui.session.pivot import Pivot
from tui.session.session import Session
from tui.settings import Settings
from tui.sources.spec import parse_spec
from tui.story.links import Request
from tui.story.timeline import Story, build

REQUEST = "7d9f1c2e-8a4b-4c1d-9e2f-0a1b2c3d4e5f"


def shown(story: Story) -> list[tuple[str | None, str, int]]:
    return [(node.span.service, node.span.name, node.depth) for node in story.spans]


def test_spans_are_found_by_an_id_that_only_a_log_line_has(tmp_path: Path) -> None:
    log, spans, logs = tmp_path / "app.log", tmp_path / "spans.jsonl", tmp_path / "trace.json"
    log.write_text(
        noise(500)
        + f'{{"time":"2026-11-23T14:02:09.001Z","msg":"in","service":"gateway","request_id":"{REQUEST}","trace_id":"{TRACE}"}}\n'
    )
    others = b"".join(on_one_line(otlp(encode=lambda one: one.replace("4bf9", "aaaa"))) + b"\n" for _ in range(300))
    spans.write_bytes(others + on_one_line(otlp()) + b"\n" + others)
    logs.write_bytes(laid_out(otlp_logs()))
    records = gather(Request(REQUEST), log, spans, logs).records()
    story = build(records)
    assert shown(story) == [("gateway", "POST /orders", 0), ("payment", "charge", 1)]
    assert [one.message for one in story.records] == ["in", "slow", "ValueError: card declined"]
    assert all(node.span.measured for node in story.spans)


def test_ids_of_either_width_join(tmp_path: Path) -> None:
    spans, half = tmp_path / "spans.jsonl", tmp_path / "jaeger.json"
    spans.write_bytes(on_one_line(otlp_logs()))
    half.write_bytes(laid_out(jaeger()).replace(TRACE.encode(), TRACE[16:].encode()))
    for asked in (TRACE, TRACE[16:]):
        story = build(gather(Request(asked), spans, half).records())
        assert [one[0] for one in shown(story)] == ["gateway", "payment"]
        assert [one.message for one in story.records] == ["slow", "ValueError: card declined"]
        assert story.row_of[story.records[0].key] == "00f067aa0ba902b8"


def test_a_followed_file_of_otlp_makes_the_story_grow(tmp_path: Path) -> None:
    path = tmp_path / "otel.jsonl"
    message = otlp()
    first, second = ({"resourceSpans": [one]} for one in message["resourceSpans"])
    path.write_bytes(on_one_line(second) + b"\n")
    session = Session([parse_spec(str(path))], Settings(), redactor=Redactor(b"k" * 32))
    session.start()
    try:
        wait_until(lambda: session.tracks_now(), what="the file")
        pivot = session.pivot(Pivot(Request(TRACE)))
        wait_until(lambda: pivot.progress.done, what="the first sweep")
        assert shown(build(pivot.records())) == [("payment", "charge", 0)]
        with path.open("ab") as file:
            file.write(on_one_line(first) + b"\n" + on_one_line(otlp_logs()) + b"\n")
        wait_until(lambda: len(pivot.records()) == 4, what="what was written later")
        assert shown(build(pivot.records())) == [("gateway", "POST /orders", 0), ("payment", "charge", 1)]
        assert not pivot.failed
    finally:
        session.stop()


def test_a_line_of_many_requests_gives_each_its_own(tmp_path: Path) -> None:
    path = tmp_path / "batch.jsonl"
    batch = [
        {"traceId": f"{number + 1:032x}", "spanId": ROOT, "name": f"op {number}", "startTimeUnixNano": T0_NS + number * MS,
         "endTimeUnixNano": T0_NS + number * MS + 1}
        for number in range(600)
    ]  # fmt: skip
    resource = {"attributes": attributes(service__name="shop")}
    path.write_bytes(on_one_line({"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": batch}]}]}) + b"\n")
    for number in (0, 77, 599):
        assert [one.message for one in gather(Request(f"{number + 1:032x}"), path).records()] == [f"op {number}"]
