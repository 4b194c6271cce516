"""What the object on a line tells of its record by itself, without the record being made.

Most queries ask for a field or two. These are known as soon as a line of JSON is loaded, and what a record is made of
besides takes many times as long. Whatever is not certain is left to the parser.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from tui.json_text import loads
from tui.parsing import documents
from tui.parsing.documents import MAY_HOLD
from tui.parsing.json_lines import flatten
from tui.parsing.plans import Plan, plan_for
from tui.parsing.structured import PLAIN_LEVELS, SPECIAL, duration_told, first_text
from tui.parsing.timestamps import iso_utc_ns

DOCKER: Final = b'{"log":"'
UNCERTAIN: Final = object()
Fields = Mapping[str, object]
Telling = Callable[[Fields], object]
"""What the record's fields say about one of its attributes, or UNCERTAIN."""


class _Shape(NamedTuple):
    """What is known of all objects with the same keys."""

    may_be_document: bool
    level: str | None
    message: tuple[str, ...]


_shapes: dict[tuple[str, ...], _Shape] = {}
_MOST_SHAPES: Final = 2048


def read(line: bytes, loads: Callable[[bytes], object] = loads) -> tuple[dict[str, object], int] | None:
    """All fields of the record that a line is, and its severity; None where these are not certain."""
    if line[:1] != b"{" or line.startswith(DOCKER):
        return None
    try:
        value = loads(line)
    except (ValueError, RecursionError):
        return None
    if type(value) is not dict:
        return None
    shape = _shapes.get(tuple(value)) or _shape_of(tuple(value))
    if shape.may_be_document and documents.format_of(value) is not None:
        return None
    if line.count(b"{") > 1 or b"[" in line:
        value = flatten(value)
        shape = _shape_of(tuple(value))
    word = value[shape.level] if shape.level else None
    severity = PLAIN_LEVELS.get(word, 0) if type(word) is str else 0
    for key in shape.message if severity else ():
        text = value[key]
        if type(text) is str:
            # an object inside the message knows better
            return None if text.lstrip()[:1] == "{" else (value, severity)
    return None


def _shape_of(keys: tuple[str, ...]) -> _Shape:
    shape = _shapes.get(keys)
    if shape is None:
        plan = plan_for(dict.fromkeys(keys))
        shape = _Shape(not MAY_HOLD.isdisjoint(keys), plan.level[0] if plan.level else None, plan.message)
        if len(_shapes) >= _MOST_SHAPES:
            _shapes.clear()
        _shapes[keys] = shape
    return shape


def _service(fields: Fields) -> object:
    return first_text(fields, plan_for(fields).service) or UNCERTAIN


def _message(fields: Fields) -> object:
    plan = plan_for(fields)
    text = next((value for key in plan.message if (value := fields[key]) is not None), None)
    if type(text) is not str or "\n" in text or "\x1b" in text or _is_special(plan):
        return UNCERTAIN
    return text


def _duration_ns(fields: Fields) -> object:
    plan = plan_for(fields)
    return UNCERTAIN if _is_special(plan) else duration_told(plan, fields)


def _time_ns(fields: Fields) -> object:
    plan = plan_for(fields)
    first = fields[plan.time[0]] if plan.time else None
    time_ns = iso_utc_ns(first) if type(first) is str else None
    return UNCERTAIN if time_ns is None else time_ns


def _is_special(plan: Plan) -> bool:
    return plan.family is not None and plan.family.name in SPECIAL


TOLD: Final[Mapping[str, Telling]] = {
    "service": _service, "message": _message, "duration_ns": _duration_ns, "time_ns": _time_ns,
}  # fmt: skip
"""What is certain of a record's attributes where `read` is; of its time only while the clock behind it is taken as right."""
