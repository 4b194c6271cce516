"""Patterns of the standard library that are compiled when they are first asked.

There are hundreds in the tables of parsing and redaction, most of them never needed in a run, and compiling them would
take longer than reading and drawing the first screenful.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tui.typed import Any, AnyStr, Generic

_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn")


class Lazy(Generic[AnyStr]):
    """A pattern as `re.compile` gives it, but for being compiled later; used like one."""

    __slots__ = ("flags", "pattern", *_METHODS)

    pattern: AnyStr
    flags: int
    findall: Callable[..., list[Any]]
    finditer: Callable[..., Iterator[re.Match[AnyStr]]]
    fullmatch: Callable[..., re.Match[AnyStr] | None]
    match: Callable[..., re.Match[AnyStr] | None]
    search: Callable[..., re.Match[AnyStr] | None]
    split: Callable[..., list[Any]]
    sub: Callable[..., AnyStr]
    subn: Callable[..., tuple[AnyStr, int]]

    def __init__(self, pattern: AnyStr, flags: int = 0) -> None:
        self.pattern = pattern
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self.flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(self, name)
