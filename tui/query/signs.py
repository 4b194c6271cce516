"""What the bytes of a matching record show: as a test of a few lines, and as a search through a block of many.

Signs may only be seen too often, never too seldom. A block is searched for the one that is seen least.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import Final

from tui.lazy import Lazy
from tui.query.patterns import compile_literals, compile_pattern, escape, next_match
from tui.store.needles import All, Block, find, find_folded, finder, is_fast
from tui.values import frozen

BytesTest = Callable[[bytes], bool]
Spots = list[int] | None
"""Where in a block, a place for each line and in order; None when there are too many to tell them apart."""
Search = Callable[[Block, int], Spots]
"""Looks through the first so many bytes of a block."""
Next = Callable[[Block, int, int], int]
"""The first place within two bounds, or -1."""

MOST_SPOTS: Final = 2048
"""In one piece of a file, of which they are two thirds of the lines or more; where it is that dense, all is read."""
_FOLDING: Final = {"k": "\u212a", "i": "\u0130", "s": "\u017f"}
"""Letters outside ASCII whose small or capital form is an ASCII letter."""
_UNFOLDED: Final = frozenset("i" if is_fast() else "kis")
"""Those that no search in any case finds: the small form of the dotted capital I is longer than one letter."""
FEW: Final = 48
"""More literals than this and one pattern for all of them is faster."""
_SHORT: Final = 3
"""Byte strings of fewer bytes stand nearly everywhere: the next one is looked for behind the end of a line."""
_LETTER: Final = Lazy("[A-Za-z]")
_MOST_LETTERS: Final = 3
"""With so many letters, each of which has two forms, all forms of a part of a text are looked for at once."""
_LONGEST_LANDMARK: Final = 8
_LOOKED_THROUGH: Final = 48


@frozen
class Sign:
    """Something that every matching record shows."""

    shown: BytesTest
    """Whether a few lines show it."""
    search: Search
    share: float
    """A guess how many lines of an ordinary log show it."""
    needles: tuple[bytes, ...] = ()
    """It is shown where one of these stands, which may be looked for together with those of others; none otherwise."""
    composed: bool = False
    """It is more than what a block is searched for: a line in which that is found may not show it."""


def every(signs: Iterable[Sign | None]) -> Sign | None:
    """All of the signs there are."""
    found = [sign for sign in signs if sign is not None]
    if len(found) < 2:
        return found[0] if found else None
    rarest = min(found, key=lambda one: one.share)
    ordered = sorted(found, key=lambda one: one.share)
    return Sign(lambda lines: all(sign.shown(lines) for sign in ordered), rarest.search, rarest.share, composed=True)


def some(signs: Iterable[Sign | None]) -> Sign | None:
    """Any of the signs; nothing when one of them is missing."""
    found: list[Sign] = []
    for sign in signs:
        if sign is None:
            return None
        found.append(sign)
    if len(found) < 2:
        return found[0] if found else None
    needles = list(dict.fromkeys(needle for sign in found for needle in sign.needles))
    searches = [sign.search for sign in found if not sign.needles]
    if needles:
        searches.append(_among(needles))
    return Sign(
        lambda lines: any(sign.shown(lines) for sign in found),
        lambda data, size: together(search(data, size) for search in searches),
        sum(sign.share for sign in found),
        () if len(searches) > 1 or not needles else tuple(needles),
        any(sign.composed for sign in found),
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


def searching_all(find_all: All, fits: Callable[[Block, int, int], bool] | None = None) -> Search:
    """The same by what finds all places at once, of which those count that fit in so large a block."""

    def search(data: Block, size: int) -> Spots:
        found: list[int] = []
        end = 0
        for at in find_all(data, size):
            if at >= end and (fits is None or fits(data, at, size)):
                found.append(at)
                end = data.find(b"\n", at, size)
                if end < 0:
                    break
                if len(found) > MOST_SPOTS:
                    return None
        return found

    return search


def pattern(text: str, share: float) -> Sign:
    """A pattern of bytes."""
    return _plain(next_match(compile_pattern(text)), share)


def among(needles: Sequence[bytes]) -> Sign | None:
    """Any of several byte strings as they are: a search for all of them at once while they are few, else a pattern."""
    return some([_exact(one) for one in needles]) if needles else None


def _among(needles: Sequence[bytes]) -> Search:
    if len(needles) > FEW:
        return searching(next_match(compile_literals(needles)))
    return searching_all(finder(needles))


def literal(run: str, *, folds: bool) -> Sign:
    """A run of characters as such; outside ASCII also as JSON may write it, `\\uXXXX`."""
    folds = folds and any(char.isalpha() for char in run)
    run = run.lower() if folds else run  # that of a regular expression may have been typed in any case
    plain = _folded(run) if folds else _exact(run.encode())
    signs = [plain]
    if not run.isascii():
        signs += [pattern(r"\\u", 0.01), _FOREIGN]
    if folds:
        signs += [_exact(_FOLDING[char].encode()) for char in sorted(_UNFOLDED & set(run))]
    return some(signs) or plain


def _foreign(data: Block, start: int, end: int) -> int:
    """The first line within the bounds that is no UTF-8: letters outside ASCII have other bytes there."""
    try:
        data[start:end].decode()
    except UnicodeDecodeError as error:
        return start + error.start
    return -1


def _plain(following: Next, share: float) -> Sign:
    return Sign(lambda lines: following(lines, 0, len(lines)) >= 0, searching(following), share)


def _exact(needle: bytes) -> Sign:
    def following(data: Block, start: int, end: int) -> int:
        return find(data, needle, start, end)

    share = 0.4 ** len(needle)
    if len(needle) < _SHORT:
        return _plain(following, share)
    search = searching_all(finder([needle]))
    return Sign(lambda lines: following(lines, 0, len(lines)) >= 0, search, share, (needle,))


def _folded(run: str) -> Sign:
    """In any case; found by a part of it in all of its forms, where there is one that has few and tells enough."""
    share, landmark = 0.4 ** len(run), _landmark(run)
    if not is_fast():
        return _plain(next_match(compile_pattern("(?i)" + escape(run))), share)
    if landmark is None:
        needle = run.encode()
        return _plain(lambda data, start, end: find_folded(data, needle, start, end), share)
    fits = _in_any_case(run, landmark[0])
    search = searching_all(finder(_forms(landmark[1])), fits)
    return Sign(lambda lines: search(lines, len(lines)) != [], search, share)


def _landmark(run: str) -> tuple[int, str] | None:
    """A part of a run that tells enough in few forms, with its place: one without letters, or else that which has the
    fewest forms, and of these the longest. None without any."""
    if not run.isascii():
        return None
    plain = max(_LETTER.split(run), key=len)
    if len(plain) > (_SHORT + 2 if plain.isdigit() else _SHORT):  # three digits stand anywhere, the four of a year too
        return run.index(plain), plain
    sizes = range(_SHORT, _LONGEST_LANDMARK + 1)
    places = ((at, run[at : at + size]) for size in sizes for at in range(min(len(run), _LOOKED_THROUGH) - size + 1))
    told = ((len(_LETTER.findall(part)), -len(part), at) for at, part in places if not _FOLDING.keys() & set(part))
    letters, size, at = min((one for one in told if 0 < one[0] <= _MOST_LETTERS), default=(0, 0, 0))
    return (at, run[at : at - size]) if letters else None


def _forms(part: str) -> list[bytes]:
    return ["".join(form).encode() for form in product(*(sorted({char, char.upper()}) for char in part))]


def _in_any_case(run: str, before: int) -> Callable[[Block, int, int], bool]:
    """Whether a run stands around its landmark, which so many of its characters stand before."""
    needle, size = run.encode(), len(run)

    def fits_ascii(data: Block, at: int, end: int) -> bool:
        low = at - before
        return low >= 0 and data[low : min(end, low + size)].lower() == needle

    def fits(data: Block, at: int, end: int) -> bool:
        # letters may be longer in another case: the Kelvin sign is one that folds to ASCII
        around = data[max(0, at - 3 * before) : min(end, at + 3 * size)]
        if around.isascii():
            return needle in around.lower()
        return find_folded(around, needle, 0, len(around)) >= 0

    return fits if set(run) & _FOLDING.keys() else fits_ascii


_FOREIGN: Final = Sign(
    lambda lines: not lines.isascii() and _foreign(lines, 0, len(lines)) >= 0,
    searching(lambda data, start, end: -1 if data.isascii() else _foreign(data, start, end)),
    0.01,
)
