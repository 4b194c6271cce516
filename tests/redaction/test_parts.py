"""Asked by its parts or as a whole, the gate gives the same answers."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.redaction import parts
from tui.redaction.parts import Parts
from tui.redaction.rules import _PEM_ANCHORS, _TABLE

CASES = Path(__file__).parent.parent / "cases"
ROWS = (CASES / "redaction_secrets.txt").read_bytes().splitlines() + (
    CASES / "redaction_lookalikes.txt"
).read_bytes().splitlines()
ALTERNATIVES = (*(anchors for _, anchors in _TABLE), _PEM_ANCHORS)
BY_PARTS = Parts(ALTERNATIVES, told=slice(1, len(_TABLE)))
WHOLE = Parts(ALTERNATIVES, told=slice(1, len(_TABLE)))


@pytest.fixture(autouse=True, scope="module")
def set_apart() -> None:
    WHOLE._read, WHOLE._lines = parts.FEW_BYTES, parts.FEW_LINES


@given(st.lists(st.sampled_from(ROWS), min_size=1, max_size=6), st.lists(st.integers(0, 300), max_size=6))
@settings(max_examples=300, deadline=None)
def test_by_parts_and_as_a_whole_the_hits_are_the_same(rows: list[bytes], places: list[int]) -> None:
    data = b"\n".join(rows)
    BY_PARTS._read = BY_PARTS._lines = 0
    assert list(BY_PARTS.hits(data)) == list(WHOLE.hits(data))
    by_parts, whole = BY_PARTS.over(data), WHOLE.over(data)
    for place in sorted(places):
        assert by_parts(min(place, len(data))) == whole(min(place, len(data)))
    assert list(BY_PARTS.occurring(rows[0])) == list(WHOLE.occurring(rows[0]))


def test_what_is_asked_by_parts_is_asked_as_a_whole_when_it_is_much() -> None:
    some = Parts(["a", "b+"], told=slice(0, 2))
    text = b"xxabb" * 1000
    found = [list(some.hits(text)) for _ in range(2 * parts.FEW_BYTES // len(text))]
    assert all(one == other for one, other in pairwise(found))
    assert some._read >= parts.FEW_BYTES
    assert [some.occurring(b"bb") for _ in range(parts.FEW_LINES + 2)] == [[1]] * (parts.FEW_LINES + 2)
