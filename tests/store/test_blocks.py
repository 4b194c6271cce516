"""Blocks give back the bytes they were given, through rotation, compression and eviction."""

from __future__ import annotations

import random
import threading

from hypothesis import given, settings
from hypothesis import strategies as st

from tui.store.blocks import BLOCK_BYTES, FileBlocks, RingBlocks


class Memory:
    """A reader over bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.closed = False
        self.gone = False

    def pread(self, offset: int, size: int) -> bytes:
        return self.data[offset : offset + size]

    def readinto(self, offset: int, buffer: memoryview) -> int:
        data = self.pread(offset, len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def size(self) -> int:
        return len(self.data)

    def close(self) -> None:
        self.closed = True


def test_a_rotated_file_goes_on_where_the_old_one_ended() -> None:
    blocks = FileBlocks()
    blocks.open_segment(Memory(b"old line\n"), 9)
    blocks.open_segment(Memory(b"new line\n"), 9)
    assert (blocks.first, blocks.end) == (0, 18)
    assert blocks.read(0, 9) == b"old line\n"
    assert blocks.read(9, 18) == b"new line\n"
    assert blocks.read(4, 18) == b"line\n", "a read never crosses into the next generation"
    assert blocks.piece(12) == (9, 18)
    assert blocks.bounds(12) == (9, 18)


def test_bytes_that_were_overwritten_are_gone_and_known_to_be() -> None:
    blocks = FileBlocks()
    old = Memory(b"lost\n")
    blocks.open_segment(old, 5)
    blocks.open_segment(Memory(b"kept\n"), 5)
    old.gone = True
    assert blocks.first == 5
    assert blocks.read(0, 5) == b""
    assert blocks.read(5, 10) == b"kept\n"


def test_filler_at_the_head_of_a_file_is_no_content() -> None:
    blocks = FileBlocks()
    blocks.open_segment(Memory(b"\0" * 100 + b"line\n"), 105, skip=100)
    assert blocks.read(0, blocks.end) == b"line\n"


def test_descriptors_of_many_rotations_are_given_up() -> None:
    blocks = FileBlocks(keep_segments=2)
    readers = [Memory(b"x\n") for _ in range(5)]
    for reader in readers:
        blocks.open_segment(reader, 2)
    assert [reader.closed for reader in readers] == [True, True, True, False, False]
    assert blocks.first == 6


def test_growth_shows_and_block_bounds_follow_a_grid() -> None:
    data = b"z" * (2 * BLOCK_BYTES + 10)
    blocks = FileBlocks()
    blocks.open_segment(Memory(data), 5)
    blocks.grow(len(data))
    assert blocks.end == len(data)
    assert blocks.bounds(BLOCK_BYTES + 3) == (BLOCK_BYTES, 2 * BLOCK_BYTES)
    assert blocks.bounds(2 * BLOCK_BYTES) == (2 * BLOCK_BYTES, len(data))


@settings(max_examples=30)
@given(st.lists(st.integers(1, 90_000), min_size=1, max_size=40))
def test_a_ring_gives_back_what_it_still_holds(sizes: list[int]) -> None:
    ring = RingBlocks(max_bytes=1 << 20)
    whole = b""
    for number, size in enumerate(sizes):
        data = bytes([65 + number % 26]) * size + b"\n"
        ring.append(data, number)
        whole += data
    assert ring.end == len(whole)
    assert ring.read(ring.first, ring.end) == whole[ring.first :]
    offset = ring.first
    while offset < ring.end:
        start, stop = ring.bounds(offset)
        assert start <= offset < stop
        assert ring.read(start, stop) == whole[start:stop]
        offset = stop
    assert ring.evicted_bytes == ring.first
    assert ring.evicted_lines == whole[: ring.first].count(b"\n")


def test_a_ring_keeps_its_budget_and_counts_what_it_gives_up() -> None:
    ring = RingBlocks(max_bytes=1 << 20)
    noise = bytes(range(256)) * 4
    for number in range(3000):
        ring.append(noise[number % 256 :] + number.to_bytes(4, "big").hex().encode() + b"\n", number)
        assert ring.held_bytes <= 1 << 20
    assert ring.evicted_lines > 0


def test_a_stretch_whose_beginning_was_given_up_gives_nothing_rather_than_other_bytes() -> None:
    ring = RingBlocks(max_bytes=1 << 20)
    noise = random.Random(1).randbytes(100_000).replace(b"\n", b" ") + b"\n"
    for number in range(40):
        ring.append(noise, number)
    assert ring.first > 1000
    assert ring.read(0, ring.end) == b""
    assert ring.read(ring.first - 1, ring.end) == b""
    assert len(ring.read(ring.first, ring.end)) == ring.end - ring.first
    assert ring.piece(0) == (ring.first, ring.end)


def test_readers_never_see_bytes_that_are_not_at_the_offset_they_asked_for() -> None:
    ring = RingBlocks(max_bytes=1 << 20)
    size = BLOCK_BYTES
    done = threading.Event()

    def fill() -> None:
        for number in range(60):
            ring.append(b"".join(b"%015d\n" % at for at in range(number * size, (number + 1) * size, 16)), number)
        done.set()

    writer = threading.Thread(target=fill)
    writer.start()
    seen = 0
    while not done.is_set() or not seen:
        first = ring.first
        start, _ = ring.bounds(first)
        data = ring.read(start, start + 64)
        if data:
            assert int(data[:15]) == start
            seen += 1
    writer.join()
    assert ring.evicted_bytes == ring.first


def test_what_is_held_counts_the_times_of_arrival_and_stays_near_the_text() -> None:
    ring = RingBlocks(max_bytes=64 << 20)
    for number in range(20_000):
        ring.append(b"one line of a slow stream, number %d\n" % number, number * 50_000_000)
    assert ring.held_bytes < 1.2 * ring.end
    assert ring.arrival_ns(0) == 0
    latest = ring.arrival_ns(ring.end - 1)
    assert latest is not None
    assert abs(latest - 19_999 * 50_000_000) < 60_000_000_000


def test_arrival_times_are_found_by_offset() -> None:
    ring = RingBlocks()
    ring.append(b"first\n", 1_000_000_000)
    ring.append(b"second\n", 5_000_000_000)
    assert ring.arrival_ns(0) == 1_000_000_000
    assert ring.arrival_ns(8) == 5_000_000_000
