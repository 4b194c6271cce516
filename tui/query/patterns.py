"""Patterns that run in linear time, whatever was typed: RE2 when it is there, the standard library where it is not."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, Final

try:
    re2: ModuleType | None = importlib.import_module("re2")
except ImportError:  # no wheel for this platform
    re2 = None

LINEAR: Final = re2 is not None
MAX_PATTERN_CHARS: Final = 4000
_MAX_MEM_BYTES: Final = 64 << 20


class PatternError(ValueError):
    """A pattern that cannot be used; says why in words for the user."""


def compile_pattern(pattern: str) -> Any:
    """A compiled pattern over UTF-8 bytes. Raises PatternError."""
    if len(pattern) > MAX_PATTERN_CHARS:
        raise PatternError(f"longer than {MAX_PATTERN_CHARS} characters")
    try:
        encoded = pattern.encode()
    except UnicodeEncodeError:
        raise PatternError("holds characters that are not text") from None
    try:
        if re2 is None:
            return re.compile(encoded)
        return re2.compile(encoded, _options(re2))
    except Exception as error:  # both libraries raise types of their own
        raise PatternError(_reason(error)) from None


def compile_literals(literals: Sequence[bytes]) -> Any:
    """A compiled pattern for any of several byte strings as they are."""
    if re2 is None:
        return re.compile(b"|".join(map(re.escape, literals)))
    options = _options(re2)
    options.encoding = re2.Options.Encoding.LATIN1
    return re2.compile(b"|".join(map(re2.escape, literals)), options)


def next_match(compiled: Any) -> Callable[[bytes | bytearray, int, int], int]:
    """Where a compiled pattern next fits within two bounds of a block, or -1."""
    if re2 is not None:
        # without the match object that RE2's own `search` makes: blocks are searched hundreds of times a second
        match, unanchored = compiled._regexp.Match, re2._re2.RE2.Anchor.UNANCHORED
        return lambda data, start, end: match(unanchored, data, start, end)[0][0]

    def following(data: bytes | bytearray, start: int, end: int) -> int:
        found = compiled.search(data, start, end)
        return -1 if found is None else found.start()

    return following


def searcher(pattern: str) -> Callable[[str], bool]:
    """Whether a text holds the pattern."""
    search = compile_pattern(pattern).search
    return lambda text: search(encoded(text)) is not None


def spans(pattern: str) -> Callable[[str], list[tuple[int, int]]]:
    """All stretches of a text, in characters, that fit the pattern."""
    compiled = compile_pattern(pattern)

    def find(text: str) -> list[tuple[int, int]]:
        data = encoded(text)
        found = [match.span() for match in compiled.finditer(data)]
        if len(data) == len(text):
            return [(begin, end) for begin, end in found if begin < end]
        return [(_chars(data[:begin]), _chars(data[:end])) for begin, end in found if begin < end]

    return find


def escape(text: str) -> str:
    """A text that stands for itself in either library's patterns."""
    return "".join(char if char.isalnum() or ord(char) > 127 else f"\\x{{{ord(char):x}}}" for char in text) if LINEAR \
        else re.escape(text)  # fmt: skip


def encoded(text: str) -> bytes:
    """UTF-8; what cannot be encoded becomes a question mark, one for one."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def _chars(data: bytes) -> int:
    return len(data.decode("utf-8", "replace"))


def _options(module: ModuleType) -> Any:
    options = module.Options()
    options.log_errors = False  # it writes to stderr and would ruin the screen
    options.max_mem = _MAX_MEM_BYTES
    return options


def _reason(error: Exception) -> str:
    text = str(error.args[0]) if error.args else str(error)
    if text.startswith(("b'", 'b"')):
        text = text[2:-1]
    # the flags in front are ours, so positions would be off
    text = re.sub(r"(?<=: )\(\?[ims]+\)| at position \d+", "", " ".join(text.split()))
    return text or "not a pattern"
