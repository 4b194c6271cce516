"""Values and states: made, compared, shown and changed as their fields say."""

from __future__ import annotations

import pickle

import pytest

from tui.values import field, fields, frozen, mutable, replace


@frozen
class Place:
    """Where something is."""

    name: str
    at: int = 0
    secret: str = field(default="hidden", repr=False)

    @property
    def next(self) -> int:
        return self.at + 1


@mutable
class Basket:
    things: list[str] = field(default_factory=list)
    full: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.full = len(self.things) > 1


@frozen
class Nothing:
    """A value without fields."""


def test_fields_are_given_by_place_or_by_name_and_have_defaults() -> None:
    assert (Place("a").at, Place("a", 2).at, Place(name="a", at=3).next) == (0, 2, 4)
    with pytest.raises(TypeError):
        Place()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Place("a", there=1)  # type: ignore[call-arg]


def test_values_are_equal_and_the_same_key_when_their_fields_are() -> None:
    assert Place("a", 1) == Place("a", 1) != Place("a", 2)
    assert len({Place("a", 1), Place("a", 1), Place("b")}) == 2
    assert Nothing() == Nothing() and hash(Nothing()) == hash(Nothing())
    others: list[object] = [Basket(), "a"]
    assert Place("a") not in others


def test_a_value_never_changes() -> None:
    one = Place("a")
    with pytest.raises(AttributeError, match=r"Place\.at"):
        one.at = 2  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del one.at
    assert replace(one, at=5) == Place("a", 5) != one


def test_states_change_do_not_share_what_was_made_for_them_and_are_no_keys() -> None:
    one, other = Basket(), Basket()
    one.things.append("egg")
    assert (one.things, other.things, one == other) == (["egg"], [], False)
    assert Basket(["egg", "milk"]).full and not one.full
    with pytest.raises(TypeError):
        hash(one)
    with pytest.raises(AttributeError):
        one.price = 1  # type: ignore[attr-defined]


def test_what_is_not_to_be_shown_is_not() -> None:
    assert repr(Place("a", 1, "pass" + "word")) == "Place(name='a', at=1)"
    assert [one.name for one in fields(Place)] == ["name", "at", "secret"]


def test_values_can_be_matched_and_stored() -> None:
    match Place("a", 7):
        case Place(name, at):
            assert (name, at) == ("a", 7)
    assert pickle.loads(pickle.dumps(Basket(["egg"]))) == Basket(["egg"])
