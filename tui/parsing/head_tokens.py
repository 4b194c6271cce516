"""The tokens that the head of a text line consists of, as regular expressions and words, and what those taken so far said.

What a token means is left to `header` and `head_brackets`.
"""

from __future__ import annotations

from tui.lazy import Lazy
from tui.parsing.draft import Draft, Setting
from tui.parsing.timestamps import Moment
from tui.parsing.vocabulary import LEVEL_PATTERN
from tui.typed import Final

MAX_HEAD_CHARS: Final = 320
MAX_STEPS: Final = 14
SEPARATOR: Final = Lazy(r"(?:[\s|,;]+|[-–—:](?=\s|$)|(?<=\s)::?\s)+")
LEVEL: Final = Lazy(rf"[<(\"]?({LEVEL_PATTERN}(?:[+-]\d{{1,2}})?)(?=[\s\])>|:;,\"\[\t-]|/[A-Z]\w*: |$)([\])>\"]?:?)")
PARENTHESES: Final = Lazy(r"\(([^()\s]{1,60})\)(?=[\s:|-])")
BRACKET: Final = Lazy(r"\[((?:[^\[\]]|\[[^\[\]]{0,80}\]){0,200})\]")
BRACES: Final = Lazy(r"\{([\w./-]{1,80}:\d{1,6})\}")
PID: Final = Lazy(r"(?:\d{1,10}|0x[0-9a-fA-F]{4,16})(?=\s|:\s|$)")
AFTER_PID: Final = Lazy(rf"\s{{1,20}}(?:[\[(<|]|--? |{LEVEL_PATTERN}(?:[\s:\]]|$))|\s?:\s|\s\|")
"""What stands behind a number when it is part of the head, and no number that the message begins with."""
LOGGER: Final = Lazy(
    r"([A-Za-z_$][\w.$/#<>@*-]{0,120}(?:::?[\w.$<>#]{1,80}){0,6}(?:\[[^\]\s]{0,60}\])?(?:\(\w{0,40}\))?)"
    r"(\s{0,40}(?:--? |-$|\| |\|$|\|(?=\S))|:\s|:$|\s{1,40}:\s|\s{2,}(?:- )?|\s-(?=\w)|\s(?=\[))"
)
JAVA_CLASS: Final = Lazy(r"((?:[a-z_]\w{0,40}\.){2,12}[A-Z][\w$]{0,80}(?:\.[a-z]\w{0,60})?) (?=\S)")
CELLS: Final = Lazy(rf"((?:[^|\n]{{1,60}}\|){{1,3}}?)(?=\s*(?:[TDIWEF]|{LEVEL_PATTERN})\s*\|)")
SPLIT: Final = Lazy(r"\[(\d{4}[-/.]\d\d[-/.]\d\d)\]\s?\[(\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)\]")
"""A date and a clock in brackets of their own."""
HEAD_GOES_ON: Final = Lazy(r"\d|[\w$]+(?:[.$/]|::)[\w.$:/]*(?:: | - )")
THREAD_FIRST: Final = Lazy(r"\[[A-Za-z][\w. -]{0,60}\] (?:(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL)\s|\d{4}-\d\d-)")
METADATA: Final = Lazy(rf"((?:[\w.]{{1,60}}=\S{{1,200}} ){{1,20}})(?=\[{LEVEL_PATTERN}\])")
CALLER: Final = Lazy(r"[\w./-]+\.[a-z]{1,5}:\d{1,6}")
BEFORE_LEVEL: Final = Lazy(
    r"([A-Za-z_][\w.$-]{0,60})\s+(?:(?=(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|SEVERE|FATAL)[:\s\]]))"
)
DJANGO: Final = Lazy(r"([A-Za-z_][\w.]{0,60}) (\d{1,8}) (\d{5,20})(?=\s)")
THREAD: Final = Lazy(r"(?i)main|thread|exec|worker|pool|nio|timer|sched|task|dispatcher|loop|#?\d+$|.*[:-]\d+$")
DOTTED: Final = Lazy(r"[a-z_]\w*(?:\.[a-z_]\w*)+")
SERVICE: Final = Lazy(r"[a-z][a-z0-9]*(?:[-_.][a-z0-9]+)*")
NAMED_AFTER: Final = Lazy(r"\s[\w.$-]{1,80} : ")
LETTER: Final = Lazy(
    r"([TDIWEFVNC])(?:(?=\s*\|)|(?=!\s)|(?=\s?[/:]\S)|\s(?=\s*(?:[\[(<]|\d+[\s:\]]|[\w$./-]+(?:\[\d+\])?: |[\w$]+[./]\w)))"
)
"""A level of one letter in its column: what follows it is no prose."""
LETTER_FIRST: Final = Lazy(r"([DIWEF]) (?=\[\d{1,4}[/-])")
ZONE_NAME: Final = Lazy(
    r"\s(?:[ECMP][SD]T|AK[SD]T|HST|CES?T|EES?T|WES?T|BST|IST|JST|KST|MSK|AE[SD]T|NZ[SD]T|SGT|HKT|[A-Z]{2,4}[+-]\d{1,2})(?=[\s\]:,|]|$)"
)
"""Ambiguous ones, which say nothing about the time."""
TAG: Final = Lazy(
    rf"([\w./@-]{{1,64}})\[(\d{{1,10}}(?::\d{{1,10}})?)\](?::\s?|(?=\s+{LEVEL_PATTERN}\s|\s{LEVEL_PATTERN}:))"
)
NO_LEVELS: Final = frozenset({"http", "config", "ok", "all", "log", "default"})
"""Level words of some logger that are names of things where they stand in brackets."""
PROSE: Final = frozenset(
    {"error", "fail", "severe", "fine", "config", "alert", "success", "critical", "panic", "failure", "notice"}
)


class Head:
    """What the tokens at the front of one line said."""

    __slots__ = ("at", "draft", "moment", "setting", "text")

    def __init__(self, text: str, setting: Setting) -> None:
        self.text, self.setting = text, setting
        self.at = 0
        self.moment: Moment | None = None
        self.draft = Draft()
