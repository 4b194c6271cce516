"""The gate never hides a line from the rules, whichever engine it runs on."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tui.redaction import gate
from tui.redaction.anchors import GATE
from tui.redaction.gate import compile_any
from tui.redaction.redactor import Redactor, Stream
from tui.redaction.stems import STEM_ANCHORS

CASES = Path(__file__).parent.parent / "cases"
REDACTOR = Redactor(bytes(32))


def rows() -> list[bytes]:
    text = (CASES / "redaction_secrets.txt").read_text(encoding="utf-8") + (
        CASES / "redaction_lookalikes.txt"
    ).read_text()
    return [re.sub("[«»]|~~", "", row).encode() for row in text.splitlines()]


@given(st.sampled_from(rows()), st.sampled_from(rows()), st.integers(0, 80), st.integers(0, 80))
@settings(max_examples=500, deadline=None)
def test_whatever_a_rule_finds_the_gate_lets_through(first: bytes, second: bytes, cut: int, start: int) -> None:
    line = first[cut:] + b" " + second[start:]
    if REDACTOR._spans(line, Stream()):
        assert GATE.search(line) is not None


def test_the_standard_library_stands_in_with_the_same_answers(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    fast = compile_any(STEM_ANCHORS, ignore_case=True)
    monkeypatch.setattr(gate, "re2", None)
    slow = compile_any(STEM_ANCHORS, ignore_case=True)
    for row in rows():
        assert (fast.search(row) is None) == (slow.search(row) is None)
