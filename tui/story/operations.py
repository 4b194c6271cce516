"""Operations of one service out of its lines: stated durations, lines that begin and end something, attempts.

Works on the lines of one group in the order of time. How lines are grouped and what becomes a span is left to `inference`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tui.record import Record
from tui.story.reading import Reading
from tui.values import mutable

Key = tuple[str, int]

MAX_DURATION_NS: Final = 86_400_000_000_000
"""A longer duration is not one of a request: an uptime, an age."""
SLACK_NS: Final = 2_000_000
AFTERMATH_NS: Final = 10_000_000
"""An error may be logged this long after the attempt that it belongs to."""
NEAR: Final = 8
"""How many neighbours are compared, so that a thousand lines cost no million comparisons."""


@mutable
class Operation:
    """A stretch of work that some records tell of."""

    name: str
    start_ns: int
    end_ns: int
    measured: bool
    keys: list[Key]
    phase: str = ""
    status: int | None = None
    attempt: int | None = None
    http: bool = False
    stretch: bool = False
    """Nothing is known but the first and the last line."""


@mutable
class Told:
    """A record of a group, with its time and what it says."""

    record: Record
    time_ns: int
    reading: Reading


def own_duration(told: Told) -> int:
    """The duration that the record states for what it ends; 0 for none, and for waits and limits."""
    length = told.reading.took_ns or 0
    return length if 0 < length <= MAX_DURATION_NS else 0


def measured(told: Sequence[Told]) -> list[Operation]:
    """Operations whose length a record states: a duration at their end, or the times of start and end."""
    found: list[Operation] = []
    for one in told:
        said, length = one.reading, own_duration(one)
        if (
            said.start_ns is not None
            and said.end_ns is not None
            and 0 <= said.end_ns - said.start_ns <= MAX_DURATION_NS
        ):
            if abs(said.end_ns - one.time_ns) > MAX_DURATION_NS:
                continue
            start_ns, end_ns = said.start_ns, said.end_ns
        elif length:
            start_ns, end_ns = one.time_ns - length, one.time_ns
        else:
            continue
        same = next((other for other in found[-NEAR:] if _same(other, said, start_ns, end_ns)), None)
        if same is not None:
            _merge(same, one, start_ns, end_ns)
        else:
            found.append(_operation(one, start_ns, end_ns, measured=True))
    return found


def _same(known: Operation, said: Reading, start_ns: int, end_ns: int) -> bool:
    """Whether two lines state the same work: a slow-log line and the answer, a handler and its access log."""
    longest = max(known.end_ns - known.start_ns, end_ns - start_ns)
    apart = abs(known.start_ns - start_ns) + abs(known.end_ns - end_ns)
    named_alike = known.name == said.operation or not said.operation or not known.name
    return known.attempt == said.attempt and apart <= max(SLACK_NS, longest // (10 if named_alike else 50))


def _merge(known: Operation, told: Told, start_ns: int, end_ns: int) -> None:
    said = told.reading
    if (said.http and not known.http) or not known.name:
        known.name, known.http = said.operation, said.http
    known.start_ns, known.end_ns = min(known.start_ns, start_ns), max(known.end_ns, end_ns)
    known.phase = "fail" if "fail" in (known.phase, said.phase) else said.phase or known.phase
    known.status = known.status if said.status is None else said.status
    known.keys.append(told.record.key)


def _operation(told: Told, start_ns: int, end_ns: int, *, measured: bool) -> Operation:
    said = told.reading
    phase = said.phase if said.phase in ("end", "fail") else ""
    name = said.operation
    return Operation(name, start_ns, end_ns, measured, [told.record.key], phase, said.status, said.attempt, said.http)


def pair(told: Sequence[Told], operations: list[Operation]) -> None:
    """A line that begins something and the next one that ends it make an operation, or add to one that is measured."""
    if not any(one.reading.phase == "start" for one in told):
        return
    ended_by = {key: operation for operation in operations for key in operation.keys}
    waiting: dict[tuple[str, int | None], list[Told]] = {}
    for one in told:
        said = one.reading
        name = (said.operation, said.attempt)
        if said.phase == "start":
            waiting.setdefault(name, []).append(one)
            continue
        if said.phase not in ("end", "fail"):
            continue
        begun = waiting.get(name) or waiting.get((said.operation, None))
        if not begun:
            continue
        known = ended_by.get(one.record.key)
        begin = begun.pop()
        if known is not None:
            known.keys.insert(0, begin.record.key)
        elif one.time_ns > begin.time_ns:
            made = _operation(one, begin.time_ns, one.time_ns, measured=False)
            made.keys.insert(0, begin.record.key)
            operations.append(made)


def attempts(told: Sequence[Told], operations: list[Operation]) -> None:
    """Attempts that say only how they ended last from the end of the one before, or the first line, to that line."""
    if not any(one.reading.attempt is not None for one in told):
        return
    known = {key for operation in operations for key in operation.keys}
    ends: dict[str, int] = {}
    numbered: dict[int, list[Operation]] = {}
    for operation in operations:
        if operation.attempt is not None:
            ends[operation.name] = max(ends.get(operation.name, 0), operation.end_ns)
            numbered.setdefault(operation.attempt, []).append(operation)
    retried_ns = 0
    before_ns = told[0].time_ns
    for one in told:
        said = one.reading
        if said.phase == "retry":
            retried_ns = one.time_ns + (one.record.duration_ns or 0)
        if said.attempt is None or said.phase not in ("end", "fail") or one.record.key in known:
            continue
        near = numbered.get(said.attempt, [])[-NEAR:]
        if any(op.start_ns <= one.time_ns <= op.end_ns + AFTERMATH_NS for op in near):
            continue
        start_ns = max(before_ns, ends.get(said.operation, 0))
        if start_ns < retried_ns < one.time_ns:
            start_ns = retried_ns
        operations.append(_operation(one, start_ns, one.time_ns, measured=False))
        ends[said.operation] = one.time_ns
