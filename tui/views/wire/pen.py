"""The colours and marks that characters are written with, and the shortest way from one such pen to another."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

FOREGROUND: Final = frozenset([*range(30, 38), *range(90, 98)])
BACKGROUND: Final = frozenset([*range(40, 48), *range(100, 108)])
MARKS: Final = frozenset([1, 2, 3, 4, 5, 6, 7, 8, 9, 21, 51, 52, 53])
WITHOUT: Final = {
    22: {1, 2},
    23: {3},
    24: {4, 21},
    25: {5, 6},
    27: {7},
    28: {8},
    29: {9},
    54: {51, 52},
    55: {53},
}
"""Codes that end marks, and which."""
EXTENDED: Final = {5: 3, 2: 5}
"""How many numbers a colour of a palette, or one by its parts, takes after 38 or 48."""


class Pen(NamedTuple):
    """What an SGR sequence sets, by its codes; the terminal's own colours are empty."""

    foreground: str = ""
    background: str = ""
    marks: tuple[int, ...] = ()


PLAIN: Final = Pen()


@lru_cache(maxsize=4096)
def after(pen: Pen, codes: str) -> Pen | None:
    """The pen once `CSI codes m` was obeyed; None when a code is not known here."""
    foreground, background, marks = pen.foreground, pen.background, set(pen.marks)
    numbers = [int(code) if code else 0 for code in codes.split(";")]
    at = 0
    while at < len(numbers):
        number, taken = numbers[at], 1
        if number == 0:
            foreground, background, marks = "", "", set()
        elif number in (38, 48):
            taken = EXTENDED.get(numbers[at + 1] if at + 1 < len(numbers) else 0, 0)
            if not taken or at + taken > len(numbers):
                return None
            colour = ";".join(map(str, numbers[at : at + taken]))
            foreground, background = (colour, background) if number == 38 else (foreground, colour)
        elif number in FOREGROUND or number == 39:
            foreground = "" if number == 39 else str(number)
        elif number in BACKGROUND or number == 49:
            background = "" if number == 49 else str(number)
        elif number in MARKS:
            marks.add(number)
        elif number in WITHOUT:
            marks -= WITHOUT[number]
        else:
            return None
        at += taken
    return Pen(foreground, background, tuple(sorted(marks)))


@lru_cache(maxsize=4096)
def turn(old: Pen | None, new: Pen) -> str:
    """What to send so that the terminal writes with `new` after `old`; from None, which is any pen at all."""
    if old == new:
        return ""
    if old is None or not set(old.marks) <= set(new.marks):
        # marks end together with the colours: the codes for single ones are not the same everywhere
        old, codes = PLAIN, ["" if new == PLAIN else "0"]
    else:
        codes = []
    codes += [str(mark) for mark in new.marks if mark not in old.marks]
    if new.foreground != old.foreground:
        codes.append(new.foreground or "39")
    if new.background != old.background:
        codes.append(new.background or "49")
    return f"\x1b[{';'.join(codes)}m"
