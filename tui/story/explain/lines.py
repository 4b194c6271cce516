"""What the lines of logs say about services, before and during: how often each pattern comes, what follows, how long after.

Measures only; what is unusual is judged in `judging`. Where lines name their requests, requests are counted and not
lines, and each pattern is expected as often as in requests of the same kind: that more of one kind come is no trouble.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from tui.story.explain.calls import QUIET, TROUBLED, Edge, Fact, Samples
from tui.story.explain.seen import Key, LogSeen, is_loud

SAMPLES_KEPT: Final = 3
END: Final = -1
"""Stands for what follows the last line of a request."""
_MOST_SAMPLES: Final = 5_000
_APART_NS: Final = 60_000_000_000
"""Lines of one request further apart than this tell of no work in between."""

Step = tuple[str, int, int]
"""Service, and the patterns of two lines that follow each other in one request."""
Kind = object
"""What a request is about, so that alike ones can be compared."""


def _samples() -> Samples:
    return [], []


def _counters() -> tuple[Counter[int], Counter[int]]:
    return Counter(), Counter()


class Lines:
    """Takes requests, and lines that belong to none, one after the other."""

    def __init__(self) -> None:
        self.patterns: tuple[Counter[int], Counter[int]] = _counters()
        """Requests with a pattern, and lines of it outside of any."""
        self.services: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        """Lines of each service."""
        self.durations: dict[tuple[str, int], Samples] = defaultdict(_samples)
        """What lines of a pattern say themselves that something took."""
        self.steps: dict[Step, Samples] = defaultdict(_samples)
        """How long after a line of a request the next one came, both of one service."""
        self.ways: dict[Edge, Samples] = defaultdict(_samples)
        """The same where the next one was of another service."""
        self.next: dict[int, tuple[Counter[int], Counter[int]]] = defaultdict(_counters)
        """What follows a pattern in its request, of any service."""
        self.accused: dict[int, Counter[str]] = defaultdict(Counter)
        """Which other service had spoken last in a request when a line told of a failure in it."""
        self.examples: dict[tuple[int, int], list[Key]] = {}
        """Of a side and a pattern the first few lines that can be shown."""
        self.follows: Counter[tuple[str, str]] = Counter()
        """How often a service was the next one to speak in a request that another had spoken in."""
        self.kinds: tuple[Counter[Kind], Counter[Kind]] = (Counter(), Counter())
        """Requests of each kind."""
        self._of_kind: tuple[Counter[tuple[int, Kind]], Counter[tuple[int, Kind]]] = (Counter(), Counter())
        self._alone: tuple[Counter[int], Counter[int]] = _counters()

    def add(self, line: LogSeen, side: int, *, shown: bool) -> None:
        """Take a line that belongs to no request; one that cannot be shown is no example."""
        self._take(line, side, shown)
        self.patterns[side][line.template] += 1
        self._alone[side][line.template] += 1

    def add_request(self, lines: Sequence[LogSeen], side: int, kind: Kind, shown: Mapping[Key, str]) -> None:
        """Take all lines of one request, in the order of time."""
        self.kinds[side][kind] += 1
        before: LogSeen | None = None
        other: str | None = None
        for line in lines:
            self._take(line, side, line.key in shown)
            if before is not None:
                self._follow(before, line, side)
                if before.service != line.service:
                    other = before.service
            if other is not None and other != line.service and side == TROUBLED and is_loud(line.severity):
                self.accused[line.template][other] += 1
            before = line
        if before is not None:
            self.next[before.template][side][END] += 1
        for number in {line.template for line in lines}:
            self.patterns[side][number] += 1
            self._of_kind[side][number, kind] += 1

    def _follow(self, before: LogSeen, line: LogSeen, side: int) -> None:
        self.next[before.template][side][line.template] += 1
        apart_ns = line.time_ns - before.time_ns
        if before.service == line.service and apart_ns < _APART_NS:
            _keep(self.steps[line.service, before.template, line.template], side, apart_ns, line.key)
        elif before.service != line.service:
            self.follows[before.service, line.service] += 1
            if apart_ns < _APART_NS:
                _keep(self.ways[before.service, line.service], side, apart_ns, line.key)

    def expected(self, ratio: float) -> tuple[Counter[int], Counter[int]]:
        """How often each pattern is to be expected in trouble, and how often it came in kinds of requests that are new.

        `ratio` is how much more of everything there is, for what belongs to no request.
        """
        expected: Counter[int] = Counter()
        unknown: Counter[int] = Counter()
        for number, count in self._alone[QUIET].items():
            expected[number] += count * ratio  # type: ignore[assignment]
        for (number, kind), count in self._of_kind[QUIET].items():
            expected[number] += count * self.kinds[TROUBLED][kind] / self.kinds[QUIET][kind]  # type: ignore[assignment]
        for (number, kind), count in self._of_kind[TROUBLED].items():
            if not self.kinds[QUIET][kind]:
                unknown[number] += count
        return expected, unknown

    def _take(self, line: LogSeen, side: int, shown: bool) -> None:
        self.services[side][line.service] += 1
        examples = self.examples.setdefault((side, line.template), [])
        if shown and len(examples) < SAMPLES_KEPT:
            examples.append(line.key)
        if line.duration_ns is not None:
            _keep(self.durations[line.service, line.template], side, line.duration_ns, line.key)


def _keep(samples: Samples, side: int, value: int, key: Key) -> None:
    if len(samples[side]) < _MOST_SAMPLES:
        samples[side].append(Fact(value, key))
