"""The request in other tools: addresses to click on where the terminal lets one, and to copy everywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tui.presentation.cells import display_text, fit
from tui.presentation.palette import LINK
from tui.record import Drawn
from tui.story.elsewhere import TEMPLATES, Elsewhere
from tui.views.panes import Content

NAME_CELLS = 14


class ElsewhereView(Content):
    """Enter and y copy an address."""

    name = "links"

    def __init__(self, found: Sequence[Elsewhere], told: bool, copy: Callable[[], None]) -> None:
        """`told` says whether the settings name any tool."""
        self._found = found
        self._told = told
        self._copy = copy

    def title(self, width: int) -> Drawn:
        return ((" Elsewhere  ", "bold"), ("Enter copies an address · Esc goes back", "hint"))

    def lines(self, width: int) -> Sequence[tuple[Drawn, object]]:
        if not self._found:
            return [(((f"  {line}", "text"),), None) for line in self._nothing()]
        return [
            (
                (
                    (fit(display_text(one.tool), NAME_CELLS, "right"), "key"),
                    ("  ", "text"),
                    (fit(one.url, max(10, width - NAME_CELLS - 2)).rstrip(), LINK + one.url),
                ),
                one,
            )
            for one in self._found
        ]

    def _nothing(self) -> tuple[str, ...]:
        if self._told:
            return ("this request has no id or time that the tools of the settings ask for",)
        return (
            "no other tool is known; name them in the configuration file:",
            "",
            "[tools]",
            'jaeger = "http://127.0.0.1:16686"',
            'mine = "https://logs.example.com/search?q={id}&from={start_ms}&to={end_ms}"',
            "",
            f"by their address alone: {', '.join(TEMPLATES)}",
        )

    def entered(self, ref: object) -> None:
        if isinstance(ref, Elsewhere):
            self._copy()

    def copied(self, ref: object) -> str:
        return ref.url if isinstance(ref, Elsewhere) else ""
