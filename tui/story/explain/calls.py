"""What the spans of many requests say about services and the calls between them, before and during: times, counts, failures.

Measures only; what is unusual is judged in `judging`. Of a span only the time counts in which none of its children ran,
and a failure only where it began. Where a caller's span has one child in another service, what is left of it beyond
that child was spent on the way between the two, whatever their clocks say.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from tui.story.explain.seen import Key, SpanSeen

QUIET, TROUBLED = 0, 1
"""The two sides of a comparison: what it is like otherwise, and what is to be explained."""
_CALLS_OUT: Final = frozenset({"client", "producer"})
_MOST_SAMPLES: Final = 20_000
_CANCELLED: Final = ("cancel", "context deadline", "client disconnected")

Operation = tuple[str, str]
"""Service, and name of the operation."""
Edge = tuple[str, str]
"""Caller and callee."""


class Fact(NamedTuple):
    """One span, short enough to be shown as evidence."""

    value: int
    """What was measured of it, in nanoseconds."""
    key: Key


Samples = tuple[list[Fact], list[Fact]]
"""Of the quiet side and of the troubled one."""


def _samples() -> Samples:
    return [], []


def _counts() -> tuple[Counter[str], Counter[str]]:
    return Counter(), Counter()


class Calls:
    """Takes requests one after the other."""

    def __init__(self) -> None:
        self.own: dict[Operation, Samples] = defaultdict(_samples)
        """Time that an operation spent itself."""
        self.between: dict[Edge, Samples] = defaultdict(_samples)
        """Time that a call spent on the way."""
        self.waits: dict[Edge, Samples] = defaultdict(_samples)
        """Time around a call in a caller that has no span for it: on the way, or in the caller."""
        self.served: tuple[Counter[str], Counter[str]] = _counts()
        """Requests that a service took from others."""
        self.done: tuple[Counter[Operation], Counter[Operation]] = (Counter(), Counter())
        """How often each service began each of its operations for somebody."""
        self.made: tuple[Counter[tuple[Operation, str]], Counter[tuple[Operation, str]]] = (Counter(), Counter())
        """Calls that a service made while it worked on an operation, by callee."""
        self.ended: tuple[dict[Operation, Counter[str]], dict[Operation, Counter[str]]] = (
            defaultdict(Counter),
            defaultdict(Counter),
        )
        """Whom a service called last while it worked on an operation; empty for nobody."""
        self.lost: dict[Edge, Samples] = defaultdict(_samples)
        """Calls of which the callee told nothing: 1 for each, 0 for those that it told of."""
        self.origins: dict[str, Samples] = defaultdict(_samples)
        """Failures that began in a service: 1 for each."""
        self.passed: dict[str, Samples] = defaultdict(_samples)
        """Failures that a service passed on from those that it called."""
        self.repeats: dict[Edge, Samples] = defaultdict(_samples)
        """How often one span called the same operation of another service."""
        self.said: dict[Key, str] = {}
        """What failed spans said."""
        self.spans = [0, 0]
        self._callees: dict[Operation, Counter[str]] = defaultdict(Counter)
        self._unanswered: list[tuple[int, SpanSeen, Operation]] = []

    @property
    def edges(self) -> dict[Edge, tuple[int, int]]:
        """Who calls whom, and how often on both sides."""
        found: dict[Edge, tuple[int, int]] = {}
        for side in (QUIET, TROUBLED):
            for ((service, _), callee), count in self.made[side].items():
                before = found.get((service, callee), (0, 0))
                found[service, callee] = (
                    (before[0] + count, before[1]) if side == QUIET else (before[0], before[1] + count)
                )
        return found

    def add(self, spans: Sequence[SpanSeen], side: int) -> None:
        """Take the spans of one request."""
        tree = _Tree(spans)
        self.spans[side] += len(spans)
        for at, span in enumerate(tree.spans):
            self._measure(tree, at, span, side)
        for operation, callee in tree.last_calls():
            self.ended[side][operation][callee] += 1

    def settle(self) -> None:
        """To be called when all requests were taken: whom the unanswered calls were meant for is known only now."""
        for side, span, work in self._unanswered:
            known = self._callees.get((span.service, span.name))
            named = span.peer if span.peer is not None and (not known or span.peer in known) else None
            callee = named or (known.most_common(1)[0][0] if known else None)
            failed = span.failed
            if callee is None or callee == span.service:
                _keep(self.own[span.service, span.name], side, span.end_ns - span.time_ns, span.key)
                if failed:
                    _keep(self.origins[span.service], side, 1, span.key)
                continue
            if known:
                _keep(self.lost[span.service, callee], side, 1, span.key)
            else:
                _keep(self.between[span.service, callee], side, span.end_ns - span.time_ns, span.key)
                self.served[side][callee] += 1
            self.made[side][work, callee] += 1
            if failed:
                _keep(self.origins[callee], side, 1, span.key)
        self._unanswered.clear()

    def _measure(self, tree: _Tree, at: int, span: SpanSeen, side: int) -> None:
        children = [tree.spans[one] for one in tree.children[at]]
        parent = tree.spans[tree.parents[at]] if tree.parents[at] >= 0 else None
        entry = parent is None or parent.service != span.service
        operation = span.service, span.name
        work = tree.work(at)
        if entry:
            self.done[side][operation] += 1
            self.served[side][span.service] += 1
        if span.failed and span.said:
            self.said[span.key] = span.said
        away = [one for one in children if one.service != span.service]
        calls = span.kind in _CALLS_OUT or (not span.kind and not entry and len(away) == 1 == len(children))
        for callee, count in Counter(one.service for one in away).items():
            self.made[side][work, callee] += count
            self._callees[operation][callee] += count
            _keep(self.repeats[span.service, callee], side, count, span.key)
        if calls and not children:
            self._unanswered.append((side, span, work))
            return
        own_ns = _own_time(span, children)
        if calls and len(away) == 1 == len(children):
            _keep(self.between[span.service, away[0].service], side, own_ns, span.key)
            _keep(self.lost[span.service, away[0].service], side, 0, span.key)
        else:
            _keep(self.own[operation], side, own_ns, span.key)
            for one in away:
                _keep(self.waits[span.service, one.service], side, own_ns, span.key)
        if not span.kind and not children and not entry:
            # it may be a call that nobody answered: known when others like it were
            self._unanswered_maybe(span, work, side)
            return
        if span.failed:
            self._blame(span, children, calls, away, side)

    def _unanswered_maybe(self, span: SpanSeen, work: Operation, side: int) -> None:
        if self._callees.get((span.service, span.name)):
            self._unanswered.append((side, span, work))
        elif span.failed:
            _keep(self.origins[span.service], side, 1, span.key)

    def _blame(self, span: SpanSeen, children: list[SpanSeen], calls: bool, away: list[SpanSeen], side: int) -> None:
        """A failure began where no call that it made failed; a call that failed though its callee did not, on the way."""
        if any(child.failed for child in children):
            _keep(self.passed[span.service], side, 1, span.key)
        elif calls and away:
            _keep(self.origins[away[0].service], side, 1, span.key)
        else:
            _keep(self.origins[span.service], side, 1, span.key)


class _Tree:
    """The spans of one request, and who is whose child."""

    def __init__(self, spans: Sequence[SpanSeen]) -> None:
        self.spans = list(spans)
        by_id: dict[str, list[int]] = {}
        for at, span in enumerate(self.spans):
            by_id.setdefault(span.span, []).append(at)
        self.parents = [self._parent(at, span, by_id) for at, span in enumerate(self.spans)]
        self.children: list[list[int]] = [[] for _ in self.spans]
        for at, parent in enumerate(self.parents):
            if parent >= 0:
                self.children[parent].append(at)

    def work(self, at: int) -> Operation:
        """What the service of a span had been asked to do when it began it."""
        first = self.spans[self._first(at)]
        return first.service, first.name

    def _first(self, at: int) -> int:
        """The span by which the service of a span came into its work."""
        service, passed = self.spans[at].service, 0
        while (above := self.parents[at]) >= 0 and self.spans[above].service == service and passed < len(self.spans):
            at, passed = above, passed + 1
        return at

    def last_calls(self) -> Iterator[tuple[Operation, str]]:
        """For each work of a service the other service that it called last; empty for none."""
        last: dict[int, tuple[int, str]] = {}
        for at, span in enumerate(self.spans):
            above = self.parents[at]
            if above >= 0 and self.spans[above].service != span.service:
                first = self._first(above)
                # the caller's clock, where it has a span for the call
                called_ns = self.spans[above].time_ns if above != first else span.time_ns
                last[first] = max(last.get(first, (0, "")), (called_ns, span.service))
            if above < 0 or self.spans[above].service != span.service:
                last.setdefault(at, (0, ""))
        for at, (_, callee) in sorted(last.items()):
            yield (self.spans[at].service, self.spans[at].name), callee

    def _parent(self, at: int, span: SpanSeen, by_id: dict[str, list[int]]) -> int:
        twins = by_id[span.span]
        if len(twins) > 1 and span.kind != "client":
            # client and server may share one id
            client = next((one for one in twins if one != at and self.spans[one].kind == "client"), -1)
            if client >= 0:
                return client
        known = by_id.get(span.parent or "", ())
        server = next((one for one in known if self.spans[one].kind != "client"), known[0] if known else -1)
        return -1 if server == at else server


def _own_time(span: SpanSeen, children: Sequence[SpanSeen]) -> int:
    """Nanoseconds of a span during which none of its children ran; one whose clock is off is put into its middle."""
    length = span.end_ns - span.time_ns
    if not children:
        return length
    stretches = sorted(_within(span, child) for child in children)
    covered, reached = 0, span.time_ns
    for start, end in stretches:
        start, end = max(start, reached), min(end, span.end_ns)
        if end > start:
            covered += end - start
            reached = end
    return max(0, length - covered)


def _within(span: SpanSeen, child: SpanSeen) -> tuple[int, int]:
    length, room = child.end_ns - child.time_ns, span.end_ns - span.time_ns
    outside = child.time_ns < span.time_ns or child.end_ns > span.end_ns
    if child.service != span.service and outside and length <= room and child.kind != "consumer":
        start = span.time_ns + (room - length) // 2
        return start, start + length
    return child.time_ns, child.end_ns


def _keep(samples: Samples, side: int, value: int, key: Key) -> None:
    if len(samples[side]) < _MOST_SAMPLES:
        samples[side].append(Fact(value, key))
