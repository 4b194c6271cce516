"""What type checkers are told, without loading `typing`; and named tuples without it.

`typing` takes longer to load than a screenful takes to read, and a named tuple of its making as long as ten functions to
make. Modules that are loaded before the first screenful import these names from here; type checkers see the real ones.
"""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any as Any
    from typing import AnyStr as AnyStr
    from typing import Final as Final
    from typing import Generic as Generic
    from typing import Literal as Literal
    from typing import NamedTuple as NamedTuple
    from typing import Protocol as Protocol
    from typing import TypeVar as TypeVar
    from typing import cast as cast
    from typing import dataclass_transform as dataclass_transform
else:
    from _collections import _tuplegetter

    class _Told:
        """Stands for a type, or for what makes one, where only a type checker would look at it."""

        def __getitem__(self, what):
            return self

        def __or__(self, other):
            return self

        __ror__ = __or__

        def __call__(self, *_, **__):
            return self

        def __mro_entries__(self, bases):
            return (_Generic,)

    class _Generic:
        __slots__ = ()

        def __class_getitem__(cls, what):
            return cls

    Any = AnyStr = Final = Generic = Literal = Protocol = TypeVar = _Told()

    def cast(kind, value):
        return value

    def dataclass_transform(**_):
        return lambda decorator: decorator

    class _Making(type):
        """Makes tuples with named places of classes with annotations."""

        def __new__(cls, name, bases, body):
            if not bases:
                return super().__new__(cls, name, bases, body)
            names = tuple(body.get("__annotations__", ()))
            defaults = {one: body[one] for one in names if one in body}
            places = {one: _tuplegetter(at, "") for at, one in enumerate(names)}
            own = {"__slots__": (), "_fields": names, "__match_args__": names, "_field_defaults": defaults}
            return type(name, (_Row,), {**body, **places, **own, "__new__": _first_new})

    class _Row(tuple):
        """What all tuples with named places can do."""

        __slots__ = ()

        def _replace(self, **changes):
            values = tuple(map(changes.pop, self._fields, self))
            if changes:
                raise ValueError(f"no such places: {', '.join(changes)}")
            return tuple.__new__(type(self), values)

        @classmethod
        def _make(cls, values):
            return cls(*values)

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            return f"{type(self).__name__}({', '.join(f'{n}={v!r}' for n, v in zip(self._fields, self, strict=True))})"

        def __getnewargs__(self):
            return tuple(self)

    def _first_new(cls, *given, **named):
        """Makes the first tuple of a class, and what makes all others."""
        row = next(one for one in cls.__mro__ if "_fields" in one.__dict__)
        names = row._fields
        told = ", ".join(f"{one}=_default_{one}" if one in row._field_defaults else one for one in names)
        known = {f"_default_{one}": value for one, value in row._field_defaults.items()}
        known |= {"_new": tuple.__new__}
        made = eval(f"lambda _cls, {told}: _new(_cls, ({''.join(one + ', ' for one in names)}))", known)
        made.__name__, made.__qualname__ = "__new__", f"{row.__qualname__}.__new__"
        row.__new__ = staticmethod(made)
        return made(cls, *given, **named)

    class NamedTuple(metaclass=_Making):
        """As that of `typing`."""
