"""How unusual something is: two sets of times, two counts. Robust and deterministic, from 0 for nothing to about 1."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

FLOOR_NS = 200_000
"""Differences of so few nanoseconds are never told from noise."""
_LEAST_NOISE = 0.12
"""Natural logarithm: times are never steadier than this."""


class Shift(NamedTuple):
    """How much longer something takes."""

    before_ns: float
    after_ns: float
    ratio: float
    """Natural logarithm of after to before, where the difference is greatest."""
    sure: float
    """0 to 1."""
    excess_ns: float
    """Longer on average, extreme ones cut off."""


def quantile(ordered: Sequence[float], share: float) -> float:
    """A quantile of values in order, between the two nearest."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def shift(before: Sequence[float], after: Sequence[float]) -> Shift:
    """How much longer the times of one set are than those of another, at their middle and among their longest tenth."""
    quiet, troubled = sorted(before), sorted(after)
    best = Shift(quantile(quiet, 0.5), quantile(troubled, 0.5), 0.0, 0.0, 0.0)
    noise = _noise(quiet)
    for share, tail in ((0.5, 1.25), (0.9, 2.2)):
        low, high = quantile(quiet, share), quantile(troubled, share)
        ratio = math.log((high + FLOOR_NS) / (low + FLOOR_NS))
        error = tail * noise * math.sqrt(1 / len(quiet) + 1 / len(troubled))
        weight = 1.0 if share == 0.5 else 0.75
        sure = certainty(ratio / max(error, 1e-9) - 1.5)
        if weight * ratio * sure > best.ratio * best.sure:
            best = Shift(low, high, weight * ratio, sure, 0.0)
    return best._replace(excess_ns=trimmed_mean(troubled) - trimmed_mean(quiet))


def _noise(ordered: Sequence[float]) -> float:
    """How much times vary by themselves, as logarithms: half of what lies between the outer eighths."""
    low, high = quantile(ordered, 0.16), quantile(ordered, 0.84)
    return max(_LEAST_NOISE, 0.5 * math.log((high + FLOOR_NS) / (low + FLOOR_NS))) + 1.0 / (2 + len(ordered))


def trimmed_mean(ordered: Sequence[float]) -> float:
    """The mean with what lies beyond the outer twentieths drawn in to them."""
    low, high = quantile(ordered, 0.05), quantile(ordered, 0.95)
    return sum(min(max(one, low), high) for one in ordered) / len(ordered)


def certainty(score: float) -> float:
    """0 to 1 for so many standard deviations; 3 are half way up."""
    return 0.0 if score <= 0 else score * score / (score * score + 9.0)


def deviation(count: float, expected: float, ratio: float = 1.0, spread: float = 0.06) -> float:
    """How many standard deviations a count lies above what was expected; below it, negative.

    What is expected was counted too, in a time or in requests `ratio` times as few, and is as uncertain as that makes
    it. Counts of real systems vary more than by chance alone: `spread` is by how much they do.
    """
    expected = max(expected, 0.25 * min(4.0, max(1.0, ratio)))
    gap = 2 * ((count * math.log(count / expected) if count > 0 else 0.0) - (count - expected))
    size = math.sqrt(max(0.0, gap) / (1 + min(ratio, 4.0) + spread * max(count, expected)))
    return size if count >= expected else -size


def effect(count: float, expected: float) -> float:
    """Natural logarithm of how many times as often."""
    return math.log((count + 0.5) / (expected + 0.5))


def divergence(before: Mapping[int, int], after: Mapping[int, int]) -> tuple[float, float]:
    """How much what happens next differs: the share that is another thing now, and how many standard deviations it is."""
    quiet, troubled = sum(before.values()), sum(after.values())
    if not quiet or not troubled:
        return 0.0, 0.0
    share = gap = 0.0
    every = before.keys() | after.keys()
    for one in sorted(every):
        low, high = before.get(one, 0), after.get(one, 0)
        share += abs(low / quiet - high / troubled) / 2
        for count, whole in ((low, quiet), (high, troubled)):
            if count:
                gap += 2 * count * math.log(count / ((low + high) * whole / (quiet + troubled)))
    free = max(1, len(every) - 1)
    gap /= 1 + 0.03 * (quiet + troubled)
    return share, (gap - free) / math.sqrt(2 * free)
