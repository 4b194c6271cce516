"""One path followed through rotation, truncation, deletion and return: a poll at a time, no thread, no clock.

The table of events and what they mean is the one of every `tail -F`, with two additions: a file overwritten in place is
noticed by the bytes before the offset, and after copytruncate the copy takes the place of what was overwritten.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

from tui.sources.events import Changed, FileEvent, Grown, Identity, Lost, Opened
from tui.sources.opening import (
    SAMPLE_BYTES,
    Unreadable,
    content_note,
    content_start,
    kind_problem,
    open_reader,
    plain_words,
)
from tui.sources.reader import Reader
from tui.sources.segments import PRINT_BYTES, Known, Segment
from tui.sources.spec import State, Status
from tui.values import frozen

SETTLE_S: Final = 1.0
PATIENCE_S: Final = 10.0
LEFT_BEHIND_S: Final = 600.0
IDLE_AFTER_S: Final = 10.0
STEP_BYTES: Final = 8 << 20
FILLER_BYTES: Final = 16


@frozen
class Now:
    """The time of a poll: a steady clock for waiting, the wall clock for showing."""

    steady_s: float
    wall_ns: int


class Followed:
    """One source made of the files that a path leads to, one after the other."""

    def __init__(
        self,
        name: str,
        path: str,
        known: Known,
        serials: Iterator[int],
        *,
        follow: bool = True,
        settle_s: float = SETTLE_S,
    ) -> None:
        self.name = name
        self.path = path
        self.busy = False
        """There is more to decode right now."""
        self.grew_s = -1e9
        """When it last had news, on the steady clock."""
        self._known = known
        self._serials = serials
        self._follow = follow
        self._settle_s = settle_s
        self._current: Segment | None = None
        self._old: list[Segment] = []
        self._said: tuple[State, str] | None = None
        self._note = ""
        self._was_missing = False
        self._checked_ns = 0

    def poll(self, now: Now) -> list[FileEvent]:
        """Look once; returns what happened, in order. Raises nothing the file system may cause."""
        events: list[FileEvent] = []
        self.busy = False
        self._drain(events, now)
        try:
            fact = os.stat(self.path)
        except (OSError, ValueError) as error:
            self._missing(events, now, error)
        else:
            self._present(events, now, fact)
        self._checked_ns = now.wall_ns
        return events

    def _present(self, events: list[FileEvent], now: Now, fact: os.stat_result) -> None:
        current = self._current
        problem = kind_problem(fact.st_mode, self.path)
        if problem:
            self._say(events, now, State.FAILED, problem)
        elif current is None:
            self._open(events, now, "returned" if self._was_missing and self._old else "first")
        elif (fact.st_dev, fact.st_ino) != current.place:
            self._replaced(events, now, current)
        else:
            self._same(events, now, current, fact)
            self._rest(events, now)
        if self._current is not None and not problem:
            self._was_missing = False

    def _missing(self, events: list[FileEvent], now: Now, error: OSError | ValueError) -> None:
        words = plain_words(error) if isinstance(error, OSError) else "not a usable path"
        gone = isinstance(error, FileNotFoundError | NotADirectoryError)
        if self._current is not None:
            held = self._current.reader.stat()
            if held is not None:
                self._grow(events, now, self._current, held)
            self._was_missing = True
            words = f"deleted: waiting for {self.path} to return" if gone else words
            self._say(events, now, State.RETRYING, words)
        elif gone and self._follow:
            self._was_missing = True
            link = "the link leads nowhere" if os.path.islink(self.path) else words
            self._say(events, now, State.RETRYING, f"{link}: waiting for {self.path} to appear")
        else:
            self._say(events, now, State.FAILED, words)

    def _same(self, events: list[FileEvent], now: Now, current: Segment, fact: os.stat_result) -> None:
        """The path still leads to the file that is open."""
        if not current.reader.complete:
            self._grow(events, now, current, fact)
        if fact.st_size == current.raw_size and fact.st_mtime_ns == current.changed_ns:
            return
        if fact.st_size < current.raw_size:
            self._overwritten(events, now, current, "truncated")
        elif current.size and not current.unchanged():
            self._overwritten(events, now, current, "refilled")
        elif not current.size and current.reader.pread(0, 1) == b"\0":
            self._filled_with_nul(events, now, current)
        else:
            self._grow(events, now, current, fact)

    def _grow(self, events: list[FileEvent], now: Now, segment: Segment, fact: os.stat_result) -> None:
        segment.raw_size, segment.changed_ns = fact.st_size, fact.st_mtime_ns
        segment.reader.advance(STEP_BYTES)
        self.busy = self.busy or not segment.reader.complete
        size = fact.st_size if segment.reader.complete and segment.reader.plain else segment.reader.size()
        if size <= segment.size:
            return
        segment.remember(size)
        segment.grew_s = self.grew_s = now.steady_s
        events.append(Grown(self.name, size, segment.identity))

    def _overwritten(self, events: list[FileEvent], now: Now, old: Segment, reason: str) -> None:
        """The open file was truncated, and perhaps filled again beyond where we were."""
        copy = self._known.find_copy(old)
        old.reader.supersede(copy)
        if copy is not None:
            old.size = max(old.size, copy.size())
        events.append(Grown(self.name, old.size, old.identity, final=True))
        why = "the file was truncated: " + (
            "lines written between its copy and the truncation are lost"
            if copy
            else "lines not read by then are lost, and earlier ones cannot be read again"
        )
        events.append(Lost(self.name, self._checked_ns, now.wall_ns, why))
        events.append(Changed(self.name, Status(State.GAP, why, self._checked_ns, now.wall_ns)))
        self._said = None
        self._current = None
        self._open(events, now, reason)

    def _filled_with_nul(self, events: list[FileEvent], now: Now, current: Segment) -> None:
        """An empty segment has grown a run of NUL bytes: a writer goes on at the offset it had before a truncation."""
        fact = current.reader.stat()
        if fact is None or content_start(current.reader) >= fact.st_size:
            return
        events.append(Grown(self.name, 0, current.identity, final=True))
        self._current = None
        self._open(events, now, "truncated")

    def _replaced(self, events: list[FileEvent], now: Now, old: Segment) -> None:
        """The path leads to another file."""
        held = old.reader.stat()
        if held is not None:
            self._grow(events, now, old, held)
        reader = self._try_open(events, now)
        if reader is None:
            return
        if _continues(old, held, reader):
            fact = reader.stat()
            old.reader.adopt(reader)
            if fact is not None:
                old.place = (fact.st_dev, fact.st_ino)
                self._known.add(old)
                self._grow(events, now, old, fact)
            self._rest(events, now)
            return
        old.replaced_s = now.steady_s
        self._old.append(old)
        self._current = None
        self._catch_up(events, now, held, reader)
        self._begin(events, now, reader, "returned" if self._was_missing else "rotated")

    def _catch_up(self, events: list[FileEvent], now: Now, held: os.stat_result | None, newest: Reader) -> None:
        """Read the files that came and were rotated away since the last poll, before the newest came."""
        missed = self._known.rotated_since(self.path, self._checked_ns, newest)
        for reader in missed:
            fact = reader.stat()
            if fact is None:
                continue
            self._begin_at(events, now, reader, fact, "rotated")
            if self._current is not None:
                self._current.replaced_s = now.steady_s
                self._old.append(self._current)
                self._current = None
        if missed and held is not None and not held.st_nlink:
            why = "rotated and deleted faster than it could be read"
            events.append(Lost(self.name, self._checked_ns, now.wall_ns, why))
            events.append(Changed(self.name, Status(State.GAP, why, self._checked_ns, now.wall_ns)))
            self._said = None

    def _open(self, events: list[FileEvent], now: Now, reason: str) -> None:
        reader = self._try_open(events, now)
        if reader is not None:
            self._begin(events, now, reader, reason)

    def _try_open(self, events: list[FileEvent], now: Now) -> Reader | None:
        try:
            return open_reader(self.path)
        except Unreadable as problem:
            self._say(events, now, State.FAILED, str(problem))
        except OSError as error:
            if self._current is None:
                self._missing(events, now, error)
        return None

    def _begin(self, events: list[FileEvent], now: Now, reader: Reader, reason: str) -> None:
        fact = reader.stat()
        if fact is None:
            reader.close()
            return
        if reason not in ("truncated", "refilled") and self._shown_already(events, now, (fact.st_dev, fact.st_ino)):
            reader.close()
            return
        self._begin_at(events, now, reader, fact, reason)
        self._rest(events, now)

    def _begin_at(self, events: list[FileEvent], now: Now, reader: Reader, fact: os.stat_result, reason: str) -> None:
        """Make the file a segment, the current one."""
        place = (fact.st_dev, fact.st_ino)
        reader.advance(STEP_BYTES)
        size = fact.st_size if reader.plain else reader.size()
        start = content_start(reader) if reader.plain else 0
        if start >= size > 0:
            start, size = 0, 0  # nothing but NULs yet
        elif start < FILLER_BYTES and reason not in ("truncated", "refilled"):
            start = 0  # a binary file, rather
        identity = Identity(*place, next(self._serials))
        segment = Segment(self.name, self.path, reader, identity, place, start=start)
        segment.raw_size, segment.changed_ns = fact.st_size, fact.st_mtime_ns
        segment.remember(size)
        segment.grew_s = now.steady_s
        self.busy = self.busy or not reader.complete
        if now.wall_ns - fact.st_mtime_ns < IDLE_AFTER_S * 1e9:
            self.grew_s = now.steady_s
        self._note = content_note(reader.pread(start, min(SAMPLE_BYTES, size)))
        self._current = segment
        self._known.add(segment)
        events.append(Opened(self.name, reader, identity, reason, size, start, self._note))

    def _shown_already(self, events: list[FileEvent], now: Now, place: tuple[int, int]) -> bool:
        """Whether the file is a segment already, of this source or another: rotation moves files from name to name."""
        known = self._known.at(place)
        if known is None and self._old:
            known = self._known.copied(self.path)
            if known is not None and (known.name == self.name or not known.size):
                known = None
        if known is None:
            return False
        if known.name == self.name:
            if known in self._old:
                self._old.remove(known)
            self._current = known
        else:
            self._say(events, now, State.ENDED, f"rotated: its lines are part of {known.name}")
        return True

    def _drain(self, events: list[FileEvent], now: Now) -> None:
        """Read replaced files on until they have been still for a while: a writer changes over late."""
        for segment in tuple(self._old):
            fact = segment.reader.stat()
            if fact is not None:
                self._grow(events, now, segment, fact)
        # one after the other: whoever shows them may wait for each to be final
        while self._old and self._is_final(self._old[0], now):
            segment = self._old.pop(0)
            events.append(Grown(self.name, segment.size, segment.identity, final=True))
            if now.steady_s - segment.grew_s < self._settle_s:
                why = "the rotated file is still being written to; lines that come there from now on are not shown"
                events.append(Lost(self.name, now.wall_ns, now.wall_ns, why))

    def _is_final(self, segment: Segment, now: Now) -> bool:
        if segment.reader.closed:
            return True
        still_s = now.steady_s - max(segment.grew_s, segment.replaced_s)
        replaced_s = now.steady_s - segment.replaced_s
        if self._current is None or not self._current.size:
            return still_s >= self._settle_s and replaced_s > LEFT_BEHIND_S
        return still_s >= self._settle_s or replaced_s > PATIENCE_S

    def _rest(self, events: list[FileEvent], now: Now) -> None:
        """Say how a readable file is."""
        current = self._current
        if current is None:
            return
        note = current.reader.note or self._note
        if not self._follow and not self.busy:
            self._say(events, now, State.ENDED, note or "read to the end")
        elif now.steady_s - self.grew_s < IDLE_AFTER_S:
            self._say(events, now, State.LIVE, note)
        else:
            self._say(events, now, State.IDLE, note or ("" if current.size else "empty"))

    def _say(self, events: list[FileEvent], now: Now, state: State, detail: str) -> None:
        if self._said != (state, detail):
            self._said = (state, detail)
            events.append(Changed(self.name, Status(state, detail, now.wall_ns)))


def _continues(old: Segment, held: os.stat_result | None, reader: Reader) -> bool:
    """Whether the new file is the old one saved anew, as editors do: that has no name left, its bytes are here."""
    if held is None or held.st_nlink or old.size < PRINT_BYTES or not reader.plain or not old.reader.plain:
        return False
    return old.begins(reader)
