"""key=value text -> fields.

Reads whole logfmt lines and the pairs at the end of (or inside) a message. What keys mean is left to `structured`.
"""

from __future__ import annotations

import re

from tui.lazy import Lazy
from tui.typed import Final

MAX_PAIRS: Final = 200
_QUOTED: Final = r'"(?:[^"\\]|\\.)*"'
_PAIR: Final = Lazy(
    rf"(?:^|(?<=[\s,;(\[{{]))(?P<key>[A-Za-z_@][\w.@/-]{{0,79}}|{_QUOTED})=(?!=)"
    rf"(?P<value>{_QUOTED}(?=[\s,;)\]}}]|$)|'[^']*'(?=[\s,;)\]}}]|$)|[^\s\"']*)"
)
_ESCAPE: Final = Lazy(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_SIMPLE: Final = {"n": "\n", "t": "\t", "r": "\r"}
_NUMBER: Final = Lazy(r"-?(?:0|[1-9]\d{0,17})(?:\.\d{1,17})?")
_KEY: Final = Lazy(r"\s?[A-Za-z_@][\w.@/-]{0,79}=")
_PARTING: Final = ("|", "\t")
_LEAST_PARTS: Final = 3
_TRAILING: Final = Lazy(r"[,;:)\]}]+$")
_KEYS: Final = Lazy(
    r"(?:^|\s)(?:time|ts|t|timestamp|@timestamp|level|lvl|severity|msg|message|at|logger|caller|event|method|trace_?id|request_?id)=",
    re.IGNORECASE,
)


def looks_like_logfmt(text: str) -> bool:
    """Whether a line consists of pairs: it begins with one and names a time, a level or a message, or is pairs only."""
    match = _PAIR.match(text)
    if match is None:
        return False
    if _KEYS.search(text, 0, 400) is None:
        return _only_pairs(text)
    second = _PAIR.search(text, match.end(), match.end() + 400)
    return second is not None or match["key"].lower() in ("msg", "level", "message")


def _only_pairs(text: str) -> bool:
    words = text.split(None, 12)[:12]
    return len(words) >= 3 and sum("=" in word for word in words) >= 0.8 * len(words)


def read_pairs(text: str) -> dict[str, object]:
    """All pairs of the text in order, values unquoted; numbers and booleans become such; first of equal keys."""
    fields: dict[str, object] = {}
    for match in _PAIR.finditer(text):
        key, value = match["key"], match["value"]
        if key[0] == '"':
            key = unquote(key)
        if key not in fields:
            fields[key] = read_value(value)
        if len(fields) >= MAX_PAIRS:
            break
    return fields


def read_parted_pairs(text: str) -> dict[str, object] | None:
    """Pairs that a sign parts, so that values may hold spaces; None for other text."""
    for sign in _PARTING:
        parts = text.split(sign)
        if len(parts) < _LEAST_PARTS:
            continue
        pairs = [part.partition("=") for part in parts[:MAX_PAIRS] if _KEY.match(part)]
        if len(pairs) >= 0.8 * len(parts):
            fields: dict[str, object] = {}
            for key, _, value in pairs:
                fields.setdefault(key.strip(), read_value(value.strip()))
            return fields
    return None


def read_value(text: str) -> object:
    """A value as written: unquoted, or a number or boolean when it is exactly one."""
    if not text:
        return ""
    if text[0] in "\"'" and len(text) > 1 and text[-1] == text[0]:
        return unquote(text)
    if text[-1] in ",;)]}:" and not any(opening in text for opening in "([{"):
        text = _TRAILING.sub("", text)
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    return {"true": True, "false": False}.get(text, text)


def unquote(text: str) -> str:
    """Text without its quotes and escapes."""
    body = text[1:-1]
    return _ESCAPE.sub(_unescape, body) if "\\" in body else body


def _unescape(match: re.Match[str]) -> str:
    code = match[1]
    if len(code) == 5:
        number = int(code[1:], 16)
        return "\ufffd" if 0xD800 <= number < 0xE000 else chr(number)
    return _SIMPLE.get(code, code)


def split_tail(text: str) -> tuple[str, dict[str, object]]:
    """(text before the pairs that end it, those pairs); the text itself when it ends in none."""
    fields: dict[str, object] = {}
    starts = list(_PAIR.finditer(text))
    if not starts:
        return text, fields
    cut = len(text)
    for match in reversed(starts):
        if text[match.end() : cut].strip():
            break
        cut = match.start()
    return text[:cut].rstrip(), read_pairs(text[cut:])
