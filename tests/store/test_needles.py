"""Byte strings are found by fast searches as they are by any other."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.store.needles import find, finder, finder_of_rare
from tui.store.scratch import ALIGNMENT, Scratch, scratch

SIZE = 200 << 10
MEMORY = Scratch(SIZE)


@settings(max_examples=300)
@given(st.data())
def test_what_is_found_in_scratch_memory_is_what_bytes_say(data: st.DataObject) -> None:
    needle = data.draw(st.sampled_from([b"n", b"ne", b"needle", b"needle" * 9]))
    MEMORY[:] = bytes(len(MEMORY))
    for at in data.draw(st.lists(st.integers(0, SIZE - len(needle)), max_size=3)):
        MEMORY[at : at + len(needle)] = needle
    start = data.draw(st.integers(0, SIZE))
    end = data.draw(st.integers(start, SIZE + 5))
    assert find(MEMORY, needle, start, end) == bytes(MEMORY).find(needle, start, end)


WORDS = [b"0ddba11c0de5", b"0DDBA11C0DE5", b"ba1", b"a11c", b"std", b"@mt", b"\x1b[3", b"\\u00"]
WORDS += [b"%07d" % (number * 7919) for number in range(60)]


@settings(max_examples=300)
@given(st.data())
def test_of_any_number_of_byte_strings_each_is_found_unless_another_covers_it(data: st.DataObject) -> None:
    needles = data.draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=50, unique=True))
    parts = data.draw(
        st.lists(st.sampled_from([*WORDS, b"\n", b"0", b"std std ", b"\xff\xfe", b"\xf8" * 3]), max_size=12)
    )
    block = bytearray(b"".join(parts))
    size = data.draw(st.integers(0, len(block)))
    found = finder(needles)(block, size)
    seen = bytes(block[:size])
    assert found == sorted(found)
    # what stands in no text may be told where it does stand: too much is no harm
    assert all(any(seen.startswith(needle, at) for needle in needles) or seen[at] >= 0xF8 for at in found)
    longest = max(map(len, needles))
    for at in range(size):
        if any(seen.startswith(needle, at) for needle in needles):
            assert any(at - longest < one <= at for one in found)


def test_rare_byte_strings_are_found_like_others() -> None:
    block = b"GET /Mozilla MES MESSAGE @mt\n"
    assert finder_of_rare([b"@mt", b"MESSAGE"])(block, len(block)) == [block.index(b"MESSAGE"), block.index(b"@mt")]


@pytest.mark.parametrize("size", [1, 100, 4096, 1 << 20, (2 << 20) + 70_000])
def test_scratch_memory_begins_where_copying_is_fast_and_stays_there(size: int) -> None:
    memory = Scratch(size)
    assert len(memory) >= size
    assert memory.address % ALIGNMENT == 0
    with pytest.raises(BufferError):
        memory += b"more"


def test_every_thread_has_memory_of_its_own_and_keeps_it() -> None:
    mine = scratch(1000)
    others: list[Scratch] = []
    thread = threading.Thread(target=lambda: others.extend((scratch(1000), scratch(10), scratch(5000))))
    thread.start()
    thread.join()
    assert scratch(500) is mine
    assert others[0] is others[1]
    assert all(one is not mine for one in others)
    assert len(others[2]) >= 5000
