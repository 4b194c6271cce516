"""The styles of a theme as Rich writes them; what they are is said in colours.py."""

from __future__ import annotations

from typing import Final

from rich.style import Style

from tui.presentation.colours import CHROME, GROUND, words

LINK: Final = "link "
"""Begins the style of a text that leads to the address behind it."""


class Palette:
    """The styles of one theme, on its ground colour."""

    def __init__(self, name: str) -> None:
        table, chrome_table = words(name), words(name, chrome=True)
        self.name = name
        self.ground = Style.parse(table[GROUND])
        self.chrome = Style.parse(chrome_table[CHROME])
        self._styles = {key: self.ground + Style.parse(text) for key, text in table.items()}
        self._chrome_styles = {key: self.chrome + Style.parse(text) for key, text in chrome_table.items()}

    def style(self, name: str, *, chrome: bool = False) -> Style:
        """The style of a name; the ground for a name that is not known."""
        if chrome:
            return self._chrome_styles.get(name, self.chrome)
        if name.startswith(LINK):
            return self._styles["id"] + Style(link=name.removeprefix(LINK))
        return self._styles.get(name, self.ground)
