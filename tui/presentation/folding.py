"""Text in parts that fit a number of cells, cut between what a terminal draws as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tui.typed import Final

_OURS: Final = "…·←→●○◌◐▌▐╰│─⏎␛␉"
_SINGLE: Final = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0xAD), *range(0xAE, 0x300)))).union(_OURS)
"""One cell each, whatever stands beside them: Latin letters and what we draw ourselves."""


def is_single(text: str) -> bool:
    """Whether each character is surely one cell by itself; what is not is left to Rich, which takes time to load."""
    return text.isascii() or _SINGLE.issuperset(text)


def without(text: str, cells: int) -> tuple[str, int]:
    """The text without its first cells, and how many are still to go; half a wide letter leaves a space."""
    if is_single(text):
        return text[cells:], max(0, cells - len(text))
    for start, _, size in clusters(text):
        if cells <= 0:
            return " " * -cells + text[start:], 0
        cells -= size
    return " " * -cells, max(0, cells)


def clusters(text: str) -> Iterable[tuple[int, int, int]]:
    """What a terminal draws as one: start, end and cells of each."""
    if is_single(text):
        return ((at, at + 1, 1) for at in range(len(text)))
    from rich.cells import split_graphemes

    return split_graphemes(text)[0]


def folded(text: str, room: int, used: int = 0) -> Iterator[str]:
    """The text in parts at most `room` cells wide, the first of them `used` cells narrower."""
    if is_single(text):
        yield text[: room - used]
        yield from (text[at : at + room] for at in range(room - used, len(text), room))
        return
    begin, width = 0, used
    for start, _, size in clusters(text):
        if width + size > room and (width or used):
            yield text[begin:start]
            begin, width = start, 0
        width += size
    yield text[begin:]
