"""Readers share one descriptor between threads and survive whatever happens to the file."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from tui.sources.reader import MemoryReader, Reader


def reader_of(path: Path, data: bytes) -> Reader:
    path.write_bytes(data)
    return Reader(os.open(path, os.O_RDONLY), str(path))


def test_pieces_are_read_at_any_offset(tmp_path: Path) -> None:
    reader = reader_of(tmp_path / "x", b"0123456789")
    assert (reader.pread(3, 4), reader.pread(8, 10), reader.pread(10, 1), reader.pread(-1, 5), reader.size()) == (
        b"3456",
        b"89",
        b"",
        b"",
        10,
    )


def test_a_truncated_file_gives_fewer_bytes(tmp_path: Path) -> None:
    reader = reader_of(tmp_path / "x", b"0123456789" * 1000)
    os.truncate(tmp_path / "x", 5)
    assert (reader.pread(0, 10_000), reader.pread(100, 10), reader.size()) == (b"01234", b"", 5)


def test_closing_under_readings_breaks_none_and_leaks_no_descriptor(tmp_path: Path) -> None:
    data = os.urandom(1 << 16)
    wrong: list[bytes] = []
    for turn in range(20):
        reader = reader_of(tmp_path / f"{turn}", data)

        def work(one: Reader) -> None:
            for _ in range(200):
                got = one.pread(100, 1000)
                if got not in (b"", data[100:1100]):
                    wrong.append(got)

        threads = [threading.Thread(target=work, args=(reader,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        reader.close()
        other = os.open(os.devnull, os.O_RDONLY)
        for thread in threads:
            thread.join()
        os.close(other)
        with pytest.raises(OSError):
            os.fstat(reader._fd)
    assert wrong == []


def test_closing_twice_is_no_fault(tmp_path: Path) -> None:
    reader = reader_of(tmp_path / "x", b"abc")
    assert reader.size() == 3
    reader.close()
    reader.close()
    assert (reader.pread(0, 3), reader.closed, reader.size(), reader.mtime_ns) == (b"", True, 3, 0)


def test_a_read_error_gives_nothing_and_a_note(tmp_path: Path) -> None:
    reader = Reader(os.open(tmp_path, os.O_RDONLY), str(tmp_path))
    assert reader.pread(0, 10) == b""
    assert "cannot be read at byte 0" in reader.note


def test_a_superseded_reader_reads_the_copy_or_nothing(tmp_path: Path) -> None:
    reader = reader_of(tmp_path / "x", b"abc")
    reader.supersede(None)
    assert (reader.pread(0, 3), reader.size()) == (b"", 3)
    other = reader_of(tmp_path / "y", b"abcdef")
    reader = reader_of(tmp_path / "x", b"zzz")
    reader.supersede(other)
    assert (reader.pread(0, 6), reader.size(), reader.mtime_ns) == (b"abcdef", 6, other.mtime_ns)


def test_an_adopted_file_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    reader = reader_of(tmp_path / "x", b"abc")
    reader.adopt(reader_of(tmp_path / "y", b"abcdef"))
    assert reader.pread(0, 10) == b"abcdef"
    reader.close()
    assert reader.pread(0, 10) == b""


def test_memory_reads_like_a_file() -> None:
    reader = MemoryReader(b"0123456789")
    assert (reader.pread(3, 4), reader.pread(-1, 4), reader.pread(3, 0), reader.size(), reader.mtime_ns) == (
        b"3456",
        b"",
        b"",
        10,
        0,
    )
    reader.finish()
    reader.close()
    assert reader.pread(0, 10) == b""
