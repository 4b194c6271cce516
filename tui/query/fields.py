"""Field names to the values of a record: the exact dotted name first, then any case, then the end of a longer name.

`status` finds `status`, else `Status` or `@status`, else `http.response.status`; numbers of list items do not count, so
`errors.code` finds `errors.0.code`. A field that is null counts as missing. Well-known names (level, service, message,
ids ...) are attributes of the record; what they mean is in predicate.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from tui.lazy import Lazy
from tui.record import Record

Item = tuple[str, object]
"""The dotted name of a field and its value."""

Lookup = Callable[[Record], Sequence[Item]]
"""The fields of a record that a name means; empty when it lacks them."""

_MAX_KNOWN: Final = 1024
_ITEM_NUMBERS: Final = Lazy(r"\[\d*\]|(?<=\.)\d+(?:\.|$)")

ATTRIBUTES: Final[Mapping[str, str]] = {
    "level": "level", "lvl": "level", "severity": "level", "log.level": "level", "loglevel": "level",
    "severity_text": "level", "severitytext": "level", "levelname": "level",
    "service": "service", "service.name": "service", "source": "source", "logger": "logger", "logger_name": "logger",
    "message": "message", "msg": "message", "raw": "raw", "time": "time", "timestamp": "time", "ts": "time",
    "duration": "duration", "id": "id", "error": "error", "exception": "error", "error.type": "error.type",
    "error.kind": "error.type", "exception.type": "error.type", "error.message": "error.message",
    "exception.message": "error.message", "error.stack": "error.stack", "error.stack_trace": "error.stack",
    "exception.stacktrace": "error.stack", "stack": "error.stack", "stack_trace": "error.stack",
    "trace": "trace", "span": "span", "request": "request", "correlation": "correlation", "job": "job",
    "line": "line", "offset": "offset", "format": "format",
}  # fmt: skip
"""Well-known names in lower case and the attribute they stand for."""


def attribute_of(name: str) -> str | None:
    return ATTRIBUTES.get(name.lower())


def plain_name(name: str) -> str:
    """A name without what may differ: case, a leading `@`, `.` or `_`, numbers of list items."""
    return _ITEM_NUMBERS.sub("", name.lower().lstrip("@._")).rstrip(".")


def lookup(name: str) -> Lookup:
    """The fields of a record that a name means, without its attributes; with wildcards in the name, all that fit."""
    rank_of = _rank_by_pattern(name) if "*" in name or "?" in name else _rank_by_name(name)
    known: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {}

    def find(record: Record) -> Sequence[Item]:
        fields = record.fields
        value = fields.get(name)
        if value is not None:
            return ((name, value),)
        keys = tuple(fields)
        ranked = known.get(keys)
        if ranked is None:
            if len(known) >= _MAX_KNOWN:
                known.clear()
            ranked = known[keys] = _ranked(keys, rank_of)
        for alike in ranked:
            if found := [(key, value) for key in alike if (value := fields[key]) is not None]:
                return found
        return ()

    return find


def _ranked(keys: Iterable[str], rank_of: Callable[[str], int]) -> tuple[tuple[str, ...], ...]:
    """Those of the keys of a record that a name means, in groups, the most exact first: all records of a kind have the
    same keys."""
    groups: dict[int, list[str]] = {}
    for key in keys:
        if rank := rank_of(key):
            groups.setdefault(rank, []).append(key)
    return tuple(tuple(groups[rank]) for rank in sorted(groups, reverse=True))


def null_lookup(name: str) -> Lookup:
    """The fields that a name means and that are null."""
    rank_of = _rank_by_name(name)
    return lambda record: [(key, None) for key, value in record.fields.items() if value is None and rank_of(key)]


def attribute(key: str, get: Callable[[Record], object], otherwise: Lookup | None = None) -> Lookup:
    """An attribute of the record as a field; where it is None, what `otherwise` finds."""

    def find(record: Record) -> Sequence[Item]:
        value = get(record)
        if value is not None:
            return ((key, value),)
        return otherwise(record) if otherwise is not None else ()

    return find


def together(lookups: Iterable[Lookup]) -> Lookup:
    """What any of several lookups finds."""
    parts = tuple(lookups)
    return lambda record: [item for part in parts for item in part(record)]


def _rank_by_name(name: str) -> Callable[[str], int]:
    wanted = plain_name(name)
    end = "." + wanted

    def rank_of(key: str) -> int:
        if key == name or key == "@" + name:
            return 4
        plain = plain_name(key)
        if plain == wanted:
            return 3 if key.lower() == name.lower() else 2
        return int(plain.endswith(end))

    return rank_of


def _rank_by_pattern(name: str) -> Callable[[str], int]:
    parts = [re.escape(part) for part in re.split(r"([*?])", name.lower())]
    pattern = "".join({r"\*": r"(?:.*)", r"\?": "."}.get(part, part) for part in parts)
    simple = re.sub(r"(?:\(\?:\.\*\)){2,}", "(?:.*)", pattern)
    # a few wildcards in a short name: backtracking stays small
    compiled = re.compile(simple) if simple.count("(?:.*)") <= 4 else None
    return lambda key: int(compiled is not None and len(key) < 300 and compiled.fullmatch(key.lower()) is not None)
