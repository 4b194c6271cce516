"""Reading gzip files at any offset, whole ones and broken ones."""

from __future__ import annotations

import gzip
import os
import random
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.sources import gzip_reader
from tui.sources.gzip_reader import GzipReader

CHUNK = 1 << 12


def text(size: int, seed: int = 1) -> bytes:
    chooser = random.Random(seed)
    words = [b"level=info", b"level=error", b"request", b"took", b"ms", b"\n"]
    line = b" ".join(chooser.choice(words) + b"%d" % chooser.randrange(10**9) for _ in range(size // 12))
    return line[:size]


def reader_of(tmp_path: Path, data: bytes, chunk_bytes: int = CHUNK) -> GzipReader:
    path = tmp_path / "x.gz"
    path.write_bytes(data)
    return GzipReader(os.open(path, os.O_RDONLY), str(path), chunk_bytes=chunk_bytes)


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    content = text(60 * CHUNK + 77)
    cut = len(content) // 3
    data = gzip.compress(content[:cut]) + gzip.compress(b"") + gzip.compress(content[cut:])
    path = tmp_path_factory.mktemp("gz") / "x.gz"
    path.write_bytes(data)
    return content, os.fsencode(path)


@settings(max_examples=60, deadline=None)
@given(pieces=st.lists(st.tuples(st.integers(-10, 62 * CHUNK), st.integers(-1, 5 * CHUNK)), min_size=1, max_size=8))
def test_pieces_at_any_offset_in_any_order_equal_the_slices(
    big: tuple[bytes, bytes], pieces: list[tuple[int, int]]
) -> None:
    content, path = big
    reader = GzipReader(os.open(path, os.O_RDONLY), chunk_bytes=CHUNK)
    for offset, size in pieces:
        same = reader.pread(offset, size) == (content[offset : offset + size] if offset >= 0 and size > 0 else b"")
        assert same, (offset, size)
    reader.close()


def test_the_size_is_known_after_a_pass(tmp_path: Path) -> None:
    content = text(10 * CHUNK + 3)
    reader = reader_of(tmp_path, gzip.compress(content))
    assert not reader.complete
    reader.advance(CHUNK)
    assert 0 < reader.size() < len(content)
    reader.finish()
    assert (reader.size(), reader.complete, reader.note) == (len(content), True, "")


def test_content_that_ends_with_a_chunk_is_whole(tmp_path: Path) -> None:
    content = text(4 * CHUNK)
    reader = reader_of(tmp_path, gzip.compress(content))
    reader.finish()
    assert (reader.size(), reader.note) == (len(content), "")
    assert reader.pread(0, 1 << 20) == content
    assert reader.pread(len(content), 10) == b""


@pytest.mark.parametrize("level", [0, 1, 9])
def test_reading_backwards_gives_the_same(tmp_path: Path, level: int) -> None:
    content = text(40 * CHUNK)
    reader = reader_of(tmp_path, gzip.compress(content, level))
    reader.finish()
    step = 3000
    pieces = [reader.pread(offset, step) for offset in range(0, len(content), step)][::-1]
    backwards = [reader.pread(offset, step) for offset in reversed(range(0, len(content), step))]
    assert pieces == backwards


@settings(max_examples=60, deadline=None)
@given(kept=st.floats(0.0, 1.0))
def test_a_cut_tail_gives_what_decodes_and_says_so(tmp_path_factory: pytest.TempPathFactory, kept: float) -> None:
    content = text(12 * CHUNK)
    data = gzip.compress(content)
    cut = data[: int(len(data) * kept)]
    reader = reader_of(tmp_path_factory.mktemp("cut"), cut)
    reader.finish()
    got = reader.pread(0, 1 << 20)
    assert content.startswith(got)
    assert len(got) == len(zlib.decompressobj(31).decompress(cut))
    assert (reader.note == "") == (len(cut) in (0, len(data)))


@settings(max_examples=60, deadline=None)
@given(at=st.integers(20, 5000), bits=st.integers(1, 255))
def test_damage_gives_what_is_before_it_and_says_so(
    tmp_path_factory: pytest.TempPathFactory, at: int, bits: int
) -> None:
    content = text(16 * CHUNK)
    data = bytearray(gzip.compress(content))
    data[at] ^= bits
    reader = reader_of(tmp_path_factory.mktemp("bad"), bytes(data))
    reader.finish()
    got = reader.pread(0, 1 << 20)
    assert reader.note.startswith(("damaged", "cut short"))
    assert got[:1] == content[:1] or at < 100
    again = b"".join(reader.pread(offset, 1000) for offset in range(0, len(got), 1000))
    assert again == got


def test_a_wrong_checksum_still_gives_all_the_text(tmp_path: Path) -> None:
    content = text(3 * CHUNK)
    data = bytearray(gzip.compress(content))
    data[-6] ^= 1
    reader = reader_of(tmp_path, bytes(data))
    reader.finish()
    assert reader.pread(0, 1 << 20) == content
    assert reader.note.startswith("damaged")


def test_nul_padding_after_the_last_member_is_nothing(tmp_path: Path) -> None:
    reader = reader_of(tmp_path, gzip.compress(b"one\n") + bytes(2000))
    reader.finish()
    assert (reader.pread(0, 100), reader.note) == (b"one\n", "")


def test_something_else_after_the_last_member_is_named(tmp_path: Path) -> None:
    reader = reader_of(tmp_path, gzip.compress(b"one\n") + b"plain text\n")
    reader.finish()
    assert reader.pread(0, 100) == b"one\n"
    assert "not gzip" in reader.note


def test_a_file_that_is_still_being_compressed_grows(tmp_path: Path) -> None:
    content = text(9 * CHUNK)
    data = gzip.compress(content)
    reader = reader_of(tmp_path, data[: len(data) // 2])
    reader.finish()
    before = reader.size()
    with open(reader.path, "ab") as file:
        file.write(data[len(data) // 2 :])
    reader.finish()
    assert before < reader.size() == len(content)
    assert (reader.pread(0, 1 << 20), reader.note) == (content, "")


def test_the_states_kept_stay_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gzip_reader, "MOST_STATES", 8)
    content = text(200 * CHUNK)
    reader = reader_of(tmp_path, gzip.compress(content, 1))
    reader.finish()
    assert len(reader._states) <= 8
    for offset in range(0, len(content), 13 * CHUNK + 5):
        assert reader.pread(offset, 100) == content[offset : offset + 100]


def test_a_bomb_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gzip_reader, "BOMB_FROM_BYTES", 1 << 20)
    reader = reader_of(tmp_path, gzip.compress(bytes(50 << 20)))
    reader.finish()
    assert reader.size() <= (1 << 20) + CHUNK
    assert "expands" in reader.note


def test_a_closed_reader_gives_nothing(tmp_path: Path) -> None:
    reader = reader_of(tmp_path, gzip.compress(text(20 * CHUNK)))
    reader.close()
    assert reader.pread(10 * CHUNK, 10) == b""
