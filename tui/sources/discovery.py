"""Which files a pattern or a folder means, and what to call them.

A folder's files are judged by name and content; what is passed over is counted. Opening and following them is left to
`follow`.
"""

from __future__ import annotations

import glob
import os
import re
import stat
from collections.abc import Callable, Iterator
from typing import Final

from tui.lazy import Lazy
from tui.sources.opening import SAMPLE_BYTES, Unreadable, content_note, content_start, open_reader
from tui.sources.spec import Spec, State
from tui.values import field, mutable

MOST_FILES: Final = 500
MOST_ENTRIES: Final = 50_000
MOST_EMPTY: Final = 100
DEEPEST: Final = 8
SEARCH_S: Final = 3.0
CHEAP_S: Final = 0.05

_LOGGISH: Final = Lazy(r"log|\.(out|err|jsonl|ndjson|trace)(\W|$)|^(messages|stderr|stdout)", re.IGNORECASE)
_NOT_LOG: Final = Lazy(
    r"(~|\.(bash|bat|c|cc|cer|cfg|class|conf|cpp|crt|cs|css|db|deb|der|desktop|diff|ex|exs|go|h|hpp|html?|ini|jar|java|js"
    r"|jsx|jks|key|kt|lock|lua|map|md|mjs|mod|p12|patch|pem|php|pid|pl|plist|po|properties|ps1|pyc?|pyi|rb|rpm|rs|rst"
    r"|scala|scss|service|sh|sql|sqlite3?|sum|svg|swift|swp|tf|tmpl|toml|tsx?|vue|wasm|xsd|ya?ml))$",
    re.IGNORECASE,
)
_PASSED_FOLDERS: Final = frozenset({"node_modules", "__pycache__", "site-packages", "venv"})
_ROTATION: Final = Lazy(r"(\.(gz|zst|xz|bz2))?$")
_ROTATED_PART: Final = Lazy(r"[-._]\d[\d\-_.T:Z]*$|[-._]\d{4}[\d\-_.T:Z]{2,}(?=\.)")


@mutable
class Search:
    """What a pattern or folder holds now."""

    paths: list[str] = field(default_factory=list)
    passed_over: int = 0
    """Files that are no logs: binary, or of a kind that is not."""
    too_many: int = 0
    """Files beyond the limit, the oldest ones."""
    folders: dict[str, int] = field(default_factory=dict)
    """The folders looked into and when each last gained or lost an entry (ns)."""
    empty: dict[str, int] = field(default_factory=dict)
    """Files without content, which may become logs, and when each last changed (ns)."""
    problem: str = ""

    def summary(self) -> str:
        """One line of plain words."""
        count = len(self.paths)
        words = [f"{count} file{'' if count == 1 else 's'}"]
        if self.too_many:
            words.append(f"{self.too_many} older ones left out: more than {MOST_FILES}")
        if self.passed_over:
            words.append(f"{self.passed_over} passed over: binary or no logs")
        return ", ".join(words)


class Searcher:
    """Looks for the files of one pattern or folder, again and again, and reads only what changed in between."""

    def __init__(self, spec: Spec, most_files: int = MOST_FILES) -> None:
        self.spec = spec
        self._most_files = most_files
        self.last = Search()
        self.searched_s = 0.0
        """When that was, on the caller's clock."""
        self._cost_s = 0.0
        self._hastened = False
        self._judged: dict[str, tuple[tuple[int, int, int], bool]] = {}
        self._said: tuple[State, str] | None = None

    def search(self, clock_s: Callable[[], float] | None = None) -> Search:
        """Walk now. Raises nothing: what cannot be read is said in `problem`."""
        begun_s = clock_s() if clock_s else 0.0
        self._hastened = False
        self.last = self._search()
        self.searched_s = clock_s() if clock_s else 0.0
        self._cost_s = self.searched_s - begun_s
        return self.last

    def due(self, now_s: float) -> bool:
        """Whether it is time to walk again: a folder has other entries, or it is long ago."""
        rested_s = now_s - self.searched_s
        if rested_s > max(SEARCH_S, 50 * self._cost_s) or (self._hastened and rested_s > max(0.1, 20 * self._cost_s)):
            return True
        return self._cheap() and any(
            _changed_ns(path) != at_ns for path, at_ns in (*self.last.folders.items(), *self.last.empty.items())
        )

    def hasten(self) -> None:
        """Something happened where we look: walk soon."""
        self._hastened = True

    def news(self, *, follow: bool) -> tuple[State, str] | None:
        """How the pattern or folder is, when that is worth saying and not what was said last."""
        said = self._state(follow)
        if said == self._said or (self._said is None and self._unremarkable()):
            return None
        self._said = said
        return said

    def _state(self, follow: bool) -> tuple[State, str]:
        last, name = self.last, self.spec.name
        if last.paths:
            return State.LIVE if follow else State.ENDED, last.problem or last.summary()
        what = f"no log files in {name}" if self.spec.kind == "folder" else f"nothing matches {name}"
        yet = " yet" if follow else ""
        passed = f" ({last.passed_over} passed over: binary or no logs)" if last.passed_over else ""
        return State.RETRYING if follow else State.FAILED, last.problem or what + yet + passed

    def _unremarkable(self) -> bool:
        return bool(self.last.paths) and not (self.last.too_many or self.last.passed_over or self.last.problem)

    def _cheap(self) -> bool:
        return self._cost_s < CHEAP_S

    def _search(self) -> Search:
        found = Search()
        dated: list[tuple[int, str]] = []
        judged: dict[str, tuple[tuple[int, int, int], bool]] = {}
        for path, fact in self._candidates(found):
            key = (fact.st_ino, fact.st_size, fact.st_mtime_ns)
            known = self._judged.get(path)
            wanted = known[1] if known and known[0] == key else self._wanted(path, fact)
            judged[path] = (key, wanted)
            if wanted:
                dated.append((fact.st_mtime_ns, path))
            elif fact.st_size:
                found.passed_over += 1
            elif len(found.empty) < MOST_EMPTY:
                found.empty[path] = fact.st_mtime_ns
        self._judged = judged
        dated.sort(reverse=True)
        found.too_many = max(0, len(dated) - self._most_files)
        found.paths = sorted(path for _, path in dated[: self._most_files])
        return found

    def _candidates(self, found: Search) -> Iterator[tuple[str, os.stat_result]]:
        paths = _matches(self.spec.target, found) if self.spec.kind == "glob" else _walk(self.spec.target, found)
        for count, path in enumerate(paths):
            if count >= MOST_ENTRIES:
                found.problem = f"more than {MOST_ENTRIES} entries: the rest is not looked at; name a smaller folder"
                return
            try:
                fact = os.stat(path)
            except (OSError, ValueError):
                continue
            if stat.S_ISREG(fact.st_mode):
                yield path, fact

    def _wanted(self, path: str, fact: os.stat_result) -> bool:
        if self.spec.kind == "folder" and not _name_fits(path, fact.st_size):
            return False
        return not fact.st_size or is_text(path, unreadable=self.spec.kind == "glob")


def is_text(path: str, *, unreadable: bool = True) -> bool:
    """Whether the content, decompressed, looks like text; true when forbidden, so that this gets said; `unreadable`
    is the answer for a compression that is not read here."""
    try:
        reader = open_reader(path)
    except Unreadable:
        return unreadable
    except OSError:
        return os.path.lexists(path)
    try:
        sample = reader.pread(content_start(reader), SAMPLE_BYTES)
        return not content_note(sample).startswith("binary")
    finally:
        reader.close()


def family(path: str) -> str:
    """A path without what rotation adds to it: app.log, app.log.1.gz and app-20240102.log are one family.

    app-1.log is not of it: replicas are called so.
    """
    folder, name = os.path.split(path)
    return os.path.join(folder, _ROTATED_PART.sub("", _ROTATION.sub("", name, count=1)))


def _name_fits(path: str, size: int) -> bool:
    name = os.path.basename(path)
    if _NOT_LOG.search(name):
        return False
    return size > 0 or _LOGGISH.search(name) is not None


def _walk(folder: str, found: Search) -> Iterator[str]:
    level = [folder]
    for _ in range(DEEPEST):
        below: list[str] = []
        for path in level:
            try:
                found.folders[path] = os.stat(path).st_mtime_ns
                with os.scandir(path) as entries:
                    listed = sorted(entries, key=lambda entry: entry.name)
            except OSError as error:
                if path == folder:
                    found.folders[path] = 0
                    found.problem = _folder_words(error)
                continue
            for entry in listed:
                if entry.name.startswith("."):
                    continue
                if _is_folder(entry):
                    if entry.name not in _PASSED_FOLDERS:
                        below.append(entry.path)
                else:
                    yield entry.path
        level = below


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _matches(pattern: str, found: Search) -> Iterator[str]:
    base = pattern
    while glob.has_magic(base):
        base = os.path.dirname(base)
    found.folders[base or os.curdir] = _changed_ns(base or os.curdir)
    for path in glob.iglob(pattern, recursive=True):
        parent = os.path.dirname(path) or os.curdir
        if parent not in found.folders:
            found.folders[parent] = _changed_ns(parent)
        yield path


def _changed_ns(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0


def _folder_words(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such folder"
    return "permission denied: the folder must be readable for you" if isinstance(error, PermissionError) else "gone"
