"""A stream's way into its ring: nothing is lost silently, whatever the cuts and however fast it comes."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.terminal import wait_until
from tui.record import Chunk
from tui.redaction.redactor import Redactor, Stream
from tui.session.intake import Intake
from tui.store.blocks import RingBlocks


def intake(max_bytes: int = 64 << 20) -> Intake:
    return Intake(RingBlocks(max_bytes), Redactor(b"k" * 32))


def held(one: Intake) -> bytes:
    one.end()
    wait_until(lambda: one.idle, what="the intake to be done")
    return one.ring.read(one.ring.first, one.ring.end)


@settings(max_examples=30)
@given(st.lists(st.sampled_from([b"one\n", b"two", b"\n", b"a@b.example.com\n", b"\xff\n"]), max_size=30))
def test_any_chunks_give_the_same_lines(chunks: list[bytes]) -> None:
    first, second = intake(), intake()
    for chunk in chunks:
        first.deliver(Chunk(chunk, 1))
    second.deliver(Chunk(b"".join(chunks), 1))
    assert held(first) == held(second)


def test_lines_are_redacted_before_they_are_kept() -> None:
    one = intake()
    one.deliver(Chunk(b"mail from jane.doe@exa", 1))
    one.deliver(Chunk(b"mple.com arrived\n", 2))
    text = held(one)
    assert b"jane" not in text
    assert b"[email#" in text
    assert sum(one.redacted.values()) == 1


def test_a_last_line_without_a_line_feed_is_kept_at_the_end() -> None:
    one = intake()
    one.deliver(Chunk(b"first\nlast", 1))
    assert held(one) == b"first\nlast\n"


@pytest.mark.parametrize("size", [1 << 19, (1 << 19) + 3])
def test_what_is_too_much_is_counted_exactly_and_no_half_line_passes_for_a_line(size: int) -> None:
    one = intake(16 << 20)
    lines = b"".join(b"%07d\n" % number for number in range(40 << 16))
    chunks = [lines[at : at + size] for at in range(0, len(lines), size)]
    with one._news:  # the worker cannot take anything while this is held, so that the budget is passed for certain
        for chunk in chunks:
            one._waiting.append(Chunk(chunk, 1))
            one._waiting_bytes += len(chunk)
    one.deliver(Chunk(b"end\n", 2))
    text = held(one)
    kept = text.split(b"\n")[:-1]
    assert one.dropped_lines > 0
    assert kept[-1] == b"end"
    assert {len(line) for line in kept[:-1]} == {7}
    assert len(kept) + one.dropped_lines + one.ring.evicted_lines == (40 << 16) + 1
    assert len(text) + one.dropped_bytes + one.ring.evicted_bytes == len(lines) + 4


def test_what_fits_the_budget_is_kept_however_fast_it_comes() -> None:
    one = intake(24 << 20)
    lines = b"".join(b"%07d\n" % number for number in range(40 << 16))
    for at in range(0, len(lines), 1 << 20):
        one.deliver(Chunk(lines[at : at + (1 << 20)], 1))
    assert held(one) == lines
    assert (one.dropped_lines, one.ring.evicted_lines) == (0, 0)


def test_a_first_line_that_may_begin_a_document_is_not_held_back_for_long() -> None:
    one = intake()
    one.deliver(Chunk(b'{"level":"info","msg":"cut\n', 1))
    wait_until(lambda: one.ring.end > one.ring.first, what="the line")
    one.deliver(Chunk(b"more\n", 2))
    assert held(one) == b'{"level":"info","msg":"cut\nmore\n'


def test_it_is_full_while_more_waits_than_can_be_masked_in_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    masking = threading.Event()
    block = Redactor.block

    def slow(self: Redactor, data: bytes, stream: Stream | None = None) -> tuple[bytes, Mapping[str, int]]:
        masking.wait(20)
        return block(self, data, stream)

    monkeypatch.setattr(Redactor, "block", slow)
    one = intake()
    assert not one.full
    for _ in range(9):
        one.deliver(Chunk(b"x" * ((1 << 20) - 1) + b"\n", 1))
    assert one.full
    masking.set()
    assert len(held(one)) == 9 << 20
    assert not one.full
