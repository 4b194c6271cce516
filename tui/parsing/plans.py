"""Which fields of a record tell what: the roles of its keys, worked out once for each set of keys and remembered.

What the values of these fields mean is left to `structured`.
"""

from __future__ import annotations

from collections.abc import Mapping

from tui.parsing.families import Family, family_of
from tui.parsing.id_keys import IdKey, id_key
from tui.parsing.ids import KIND_ORDER
from tui.parsing.problems import NESTED_STEMS, stems_of
from tui.parsing.vocabulary import duration_unit_of, may_mean, roles_of
from tui.typed import Final, NamedTuple

Fields = Mapping[str, object]


class Plan(NamedTuple):
    """Which keys of one shape of record to look at, per role, the preferred first."""

    family: Family | None
    time: tuple[str, ...]
    level: tuple[str, ...]
    message: tuple[str, ...]
    service: tuple[str, ...]
    logger: tuple[str, ...]
    duration: tuple[tuple[str, int], ...]
    ids: tuple[tuple[str, IdKey], ...]
    errors: tuple[tuple[str, str], ...]
    """(role, key) of error type, message, stack and text."""
    status: tuple[str, ...]
    method: tuple[str, ...]
    path: tuple[str, ...]
    doubtful: tuple[tuple[str, ...], tuple[str, ...]]
    """Fields that may tell the time, and the level, where those above do not."""
    nested_error: bool
    """Some field lies below `exception`, `error` or `err`."""
    told: tuple[str, ...]
    """Beginnings of keys below which an error is told in parts: its frames, its causes."""


_plans: dict[tuple[str, ...], Plan] = {}
_MAX_PLANS: Final = 2048
_ERROR_ROLES: Final = ("error_type", "error_message", "error_stack", "error_text")


def plan_for(fields: Fields) -> Plan:
    """The plan for records with exactly these keys."""
    keys = tuple(fields)
    plan = _plans.get(keys)
    if plan is None:
        plan = _make_plan(keys)
        if len(_plans) >= _MAX_PLANS:
            _plans.clear()
        _plans[keys] = plan
    return plan


def _make_plan(keys: tuple[str, ...]) -> Plan:
    ranked: dict[str, list[tuple[int, str]]] = {}
    ids: list[tuple[int, str, IdKey]] = []
    durations: list[tuple[int, str, int]] = []
    for key in keys[:1000]:
        for role, rank in roles_of(key):
            ranked.setdefault(role, []).append((rank, key))
        entry = id_key(key)
        if entry is not None:
            ids.append((KIND_ORDER[entry.kind] * 100 + entry.rank + key.count("."), key, entry))
        unit = duration_unit_of(key)
        if unit is not None:
            durations.append((unit[0], key, unit[1]))
    family = family_of(frozenset(keys))
    if family is not None and family.roles:
        for role, key in family.roles:
            ranked.setdefault(role, []).append((_OWN_RANK, key))
        durations += [(_OWN_RANK, key, 0) for role, key in family.roles if role == "duration"]
    if family is not None and family.ids:
        ids += [(KIND_ORDER[kind] * 100 + _OWN_RANK, key, IdKey(kind, "plain", 0)) for kind, key in family.ids]
    named = {role: tuple(key for _, key in sorted(found)) for role, found in ranked.items()}
    errors = tuple((role, key) for role in _ERROR_ROLES for key in named.get(role, ()))
    return Plan(
        family, named.get("time", ()), named.get("level", ()), named.get("message", ()),
        named.get("service", ()), named.get("logger", ()),
        tuple((key, unit) for _, key, unit in sorted(durations)),
        tuple((key, entry) for _, key, entry in sorted(ids)),
        errors, named.get("status", ()), named.get("method", ()), named.get("path", ()),
        (_doubtful("time", keys), _doubtful("level", keys)),
        any(key.startswith(NESTED_STEMS) for key in keys), stems_of(keys),
    )  # fmt: skip


_OWN_RANK: Final = -10_000
"""Of what a user says a field means: before all that its name may mean."""


def forget() -> None:
    """What the keys of records mean is to be looked up anew."""
    _plans.clear()


def _doubtful(role: str, keys: tuple[str, ...]) -> tuple[str, ...]:
    found = [key for key in keys[:200] if may_mean(role, key)]
    return tuple(sorted(found, key=lambda key: key.count("."))[:8])
