"""The keys that work here, in groups on one screen, and the query language in a few lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from tui.presentation.cells import fit
from tui.record import Drawn
from tui.views.actions import BY_ID
from tui.views.panes import Content

KEYS: Final[tuple[tuple[str, tuple[tuple[str, str], ...]], ...]] = (
    (
        "Move",
        (
            ("down up", "next, previous line"),
            ("page-down", "page down"),
            ("page-up", "page up"),
            ("top bottom", "oldest, newest (follow)"),
            ("follow go-to-time", "follow; go to a time"),
            ("left right", "sideways; fold, unfold"),
            ("wrap", "wrap long lines"),
        ),
    ),
    (
        "Find",
        (
            ("query", "filter as you type"),
            ("hide", "hide or highlight"),
            ("next-match previous-match", "next, previous match"),
            ("next-error previous-error", "next, previous error"),
            ("next-warning previous-warning", "next, previous warning"),
            ("level-1 level-2 level-3 level-4 level-5 level-6", "least level shown"),
        ),
    ),
    (
        "Look",
        (
            ("detail", "all fields of the line"),
            ("request request-of", "a story; one by its id"),
            ("errors", "errors in groups"),
            ("explain", "who is behind it"),
            ("histogram", "lines over time"),
            ("facets", "levels and services"),
            ("mark next-mark", "mark; next mark"),
            ("copy save", "copy; save to a file"),
        ),
    ),
    (
        "In a request",
        (
            ("zoom-in zoom-out zoom-all earlier later", "zoom, all; move in time"),
            ("next-gap slowest", "next gap; slowest work"),
            ("entry elsewhere", "all of a bar; elsewhere"),
            ("compare clocks", "compare; correct clocks"),
            ("cut-link restore-link", "cut a link; put it back"),
        ),
    ),
    (
        "Panes",
        (
            ("next-pane", "next pane"),
            ("shrink grow", "smaller, larger pane"),
            ("back quit", "step back; close, quit"),
            ("palette help redraw", "commands; help; redraw"),
        ),
    ),
)
"""Actions by group, those that belong together in one line."""

QUERY: Final = (
    ('word "a phrase"', "text, any case"),
    ("/regex/", "linear time"),
    ("field:value", "or = or @field:…"),
    ("field:(a or b)", "one of several"),
    ("field:val*", "wildcards * and ?"),
    ("not field:*", "without the field"),
    ("duration>500ms", "and size>=2MB"),
    ("status:[500 TO 599]", "a range"),
    ("level>=warn", "by severity"),
    ("id:7f3a… trace:…", "any id; its trace"),
    ("since:-5m", "and before:12:30"),
    ("a b or not (c)", "a space means and"),
)

NOTES: Final = (
    "y copies through the terminal (OSC 52); where that is blocked, s saves to a file.",
    "Hold Shift to select with the mouse. ^c quits at once.",
    "␛ ␀ and the like stand for control characters in a log: shown, never obeyed.",
)
KEY_CELLS: Final = 14
COLUMN_CELLS: Final = 39
FORM_CELLS: Final = 21
THREE_FROM: Final = 2 * COLUMN_CELLS + 40
TWO_FROM: Final = 2 * COLUMN_CELLS


class HelpView(Content):
    """Closes like any pane."""

    name = "help"
    whole = True

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._keys = keys

    def title(self, width: int) -> Drawn:
        return ((" Help ", "bold"), ("   j k scroll · Esc closes", "hint"))

    def lines(self, width: int) -> Sequence[tuple[Drawn, object]]:
        blocks = {name: self._block(name, [(self._shown(ids), label) for ids, label in rows]) for name, rows in KEYS}
        query = self._block("Query", QUERY, FORM_CELLS)
        left = [*blocks["Move"], *blocks["Look"]]
        right = [*blocks["Find"], *blocks["In a request"], *blocks["Panes"]]
        if width >= THREE_FROM:
            rows = _beside((left, COLUMN_CELLS), (right, COLUMN_CELLS), (query, width - 2 * COLUMN_CELLS))
        elif width >= TWO_FROM:
            rows = [*_beside((left, COLUMN_CELLS), (right, width - COLUMN_CELLS)), *query]
        else:
            rows = [*left, *right, *query]
        return [(row, None) for row in [*rows, *((("  " + note, "hint"),) for note in NOTES)]]

    def _shown(self, ids: str) -> str:
        return " ".join(self._keys.get(id, BY_ID[id].shown) for id in ids.split())

    @staticmethod
    def _block(name: str, rows: Sequence[tuple[str, str]], left: int = KEY_CELLS) -> list[Drawn]:
        lines: list[Drawn] = [(("  " + name, "bold"),)]
        for form, label in rows:
            shown = fit(form, left, "right") if left == KEY_CELLS else fit("  " + form, left)
            lines.append(((shown, "key"), ("  " + label, "text")))
        return [*lines, ()]


def _beside(*columns: tuple[list[Drawn], int]) -> list[Drawn]:
    """Blocks of lines beside each other, each so many cells wide."""
    height = max(len(lines) for lines, _ in columns)
    return [
        tuple(piece for lines, width in columns for piece in _cells(lines[y] if y < len(lines) else (), width))
        for y in range(height)
    ]


def _cells(line: Drawn, width: int) -> Drawn:
    """The line in exactly `width` cells."""
    drawn = []
    for text, style in line:
        cut = fit(text, min(width, len(text)))
        drawn.append((cut, style))
        width -= len(cut)
    return (*drawn, (" " * width, "text"))
