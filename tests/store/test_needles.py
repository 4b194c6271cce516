"""Byte strings are found in memory that is searched without the interpreter's lock as they are anywhere else."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.store.needles import find
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


@pytest.mark.parametrize("at", [(32 << 10) - 5, (32 << 10) - 1, 32 << 10])
def test_what_stands_where_the_search_goes_on_without_the_lock_is_found(at: int) -> None:
    MEMORY[:] = bytes(len(MEMORY))
    MEMORY[at : at + 6] = b"needle"
    assert find(MEMORY, b"needle", 0, SIZE) == at
    assert find(MEMORY, b"needle", 0, at + 5) == -1


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
