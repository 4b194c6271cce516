"""Textual's themes under our palettes, for what Textual draws itself."""

from __future__ import annotations

from typing import Final

from textual.theme import Theme

CHROME: Final = {"dark": "tracetail-dark", "light": "tracetail-light", "ansi": "ansi-dark", "plain": "ansi-dark"}
"""Textual's theme under ours, for what Textual draws itself: the query's input, questions, the list of commands."""
THEMES: Final = (
    Theme(
        name="tracetail-dark",
        primary="#79c0ff",
        secondary="#9ecbff",
        accent="#79c0ff",
        warning="#e3b341",
        error="#ff8278",
        success="#7ee787",
        foreground="#c9d1d9",
        background="#0d1117",
        surface="#161b22",
        panel="#1c2128",
        dark=True,
        variables={"input-selection-background": "#79c0ff 35%"},
    ),
    Theme(
        name="tracetail-light",
        primary="#0550ae",
        secondary="#1f5fa8",
        accent="#0550ae",
        warning="#7d4e00",
        error="#b01019",
        success="#116329",
        foreground="#24292f",
        background="#ffffff",
        surface="#f6f8fa",
        panel="#eaeef2",
        dark=False,
        variables={"input-selection-background": "#0550ae 25%"},
    ),
)
