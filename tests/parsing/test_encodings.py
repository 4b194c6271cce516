"""UTF-16 is told by its mark however it is cut, other bytes are read as Windows-1252, and what was written over is left."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.parsing.encodings import Recoder, foreign_text, is_utf8, overwritten, unescaped
from tui.parsing.unfolding import Unfolder


def in_pieces(recoder: Recoder | Unfolder, data: bytes, cuts: list[int]) -> bytes:
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    told = [recoder.feed(data[start:stop]) for start, stop in itertools.pairwise(places)]
    return b"".join(told) + recoder.flush()


@given(st.text(max_size=40), st.sampled_from(["utf-16-le", "utf-16-be"]), st.lists(st.integers(0, 90), max_size=6))
def test_text_in_utf_16_is_the_same_in_utf_8_wherever_it_is_cut(text: str, name: str, cuts: list[int]) -> None:
    marked = "\ufeff" + text
    told = in_pieces(Recoder(), marked.encode(name, "surrogatepass"), cuts)
    assert told.decode().replace("\ufffd", "?") == text.encode("utf-8", "replace").decode().replace("\ufffd", "?")


@given(st.binary(max_size=40), st.lists(st.integers(0, 40), max_size=6))
def test_bytes_without_the_mark_pass(data: bytes, cuts: list[int]) -> None:
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        assert in_pieces(Recoder(), data, cuts) == data


def test_lines_and_documents_in_utf_16_are_unfolded() -> None:
    lines = "2026-11-23 15:02:44 ERROR größe\r\n"
    assert in_pieces(Unfolder(), ("\ufeff" + lines).encode("utf-16-le"), [1, 7]) == lines.encode()
    pretty = '[\n {"time": "2026-11-23T15:02:44Z", "msg": "größe"}\n]\n'
    told = in_pieces(Unfolder(), ("\ufeff" + pretty).encode("utf-16-be"), [30])
    assert told == '{"time":"2026-11-23T15:02:44Z","msg":"größe"}\n'.encode()


@pytest.mark.parametrize(
    ("data", "text", "note"),
    [
        ("größe €".encode("cp1252"), "größe €", "no UTF-8: read as Windows-1252"),
        (b"caf\xe9\x00", "caf\ufffd\x00", "invalid UTF-8"),
        ("größe".encode() + b"\xe9", "größe\ufffd", "invalid UTF-8"),
    ],
)
def test_what_is_no_utf_8_is_windows_1252_unless_it_is_binary_or_utf_8_but_for_a_byte(
    data: bytes, text: str, note: str
) -> None:
    assert not is_utf8(data)
    assert foreign_text(data) == (text, note)


def test_of_progress_the_first_and_the_last_state_are_left() -> None:
    assert overwritten("get 1%\rget 50%\rget 100%\r") == "get 1%\nget 100%"
    assert overwritten("10:00:00 a\r10:00:01 b\r10:00:02 c") == "10:00:00 a\n10:00:01 b\n10:00:02 c"


def test_what_rsyslog_escapes_is_lines_again_and_a_number_stays_one() -> None:
    assert unescaped("failed#012Traceback:#012#011x #012 y") == "failed\nTraceback:\n\tx \n y"
    assert unescaped("ticket #012 is open, see #0123") == "ticket #012 is open, see #0123"
