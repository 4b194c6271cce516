"""Every action once: id, keys, label, group and help. The keys can be changed in the settings; the ids are stable."""

from __future__ import annotations

from typing import Final

from tui.values import frozen


@frozen
class Action:
    """What a key does."""

    id: str
    keys: str
    """Textual's names of the keys, separated by commas."""
    shown: str
    """The keys as a person reads them."""
    label: str
    group: str


ACTIONS: Final = (
    Action("down", "j,down", "j ↓", "next line", "Move"),
    Action("up", "k,up", "k ↑", "previous line", "Move"),
    Action("page-down", "space,pagedown,ctrl+d", "Space PgDn ^d", "page down", "Move"),
    Action("page-up", "b,pageup,ctrl+u", "b PgUp ^u", "page up", "Move"),
    Action("top", "g,home", "g", "oldest line", "Move"),
    Action("bottom", "G,end", "G", "newest line, and follow", "Move"),
    Action("go-to-time", "T", "T", "go to a time", "Move"),
    Action("follow", "F", "F", "follow on or off", "Move"),
    Action("left", "left", "←", "scroll left", "Move"),
    Action("right", "right", "→", "scroll right", "Move"),
    Action("wrap", "z", "z", "wrap long lines", "Move"),
    Action("query", "slash", "/", "filter", "Find"),
    Action("hide", "backslash", "\\", "hide or only highlight", "Find"),
    Action("next-match", "n", "n", "next match", "Find"),
    Action("previous-match", "N", "N", "previous match", "Find"),
    Action("next-error", "e", "e", "next error", "Find"),
    Action("previous-error", "E", "E", "previous error", "Find"),
    Action("next-warning", "w", "w", "next warning", "Find"),
    Action("previous-warning", "W", "W", "previous warning", "Find"),
    Action("level-1", "1", "1", "all levels", "Find"),
    Action("level-2", "2", "2", "debug and above", "Find"),
    Action("level-3", "3", "3", "info and above", "Find"),
    Action("level-4", "4", "4", "warn and above", "Find"),
    Action("level-5", "5", "5", "error and above", "Find"),
    Action("level-6", "6", "6", "fatal only", "Find"),
    Action("next-gap", "full_stop", ".", "next gap of the request", "Find"),
    Action("slowest", "S", "S", "slowest work of the request, then the next", "Find"),
    Action("detail", "enter", "Enter", "all fields of the line", "Look"),
    Action("request", "t", "t", "this request's story", "Look"),
    Action("request-of", "r", "r", "a request by its id", "Look"),
    Action("entry", "d", "d", "all about the chosen bar of the request", "Look"),
    Action("compare", "v", "v", "compare with a normal request, or the marked one", "Look"),
    Action("elsewhere", "o", "o", "the request in other tools", "Look"),
    Action("zoom-in", "plus,equals_sign", "+", "closer: half the time", "Look"),
    Action("zoom-out", "minus", "-", "farther: twice the time", "Look"),
    Action("zoom-all", "0", "0", "all the time of the request", "Look"),
    Action("earlier", "less_than_sign,comma", "<", "an earlier part of the time", "Look"),
    Action("later", "greater_than_sign", ">", "a later part of the time", "Look"),
    Action("errors", "x", "x", "errors in groups", "Look"),
    Action("explain", "X", "X", "suspects behind what changed", "Look"),
    Action("histogram", "i", "i", "lines over time", "Look"),
    Action("facets", "f", "f", "levels, services, sources", "Look"),
    Action("clocks", "K", "K", "correct clocks that are off", "Look"),
    Action("reveal", "R", "R", "what a mark of the detail stands for, for 5 s", "Look"),
    Action("mark", "m", "m", "mark the line", "Look"),
    Action("next-mark", "apostrophe", "'", "next mark", "Look"),
    Action("copy", "y", "y", "copy the line, an id or a field", "Take"),
    Action("save", "s", "s", "save what is shown to a file", "Take"),
    Action("next-pane", "tab", "Tab", "next pane", "Panes"),
    Action("shrink", "left_square_bracket", "[", "smaller pane", "Panes"),
    Action("grow", "right_square_bracket", "]", "larger pane", "Panes"),
    Action("cut-link", "c", "c", "cut the id that holds the line in the request", "Panes"),
    Action("restore-link", "C", "C", "put the last cut id back", "Panes"),
    Action("palette", "colon", ":", "all commands", "Panes"),
    Action("help", "question_mark", "?", "this help", "Panes"),
    Action("back", "escape", "Esc", "one step back", "Panes"),
    Action("redraw", "ctrl+l", "^l", "draw the screen anew", "Panes"),
    Action("quit", "q", "q", "close the pane, then quit", "Panes"),
)

BY_ID: Final = {action.id: action for action in ACTIONS}
GROUPS: Final = ("Move", "Find", "Look", "Take", "Panes")
