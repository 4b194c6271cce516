"""What was measured, as one plain table: figures, what they are held against, and whether that is met."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

COLUMNS: Final = ("what", "ours", "n", "against", "theirs", "ratio", "target", "met")
RIGHT: Final = frozenset({"ours", "n", "theirs", "ratio"})
NEVER: Final = "never"
LONG_S: Final = 8.0
PREFIXES: Final = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number: the median of its runs."""

    value: float
    unit: str
    """s (drawn as ms below a second), %, MiB, or a rate such as lines/s, which is drawn with k, M or G."""
    runs: int = 1

    def __str__(self) -> str:
        return drawn(self.value, self.unit)


@dataclass(frozen=True, slots=True)
class Target:
    """What our figure has to keep to: a bound on itself, or on its ratio to the peer's."""

    bound: float
    unit: str = ""
    """Empty for a bound on the ratio."""
    least: bool = False

    def __str__(self) -> str:
        sign = ">=" if self.least else "<="
        return f"{sign} {drawn(self.bound, self.unit) if self.unit else f'{self.bound:g} x'}"

    def met(self, value: float) -> bool:
        return value >= self.bound if self.least else value <= self.bound


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; a figure that is None was tried for and never came."""

    what: str
    ours: Figure | None
    against: str = ""
    theirs: Figure | None = None
    target: Target | None = None

    @property
    def ratio(self) -> float | None:
        """Ours over theirs; over the bound when there is no peer."""
        if self.ours is None:
            return None
        if self.theirs is not None:
            return self.ours.value / self.theirs.value if self.theirs.value else None
        bound = self.target.bound if self.target is not None and self.target.unit else 0
        return self.ours.value / bound if bound else None

    @property
    def met(self) -> bool | None:
        """None when there is no target, or no peer to hold ours against; what never came does not meet it."""
        if self.target is None:
            return None
        if self.ours is None:
            return False
        value = self.ours.value if self.target.unit else self.ratio
        return None if value is None else self.target.met(value)

    def cells(self) -> tuple[str, ...]:
        ratio, met = self.ratio, self.met
        return (
            self.what,
            str(self.ours or NEVER),
            str(self.ours.runs if self.ours else ""),
            self.against or "target",
            str(self.theirs or NEVER) if self.against else "",
            "" if ratio is None else f"{ratio:.2f}" if ratio < 100 else f"{ratio:.0f}",
            str(self.target or ""),
            "" if met is None else "yes" if met else "NO",
        )


def drawn(value: float, unit: str) -> str:
    """A number with its unit, three digits or so."""
    if unit == "s":
        return f"{value * 1e3:.3g} ms" if value < 0.9995 else f"{value:.3g} s"
    if unit.endswith("/s"):
        size, prefix = next(((size, prefix) for size, prefix in PREFIXES if value >= size), (1.0, ""))
        return f"{value / size:.3g} {prefix}{unit}"
    return f"{value:.2f} {unit}" if value < 1 else f"{value:.3g} {unit}"


def sized(size_bytes: int) -> str:
    """A size in MiB when it is a whole number of them, else in MB."""
    return f"{size_bytes >> 20} MiB" if size_bytes % (1 << 20) == 0 else f"{size_bytes / 1e6:.3g} MB"


def held_against(
    what: str, ours: Figure | None, peers: Mapping[str, Figure | None], target: Target | None
) -> list[Row]:
    """One line for each peer, the one that the target is about first: the target stands with it."""
    if not peers:
        return [Row(what, ours, target=target)]
    return [
        Row(what, ours, name, theirs, None if number else target) for number, (name, theirs) in enumerate(peers.items())
    ]


def side_by_side(runs: int, unit: str, measured: Mapping[str, Callable[[], float | None]]) -> dict[str, Figure | None]:
    """The median of each, one run of each in turn so that the machine's moods fall on all.

    A first round is not counted. What takes longer than LONG_S for all its runs gets fewer, at least one.
    """
    values: dict[str, list[float | None]] = {name: [] for name in measured}
    spent_s = dict.fromkeys(measured, 0.0)
    for _ in range(runs + 1):
        for name, measure in measured.items():
            if spent_s[name] < LONG_S:
                started = time.monotonic()
                values[name].append(measure())
                spent_s[name] += time.monotonic() - started
    return {name: _median(found, unit) for name, found in values.items()}


def _median(values: Sequence[float | None], unit: str) -> Figure | None:
    """Without the first one, when there is another."""
    counted = [value for value in values[1:] or values if value is not None]
    return Figure(statistics.median(counted), unit, len(counted)) if counted else None


def lines_of(rows: Iterable[Row]) -> list[str]:
    """The table, columns as wide as what stands in them."""
    table = [COLUMNS, *(row.cells() for row in rows)]
    widths = [max(len(cells[at]) for cells in table) for at in range(len(COLUMNS))]
    ruled: Sequence[tuple[str, ...]] = [table[0], tuple("-" * width for width in widths), *table[1:]]
    return ["  ".join(_cell(*one) for one in zip(COLUMNS, cells, widths, strict=True)).rstrip() for cells in ruled]


def _cell(column: str, text: str, width: int) -> str:
    return text.rjust(width) if column in RIGHT else text.ljust(width)
