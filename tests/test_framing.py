"""Lines and groups do not depend on where the bytes were cut."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from tui.framing import GROUP_MAX_LINES, GROUP_REACH_BYTES, Grouper, LineSplitter, group
from tui.record import Line

TEXT = st.lists(st.sampled_from([b"a", b"\n", b"\r\n", b"\x00", b"\xff", b" at x", b"{}"]), max_size=60).map(b"".join)


def split(chunks: list[bytes], max_bytes: int = 20) -> list[Line]:
    splitter = LineSplitter(max_bytes=max_bytes)
    lines = [line for chunk in chunks for line in splitter.feed(chunk)]
    last = splitter.flush()
    return [*lines, last] if last else lines


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    at = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[a:b] for a, b in itertools.pairwise(at)]


@given(TEXT, st.lists(st.integers(0, 1000), max_size=8))
def test_any_split_of_the_bytes_gives_the_same_lines(data: bytes, cuts: list[int]) -> None:
    assert split(pieces(data, cuts)) == split([data])


@given(TEXT, st.lists(st.integers(0, 1000), max_size=8), st.sampled_from([5, 20, 1000]))
def test_lines_as_one_text_are_the_same_lines(data: bytes, cuts: list[int], max_bytes: int) -> None:
    splitter = LineSplitter(max_bytes=max_bytes)
    text = b"".join(splitter.whole(piece) for piece in pieces(data, cuts))
    last = splitter.flush()
    assert text + (last.data if last else b"") == b"\n".join(line.data for line in split([data], max_bytes)) + (
        b"\n" if text and not last else b""
    )
    assert splitter.offset + len(splitter._held) == len(data)


@given(TEXT)
def test_short_lines_come_out_whole_with_their_offsets(data: bytes) -> None:
    for line in split([data], max_bytes=10_000):
        assert data[line.offset :].startswith(line.data)
    assert [line.data for line in split([data], 10_000)] == [
        part.removesuffix(b"\r")
        for part in (data.split(b"\n")[:-1] + ([data.split(b"\n")[-1]] if data.split(b"\n")[-1] else []))
    ]


def test_an_overlong_line_is_cut_and_says_how_much_is_missing() -> None:
    lines = split([b"x" * 15, b"x" * 100, b"\nnext\n"])
    assert lines[0].data == b"x" * 20 + b" [line cut: 95 bytes left out]"
    assert lines[0].cut_bytes == 95
    assert lines[1] == Line(116, b"next")


def test_an_endless_line_is_held_in_bounded_memory() -> None:
    splitter = LineSplitter(max_bytes=1000)
    for _ in range(1000):
        assert splitter.feed(b"y" * 1000) == []
    line = splitter.flush()
    assert line is not None
    assert len(line.data) < 1100
    assert line.cut_bytes == 999_000


def lines_of(*texts: bytes) -> list[Line]:
    lines, offset = [], 0
    for text in texts:
        lines.append(Line(offset, text))
        offset += len(text) + 1
    return lines


def starts(line: bytes, before: Sequence[Line] = ()) -> bool:
    return not line.startswith((b" ", b"[b] "))


def test_continuations_stay_with_the_line_before() -> None:
    grouped = list(group(lines_of(b"one", b" at a", b" at b", b"two"), starts, lambda line: b""))
    assert [[line.data for line in one] for one in grouped] == [[b"one", b" at a", b" at b"], [b"two"]]


def test_interleaved_origins_keep_their_own_continuations() -> None:
    def origin(line: bytes) -> bytes:
        return line[:3]

    def begins(line: bytes, before: Sequence[Line]) -> bool:
        return not line[4:].startswith(b" ")

    lines = lines_of(b"[a] one", b"[b] two", b"[a]  at a", b"[b]  at b", b"[a] three")
    grouped = list(group(lines, begins, origin))
    assert [[line.data for line in one] for one in grouped] == [
        [b"[a] one", b"[a]  at a"],
        [b"[b] two", b"[b]  at b"],
        [b"[a] three"],
    ]


def test_a_record_has_a_bounded_number_of_lines_and_reach() -> None:
    many = list(group(lines_of(b"one", *[b" x"] * (GROUP_MAX_LINES + 10)), starts, lambda line: b""))
    assert len(many[0]) == GROUP_MAX_LINES
    wide = list(group(lines_of(b"one", b" " * GROUP_REACH_BYTES, b" late"), starts, lambda line: b""))
    assert len(wide) == 2


@given(
    st.lists(st.sampled_from([b"one", b" at", b"[b] x", b""]), max_size=40), st.lists(st.integers(1, 5), max_size=20)
)
def test_feeding_in_parts_groups_alike_and_loses_nothing(texts: list[bytes], sizes: list[int]) -> None:
    lines = lines_of(*texts)
    grouper, at, found = Grouper(starts, lambda line: line[:3] if line.startswith(b"[") else b""), 0, []
    for size in [*sizes, len(lines)]:
        found += grouper.feed(lines[at : at + size])
        at += size
    found += grouper.flush()
    assert sorted(line.offset for one in found for line in one) == [line.offset for line in lines]
    whole = list(group(lines, starts, lambda line: line[:3] if line.startswith(b"[") else b""))
    assert sorted(found, key=lambda one: one[0].offset) == whole
