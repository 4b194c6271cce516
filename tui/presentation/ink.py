"""Drawn lines in the colours of a theme, as what a terminal is sent: what Rich would write, without loading it."""

from __future__ import annotations

from tui.presentation.cells import cell_width
from tui.presentation.colours import CHROME, GROUND, words
from tui.record import Drawn
from tui.typed import Final, Literal

Depth = Literal["truecolor", "256", "16"]
"""How many colours a terminal has."""

_MARKS: Final = {"bold": "1", "italic": "3", "reverse": "7"}
_NAMES: Final = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_NUMBERS: Final = {"default": 39} | {
    lead + name: first + at for lead, first in (("", 30), ("bright_", 90)) for at, name in enumerate(_NAMES)
}
_BACKGROUND: Final = 10
"""A colour's number for the ground is that much higher."""
_END: Final = "\x1b[0m"


class Ink:
    """Writes in the colours of one theme."""

    def __init__(self, theme: str, depth: Depth) -> None:
        self._theme = theme
        self._depth = depth
        self._begins: dict[tuple[str, bool], str] = {}

    def line(self, drawn: Drawn, width: int, *, chrome: bool = False) -> str:
        """To the right edge."""
        used = sum(cell_width(text) for text, _ in drawn)
        rest = (" " * max(0, width - used), "text")
        return "".join([self.begin(name, chrome) + text + _END for text, name in (*drawn, rest)])

    def begin(self, name: str, chrome: bool) -> str:
        """What stands before a text of a style."""
        begin = self._begins.get((name, chrome))
        if begin is None:
            table = words(self._theme, chrome=chrome)
            ground = table[CHROME if chrome else GROUND]
            begin = self._begins[name, chrome] = _begin(f"{ground} {table.get(name, '')}", self._depth)
        return begin


def _begin(style: str, depth: Depth) -> str:
    """The sequence for words such as `bold red on black`; of two colours for the same the later one counts."""
    marks, colours, behind = set(), {False: "", True: ""}, False
    for word in style.split():
        if word in _MARKS:
            marks.add(_MARKS[word])
        elif word == "on":
            behind = True
            continue
        else:
            colours[behind] = _colour(word, depth, behind)
        behind = False
    return f"\x1b[{';'.join(filter(None, (*sorted(marks), *colours.values())))}m"


def _colour(word: str, depth: Depth, behind: bool) -> str:
    if word[0] != "#":
        return str(_NUMBERS[word] + _BACKGROUND * behind)
    if depth == "16":
        from rich.color import Color, ColorSystem

        return ";".join(Color.parse(word).downgrade(ColorSystem.STANDARD).get_ansi_codes(not behind))
    red, green, blue = parts = (int(word[1:3], 16), int(word[3:5], 16), int(word[5:7], 16))
    how = f"2;{red};{green};{blue}" if depth == "truecolor" else f"5;{_of_256(parts)}"
    return f"{48 if behind else 38};{how}"


def _of_256(parts: tuple[int, int, int]) -> int:
    """The nearest of the 256 colours: a grey for what is hardly coloured, else one of the cube of six by six by six."""
    most, least = max(parts) / 255, min(parts) / 255
    light = (most + least) / 2
    spread = most - least
    if spread == 0 or spread / (most + least if light <= 0.5 else 2 - most - least) < 0.15:
        grey = round(light * 25)
        return {0: 16, 25: 231}.get(grey, 231 + grey)
    six = [round(part / 95 if part < 95 else 1 + (part - 95) / 40) for part in parts]
    return 16 + 36 * six[0] + 6 * six[1] + six[2]
