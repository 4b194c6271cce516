"""Patterns over bytes: linear-time ones behind one small interface, and those of the standard library on demand.

Owns the choice of engine: RE2 where it can be imported, the standard library elsewhere. Patterns given here must keep
to what both understand: no look-around, no back-references, and no repeat inside a repeat, so that the standard library
stays linear too. Every pattern sees bytes as Latin-1, so that offsets are byte offsets and any byte is legal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from tui.lazy import Lazy
from tui.typed import Any, Final

Hit = tuple[int, int]
"""Where a match begins and ends."""
Search = Callable[..., Hit | None]
"""Of some bytes, and optionally a position in them: the first hit that begins there or behind."""


class Pattern:
    """An alternation that never matches nothing; compiled when first asked."""

    __slots__ = ("_text", "search")

    search: Search

    def __init__(self, text: bytes) -> None:
        self._text = text

    def __getattr__(self, name: str) -> Any:
        if name != "search":
            raise AttributeError(name)
        self.search = _searched_by(re.compile(self._text)) if re2 is None else _searched_by_re2(self._text)
        return self.search

    def hits(self, data: bytes) -> Iterator[Hit]:
        """All hits from left to right, without overlaps."""
        search, position = self.search, 0
        while (hit := search(data, position)) is not None:
            yield hit
            position = hit[1]


BOUNDARY: Final = r"(?:\b|\\[nrt])"
"""Where a word may begin: also behind an escaped line end or tab."""

MAX_MEMORY_BYTES: Final = 64 << 20
"""Room for RE2's state machines; with its default of 8 MB the large alternations fall back to a slow engine."""

try:
    import re2
except ImportError:  # no wheel for this platform
    re2 = None

LINEAR: Final = re2 is not None
"""False when the standard library stands in: correct, but one to two orders slower on bulk data."""


def one_of(alternatives: Sequence[str], *, ignore_case: bool = False) -> str:
    """The text of a pattern that matches where any of the alternatives does."""
    text = "|".join(f"(?:{part})" for part in alternatives)
    return f"(?i:{text})" if ignore_case else f"(?:{text})"


def compile_any(alternatives: Sequence[str], *, ignore_case: bool = False) -> Pattern:
    """One pattern that matches where any of the alternatives does."""
    return Pattern(one_of(alternatives, ignore_case=ignore_case).encode("latin-1"))


def _searched_by(compiled: Any) -> Search:
    def search(data: bytes, position: int = 0) -> Hit | None:
        found = compiled.search(data, position)
        return found.span() if found is not None else None

    return search


def _searched_by_re2(text: bytes) -> Search:
    """A search that asks what the binding wraps: its own search makes a generator and a match, and takes twice as long."""
    compiled = re2.compile(text, _options())
    try:
        match: Callable[..., list[Hit]] = compiled._regexp.Match
        unanchored = re2._re2.RE2.Anchor.UNANCHORED
    except AttributeError:  # another version of the binding
        return _searched_by(compiled)

    def search(data: bytes, position: int = 0) -> Hit | None:
        hit = match(unanchored, data, position, len(data))[0]
        return hit if hit[0] >= 0 else None

    return search


def compile_own(text: bytes) -> tuple[Callable[[bytes], Iterator[Any]], int]:
    """All matches of a pattern of the user's, with their groups, and how many groups it has. Raises ValueError."""
    engine = re if re2 is None else re2
    try:
        compiled = re.compile(text) if re2 is None else re2.compile(text, _options(groups=True))
    except engine.error as error:
        said = error.args[0] if error.args else str(error)
        raise ValueError(said.decode("latin-1") if isinstance(said, bytes) else str(said)) from None
    return compiled.finditer, compiled.groups


class Places:
    """Where a shape of the standard library may begin, told by a linear-time pattern that is much faster to search.

    Of a shape with a choice of beginnings, look-around or back-references the standard library tries every byte of a
    line. The alternatives must begin where the shape begins and hit wherever it does; they are compiled when first asked.
    """

    __slots__ = ("_alternatives", "_ignore_case", "_search", "_shape")

    _search: Search

    def __init__(self, alternatives: Sequence[str], shape: Lazy[bytes], *, ignore_case: bool = False) -> None:
        self._alternatives = alternatives
        self._ignore_case = ignore_case
        self._shape = shape

    def __getattr__(self, name: str) -> Any:
        if name != "_search":
            raise AttributeError(name)
        self._search = compile_any(self._alternatives, ignore_case=self._ignore_case).search
        return self._search

    def finditer(self, line: bytes) -> Iterator[re.Match[bytes]]:
        """The matches of the shape, from left to right without overlaps."""
        search, match, position = self._search, self._shape.match, 0
        while (hit := search(line, position)) is not None:
            found = match(line, hit[0])
            if found is None:
                position = hit[0] + 1
            else:
                yield found
                position = found.end()


def compile_set(patterns: Sequence[str]) -> Callable[[bytes], Sequence[int]]:
    """A function that says, in order, which of the patterns occur in given bytes; with RE2 in one pass over them."""
    texts = [text.encode("latin-1") for text in patterns]
    if re2 is None:
        compiled = [re.compile(text) for text in texts]
        return lambda data: [index for index, pattern in enumerate(compiled) if pattern.search(data)]
    together = re2.Set.SearchSet(_options())
    for text in texts:
        together.Add(text)
    together.Compile()
    try:
        match = together._set.Match  # as in a search, without what the binding puts around it
    except AttributeError:
        match = together.Match
    return lambda data: sorted(match(data) or ())


class Occurring:
    """Which of some patterns occur in given bytes; compiled when first asked."""

    __slots__ = ("_patterns", "match")

    match: Callable[[bytes], Sequence[int]]
    """Their places in the order given; with RE2 in one pass over the bytes."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = patterns

    def __getattr__(self, name: str) -> Any:
        if name != "match":
            raise AttributeError(name)
        self.match = compile_set(self._patterns)
        return self.match


def _options(*, groups: bool = False) -> Any:
    options = re2.Options()
    options.max_mem = MAX_MEMORY_BYTES
    options.log_errors = False
    options.encoding = re2.Options.Encoding.LATIN1
    options.never_capture = not groups
    return options
