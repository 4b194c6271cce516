"""What a row of the tables of text formats is: a regular expression with names for what its parts say.

Owns the row, the classes of first characters by which rows are looked up, and the levels of formats that use no words.
The rows are in `patterns` and `platform_patterns`.
"""

from __future__ import annotations

import re
from functools import cache

from tui.lazy import Lazy
from tui.typed import AnyStr, Final
from tui.values import frozen


@frozen
class Pattern:
    """One text format."""

    name: str
    source: str
    """Regular expression, matched at the start of the record's first line, or of the whole record when `whole`."""
    sample: str
    """A line that it must match; checked by the tests."""
    tail: str = ""
    """How the message ends: `kv` for pairs that become fields."""
    levels: str = ""
    """Name of an entry of LETTERS for levels that are not words."""
    whole: bool = False
    """The regex needs more than the first line."""
    order: str = ""
    """Of the numbers in its dates, where the source does not show it."""
    heads: str = ""
    """Classes of first characters, as `head_class` names them."""
    own: bool = False
    """A user wrote it: it is searched in linear time."""

    @property
    def regex(self) -> Lazy[str]:
        return _linear(self.source) if self.own else _compiled(self.source, self.whole)

    @property
    def head(self) -> Lazy[bytes]:
        """The same for the bytes of a line; for those of users."""
        return _linear(self.source.encode())


@cache
def _compiled(source: str, whole: bool) -> Lazy[str]:
    return Lazy(source, re.DOTALL if whole else 0)


@cache
def _linear(source: AnyStr) -> Lazy[AnyStr]:
    import re2  # only those load it who have patterns of their own

    options = re2.Options()
    options.log_errors = False
    return re2.compile(source, options)  # type: ignore[no-any-return]


LETTERS: Final[dict[str, dict[str, int]]] = {
    "klog": {"I": 9, "W": 13, "E": 17, "F": 21, "C": 18, "D": 5},
    "android": {"V": 1, "D": 5, "I": 9, "W": 13, "E": 17, "F": 21, "A": 21},
    "mongo": {"F": 21, "E": 17, "W": 13, "I": 9, "D": 5, "D1": 5, "D2": 5, "D3": 5, "D4": 5, "D5": 5},
    "redis": {".": 5, "-": 1, "*": 10, "#": 13},
    "postgres": {"LOG": 9, "PANIC": 21, "FATAL": 21, "ERROR": 17, "WARNING": 13, "NOTICE": 10, "INFO": 9, "STATEMENT": 9},
    "ruby": {"D": 5, "I": 9, "W": 13, "E": 17, "F": 21, "A": 9},
    "mysql": {"Note": 9, "System": 9, "Warning": 13, "ERROR": 17, "Error": 17},
    "uvicorn": {},
    "xorg": {"EE": 17, "WW": 13, "NI": 13, "II": 9, "!!": 10, "--": 9, "**": 9, "==": 9, "++": 9, "??": 0},
    "sssd": {"0x0010": 21, "0x0020": 18, "0x0040": 17, "0x0080": 13, "0x0100": 9, "0x0200": 5, "0x0400": 5, "0x1000": 1, "0x2000": 1},
    "erlang": {"CRASH": 17, "SUPERVISOR": 17, "PROGRESS": 9},
    "macos": {"Default": 9, "Df": 9, "Info": 9, "In": 9, "I": 9, "Activity": 9, "A": 9, "Release": 9, "R": 9, "Debug": 5, "Db": 5, "Error": 17, "E": 17, "Fault": 18, "F": 18},
    "esx": {"Em": 21, "Al": 19, "Cr": 18, "Er": 17, "Wa": 13, "No": 10, "In": 9, "Db": 5},
    "samba": {"0": 17, "1": 13, "2": 10, "3": 10, "4": 9, "5": 9, **{str(level): 5 for level in range(6, 11)}},
    "websphere": {"F": 21, "E": 17, "W": 13, "A": 10, "I": 9, "C": 5, "D": 5, "O": 9, "1": 5, "2": 1, "3": 1, "<": 1, ">": 1},
    "glib": {"Message": 9, "CRITICAL": 17},
    "npm": {"ERR!": 17, "sill": 1, "verb": 5, "http": 5, "timing": 5},
}  # fmt: skip
"""Levels of formats that do not use words, or use words differently."""


def head_class(text: str) -> str:
    """Class of a text's first character: year Y, other digit 0, upper case A, lower case a, else the character."""
    first = text[:1]
    if text[4:5] in ("-", "/") and text[:4].isdecimal():
        return "Y"
    return "0" if first.isdecimal() else "A" if first.isupper() else "a" if first.islower() else first


def row(
    name: str,
    regex: str,
    sample: str,
    *,
    tail: str = "",
    levels: str = "",
    whole: bool = False,
    order: str = "",
    heads: str = "",
) -> Pattern:
    """A row of the tables; the classes of first characters are those of the sample unless it says others."""
    return Pattern(name, regex, sample, tail, levels, whole, order, heads or head_class(sample))
