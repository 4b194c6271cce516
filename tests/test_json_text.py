"""Whoever reads a JSON text, the same comes of it."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui import json_text

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters()), inner),
)
TEXTS = (
    st.builds(json.dumps, VALUES, ensure_ascii=st.booleans())
    | st.text(st.sampled_from(list('{}[]",:\\ \n\t0123456789.eE+-truefalsn\x00\ufeffé')))
    | st.text(st.characters())
)


def said(read: Any, data: bytes | str) -> str:
    try:
        return repr(read(data))
    except ValueError:
        return "no JSON"


@given(TEXTS)
@example("-0")
@example("[18446744073709551616, -9223372036854775809]")
@example("1e400")
@example('"\\ud800"')
@example("NaN")
@example("[" * 1020 + "]" * 1020)
@example("[" * 2000 + "]" * 2000)
def test_the_first_texts_are_read_as_all_others(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    for one in (text, data):
        assert said(json_text._Reader().read, one) == said(orjson.loads, one)


def test_bytes_that_are_no_text_are_no_json() -> None:
    with pytest.raises(ValueError):
        json_text._Reader().read(b'"\xff"')
