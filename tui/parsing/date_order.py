"""In which order a source writes the numbers of its dates: 03/04/2026 alone does not tell, many lines together do.

Reads dates in the sample of a source, and says one order for all of them or none. Reading times is left to
`timestamps`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from tui.lazy import Lazy
from tui.typed import Final

_DATE: Final = Lazy(rb"(?<![\w.:/-])(\d{1,2})([/.-])(\d{1,2})\2((?:19|20)\d\d|\d\d)(?=[T:,\s-]{1,4}\d{1,2}:\d\d)")
_HEAD_CHARS: Final = 160
_LONG: Final = ("mdy", "dmy")
_SHORT: Final = ("ymd", "mdy", "dmy")
Numbers = tuple[int, int, int]


def order_of(lines: Sequence[bytes]) -> str:
    """`ymd`, `mdy` or `dmy`, or nothing where the lines agree with several or with none."""
    long: list[Numbers] = []
    short: list[Numbers] = []
    for line in lines:
        match = _DATE.search(line, 0, _HEAD_CHARS)
        if match is not None:
            (long if len(match[4]) == 4 else short).append((int(match[1]), int(match[3]), int(match[4])))
    return _order(long, _LONG) if len(long) >= len(short) else _order(short, _SHORT)


def _order(dates: Sequence[Numbers], orders: Sequence[str]) -> str:
    if not dates:
        return ""
    possible = [order for order in orders if all(_is_date(_sorted(date, order)) for date in dates)]
    if len(possible) < 2:
        return possible[0] if possible else ""
    # Logs go forward: the order under which the dates do so is the right one.
    back = {order: _steps_back([_sorted(date, order) for date in dates]) for order in possible}
    least = min(back.values())
    best = [order for order, steps in back.items() if steps == least]
    return best[0] if len(best) == 1 else ""


def _sorted(date: Numbers, order: str) -> Numbers:
    return date[order.index("y")], date[order.index("m")], date[order.index("d")]


def _is_date(date: Numbers) -> bool:
    return 1 <= date[1] <= 12 and 1 <= date[2] <= 31


def _steps_back(dates: Sequence[Numbers]) -> int:
    """How often a date goes back, and how far apart the two ends are in years: a month of records is likelier."""
    return sum(later < earlier for earlier, later in pairwise(dates)) * 1000 + _spread(dates)


def _spread(dates: Sequence[Numbers]) -> int:
    years = {year for year, _, _ in dates}
    return max(years) - min(years)
