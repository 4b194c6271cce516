"""The head of an ordinary text line: time, level, thread, logger, service in whatever order and brackets.

One reader for the hundred layouts that differ only in order and punctuation; formats that need their own rule are in
`patterns`, and what brackets hold in `head_brackets`. The rest of the line is the message.
"""

from __future__ import annotations

import re

from tui.lazy import Lazy
from tui.parsing.draft import Draft, Setting
from tui.parsing.head_brackets import read_bracket
from tui.parsing.head_tokens import (
    AFTER_PID,
    BEFORE_LEVEL,
    BRACES,
    CALLER,
    CELLS,
    DJANGO,
    HEAD_GOES_ON,
    JAVA_CLASS,
    LETTER,
    LETTER_FIRST,
    LEVEL,
    LOGGER,
    MAX_HEAD_CHARS,
    MAX_STEPS,
    METADATA,
    NAMED_AFTER,
    PARENTHESES,
    PID,
    PROSE,
    SEPARATOR,
    SPLIT,
    TAG,
    ZONE_NAME,
    Head,
)
from tui.parsing.levels import level_in_text
from tui.parsing.logfmt import read_pairs
from tui.parsing.structured import absorb
from tui.parsing.timestamps import Moment, find_time, match_time, read_time
from tui.parsing.vocabulary import severity_of_word
from tui.typed import Final


def read_header(text: str, setting: Setting) -> Draft:
    """A draft of one line (its continuation lines taken off); without a recognised head the message is the line."""
    head = Head(text, setting)
    for _ in range(MAX_STEPS):
        skipped = SEPARATOR.match(text, head.at)
        start = skipped.end() if skipped else head.at
        if start >= len(text) or start > MAX_HEAD_CHARS or not _token(head, start):
            break
    draft = head.draft
    if head.at:
        skipped = SEPARATOR.match(text, head.at)
        draft.message = text[skipped.end() if skipped else head.at :]
        draft.own_message = True
    if not head.at or not (draft.message or draft.severity):
        draft.message = text
    if head.moment is None and setting.anywhere:
        _late_time(head)
    _set_time(draft, head.moment)
    draft.severity = draft.severity or level_in_text(text, draft.message or "")
    draft.format = "text"
    return draft


def _set_time(draft: Draft, moment: Moment | None) -> None:
    if moment is not None:
        draft.time_ns, draft.zoned = moment.ns, moment.zoned
        draft.time_source = "inferred-year" if moment.inferred == "year" else "inner"
        if moment.inferred == "date":
            draft.notes.append("date inferred")


def _late_time(head: Head) -> None:
    """A time further right in the line; what stands before it is kept in the message unless it is the head."""
    found = find_time(head.text, head.setting.zone, head.setting.reference_ns, head.setting.order)
    if found is None:
        return
    start, end, moment = found
    head.moment = moment
    draft = head.draft
    if head.at == 0 and start <= 24 and " " not in head.text[:start].strip("[] ") and not draft.severity:
        rest = read_header_tail(head.text, end, head.setting)
        draft.message, draft.own_message = rest.message, True
        draft.severity, draft.logger, draft.service = rest.severity, rest.logger, rest.service
        draft.ids += rest.ids
        draft.fields = rest.fields


def read_header_tail(text: str, at: int, setting: Setting) -> Draft:
    """What follows a time that did not stand first."""
    rest = text[at:].lstrip("] ,;:|-")
    head = Head(rest, setting)
    head.moment = Moment(0, False)
    for _ in range(MAX_STEPS):
        skipped = SEPARATOR.match(rest, head.at)
        start = skipped.end() if skipped else head.at
        if start >= len(rest) or start > MAX_HEAD_CHARS or not _token(head, start):
            break
    skipped = SEPARATOR.match(rest, head.at)
    head.draft.message = rest[skipped.end() if skipped else head.at :]
    return head.draft


def _token(head: Head, start: int) -> bool:
    """Take one token at `start`; False when the message begins there."""
    text, char = head.text, head.text[start]
    if head.moment is None and (char.isdigit() or char.isalpha()):
        found = match_time(text, start, head.setting.zone, head.setting.reference_ns, head.setting.order)
        if found is not None and (found[0] >= len(text) or not text[found[0]].isalnum()):
            head.at, head.moment = found
            if text[head.at + 1 : head.at + 2].isupper() and (zone := ZONE_NAME.match(text, head.at)):
                head.at = zone.end()
            return True
    if char == "[":
        return _split_time(head, start) or read_bracket(head, start)
    if head.moment is None and char in '(@"' and _enclosed_time(head, start):
        return True
    letter = char in "TDIWEFVNC" and not head.draft.severity and not text[start + 1 : start + 2].isalpha()
    if letter and _letter(head, start):
        return True
    if char == "{" and (match := BRACES.match(text, start)):
        head.draft.fields.setdefault("caller", match[1])
        head.at = match.end()
        return True
    if not head.draft.severity and (_cells(head, start) or _level(head, start)):
        return True
    if not head.draft.severity and head.moment is not None and (match := METADATA.match(text, start)):
        absorb(head.draft, read_pairs(match[1]))
        head.at = match.end()
        return True
    if char == "(" and (match := PARENTHESES.match(text, start)) and (head.moment or head.draft.severity):
        head.draft.fields.setdefault("context", match[1])
        head.at = match.end()
        return True
    if not head.draft.severity and head.moment is not None and (match := PID.match(text, start)) and (
        head.draft.logger is None or AFTER_PID.match(text, match.end())
    ):  # fmt: skip
        head.draft.fields.setdefault("pid" if "pid" not in head.draft.fields else "thread", match[0])
        head.at = match.end()
        return True
    return _logger(head, start)


def _split_time(head: Head, start: int) -> bool:
    match = SPLIT.match(head.text, start) if head.moment is None else None
    if match is None:
        return False
    head.moment = read_time(f"{match[1]} {match[2]}", head.setting.zone, head.setting.reference_ns)
    head.at = match.end()
    return head.moment is not None


def _enclosed_time(head: Head, start: int) -> bool:
    """A time in parentheses or quotes, or behind the at sign of a TAI64 label."""
    text = head.text
    opening = text[start]
    at = start if opening == "@" else start + 1
    found = match_time(text, at, head.setting.zone, head.setting.reference_ns, head.setting.order)
    closing = {"(": ")", '"': '"'}.get(opening, "")
    if found is None or not text.startswith(closing, found[0]):
        return False
    head.at, head.moment = found[0] + len(closing), found[1]
    return True


def _cells(head: Head, start: int) -> bool:
    """What stands between bars before the level that does so, too."""
    if head.moment is None or head.text[start - 1 : start].isalnum():
        return False
    bars = "|" in head.text[max(0, start - 2) : start]
    match = CELLS.match(head.text, start) if bars else None
    if match is None:
        return False
    first, *rest = (cell.strip() for cell in match[1].split("|")[:-1])
    head.draft.logger = first or None
    if rest:
        head.draft.fields.setdefault("thread", rest[0])
    head.at = match.end()
    return True


def _letter(head: Head, start: int) -> bool:
    match = (LETTER if head.moment is not None else LETTER_FIRST).match(head.text, start)
    if match is None:
        return False
    head.draft.severity = severity_of_word(match[1])
    head.at = match.end() + (head.text[match.end() : match.end() + 1] in ("/", "!"))
    return True


def _level(head: Head, start: int) -> bool:
    match = LEVEL.match(head.text, start)
    if match is None:
        return False
    word, after = match[1], head.text[match.end() : match.end() + 2]
    closed = (
        bool(match[2])
        or after[:1] == "/"
        or NAMED_AFTER.match(head.text, match.end()) is not None
        or after[:1] in ("|", "[", "\t", "")
        or after == "  "
        or after[:2] in (" -", " [", " |")
    )
    if word.isupper() or closed or (head.moment is not None and word.islower() and word not in PROSE):
        if not word.isupper() and head.moment is None and match[2] != ":" and match[0][0] not in "<(":
            return False
        prose = word.isupper() and not closed and after[:1] == " " and word.lower() in PROSE
        if prose and head.moment is None and not HEAD_GOES_ON.match(head.text, match.end() + 1):
            head.draft.severity = severity_of_word(word)
            return False
        head.draft.severity = severity_of_word(word)
        head.at = match.end()
        return True
    if head.moment is not None and word.islower():
        head.draft.severity = severity_of_word(word)
    return False


def _named_before(head: Head, start: int) -> bool:
    """`name LEVEL` after a time, `module process thread` after a level and a time."""
    draft = head.draft
    if head.moment is None or draft.logger is not None:
        return False
    match = (DJANGO if draft.severity else BEFORE_LEVEL).match(head.text, start)
    if match is None:
        return False
    draft.logger, head.at = match[1], match.end()
    if draft.severity:
        draft.fields.update(pid=match[2], thread=match[3])
    return True


_PLACE: Final = Lazy(r"(?:in ([\w.]{1,80}): |([\w.<>]{1,80}):([\w<>]{1,60}):(\d{1,6})(?: -)? )")
"""Flask's `in module: `, and a module with its function and line."""


def _logger(head: Head, start: int) -> bool:
    draft = head.draft
    if head.moment is None and not draft.severity:
        return False
    placed = draft.severity and draft.logger is None and head.text.find(":", start, start + 80) > 0
    if placed and (place := _PLACE.match(head.text, start)):
        draft.logger, head.at = place[1] or place[2], place.end()
        if place[3]:
            draft.fields.update(func=place[3], lineno=int(place[4]))
        return True
    if _named_before(head, start):
        return True
    tag = TAG.match(head.text, start)
    if tag is not None and draft.logger is None:
        draft.logger, head.at = tag[1], tag.end()
        if severity_of_word(tag[2]) or draft.service is None:
            draft.fields.setdefault("pid", tag[2])
        return True
    if draft.logger is not None:
        return False
    if draft.severity and (java := JAVA_CLASS.match(head.text, start)):
        draft.logger, head.at = java[1], java.end()
        return True
    match = LOGGER.match(head.text, start)
    if match is None or len(match[1]) < 2:
        return False
    name, separator = match[1], match[2]
    if CALLER.fullmatch(name) and separator.strip()[:1] in (":", "-"):
        draft.fields.setdefault("caller", name)
        head.at = match.end()
        return True
    if separator.isspace() and separator == " " and "." not in name.strip("."):
        return False
    telling = "." in name.strip(".") or "::" in name or "$" in name or ":" in name or "[" in name
    # behind nothing but a time the word is more likely the beginning of the message
    apart = separator[0].isspace() and separator.strip() == ":" and (draft.severity > 0 or bool(draft.fields))
    if not telling and not apart and "-" not in separator and "|" not in separator and not (
        separator[0] == ":" and (name[1:].lower() != name[1:] or "_" in name)
    ):  # fmt: skip
        return False
    if separator[0] != ":" and "-" not in separator and "|" not in separator and not telling and not apart:
        return False
    if name.endswith(("Error", "Exception")) and separator[0] == ":":
        return False
    inner = re.search(r"\[([A-Z]+)\]$", name)
    if inner is not None and not draft.severity and (found := severity_of_word(inner[1])):
        draft.severity, name = found, name[: inner.start()]
    draft.logger, head.at = name, match.end()
    return True
