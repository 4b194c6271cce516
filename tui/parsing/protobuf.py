"""Messages of protobuf -> objects, by tables of fields: what a field is called and how its bytes are read.

What a message means is told by the tables of others. Fields that are in no table are passed over, as protobuf wants.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_U64: Final = struct.Struct("<Q").unpack_from
_U32: Final = struct.Struct("<I").unpack_from
_LONGEST_VARINT: Final = 10


class WireError(ValueError):
    """Bytes that are no message."""


class Field(NamedTuple):
    """How a field is told: under which name, its value made of bytes or of a number, one value or a list of them."""

    name: str
    read: Callable[[Any], object]
    many: bool = False


Fields = Mapping[int, Field]
"""By tag: the number of the field and how it is written on the wire."""


def fields(*rows: tuple[int, str, str, Callable[[Any], object]]) -> dict[int, Field]:
    """A table from rows of number, wire type (varint, fixed64, fixed32, bytes or list), name and reader."""
    wires = {"varint": _VARINT, "fixed64": _FIXED64, "fixed32": _FIXED32, "bytes": _BYTES, "list": _BYTES}
    return {number << 3 | wires[wire]: Field(name, read, wire == "list") for number, wire, name, read in rows}


def message(data: bytes, table: Fields) -> dict[str, Any]:
    """The fields of a message that the table names. Raises WireError."""
    found: dict[str, Any] = {}
    at, end = 0, len(data)
    try:
        while at < end:
            tag = data[at]
            at += 1
            if tag > 127:
                tag, at = _varint(data, at - 1)
            wire = tag & 7
            value: Any
            if wire == _BYTES:
                size = data[at]
                at += 1
                if size > 127:
                    size, at = _varint(data, at - 1)
                stop = at + size
                if stop > end:
                    raise WireError("a field is longer than its message")
                value = data[at:stop]
                at = stop
            elif wire == _VARINT:
                value = data[at]
                at += 1
                if value > 127:
                    value, at = _varint(data, at - 1)
            elif wire == _FIXED64:
                value = _U64(data, at)[0]
                at += 8
            elif wire == _FIXED32:
                value = _U32(data, at)[0]
                at += 4
            else:
                raise WireError("groups are not supported")
            if tag in table:
                name, read, many = table[tag]
                if not many:
                    found[name] = read(value)
                elif name in found:
                    found[name].append(read(value))
                else:
                    found[name] = [read(value)]
            elif tag < 8:
                raise WireError("a field without a number")
    except (IndexError, struct.error):
        raise WireError("the message is cut") from None
    return found


def parts(data: bytes | memoryview, start: int, stop: int) -> Iterator[tuple[int, int, int]]:
    """The fields of a message that hold bytes: number, and where their bytes start and stop. Raises WireError."""
    at = start
    try:
        while at < stop:
            tag, at = _varint(data, at)
            wire = tag & 7
            if tag < 8:
                raise WireError("a field without a number")
            if wire == _BYTES:
                size, at = _varint(data, at)
                if at + size > stop:
                    raise WireError("a field is longer than its message")
                yield tag >> 3, at, at + size
                at += size
            elif wire == _VARINT:
                _, at = _varint(data, at)
            elif wire in (_FIXED64, _FIXED32):
                at += 8 if wire == _FIXED64 else 4
            else:
                raise WireError("groups are not supported")
    except IndexError:
        raise WireError("the message is cut") from None
    if at != stop:
        raise WireError("the message is cut")


def signed(number: int) -> int:
    """A number of 64 bits with its sign."""
    return number - (1 << 64) if number >> 63 else number


def _varint(data: bytes | memoryview, at: int) -> tuple[int, int]:
    """The number at a place, of at most 64 bits, and where what follows it begins."""
    value = shift = 0
    for here in range(at, at + _LONGEST_VARINT):
        byte = data[here]
        value |= (byte & 127) << shift
        if byte < 128:
            return value & 0xFFFF_FFFF_FFFF_FFFF, here + 1
        shift += 7
    raise WireError("a number of more than 64 bits")


# -- writing -----------------------------------------------------------------------------------------------------------


def written(number: int, value: int | bytes) -> bytes:
    """A field as bytes: a number, or bytes with their length."""
    if isinstance(value, int):
        return _written_varint(number << 3 | _VARINT) + _written_varint(value)
    return _written_varint(number << 3 | _BYTES) + _written_varint(len(value)) + value


def _written_varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes((*out, value))
