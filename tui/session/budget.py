"""What we may cost the host, and what is given up, step by step, when we cost more.

Pure: what was spent is handed in, and the time too. Work that the user waits for is not what steps are for: while there
is some, nobody asks for one.
"""

from __future__ import annotations

import re
from typing import Final

from tui.lazy import Lazy
from tui.settings import SettingsError
from tui.values import frozen, replace

OVER_NS: Final = 5_000_000_000
"""So long above the budget before the next step is taken: opening a file or a pane may cost more for a moment."""
UNDER_NS: Final = 15_000_000_000
"""So long well below it before a step is taken back."""
WELL_BELOW: Final = 0.6
FREE_S: Final = 4.0
"""What was just asked for may cost what it takes for so long, though nobody needs it at once."""

_UNITS: Final = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
_PART: Final = Lazy(r"(cpu|mem|term)=([0-9]{1,9}(?:\.[0-9]{1,3})?)(%|[kmg]?)(?:i?b)?(?:/s)?", re.IGNORECASE)


@frozen
class Budget:
    """Limits; what is not limited is None."""

    cpu_percent: float | None = None
    """Of one core."""
    memory_bytes: int | None = None
    """Resident memory."""
    terminal_bytes_s: float | None = None
    """Sent to the terminal in a second."""


@frozen
class Spent:
    """What was measured of ourselves."""

    cpu_percent: float
    memory_bytes: int
    terminal_bytes_s: float


@frozen
class Step:
    """What is given up."""

    frames_s: float | None = None
    """Frames drawn in a second, at most; None for as many as are asked for."""
    background: bool = True
    """Whether matches are counted that are not on the screen."""
    streams: float = 1.0
    """The share of the time in which lines of pipes and websockets are taken in."""
    rows_s: float | None = None
    """Rows of a fast tail drawn in a second, at most; None for as many as anybody can read."""

    @property
    def words(self) -> str:
        """`2 frames/s, no counting`; empty when nothing is given up."""
        parts = []
        if self.rows_s is not None:
            parts.append(f"{self.rows_s:g} rows/s")
        if self.frames_s is not None:
            parts.append(f"{self.frames_s:g} frame{'s' * (self.frames_s != 1)}/s")
        if not self.background:
            parts.append("no counting")
        if self.streams < 1:
            parts.append(f"streams {self.streams:.0%}")
        return ", ".join(parts)


CPU_STEPS: Final = (
    Step(),
    Step(5),
    Step(2),
    Step(1, background=False),
    Step(1, background=False, streams=0.25),
    Step(1, background=False, streams=0.05),
)
"""Each gives up more than the one before: first what is hardly noticed, at last lines."""
TERM_STEPS: Final = (
    Step(),
    Step(rows_s=40),
    Step(rows_s=20),
    Step(rows_s=10),
    Step(rows_s=5, frames_s=5),
    Step(2, rows_s=2),
)
"""What is sent is rows, the newest of which is in every frame: fewer frames alone would bring as many of them."""


def parse_budget(text: str) -> Budget:
    """`cpu=20%,mem=192M,term=20K/s`; what is left out is not limited, `off` limits nothing. Raises SettingsError."""
    budget = Budget()
    if text.strip().lower() == "off":
        return budget
    for part in text.split(","):
        match = _PART.fullmatch(part.strip())
        name = match[1].lower() if match else ""
        if match is None or (match[3] == "%") != (name == "cpu") or float(match[2]) <= 0:
            raise SettingsError(f"budget {part.strip()!r} is not understood: use cpu=20%,mem=192M,term=20K/s, or off")
        amount = float(match[2]) * _UNITS.get(match[3].lower(), 1)
        if name == "cpu":
            budget = replace(budget, cpu_percent=amount)
        elif name == "mem":
            budget = replace(budget, memory_bytes=int(amount))
        else:
            budget = replace(budget, terminal_bytes_s=amount)
    return budget


class Pace:
    """How long background work rests, so that all of us stays within the budget for the processor; at first it need not,
    since what was just asked for should soon be there."""

    def __init__(self, cpu_percent: float | None, now_s: float, cpu_s: float) -> None:
        """`cpu_s` is what the process has spent so far."""
        self._share = None if cpu_percent is None else cpu_percent / 100
        self._free_until_s = now_s + FREE_S
        self._now_s, self._cpu_s = now_s, cpu_s

    def rest_s(self, now_s: float, cpu_s: float) -> float:
        """Before going on, after the work since the last call."""
        worked_s, spent_s = now_s - self._now_s, cpu_s - self._cpu_s
        free = self._share is None or now_s < self._free_until_s
        rest_s = 0.0 if self._share is None or free else max(0.0, spent_s / self._share - worked_s)
        self._now_s, self._cpu_s = now_s + rest_s, cpu_s
        return rest_s


class _Ladder:
    """The steps for one limit, and where on them we are."""

    def __init__(self, name: str, limit: float | None, steps: tuple[Step, ...]) -> None:
        self.name = name
        self._limit = limit
        self._steps = steps
        self._at = 0
        self._over_ns = self._under_ns = 0
        """For how long we have been above the limit, or well below it."""

    @property
    def step(self) -> Step:
        return self._steps[self._at]

    def look(self, spent: float, passed_ns: int) -> bool:
        if self._limit is None:
            return False
        share = spent / self._limit
        self._over_ns = self._over_ns + passed_ns if share > 1 else 0
        self._under_ns = self._under_ns + passed_ns if share < WELL_BELOW else 0
        if self._over_ns >= OVER_NS and self._at < len(self._steps) - 1:
            self._at, self._over_ns = self._at + 1, 0
            return True
        if self._under_ns >= UNDER_NS and self._at:
            self._at, self._under_ns = self._at - 1, 0
            return True
        return False


class Governor:
    """Chooses what is given up by what is spent."""

    def __init__(self, budget: Budget, now_ns: int = 0) -> None:
        self.budget = budget
        self._looked_ns = now_ns
        self._cpu = _Ladder("cpu", budget.cpu_percent, CPU_STEPS)
        self._term = _Ladder("term", budget.terminal_bytes_s, TERM_STEPS)

    @property
    def step(self) -> Step:
        """What is given up for all limits together."""
        cpu, term = self._cpu.step, self._term.step
        frames = [step.frames_s for step in (cpu, term) if step.frames_s is not None]
        return replace(cpu, rows_s=term.rows_s, frames_s=min(frames, default=None))

    @property
    def words(self) -> str:
        """`over cpu: 2 frames/s`; empty when nothing is given up."""
        return " · ".join(f"over {one.name}: {one.step.words}" for one in (self._cpu, self._term) if one.step.words)

    def look(self, spent: Spent, now_ns: int, *, awaited: bool = False) -> bool:
        """Take note of what was spent since the last look; whether something else is given up now.

        While the user waits for something he gets it at any cost: what is spent then counts for nothing.
        """
        passed_ns, self._looked_ns = now_ns - self._looked_ns, now_ns
        if awaited:
            return False
        changed = self._cpu.look(spent.cpu_percent, passed_ns)
        return self._term.look(spent.terminal_bytes_s, passed_ns) or changed

    def memory_excess(self, spent: Spent) -> int:
        """Bytes above the budget for memory, to be given back by whoever holds lines; 0 when there are none."""
        limit = self.budget.memory_bytes
        return max(0, spent.memory_bytes - limit) if limit is not None else 0
