"""What is looked for in the log pane: the query, the least level, hide or highlight, jumps and the counts of matches."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Final

from tui.query.attributes import field_lookup
from tui.query.counts import Counts, count, count_on
from tui.query.highlights import highlights
from tui.query.predicate import Predicate, compile_query
from tui.query.results import EVERYTHING, Condition
from tui.query.scan import prefilter
from tui.query.syntax import Query
from tui.record import LEVELS, Record, Severity
from tui.session.budget import Pace
from tui.session.session import Session
from tui.session.viewing import Viewing
from tui.store.order import Sieve
from tui.store.priority import give_way
from tui.values import replace
from tui.views.log_view import LogView

LEAST: Final = (0, Severity.DEBUG, Severity.INFO, Severity.WARN, Severity.ERROR, Severity.FATAL)
COUNT_SLICE_S: Final = 0.01
COUNT_PAUSE_S: Final = 0.002
COUNT_EVERY_S: Final = 0.2
LIVE_PAUSES: Final = 4
"""Pauses between the counts of what comes, in times of what the count before took."""


class Counting:
    """Counts in a thread of its own, gently; what it has so far can be read at any time."""

    def __init__(self, session: Session, condition: Condition, lacks: Callable[[Record], bool] | None) -> None:
        self.counts = Counts()
        self._session = session
        self._cancelled = False
        tracks = session.tracks_now()
        self._reached = {track.number: track.blocks.end for track in tracks}
        self._live = Counts()
        self._arguments = tracks, condition, lacks
        threading.Thread(target=self._run, name="count", daemon=True).start()

    def cancel(self) -> None:
        self._cancelled = True

    @property
    def lines(self) -> int:
        return self.counts.lines + self._live.lines

    @property
    def matched(self) -> int:
        return self.counts.matched + self._live.matched

    @property
    def lacking(self) -> int:
        return self.counts.lacking + self._live.lacking

    @property
    def asked(self) -> int:
        return self.counts.asked + self._live.asked

    def _run(self) -> None:
        give_way()
        pace = Pace(self._session.budget.cpu_percent, time.monotonic(), time.process_time())
        try:
            until = time.monotonic() + COUNT_SLICE_S
            for counts in count(*self._arguments, dict(self._reached)):
                self.counts = counts
                if self._cancelled:
                    return
                if time.monotonic() > until:
                    # the screen and the tails come first
                    self._rest(max(COUNT_PAUSE_S, pace.rest_s(time.monotonic(), time.process_time())))
                    until = time.monotonic() + COUNT_SLICE_S
            self._session.on_news()
            self._go_on()
        except Exception:  # a source that vanished in between: what was counted stands, and is not called complete
            self.counts.done = False
            self._session.on_news()

    def _rest(self, seconds: float) -> None:
        """For so long, and for as long as the budget has no room for us."""
        time.sleep(seconds)
        while not (self._session.step.background or self._cancelled):
            time.sleep(COUNT_EVERY_S)

    def _go_on(self) -> None:
        """Count what comes, in no more than a share of the time: with a fast tail and a broad query it lags behind."""
        growth = -1
        while not self._cancelled:
            if growth == self._session.growth:
                time.sleep(COUNT_EVERY_S)
                continue
            growth, began = self._session.growth, time.monotonic()
            for counts in count_on(*self._arguments, self._reached):
                self._live.lines += counts.lines
                self._live.matched += counts.matched
                self._live.lacking += counts.lacking
                self._live.asked += counts.asked
                if self._cancelled:
                    return
                self._rest(LIVE_PAUSES * (time.monotonic() - began))
                began = time.monotonic()


class Finding:
    """The state of the search in one log view."""

    def __init__(self, session: Session, viewing: Viewing, log: LogView, *, hide: bool, level: str) -> None:
        self.session = session
        self.viewing = viewing
        self.log = log
        self.hide = hide
        self.least = LEVELS.index(level) if level else 0
        self.query: Query | None = None
        self.text = ""
        self.counting: Counting | None = None
        self._predicate: Predicate | None = None
        self._sieve: Sieve | None = None
        self._level_sieve: Sieve | None = prefilter(None, least=LEAST[self.least])
        self._lacked: set[str] = set()
        self._tracks = 0
        viewing.condition = self.shown()

    # -- conditions ------------------------------------------------------------------------------------------------

    def shown(self) -> Condition:
        """What a record must meet to have a row."""
        if self._predicate is not None and self.hide:
            return Condition(self._accepts_level_and_query if self.least else self._predicate.matches, self._sieve)
        return Condition(self._accepts_level, self._level_sieve) if self.least else EVERYTHING

    def matching(self) -> Condition:
        """What a match is, hidden or not."""
        if self._predicate is None:
            return self.shown()
        return Condition(self._accepts_level_and_query, self._sieve)

    def _accepts_level(self, record: Record) -> bool:
        return by_severity(record, LEAST[self.least])

    def _accepts_level_and_query(self, record: Record) -> bool:
        assert self._predicate is not None
        return by_severity(record, LEAST[self.least]) and self._predicate.matches(record)

    # -- changes ---------------------------------------------------------------------------------------------------

    def set_query(self, query: Query | None, text: str) -> None:
        """Look for something else."""
        self.text = text
        self.query = query if text.strip() else None
        self._predicate = compile_query(self.query) if self.query else None
        self._find_requirements()
        self.log.set_look(replace(self.log.look, highlights=highlights(self.query) if self.query else None))
        self._apply()

    def _find_requirements(self) -> None:
        lent = self.session.lent_services()
        self._sieve = prefilter(self.query, least=LEAST[self.least], inherited=lent) if self.query else None
        self._level_sieve = prefilter(None, least=LEAST[self.least])

    def take_in(self) -> None:
        """A source that is new is searched and counted, too."""
        tracks = len(self.session.tracks_now())
        if tracks != self._tracks:
            self._tracks = tracks
            self._find_requirements()
            self.viewing.condition = self.shown()
            self.recount()

    def set_least(self, least: int) -> None:
        """Show this level (0 to 5) and above."""
        self.least = least
        self._find_requirements()
        self._apply()

    def toggle_hide(self) -> None:
        self.hide = not self.hide
        self._apply()

    def _apply(self) -> None:
        around = None if self.log.follow or self.log.key is None else self.log.key
        self.viewing.cancel_jump()
        self.viewing.apply(self.shown(), around)
        self.recount()

    def read_again(self) -> None:
        """The same rows, from sources that tell other times than before."""
        self.viewing.window.clear()
        self._apply()

    def recount(self) -> None:
        """Count again, if there is anything to count."""
        if self.counting is not None:
            self.counting.cancel()
        self.counting = None
        self._lacked = set()
        if self._predicate is not None or self.least:
            lacks = self._lacks if self._predicate is not None and self._predicate.fields else None
            self.counting = Counting(self.session, self.matching(), lacks)

    # -- jumps -----------------------------------------------------------------------------------------------------

    def jump(self, condition: Condition, name: str, *, back: bool) -> None:
        """Go to the next or previous record that meets a condition, wherever it is."""
        rows, at = self.log.rows, self.log.current
        step = -1 if back else 1
        index = at + step
        while 0 <= index < len(rows):
            record = getattr(rows[index], "record", None)
            if record is not None and condition.holds(record):
                self.log.select(rows[index].key)
                return
            index += step
        start = self.log.rows[0 if back else -1].key if rows else None
        where = "further up" if back else "further down"
        self.viewing.jump(condition, start, back=back, name=f"{name} {where}")

    def jump_level(self, least: int, most: int, name: str, *, back: bool) -> None:
        shown = self.shown()

        def accepts(record: Record) -> bool:
            return least <= record.severity <= most and shown.holds(record)

        self.jump(Condition(accepts, shown.sieve), name, back=back)

    def commands(self) -> dict[str, Callable[[], None]]:
        """The actions that belong to searching."""
        levels = {f"level-{number + 1}": partial(self.set_least, number) for number in range(6)}
        return {
            **levels,
            "hide": self.toggle_hide,
            "next-match": lambda: self.jump(self.matching(), "match", back=False),
            "previous-match": lambda: self.jump(self.matching(), "match", back=True),
            "next-error": lambda: self.jump_level(Severity.ERROR, 24, "error", back=False),
            "previous-error": lambda: self.jump_level(Severity.ERROR, 24, "error", back=True),
            "next-warning": lambda: self.jump_level(Severity.WARN, 16, "warning", back=False),
            "previous-warning": lambda: self.jump_level(Severity.WARN, 16, "warning", back=True),
        }

    # -- words -----------------------------------------------------------------------------------------------------

    def info(self) -> str:
        """`312 of 48,201 · 17 lack service`; while it is still being counted, how far, or that the budget has no room."""
        if self.counting is None:
            return ""
        counts = self.counting.counts
        so_far = f"{self.counting.matched:,} of {self.counting.lines:,}"
        if counts.done:
            text = so_far
        elif self.session.step.background:
            text = f"{so_far} · {counts.share:.0%}"
        else:
            text = f"{so_far} · counting paused" if self.counting.lines else "counting paused"
        text += self.lacking()
        return text if self.hide else f"highlight · {text}"

    def _lacks(self, record: Record) -> bool:
        """From the counting thread: whether a record lacks a field of the query; remembers which are lacking."""
        predicate = self._predicate
        if predicate is None or not predicate.lacks(record):
            return False
        if len(self._lacked) < len(predicate.fields):
            self._lacked |= {name for name in predicate.fields if not field_lookup(name)(record)}
        return True

    def lacking(self) -> str:
        """` · 17 lack service`: how many records could not be decided, and for want of which fields; else nothing.

        ` · 17 of 20,000 lack service` when it is known of some only.
        """
        counting = self.counting
        if counting is None or self._predicate is None or not counting.lacking:
            return ""
        names = [name for name in self._predicate.fields if name in self._lacked]
        of = f" of {counting.asked:,}" if counting.asked < counting.lines else ""
        return f" · {counting.lacking:,}{of} lack {' or '.join(names[:2])}{' …' * (len(names) > 2)}"

    @property
    def hidden(self) -> int | None:
        if self.counting is None or not (self.hide or self.least):
            return None
        return max(0, self.counting.lines - self.counting.matched)


def by_severity(record: Record, least: int) -> bool:
    """Whether a record is at a level or above; one without a level counts as info."""
    return (record.severity or Severity.INFO) >= least
