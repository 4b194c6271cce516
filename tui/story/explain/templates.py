"""Patterns of messages: what lines that differ only in ids, numbers and names have in common.

Words that look like values are masked; messages of one service that then agree in most of their words are one pattern,
whose other words are masked too. The same lines in the same order give the same patterns, and no training is needed.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

HOLE: Final = "<*>"
_MOST_CHARS: Final = 600
_MOST_WORDS: Final = 40
_ALIKE: Final = 0.66
"""So many of the words of two messages agree when they are of one pattern."""
_MOST_PATTERNS: Final = 400
"""Of one length in one service; more of them would be no patterns."""
_REMEMBERED: Final = 200_000

_VALUES: Final = re.compile(
    r"\[[a-z][a-z0-9-]*#[^\]\s]{1,40}\]"  # what redaction left
    r"|\b[0-9a-fA-F]{8}-[0-9a-fA-F-]{27,}\b|\b0x[0-9a-fA-F]+\b"
    r"|\"[^\"]{0,200}\"|'[^']{1,80}'"
    r"|\b[\w.+-]+@[\w-]+\.[\w.]+\b"
    r"|\[[^\[\]]*[,=][^\[\]]*\]|\{[^{}]*\}"
    r"|(?<![A-Za-z])[0-9a-fA-F]{6,}(?![A-Za-z])|\b[0-9a-fA-F]{12,}\b"
    r"|(?<==)[^\s,;\])}]+"
    r"|[+-]?\d[\w.:,%/-]*"
)
_WORD: Final = re.compile(r"[^\s,;()\[\]{}|]+")
_SPANS: Final = re.compile(r"\b(?:trace|span)_?id[:=]\s*\S+", re.IGNORECASE)


class Template(NamedTuple):
    """One pattern."""

    service: str
    words: tuple[str, ...]
    level: int
    """Severity of its lines: those of another severity are of another pattern."""

    @property
    def text(self) -> str:
        return " ".join(self.words)


class Templates:
    """The patterns seen so far, each with a number."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int, str], int] = {}
        self._patterns: list[tuple[str, int, list[str]]] = []
        self._alike: dict[tuple[str, int, int, str], list[int]] = {}

    def number(self, service: str, severity: int, message: str, kind: str | None = None) -> int:
        """The number of the pattern of a message; `kind` is the type of the error that it tells, which is part of it."""
        level = (severity + 3) // 4
        masked = masked_text(message if kind is None or kind in message else f"{kind}: {message}")
        key = (service, level, masked)
        number = self._known.get(key)
        if number is None:
            number = self._find(service, level, masked)
            if len(self._known) < _REMEMBERED:
                self._known[key] = number
        return number

    def __getitem__(self, number: int) -> Template:
        service, level, words = self._patterns[number]
        return Template(service, tuple(words), level)

    def _find(self, service: str, level: int, masked: str) -> int:
        words = _WORD.findall(masked)[:_MOST_WORDS] or [HOLE]
        near = self._alike.setdefault((service, level, len(words), words[0] if HOLE not in words[0] else HOLE), [])
        best, found = 0.0, -1
        for number in near:
            share = _agreement(self._patterns[number][2], words)
            if share > best:
                best, found = share, number
        if found >= 0 and (best >= _ALIKE or len(near) >= _MOST_PATTERNS):
            pattern = self._patterns[found][2]
            for at, word in enumerate(words):
                if pattern[at] != word:
                    pattern[at] = HOLE
            return found
        near.append(len(self._patterns))
        self._patterns.append((service, level, words))
        return near[-1]


def masked_text(message: str) -> str:
    """The first line of a message with its values masked."""
    text = message.partition("\n")[0][:_MOST_CHARS]
    if "id" in text or "ID" in text or "Id" in text:
        text = _SPANS.sub("", text)
    return _VALUES.sub(HOLE, text)


def _agreement(pattern: list[str], words: list[str]) -> float:
    """The share of words that are the same; a hole agrees with anything, but counts half."""
    same = 0.0
    for one, other in zip(pattern, words, strict=True):
        if one == other:
            same += 1.0 if one != HOLE else 0.5
        elif one == HOLE:
            same += 0.5
    told = len(words) - 0.5 * sum(1 for one in words if one == HOLE)
    return same / max(1.0, told)
