"""Opening everything once, for the commands that print and end."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from tui.sources.discovery import Searcher
from tui.sources.names import Names
from tui.sources.opening import Unreadable, open_reader, plain_words, read_pipe
from tui.sources.reader import Reader
from tui.sources.spec import Spec


def open_all(specs: Sequence[Spec], taken_names: Iterable[str] = ()) -> tuple[list[tuple[str, Reader]], list[str]]:
    """Open everything once, for commands that do not follow: (name, reader) pairs, and one clear line per failure.

    Readers are complete: compressed files have been decoded once, so that size() is true; reader.note says what is
    missing in them. Specs of other kinds than file, pipe, glob and folder are left to the caller.
    """
    errors: list[str] = []
    paths: dict[str, str] = {}
    typed: dict[str, str] = {}
    for spec in specs:
        if spec.kind in ("file", "pipe"):
            paths.setdefault(os.path.abspath(spec.target), spec.kind)
            typed[os.path.abspath(spec.target)] = spec.target
        elif spec.kind in ("glob", "folder"):
            search = Searcher(spec).search()
            paths.update((os.path.abspath(path), "file") for path in search.paths if path not in paths)
            if not search.paths:
                errors.append(f"{spec.name}: {search.problem or 'no log files there'}")
            elif search.problem or search.too_many:
                errors.append(f"{spec.name}: {search.problem or search.summary()}")
    opened: list[tuple[str, Reader]] = []
    places: set[tuple[int, int]] = set()
    for path, name in Names(taken_names).give(paths).items():
        try:
            reader = read_pipe(path) if paths[path] == "pipe" else open_reader(path)
        except Unreadable as problem:
            errors.append(f"{typed.get(path, path)}: {problem}")
            continue
        except OSError as error:
            errors.append(f"{typed.get(path, path)}: {plain_words(error)}")
            continue
        fact = reader.stat()
        if fact and (fact.st_dev, fact.st_ino) in places:
            reader.close()
            continue
        if fact:
            places.add((fact.st_dev, fact.st_ino))
        reader.finish()
        opened.append((name, reader))
    return opened, errors
