"""When everything became different, where nobody says it: the stretch of time whose services behave least like the rest.

Looks at counts of lines, failures and requests and at how long they took, in equal pieces of time.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from tui.story.explain.account import Window
from tui.story.explain.seen import LogSeen, SpanSeen, is_loud

_PIECES: Final = 60
_LEAST_PIECES: Final = 3
_LEAST_QUIET: Final = 0.3
"""So much of all time is quiet, at least."""
_MOST_SERIES: Final = 400


def find_change(lines: Iterable[LogSeen], spans: Iterable[SpanSeen], bounds: tuple[int, int]) -> tuple[Window, Window]:
    """The quiet stretch and the troubled one: before it, unless only what came after is long enough."""
    start_ns, end_ns = bounds
    size = max(1, (end_ns - start_ns) // _PIECES)
    series = _series(lines, spans, start_ns, size)
    low, high = _most_different(series)
    troubled = Window(start_ns + low * size, end_ns if high >= _PIECES else start_ns + high * size)
    if low >= _LEAST_PIECES:
        return Window(start_ns, troubled.start_ns), troubled
    return Window(troubled.end_ns, end_ns), troubled


def _series(lines: Iterable[LogSeen], spans: Iterable[SpanSeen], start_ns: int, size: int) -> list[list[float]]:
    """What happened in each piece of time, one list for each thing that is watched."""
    counts: dict[object, list[float]] = defaultdict(lambda: [0.0] * _PIECES)
    lengths: dict[object, list[float]] = defaultdict(lambda: [0.0] * _PIECES)
    for line in lines:
        at = min(_PIECES - 1, (line.time_ns - start_ns) // size)
        counts["lines", line.service][at] += 1
        if is_loud(line.severity):
            counts["loud", line.service][at] += 1
            counts["pattern", line.template][at] += 1
    for span in spans:
        at = min(_PIECES - 1, max(0, (span.time_ns - start_ns) // size))
        counts["spans", span.service][at] += 1
        lengths["spans", span.service][at] += math.log1p(max(0, span.end_ns - span.time_ns) / 1e6)
        if span.failed:
            counts["failed", span.service][at] += 1
    kept = sorted(counts.items(), key=lambda one: (-sum(one[1]), str(one[0])))[:_MOST_SERIES]
    found = [[math.sqrt(count) for count in values] for _, values in kept]
    for name, totals in sorted(lengths.items(), key=str):
        found.append([total / count if count else math.nan for total, count in zip(totals, counts[name], strict=True)])
    return found


def _most_different(series: Sequence[Sequence[float]]) -> tuple[int, int]:
    """First and last piece (not included) of the stretch that differs most from the rest."""
    sums = [_prefixes(values) for values in series]
    best, found = -1.0, (_PIECES // 2, _PIECES)
    for low in range(_PIECES - _LEAST_PIECES + 1):
        for high in range(low + _LEAST_PIECES, _PIECES + 1):
            if (high < _PIECES and high - low > _PIECES // 2) or low + _PIECES - high < _LEAST_QUIET * _PIECES:
                continue
            score = math.sqrt(sum(_difference(one, low, high) for one in sums))
            score *= 1.15 if high == _PIECES else 1.0
            if score > best + 1e-9:
                best, found = score, (low, high)
    return found


Prefixes = tuple[list[float], list[float], list[int]]


def _prefixes(values: Sequence[float]) -> Prefixes:
    """Sums, sums of squares and numbers of the known values before each piece."""
    sums, squares, known = [0.0], [0.0], [0]
    for value in values:
        there = not math.isnan(value)
        sums.append(sums[-1] + (value if there else 0.0))
        squares.append(squares[-1] + (value * value if there else 0.0))
        known.append(known[-1] + there)
    return sums, squares, known


def _difference(prefixes: Prefixes, low: int, high: int) -> float:
    """How much of what varies is told by whether it is in the stretch: a likelihood ratio."""
    sums, squares, known = prefixes
    inside, outside = known[high] - known[low], known[-1] - known[high] + known[low]
    if inside < 2 or outside < 3:
        return 0.0
    within, whole = sums[high] - sums[low], sums[-1]
    mean_in, mean_out = within / inside, (whole - within) / outside
    spread = squares[-1] - inside * mean_in**2 - outside * mean_out**2
    total = squares[-1] - whole**2 / known[-1]
    floor = 0.05 * known[-1]
    return known[-1] * math.log((max(0.0, total) + floor) / (max(0.0, spread) + floor))
