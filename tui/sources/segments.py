"""The stretches of bytes that sources consist of, and the memory of them all: what is shown is not shown twice.

A rotated file appears again under another name, as a copy or compressed. Its inode, or its first and last bytes, tell.
"""

from __future__ import annotations

import os
from typing import Final

from tui.sources.discovery import family
from tui.sources.events import Identity
from tui.sources.opening import Unreadable, open_reader
from tui.sources.reader import Reader
from tui.sources.rotated import Place, Rotated
from tui.values import field, mutable

PRINT_BYTES: Final = 256
MOST_REMEMBERED: Final = 4096
MOST_COPIES_TRIED: Final = 12
COPY_STILL_S: Final = 2.0


@mutable
class Segment:
    """One opened file between two rotations or truncations, as far as it has been announced."""

    name: str
    path: str
    reader: Reader
    identity: Identity
    place: Place
    size: int = 0
    """Bytes announced, decompressed ones where the file is compressed."""
    raw_size: int = 0
    changed_ns: int = 0
    start: int = 0
    head: bytes = field(default=b"", repr=False)
    tail: bytes = field(default=b"", repr=False)
    """The bytes before `size`."""
    grew_s: float = 0.0
    replaced_s: float = 0.0

    def remember(self, size: int) -> None:
        """Note the size and the bytes by which this content is known again."""
        self.size = size
        if len(self.head) < PRINT_BYTES:
            self.head = self.reader.pread(self.start, min(PRINT_BYTES, size - self.start))
        first = max(self.start, size - PRINT_BYTES)
        self.tail = self.reader.pread(first, size - first)

    def unchanged(self) -> bool:
        """Whether the bytes announced so far are still there."""
        return self.begins(self.reader)

    def begins(self, reader: Reader) -> bool:
        """Whether `reader` holds this content, and perhaps more after it."""
        if reader.pread(self.start, len(self.head)) != self.head:
            return False
        return reader.pread(self.size - len(self.tail), len(self.tail)) == self.tail

    def contains(self, reader: Reader) -> bool:
        """Whether `reader` holds a shorter beginning of this content, such as a copy that is still being made."""
        return reader.size() <= self.size and _same(reader, self.reader)


class Known:
    """All segments of a watch, by inode; the oldest are forgotten."""

    def __init__(self) -> None:
        self._segments: dict[Place, Segment] = {}
        self._families: dict[str, list[Segment]] = {}

    def add(self, segment: Segment) -> None:
        self._segments.pop(segment.place, None)
        self._segments[segment.place] = segment
        relatives = self._families.setdefault(family(segment.path), [])
        relatives.append(segment)
        del relatives[:-16]
        while len(self._segments) > MOST_REMEMBERED:
            self._segments.pop(next(iter(self._segments)))

    def alias(self, place: Place, segment: Segment) -> None:
        """Remember that the file at `place` holds a copy of `segment`."""
        self._segments[place] = segment

    def at(self, place: Place) -> Segment | None:
        """The segment of this very file; an inode used again for another file does not count."""
        segment = self._segments.get(place)
        if segment is None or not segment.reader.closed:
            return segment
        return None

    def copied(self, path: str) -> Segment | None:
        """The segment of which the file at `path` is a copy, compressed or not, or becomes one."""
        if not self._families.get(family(path)):
            return None
        try:
            reader = open_reader(path)
        except (OSError, Unreadable):
            return None
        try:
            return self._copy_of(reader, path)
        finally:
            reader.close()

    def _copy_of(self, reader: Reader, path: str) -> Segment | None:
        relatives = self._families.get(family(path))
        if not relatives:
            return None
        reader.advance(1 << 20)
        if not reader.size():
            return relatives[-1]
        for segment in reversed(relatives):
            if segment.size and (segment.contains(reader) or segment.begins(reader)):
                return segment
        return None

    def rotated_since(self, path: str, since_ns: int, newest: Reader) -> list[Reader]:
        """Files rotated from `path` that were written since and are not known; the oldest first, each to be closed.

        Only those older than `newest`: the one found at `path` just now, and perhaps rotated away since.
        """
        fact = newest.stat()
        if fact is None:
            return []
        place = (fact.st_dev, fact.st_ino)
        known = {known for known in self._segments if self.at(known) is not None}
        rotated = Rotated(path, since_ns, known - {place})
        readers: list[Reader] = []
        for relative, reader in rotated.before(place):
            # what is being compressed stands beside its original until that is done
            twice = self._copy_of(reader, relative) or (not reader.plain and any(_same(one, reader) for one in readers))
            if twice:
                reader.close()
            else:
                readers.append(reader)
        return readers

    def find_copy(self, segment: Segment) -> Reader | None:
        """A file beside the segment's own that holds the same bytes: what copytruncate leaves."""
        if not segment.size:
            return None
        for path in _relatives(segment.path):
            try:
                reader = open_reader(path)
            except (OSError, Unreadable):
                continue
            fact = reader.stat()
            place = (fact.st_dev, fact.st_ino) if fact else segment.place
            if place != segment.place and segment.begins(reader):
                reader.finish()
                self.alias(place, segment)
                return reader
            reader.close()
        return None


class Copies:
    """New files that turned out to be copies of what is shown already. One that goes on growing was none."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._held: dict[str, tuple[tuple[int, int], float]] = {}
        """By path: size and time of change, and since when they are so."""

    def holds(self, path: str, fact: os.stat_result, now_s: float) -> bool:
        """Whether the file at `path`, just found, is such a copy; `now_s` on a steady clock."""
        key = (fact.st_size, fact.st_mtime_ns)
        held = self._held.get(path)
        if held and held[0] == key:
            return True
        if (held and now_s - held[1] > COPY_STILL_S) or self._known.copied(path) is None:
            self._held.pop(path, None)
            return False
        self._held[path] = (key, now_s)
        return True


def _same(one: Reader, other: Reader) -> bool:
    """Whether the shorter of both, as far as it is decoded, is how the longer one begins."""
    size = min(one.size(), other.size())
    first = max(0, size - PRINT_BYTES)
    return all(
        one.pread(offset, length) == other.pread(offset, length)
        for offset, length in ((0, min(PRINT_BYTES, size)), (first, size - first))
    )


def _relatives(path: str) -> list[str]:
    """Files whose name says that they may be copies of `path`, the newest first."""
    folder, name = os.path.split(path)
    dated: list[tuple[int, str]] = []
    try:
        with os.scandir(folder or os.curdir) as entries:
            for entry in entries:
                if entry.name.startswith(name) or family(entry.name) == family(name):
                    dated.append((entry.stat().st_mtime_ns, os.path.join(folder, entry.name)))
    except OSError:
        return []
    return [path for _, path in sorted(dated, reverse=True)[:MOST_COPIES_TRIED]]
