"""What to call files: the shortest ending of each path that tells it from all others."""

from __future__ import annotations

import os
from collections.abc import Iterable


class Names:
    """Gives each path the shortest ending that tells it from all others; a name once given stays."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def give(self, paths: Iterable[str]) -> dict[str, str]:
        """Names for new paths, which are seen together: two of one file name both get their folder's name."""
        endings = {path: _endings(path) for path in paths}
        names: dict[str, str] = {}
        shared: dict[str, int] = {}
        for candidates in endings.values():
            for ending in candidates:
                shared[ending] = shared.get(ending, 0) + 1
        for path, candidates in endings.items():
            free = (ending for ending in candidates if shared[ending] == 1 and ending not in self._taken)
            names[path] = next(free, None) or self._numbered(path)
            self._taken.add(names[path])
        return names

    def _numbered(self, path: str) -> str:
        name, number = path, 2
        while name in self._taken:
            name, number = f"{path} ({number})", number + 1
        return name


def _endings(path: str) -> list[str]:
    parts = [part for part in path.split(os.sep) if part not in ("", ".")]
    return ["/".join(parts[-count:]) for count in range(1, len(parts) + 1)] or [path]
