"""JSON and Python dicts in text -> flat dotted fields.

Owns finding an object in a line (whole, or behind a prefix) and flattening it. What the fields mean is left to
`structured`. Whatever is no valid object comes back as None, so that the caller takes it for text.
"""

from __future__ import annotations

from collections.abc import Mapping

from tui.json_text import loads
from tui.lazy import Lazy
from tui.parsing.literals import read_dict
from tui.typed import Final

MAX_FIELDS: Final = 1000
MAX_DEPTH: Final = 24
_MAX_ITEMS: Final = 64
_OBJECT: Final = Lazy(r"""\{\s{0,8}["'}]""")
_STRING: Final = r'"(?:[^"\\]|\\.)*"'
_PIECE: Final = Lazy(rf"({_STRING})\s{{0,4}}:\s{{0,4}}({_STRING}|-?[\d.eE+-]{{1,40}}|true|false|null)")
_TRIES: Final = 4
_OTLP_VALUES: Final = frozenset(
    {"stringValue", "intValue", "doubleValue", "boolValue", "bytesValue", "arrayValue", "kvlistValue"}
)
Fields = dict[str, object]


def load(data: bytes | str) -> Mapping[str, object] | None:
    """The JSON object that the whole text is, or None."""
    try:
        value = loads(data)
    except (ValueError, RecursionError):
        return None
    return value if type(value) is dict else None


def find_object(text: str) -> tuple[str, Mapping[str, object], str] | None:
    """(text before, object, text after) of the first JSON object or Python dict that ends the text or stands in it."""
    position = 0
    for _ in range(_TRIES):
        match = _OBJECT.search(text, position)
        if match is None:
            return None
        start = match.start()
        found = _object_at(text, start)
        if found is not None:
            value, end = found
            return text[:start], value, text[end:]
        position = start + 1
    return None


def _object_at(text: str, start: int) -> tuple[Mapping[str, object], int] | None:
    end = text.rfind("}") + 1
    if end <= start:
        return None
    value = load(text[start:end])
    if value is not None:
        return value, end
    literal = read_dict(text[start:]) if text.find("'", start, start + 12) >= 0 else None
    return None if literal is None else (literal[0], start + literal[1])


def read_pieces(text: str) -> Fields:
    """The scalar members that can be made out in a broken object, whatever their depth; the first of equal names."""
    fields: Fields = {}
    for match in _PIECE.finditer(text, 0, 1 << 16):
        key, value = _unquoted(match[1]), match[2]
        if key is not None and key not in fields:
            fields[key] = _unquoted(value) if value[0] == '"' else _scalar(value)
        if len(fields) >= 100:
            break
    return fields


def _unquoted(text: str) -> str | None:
    try:
        value = loads(text)
    except ValueError:
        return None
    return value if isinstance(value, str) else None


def _scalar(text: str) -> object:
    try:
        return loads(text)
    except ValueError:
        return text


def flatten(value: Mapping[str, object]) -> Fields:
    """Nested -> flat: dotted names, scalars only; lists of scalars become JSON text, stacks of lines become text."""
    for one in value.values():
        kind = type(one)
        if kind is dict or kind is list:
            break
    else:
        return dict(value)
    flat: Fields = {}
    _into(flat, "", value, 0)
    return flat


def _into(flat: Fields, prefix: str, value: Mapping[str, object], depth: int) -> None:
    for key, one in value.items():
        name = f"{prefix}{key}"
        if len(flat) >= MAX_FIELDS:
            return
        if isinstance(one, dict):
            _nested(flat, name, one, depth)
        elif isinstance(one, list):
            _listed(flat, name, one, depth)
        elif name not in flat:
            flat[name] = one


def _nested(flat: Fields, name: str, one: dict[str, object], depth: int) -> None:
    if len(one) == 1:
        ((key, inner),) = one.items()
        if key in _OTLP_VALUES:
            _otlp(flat, name, inner, depth)
            return
    elif len(one) == 2 and "value" in one and "type" in one and not isinstance(one["value"], dict | list):
        flat.setdefault(name, one["value"])
        return
    if not one or depth >= MAX_DEPTH:
        flat.setdefault(name, _json(one))
    else:
        _into(flat, name + ".", one, depth + 1)


def _otlp(flat: Fields, name: str, inner: object, depth: int) -> None:
    if isinstance(inner, dict):
        inner = inner.get("values", inner)
    if isinstance(inner, list):
        _listed(flat, name, inner, depth)
    elif isinstance(inner, dict):
        flat.setdefault(name, _json(inner))
    else:
        flat.setdefault(name, inner)


def _listed(flat: Fields, name: str, items: list[object], depth: int) -> None:
    if not items or depth >= MAX_DEPTH:
        flat.setdefault(name, _json(items))
        return
    first = items[0]
    if isinstance(first, dict):
        pairs = all(isinstance(item, dict) and "key" in item and "value" in item for item in items)
        for at, item in enumerate(items[:_MAX_ITEMS]):
            if not isinstance(item, dict):
                flat.setdefault(f"{name}.{at}", _json(item))
            elif pairs:
                _into(flat, name + ".", {str(item["key"]): item["value"]}, depth + 1)
            else:
                _into(flat, f"{name}.{at}.", item, depth + 1)
        if len(items) > _MAX_ITEMS:
            flat.setdefault(f"{name}.more", len(items) - _MAX_ITEMS)
    elif isinstance(first, str) and _holds_lines(name) and all(isinstance(item, str) for item in items):
        flat.setdefault(name, "\n".join(map(str, items)))
    else:
        flat.setdefault(name, _json(items))


def _holds_lines(name: str) -> bool:
    lower = name.lower()
    return "stack" in lower or "trace" in lower or "exc" in lower or lower in ("message", "msg")


def _json(value: object) -> str:
    try:
        import orjson

        return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode("utf-8", "replace")
    except (TypeError, ValueError, RecursionError):
        return "…"
