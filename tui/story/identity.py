"""When two ids mean the same, and which ids a text typed by a user may stand for.

Canonical values come from parsing. What ids link which records is decided in `links`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from tui.lazy import Lazy
from tui.parsing.ids import canonical_value, ids_in_text, read_ids
from tui.record import Id, Record

Node = tuple[str, str]
"""(scope, value): what ids are compared by. The scope is "" for those that mean the same under any field name."""

Place = tuple[str, str, int | None]
"""Source, service and time of a record."""

KINDS: Final = ("trace", "request", "correlation", "job")
SHORT: Final = "short"
"""Scope of ids such as `req-7`, which mean something only in one service and for a while."""
SPAN: Final = "span"
TYPED: Final = "typed"
"""Scope of a text that was asked for and need not be an id."""
SHORT_WINDOW_NS: Final = 120_000_000_000
"""How far from the request's other lines a short id such as `req-7` still means the same."""
SHORT_CHARS: Final = 8
MENTIONED_CHARS: Final = 16
"""From this length on an id means the request wherever it stands in a line."""
_LOOKED_AT: Final = 1 << 16
_SMALL_DIGITS: Final = 9
_FREE_DIGITS: Final = 16
_KEYED: Final = Lazy(r"([A-Za-z@][\w.@-]{1,60})\s*[:=]\s*(\S.*)")
_HEX: Final = Lazy(r"[0-9a-f]+")


@lru_cache(maxsize=65536)
def node_of(kind: str, value: str) -> Node:
    """What an id of this kind and canonical value is compared by."""
    if kind in (SPAN, TYPED):
        return kind, value
    if len(value) < SHORT_CHARS or (value.isdecimal() and len(value) <= _SMALL_DIGITS):
        return SHORT, f"{kind}:{value}"
    if value.isdecimal() and len(value) < _FREE_DIGITS:
        return kind, value
    if kind in ("trace", "any") and len(value) == 32 and value.startswith("0" * 16) and _HEX.fullmatch(value):
        return "", value[16:]
    return "", value


@lru_cache(maxsize=65536)
def low_half(node: Node) -> str | None:
    """The low 64 bits of what may be a trace id."""
    value = node[1]
    return value[-16:] if node[0] == "" and len(value) in (16, 32) and _HEX.fullmatch(value) else None


def nodes_of_seed(one: Id) -> tuple[Node, ...]:
    """Everything that matches what was asked for; an id of kind `any` may turn up as every kind."""
    if one.kind != "any":
        return (node_of(one.kind, one.value),)
    nodes = {node_of(kind, one.value) for kind in KINDS}
    if len(one.value) >= SHORT_CHARS:
        nodes |= {(SPAN, one.value), (TYPED, one.value)}
    return tuple(sorted(nodes))


def read_seed(text: str) -> tuple[Id, ...]:
    """The ids that a text typed by the user may stand for, of kind `any` where the text does not tell the kind."""
    text = text.strip().strip("\"'")
    keyed = _KEYED.fullmatch(text)
    found = read_ids(keyed[1], keyed[2].strip("\"'")) if keyed is not None else ()
    if found:
        return tuple(Id("span" if kind == "parent" else kind, value) for kind, value in found)
    for header in ("traceparent", "x-amzn-trace-id"):
        found = read_ids(header, text)
        if found:
            return (Id("trace", found[0][1]),)
    return tuple(Id("any", value) for value in dict.fromkeys(_readings(text)) if value)


def _readings(text: str) -> list[str | None]:
    values = [canonical_value(text)]
    if text.isdecimal() and text.isascii() and len(text) >= SHORT_CHARS:
        values.append(canonical_value(text, "datadog"))
    elif _HEX.fullmatch(text.lower()) and SHORT_CHARS <= len(text) < 32 and len(text) != 16:
        values.append(canonical_value(text, "padded"))
    elif " " in text:
        values += [one.value for one in ids_in_text(text)]
    return [*values, text[:200]]


def stands_in(text: str, record: Record) -> bool:
    """Whether the text stands in the record as a word of its own, in any case."""
    return _is_word_of(text.lower(), record.raw.lower())


def forms_in_text(node: Node) -> tuple[str, ...]:
    """Lower-case spellings of a long id that are unmistakable wherever they stand."""
    value = node[1].lower()
    if len(value) == 32 and _HEX.fullmatch(value):
        return value, f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"
    return (value,)


def mentioned_in(record: Record, forms: Mapping[Node, tuple[str, ...]]) -> tuple[Node, ...]:
    """The nodes of which a spelling stands in the text of the record."""
    raw = record.raw[:_LOOKED_AT].lower()
    return tuple(node for node, texts in forms.items() if any(text in raw and _is_word_of(text, raw) for text in texts))


def _is_word_of(text: str, raw: str) -> bool:
    at = raw.find(text)
    while at >= 0:
        before, after = raw[at - 1 : at] if at else "", raw[at + len(text) : at + len(text) + 1]
        if not (before.isalnum() or after.isalnum()):
            return True
        at = raw.find(text, at + 1)
    return False


def preference(one: Id) -> tuple[int, str]:
    """Sort key of ids, the most telling kind first."""
    order = {"trace": 0, "request": 1, "correlation": 2, "job": 3}
    return order.get(one.kind, 4), one.value


def asked_as(node: Node, one: Id) -> Id:
    """As what to look for a node: an id of unknown kind may be a trace in any of its notations."""
    return Id("trace", node[1]) if one.kind == "any" and node[0] == "" else Id(one.kind, one.value)


def is_telling(value: str) -> bool:
    """Whether a short id is worth looking for: `req-7` is, `7` would find every line."""
    return len(value) >= (6 if value.isdecimal() else 4)


def place_of(record: Record) -> Place:
    """Where and when a record was written."""
    return record.source, record.service or "", record.time_ns


def are_close(one: Place, other: Place) -> bool:
    """Whether a short id means the same in both: one source, one service, little time between."""
    if one[:2] != other[:2]:
        return False
    return one[2] is None or other[2] is None or abs(one[2] - other[2]) <= SHORT_WINDOW_NS
