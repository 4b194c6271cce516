"""Bodies are unpacked in pieces of any size, and no packed one grows beyond the limit."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.sources.bodies import Body, BodyError

TEXT = b"one span after the other, " * 200


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKED = {
    "": TEXT,
    "identity": TEXT,
    "gzip": gzip.compress(TEXT),
    "deflate": zlib.compress(TEXT),
    " GZip ": gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:]) + b"\0\0",
}


@given(st.sampled_from([*PACKED.items(), ("deflate", raw_deflate(TEXT))]), st.integers(1, 600))
def test_pieces_of_any_size_make_the_same_body(packed: tuple[str, bytes], size: int) -> None:
    body = Body(packed[0])
    for at in range(0, len(packed[1]), size):
        body.feed(packed[1][at : at + size])
    assert body.finish() == TEXT


@pytest.mark.parametrize("encoding", ["", "gzip", "deflate"])
def test_what_is_too_large_is_refused_before_it_is_unpacked(encoding: str) -> None:
    bomb = bytes(50 << 20)
    packed = {"": bomb, "gzip": gzip.compress(bomb, 1), "deflate": zlib.compress(bomb, 1)}[encoding]
    body = Body(encoding, max_bytes=1 << 20)
    with pytest.raises(BodyError, match="1 MiB") as error:
        body.feed(packed)
    assert error.value.status == 413
    assert body.held_bytes <= (1 << 20) + (len(packed) if not encoding else 1)


@pytest.mark.parametrize(
    ("encoding", "data", "status"),
    [
        ("gzip", b"not packed at all", 400),
        ("gzip", gzip.compress(TEXT)[:-9], 400),
        ("deflate", b"\xff\xff\xff", 400),
        ("zstd", b"", 415),
        ("gzip, gzip", b"", 415),
    ],
)
def test_what_cannot_be_unpacked_is_said(encoding: str, data: bytes, status: int) -> None:
    with pytest.raises(BodyError) as error:
        body = Body(encoding)
        body.feed(data)
        body.finish()
    assert error.value.status == status


def test_an_empty_body_is_one() -> None:
    assert Body("gzip").finish() == b""


def test_brotli_is_unpacked_where_its_library_is() -> None:
    brotli = pytest.importorskip("brotli", reason="brotli is not installed; without it br is refused")
    body = Body("br")
    for byte in brotli.compress(TEXT):
        body.feed(bytes([byte]))
    assert body.finish() == TEXT
    with pytest.raises(BodyError, match="1 MiB"):
        Body("br", max_bytes=1 << 20).feed(brotli.compress(bytes(50 << 20)))
