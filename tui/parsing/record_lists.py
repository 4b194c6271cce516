"""Lists of records: what exports hold that are one array, or one object around it (`{"Records": […]}`).

Owns telling such a list from a record that merely has a list among its fields. What the records mean is left to the
parser. Documents of tracers are none: `documents`.
"""

from __future__ import annotations

from collections.abc import Mapping

from tui.lazy import Lazy
from tui.parsing.vocabulary import roles_of
from tui.typed import Any, Final

Json = Mapping[str, Any]

NAMES: Final = ("Records", "records", "logEvents", "events", "entries", "hits", "logs", "messages", "value", "items")
"""What the list is called in an object around it."""
_TELLING: Final = frozenset(("time", "message"))
_MOST_PROBED: Final = 8
_HEAD: Final = Lazy(
    rb"\[\s*\{\s*(?:\n|\r)|\[\s*\n\s*\{|\{\s*(?:\"[\w@.-]{1,40}\"\s*:\s*(?:\"[^\"\n]{0,200}\"|[\w.-]{1,40})\s*,\s*){0,6}"
    rb"\"(?:" + "|".join(NAMES).encode() + rb")\"\s*:\s*(?:\{|\[\s*\{)"
)


def may_begin(head: bytes) -> bool:
    """Whether what begins like this may be such a list, laid out over lines."""
    return _HEAD.match(head.lstrip(b"\xef\xbb\xbf \t\r\n")) is not None


def records_of(value: object) -> list[Json]:
    """The records of a list; none when it is no list of them."""
    if isinstance(value, dict):
        if any(role in ("time", "message", "level") for key in value for role, _ in roles_of(key) if key not in NAMES):
            return []
        lists = [one for name in NAMES if isinstance(one := _inside(value.get(name)), list)]
        value = lists[0] if len(lists) == 1 else None
    if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
        return []
    found = [_source(one) for one in value]
    telling = sum(any(role in _TELLING for key in one for role, _ in roles_of(key)) for one in found[:_MOST_PROBED])
    return found if 2 * telling > min(len(found), _MOST_PROBED) else []


def _inside(value: object) -> object:
    """Elasticsearch keeps its hits in hits."""
    return value.get("hits") if isinstance(value, dict) else value


def _source(one: Json) -> Json:
    inner = one.get("_source")
    return inner if isinstance(inner, dict) else one
