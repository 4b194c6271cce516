"""Addresses on which we listen, as a user writes them."""

from __future__ import annotations

import re
from typing import Final

from tui.lazy import Lazy
from tui.values import frozen

LOOPBACK: Final = "127.0.0.1"
_WRITTEN: Final = Lazy(r"(?:(\[[0-9a-fA-F:.%\w]+\]|[^\s:/\[\]@]*):)?([0-9]{1,5})", re.ASCII)
_HOST: Final = Lazy(r"\[[0-9a-fA-F:.%\w]+\]|[^\s:/\[\]@]+", re.ASCII)


@frozen
class Address:
    """Where to listen."""

    host: str
    port: int
    """0 for any that is free."""

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def address_of(text: str, port: int) -> Address | None:
    """The address that `PORT`, `HOST:PORT`, `HOST` or nothing means; None for anything else."""
    text = text.removeprefix("//").removesuffix("/")
    if not text:
        return Address(LOOPBACK, port)
    if (found := _WRITTEN.fullmatch(text)) is not None:
        number = int(found[2])
        host = (found[1] or LOOPBACK).strip("[]")
        return Address(LOOPBACK if host == "localhost" else host, number) if number < 1 << 16 else None
    if _HOST.fullmatch(text) is None:
        return None
    host = text.strip("[]")
    return Address(LOOPBACK if host == "localhost" else host, port)
