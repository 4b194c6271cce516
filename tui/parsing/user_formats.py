"""What users add to the tables in their configuration: formats of text and of objects, names, level words, links.

Owns how that is written (`[[format]]`, `[vocabulary]`, `[links]`) and putting it before the tables, for the whole
process and before anything is read. Whether a format's sample lines are read as they should is told by `user_samples`.
Loaded only by those who have any of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tui.parsing import families, id_keys, patterns, plans, vocabulary
from tui.parsing.families import Family
from tui.parsing.pattern import LETTERS, Pattern
from tui.record import LEVELS, Severity
from tui.typed import Any, Final

ROLES: Final = ("time", "level", "message", "service", "logger", "duration")
"""What a field may mean, beside ids."""
KINDS: Final = ("trace", "span", "request", "correlation", "job")
_FORMAT_KEYS: Final = frozenset(("name", "pattern", "fields", "levels", "sample"))


class FormatError(ValueError):
    """Something in these tables that cannot be used; the text says what, where and what would do."""


def install(tables: Mapping[str, Any]) -> None:
    """Put what the tables say before what is built in, instead of what was put there before. Raises FormatError."""
    rows: list[Pattern] = []
    maps: list[Family] = []
    formats = _list(tables.get("format", []), "[[format]]")
    for at, one in enumerate(formats, 1):
        name = _text(one.get("name"), f"format {at}: name")
        _known(one, _FORMAT_KEYS, f"format {name!r}")
        levels = _levels(one.get("levels", {}), f"format {name!r}: levels")
        if ("pattern" in one) == ("fields" in one):
            raise FormatError(f"format {name!r}: it takes either a pattern, for text, or fields, for objects")
        if "pattern" in one:
            rows.append(_row(name, _text(one["pattern"], f"format {name!r}: pattern"), levels))
        else:
            maps.append(_map(name, one["fields"], levels))
    _vocabulary(tables.get("vocabulary", {}), tells_levels=bool(formats))
    _links(tables.get("links", {}), tables.get("vocabulary", {}))
    patterns.extend(rows)
    families.extend(maps)
    plans.forget()
    if any("sample" in one for one in formats):
        from tui.parsing.user_samples import check

        for one in formats:
            check(one["name"], _list(one.get("sample", []), f"format {one['name']!r}: sample"))


def _row(name: str, source: str, levels: Mapping[str, int]) -> Pattern:
    row = Pattern(name, source, "", levels=name, own=True)
    try:
        groups = row.regex.groupindex
    except Exception as error:  # RE2 has an exception of its own
        raise FormatError(f"format {name!r}: pattern: {_said(error)}") from None
    if "message" not in groups and not set(groups) & set(ROLES):
        raise FormatError(f"format {name!r}: pattern: no group is named {', '.join(ROLES[:-1])}")
    LETTERS[name] = dict(levels)
    return row


def _said(error: Exception) -> str:
    said = error.args[0] if error.args else error
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def _map(name: str, fields: object, levels: Mapping[str, int]) -> Family:
    where = f"format {name!r}: fields"
    if not isinstance(fields, Mapping) or not fields:
        raise FormatError(f"{where}: a table such as {{ time = 'when', message = 'txt' }}")
    _known(fields, frozenset((*ROLES, *KINDS)), where)
    named = {role: _text(key, f"{where}: {role}") for role, key in fields.items()}
    roles = tuple((role, key) for role, key in named.items() if role in ROLES)
    ids = tuple((kind, key) for kind, key in named.items() if kind in KINDS)
    return Family(name, frozenset(named.values()), roles=roles, ids=ids, levels=dict(levels))


def _vocabulary(table: object, *, tells_levels: bool) -> None:
    if not isinstance(table, Mapping):
        raise FormatError("[vocabulary]: it is a table")
    _known(table, frozenset((*ROLES, *KINDS, "levels")), "[vocabulary]")
    names = {role: _names(table.get(role, []), f"[vocabulary] {role}") for role in ROLES if role in table}
    words = _levels(table.get("levels", {}), "[vocabulary] levels")
    vocabulary.extend(names, words, tells_levels=tells_levels or bool(words) or "level" in names)


def _links(table: object, named: Mapping[str, Any]) -> None:
    if not isinstance(table, Mapping):
        raise FormatError("[links]: it is a table")
    _known(table, frozenset(("join", "ignore")), "[links]")
    kinds = {kind: _names(named.get(kind, []), f"[vocabulary] {kind}") for kind in KINDS}
    kinds["correlation"] += _names(table.get("join", []), "[links] join")
    id_keys.extend(kinds, _names(table.get("ignore", []), "[links] ignore"))


# -- what is written -------------------------------------------------------------------------------------------------


def _list(value: object, where: str) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise FormatError(f"{where}: it is a list of tables, {where.split()[-1]} in double brackets")
    return value


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not value:
        raise FormatError(f"{where}: it is a text")
    return value


def _names(value: object, where: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise FormatError(f"{where}: it is a list of names of fields")
    return list(value)


def _levels(value: object, where: str) -> dict[str, int]:
    if not isinstance(value, Mapping) or not all(level in LEVELS for level in value.values()):
        raise FormatError(f"{where}: a table of texts, each with one of {', '.join(LEVELS)}")
    return {text: Severity[str(level).upper()].value for text, level in value.items()}


def _known(table: Iterable[str], known: frozenset[str], where: str) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise FormatError(f"{where}: there is no {unknown[0]!r}; known are {', '.join(sorted(known))}")
