"""Typed text to literals that raw bytes must hold, and the hazards behind which bytes and text may differ.

A run is a stretch of characters that no format writes otherwise than as `\\u00..` or `\\x..`, and that cannot stand
inside a text of our own: a redaction mark, or the notice of a cut line. Which nodes require what is in scan.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from tui.lazy import Lazy
from tui.query.patterns import compile_pattern, next_match
from tui.query.signs import Search, Sign, Spots, every, literal, searching, together
from tui.query.tree import Operand
from tui.store.needles import All, Block, finder, finder_of_rare

MIN_RUN: Final = 2
_MAX_RUNS: Final = 4
_FREE_RUN: Final = Lazy(r"[A-Za-z0-9 !$%&()*+,\-.:;<=>?@^_`{|}~]+|[^\x00-\x7f\ud800-\udfff\ufffd\uffff]+")
_WORD_RUN: Final = Lazy(r"[A-Za-z0-9!$%&*+\-.;=@^_~]+|[^\x00-\x7f\ud800-\udfff\ufffd\uffff]+")
_NUMBER_LIKE: Final = Lazy(r"[-0-9eE+.]*|inf|nan|true|false|null|none", re.IGNORECASE)

_MARK_WORDS: Final = """
token secret password passphrase credential key api-key jwt auth authorization basic-auth bearer url-password cookie
session card iban email phone ssn pin cvv otp private-key pem ip mac user session hash hidden
""".split()  # noqa: SIM905 - a list of thirty quoted words says less
_OUR_TEXTS: Final = (
    "unredactable record: 0 bytes",
    "line cut: longer than 0 bytes",
    "line cut: 0 bytes left out",
    *_MARK_WORDS,
)
_IN_HASH: Final = Lazy(r"[0-9a-f]{1,12}|[0-9a-f]{0,12}-[0-9]{0,4}|[0-9a-f]{8,12}-(?![0-9a-f-]*$)[0-9A-Za-z.-]{1,80}")
"""Hashes, with digits or a domain behind them. Hex and dashes alone are an id, of which nothing may be passed over fast
otherwise: no domain is written so."""
_DIGITS: Final = Lazy(r"[0-9]+")

_ESCAPED_LETTER: Final = compile_pattern(r"\\(?:u00|u212[aA]|u0130|u017[fF]|[xXU0-7])")
_ESCAPED: Final = compile_pattern(r"\\u")
_PARTED: Final = compile_pattern(r"std(?:out|err) P")
_DOCKER: Final = compile_pattern(r'\{"log":')
_PARTED_LOG: Final = r'\{"log":\s*"(?:(?:[^"\\]|\\.)*(?:[^"\\]|\\[^n]))?"'
_PARTED_DOCKER: Final = compile_pattern(_PARTED_LOG)
_RENDERED: Final = tuple(map(compile_pattern, ("@mt", "MessageTemplate", r"MESSAGE\W{0,6}\[")))


def hazardous(block: bytes) -> bool:
    """Whether a text may be read from these lines that does not stand in them as such.

    Escaped letters, terminal escapes inside words, lines that a container runtime cut, templates and lists of bytes
    that become messages. Letters outside ASCII whose small form is an ASCII letter are seen to by those they concern.
    """
    if b"\x1b" in block or (b"\\" in block and _ESCAPED_LETTER.search(block) is not None):
        return True
    if any(pattern.search(block) is not None for pattern in _RENDERED) or _PARTED.search(block) is not None:
        return True
    return _DOCKER.search(block) is not None and _PARTED_DOCKER.search(block) is not None


def disguises(data: Block, size: int) -> Spots:
    """Where in a block such lines are."""
    return together(search(data, size) for search in _DISGUISES)


def _behind(landmarks: All, pattern: str) -> Search:
    """A search for a pattern that is only begun where a landmark stands: most blocks have none, and that is told fast."""
    search = searching(next_match(compile_pattern(pattern)))
    return lambda data, size: search(data, size) if landmarks(data, size) else []


_DISGUISES: Final = (
    searching(next_match(_ESCAPED_LETTER)),
    _behind(
        finder_of_rare([b"\x1b", b"@mt", b"MessageTemplate", b"MESSAGE"]),
        r"\x1b|@mt|M(?:essageTemplate|ESSAGE\W{0,6}\[)",
    ),
    # both stand in lines that name one of the two streams
    _behind(finder([b"std"]), rf"std(?:out|err) P|{_PARTED_LOG}"),
)


def free_runs(text: str) -> list[str]:
    """The runs of a text that stands in a line or a message; U+FFFF stands for any character."""
    return [run for run in _FREE_RUN.findall(text) if len(run) >= MIN_RUN and not _may_be_ours(run)]


def word_runs(text: str, *, partial: bool) -> list[str]:
    """The runs of a text that stands in a field, where lists are printed anew and numbers have other spellings.

    partial: it may stand anywhere in the field's value, and so inside a mark.
    """
    if "[" in text or "{" in text:
        return []
    marked = partial or "#" in text or "]" in text
    runs = [run for run in _WORD_RUN.findall(text) if len(run) >= MIN_RUN and not _NUMBER_LIKE.fullmatch(run)]
    return [run for run in runs if not (marked and _may_be_ours(run))]


def holding(runs: Iterable[str], *, folds: bool) -> Sign | None:
    """All of the runs; the longest are looked for."""
    longest = sorted(set(runs), key=len, reverse=True)[:_MAX_RUNS]
    return every(literal(run, folds=folds) for run in longest)


def segments_of(operand: Operand) -> str:
    """The text of a value with U+FFFF where a wildcard stands."""
    return "\uffff".join(operand.segments)


def pattern_texts(pattern: str) -> list[str] | None:
    """For each alternative of a pattern the characters that its matches hold, in order, with U+FFFF where anything may
    stand between.

    None when that is not easily told: quoted stretches. What stands in brackets is left out.
    """
    kept: list[str] = []
    texts: list[str] = []
    at = depth = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "\\":
            escaped = pattern[at : at + 1]
            at += 1
            if escaped == "Q" or not escaped:
                return None
            at += _braced(pattern, at) if escaped in "pPx" else 0
            if depth == 0:
                kept.append("\uffff" if escaped.isalnum() else escaped)
        elif char == "[":
            at = _class_end(pattern, at)
            kept.append("\uffff")
        elif char in "()":
            depth += 1 if char == "(" else -1
            kept.append("\uffff")
        elif char == "|" and depth == 0:
            texts.append("".join(kept))
            kept = []
        elif depth == 0:
            if char in "*?{" and kept:
                kept[-1] = "\uffff"
            at += _braced(pattern, at - 1) - 1 if char == "{" else 0
            kept.append("\uffff" if char in ".^$*+?{" else char)
    return [*texts, "".join(kept)]


def _braced(pattern: str, at: int) -> int:
    """How many characters the braces take that open here; of an escape without braces, what it may take at most."""
    if pattern[at : at + 1] != "{":
        return 2 if pattern[at - 1 : at] == "x" else 1
    end = pattern.find("}", at)
    return (end if end >= 0 else len(pattern) - 1) - at + 1


def _class_end(pattern: str, at: int) -> int:
    """The index behind a character class whose first character is at `at`."""
    if pattern[at : at + 1] == "^":
        at += 1
    first = at
    while at < len(pattern):
        if pattern[at] == "\\":
            at += 1
        elif pattern.startswith("[:", at) and (end := pattern.find(":]", at)) >= 0:
            at = end + 1
        elif pattern[at] == "]" and at > first:
            return at + 1
        at += 1
    return at


def _may_be_ours(run: str) -> bool:
    """Whether a run could lie inside a mark or another text that takes the place of bytes."""
    lower = run.lower()
    if _IN_HASH.fullmatch(lower):
        return True
    plain = _DIGITS.sub("0", lower)
    return any(plain in text for text in _OUR_TEXTS)
