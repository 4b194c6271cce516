"""Classes of values: what `dataclasses` makes of annotated fields, for those that are loaded before the first screenful.

`dataclasses` loads the inspection of source code, and compiles half a dozen methods for every class: both together took
a third of the time until the first screenful stood there. Here all methods but `__init__` are shared, and that one is
compiled when so many values have been made that this is worth its time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter

from tui.typed import Any, Final, TypeVar, dataclass_transform

_T = TypeVar("_T")
_MISSING: Final[Any] = object()
FEW: Final = 8
"""So many values of a class are made before its `__init__` is compiled."""


class Field:
    """What a class says about one field."""

    __slots__ = ("default", "default_factory", "init", "metadata", "name", "repr")

    def __init__(
        self,
        default: Any,
        default_factory: Callable[[], Any] | None,
        init: bool,
        repr: bool,
        metadata: Mapping[str, Any],
    ) -> None:
        self.name = ""
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.metadata = metadata


def field(
    *,
    default: Any = _MISSING,
    default_factory: Callable[[], Any] | None = None,
    init: bool = True,
    repr: bool = True,
    metadata: Mapping[str, Any] | None = None,
) -> Any:
    """A field of which more is to be said than its default."""
    return Field(default, default_factory, init, repr, metadata or {})


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[_T]) -> type[_T]:
    """A class whose instances never change, are equal when their fields are, and can be keys when their fields can."""

    def refuse(self: object, name: str, *_: object) -> None:
        raise AttributeError(f"{cls.__name__}.{name} cannot be changed")

    def key(self: Any) -> int:
        return hash(made.__values__(self))

    made: Any = _made(cls, {"__hash__": key, "__setattr__": refuse, "__delattr__": refuse})
    return made  # type: ignore[no-any-return]


@dataclass_transform(field_specifiers=(field,))
def mutable(cls: type[_T]) -> type[_T]:
    """A class whose instances do change, and are equal when their fields are."""
    return _made(cls, {"__hash__": None})


def fields(cls: type) -> tuple[Field, ...]:
    """The fields of such a class, in order."""
    return cls.__fields__  # type: ignore[attr-defined, no-any-return]


def replace(one: _T, **changes: Any) -> _T:
    """The same value but for some fields."""
    made: Any = type(one)
    given = dict(zip(made.__match_args__, made.__given__(one), strict=True))
    return made(**(given | changes))  # type: ignore[no-any-return]


def _made(cls: type[_T], methods: Mapping[str, Any]) -> type[_T]:
    """The class anew, with a slot for each field; `__values__` takes the fields from an instance, `__given__` those that
    it is made with."""
    found = tuple(_field(name, cls.__dict__.get(name, _MISSING)) for name in cls.__annotations__)
    names = tuple(one.name for one in found)
    values, given = _taking(names), tuple(one.name for one in found if one.init)

    count = 0

    def init(self: Any, *given: Any, **named: Any) -> None:
        nonlocal count
        count += 1
        if count > FEW or not _fill(self, found, given, named):
            made.__init__ = _init(made, found)
            made.__init__(self, *given, **named)

    def equal(self: Any, other: object) -> bool:
        return values(self) == values(other) if other.__class__ is made else NotImplemented

    body = {name: one for name, one in cls.__dict__.items() if name not in (*names, "__dict__", "__weakref__")}
    body |= {"__slots__": names, "__match_args__": given}
    # all at once: a method that is given to a class later has it look through all of its own
    body |= {"__init__": init, "__eq__": equal, "__repr__": _repr, "__reduce__": _reduce, **methods}
    body |= {"__fields__": found, "__values__": staticmethod(values), "__given__": staticmethod(_taking(given))}
    made: Any = type(cls.__name__, cls.__bases__, body)
    return made  # type: ignore[no-any-return]


def _taking(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) < 2:
        return lambda one: tuple(getattr(one, name) for name in names)
    return attrgetter(*names)


def _field(name: str, said: Any) -> Field:
    one = said if isinstance(said, Field) else Field(said, None, True, True, {})
    one.name = name
    return one


def _fill(self: Any, found: Iterable[Field], given: Sequence[Any], named: dict[str, Any]) -> bool:
    """Set the slots one by one, as the compiled `__init__` does all at once; False when it has to say what is wrong."""
    position, named = 0, dict(named)
    for one in found:
        if one.init and position < len(given):
            value = given[position]
            position += 1
        elif one.init and one.name in named:
            value = named.pop(one.name)
        elif one.default_factory is not None:
            value = one.default_factory()
        elif (value := one.default) is _MISSING:
            return False
        object.__setattr__(self, one.name, value)
    if named or position < len(given):
        return False
    if hasattr(self, "__post_init__"):
        self.__post_init__()
    return True


def _init(made: Any, found: Iterable[Field]) -> Callable[..., None]:
    """`__init__`, which sets the slots themselves: past `__setattr__`, and sooner done."""
    known: dict[str, Any] = {"_missing": _MISSING}
    parameters, lines = ["self"], []
    for one in found:
        name = one.name
        known[f"_set_{name}"] = getattr(made, name).__set__
        known[f"_default_{name}"] = one.default if one.default_factory is None else one.default_factory
        lacking = f"_default_{name}()" if one.default_factory is not None else f"_default_{name}"
        if not one.init:
            lines.append(f" _set_{name}(self, {lacking})")
            continue
        if one.default_factory is not None:
            parameters.append(f"{name}=_missing")
            lines.append(f" _set_{name}(self, {lacking} if {name} is _missing else {name})")
        else:
            parameters.append(name if one.default is _MISSING else f"{name}={lacking}")
            lines.append(f" _set_{name}(self, {name})")
    if hasattr(made, "__post_init__"):
        lines.append(" self.__post_init__()")
    lines = lines or [" pass"]
    exec(f"def __init__({', '.join(parameters)}):\n" + "\n".join(lines), known)
    init: Callable[..., None] = known["__init__"]
    init.__qualname__ = f"{made.__qualname__}.__init__"
    return init


def _repr(self: Any) -> str:
    shown = (f"{one.name}={getattr(self, one.name)!r}" for one in self.__fields__ if one.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _reduce(self: Any) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    return type(self), tuple(getattr(self, one.name) for one in self.__fields__ if one.init)
