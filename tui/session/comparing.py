"""What a request is compared with in the viewer: found in a thread of its own, then gathered like any request.

It is the request of the newest marked line that is of another one, else a normal one of the same kind.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable

from tui.pipeline.track import Track
from tui.record import Record
from tui.session.normal import NormalSearch
from tui.session.pivot import Pivot
from tui.session.session import Session
from tui.store.order import Key
from tui.story.links import Request
from tui.story.timeline import Story


class Comparing:
    """The search for the other request; given up when nobody wants it any more."""

    def __init__(self, session: Session, story: Story, marks: Iterable[Key]) -> None:
        self.share = 0.0
        """How much was looked at for a normal one."""
        self.searched = False
        self.other: Pivot | None = None
        """The other request; None while it is looked for, and when there is none."""
        self.marked = False
        """Whether it is that of a marked line."""
        self.failed = ""
        self._session, self._story = session, story
        self._marks = sorted(marks, reverse=True)
        self._stopped = threading.Event()
        threading.Thread(target=self._run, name="comparing", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()
        if self.other is not None:
            self.other.close()

    def _run(self) -> None:
        try:
            pivot = self._of_marks() or self._normal()
            if pivot is not None and not self._stopped.is_set():
                self.other = self._session.pivot(pivot)
        except Exception as error:  # what goes wrong here is shown, and must not end anything else
            self.failed = f"comparing failed: {type(error).__name__}"
        self.searched = True
        if self._stopped.is_set() and self.other is not None:
            self.other.close()
        self._session.on_news()

    def _of_marks(self) -> Pivot | None:
        tracks = {track.number: track for track in self._session.tracks_now()}
        own = {one.key for one in (*self._story.records, *self._story.span_records)}
        ids = frozenset(self._story.ids)
        for _, number, offset in self._marks:
            record = _record_at(tracks[number], offset) if number in tracks else None
            joined = record is not None and any(one.kind != "span" for one in record.ids)
            if record is None or not joined or record.key in own or not ids.isdisjoint(record.ids):
                continue
            self.marked = True
            return Pivot(Request.of(record), record)
        return None

    def _normal(self) -> Pivot | None:
        search = NormalSearch(self._session.tracks_now(), self._story)
        for share in search.run():
            if self._stopped.is_set():
                return None
            self.share = share
            self._session.on_news()
        return Pivot(Request(search.found)) if search.found is not None else None


def _record_at(track: Track, offset: int) -> Record | None:
    return next((one.record for one in track.page_at(offset).entries if one.offset == offset), None)
