"""Well-known names to the attributes of a record, and to fields where the record has no such attribute."""

from __future__ import annotations

from collections.abc import Sequence

from tui.query import fields as names
from tui.query.fields import Lookup
from tui.query.identity import id_lookup
from tui.record import Record


def field_lookup(name: str) -> Lookup:
    """Everything of a record that a name means: an attribute, else fields."""
    kind = names.attribute_of(name)
    find = names.lookup(name)
    match kind:
        case None:
            return id_lookup(name, None, find)
        case "id" | "trace" | "span" | "request" | "correlation" | "job":
            return id_lookup(name, kind, find)
        case "level":
            return _level_lookup(find)
        case "source" | "line" | "offset" | "format":
            own = names.attribute(kind, lambda record: getattr(record, kind))
            return names.together((own, find))
        case "error":
            parts = [field_lookup(f"error.{part}") for part in ("type", "message", "stack")]
            return names.together((*parts, find))
        case "error.type" | "error.message" | "error.stack":
            part = kind.removeprefix("error.")
            return names.attribute(kind, lambda record: getattr(record.error, part, None), find)
        case "time" | "duration":
            return names.attribute(f"{kind}_ns", lambda record: getattr(record, f"{kind}_ns"), find)
    return names.attribute(kind, lambda record: getattr(record, kind), find)


def _level_lookup(find: Lookup) -> Lookup:
    def found(record: Record) -> Sequence[tuple[str, object]]:
        word = record.level
        return (("level", word), *find(record)) if word is not None else find(record)

    return found
