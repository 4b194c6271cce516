"""A store of traces as a source: nothing comes of it until a request is opened; then its traces are fetched.

A trace may still grow: it is fetched again until nothing has changed, and so is one that is not there yet. The
questions are put from a daemon thread, one after the other.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final
from urllib.parse import urlsplit

from tui.record import Chunk
from tui.sources.asking import Answer, ask
from tui.sources.credentials import split_userinfo, with_authorization
from tui.sources.inlet import Inlet
from tui.sources.spec import Backoff, State, Status
from tui.sources.trace_apis import Told, find
from tui.values import mutable

STILL_S: Final = 60.0
"""A trace whose last span began longer ago does not grow any more."""
AGAIN_S: Final = (2.0, 4.0, 8.0, 8.0)
"""Until a trace that may grow is fetched again."""
MISSING_S: Final = (1.0, 2.0, 4.0)
"""Until one that is not there is looked for again: it may not have been written yet."""
MOST_FAILURES: Final = 4
"""In a row; then a trace is given up until it is asked for again."""
MOST_TRACES: Final = 50
"""Asked for together; a request of more is none."""
FRESH_S: Final = 10.0
"""What was fetched so short a time ago is not fetched anew."""


@mutable
class _Asked:
    """One trace that was asked for."""

    due_s: float
    """When to fetch it next; 0 when it is done."""
    fetched: int = 0
    failures: int = 0
    missing: int = 0
    lines: frozenset[int] = frozenset()
    """What was told of it the last time."""
    done_s: float = 0.0


class Backend:
    """Fetches traces from one server until it is stopped."""

    def __init__(
        self,
        name: str,
        kind: str,
        url: str,
        *,
        deliver: Callable[[Chunk], None],
        changed: Callable[[Status], None],
        headers: Mapping[str, str] | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """`deliver` and `changed` are called from the thread and must be quick. User and password of the url become a
        Basic header; what is shown holds neither."""
        self.name = name
        self._kind = kind
        base, userinfo = split_userinfo(url)
        self._base = base.partition("?")[0].rstrip("/")
        self._host = urlsplit(base).netloc
        self._headers = with_authorization(dict(headers or {}), None, userinfo)
        self._inlet = Inlet(deliver=deliver, changed=lambda status: None)
        self._changed = changed
        self._backoff = Backoff(jitter)
        self._asked: dict[str, _Asked] = {}
        self._news = threading.Condition()
        self._stopping = False
        self._failed = False
        self._spans = 0
        self._thread = threading.Thread(target=self._run, name=f"{kind} {self._host}", daemon=True)

    def start(self) -> None:
        self._say(State.IDLE, "asked when a request is opened")
        self._thread.start()

    def stop(self) -> None:
        self._stopping = True
        with self._news:
            self._news.notify()

    def ask(self, trace_ids: Iterable[str]) -> None:
        """Fetch these traces, unless that was done a moment ago; returns at once."""
        now_s = time.monotonic()
        with self._news:
            for one in trace_ids:
                known = self._asked.get(one)
                if known is not None and (known.due_s or now_s - known.done_s < FRESH_S):
                    continue
                if known is None and sum(bool(each.due_s) for each in self._asked.values()) >= MOST_TRACES:
                    continue
                self._asked[one] = _Asked(now_s)
            self._news.notify()

    @property
    def busy(self) -> bool:
        """Whether something that was asked for is not known yet as far as it will be."""
        with self._news:
            return not self._failed and any(one.due_s for one in self._asked.values())

    def _run(self) -> None:
        while not self._stopping and not self._failed:
            with self._news:
                due = min(((one.due_s, trace_id) for trace_id, one in self._asked.items() if one.due_s), default=None)
                wait_s = None if due is None else due[0] - time.monotonic()
                if due is None or (wait_s is not None and wait_s > 0):
                    self._news.wait(wait_s)
                    continue
            try:
                self._fetch(due[1], self._asked[due[1]])
            except Exception as error:  # a fault of ours must be seen, not take the program down
                self._fail(f"stopped by an internal error ({type(error).__name__})")

    def _fetch(self, trace_id: str, asked: _Asked) -> None:
        self._say(State.LIVE, f"asking for {_short(trace_id)}")
        told = find(self._kind, trace_id, self._get)
        if told.refusal is not None:
            self._refused(asked, told, trace_id)
            return
        asked.failures = 0
        asked.fetched += 1
        lines = frozenset(map(hash, told.lines))
        self._inlet.take(told.lines)
        self._spans += len(lines - asked.lines)
        grown, asked.lines = lines != asked.lines, lines
        self._plan(asked, told, grown=grown)
        self._say(State.IDLE, self._words(trace_id, asked, told))

    def _plan(self, asked: _Asked, told: Told, *, grown: bool) -> None:
        """When to fetch it again, if at all."""
        now_s = time.monotonic()
        if not told.lines:
            wait_s = MISSING_S[asked.missing] if asked.missing < len(MISSING_S) else 0.0
            asked.missing += 1
        elif not grown or time.time() - told.latest_ns / 1e9 > STILL_S:
            wait_s = 0.0
        else:
            wait_s = AGAIN_S[min(asked.fetched, len(AGAIN_S)) - 1]
        self._due(asked, now_s + wait_s if wait_s else 0.0)

    def _refused(self, asked: _Asked, told: Told, trace_id: str) -> None:
        assert told.refusal is not None
        if not told.refusal.again:
            self._fail(told.refusal.words)
            return
        asked.failures += 1
        if asked.failures >= MOST_FAILURES:
            self._due(asked, 0.0)
            self._say(State.GAP, f"{_short(trace_id)} was not fetched: {told.refusal.words}")
            return
        delay_s = told.refusal.after_s if told.refusal.after_s is not None else self._backoff.next_s()
        self._due(asked, time.monotonic() + delay_s)
        self._say(State.RETRYING, f"retrying in {delay_s:.1f} s: {told.refusal.words}")

    def _due(self, asked: _Asked, due_s: float) -> None:
        with self._news:
            asked.due_s = due_s
            asked.done_s = time.monotonic()

    def _words(self, trace_id: str, asked: _Asked, told: Told) -> str:
        if not told.lines:
            words = "looking again for" if asked.due_s else "knows nothing of"
            return f"{words} {_short(trace_id)}" + (f": {told.note}" if told.note else "")
        spans = f"{len(told.lines):,} span{'s' * (len(told.lines) > 1)} of {_short(trace_id)}"
        return f"{spans}; {told.note}" if told.note else spans

    def _get(self, path: str) -> Answer:
        return ask(self._base + path, self._headers, self._host, lambda: self._stopping)

    def _fail(self, words: str) -> None:
        self._failed = True
        self._say(State.FAILED, words)

    def _say(self, state: State, detail: str) -> None:
        if not self._stopping:
            self._changed(Status(state, detail, time.time_ns()))


def _short(trace_id: str) -> str:
    return f"{trace_id[:4]}…{trace_id[-2:]}" if len(trace_id) > 8 else trace_id
