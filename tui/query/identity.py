"""Identifiers in queries: `id:`, `trace:` and their kin find an id in whatever spelling it was typed or logged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tui.parsing.ids import canonical, canonical_value, kind_of_key
from tui.query.fields import Item, Lookup
from tui.query.matching import Test, equals, text_of
from tui.query.tree import Operand
from tui.record import Record
from tui.values import replace

_MAX_KNOWN: Final = 4096
_ENDS: Final = ("id", "uuid", "guid")
_HEX: Final = frozenset("0123456789abcdef")
_HALF: Final = 16


def id_lookup(name: str, kind: str | None, fields: Lookup) -> Lookup:
    """The identifiers that a name means: of one kind, of every kind for `id`; and the fields of that name."""
    if kind == "id":
        return _any_id
    kind = kind or kind_of_key(name)
    if kind is None:
        return fields
    if kind == "parent":
        return lambda record: (("parent", record.parent_span_id),) if record.parent_span_id else fields(record)

    def find(record: Record) -> Sequence[Item]:
        own = [(one.kind, one.value) for one in record.ids if one.kind == kind]
        if kind in ("trace", "span") and not own and (value := getattr(record, f"{kind}_id")):
            own.append((kind, value))
        return [*own, *fields(record)]

    return find


_named_like_ids: dict[str, bool] = {}


def _any_id(record: Record) -> Sequence[Item]:
    found: list[Item] = [(one.kind, one.value) for one in record.ids]
    for kind in ("trace_id", "span_id", "parent_span_id"):
        if value := getattr(record, kind):
            found.append((kind, value))
    for key, value in record.fields.items():
        like = _named_like_ids.get(key)
        if like is None:
            if len(_named_like_ids) >= _MAX_KNOWN:
                _named_like_ids.clear()
            like = _named_like_ids[key] = key.lower().endswith(_ENDS)
        if like and value is not None:
            found.append((key, value))
    return found


def same_id(operand: Operand, name: str) -> Test:
    """Whether a value is the typed id: dashes, case, `0x`, decimal and 64-bit spellings do not count."""
    if operand.wild:
        return _begins_like(operand)
    wanted = canonical_spellings(operand.text, name)
    long = {one[_HALF:]: one for one in wanted if len(one) == 2 * _HALF and _HEX.issuperset(one)}
    short = {one for one in wanted if len(one) == _HALF and _HEX.issuperset(one)}

    def test(_key: str, value: object) -> bool:
        text = text_of(value).lower()
        if text in wanted:
            return True
        if len(text) == _HALF:
            return text in long
        if len(text) == 2 * _HALF:
            return text[_HALF:] in short
        return len(text) > _HALF and canonical_value(text) in wanted

    return test


def canonical_spellings(text: str, name: str) -> frozenset[str]:
    """The canonical values, in lower case, that a typed id may stand for."""
    found = {text.lower()}
    for key in (name, "trace_id"):
        one = canonical(key, text)
        if one is not None:
            found.add(one.value.lower())
    if text.isdecimal() and len(text) >= 10 and (decimal := canonical_value(text, "datadog")):
        found.add(decimal)
    plain = canonical_value(text)
    if plain is not None:
        found.add(plain.lower())
    return frozenset(one.removeprefix("0" * _HALF) if len(one) == 2 * _HALF else one for one in found) | found


def _begins_like(operand: Operand) -> Test:
    """An id against a value with wildcards; with and without the dashes of a UUID."""
    lower = replace(operand, text=operand.text.lower())
    dashes = [at for at, char in enumerate(lower.text) if char == "-"]
    as_typed = equals(lower)
    if not dashes:
        return lambda key, value: as_typed(key, value) or as_typed(key, text_of(value).lower().replace("-", ""))
    wild = tuple(at - sum(dash < at for dash in dashes) for at in operand.wild)
    dashless = equals(replace(lower, text=lower.text.replace("-", ""), wild=wild))
    return lambda key, value: as_typed(key, value) or dashless(key, text_of(value).lower().replace("-", ""))
