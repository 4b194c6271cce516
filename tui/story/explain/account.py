"""Records -> why: takes what happened in, splits it into quiet and trouble, and names the suspects with their evidence.

Where no time is given, `change` finds the one at which everything became different.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from statistics import median
from typing import Final

from tui.record import Record, Span
from tui.story.errors import error_of
from tui.story.explain.calls import QUIET, TROUBLED, Calls, Edge
from tui.story.explain.judging import Scale, Signal, all_signals
from tui.story.explain.lines import Lines
from tui.story.explain.mentions import Mentions
from tui.story.explain.seen import Key, LogSeen, SpanSeen, is_loud, request_of, seen_span
from tui.story.explain.suspects import Suspect, rank
from tui.story.explain.templates import Templates, masked_text
from tui.story.inference import service_name
from tui.values import frozen

S: Final = 1_000_000_000
_TEXT_CHARS: Final = 1_000
_TEXTS_A_MINUTE: Final = 2
_BUSY_NS: Final = 2 * S
"""What was recorded is counted in such pieces of time."""
_BUSY: Final = (0.2, 5.0)

SideOf = Callable[[int, str | None], int | None]
"""The side of something that happened at a time, in a request; None when it is on neither."""


@frozen
class Window:
    """A stretch of time; open ends are None."""

    start_ns: int | None = None
    end_ns: int | None = None

    def holds(self, time_ns: int) -> bool:
        return (self.start_ns is None or time_ns >= self.start_ns) and (self.end_ns is None or time_ns < self.end_ns)


@frozen
class Explanation:
    """Who it probably was, and what was compared."""

    suspects: tuple[Suspect, ...]
    quiet: Window
    troubled: Window
    lines: tuple[int, int]
    spans: tuple[int, int]
    edges: tuple[tuple[Edge, tuple[int, int]], ...]
    texts: tuple[tuple[Key, str], ...] = ()
    """The lines and spans that signals rest on."""
    notes: tuple[str, ...] = ()
    """What was left out or guessed, in words."""


FindChange = Callable[[Sequence[LogSeen], Sequence[SpanSeen], tuple[int, int]], tuple[Window, Window]]


class Account:
    """Takes records in any order and keeps what explaining needs of them."""

    def __init__(self) -> None:
        self.templates = Templates()
        self.lines: list[LogSeen] = []
        self.spans: list[SpanSeen] = []
        self.undated = 0
        self._texts: dict[Key, str] = {}
        self._kept: dict[tuple[int, int], int] = {}

    def add(self, record: Record) -> None:
        if record.time_ns is None:
            self.undated += 1
        elif record.span is not None:
            self.add_span(record.span, record.key, service_name(record))
        else:
            self._add_line(record, record.time_ns)

    def template_of(self, record: Record) -> int:
        """The number of the pattern of a line."""
        error = error_of(record)
        kind = error.type if error is not None else None
        return self.templates.number(service_name(record), record.severity, record.message, kind)

    def add_span(self, span: Span, key: Key, service: str) -> None:
        """Take a span that no record was made of; `service` is its own where it names none."""
        self.spans.append(seen_span(span, operation_name(span.name), key, service))

    def _add_line(self, record: Record, time_ns: int) -> None:
        line = LogSeen(
            time_ns, service_name(record), record.severity, self.template_of(record), request_of(record),
            record.span_id, record.duration_ns, record.key,
        )  # fmt: skip
        self.add_line(line, lambda: record.raw)

    def add_line(self, line: LogSeen, text_of: Callable[[], str]) -> None:
        """Take a line; its text is asked for when it may be shown."""
        self.lines.append(line)
        minute = line.template, line.time_ns // (60 * S)
        kept = self._kept.get(minute, 0)
        if kept < _TEXTS_A_MINUTE:
            self._kept[minute] = kept + 1
            self._texts[line.key] = text_of()[:_TEXT_CHARS]

    def text_of(self, key: Key) -> str:
        return self._texts.get(key, "")

    def _moments(self) -> Iterator[tuple[int, str | None]]:
        """When something happened, and in which request."""
        for line in self.lines:
            yield line.time_ns, line.trace
        for span in self.spans:
            yield span.time_ns, span.trace

    @property
    def bounds(self) -> tuple[int, int] | None:
        """The first and the last time there is."""
        times = [time_ns for time_ns, _ in self._moments()]
        return (min(times), max(times) + 1) if times else None

    def find_windows(self, find: FindChange) -> tuple[Window, Window]:
        """The quiet time and the troubled one, as somebody finds them."""
        return find(self.lines, self.spans, self.bounds or (0, 1))

    def by_failure(self, within: Window) -> SideOf:
        """Requests in which something failed against those in which nothing did; what belongs to none is on neither side."""
        failed = {line.trace for line in self.lines if is_loud(line.severity) and within.holds(line.time_ns)}
        failed |= {span.trace for span in self.spans if span.failed and within.holds(span.time_ns)}
        return by_request(failed, within)

    def explain(self, quiet: Window, troubled: Window, side_of: SideOf | None = None) -> Explanation:
        """Compare two stretches of time, or two sets of requests when they are told apart otherwise."""
        side_of = side_of or _by_time(quiet, troubled)
        lines, calls = Lines(), Calls()
        of_spans = _requests(self.spans)
        kinds = {trace: _kind_of(spans) for trace, spans in of_spans.items()}
        self._take_lines(lines, side_of, kinds)
        traces = _take_calls(of_spans, calls, side_of)
        services = {one.service for one in self.lines} | {one.service for one in self.spans}
        services |= {callee for _, callee in calls.edges}
        scale = Scale(self._seconds(side_of), 1.0)
        scale = Scale(scale.seconds, _load(lines, traces, scale))
        signals = all_signals(lines, calls, self.templates, Mentions(services, self.text_of), scale)
        suspects = rank(signals, calls.edges)
        return Explanation(
            suspects, quiet, troubled,
            (lines.services[QUIET].total(), lines.services[TROUBLED].total()), (calls.spans[QUIET], calls.spans[TROUBLED]),
            tuple(sorted(calls.edges.items())), self._evidence(suspects),
        )  # fmt: skip

    def _take_lines(self, lines: Lines, side_of: SideOf, kinds: Mapping[str, object]) -> None:
        requests: dict[str, list[LogSeen]] = {}
        for line in sorted(self.lines, key=lambda one: (one.time_ns, one.key)):
            if line.trace is not None:
                requests.setdefault(line.trace, []).append(line)
            elif (side := side_of(line.time_ns, None)) is not None:
                lines.add(line, side, shown=line.key in self._texts)
        for trace, members in requests.items():
            side = side_of(members[0].time_ns, trace)
            if side is not None:
                kind = kinds.get(trace) or (members[0].service, members[0].template)
                lines.add_request(members, side, kind, self._texts)

    def _seconds(self, side_of: SideOf) -> tuple[float, float]:
        """For how long anything is known of both sides: what was not recorded does not count."""
        busy: tuple[set[int], set[int]] = (set(), set())
        for time_ns, request in self._moments():
            side = side_of(time_ns, request)
            if side is not None:
                busy[side].add(time_ns // _BUSY_NS)
        return max(1, len(busy[QUIET])) * _BUSY_NS / S, max(1, len(busy[TROUBLED])) * _BUSY_NS / S

    def _evidence(self, suspects: Iterable[Suspect]) -> tuple[tuple[Key, str], ...]:
        wanted = {key for suspect in suspects for one in suspect.signals for key in one.keys}
        told = {one.key: _told(one) for one in self.spans if one.key in wanted}
        told.update((key, self._texts[key]) for key in wanted if key in self._texts)
        return tuple(sorted(told.items()))


def _told(span: SpanSeen) -> str:
    failed = " failed" if span.failed else ""
    said = f": {span.said}" if span.said else ""
    length = (span.end_ns - span.time_ns) / 1e6
    return f"span {span.service} {span.name} {length:.3g} ms{failed}{said} trace={span.trace} span={span.span}"


def by_request(wanted: Collection[str | None], within: Window) -> SideOf:
    """These requests against all others; what belongs to none is on neither side."""

    def side_of(time_ns: int, request: str | None) -> int | None:
        if not request or not within.holds(time_ns):
            return None
        return TROUBLED if request in wanted else QUIET

    return side_of


def _by_time(quiet: Window, troubled: Window) -> SideOf:
    def side_of(time_ns: int, _: str | None) -> int | None:
        return TROUBLED if troubled.holds(time_ns) else QUIET if quiet.holds(time_ns) else None

    return side_of


def _requests(spans: Iterable[SpanSeen]) -> dict[str, list[SpanSeen]]:
    found: dict[str, list[SpanSeen]] = {}
    for span in sorted(spans, key=lambda one: (one.time_ns, -one.end_ns, one.key)):
        found.setdefault(span.trace or span.span, []).append(span)
    return found


def _kind_of(spans: Sequence[SpanSeen]) -> tuple[str, ...]:
    """What a request is about: the operation that it begins with, and the first one of another service."""
    first = spans[0]
    other = next((one for one in spans if one.service != first.service), first)
    return first.service, first.name, other.service, other.name


def _take_calls(requests: Mapping[str, Sequence[SpanSeen]], calls: Calls, side_of: SideOf) -> tuple[int, int]:
    """Requests go to the side on which they began; returns how many there are of each."""
    counts = [0, 0]
    for trace, spans in requests.items():
        side = side_of(spans[0].time_ns, trace)
        if side is not None:
            calls.add(spans, side)
            counts[side] += 1
    calls.settle()
    return counts[QUIET], counts[TROUBLED]


def _load(lines: Lines, traces: tuple[int, int], scale: Scale) -> float:
    """How many times as many requests there were in a second: by their ids, else by what most services wrote."""
    requests = max(traces, (lines.kinds[QUIET].total(), lines.kinds[TROUBLED].total()), key=min)
    if min(requests) >= 10:
        ratio = requests[TROUBLED] / requests[QUIET] / scale.ratio
    else:
        known = [(lines.services[QUIET][one], lines.services[TROUBLED][one]) for one in lines.services[QUIET]]
        ratios = [troubled / quiet / scale.ratio for quiet, troubled in known if quiet >= 20]
        ratio = median(ratios) if ratios else 1.0
    return min(_BUSY[1], max(_BUSY[0], ratio))


_PATH: Final = re.compile(r"(?<=/)[^/\s?]*\d[^/\s?]*|\?\S*")


@lru_cache(maxsize=16_384)
def operation_name(name: str) -> str:
    """The name of a span without what varies: ids in paths, literals in statements."""
    if not any(character.isdigit() or character == "?" for character in name):
        return name[:200]
    return masked_text(_PATH.sub(lambda found: "" if found[0][0] == "?" else "*", name))[:200]


__all__ = ["Account", "Explanation", "Signal", "Window", "by_request", "operation_name"]
