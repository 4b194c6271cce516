"""Who it probably was: services ranked by what is unusual about them, witnesses and victims behind culprits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from tui.story.explain.calls import Edge
from tui.story.explain.judging import Signal
from tui.values import frozen

_LESS: Final = 0.5
"""Each further signal of one kind counts so much of the one before it."""
_FURTHER: Final = 0.8
"""The same for further kinds."""
_VICTIM: Final = 0.25
"""A service loses so much at most where one that it calls is as suspicious."""


@frozen
class Suspect:
    """One service, with all that speaks against it."""

    service: str
    score: float
    """0 to 100: the first one's share of what speaks against anybody, and how much that is."""
    signals: tuple[Signal, ...]


def rank(signals: Iterable[Signal], edges: Mapping[Edge, tuple[int, int]]) -> tuple[Suspect, ...]:
    """The suspects, best first; those against whom next to nothing speaks are left out."""
    of_service: dict[str, list[Signal]] = defaultdict(list)
    for one in signals:
        of_service[one.service].append(one)
    own = {service: _sum(found) for service, found in of_service.items()}
    scores = {service: score * (1 - _VICTIM * _behind(service, score, own, edges)) for service, score in own.items()}
    ordered = sorted(scores.items(), key=lambda one: (-one[1], one[0]))
    return tuple(
        Suspect(service, round(score, 3), tuple(of_service[service])) for service, score in ordered if score > 0.02
    )


def _sum(signals: Sequence[Signal]) -> float:
    """The strengths of a service together: much of one kind says less than something of several kinds."""
    kinds: dict[str, list[float]] = defaultdict(list)
    for one in signals:
        kinds[one.kind].append(one.strength)
    sums = sorted((_fading(sorted(found, reverse=True), _LESS) for found in kinds.values()), reverse=True)
    return _fading(sums, _FURTHER)


def _fading(strengths: Sequence[float], factor: float) -> float:
    return sum(strength * factor**at for at, strength in enumerate(strengths))


def _behind(service: str, score: float, own: Mapping[str, float], edges: Iterable[Edge]) -> float:
    """0 to 1: how suspicious the most suspicious service is that this one calls, beside itself."""
    called = [own.get(callee, 0.0) for caller, callee in edges if caller == service and callee != service]
    return min(1.0, max(called, default=0.0) / max(score, 1e-9))
