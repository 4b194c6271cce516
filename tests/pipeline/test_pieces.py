"""However a stretch is read, every byte of its lines is there, lines are whole and nothing comes twice."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.framing import GROUP_REACH_BYTES, MAX_LINE_BYTES
from tui.pipeline import pieces as module
from tui.pipeline.pieces import PIECE_BYTES, pieces
from tui.sources.reader import MemoryReader
from tui.store.blocks import FileBlocks
from tui.store.scratch import ALIGNMENT


def blocks_of(data: bytes) -> FileBlocks:
    blocks = FileBlocks()
    blocks.open_segment(MemoryReader(data), len(data))
    return blocks


def read(data: bytes, start: int, stop: int) -> list[tuple[int, bytes]]:
    """Each piece without what pads it: where its first byte stands, and its bytes."""
    found = []
    for piece in pieces(blocks_of(data), start, stop):
        assert 0 <= piece.padding < ALIGNMENT
        assert bytes(piece.data[: piece.padding]) == b"\n" * piece.padding
        found.append((piece.start + piece.padding, bytes(piece.data[piece.padding : piece.size])))
    return found


LINES = st.lists(st.integers(0, 900).map(lambda size: b"x" * size), max_size=60)


@settings(max_examples=200, deadline=None)
@given(LINES, st.booleans(), st.data())
def test_the_lines_of_a_stretch_come_whole_and_once(lines: list[bytes], ended: bool, draw: st.DataObject) -> None:
    data = b"\n".join(lines) + b"\n" * ended
    start = draw.draw(st.integers(0, len(data)))
    stop = draw.draw(st.integers(start, len(data)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PIECE_BYTES", draw.draw(st.sampled_from([1, 50, 1000])))
        reach_bytes = draw.draw(st.sampled_from([0, 100, 5000]))
        patch.setattr(module, "GROUP_REACH_BYTES", reach_bytes)
        patch.setattr(module, "_BEYOND_BYTES", draw.draw(st.sampled_from([1, 70])))
        reach = stop + reach_bytes
        found = read(data, start, stop)
    assert all(text.endswith(b"\n") for _, text in found)
    whole = b"".join(text for _, text in found)
    end = data.find(b"\n", max(start, reach - 1)) + 1 or len(data)
    expected = data[start:end]
    assert whole == expected + b"\n" * (bool(expected) and not expected.endswith(b"\n"))
    places = [place for place, _ in found]
    assert places == [start + sum(len(text) for _, text in found[:number]) for number in range(len(found))]


def test_a_line_longer_than_any_that_is_shown_hides_nothing_where_it_is_cut() -> None:
    needle = b"needle"
    for at in (MAX_LINE_BYTES - 3, MAX_LINE_BYTES + 1, PIECE_BYTES + MAX_LINE_BYTES - 3, 2 * PIECE_BYTES - 3):
        data = b"a\n" + b"x" * at + needle + b"x" * (3 * PIECE_BYTES) + b"\nb\n"
        assert any(needle in text for _, text in read(data, 0, len(data)))


def test_what_is_not_there_any_more_gives_no_piece() -> None:
    blocks = blocks_of(b"gone\n" * 10)
    blocks.close()
    assert list(pieces(blocks, 0, 50)) == []
    assert read(b"", 0, GROUP_REACH_BYTES) == []
