"""Documents become lines however they come in; what is none passes untouched."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.parsing.documents import jaeger, laid_out, on_one_line, otlp, read, told, zipkin
from tui.framing import MAX_LINE_BYTES
from tui.parsing.unfolding import LONG_LINE_BYTES, Shape, Unfolder

PAYLOAD = on_one_line(
    {"event_id": "9fac8ea1d9a94bbc8c7cd65e5b8d8a1b", "message": "a\nb", "level": "info", "contexts": {}}
)
ENVELOPE = (
    b'{"event_id":"9fac8ea1d9a94bbc8c7cd65e5b8d8a1b","dsn":"http://k@h/1"}\n'
    b'{"type":"attachment","length":9,"filename":"x"}\n\x00{"a"\n}\n\x01\n'
    b'{"type":"event","length":%d}\n%s\n'
    b'{"type":"session","length":0}\n\n'
    b'{"type":"event"}\n%s'
) % (len(PAYLOAD), PAYLOAD, PAYLOAD)
LOGS = b'{"level":"info","traceId":"4bf92f3577b34da6a3ce929d0e0e4736","msg":"x"}\r\n{"a":\n not json\n\n[main] x\n'
TEXTS = [
    laid_out(otlp()), laid_out(jaeger()) + b"\n", laid_out(zipkin()), b"\n" + laid_out(otlp()) + b"\n" + laid_out(otlp()) + b"\n",
    ENVELOPE, ENVELOPE + b"\n" + ENVELOPE, LOGS, b"", b"{", b"  \n", b'{"event_id":"x"}\n', on_one_line(jaeger()), b"plain\n{",
    laid_out(otlp())[:700], laid_out(otlp()) + b"\nand then a line\n",
]  # fmt: skip


def unfolded(data: bytes, cuts: list[int], max_bytes: int = 1 << 20) -> bytes:
    unfolder = Unfolder(max_bytes)
    places = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]
    return b"".join(unfolder.feed(data[low:high]) for low, high in pairwise(places)) + unfolder.flush()


@pytest.mark.parametrize("data", TEXTS)
@given(cuts=st.lists(st.integers(0, 4000), max_size=12))
def test_any_cuts_give_the_same_lines(data: bytes, cuts: list[int]) -> None:
    assert unfolded(data, cuts) == unfolded(data, [])


@pytest.mark.parametrize(
    "data", [LOGS, b"", b"{", b'{"event_id":"x"}\n', on_one_line(jaeger()), b"plain\n{", b"[1]\n", b"{\n1\n}\n"]
)
def test_what_is_no_document_of_many_lines_passes_as_it_is(data: bytes) -> None:
    assert unfolded(data, []) == data


def test_a_document_is_a_line_for_each_span_by_time() -> None:
    lines = unfolded(laid_out(list(reversed(zipkin()))), []).splitlines()
    assert [json.loads(line)["timestamp"] for line in lines] == [one["timestamp"] for one in zipkin()]


def test_documents_behind_one_another_are_all_read() -> None:
    twice = laid_out(otlp()) + b"\n" + laid_out(otlp()) + b"\n"
    once = [told(one) for one in read(laid_out(otlp()))]
    assert [told(one) for one in read(twice)] == once + once


def test_of_an_envelope_only_what_is_read_is_told() -> None:
    lines = unfolded(ENVELOPE, []).splitlines()
    assert [json.loads(line)["sentry_item"] for line in lines] == ["event", "event"]
    assert all(b"http://k@h" not in line for line in lines)


def test_a_document_that_has_not_ended_is_told_as_far_as_it_is_whole() -> None:
    data = laid_out(jaeger())
    unfolder = Unfolder()
    lines = unfolder.feed(data[: data.index(b'"processes"')]) + unfolder.flush()
    assert len(lines.splitlines()) == 2
    assert "cut" in unfolder.note


def test_a_document_beyond_the_limit_is_told_as_far_as_the_limit() -> None:
    many: dict[str, Any] = {"resourceSpans": otlp()["resourceSpans"] * 400}
    unfolder = Unfolder(100_000)
    data = laid_out(many)
    lines = b"".join(unfolder.feed(data[at : at + 5000]) for at in range(0, len(data), 5000)) + unfolder.flush()
    assert 0 < len(lines.splitlines()) < 800
    assert unfolder.shape is Shape.REFUSED
    assert "limit" in unfolder.note or "longer" in unfolder.note
    assert not unfolder.pending


def test_lines_are_long_where_framing_cuts_them() -> None:
    assert LONG_LINE_BYTES == MAX_LINE_BYTES


@pytest.mark.parametrize(
    "line",
    [
        b"[pod/cart-1/app] INFO on",
        b"[2026-11-29 12:00:00] on",
        b"{'a': 1}",
        b'{"a":1,}',
        b"[INFO] on",
        b"[1, 2]",
        b"{broken",
    ],
)
def test_lines_that_only_begin_like_a_document_pass_at_once(line: bytes) -> None:
    assert Unfolder().feed(line + b"\n") == line + b"\n"


def test_what_has_not_shown_itself_to_be_a_document_passes_when_nothing_more_comes() -> None:
    unfolder = Unfolder()
    assert unfolder.feed(b'{"level":"info","msg":"cut\n') == b""
    assert unfolder.undecided
    assert unfolder.settle() == b'{"level":"info","msg":"cut\n'
    assert unfolder.feed(b"more\n") == b"more\n"
    document = Unfolder()
    assert document.feed(b'{\n "resourceSpans": [\n') == b""
    assert document.settle() == b""
