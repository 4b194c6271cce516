"""What the bytes of a record show when its level is warning or worse: the level sets of queries and of the keys 1 to 6.

A level is read from words, numbers, letters, statuses and stack traces. Here stands what all of these have in common,
as one pattern that may say too much; where no pattern tells less than every line does, as for info, there is none, nor where users say themselves what levels look like.
Kept in step with `parsing` by a test over all of its cases.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from tui.parsing import vocabulary
from tui.parsing.vocabulary import LEVEL_WORDS, SCALES, SPAN_FAILURES
from tui.query.signs import Sign, pattern
from tui.record import Severity

MOST_PRIORITY: Final = 192
_QUOTES: Final = r"""["'\\]*"""
_STEMS: Final = (
    *("err", "exc", "thro", "fault", "@x"),
    *("stack", "trace[-_. ]?back", "back[-_. ]?trace", "full[-_. ]?message", "outer[-_. ]?message", "innermost"),
)
"""Parts of the names of errors in fields, and of what runtimes print."""
_PYTHON_KEYS: Final = r"(?i:levelname|level_?no|funcname|lineno)"
"""Fields of records whose 30 is a warning; elsewhere it is an information."""
_TENS_KEYS: Final = rf"(?:{_PYTHON_KEYS}|(?i:hostname|[^a-z]pid|[^a-z]v[^a-z]))"
"""Fields of records whose levels go in tens, so that hundreds are far above all; elsewhere they are ordinary."""
_ABOVE_TENS: Final = r"(?:[12][0-9][0-9]|[0-9]{4}|[12][0-9]{4})\b"
_FRAMES: Final = (
    r"""(?:^|["'|\]>:]|\\[nt]|\t|  )\s*at\s""",
    r"goroutine [0-9]+ \[",
    r"""(?:\t|\\t)[^\s\\]+\.go:[0-9]+\s*(?:\+0x|$|\\n|")""",
    r":[0-9]+:in ",
)
"""Lines of stack traces, which name no error where the name of its type tells none."""
_STATUS: Final = (
    r"""(?i:status|code)[^0-9\n]{1,16}[45][0-9][0-9]\b|[\s,;|"'/][45][0-9][0-9](?:[\t,;|"']|$| (?:[^a-z]|[a-z]{4}))"""
)
"""Of an answer: behind its name, or by itself, as behind a request and in the cell of a table."""
_CELL: Final = r'[,;\t|]"?(?:[0-4]|[3-9]0)"?(?:[,;\t|]|$)'
"""A level in the cell of a table, whose name stands at the top of it alone."""
_CODES: Final = (
    r"(?:ORA|TNS|RMAN)-[0-9]",
    r"(?:CEF|LEEF):[0-9]",
    r"%[A-Z0-9_-]{1,80}-[0-4]-",
    r"[0-9],\s+[01][,\]]",
    r"Task timed out",
)
"""Of Oracle, of security events, of Cisco, of Samba, and of functions that ran too long."""
_SPAN: Final = (
    r'\\?"code\\?"\s*:\s*2\b',
    rf'"status\\?"\s*:\s*\\?"(?i:{"|".join(sorted(SPAN_FAILURES))})',
)
"""The status of a span: its number in OTLP, its words elsewhere."""


def severe(low: int) -> Sign | None:
    """What records of this severity number and above show; None where that is nothing."""
    return _warning() if low >= Severity.WARN and not vocabulary.own_levels else None


@cache
def _warning() -> Sign:
    words = {word for word, number in LEVEL_WORDS.items() if number >= Severity.WARN}
    long = sorted(word for word in words if len(word) > 1)
    shortest = [word for word in long if not any(other in word and other != word for other in long)]
    letters = "".join(sorted(word for word in words if len(word) == 1)) + "a"  # Android's assertions
    name = r"(?i:(?:le?ve?l|sev|prior|status)[a-z_. -]{0,24}|@l|[^a-z0-9]s)"
    key = rf"{name}{_QUOTES}\s*[:=>]\s*{_QUOTES}"
    numbers = "|".join(_numbers())
    told = (
        rf"(?i:{'|'.join((*shortest, *_STEMS))})",
        r"(?i:[a-z]\+[0-9])",  # slog's steps above a level
        rf"{key}(?:(?i:[{letters}])\b|(?:{numbers})\b)",
        rf"{key}30\b[^\n]*{_PYTHON_KEYS}",
        rf"{_PYTHON_KEYS}[^\n]*{key}30\b",
        rf"{_PYTHON_KEYS}{_QUOTES}\s*[:=]\s*{_QUOTES}(?:30\b|{_ABOVE_TENS})",
        rf"{key}{_ABOVE_TENS}[^\n]*{_TENS_KEYS}",
        rf"{_TENS_KEYS}[^\n]*{key}{_ABOVE_TENS}",
        rf"(?:^|[^A-Za-z0-9_])[{letters.upper()}](?:[0-9]{{1,8}})?(?:[^A-Za-z0-9_]|$)",
        r"\s#\s",  # Redis
        rf"<(?:{'|'.join(_priorities())}|19[2-9]|[2-9][0-9][0-9]|0[0-9]+)>",
        _STATUS,
        _CELL,
        *_CODES,
        *_SPAN,
        *_FRAMES,
    )
    return pattern(rf"(?m){'|'.join(told)}", 0.1)


def _numbers() -> list[str]:
    """What means warning or worse on any scale, whatever the scale; Python's 30 is told apart.

    Those between the steps count as the step below, on the scales that have wide ones.
    """
    exact = {number for scale in SCALES.values() for number, severity in scale.items() if severity >= Severity.WARN}
    return [
        "3[1-9]",
        "[4-9][0-9]",
        "[3-9][0-9][0-9]",
        "[3-9][0-9]{4}",
        "[1-9][0-9]{5,}",
        *(str(number) for number in sorted(exact) if number < 30),
    ]


def _priorities() -> list[str]:
    """Of syslog, whose last three bits are the level."""
    return [str(number) for number in range(MOST_PRIORITY) if SCALES["syslog"][number % 8] >= Severity.WARN]
