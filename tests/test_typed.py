"""Tuples with named places are what `typing` makes of the same class, in whatever is asked of them."""

from __future__ import annotations

import pickle
from typing import NamedTuple as Typical

import pytest

from tui.typed import Generic, NamedTuple, TypeVar


class Point(NamedTuple):
    x: int
    y: int = 2

    @property
    def both(self) -> int:
        return self.x + self.y


class Other(Typical):
    x: int
    y: int = 2


def test_places_have_names_and_defaults() -> None:
    assert Point(1) == (1, 2) == Point(y=2, x=1)
    point = Point(3, 4)
    assert (point.x, point.y, point.both) == (3, 4, 7)
    x, y = point
    assert (x, y) == point
    assert repr(point) == repr(Other(3, 4)).replace("Other", "Point")


def test_they_are_changed_by_name_and_travel() -> None:
    assert Point(1)._replace(y=5) == Point(1, 5)
    assert Point._fields == Other._fields
    assert Point._make([1, 2])._asdict() == Other(1, 2)._asdict()
    assert pickle.loads(pickle.dumps(Point(1, 7))) == Point(1, 7)
    assert type(pickle.loads(pickle.dumps(Point(1, 7)))) is Point
    match Point(1, 9):
        case Point(1, y):
            assert y == 9
        case _:
            pytest.fail("no match")


@pytest.mark.parametrize(("given", "named"), [((), {}), ((1, 2, 3), {}), ((1,), {"x": 1}), ((1,), {"z": 1})])
def test_what_does_not_fit_is_refused_first_and_later(given: tuple[int, ...], named: dict[str, int]) -> None:
    class Fresh(NamedTuple):
        x: int
        y: int = 2

    for _ in range(2):
        with pytest.raises(TypeError):
            Fresh(*given, **named)
    assert Fresh(1) == (1, 2)
    with pytest.raises(ValueError, match="z"):
        Fresh(1)._replace(z=1)  # type: ignore[call-arg]


def test_they_cannot_be_changed_in_place() -> None:
    with pytest.raises(AttributeError):
        Point(1).x = 3  # type: ignore[misc]
    with pytest.raises(AttributeError):
        Point(1).z = 3  # type: ignore[attr-defined]


def test_a_generic_class_is_a_class() -> None:
    T = TypeVar("T")

    class Box(Generic[T]):
        def __init__(self, one: T) -> None:
            self.one = one

    assert Box[int](3).one == 3
