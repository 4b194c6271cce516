"""Files that were rotated away from a path, held by their descriptors while rotation goes on giving them new names."""

from __future__ import annotations

import os
from collections.abc import Iterator, Set
from typing import Final

from tui.lazy import Lazy
from tui.sources.discovery import family
from tui.sources.opening import Unreadable, open_reader
from tui.sources.reader import Reader
from tui.values import mutable

Place = tuple[int, int]
"""Device and inode."""

MOST_LOOKS: Final = 8
CLOCK_STEP_NS: Final = 50_000_000
"""So much may the time of a change, which the kernel takes from a clock of coarse steps, lie before the change."""
_NUMBER: Final = Lazy(r"[.-](\d{1,5})(?:\.\w+)?$")


@mutable
class _Named:
    name: str
    fact: os.stat_result
    reader: Reader | None

    @property
    def age(self) -> tuple[int, int, str]:
        """Sorts the oldest first. Files written within one step of the clock are told apart by the number of turns."""
        number = _NUMBER.search(self.name)
        return self.fact.st_mtime_ns, -int(number[1]) if number else 0, self.name


class Rotated:
    """What was rotated away from `path`, has been changed since a time and is not at one of the `known` places."""

    def __init__(self, path: str, since_ns: int, known: Set[Place]) -> None:
        self._path = path
        self._folder, self._name = os.path.split(path)
        self._since_ns = since_ns - CLOCK_STEP_NS
        self._known = known
        self._found: dict[Place, _Named] = {}
        # names that change while they are read hide a file behind one that was there before
        for _ in range(MOST_LOOKS):
            if self._look():
                break

    def before(self, place: Place) -> Iterator[tuple[str, Reader]]:
        """Path and reader of each, the oldest first; without the file at `place` and what is newer than it."""
        last = self._found.pop(place, None)
        for named in sorted(self._found.values(), key=lambda named: named.age):
            if named.reader is None:
                continue
            if last is not None and named.age > last.age:
                named.reader.close()
            else:
                yield os.path.join(self._folder, named.name), named.reader

    def _look(self) -> bool:
        """Whether what was listed is what was opened, and all of it was found before."""
        settled = True
        try:
            with os.scandir(self._folder or os.curdir) as entries:
                listed = [(entry.name, entry.inode()) for entry in entries if self._related(entry.name)]
        except OSError:
            return True
        for name, inode in listed:
            try:
                fact = os.stat(os.path.join(self._folder, name))
                settled = settled and fact.st_ino == inode
                place = (fact.st_dev, fact.st_ino)
                if place in self._found:
                    self._found[place].name, self._found[place].fact = name, fact
                elif place not in self._known and fact.st_mtime_ns >= self._since_ns:
                    settled = False
                    self._hold(name)
            except (OSError, Unreadable):
                continue
        return settled

    def _related(self, name: str) -> bool:
        return name != self._name and family(os.path.join(self._folder, name)) == family(self._path)

    def _hold(self, name: str) -> None:
        reader = open_reader(os.path.join(self._folder, name))
        fact = reader.stat()
        if fact is None or (fact.st_dev, fact.st_ino) in self._found:
            reader.close()
        else:
            self._found[fact.st_dev, fact.st_ino] = _Named(name, fact, reader)
