"""Errors that loggers write as objects: names, frames and causes in fields -> a chain of parts.

Many loggers, one shape: an object (or a list of them) with a type, a message, perhaps a list of frames, and what it came
out of below a key of its own. Lists begin with the error that was caught; Sentry's `values` end with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from tui.lazy import Lazy
from tui.parsing.faults.parts import MAX_DEPTH, Part, frame
from tui.parsing.faults.reading import read_stack
from tui.parsing.vocabulary import normal_key
from tui.record import Frame

Tree = dict[str, object]

_TYPE: Final = ("exctype", "type", "exceptiontype", "typename", "classname", "class", "name", "kind")
_MESSAGE: Final = ("excvalue", "message", "msg", "value", "outermessage")
_FRAMES: Final = (
    "frames",
    "stacktrace",
    "steparray",
    "extendedstacktrace",
    "parsedstack",
    "stack",
    "trace",
    "backtrace",
    "stackframes",
)
_TEXT: Final = ("stack", "stacktrace", "stacktracestring", "trace", "backtrace")
_CAUSES: Final = {
    "cause": "cause", "causedby": "cause", "innerexception": "cause", "previous": "cause", "inner": "cause",
    "exceptions": "member", "aggregateerrors": "member", "errors": "member", "innerexceptions": "member", "suppressed": "suppressed",
    "suppressedexceptions": "suppressed",
}  # fmt: skip
_FUNCTION: Final = ("function", "method", "methodname", "func", "name")
_CLASS: Final = ("class", "classname", "declaringclass")
_FILE: Final = ("abspath", "filepath", "filename", "file", "sourcefile")
_LINE: Final = ("lineno", "linenumber", "fileline", "line")
_COLUMN: Final = ("colno", "columnnumber", "filecolumn", "column", "col")
_PLACE: Final = Lazy(r"(\S+):(\d+)")
_ENDINGS: Final = {
    ".py": "python", ".java": "jvm", ".kt": "jvm", ".scala": "jvm", ".groovy": "jvm", ".clj": "jvm", ".go": "go", ".cs": "dotnet",
    ".fs": "dotnet", ".vb": "dotnet", ".rb": "ruby", ".php": "php", ".rs": "rust",
}  # fmt: skip


def read_tree(fields: Mapping[str, object], stem: str) -> Part | None:
    """The error of the object below a stem; None when no error is there."""
    return _error(_grown(fields, stem), 0)


def _grown(fields: Mapping[str, object], stem: str) -> object:
    """Flat keys as the object that they were."""
    tree: Tree = {}
    for key, value in fields.items():
        if not key.startswith(stem):
            continue
        *way, last = key[len(stem) :].split(".")
        node: object = tree
        for name in way:
            node = node.setdefault(name, {}) if isinstance(node, dict) else None
        if isinstance(node, dict):
            node.setdefault(last, value)
    return tree


def _items(value: object) -> list[object]:
    """The items of a list, which are numbered keys here."""
    if not isinstance(value, dict) or "0" not in value:
        return []
    return [value[str(at)] for at in range(len(value)) if str(at) in value]


def _pick(tree: Mapping[str, object], names: tuple[str, ...]) -> str:
    told = {normal_key(key): value for key, value in tree.items()}
    return next((str(told[name]) for name in names if isinstance(told.get(name), str | int) and told[name] != ""), "")


def _error(value: object, depth: int) -> Part | None:
    """The error that an object, or a list of them, tells."""
    if not isinstance(value, dict) or depth > MAX_DEPTH:
        return None
    if items := _items(value):
        return _linked(items, depth)
    if items := _items(value.get("values")):
        return _linked(items[::-1], depth)
    if len(value) == 1 and isinstance(inner := next(iter(value.values())), dict):
        return _error(inner, depth + 1)
    part = Part(_pick(value, _TYPE) or None, _pick(value, _MESSAGE) or None)
    part.frames = _frames(value)
    if thrown := _PLACE.fullmatch(_pick(value, ("file",))):
        part.frames.insert(0, frame(_language_of_file(thrown[1]) or "node", "", thrown[1], thrown[2]))
    part.language = _language_of(part.frames)
    for key, below in value.items():
        how = _CAUSES.get(normal_key(key), "")
        found = (_items(below) or [below]) if how else []
        for one in found:
            if (cause := _error(one, depth + 1)) is not None and cause.told:
                cause.under(part, how)
    return part if part.type or part.frames or part.causes else None


def _linked(items: list[object], depth: int) -> Part | None:
    """Errors in a list: each came out of the next."""
    top = last = None
    for item in items:
        part = _error(item, depth + 1)
        if part is None:
            continue
        if last is None:
            top = part
        else:
            context = isinstance(item, dict) and item.get("is_cause") is False
            part.under(last, "context" if context else "cause")
        last = part
    return top


def _frames(tree: Mapping[str, object]) -> list[Frame]:
    """The frames of an error, the place where it was raised first."""
    for key, value in tree.items():
        name = normal_key(key)
        if name in _FRAMES and isinstance(value, dict):
            listed = _items(value) or _items(value.get("frames"))
            found = [one for one in map(_frame, listed) if one is not None]
            # Python's and Sentry's lists begin with the oldest call
            oldest_first = _items(value.get("frames")) or (
                name == "frames" and any(one.file.endswith(".py") for one in found)
            )
            if found:
                return found[::-1] if oldest_first else found
        if name in _TEXT and isinstance(value, str):
            return list(read_stack(value).frames)
    return []


def _frame(value: object) -> Frame | None:
    if not isinstance(value, dict):
        return None
    file, owner = _pick(value, _FILE), _pick(value, _CLASS)
    language = _language_of_file(file) or ("jvm" if owner else "dotnet" if "assembly" in value else "node")
    owner = owner or (_pick(value, ("module",)) if language == "jvm" else "")
    name = _pick(value, _FUNCTION).removeprefix("[undefined]")
    function = f"{owner}.{name}" if owner and name else name or owner
    return frame(language, function, file, _pick(value, _LINE), _pick(value, _COLUMN)) if function or file else None


def _language_of_file(file: str) -> str:
    return _ENDINGS.get("." + file.rpartition(".")[2], "")


def _language_of(frames: Iterable[Frame]) -> str:
    """The language that the files or the names of frames show."""
    for one in frames:
        if language := _language_of_file(one.file):
            return language
        if one.function.startswith(("System.", "Microsoft.")):
            return "dotnet"
        if not one.file and one.function.count(".") > 1:
            return "jvm"
    return ""
