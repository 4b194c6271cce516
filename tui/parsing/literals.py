"""Python's way of printing a dict -> values, without evaluating anything.

Accepts what `repr` prints: strings, numbers, None, True, False, containers; a call or an object (`UUID('…')`,
`<Thing at 0x…>`) is kept as its text. Linear time; deep or broken input is refused, never raised.
"""

from __future__ import annotations

import re

from tui.lazy import Lazy
from tui.typed import Final

MAX_CHARS: Final = 1 << 18
MAX_DEPTH: Final = 32

_STRING: Final = Lazy(r"""[bru]{0,2}(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")""", re.DOTALL)
_WORD: Final = Lazy(r"[^\s,:(){}\[\]<>'\"]+")
_ARGUMENT: Final = Lazy(r"[A-Za-z_]\w{0,60}=")
_SPACE: Final = Lazy(r"\s*")
_ESCAPE: Final = Lazy(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", re.DOTALL)
_SIMPLE: Final = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_NAMED: Final = {"None": None, "True": True, "False": False}


class _Broken(Exception):
    """The text is no literal."""


def read_dict(text: str) -> tuple[dict[str, object], int] | None:
    """The dict that is printed at the start of the text and the offset after it, or None."""
    if not text.startswith("{") or len(text) > MAX_CHARS:
        return None
    try:
        value, end = _value(text, 0, 0)
    except _Broken:
        return None
    return (value, end) if isinstance(value, dict) else None


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _value(text: str, at: int, depth: int, *, in_call: bool = False) -> tuple[object, int]:
    at = _skip(text, at)
    if at >= len(text) or depth > MAX_DEPTH:
        raise _Broken
    char = text[at]
    if char == "{":
        return _dict(text, at + 1, depth + 1)
    if char in "[(":
        return _sequence(text, at + 1, "]" if char == "[" else ")", depth + 1)
    if char == "<":
        end = text.find(">", at)
        if end < 0:
            raise _Broken
        return text[at : end + 1], end + 1
    match = _STRING.match(text, at)
    if match is not None:
        body = match[1] if match[1] is not None else match[2]
        return (_ESCAPE.sub(_unescape, body) if "\\" in body else body), match.end()
    return _word(text, at, depth, in_call)


def _unescape(match: re.Match[str]) -> str:
    code = match[1]
    if len(code) > 1:
        number = int(code[1:], 16)
        return chr(number) if number <= 0x10FFFF and not 0xD800 <= number < 0xE000 else "\ufffd"
    return _SIMPLE.get(code, code)


def _word(text: str, at: int, depth: int, in_call: bool) -> tuple[object, int]:
    match = _WORD.match(text, at)
    if match is None:
        raise _Broken
    word, end = match[0], match.end()
    if end < len(text) and text[end] == "(":
        arguments, close = _sequence(text, end + 1, ")", depth + 1, calls=True)
        # UUID('…'), ObjectId('…'), Path('…'): what counts is what stands inside.
        alone = arguments[0] if len(arguments) == 1 else None
        return (alone if isinstance(alone, str) else text[at:close]), close
    if word in _NAMED:
        return _NAMED[word], end
    if in_call and word[0].isalpha():
        return word, end
    try:
        return (int(word) if word.lstrip("+-").isdecimal() and len(word) < 40 else float(word)), end
    except ValueError:
        raise _Broken from None


def _sequence(text: str, at: int, closing: str, depth: int, *, calls: bool = False) -> tuple[list[object], int]:
    items: list[object] = []
    while True:
        at = _skip(text, at)
        if at < len(text) and text[at] == closing:
            return items, at + 1
        item, at = _value_or_argument(text, at, depth) if calls else _value(text, at, depth)
        items.append(item)
        at = _after_item(text, at, closing)


def _value_or_argument(text: str, at: int, depth: int) -> tuple[object, int]:
    match = _ARGUMENT.match(text, at)
    return _value(text, match.end() if match else at, depth, in_call=True)


def _after_item(text: str, at: int, closing: str) -> int:
    at = _skip(text, at)
    if at < len(text) and text[at] == ",":
        return at + 1
    if at < len(text) and text[at] == closing:
        return at
    raise _Broken


def _dict(text: str, at: int, depth: int) -> tuple[object, int]:
    items: dict[str, object] = {}
    while True:
        at = _skip(text, at)
        if at < len(text) and text[at] == "}":
            return items, at + 1
        key, at = _value(text, at, depth)
        at = _skip(text, at)
        if at >= len(text) or text[at] != ":":
            raise _Broken
        value, at = _value(text, at + 1, depth)
        items[str(key)] = value
        at = _after_item(text, at, "}")
