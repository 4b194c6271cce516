"""The level that a line tells without a field for it: a word in capitals, Cisco's mnemonics, the status of an answer.

For text whose head named none. Words and scales are in `vocabulary`.
"""

from __future__ import annotations

import re

from tui.lazy import Lazy
from tui.parsing.vocabulary import LEVEL_PATTERN, SCALES, severity_of_status, severity_of_word
from tui.typed import Final

_NEAR_CHARS: Final = 120
_FAR_CHARS: Final = 400
_BELOW_CHARS: Final = 4000
_UPPER: Final = Lazy(
    r"(?<![\w/.=\"'-])(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|SEVERE|ALERT|EMERG|FATAL|PANIC)(?![\w=/]|\.\w)"
)
_ENCLOSED: Final = Lazy(rf"(?:<({LEVEL_PATTERN})>|\[({LEVEL_PATTERN})\]|\(({LEVEL_PATTERN})\)|##\[({LEVEL_PATTERN})\])")
_PREFIXED: Final = Lazy(
    r"(?:(?!no )[a-z][\w-]{0,40}(?:: |\s{1,20}))?(debug[1-5]?|info|notice|warning|error|fatal|panic|critical|crit|alert|emerg): ",
    re.IGNORECASE,
)
_MNEMONIC: Final = Lazy(r"%[A-Z][A-Z0-9_]{1,40}(?:-[A-Z0-9_]{1,40}){0,3}?-([0-7])-[A-Z0-9_]{1,60}")
_PHP: Final = Lazy(r"PHP (?:Catchable |Recoverable )?(Fatal|Parse|Warning|Notice|Deprecated|Strict)\b")
_PHP_LEVELS: Final = {"Fatal": 21, "Parse": 17, "Warning": 13, "Notice": 10, "Deprecated": 10, "Strict": 10}
_STATUS: Final = Lazy(r"HTTP/\d(?:\.\d)?[\"']?\)?[\s|]{1,3}\"?(\d{3})(?!\d)|\b(?:TCP|UDP)_[A-Z_]{2,40}/(\d{3})\b")
_ANSWER: Final = Lazy(r"(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \S{1,200} (\d{3}) [\d.]{1,12} ?m?s\b")


_BELOW: Final = Lazy(r"\n(?:(?:ORA|TNS|RMAN)-\d{3,5}:|\s{0,8}(?:(ERROR|FATAL|SEVERE|WARN|WARNING|CRITICAL)[: ]))")


def level_below(text: str) -> int:
    """Severity number that a line below the first one begins with; 0 for none. Oracle's errors have codes instead."""
    found = _BELOW.search(text, 0, _BELOW_CHARS)
    return 0 if found is None else severity_of_word(found[1] or "error")


def level_in_text(text: str, message: str) -> int:
    """Severity number that the front of a text tells, 0 when it does not; `message` is what follows its head."""
    found = _UPPER.search(text, 0, _NEAR_CHARS) or _PREFIXED.match(message)
    if found is not None:
        return severity_of_word(found[1])
    near = text[:_NEAR_CHARS]
    found = _ENCLOSED.search(near) if "[" in near or "<" in near or "(" in near else None
    if found is not None:
        return severity_of_word(found[found.lastindex or 0])
    if "PHP " in text and (found := _PHP.search(text, 0, _NEAR_CHARS)):
        return _PHP_LEVELS[found[1]]
    if "%" in text and (found := _MNEMONIC.search(text, 0, _FAR_CHARS)):
        return SCALES["syslog"][int(found[1])]
    if "HTTP/" in text or "TCP_" in text or "UDP_" in text:
        found = _STATUS.search(text, 0, _FAR_CHARS)
        return severity_of_status(int(found[1] or found[2])) if found else 0
    found = _ANSWER.match(message)
    return severity_of_status(int(found[1])) if found else 0
