"""What is unusual about each service: signals with a strength, a value, what it is otherwise, and evidence.

A strength of 1 is something that deserves a look; most of them end at 4. Whose fault it is then is for `suspects`.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from tui.story.explain.calls import QUIET, TROUBLED, Calls, Edge, Fact, Operation, Samples
from tui.story.explain.lines import END, Lines
from tui.story.explain.measures import Shift, certainty, deviation, divergence, effect, shift
from tui.story.explain.mentions import Mentions
from tui.story.explain.seen import Key
from tui.story.explain.templates import Templates
from tui.values import frozen

LEAST_SAMPLES: Final = 3
_EVIDENCE: Final = 3
_LOUD: Final = 5
"""Level of patterns from which on they tell of failures."""


@frozen
class Signal:
    """One thing that is unusual about a service."""

    service: str
    kind: str
    """errors, new_pattern, missing_pattern, self_time, call_gap, lost_calls, fewer_calls, retries or rate."""
    strength: float
    value: float
    baseline: float
    unit: str
    """What value and baseline count: ms, per_request, per_minute, share or times."""
    about: str
    """The operation, the pattern or the other service that it is about."""
    keys: tuple[Key, ...] = ()
    """Records that show it."""
    other: str | None = None
    """The service at the other end, of what lies between two."""


@frozen
class Scale:
    """How much was looked at on each side."""

    seconds: tuple[float, float]
    load: float
    """How many times as busy the troubled side was, for each second."""

    @property
    def ratio(self) -> float:
        """How often something is to be expected in trouble that happens once in quiet."""
        return self.load * self.seconds[TROUBLED] / max(1e-9, self.seconds[QUIET])

    def rates(self, quiet: float, troubled: float) -> tuple[float, float]:
        """Per minute."""
        return 60 * troubled / max(1e-9, self.seconds[TROUBLED]), 60 * quiet / max(1e-9, self.seconds[QUIET])


def time_signals(calls: Calls) -> Iterator[Signal]:
    """Operations that take longer themselves, and calls that are longer on the way."""
    own = {key: found for key, facts in calls.own.items() if (found := _shift(facts)) is not None}
    between = {key: found for key, facts in calls.between.items() if (found := _shift(facts)) is not None}
    own_excess = {key: max(0.0, one.excess_ns) * len(calls.own[key][TROUBLED]) for key, one in own.items()}
    way_excess = {key: max(0.0, one.excess_ns) * len(calls.between[key][TROUBLED]) for key, one in between.items()}
    total = sum(own_excess.values()) + sum(way_excess.values()) or 1.0
    for operation, found in own.items():
        strength = _lasting(found, own_excess[operation] / total)
        if strength > 0.05:
            facts = calls.own[operation][TROUBLED]
            yield Signal(
                operation[0], "self_time", strength, found.after_ns / 1e6, found.before_ns / 1e6, "ms", operation[1],
                _longest(facts),
            )  # fmt: skip
    strengths = {edge: _lasting(one, way_excess[edge] / total) for edge, one in between.items()}
    yield from _way_signals(calls.between, between, strengths)


def _shift(facts: Samples) -> Shift | None:
    if min(len(facts[QUIET]), len(facts[TROUBLED])) < LEAST_SAMPLES:
        return None
    return shift([one.value for one in facts[QUIET]], [one.value for one in facts[TROUBLED]])


def _lasting(found: Shift, share: float) -> float:
    """How telling it is that something takes longer: by how much, how sure that is, and how much of all time it is."""
    return (
        2.0 * min(2.5, found.ratio) * found.sure * (0.15 + math.sqrt(max(0.0, share))) if found.excess_ns > 0 else 0.0
    )


def _way_signals(
    facts: Mapping[Edge, Samples], shifts: Mapping[Edge, Shift], strengths: Mapping[Edge, float]
) -> Iterator[Signal]:
    """A slow way has two ends: it is the end whose ways are all slow; of two alike rather the one that is called."""
    slow: dict[str, list[bool]] = defaultdict(list)
    for edge, strength in strengths.items():
        for end in edge:
            slow[end].append(strength > 0.25)
    for edge, strength in strengths.items():
        if strength <= 0.05:
            continue
        caller, callee = _blame(slow[edge[0]]), 1.3 * _blame(slow[edge[1]])
        found = shifts[edge]
        for service, part, other in ((edge[0], caller, edge[1]), (edge[1], callee, edge[0])):
            yield Signal(
                service, "call_gap", strength * part / (caller + callee), found.after_ns / 1e6, found.before_ns / 1e6, "ms",
                f"{edge[0]} → {edge[1]}", _longest(facts[edge][TROUBLED]), other,
            )  # fmt: skip


def _blame(slow: Sequence[bool]) -> float:
    """More for a service with several slow ways, less for one that has others that are as fast as ever."""
    count = sum(slow)
    return math.sqrt(count) * (0.1 + count / len(slow)) if count else 0.05


def _longest(facts: Sequence[Fact]) -> tuple[Key, ...]:
    return tuple(one.key for one in sorted(facts, key=lambda one: (-one.value, one.key))[:_EVIDENCE])


def failure_signals(calls: Calls, scale: Scale) -> Iterator[Signal]:
    """Failures that began in a service, and calls that nobody answered."""
    served = calls.served
    for service, facts in calls.origins.items():
        quiet, troubled = len(facts[QUIET]), len(facts[TROUBLED])
        took = served[QUIET][service], served[TROUBLED][service]
        ratio = (took[TROUBLED] + 1) / (took[QUIET] + 1) if took[QUIET] else scale.ratio
        strength = _more(troubled, quiet * ratio)
        if strength > 0.05:
            yield Signal(
                service, "errors", strength, troubled / max(1, took[TROUBLED]), quiet / max(1, took[QUIET]),
                "per_request", "failures that began here", _latest(facts[TROUBLED]),
            )  # fmt: skip
    for edge, facts in calls.lost.items():
        lost = [sum(one.value for one in facts[side]) for side in (QUIET, TROUBLED)]
        if not facts[QUIET] or not facts[TROUBLED]:
            continue
        expected = len(facts[TROUBLED]) * lost[QUIET] / len(facts[QUIET])
        share = (lost[TROUBLED] - expected) / len(facts[TROUBLED])
        # a few are always lost, at the edge of what was recorded
        strength = _more(lost[TROUBLED], expected) * min(1.0, max(0.0, 3 * share - 0.1))
        if strength > 0.05:
            yield Signal(
                edge[1], "lost_calls", strength, lost[TROUBLED] / len(facts[TROUBLED]), lost[QUIET] / len(facts[QUIET]),
                "share", f"calls from {edge[0]} that it told nothing of",
                tuple(one.key for one in facts[TROUBLED] if one.value)[:_EVIDENCE], edge[0],
            )  # fmt: skip


def _more(count: float, expected: float, ratio: float = 1.0) -> float:
    """How telling it is that something happens more often."""
    if count <= expected or count < 1:
        return 0.0
    return 4.0 * certainty(deviation(count, expected, ratio)) * min(1.0, 0.4 + effect(count, expected) / 3)


def _latest(facts: Sequence[Fact]) -> tuple[Key, ...]:
    return tuple(one.key for one in facts[:_EVIDENCE])


def call_signals(calls: Calls) -> Iterator[Signal]:
    """Calls that are made less often for each time that their caller works, and such as are made again and again."""
    fewer: dict[Edge, tuple[float, float, float]] = {}
    stopped: dict[Edge, tuple[str, float]] = {}
    for (operation, callee), quiet in calls.made[QUIET].items():
        done = calls.done[QUIET][operation], calls.done[TROUBLED][operation]
        expected = quiet / max(1, done[QUIET]) * done[TROUBLED]
        troubled = calls.made[TROUBLED][operation, callee]
        strength = 0.8 * _less(troubled, expected)
        edge = operation[0], callee
        if strength > max(0.05, fewer.get(edge, (0.0, 0, 0))[0]):
            fewer[edge] = strength, troubled / max(1, done[TROUBLED]), quiet / max(1, done[QUIET])
            stopped[edge] = _stopped_at(calls, operation, callee)
    into: dict[str, list[bool]] = defaultdict(list)
    out: dict[str, list[bool]] = defaultdict(list)
    for edge in calls.edges:
        out[edge[0]].append(edge in fewer)
        into[edge[1]].append(edge in fewer)
    for edge, (strength, value, baseline) in fewer.items():
        # where callers have spans of their calls, what is not there was not called
        told = 0.1 if edge in calls.between else 1.0
        blame = _blame(out[edge[0]]), told * _blame(into[edge[1]])
        last, share = stopped[edge]
        if share:
            yield Signal(
                last, "fewer_calls", strength * share, value, baseline, "per_request",
                f"{edge[0]} stops after it and no longer calls {edge[1]}", (), edge[0],
            )  # fmt: skip
        for service, part, other in ((edge[0], blame[0], edge[1]), (edge[1], blame[1], edge[0])):
            yield Signal(
                service, "fewer_calls", strength * (1 - share) * part / sum(blame), value, baseline, "per_request",
                f"{edge[0]} → {edge[1]}", (), other,
            )  # fmt: skip
    for edge, facts in calls.repeats.items():
        found = [[one.value for one in facts[side]] for side in (QUIET, TROUBLED)]
        if min(map(len, found)) < LEAST_SAMPLES:
            continue
        means = [sum(one) / len(one) for one in found]
        strength = 0.8 * _more(sum(found[TROUBLED]), means[QUIET] * len(found[TROUBLED]))
        if strength > 0.05 and means[TROUBLED] > means[QUIET] * 1.1:
            yield Signal(
                edge[1], "retries", strength, means[TROUBLED], means[QUIET], "times",
                f"calls by {edge[0]} for one request", _longest(facts[TROUBLED]), edge[0],
            )  # fmt: skip


def _stopped_at(calls: Calls, operation: Operation, callee: str) -> tuple[str, float]:
    """The service after whose call an operation now ends without calling another one, and how much speaks for that."""
    quiet, troubled = (calls.ended[side].get(operation, Counter[str]()) for side in (QUIET, TROUBLED))
    if not quiet or not troubled:
        return "", 0.0
    rises = {one: troubled[one] / troubled.total() - quiet[one] / quiet.total() for one in sorted(troubled)}
    whole = sum(rise for rise in rises.values() if rise > 0)
    last = max(rises, key=rises.__getitem__)
    if whole < 0.1 or last in ("", callee):
        return "", 0.0
    return last, rises[last] / whole


def _less(count: float, expected: float, ratio: float = 1.0) -> float:
    """How telling it is that something happens less often."""
    if expected < 3 or count >= expected:
        return 0.0
    return 4.0 * certainty(-deviation(count, expected, ratio)) * (1 - count / expected)


def pattern_signals(lines: Lines, templates: Templates, mentions: Mentions, scale: Scale) -> Iterator[Signal]:
    """Patterns of lines that are new or come more often, or that are missing."""
    everywhere: Counter[tuple[str, bool]] = Counter()
    found: list[tuple[int, float, bool]] = []
    usual, unknown = lines.expected(scale.ratio)
    for number in sorted(lines.patterns[QUIET].keys() | lines.patterns[TROUBLED].keys()):
        expected, troubled = float(usual[number]), lines.patterns[TROUBLED][number] - unknown[number]
        service = templates[number].service
        more = troubled > expected
        if more:
            strength = _more(troubled, expected, scale.ratio)
        else:
            own = lines.services[TROUBLED][service] / max(1.0, lines.services[QUIET][service] * scale.ratio)
            strength = _less(troubled, expected * min(1.0, own), scale.ratio) if own > 0 else 0.0
        if strength > 0.05:
            found.append((number, strength, more))
            everywhere[templates[number].text, more] += 1
    for number, strength, more in found:
        template = templates[number]
        quiet, troubled = lines.patterns[QUIET][number], lines.patterns[TROUBLED][number]
        strength /= math.sqrt(everywhere[template.text, more])
        loud = template.level >= _LOUD
        kind = ("errors" if loud else "new_pattern") if more else "missing_pattern"
        strength *= _weight(template.level, more, new=quiet == 0)
        keys = tuple(lines.examples.get((TROUBLED if more else QUIET, number), ()))
        accused = lines.accused.get(number) if loud else None
        for service, part, other in mentions.shared(template, keys, failing=more, accused=accused):
            rates = scale.rates(quiet, troubled)
            yield Signal(service, kind, strength * part, *rates, "per_minute", template.text, keys, other)


def sequence_signals(lines: Lines, templates: Templates) -> Iterator[Signal]:
    """Patterns after which something else happens than before: the service that wrote them last went another way."""
    for number, (quiet, troubled) in sorted(lines.next.items()):
        if min(quiet.total(), troubled.total()) < LEAST_SAMPLES:
            continue
        share, score = divergence(quiet, troubled)
        strength = 3.0 * share * certainty(score)
        if strength > 0.05:
            usual = max(sorted(quiet), key=quiet.__getitem__)
            then = "the end of the request" if usual == END else templates[usual].text
            yield Signal(
                templates[number].service, "missing_pattern", strength, troubled[usual] / troubled.total(),
                quiet[usual] / quiet.total(), "share", f"after “{templates[number].text}” there follows: {then}",
                tuple(lines.examples.get((TROUBLED, number), ())),
            )  # fmt: skip


def _weight(level: int, more: bool, *, new: bool) -> float:
    """Failures tell more than warnings, those more than what is said in peace."""
    if not more:
        return 0.6
    base = 1.0 if level >= _LOUD else 0.7 if level == _LOUD - 1 else 0.4
    return base * (1.0 if new else 0.8)


def rate_signals(lines: Lines, calls: Calls, scale: Scale) -> Iterator[Signal]:
    """Services that fell silent, more than those that call them."""
    ratios: dict[str, float] = {}
    counts: dict[str, tuple[float, float]] = {}
    for service in lines.services[QUIET].keys() | calls.served[QUIET].keys():
        for one in (lines.services, calls.served):
            before, after = float(one[QUIET][service]), float(one[TROUBLED][service])
            if before * scale.ratio >= 5 and service not in counts:
                counts[service] = before, after
                ratios[service] = (after + 0.5) / (before * scale.ratio + 0.5)
    callers: dict[str, list[str]] = defaultdict(list)
    for caller, callee in calls.edges or lines.follows:
        callers[callee].append(caller)
    traced = {callee for _, callee in calls.edges}
    for service, (quiet, troubled) in sorted(counts.items()):
        if service in traced:
            continue
        above = [ratios[one] for one in callers[service] if one in ratios and one != service]
        expected = quiet * scale.ratio * min(1.0, max(above, default=1.0))
        strength = 0.9 * _less(troubled, expected)
        if strength > 0.05:
            rates = scale.rates(quiet, troubled)
            yield Signal(service, "rate", strength, *rates, "per_minute", "lines and requests", ())


def step_signals(lines: Lines, templates: Templates) -> Iterator[Signal]:
    """Lines that come later after the one before them, and lines that say themselves that something took longer."""
    shifts: list[tuple[str, str, Shift, Samples]] = []
    for (service, _, after), facts in lines.steps.items():
        if (found := _shift(facts)) is not None:
            shifts.append((service, f"until: {templates[after].text}", found, facts))
    for (service, number), facts in lines.durations.items():
        if (found := _shift(facts)) is not None:
            shifts.append((service, templates[number].text, found, facts))
    ways = {edge: found for edge, facts in lines.ways.items() if (found := _shift(facts)) is not None}
    way_excess = {edge: _whole_excess(one, lines.ways[edge]) for edge, one in ways.items()}
    total = sum(_whole_excess(one, facts) for _, _, one, facts in shifts) + sum(way_excess.values()) or 1.0
    for service, about, found, facts in shifts:
        strength = 0.6 * _lasting(found, _whole_excess(found, facts) / total)
        if strength > 0.05:
            yield Signal(
                service, "self_time", strength, found.after_ns / 1e6, found.before_ns / 1e6, "ms", about,
                _longest(facts[TROUBLED]),
            )  # fmt: skip
    strengths = {edge: 0.6 * _lasting(one, way_excess[edge] / total) for edge, one in ways.items()}
    yield from _way_signals(lines.ways, ways, strengths)


def _whole_excess(found: Shift, facts: Samples) -> float:
    return max(0.0, found.excess_ns) * len(facts[TROUBLED])


def all_signals(lines: Lines, calls: Calls, templates: Templates, mentions: Mentions, scale: Scale) -> list[Signal]:
    """Everything unusual, the most telling first."""
    found: Iterable[Signal] = [
        *time_signals(calls),
        *failure_signals(calls, scale),
        *call_signals(calls),
        *pattern_signals(lines, templates, mentions, scale),
        *sequence_signals(lines, templates),
        *rate_signals(lines, calls, scale),
        *step_signals(lines, templates),
    ]
    return sorted(found, key=lambda one: (-one.strength, one.service, one.kind, one.about))
