"""Sampling keeps requests whole, keeps trouble always and counts what it withholds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.record import Id, Record
from tui.sampling import Mode, ModeError, Sampler, parse_mode, randomness

SECOND = 1_000_000_000


def record(number: int, *ids: Id, severity: int = 9, message: str = "hello") -> Record:
    return Record("s", number, message, message, severity=severity, ids=ids)


def trace(number: int) -> Id:
    return Id("trace", f"{number * 0x9E3779B97F4A7C15 % (1 << 64):016x}" * 2)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=200), st.sampled_from([2.0, 4.0, 10.0]))
def test_a_request_is_kept_or_withheld_whole(requests: list[int], ratio: float) -> None:
    sampler = Sampler(Mode(ratio=ratio))
    answers: dict[int, set[bool]] = {}
    for number, request in enumerate(requests):
        answers.setdefault(request, set()).add(sampler.keep(record(number, trace(request)), 0))
    assert all(len(answer) == 1 for answer in answers.values())


@given(st.lists(st.integers(0, 30), min_size=1, max_size=100))
def test_two_processes_agree(requests: list[int]) -> None:
    first, second = Sampler(Mode(ratio=4)), Sampler(Mode(ratio=4))
    for number, request in enumerate(requests):
        assert first.keep(record(number, trace(request)), 0) == second.keep(record(number + 7, trace(request)), 5)


def test_the_share_that_is_kept_is_about_what_was_asked_for() -> None:
    sampler = Sampler(Mode(ratio=4))
    kept = sum(sampler.keep(record(number, trace(number)), 0) for number in range(4000))
    assert 800 < kept < 1200
    assert sampler.withheld == 4000 - kept


def test_high_randomness_is_kept_as_in_consistent_probability_sampling() -> None:
    sampler = Sampler(Mode(ratio=2))
    assert sampler.keep(record(1, Id("trace", "0" * 18 + "f" * 14)), 0)
    assert not sampler.keep(record(2, Id("trace", "f" * 18 + "0" * 14)), 0)
    assert randomness(record(1, Id("trace", "0" * 18 + "f" * 14))) == (1 << 56) - 1


def test_warnings_and_errors_are_always_kept_and_bring_their_request_back() -> None:
    sampler = Sampler(Mode(ratio=1_000_000_000))
    assert not sampler.keep(record(1, trace(1)), 0)
    assert sampler.keep(record(2, trace(1), severity=17), 0)
    assert sampler.keep(record(3, trace(1)), 0)
    assert sampler.keep(record(4, severity=13), 0)


def test_ids_that_stand_together_share_one_decision() -> None:
    sampler = Sampler(Mode(ratio=1_000_000_000))
    request = Id("request", "req-12345678")
    sampler.keep(record(1, trace(1), request, severity=17), 0)
    assert sampler.keep(record(2, request), 0)
    assert sampler.keep(record(3, trace(1)), 0)


def test_lines_without_an_id_are_thinned_by_their_kind() -> None:
    sampler = Sampler(Mode(ratio=10))
    kept = [number for number in range(100) if sampler.keep(record(number, message=f"tick {number}"), 0)]
    assert len(kept) == 10
    assert kept[0] == 0, "the first of a kind is always seen"
    assert sampler.keep(record(200, message="something else"), 0)


def test_a_rate_is_followed_within_seconds() -> None:
    sampler = Sampler(parse_mode("100/s"))
    now, kept = 10 * SECOND, 0
    for second in range(10):
        for number in range(2000):
            index = second * 2000 + number
            kept_now = sampler.keep(record(index, trace(index)), now + number * SECOND // 2000)
            kept += kept_now and second >= 5
        now += SECOND
    assert 250 < kept < 900


@pytest.mark.parametrize("mode", ["auto", "off"])
def test_nothing_is_withheld_unless_it_was_asked_for(mode: str) -> None:
    sampler = Sampler(parse_mode(mode))
    assert all(sampler.keep(record(number, trace(number)), number) for number in range(1000))


@pytest.mark.parametrize("text", ["", "2", "1/0", "0/s", "1/x", "/s", "many"])
def test_a_mode_that_is_not_understood_says_what_is(text: str) -> None:
    with pytest.raises(ModeError, match="auto, off, 1/N"):
        parse_mode(text)
