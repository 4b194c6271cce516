"""Logs of many systems, as their manuals and their own output have them, are read as they say."""

from __future__ import annotations

import pytest

from tests.parsing.systems import Case, cases, faults


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_a_log_of_a_system_is_read_as_it_says(case: Case) -> None:
    assert faults(case) == []
