"""Structs of Thrift in its compact encoding -> objects by the numbers of their fields.

What a struct means is told by others.
"""

from __future__ import annotations

import struct
from typing import Any, Final

MOST_DEPTH: Final = 16
_STOP, _TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(13)
_PROTOCOL: Final = 0x82
_VERSION: Final = 1
_CALL: Final = (1, 4)
"""A call that is answered, and one that is not."""
_WIDTH: Final = 64

Struct = dict[int, Any]
"""Values by the numbers of their fields: numbers, bytes, lists and structs."""


class ThriftError(ValueError):
    """Bytes that are no message."""


def call(data: bytes) -> tuple[str, Struct]:
    """The name and the arguments of a call. Raises ThriftError."""
    if len(data) < 4 or data[0] != _PROTOCOL:
        raise ThriftError("not Thrift in its compact encoding")
    if data[1] & 31 != _VERSION or data[1] >> 5 not in _CALL:
        raise ThriftError("not a call of Thrift")
    reader = _Reader(data, 2)
    try:
        reader.varint()
        name = reader.binary().decode("utf-8", "replace")
        return name, reader.struct()
    except (IndexError, struct.error):
        raise ThriftError("the message is cut") from None


class _Reader:
    """Reads one message from a place on."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data = data
        self._at = at
        self._depth = 0

    def byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def varint(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
            if shift > _WIDTH:
                raise ThriftError("a number of more than 64 bits")

    def zigzag(self) -> int:
        value = self.varint()
        return (value >> 1) ^ -(value & 1)

    def binary(self) -> bytes:
        size = self.varint()
        self._at += size
        if self._at > len(self._data):
            raise ThriftError("the message is cut")
        return self._data[self._at - size : self._at]

    def struct(self) -> Struct:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise ThriftError("values within values without end")
        found: Struct = {}
        number = 0
        while (head := self.byte()) & 15 != _STOP:
            kind, step = head & 15, head >> 4
            number = number + step if step else self.zigzag()
            found[number] = kind == _TRUE if kind in (_TRUE, _FALSE) else self.value(kind)
        self._depth -= 1
        return found

    def value(self, kind: int) -> Any:
        if kind in (_I16, _I32, _I64):
            return self.zigzag()
        if kind == _BINARY:
            return self.binary()
        if kind == _STRUCT:
            return self.struct()
        if kind in (_LIST, _SET):
            return self._list()
        if kind in (_TRUE, _FALSE):
            # in a list each has a byte of its own
            return self.byte() == _TRUE
        if kind == _BYTE:
            return self.byte()
        if kind == _DOUBLE:
            self._at += 8
            return struct.unpack("<d", self._data[self._at - 8 : self._at])[0]
        if kind == _MAP:
            return self._map()
        raise ThriftError("a value of unknown type")

    def _list(self) -> list[Any]:
        self._depth += 1
        head = self.byte()
        size = self.varint() if head >> 4 == 15 else head >> 4
        if self._depth > MOST_DEPTH or size > len(self._data):
            raise ThriftError("a list longer than its message")
        found = [self.value(head & 15) for _ in range(size)]
        self._depth -= 1
        return found

    def _map(self) -> dict[Any, Any]:
        self._depth += 1
        size = self.varint()
        if self._depth > MOST_DEPTH or size > len(self._data):
            raise ThriftError("a map longer than its message")
        kinds = self.byte() if size else 0
        pairs = [(str(self.value(kinds >> 4)), self.value(kinds & 15)) for _ in range(size)]
        self._depth -= 1
        return dict(pairs)
