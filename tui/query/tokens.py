"""The pieces of a query's text: joiners, quoted and bare words, patterns; and the error that says what is wrong where.

How pieces form conditions is in syntax.py.
"""

from __future__ import annotations

import re
from typing import Final

from tui.lazy import Lazy
from tui.query.patterns import PatternError, compile_pattern

SPACE: Final = Lazy(r"\s*")
_JOINER: Final = Lazy(r"(and|or|not)(?=[\s()\"]|$)|(&&)|(\|\|)", re.IGNORECASE)
_FLAGS: Final = Lazy(r"[ims]{0,3}(?=[\s)\]},]|$)")
_PATH: Final = Lazy(r"[\w\-./%~:@,=&?*#!;]+(?=[\s)]|$)")


class QueryError(ValueError):
    """A text that is not (yet) a query: one plain line, where, and what should stand there."""

    def __init__(self, message: str, position: int, expected: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        """Index in the text; its length when something is missing at the end."""
        self.expected = expected
        """What should stand there, in a few words."""


class Scanner:
    """A place in the text, and the tokens that can stand there."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    @property
    def ended(self) -> bool:
        return self.at >= len(self.text)

    @property
    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def space(self) -> None:
        match = SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def error(self, message: str, expected: str, position: int | None = None) -> QueryError:
        return QueryError(message, self.at if position is None else position, expected)

    def take(self, kind: str, comma: bool = False) -> str:
        """Step over this joiner (and, or, not) if it stands here; how it was spelled, or nothing."""
        found = self.joiner(comma)
        if found is None or found[0] != kind:
            return ""
        self.at += len(found[1])
        self.space()
        return found[1]

    def joiner(self, comma: bool = False) -> tuple[str, str] | None:
        if comma and self.peek == ",":
            return "or", ","
        match = _JOINER.match(self.text, self.at)
        if match is None:
            return None
        return (match[1].lower() if match[1] else "and" if match[2] else "or"), match[0]

    def quoted(self) -> tuple[str, int] | None:
        """The text in the quotes that open here and where they end; a lone apostrophe opens nothing."""
        mark = self.peek
        if mark not in ('"', "'") or not mark:
            return None
        chars: list[str] = []
        at = self.at + 1
        while at < len(self.text) and self.text[at] != mark:
            at += _is_escape(self.text, at)
            chars.append(self.text[at])
            at += 1
        if at < len(self.text):
            if mark == "'" and self.text[at + 1 : at + 2].isalnum():
                return None
            return "".join(chars), at + 1
        if mark == "'":
            return None
        raise QueryError('expected a closing `"`', len(self.text), 'a closing `"`')

    def bare(self, stops: str) -> tuple[str, tuple[int, ...]]:
        """A run without spaces, unescaped, and where its wildcards are; brackets inside it must pair."""
        chars: list[str] = []
        wild: list[int] = []
        open_brackets = 0
        while not self.ended and not (char := self.peek).isspace():
            if (char == ")" and not open_brackets) or char in stops:
                break
            if _is_escape(self.text, self.at):
                self.at += 1
                char = self.peek
            elif char in "*?":
                wild.append(len(chars))
            else:
                open_brackets += (char == "(") - (char == ")")
            chars.append(char)
            self.at += 1
        return "".join(chars), tuple(wild)

    def regex(self) -> str | None:
        """The pattern between slashes that begins here, its flags in RE2's spelling; None when it is a path."""
        at, in_class = self.at + 1, False
        while at < len(self.text):
            char = self.text[at]
            if char == "\\":
                at += 1
            elif char == "/" and not in_class:
                return self._slashed(at)
            elif char in "[]":
                in_class = char == "["
            at += 1
        if _PATH.match(self.text, self.at):
            return None
        raise QueryError("expected `/` to close the pattern", len(self.text), "`/`")

    def _slashed(self, end: int) -> str | None:
        flags = _FLAGS.match(self.text, end + 1)
        if flags is None or end == self.at + 1:
            return None
        start, pattern = self.at, self.text[self.at + 1 : end]
        self.at = flags.end()
        return checked(f"(?{''.join(sorted(set('m' + flags[0])))})" + pattern, start)


def checked(pattern: str, position: int) -> str:
    """The pattern if it compiles. Raises QueryError."""
    try:
        compile_pattern(pattern)
    except PatternError as error:
        raise QueryError(f"not a usable pattern: {error}", position, "a regular expression") from None
    return pattern


def _is_escape(text: str, at: int) -> bool:
    """Whether a backslash here takes the meaning from the character behind it: punctuation, not letters (C:\\new)."""
    if text[at] != "\\" or at + 1 >= len(text):
        return False
    return not (text[at + 1].isalnum() or text[at + 1].isspace())
