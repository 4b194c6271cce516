"""Work is done ahead of whoever takes it, in order; what nobody will take is not begun."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tui.store.crew import AHEAD, Crew


def test_what_comes_of_each_comes_in_order_and_no_further_ahead_than_is_said() -> None:
    asked: list[int] = []

    def given() -> Iterator[int]:
        for number in range(100):
            asked.append(number)
            yield number

    def squared(number: int) -> int:
        return number * number

    found = Crew("test", 2).each(squared, given())
    assert next(found) == (0, 0)
    assert len(asked) <= AHEAD + 2
    assert [result for _, result in found] == [number * number for number in range(1, 100)]


def test_an_error_is_raised_where_the_result_is_taken() -> None:
    def work(number: int) -> float:
        return 1 / number

    found = Crew("test", 2).each(work, [1, 0, 2])
    assert next(found) == (1, 1.0)
    with pytest.raises(ZeroDivisionError):
        next(found)


def test_what_is_let_go_of_is_not_begun() -> None:
    crew, begun, go_on = Crew("test", 1), [], threading.Event()

    def work(number: int) -> int:
        begun.append(number)
        assert number == 0 or go_on.wait(10)
        return number

    found = crew.each(work, range(AHEAD + 3))
    assert next(found) == (0, 0)
    found.close()
    go_on.set()
    # the crew has one thread: what is asked for now is done behind all that was waiting
    assert list(crew.each(lambda number: number, [7])) == [(7, 7)]
    assert begun in ([0], [0, 1])
