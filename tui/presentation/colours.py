"""Style names to colours, as words. Text keeps a contrast of at least 4.5:1; only errors are saturated."""

from __future__ import annotations

from collections.abc import Mapping

from tui.typed import Final

_DARK: Final = {
    "ground": "#c9d1d9 on #0d1117",
    "chrome": "#adbac7 on #1c2128",
    "text": "#c9d1d9",
    "dim": "#7d8794",
    "bold": "bold #e6edf3",
    "time": "#8b96a3",
    "id": "#8f9bb3",
    "key": "bold #79c0ff",
    "hint": "italic #8b96a3",
    "ok": "#7ee787",
    "warn": "#e3b341",
    "error": "#ff8278",
    "match": "#0d1117 on #e3b341",
    "mark": "#c297ff",
    "gap": "#8b96a3",
    "level.trace": "#7d8794",
    "level.debug": "#7d8794",
    "level.info": "#9ecbff",
    "level.warn": "#e3b341",
    "level.error": "bold #ff7b72",
    "level.fatal": "bold #0d1117 on #ff7b72",
    "level.none": "#7d8794",
    "service.0": "#7ad0c4",
    "service.1": "#a5c8f0",
    "service.2": "#c9b3f5",
    "service.3": "#d9c08c",
    "service.4": "#9fd18b",
    "service.5": "#e0a8c8",
    "service.6": "#8fc7dd",
    "service.7": "#c8c8a0",
    "bar": "#6e8fb5",
    "bar.critical": "#9ecbff",
    "bar.inferred": "#8b96a3",
    "bar.error": "bold #ff7b72",
    "bar.open": "#7ad0c4",
}

_LIGHT: Final = {
    "ground": "#24292f on #ffffff",
    "chrome": "#424a53 on #eaeef2",
    "text": "#24292f",
    "dim": "#656d76",
    "bold": "bold #1b1f24",
    "time": "#57606a",
    "id": "#57606a",
    "key": "bold #0550ae",
    "hint": "italic #57606a",
    "ok": "#116329",
    "warn": "#7d4e00",
    "error": "#b01019",
    "match": "#24292f on #ffd866",
    "mark": "#6639ba",
    "gap": "#57606a",
    "level.trace": "#656d76",
    "level.debug": "#656d76",
    "level.info": "#0550ae",
    "level.warn": "#7d4e00",
    "level.error": "bold #b01019",
    "level.fatal": "bold #ffffff on #b01019",
    "level.none": "#656d76",
    "service.0": "#0b6b60",
    "service.1": "#1f5fa8",
    "service.2": "#6639ba",
    "service.3": "#7a5200",
    "service.4": "#2c6a1f",
    "service.5": "#96306b",
    "service.6": "#135f78",
    "service.7": "#5c5c1e",
    "bar": "#6a8db8",
    "bar.critical": "#0550ae",
    "bar.inferred": "#57606a",
    "bar.error": "bold #b01019",
    "bar.open": "#0b6b60",
}

_ANSI: Final = {
    "ground": "default",
    "chrome": "reverse",
    "text": "default",
    "dim": "bright_black",
    "bold": "bold",
    "time": "default",
    "id": "cyan",
    "key": "bold",
    "hint": "italic",
    "ok": "green",
    "warn": "yellow",
    "error": "red",
    "match": "reverse yellow",
    "mark": "magenta",
    "gap": "bright_black",
    "level.trace": "bright_black",
    "level.debug": "bright_black",
    "level.info": "blue",
    "level.warn": "yellow",
    "level.error": "bold red",
    "level.fatal": "bold reverse red",
    "level.none": "bright_black",
    "service.0": "cyan",
    "service.1": "blue",
    "service.2": "magenta",
    "service.3": "yellow",
    "service.4": "green",
    "service.5": "bright_magenta",
    "service.6": "bright_cyan",
    "service.7": "bright_yellow",
    "bar": "blue",
    "bar.critical": "bright_blue",
    "bar.inferred": "default",
    "bar.error": "bold red",
    "bar.open": "cyan",
}

_PLAIN_STYLES: Final = {
    "level.error": "bold",
    "level.fatal": "bold reverse",
    "match": "reverse",
    "chrome": "reverse",
    "key": "bold",
}
_ANSI_CHROME: Final = {
    "warn": "bold",
    "error": "bold",
    "key": "bold",
    "hint": "italic",
    "bold": "bold",
    "level.fatal": "bold",
}
"""On a reversed line colours would turn into grounds; dots and words say the same."""
_PLAIN: Final = {name: _PLAIN_STYLES.get(name, "default") for name in _ANSI}

GROUND: Final = "ground"
CHROME: Final = "chrome"


def words(theme: str, *, chrome: bool = False) -> Mapping[str, str]:
    """The styles of a theme by name, each on the one named GROUND, or on a line of chrome on the one named CHROME."""
    if chrome and theme in ("ansi", "plain"):
        return {CHROME: _TABLES[theme][CHROME], **_ANSI_CHROME}
    return _TABLES[theme]


_TABLES: Final = {"dark": _DARK, "light": _LIGHT, "ansi": _ANSI, "plain": _PLAIN}
