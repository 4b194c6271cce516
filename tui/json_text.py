"""JSON text to values and back: by orjson, or by the standard library as long as little has been read.

Loading orjson, which brings half of the standard library along, takes longer than reading a screenful without it. Both
give the same: what they might see differently is left to orjson whatever the number.
"""

from __future__ import annotations

from collections.abc import Callable
from json.decoder import JSONDecoder
from math import isinf

from tui.typed import Any, Final

FEW: Final = 500
"""So many texts are read before orjson is worth loading."""
SHORT: Final = 64 << 10
"""Texts of more characters or bytes are not worth sparing orjson for."""
_MOST_DIGITS: Final = 18
"""Integers of more may not fit 64 bits, and become floats then."""


class _Doubtful(Exception):
    """A text that is for orjson to decide."""


class _Reader:
    """Reads, and knows how much it has read."""

    def __init__(self) -> None:
        self._read = 0
        self._orjson: Callable[[bytes | str], Any] | None = None
        self._decode = JSONDecoder(parse_int=_int, parse_float=_float, parse_constant=_constant).decode

    def read(self, data: bytes | str) -> Any:
        if self._orjson is None:
            if self._read < FEW and len(data) <= SHORT:
                self._read += 1
                try:
                    return self._decode(_plain(data))
                except (_Doubtful, RecursionError):
                    pass
            import orjson

            self._orjson = orjson.loads
        return self._orjson(data)


def loads(data: bytes | str) -> Any:
    """What a JSON text says. Raises ValueError for what is none."""
    return _READER.read(data)


def loads_many() -> Callable[[bytes | str], Any]:
    """The same, for whoever has many texts: without the counting of what has been read."""
    import orjson

    return orjson.loads


def dumps(value: object) -> bytes:
    """The JSON text of a value, as short as can be."""
    import orjson

    return orjson.dumps(value)


def _plain(data: bytes | str) -> str:
    """The text without anything that the two take differently: halves of surrogate pairs, spelled out or as they are."""
    text = data.decode() if isinstance(data, bytes) else data
    if "\\u" in text:
        raise _Doubtful
    if not text.isascii():
        text.encode()
    return text


def _int(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise _Doubtful
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if isinf(number):
        raise _Doubtful
    return number


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


_READER: Final = _Reader()
