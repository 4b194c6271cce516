"""Opening everything once, as the plain commands do."""

from __future__ import annotations

import gzip
import os
import threading
from pathlib import Path

from tui.sources.file import open_all
from tui.sources.spec import parse_spec


def opened(*texts: str) -> tuple[dict[str, bytes], list[str]]:
    pairs, errors = open_all([parse_spec(text) for text in texts])
    content = {name: reader.pread(0, reader.size()) for name, reader in pairs}
    for _, reader in pairs:
        reader.close()
    return content, errors


def test_files_patterns_and_folders_are_opened_and_failures_are_lines(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(b"a\n")
    (tmp_path / "b.log.gz").write_bytes(gzip.compress(b"b\n") + gzip.compress(b"c\n"))
    (tmp_path / "z.log.zst").write_bytes(b"\x28\xb5\x2f\xfd" + bytes(10))
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.log").write_bytes(b"sub\n")
    (tmp_path / "empty").mkdir()
    content, errors = opened(
        str(tmp_path / "*.log*"), str(tmp_path / "sub"), str(tmp_path / "missing.log"), str(tmp_path / "empty")
    )
    assert content == {f"{tmp_path.name}/a.log": b"a\n", "b.log.gz": b"b\nc\n", "sub/a.log": b"sub\n"}
    assert len(errors) == 3
    assert f"{tmp_path}/missing.log: no such file" in errors
    assert any(line.startswith(f"{tmp_path / 'empty'}: no log files") for line in errors)
    assert any(line.startswith(f"{tmp_path}/z.log.zst: zstd-compressed") for line in errors)


def test_the_same_file_twice_is_opened_once(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(b"a\n")
    (tmp_path / "link.log").symlink_to("a.log")
    content, errors = opened(str(tmp_path / "a.log"), str(tmp_path / "*.log"), str(tmp_path))
    assert (content, errors) == ({"a.log": b"a\n"}, [])


def test_a_cut_compressed_file_is_opened_with_a_note(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(os.urandom(10_000).hex().encode())[:-3000])
    ((_, reader),), errors = open_all([parse_spec(str(tmp_path / "a.gz"))])
    assert reader.complete
    assert "cut short" in reader.note
    assert errors == []


def test_a_pipe_by_path_is_read_to_its_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    writer = threading.Thread(target=lambda: (tmp_path / "fifo").write_bytes(b"line\n" * 50_000))
    writer.start()
    content, errors = opened(str(tmp_path / "fifo"))
    writer.join()
    assert (content, errors) == ({"fifo": b"line\n" * 50_000}, [])


def test_streams_are_left_to_the_caller() -> None:
    assert open_all([parse_spec("-"), parse_spec("ws://host/x")]) == ([], [])
