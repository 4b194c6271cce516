"""What the bytes of a matching record show: as a test of a few lines, and as a search through a block of many.

Signs may only be seen too often, never too seldom. A block is searched for the one that is seen least.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from tui.query.patterns import compile_literals, compile_pattern, escape, next_match
from tui.store.needles import Block, find, find_folded, is_fast
from tui.values import frozen

BytesTest = Callable[[bytes], bool]
Spots = list[int] | None
"""Where in a block, a place for each line and in order; None when there are too many to tell them apart."""
Search = Callable[[Block, int], Spots]
"""Looks through the first so many bytes of a block."""
Next = Callable[[Block, int, int], int]
"""The first place within two bounds, or -1."""

MOST_SPOTS: Final = 4096
_FOLDING: Final = {"k": "\u212a", "i": "\u0130", "s": "\u017f"}
"""Letters outside ASCII whose small or capital form is an ASCII letter."""
_UNFOLDED: Final = frozenset("i" if is_fast() else "kis")
"""Those that no search in any case finds: the small form of the dotted capital I is longer than one letter."""
FEW: Final = 48
"""More literals than this and one pattern for all of them is faster."""
_TELLING: Final = 4
"""Letters have two forms; so many characters that are none are a landmark for a text in any case."""


@frozen
class Sign:
    """Something that every matching record shows."""

    shown: BytesTest
    """Whether a few lines show it."""
    search: Search
    share: float
    """A guess how many lines of an ordinary log show it."""


def every(signs: Iterable[Sign | None]) -> Sign | None:
    """All of the signs there are."""
    found = [sign for sign in signs if sign is not None]
    if len(found) < 2:
        return found[0] if found else None
    rarest = min(found, key=lambda one: one.share)
    return Sign(lambda lines: all(sign.shown(lines) for sign in found), rarest.search, rarest.share)


def some(signs: Iterable[Sign | None]) -> Sign | None:
    """Any of the signs; nothing when one of them is missing."""
    found: list[Sign] = []
    for sign in signs:
        if sign is None:
            return None
        found.append(sign)
    if len(found) < 2:
        return found[0] if found else None
    searches = [sign.search for sign in found]
    return Sign(
        lambda lines: any(sign.shown(lines) for sign in found),
        lambda data, size: together(search(data, size) for search in searches),
        sum(sign.share for sign in found),
    )


def together(spots: Iterable[Spots]) -> Spots:
    """The places of several searches, as long as they can be told apart."""
    lists: list[list[int]] = []
    for one in spots:
        if one is None:
            return None
        if one:
            lists.append(one)
    return list(heapq.merge(*lists)) if len(lists) > 1 else lists[0] if lists else []


def searching(following: Next) -> Search:
    """A search that stops once in every line."""

    def search(data: Block, size: int) -> Spots:
        found: list[int] = []
        at = following(data, 0, size)
        while at >= 0:
            found.append(at)
            if len(found) > MOST_SPOTS:
                return None
            end = data.find(b"\n", at, size)
            at = following(data, end + 1, size) if end >= 0 else -1
        return found

    return search


def pattern(text: str, share: float) -> Sign:
    """A pattern of bytes."""
    return _plain(next_match(compile_pattern(text)), share)


def among(needles: Sequence[bytes]) -> Sign | None:
    """Any of several byte strings as they are: a search for each while they are few, else one for all."""
    if len(needles) <= FEW:
        return some([_plain(_exact(one), 0.4 ** len(one)) for one in needles]) if needles else None
    return _plain(next_match(compile_literals(needles)), 0.01)


def literal(run: str, *, folds: bool) -> Sign:
    """A run of characters as such; outside ASCII also as JSON may write it, `\\uXXXX`."""
    folds = folds and any(char.isalpha() for char in run)
    plain = _plain(_folded(run) if folds else _exact(run.encode()), 0.4 ** len(run))
    signs = [plain]
    if not run.isascii():
        signs.append(pattern(r"\\u", 0.01))
    if folds:
        signs += [_plain(_exact(_FOLDING[char].encode()), 0.0) for char in _UNFOLDED & set(run)]
    return some(signs) or plain


def _plain(following: Next, share: float) -> Sign:
    return Sign(lambda lines: following(lines, 0, len(lines)) >= 0, searching(following), share)


def _exact(needle: bytes) -> Next:
    return lambda data, start, end: find(data, needle, start, end)


def _folded(run: str) -> Next:
    """In any case; found by the part of it that has no case, where there is one that tells enough."""
    needle = run.encode()
    if not is_fast():
        return next_match(compile_pattern("(?i)" + escape(run)))
    fragment = max("".join(" " if char.isalpha() else char for char in run).split(" "), key=len)
    if len(fragment) < _TELLING or not run.isascii():
        return lambda data, start, end: find_folded(data, needle, start, end)
    landmark, before, size = fragment.encode(), run.index(fragment), len(run)
    if not set(run) & _FOLDING.keys():

        def following_ascii(data: Block, start: int, end: int) -> int:
            at = find(data, landmark, start + before, end)
            while at >= 0:
                if data[at - before : min(end, at - before + size)].lower() == needle:
                    return at - before
                at = find(data, landmark, at + 1, end)
            return -1

        return following_ascii

    def following(data: Block, start: int, end: int) -> int:
        at = find(data, landmark, start, end)
        while at >= 0:
            # letters may be longer in another case: the Kelvin sign is one that folds to ASCII
            low, high = max(start, at - 3 * before), min(end, at + 3 * len(run))
            around = data[low:high]
            found = around.lower().find(needle) if around.isascii() else find_folded(around, needle, 0, len(around))
            if found >= 0:
                return low + found
            at = find(data, landmark, at + 1, end)
        return -1

    return following
