"""Which lines of a source may hold what somebody looks for, told from its raw bytes alone.

Counts lines, too, since both take reading everything. Nothing but offsets and numbers leaves here; what the lines are as
records is left to `track`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tui.parsing.parser import Parser
from tui.parsing.wrappers import DOCKER
from tui.pipeline.pieces import Piece, pieces
from tui.store.blocks import Blocks
from tui.store.needles import count
from tui.store.order import Sieve, Spots
from tui.typed import Final


class Sifter:
    """Looks through the bytes of one source. Takes no lock, so that several threads may look."""

    def __init__(self, blocks: Blocks, parser: Parser) -> None:
        self._blocks = blocks
        self._parser = parser
        self._plain: set[tuple[int, int]] = set()
        """Stretches that were looked through, by offset and size, in which every line says what it holds."""

    def lines(self, start: int, stop: int) -> int:
        """How many lines end in a stretch, the last one of all even if it has no end."""
        return sum(self._lines_in(piece, stop) for piece in pieces(self._blocks, start, stop))

    def spots(self, start: int, stop: int, sieve: Sieve) -> Spots:
        """The lines of the records that begin in a stretch in which a sieve finds something.

        Reads raw bytes, of which nothing but offsets leaves here; takes no lock, so that several threads may look.
        """
        found: list[int] = []
        for piece in pieces(self._blocks, start, stop):
            some = self._spots_in(piece, sieve)
            if some is None:
                return None
            found += some
        return list(dict.fromkeys(found))

    def lines_and_spots(self, start: int, stop: int, sieve: Sieve) -> tuple[int, Spots]:
        """Both, read at once."""
        lines, found = 0, list[int]()
        many = False
        for piece in pieces(self._blocks, start, stop):
            lines += self._lines_in(piece, stop)
            some = None if many else self._spots_in(piece, sieve)
            many = many or some is None
            found += some or ()
        return lines, None if many else list(dict.fromkeys(found))

    def _lines_in(self, piece: Piece, stop: int) -> int:
        size = min(piece.size, stop - piece.start)
        if size <= piece.padding:
            return 0
        end = piece.start + size
        open_end = end == stop and piece.data[size - 1] != _LF and stop >= self._blocks.piece(piece.start)[1]
        return count(piece.data, b"\n", size) - piece.padding + open_end

    def _spots_in(self, piece: Piece, sieve: Sieve) -> Spots:
        found = sieve.spots(piece.data, piece.size)
        if found and (unlike := sieve.unlike) is not None and self._parser.objects_stand_alone:
            found = [at for at in found if not _is_apart(piece, at, unlike)]
        if found is not None:
            found = _joined(found, self._disguises(piece, sieve))
        return None if found is None else _lines_at(found, piece)

    def _disguises(self, piece: Piece, sieve: Sieve) -> Spots:
        """What a sieve says for all others too; remembered, since most pieces have nothing of the kind."""
        known = piece.start, piece.size
        if known in self._plain:
            return []
        found = sieve.disguises(piece.data, piece.size)
        if found == []:
            self._plain.add(known)
        return found

    def forget(self) -> None:
        """Drop what was remembered: the bytes behind it have changed."""
        self._plain.clear()


_LF: Final = 10
_OBJECT: Final = 123


def _is_apart(piece: Piece, at: int, unlike: Callable[[bytes], bool]) -> bool:
    """Whether a place is in a line that is an object and a whole record, as the next line shows, and not to be found."""
    data, size = piece.data, piece.size
    start, end = data.rfind(b"\n", 0, at) + 1, data.find(b"\n", at, size)
    if end < 0 or end + 1 >= size or data[start] != _OBJECT or data[end + 1] != _OBJECT:
        return False
    line = bytes(data[start:end])
    return not line.startswith(DOCKER) and unlike(line)


def _lines_at(found: Iterable[int], piece: Piece) -> list[int]:
    """Where the lines begin that hold these places, each once."""
    return list(dict.fromkeys(piece.start + piece.data.rfind(b"\n", 0, at) + 1 for at in found))


def _joined(one: list[int], other: Spots) -> Spots:
    if other is None or not other or not one:
        return None if other is None else one or other
    return sorted([*one, *other])
