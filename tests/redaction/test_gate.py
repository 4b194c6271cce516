"""The gate never hides a line from the rules, whichever engine it runs on."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.redaction import gate
from tui.redaction.gate import compile_any
from tui.redaction.rules import _TABLE, GATE
from tui.redaction.stems import STEM_ANCHORS

CASES = Path(__file__).parent.parent / "cases"


def rows() -> list[bytes]:
    text = (CASES / "redaction_secrets.txt").read_text(encoding="utf-8") + (
        CASES / "redaction_lookalikes.txt"
    ).read_text()
    return [re.sub("[«»]|~~", "", row).encode() for row in text.splitlines()]


@given(st.sampled_from(rows()), st.sampled_from(rows()), st.integers(0, 80), st.integers(0, 80))
@settings(max_examples=500, deadline=None)
def test_whatever_a_rule_finds_the_gate_lets_through(first: bytes, second: bytes, cut: int, start: int) -> None:
    line = first[cut:] + b" " + second[start:]
    if any(list(rule(line)) for rule, _ in _TABLE):
        assert GATE.search(line) is not None


def test_the_standard_library_stands_in_with_the_same_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = compile_any(STEM_ANCHORS, ignore_case=True)
    monkeypatch.setattr(gate, "re2", None)
    slow = compile_any(STEM_ANCHORS, ignore_case=True)
    for row in rows():
        assert (fast.search(row) is None) == (slow.search(row) is None)


def test_without_re2_the_whole_stage_still_masks() -> None:
    code = (
        "import sys; sys.modules['re2'] = None\n"
        "from tui.redaction.redactor import Redactor\n"
        "line = b'password=hunter2 jane@example.com 4111 1111 1111 1111'\n"
        "redacted, counts = Redactor(bytes(32)).line(line)\n"
        "sys.exit(counts != {'key': 1, 'email': 1, 'card': 1})"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
