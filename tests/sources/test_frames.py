"""Messages become lines, whatever the server packed into them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.sources.frames import lines_of


@pytest.mark.parametrize(
    ("message", "lines"),
    [
        (b"", b""),
        (b"one", b"one\n"),
        (b"one\n", b"one\n"),
        (b"one\ntwo", b"one\ntwo\n"),
        (b"one\r\ntwo\r\n", b"one\r\ntwo\r\n"),
        (b'{"a": 1}', b'{"a": 1}\n'),
        (b'{"a": 1}\n{"a": 2}', b'{"a": 1}\n{"a": 2}\n'),
        (b'{\n  "a": 1,\n  "b": {}\n}\n', b'{   "a": 1,   "b": {} }\n'),
        (b'[{"a": 1}, {"a": "],["}]', b'{"a": 1}\n{"a": "],["}\n'),
        (b'[\r\n {"a":\r\n 1},\n {"a": 2}\n]\n', b'{"a":   1}\n{"a": 2}\n'),
        (b'[{"a": 12345678901234567890123, "a": 1.10}]', b'{"a": 12345678901234567890123, "a": 1.10}\n'),
        (b"[pod/web] started", b"[pod/web] started\n"),
        (b"[2026-01-02] started", b"[2026-01-02] started\n"),
        (b"[]", b"[]\n"),
        (b"[1, 2]", b"[1, 2]\n"),
        (b'[{"a": 1}, 2]', b'[{"a": 1}, 2]\n'),
        (b'[{"a": 1}', b'[{"a": 1}\n'),
        (b'[{"a": 1}] and more', b'[{"a": 1}] and more\n'),
        (b'{"cut":\n 1', b'{"cut":\n 1\n'),
        (b'[{"a": "\xff\xfe"}]', b'{"a": "\xff\xfe"}\n'),
        (b"[" * 100_000, b"[" * 100_000 + b"\n"),
        (b'[{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}]", b'[{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}]\n"),
    ],
    ids=lambda value: repr(value[:30]),
)
def test_a_message_becomes_lines(message: bytes, lines: bytes) -> None:
    assert lines_of(message) == lines


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.dictionaries(st.text(max_size=5), JSON, max_size=3), min_size=1, max_size=5), st.booleans())
def test_every_object_of_an_array_becomes_one_line(objects: list[dict[str, object]], pretty: bool) -> None:
    message = json.dumps(objects, indent=2 if pretty else None, ensure_ascii=False).encode("utf-8", "surrogatepass")
    lines = lines_of(message).decode("utf-8", "surrogatepass").split("\n")
    assert lines.pop() == ""
    assert [json.loads(line) for line in lines] == objects


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60) | st.text('[]{},:"a1\n\r \\', max_size=40).map(str.encode))
def test_any_bytes_give_whole_lines_and_lose_nothing_but_white_space(message: bytes) -> None:
    lines = lines_of(message)
    assert lines == b"" if not message else lines.endswith(b"\n")
    kept = bytes(sorted(lines)).translate(None, b" \r\n,[]")
    assert kept == bytes(sorted(message)).translate(None, b" \r\n,[]")
