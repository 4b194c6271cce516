"""The error that the fields of a record tell: `err{…}`, `error.type`, `exc_info`, `exception`, `stack`.

Stack traces inside such fields are read by `stacks`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tui.parsing.stacks import find_stack, split_error
from tui.parsing.vocabulary import normal_key
from tui.record import Error
from tui.typed import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tui.parsing.faults.parts import Part

_NO_ERRORS: Final = frozenset(
    {
        "",
        "-",
        "none",
        "null",
        "nil",
        "<nil>",
        "false",
        "0",
        "undefined",
        "no",
        "[]",
        "{}",
        "no error",
        "ok",
        "nonetype: none",
    }
)
# structlog and similar give a list of exceptions; flattened, the first (the one raised last) has index 0.
_NESTED_NAMES: Final = {
    "type": ("exc_type", "type", "name", "class", "kind", "className", "ClassName"),
    "message": ("exc_value", "message", "msg", "value", "Message"),
    "stack": ("stack", "stacktrace", "stack_trace", "trace", "StackTraceString"),
}
NESTED_STEMS: Final = (
    "exception.0.",
    "exception.",
    "error.",
    "err.",
    "exc_info.0.",
    "record.exception.",
)

_TOLD_STEMS: Final = frozenset(
    {"exception", "exceptions", "error", "err", "excinfo", "thrown", "throwable", "exceptiondetail", "details"}
)
"""Keys below which an error is kept."""
_MAX_STEM_DEPTH: Final = 4


def stems_of(keys: Iterable[str]) -> tuple[str, ...]:
    """Of these flat keys the beginnings, up to a dot, below which an error may be kept as an object with parts of its own."""
    found: dict[str, None] = {}
    for key in keys:
        parts = key.split(".")
        for at, part in enumerate(parts[:_MAX_STEM_DEPTH]):
            if normal_key(part) in _TOLD_STEMS and len(parts) > at + 2:
                found[".".join(parts[: at + 1]) + "."] = None
                break
    return tuple(found)


def read_problem(keys: tuple[tuple[str, str], ...], fields: Mapping[str, object]) -> Error | None:
    """The error in the fields that `keys` names as (role, key); None when they say that there was none."""
    kind = message = stack = None
    for role, key in keys:
        value = fields[key]
        if value is None or isinstance(value, bool):
            continue
        text = (value if isinstance(value, str) else str(value)).strip()
        if text.lower() in _NO_ERRORS:
            continue
        if role == "error_type":
            kind = kind or text
        elif role == "error_message":
            message = message or text
        elif role == "error_stack":
            stack = stack or (text if "\n" in text or len(text) > 20 else None)
        elif isinstance(value, str) and "\n" in text and find_stack(text) is not None:
            stack = stack or text
        elif role == "error_text" and isinstance(value, str):
            message = message or text
    if kind is None and message is None and stack is None:
        return None
    return _completed(kind, message, stack)


def _completed(kind: str | None, message: str | None, stack: str | None) -> Error:
    if kind is None and message is not None:
        split = split_error(message)
        if split.type is not None:
            kind, message = split.type, split.message
    found = find_stack(stack) if stack is not None and (kind is None or message is None) else None
    if found is not None:
        kind, message = kind or found.error.type, message or found.error.message
    elif stack is not None and kind is None:
        split = split_error(stack.partition("\n")[0])
        if split.type is not None:
            kind, message = split.type, message or split.message
    return Error(kind, message, stack)


def with_told_parts(error: Error | None, fields: Mapping[str, object], stems: Sequence[str]) -> Error | None:
    """The error with what the objects below these stems tell of it: its frames and causes, written as a stack."""
    # few records hold an error in parts: who reads those is loaded with the first of them
    from tui.parsing.faults.reading import read_stack
    from tui.parsing.faults.trees import read_tree
    from tui.parsing.faults.writing import rewritten, written

    for stem in stems:
        part = read_tree(fields, stem)
        if part is None:
            continue
        kind, message, stack = (error.type, error.message, error.stack) if error is not None else (None, None, None)
        part.type, part.message = kind or part.type, message or part.message
        if stack is None:
            stack = written(part) if part.frames or part.causes else None
        elif len(part.frames) > len(read_stack(stack).frames):
            stack = written(part)
        elif part.causes and not _told_in(stack, part.causes):
            stack = rewritten(stack, part)
        return Error(part.type, part.message, stack)
    return error


def _told_in(stack: str, causes: Sequence[Part]) -> bool:
    return all((cause.message or cause.type or "") in stack for cause in causes)


def read_nested_problem(fields: Mapping[str, object]) -> Error | None:
    """An error kept as an object or a list of them under `exception`, `error` or `err` without the usual names."""
    for stem in NESTED_STEMS:
        parts = {
            part: next((fields[stem + name] for name in names if isinstance(fields.get(stem + name), str)), None)
            for part, names in _NESTED_NAMES.items()
        }
        if parts["type"] is not None or parts["stack"] is not None:
            return Error(*(None if value is None else str(value) for value in parts.values()))
    return None
