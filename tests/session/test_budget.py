"""Steps are taken when we cost too much for a while, and taken back when there is room again."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.session.budget import (
    CPU_STEPS,
    FREE_S,
    OVER_NS,
    TERM_STEPS,
    UNDER_NS,
    Budget,
    Governor,
    Pace,
    Spent,
    Step,
    parse_budget,
)
from tui.settings import Settings, SettingsError

SECOND = 1_000_000_000


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("cpu=5%", Budget(cpu_percent=5)),
        ("cpu=12.5%, mem=1G", Budget(12.5, 1 << 30)),
        ("mem=192M,term=20K/s", Budget(None, 192 << 20, 20 << 10)),
        ("TERM=8kb/s", Budget(terminal_bytes_s=8 << 10)),
        ("off", Budget()),
    ],
)
def test_budgets_are_read(text: str, budget: Budget) -> None:
    assert parse_budget(text) == budget


def test_the_usual_budget_limits_everything() -> None:
    assert None not in (parse_budget(Settings().budget).cpu_percent, parse_budget(Settings().budget).memory_bytes)
    assert parse_budget(Settings().budget).terminal_bytes_s is not None


@pytest.mark.parametrize("text", ["", "cpu", "cpu=20", "cpu=0%", "mem=5%", "disk=3M", "cpu=-1%", "cpu=20%;mem=1M"])
def test_what_is_no_budget_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(SettingsError, match="cpu=20%,mem=192M"):
        parse_budget(text)


def spend(governor: Governor, cpu: float, seconds: int, start_s: int) -> int:
    for second in range(start_s, start_s + seconds):
        governor.look(Spent(cpu, 50 << 20, 0), second * SECOND)
    return start_s + seconds


def test_a_moment_above_the_budget_costs_nothing_and_a_lasting_one_costs_steps() -> None:
    governor = Governor(Budget(cpu_percent=20))
    at = spend(governor, 90, OVER_NS // SECOND, 0)
    at = spend(governor, 10, 5, at)
    assert governor.words == ""
    at = spend(governor, 30, 1 + OVER_NS // SECOND, at)
    assert governor.step == CPU_STEPS[1]
    assert governor.words == "over cpu: 5 frames/s"
    at = spend(governor, 30, 60, at)
    assert governor.step == CPU_STEPS[-1]
    # between well below and above, nothing changes
    at = spend(governor, 15, 60, at)
    assert governor.step == CPU_STEPS[-1]
    at = spend(governor, 5, 1 + UNDER_NS // SECOND, at)
    assert governor.step == CPU_STEPS[-2]
    spend(governor, 5, 100, at)
    assert governor.words == ""


def test_what_the_user_waits_for_takes_no_step() -> None:
    governor = Governor(Budget(cpu_percent=20))
    for second in range(100):
        governor.look(Spent(90, 0, 0), second * SECOND, awaited=True)
    assert governor.step == CPU_STEPS[0]
    spend(governor, 90, 1 + OVER_NS // SECOND, 100)
    assert governor.step == CPU_STEPS[1]


def test_each_limit_has_steps_of_its_own_and_none_is_no_limit() -> None:
    governor = Governor(Budget(50, None, 1000))
    both = Governor(Budget(20, None, 1000))
    for second in range(40):
        both.look(Spent(99, 0, 5000), second * SECOND)
    assert both.step == Step(1, background=False, streams=0.05, rows_s=2)
    assert both.words == "over cpu: 1 frame/s, no counting, streams 5% · over term: 2 rows/s, 2 frames/s"
    free = Governor(Budget())
    for second in range(10):
        governor.look(Spent(10, 1 << 40, 5000), second * SECOND)
        free.look(Spent(400, 1 << 40, 5000), second * SECOND)
    assert governor.words == "over term: 40 rows/s"
    assert governor.step == TERM_STEPS[1]
    assert free.words == ""
    assert free.memory_excess(Spent(0, 1 << 40, 0)) == 0
    assert Governor(Budget(memory_bytes=100)).memory_excess(Spent(0, 130, 0)) == 30


def test_every_step_gives_up_more_and_says_so() -> None:
    for before, after in itertools.pairwise(CPU_STEPS):
        assert after.frames_s is not None
        assert before.frames_s is None or after.frames_s <= before.frames_s
        assert after.background <= before.background
        assert after.streams <= before.streams
        assert after.words != before.words
    rows_s = [step.rows_s for step in TERM_STEPS if step.rows_s is not None]
    assert rows_s == sorted(set(rows_s), reverse=True)
    assert len(rows_s) == len(TERM_STEPS) - 1


@given(st.lists(st.tuples(st.floats(0, 200), st.integers(1, 5)), max_size=60))
def test_steps_go_one_by_one_and_stay_in_range(history: list[tuple[float, int]]) -> None:
    governor = Governor(Budget(cpu_percent=20))
    now_ns, at = 0, 0
    for cpu, seconds in history:
        now_ns += seconds * SECOND
        changed = governor.look(Spent(cpu, 0, 0), now_ns)
        next_at = CPU_STEPS.index(governor.step)
        assert abs(next_at - at) == int(changed)
        at = next_at


@given(st.lists(st.tuples(st.floats(0.001, 0.1), st.floats(0, 2)), min_size=1, max_size=100))
def test_background_work_stays_within_its_share_once_it_is_no_longer_free(slices: list[tuple[float, float]]) -> None:
    began_s = now_s = FREE_S
    pace, spent_s = Pace(20, 0, 0), 0.0
    pace.rest_s(now_s, spent_s)
    for worked_s, cores in slices:
        now_s, spent_s = now_s + worked_s, spent_s + worked_s * cores
        now_s += pace.rest_s(now_s, spent_s)
    assert spent_s <= 0.2 * (now_s - began_s) + 1e-6


def test_background_work_is_free_at_first_and_without_a_limit() -> None:
    assert Pace(20, 0, 0).rest_s(FREE_S / 2, FREE_S) == 0
    assert Pace(None, 0, 0).rest_s(100, 200) == 0
