"""The end of all sources as one view reads it: at each look the newest records, as many as the view can use.

What a look leaves out because too much was written stays where it is, above the rows that it brings: the news say from
which place on they are complete. Only sampling, where it was asked for, leaves holes, and these are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from tui.pipeline.tail import News, Tail, Wanted
from tui.pipeline.track import Track
from tui.query.results import Condition, Notice
from tui.record import Severity
from tui.session.session import Session
from tui.store.order import Entry, Key
from tui.values import field, frozen

USUAL_RECORD_BYTES: Final = 300.0
SPARE: Final = 1.1
"""Records differ in size, and the first one is seldom read whole: so much more is read than as many usual ones, and
one, would take."""
LEAST_BYTES: Final = 1 << 10
"""Read of every source that has news."""
MOST_BYTES: Final = 256 << 10
"""Read of all sources in one look, if nothing is looked for."""
MEASURED_RECORDS: Final = 8
"""So many tell as much as all before them."""
MOST_SCANNED_BYTES: Final = 8 << 20
MOST_TRIED_BYTES: Final = 512 << 10
"""Gone through in one look for what is wanted, with and without a test on the bytes; beyond that it takes a walk."""


@frozen
class Arrived:
    """What one look brought."""

    entries: list[Entry]
    """In time order for each source; what meets the condition, and what was told before and may not meet it any more."""
    new: int = 0
    """How many of them were not told before and meet the condition."""
    since: Key | None = None
    """What was written and stands before this place was not read; None when all was."""
    complete_from: Mapping[int, int] = field(default_factory=dict)
    """The same by the number of a track, for those of which not all was read: an offset, since times may go back."""
    sampled: int = 0
    ratio: float = 1.0
    now_ns: int = 0

    def notice(self) -> Notice | None:
        """The row that says what was withheld."""
        return Notice(self.now_ns, self.sampled, "sampled", self.ratio) if self.sampled else None


class Live:
    """Reads the tails for one view."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._tails: dict[int, Tail] = {}
        self._record_bytes = USUAL_RECORD_BYTES
        self._kept_open: dict[int, set[int]] = {}
        self._growth = -1
        self._unfinished = False

    def begin(self) -> None:
        """From the present ends on: what is there by now is read otherwise."""
        self._tails = {track.number: Tail(track, track.blocks.end) for track in self.session.tracks_now()}
        self._kept_open.clear()
        self._growth = -1

    @property
    def waiting(self) -> bool:
        """Whether something was written that was not looked at."""
        return any(tail.waiting_bytes for tail in self._tails.values())

    def too_much(self, condition: Condition) -> bool:
        """Whether more was written than can be gone through in a look for what meets a condition."""
        if condition.accepts is None or self.session.growth == self._growth:
            return False
        most = MOST_TRIED_BYTES if condition.sieve is None else MOST_SCANNED_BYTES
        return sum(tail.waiting_bytes for tail in self._tails.values()) > most

    def take(self, condition: Condition, rows: int, least: int | None = None) -> Arrived | None:
        """The newest records, about `rows` of them or all; None when there is nothing new.

        What was read for that may hold fewer: then more is read, unless it holds the `least` that is asked for."""
        if self.session.growth == self._growth and not self._unfinished:
            return None
        self._growth = self.session.growth
        now_ns = self.session.clock_ns()
        sampled = condition.sieve is None and not self.session.sampler.mode.off
        wanted = int(rows * (self.session.sampler.ratio if sampled else 1.0))
        only = None
        if condition.accepts is not None:
            only = Wanted(condition.holds, condition.sieve, wanted)
        entries: list[Entry] = []
        complete_from: dict[int, int] = {}
        new = withheld = 0
        looks = self._look(now_ns, wanted, wanted if least is None else least, only)
        for tail, news in looks.items():
            tail.move_on(news)
            kept, dropped = self._sample(news, tail.track, now_ns) if sampled else (list(news.entries), 0)
            withheld += dropped
            entries += kept
            new += sum(entry.offset >= news.first_new for entry in kept)
            if news.since is not None:
                complete_from[tail.track.number] = news.complete_from
        self._measure(entries)
        self._unfinished = self.waiting
        if not entries and not complete_from and not withheld:
            return None
        ratio = self.session.sampler.ratio
        return Arrived(entries, new, _since(looks.values()), complete_from, withheld, ratio, now_ns)

    def _look(self, now_ns: int, wanted: int, least: int, only: Wanted | None) -> dict[Tail, News]:
        """What the tails bring: so much of each that what is complete makes up the wanted number of records.

        Of each the same share is read, as if they grew evenly; where that is too little because they do not, more of
        those that came short.
        """
        sizes = {tail: size for tail in self._tails.values() if (size := tail.waiting_bytes)}
        budget = min(MOST_BYTES, int((wanted + 1) * SPARE * self._record_bytes))
        share = min(1.0, budget / (sum(sizes.values()) or 1))
        budgets = {tail: max(LEAST_BYTES, int(share * size)) for tail, size in sizes.items()}
        short = list(budgets)
        looks: dict[Tail, News] = {}
        while short:
            for tail in short:
                if (news := tail.look(now_ns, budgets[tail], only)) is not None:
                    looks[tail] = news
            since = _since(looks.values())
            if since is None or sum(budgets.values()) > MOST_BYTES:
                break
            if sum(entry.key >= since for news in looks.values() for entry in news.entries) >= least:
                break
            short = [tail for tail, news in looks.items() if news.since == since]
            budgets |= {tail: 4 * budgets[tail] for tail in short}
        return looks

    def _sample(self, news: News, track: Track, now_ns: int) -> tuple[list[Entry], int]:
        """What to show of the news, and how many are withheld.

        A record that is told again because it may have grown keeps its first answer.
        """
        kept, withheld = [], 0
        known = self._kept_open.get(track.number)
        for entry in news.entries:
            record = entry.record
            if record is None:
                continue
            if record.offset < news.first_new:
                if known is None or record.offset in known or record.severity >= Severity.WARN:
                    kept.append(entry)
            elif self.session.sampler.keep(record, now_ns) or self.session.pinned(record):
                kept.append(entry)
            else:
                withheld += 1
        self._kept_open[track.number] = {entry.offset for entry in kept if entry.offset >= news.open_from}
        return kept, withheld

    def _measure(self, entries: list[Entry]) -> None:
        """How large records are here, as far as the latest tell."""
        sizes = [len(entry.record.raw) + 1 for entry in entries if entry.record is not None]
        if sizes:
            weight = min(1.0, len(sizes) / MEASURED_RECORDS) / 2
            self._record_bytes += weight * (sum(sizes) / len(sizes) - self._record_bytes)


def _since(looks: Iterable[News]) -> Key | None:
    return max((news.since for news in looks if news.since is not None), default=None)
