"""An error with its places as lines: the application's frames bright, the others folded, what it came out of below.

`PaymentDeclined: card declined   payment/charge.py:88 in authorize   (+6 frames)` is the same on one line.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from tui.parsing.faults.reading import read_fault
from tui.presentation.cells import display_text
from tui.record import Error, Fault, Frame, Piece

_TIES: Final = {"cause": "caused by", "context": "while handling", "member": "one of them", "suppressed": "suppressed"}
_SHOWN_OF_FOREIGN: Final = 1
"""Where no frame is the application's, so many are shown all the same."""


def fault_lines(error: Error) -> list[Piece]:
    """The whole chain, a text and its style for each line; the stack's own lines where it has no frames to tell."""
    fault = read_fault(error)
    if not any(one.frames for one in fault.chain) and not fault.causes:
        stack = (error.stack or "").strip("\n")
        return [(line, "text" if line[:1].isspace() else "error") for line in stack.split("\n")] if stack else []
    root = fault.root
    lines: list[Piece] = []
    for one in fault.chain:
        tie = "root cause" if one is root and one is not fault else _TIES.get(one.how, "")
        what, *more = what_of(one).split("\n")
        lines.append((f"{tie}: {what}" if tie else what, "error"))
        lines += [(line, "error") for line in more]
        lines += _frames(one)
    return lines


def what_of(fault: Fault | Error) -> str:
    """`PaymentDeclined: card declined`, as far as it is known."""
    return ": ".join(part for part in (fault.type, fault.message) if part) or "error"


def place_of(frame: Frame) -> str:
    """`payment/charge.py:88 in authorize`, as far as it is known; the end of the path says enough."""
    file = "/".join(frame.file.replace("\\", "/").split("/")[-2:])
    where = ":".join(str(part) for part in (file, frame.line, frame.column) if part) if file else ""
    # Go's functions begin with the whole path of their package
    function = frame.function.rpartition("/")[2] if file.endswith(".go") else frame.function
    return " in ".join(part for part in (where, function) if part)


def summary_of(error: Error) -> tuple[str, str] | None:
    """What went wrong, and where, each on one line; None without a stack."""
    if not error.stack:
        return None
    fault = read_fault(error)
    others = sum(len(one.frames) for one in fault.chain) - 1
    where = f"   {display_text(place_of(fault.place))}" if fault.place is not None else ""
    if others > 0:
        where += f"   (+{others} frame{'s' * (others > 1)})"
    return display_text(what_of(fault).split("\n")[0]), where


def frame_count(error: Error) -> int:
    """How many places the error and what it came out of tell."""
    return sum(len(one.frames) for one in read_fault(error).chain)


def _frames(fault: Fault) -> Iterator[Piece]:
    frames = fault.frames
    if not any(one.in_app for one in frames):
        yield from ((f"    at {place_of(one)}", "text") for one in frames[:_SHOWN_OF_FOREIGN])
        frames = frames[_SHOWN_OF_FOREIGN:]
    for in_app, run in groupby(frames, lambda one: one.in_app):
        found = list(run)
        if in_app:
            yield from ((f"    at {place_of(one)}", "bold") for one in found)
        else:
            yield f"    … {len(found)} frame{'s' * (len(found) > 1)} of the runtime", "dim"
