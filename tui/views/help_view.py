"""The keys that work here, in groups, and the query language in a few lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui.presentation.cells import fit
from tui.record import Drawn
from tui.views.actions import ACTIONS, GROUPS
from tui.views.panes import Content

QUERY_HELP = (
    ('word  "a phrase"  /regex/', "text; lower case matches any case"),
    ("field:value  field=value", "also (a or b), * and ?, field:* exists"),
    ("duration>500ms  size>=2MB", "numbers with units; status:[500 TO 599]"),
    ("level>=warn  service:pay*", "and or not ( ), a space means and"),
    ("id:7f3a…  trace:…", "any id of the record, its trace"),
    ("since:-5m  before:12:30", "time"),
)


class HelpView(Content):
    """Closes like any pane."""

    name = "help"

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._keys = keys

    def title(self, width: int) -> Drawn:
        return ((" Help ", "bold"), ("   Esc closes", "hint"))

    def lines(self, width: int) -> Sequence[tuple[Drawn, object]]:
        cells: list[list[Drawn]] = []
        columns = 2 if width >= 76 else 1
        column = width // columns
        for group in GROUPS:
            block: list[Drawn] = [((fit(group, column), "bold"),)]
            for action in ACTIONS:
                if action.group == group:
                    shown = self._keys.get(action.id, action.shown)
                    block.append(((fit(shown, 14, "right"), "key"), (fit("  " + action.label, column - 14), "text")))
            block.append(((" " * column, "text"),))
            cells.append(block)
        query: list[Drawn] = [((fit("Query", column), "bold"),)]
        for form, meaning in QUERY_HELP:
            query.append(
                ((fit("  " + form, min(30, column)), "key"), (fit("  " + meaning, max(0, column - 30)), "text"))
            )
        cells.append(query)
        stacks: list[list[Drawn]] = [[] for _ in range(columns)]
        for block in cells:
            min(stacks, key=len).extend(block)
        height = max(map(len, stacks))
        blank: Drawn = ((" " * column, "text"),)
        rows = [sum((stack[y] if y < len(stack) else blank for stack in stacks), ()) for y in range(height)]
        notes = (
            "  y copies through the terminal (OSC 52); where that is blocked, s saves to a file. Hold Shift to select with the mouse.",
            "  ␛ ␀ and the like stand for control characters in a log: they are shown, never obeyed.",
        )
        return [(row, index) for index, row in enumerate([*rows, *(((note, "hint"),) for note in notes)])]
