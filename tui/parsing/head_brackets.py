"""What stands in square brackets in the head of a text line: a level, a time, a process, a thread, a logger, ids.

Where in the head a bracket may stand, and what stands outside of brackets, is left to `header`.
"""

from __future__ import annotations

from tui.lazy import Lazy
from tui.parsing.draft import Draft
from tui.parsing.head_tokens import BRACKET, DOTTED, NO_LEVELS, SERVICE, THREAD, THREAD_FIRST, ZONE_NAME, Head
from tui.parsing.ids import canonical_value, found_in_text
from tui.parsing.logfmt import read_pairs
from tui.parsing.timestamps import match_time, read_time
from tui.parsing.vocabulary import LEVEL_PATTERN, severity_of_word
from tui.typed import Final


def read_bracket(head: Head, start: int) -> bool:
    """Take a bracket at `start`; False when the message begins there."""
    match = BRACKET.match(head.text, start)
    if match is None:
        return False
    content = match[1].strip()
    draft = head.draft
    if start == 0 and THREAD_FIRST.match(head.text):
        draft.fields["thread"] = content
        head.at = match.end()
        return True
    taken = _bracket_means(head, content) if content else True
    if taken:
        head.at = match.end()
        if head.text[head.at : head.at + 1] == ":":
            head.at += 1
    elif draft.severity and not draft.ids and len(content) > 7:
        draft.ids += found_in_text(content)
    return taken


def _bracket_means(head: Head, content: str) -> bool:
    draft = head.draft
    if (
        not draft.severity
        and (len(content) > 1 or (head.moment is not None and content.isupper()))
        and content not in NO_LEVELS
    ):
        draft.severity = severity_of_word(content)
        if draft.severity:
            return True
    if head.moment is None and _time_and_more(head, content):
        return True
    if content.isdecimal() or (content[0] == "#" and content[1:].isdecimal()) or content.startswith(("pid ", "pid:")):
        draft.fields.setdefault("pid", content.lstrip("#pid: "))
        return True
    if _id_bracket(draft, content):
        return True
    if not draft.severity and (shared := _LEVEL_AND_MORE.fullmatch(content)):
        draft.severity = severity_of_word(shared[2] or shared[3])
        draft.fields.setdefault("thread", shared[1] or shared[4])
        return True
    if " " in content or (head.moment is None and not draft.severity):
        if head.moment is not None and not draft.severity and len(content) < 60:
            draft.fields.setdefault("thread", content)
            return True
        return False
    if not draft.severity and draft.logger is None and DOTTED.fullmatch(content) and not THREAD.match(content):
        draft.logger = content
    elif not draft.severity or THREAD.match(content):
        draft.fields.setdefault("thread", content)
    elif draft.service is None and SERVICE.fullmatch(content) and "." not in content:
        draft.service = content
    elif draft.logger is None:
        draft.logger = content
    else:
        draft.fields.setdefault("thread", content)
    return True


_LEVEL_AND_MORE: Final = Lazy(rf"(.{{1,80}}?)[/|](?-i:({LEVEL_PATTERN}))|(?-i:({LEVEL_PATTERN}))[/|](.{{1,80}})")
"""Minecraft's `Server thread/INFO`, celery's `INFO/MainProcess`."""


def _time_and_more(head: Head, content: str) -> bool:
    """A time in brackets, alone or before a level, a thread or a logger."""
    setting = head.setting
    found = match_time(content, 0, setting.zone, setting.reference_ns, setting.order)
    if found is None or content[found[0] : found[0] + 1].isalnum():
        moment = read_time(content, setting.zone, setting.reference_ns, setting.order)
        head.moment = moment
        return moment is not None
    end, head.moment = found
    zone = ZONE_NAME.match(content, end)
    words = content[zone.end() if zone else end :].strip(" ,:|#").split(None, 2)
    draft = head.draft
    for word in words:
        level = severity_of_word(word) if len(word) > 1 and not draft.severity else 0
        if level:
            draft.severity = level
        elif word.lstrip("#").isdecimal():
            draft.fields.setdefault("pid", word.lstrip("#"))
        else:
            draft.fields.setdefault("thread", word)
    return True


_SLEUTH: Final = Lazy(r"([\w.-]*),([0-9a-fA-F]{0,32}),([0-9a-fA-F]{0,16})(?:,(?:true|false)?)?")
_TRACE_SPAN: Final = Lazy(r"([0-9a-f]{32}|[0-9a-f]{16})-([0-9a-f]{16})")


def _id_bracket(draft: Draft, content: str) -> bool:
    sleuth = _SLEUTH.fullmatch(content)
    if sleuth:
        draft.service = draft.service or sleuth[1] or None
        _add_ids(draft, ("trace", sleuth[2]), ("span", sleuth[3]))
        return True
    pair = _TRACE_SPAN.fullmatch(content)
    if pair:
        _add_ids(draft, ("trace", pair[1]), ("span", pair[2]))
        return True
    if "=" in content and (pairs := read_pairs(content)) and (" " not in content or content.count("=") > 1):
        draft.fields.update((key, value) for key, value in pairs.items() if key not in draft.fields)
        draft.ids += found_in_text(content)
        return True
    found = found_in_text(content) if len(content) > 7 else ()
    draft.ids += found
    return bool(found)


def _add_ids(draft: Draft, *found: tuple[str, str]) -> None:
    for kind, text in found:
        value = canonical_value(text)
        if value is not None:
            draft.ids.append((kind, value))
