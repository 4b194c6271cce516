"""Pages of records are the same whatever stretch they are asked for in; tails bring what is new, once."""

from __future__ import annotations

import itertools
import random
from datetime import UTC

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tui.parsing.parser import Parser
from tui.pipeline.tail import PROVISIONAL_AFTER_NS, Tail, Wanted
from tui.pipeline.track import Track
from tui.query.scan import Needles
from tui.record import Record
from tui.redaction.redactor import Redactor
from tui.store.blocks import FileBlocks
from tui.store.order import Entry, backward

NOW = 1_795_442_531_000_000_000
"""2026-11-23 14:02:11 UTC."""


class Memory:
    """A growing file."""

    gone = False

    def __init__(self, data: bytes = b"") -> None:
        self.data = data

    def pread(self, offset: int, size: int) -> bytes:
        return self.data[offset : offset + size]

    def readinto(self, offset: int, buffer: memoryview) -> int:
        data = self.pread(offset, len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def size(self) -> int:
        return len(self.data)

    def close(self) -> None:
        pass


def track_of(data: bytes) -> tuple[Track, FileBlocks, Memory]:
    memory, blocks = Memory(data), FileBlocks()
    blocks.open_segment(memory, len(data))
    parser = Parser("app.log", zone=UTC)
    return Track("app.log", 0, blocks, Redactor(b"k" * 32), parser, reference_ns=NOW), blocks, memory


def records(track: Track, start: int, stop: int) -> list[Record]:
    return [entry.record for entry in track.fresh(start, stop).entries if entry.record is not None]


TRACEBACK = (
    b"Traceback (most recent call last):\n"
    b'  File "/srv/app.py", line 3, in pay\n'
    b"    charge()\n"
    b"ValueError: card 4111 1111 1111 1111 declined\n"
)


def some_log(seed: int, lines: int) -> bytes:
    chance = random.Random(seed)
    parts = []
    for number in range(lines):
        stamp = b"2026-11-23 12:%02d:%02d,%03d" % (number // 60 % 60, number % 60, number % 1000)
        if chance.random() < 0.1:
            parts.append(stamp + b" ERROR failed for a.b@example.com\n" + TRACEBACK)
        else:
            parts.append(stamp + b" INFO request %d done token=%032x\n" % (number, chance.getrandbits(128)))
    return b"".join(parts)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 5), st.lists(st.integers(0, 100_000), max_size=6))
def test_any_division_into_pages_gives_the_same_records(seed: int, cuts: list[int]) -> None:
    data = some_log(seed, 60)
    track, _, _ = track_of(data)
    whole = records(track, 0, len(data))
    at = sorted({0, len(data), *(cut % len(data) for cut in cuts)})
    divided = [one for a, b in itertools.pairwise(at) for one in records(track, a, b)]
    assert divided == whole
    assert len(whole) == 60


CHAINED = TRACEBACK + b"\nDuring handling of the above exception, another exception occurred:\n\n" + TRACEBACK
PARTS = [
    b'{"time":"2026-11-23T12:00:00Z","level":"info","msg":"m"}\n', b"2026-11-23 12:00:00,000 INFO on\n", b"a bare line\n",
    CHAINED, b"java.lang.IllegalStateException: no\n\tat shop.Pay.run(Pay.java:1)\n", b"panic: no\n\ngoroutine 1 [running]:\n",
    b"[pod/cart-1/app] one\n", b"[pod/cart-1/app] " + b"\n[pod/cart-1/app] ".join(CHAINED.rstrip().split(b"\n")) + b"\n",
    b"    going on\n" * 700, b"\n" * 40, b"  " + b"x" * 70_000 + b"\n",
]  # fmt: skip
LONG_PARTS = [b"    going on\n" * 9_000, b"y" * 140_000 + b"\n"]
"""Longer than a record may be; one of them is enough in a log."""


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_pages_of_a_wild_mixture_hold_each_line_once_and_the_same_records(data: st.DataObject) -> None:
    parts = data.draw(st.lists(st.sampled_from(PARTS), min_size=1, max_size=8))
    if data.draw(st.integers(0, 3)) == 0:
        parts.insert(data.draw(st.integers(0, len(parts))), data.draw(st.sampled_from(LONG_PARTS)))
    log = b"".join(parts)
    cuts = data.draw(st.lists(st.integers(0, len(log)), max_size=5))
    track, _, _ = track_of(log)
    whole = records(track, 0, len(log))
    assert sum(one.raw.count("\n") + 1 for one in whole) == log.count(b"\n")
    at = sorted({0, len(log), *cuts})
    divided = [one for a, b in itertools.pairwise(at) for one in records(track, a, b)]
    assert sum(one.raw.count("\n") + 1 for one in divided) == log.count(b"\n")
    # where lines go on for longer than a record may, or with nothing, what is left over is divided by pages
    begins = track._parser.begins
    headed = [
        {one.offset for one in found if begins(one.raw.partition("\n")[0].encode())} for found in (whole, divided)
    ]
    assert headed[0] == headed[1]


def test_a_stack_trace_stays_with_its_line_and_is_redacted() -> None:
    track, _, _ = track_of(b"2026-11-23 12:00:00,000 ERROR failed\n" + TRACEBACK + b"2026-11-23 12:00:01,000 INFO on\n")
    first, second = records(track, 0, track.blocks.end)
    assert first.error is not None
    assert first.error.type == "ValueError"
    assert "4111" not in first.raw.replace("[card", "") or "1111 1111" not in first.raw
    assert second.message.endswith("on")


def test_no_page_loses_a_line() -> None:
    data = some_log(3, 300)
    track, _, _ = track_of(data)
    joined = "\n".join(one.raw for one in records(track, 0, len(data)))
    assert joined.count("\n") + 1 == data.count(b"\n")


def test_a_tail_brings_each_line_once_and_a_growing_record_again() -> None:
    track, blocks, memory = track_of(b"2026-11-23 12:00:00,000 INFO one\n")
    tail = Tail(track, 0)
    news = tail.take(NOW)
    assert news is not None
    assert [entry.record.message for entry in news.entries if entry.record] == ["one"]
    assert tail.take(NOW + 1) is None
    memory.data += b"2026-11-23 12:00:01,000 ERROR two\nTraceback (most recent call last):\n"
    blocks.grow(len(memory.data))
    news = tail.take(NOW + 2)
    assert news is not None
    assert [entry.record.message for entry in news.entries if entry.record] == ["one", "two"]
    memory.data += TRACEBACK.partition(b"\n")[2]
    blocks.grow(len(memory.data))
    news = tail.take(NOW + 3)
    assert news is not None
    [grown] = [entry.record for entry in news.entries if entry.record]
    assert grown.error is not None
    assert grown.error.type == "ValueError"
    assert grown.offset < news.first_new
    assert news.since is None


def test_an_unfinished_line_waits_and_is_shown_when_nothing_follows() -> None:
    track, blocks, memory = track_of(b"2026-11-23 12:00:00,000 INFO unfin")
    tail = Tail(track, 0)
    assert tail.take(NOW) is None
    news = tail.take(NOW + PROVISIONAL_AFTER_NS)
    assert news is not None
    assert news.entries[0].record is not None
    assert news.entries[0].record.message == "unfin"
    memory.data += b"ished\n"
    blocks.grow(len(memory.data))
    news = tail.take(NOW + PROVISIONAL_AFTER_NS + 1)
    assert news is not None
    assert news.entries[0].record is not None
    assert news.entries[0].record.message == "unfinished"
    assert news.entries[0].offset == 0


def test_of_a_burst_the_newest_are_read_and_the_others_stand_before_them() -> None:
    data = some_log(1, 3000)
    track, _, _ = track_of(data)
    news = Tail(track, 0).take(NOW, max_bytes=20_000)
    assert news is not None
    assert 0 < len(news.entries) < 400
    assert news.since == news.entries[0].key
    before = [entry for entry in backward([track], news.since) if entry.record is not None]
    assert len(before) + len(news.entries) == 3000
    assert [*reversed(before), *news.entries] == sorted([*before, *news.entries], key=lambda entry: entry.key)


def test_a_clock_that_is_off_moves_all_that_is_read_and_sought_by_time() -> None:
    data = some_log(1, 400)
    (plain, *_), (track, *_) = track_of(data), track_of(data)
    track.page(0, len(data))
    track.shift_ns = shift = 90_000_000_000
    for before, after in zip(records(plain, 0, len(data)), records(track, 0, len(data)), strict=True):
        assert before.time_ns is not None
        assert after.time_ns == before.time_ns + shift
        assert "+90.000 s" in after.notes[-1]
    assert [one.time_ns for one in track.page(0, len(data)).entries] == [
        one.time_ns + shift for one in plain.page(0, len(data)).entries
    ]
    assert track.time_at(0) == (plain.time_at(0) or 0) + shift
    assert track.latest_ns(len(data)) == (plain.latest_ns(len(data)) or 0) + shift
    track.shift_ns = 0
    assert track.page(0, len(data)).entries == plain.page(0, len(data)).entries


def test_a_line_longer_than_what_is_read_is_found_all_the_same() -> None:
    track, _, _ = track_of(some_log(1, 20) + b"2026-11-23 12:59:00,000 INFO " + b"x" * 50_000 + b"\n")
    news = Tail(track, 0).take(NOW, max_bytes=1000)
    assert news is not None
    assert news.entries[-1].record is not None
    assert news.entries[-1].record.message.endswith("xxx")


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 5), st.sampled_from(["request 7", "failed", "ValueError", "nowhere"]), st.integers(500, 30_000))
@example(5, "failed", 5110)
def test_no_match_in_what_was_written_is_missed(seed: int, needle: str, max_bytes: int) -> None:
    data = some_log(seed, 200)
    track, blocks, memory = track_of(b"")
    tail = Tail(track, 0)
    wanted = Wanted(lambda record: needle in record.raw, Needles.of([needle.encode()]), rows=10_000)
    found: dict[int, Record] = {}
    for stop in range(0, len(data) + 7000, 7001):
        memory.data = data[:stop]
        blocks.grow(len(memory.data))
        news = tail.take(NOW, max_bytes, wanted)
        if news is not None:
            assert news.since is None
            for record in (entry.record for entry in news.entries if entry.record):
                # what was told before is told again, whether it is wanted or not
                assert wanted.holds(record) or record.offset < news.first_new
                found[record.offset] = record
    found = {offset: record for offset, record in found.items() if wanted.holds(record)}
    whole = [one for one in records(track, 0, blocks.end) if needle in one.raw]
    assert [found[offset] for offset in sorted(found)] == whole


def test_of_very_many_matches_the_newest_are_enough_and_the_news_say_from_where_on() -> None:
    data = some_log(2, 3000)
    track, blocks, _ = track_of(data)
    wanted = Wanted(lambda record: "done" in record.raw, Needles.of([b"done"]), rows=50)
    news = Tail(track, 0).take(NOW, 4000, wanted)
    assert news is not None
    assert 50 <= len(news.entries) < 500
    whole = [entry for entry in track.fresh(0, blocks.end).entries if entry.record and "done" in entry.record.raw]
    assert list(news.entries) == whole[-len(news.entries) :]
    assert news.since == news.entries[0].key


def test_a_huge_line_is_cut_and_marked_and_the_next_one_is_whole() -> None:
    data = b"2026-11-23 12:00:00,000 INFO " + b"x" * (3 << 20) + b"\n2026-11-23 12:00:01,000 INFO next\n"
    track, blocks, _ = track_of(data)
    found: list[Record] = []
    offset = 0
    while offset < blocks.end:
        start, stop = blocks.bounds(offset)
        found += records(track, start, stop)
        offset = stop
    assert len(found) == 2
    assert "line cut" in found[0].raw
    assert found[1].message == "next"


def test_binary_junk_is_shown_and_nothing_raises() -> None:
    data = bytes(range(256)) * 200 + b"\n\x1b]0;title\x07\xff\xfe\n"
    track, _, _ = track_of(data)
    assert sum(one.raw.count("\n") + 1 for one in records(track, 0, len(data))) == data.count(b"\n")


def test_redactions_of_a_tail_are_counted_once() -> None:
    track, blocks, memory = track_of(b"2026-11-23 12:00:00,000 INFO a.b@example.com\n")
    tail = Tail(track, 0)
    for step in range(5):
        tail.take(NOW + step)
        memory.data += b"2026-11-23 12:00:0%d,000 INFO c.d@example.com\n" % (step + 1)
        blocks.grow(len(memory.data))
    assert sum(track.redacted.values()) == 5


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 5), st.sampled_from([b"request 7", b"failed", b"ValueError", b"nowhere", b"12:00:1"]))
def test_candidates_are_the_records_that_hold_what_is_looked_for(seed: int, needle: bytes) -> None:
    data = some_log(seed, 60)
    track, _, _ = track_of(data)
    sieve = Needles.of([needle])
    assert sieve is not None
    spots = track.spots(0, len(data), sieve)
    chosen = [entry.record for entry in track.candidates(0, len(data), spots)]
    whole = [one for one in records(track, 0, len(data)) if needle.decode() in one.raw]
    assert chosen == whole


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_the_lines_around_a_spot_give_the_same_records_as_whole_pages(data: st.DataObject) -> None:
    parts = data.draw(st.lists(st.sampled_from([*PARTS, *SECRET_PARTS]), min_size=1, max_size=14))
    log = b"".join(part.replace(b" ", b" needle ", 1) if data.draw(st.booleans()) else part for part in parts)
    start = data.draw(st.integers(0, len(log)))
    stop = data.draw(st.integers(start, len(log)))
    sieve = Needles.of([data.draw(st.sampled_from([b"needle", b"ValueError", b"goroutine", b"on\n", b"yyyy"]))])
    assert sieve is not None
    track, _, _ = track_of(log)
    spots = track.spots(start, stop, sieve)
    around = track.candidates(start, stop, spots)
    whole = [one for one in track.candidates(start, stop, None) if sieve.may_match(raw_lines(one, log))]
    assert [one for one in around if sieve.may_match(raw_lines(one, log))] == whole


def raw_lines(entry: Entry, log: bytes) -> bytes:
    """The bytes that a record was framed from, before redaction."""
    assert entry.record is not None
    lines = log[entry.offset :].split(b"\n")[: entry.record.raw.count("\n") + 1]
    return b"\n".join(lines)


SECRET_PARTS = [
    b"2026-11-23 12:00:00,000 INFO password=hunter2horse needle\n", b"2026-11-23 12:00:01,000 WARN <password>\n",
    b"  hunter3horse\n", b"2026-11-23 12:00:00,000 INFO -----BEGIN RSA PRIVATE KEY-----\n",
    b"MIIEpAIBAAKCAQEA7bq0xYzneedle0xYzAbCdEfGhIjKlMnOpQrStUvWxYz0123456\n" * 3, b"-----END RSA PRIVATE KEY-----\n",
]  # fmt: skip


def test_redactions_of_pages_are_counted_once_and_not_again_where_a_tail_looked() -> None:
    line = b"2026-11-23 12:00:00,000 INFO a.b@example.com\n"
    track, blocks, _ = track_of(line * 10)
    Tail(track, len(line) * 3).take(NOW, len(line) * 4)
    assert 4 <= sum(track.redacted.values()) <= 7
    for _ in range(2):
        track.page(0, blocks.end)
        track.candidates(0, blocks.end - len(line), None)
    assert sum(track.redacted.values()) == 10


def test_a_clock_that_was_set_back_does_not_hide_what_is_new() -> None:
    track, blocks, memory = track_of(b"2026-11-23 12:00:00,000 INFO noon\n")
    tail = Tail(track, blocks.end)
    memory.data += (
        b"2026-11-23 12:00:05,000 INFO after\n2026-11-23 11:00:00,000 INFO back\n2026-11-23 11:00:01,000 INFO on\n"
    )
    blocks.grow(len(memory.data))
    news = tail.take(NOW)
    assert news is not None
    assert [entry.record.message for entry in news.entries if entry.record] == ["noon", "after", "back", "on"]
    assert [entry.time_ns for entry in news.entries] == sorted(entry.time_ns for entry in news.entries)


def test_lines_that_are_a_little_late_go_to_their_place() -> None:
    track, blocks, _ = track_of(b"2026-11-23 12:00:05,000 INFO b\n2026-11-23 12:00:04,000 INFO a\n")
    assert [one.message for one in records(track, 0, blocks.end)] == ["a", "b"]


def test_a_time_in_the_future_stands_where_it_came() -> None:
    track, blocks, memory = track_of(b"")
    tail = Tail(track, 0)
    memory.data += b"2099-01-01 00:00:00,000 INFO far\n"
    blocks.grow(len(memory.data))
    news = tail.take(NOW)
    assert news is not None
    assert [entry.time_ns for entry in news.entries] == [NOW]
