"""A file that is a document of a tracer is read as lines, whatever it is called and however it grows."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from tests.parsing.documents import jaeger, laid_out, on_one_line, otlp, otlp_logs, zipkin
from tests.parsing.test_unfolding import ENVELOPE
from tui.sources import opening
from tui.sources.document_reader import DocumentReader
from tui.sources.opening import Unreadable, open_reader
from tui.sources.reader import Reader


def lines(reader: Reader) -> list[bytes]:
    reader.finish()
    return reader.pread(0, reader.size()).splitlines()


@pytest.mark.parametrize("value", [otlp(), jaeger(), zipkin(), {"trace": otlp()}])
def test_a_document_of_many_lines_is_one_line_a_span(tmp_path: Path, value: object) -> None:
    path = tmp_path / "whatever.txt"
    path.write_bytes(laid_out(value))
    assert [bool(json.loads(line)) for line in lines(open_reader(str(path)))] == [True, True]


def test_a_compressed_one_too(tmp_path: Path) -> None:
    path = tmp_path / "trace.json.gz"
    path.write_bytes(gzip.compress(laid_out(jaeger())))
    assert len(lines(open_reader(str(path)))) == 2


def test_a_document_on_one_line_beyond_what_a_line_may_be(tmp_path: Path) -> None:
    path = tmp_path / "long.json"
    many = {"resourceSpans": otlp()["resourceSpans"] * 2000}
    path.write_bytes(on_one_line(many))
    assert path.stat().st_size > 1 << 20
    assert len(lines(open_reader(str(path)))) == 4000


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"plain\n",
        b'{"level":"info"}\n{"level":"warn"}\n',
        on_one_line(otlp()) + b"\n" + on_one_line(otlp_logs()),
        b"\x00" * 9,
    ],
)
def test_files_of_lines_are_read_where_they_are(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "app.log"
    path.write_bytes(content)
    assert type(open_reader(str(path))) is Reader


def test_envelopes_that_are_added_are_read_on(tmp_path: Path) -> None:
    path = tmp_path / "sent"
    path.write_bytes(ENVELOPE + b"\n")
    reader = open_reader(str(path))
    before = lines(reader)
    with path.open("ab") as more:
        more.write(ENVELOPE + b"\n")
    assert not reader.complete
    assert lines(reader) == before + before


def test_a_document_that_is_written_anew_is_another_one(tmp_path: Path) -> None:
    path = tmp_path / "trace.json"
    path.write_bytes(laid_out(jaeger()))
    reader = open_reader(str(path))
    assert lines(reader)
    twice = {"data": jaeger()["data"] * 2}
    path.write_bytes(laid_out(twice))
    reader.advance(1 << 20)
    assert reader.pread(0, 10) == b""
    assert len(lines(open_reader(str(path)))) == 4


def test_a_document_that_is_still_being_written_is_told_anew_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "trace.json"
    data = laid_out(otlp())
    path.write_bytes(data[:-900])
    reader = open_reader(str(path))
    assert len(lines(reader)) == 1
    assert "cut" in reader.note
    with path.open("ab") as more:
        more.write(data[-900:])
    reader.advance(1 << 20)
    assert reader.pread(0, 10) == b""
    assert len(lines(open_reader(str(path)))) == 2


def test_too_large_a_document_is_refused_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "huge.json"
    path.write_bytes(laid_out(otlp()))
    monkeypatch.setattr(opening, "MOST_BYTES", 1000)
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    with pytest.raises(Unreadable, match="at most"):
        open_reader(str(path))
    assert not before or len(os.listdir("/proc/self/fd")) == before


def test_reading_ends_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "trace.json"
    path.write_bytes(laid_out(otlp()))
    reader = open_reader(str(path))
    assert isinstance(reader, DocumentReader)
    lines(reader)
    assert reader.pread(reader.size(), 10) == b""
    assert reader.pread(-1, 10) == reader.pread(0, 0) == b""
    reader.close()
    assert reader.closed
