"""What stands below a record's first line: a stack trace becomes its error, other lines go on with its message."""

from __future__ import annotations

from tui.parsing.draft import ALL_LINES, Draft
from tui.parsing.stacks import Stack, find_stack
from tui.record import Error


def take_stack(draft: Draft, text: str, *, append: bool = False) -> Stack | None:
    """The error of a stack trace in the text; the message is what stands before it, and lines that are no stack."""
    if "\n" not in text and not append:
        found = find_stack(text) if "panic" in text or "Fatal error" in text else None
    else:
        found = find_stack(text)
    if found is not None and (draft.error is None or draft.error.stack is None):
        # an object that names the error may have its stack on the lines below it
        known = draft.error or found.error
        draft.error = Error(known.type or found.error.type, known.message or found.error.message, found.error.stack)
    if append or "\n" not in text:
        if append and found is None and draft.message:
            draft.message = draft.message + "\n" + text.strip("\n")
        return found
    first_end = text.find("\n", text.index("\n") + 1 if draft.head_lines == 2 else 0)
    first_end = len(text) if first_end < 0 or draft.head_lines == ALL_LINES else first_end
    end = len(text) if found is None else found.start
    more = text[first_end:end].rstrip() if end > first_end else ""
    if found is not None and found.start < first_end:
        at = (draft.message or "").find(text[found.start : first_end])
        if at > 0:
            draft.message = (draft.message or "")[:at].rstrip(" :-\t") or draft.message
    if draft.format != "logfmt" and more.strip():
        draft.message = f"{draft.message or ''}{more}"
    if found is not None and (not draft.message or found.start == 0):
        draft.message = said(found.error) or text[:first_end]
    return found


def said(error: Error) -> str:
    return ": ".join(part for part in (error.type, error.message) if part)
