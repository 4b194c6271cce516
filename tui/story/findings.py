"""What a timeline comes to: how the request ended and whose fault it was, and when nobody said anything.

Judges rows, errors and records that others have put together; words only, no drawing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from tui.presentation.cells import short_duration
from tui.record import Record
from tui.story.errors import StoryError
from tui.story.hops import Hop
from tui.story.rows import Row
from tui.values import frozen

MIN_GAP_NS: Final = 100_000_000
GAP_SHARE: Final = 10
"""A silence is a gap from one part in so many of the duration on."""
SLOW_NS: Final = 1_000_000_000


@frozen
class Gap:
    """A time in which no service said anything and no measured work is known."""

    start_ns: int
    end_ns: int
    reason: str

    @property
    def duration_ns(self) -> int:
        return self.end_ns - self.start_ns


@frozen
class Verdict:
    """How the request ended, in words for a call."""

    state: str
    """ok, failed, slow, running or empty."""
    text: str
    """`FAILED at payment: PaymentDeclined`."""
    service: str | None = None
    error: StoryError | None = None


def find_gaps(
    records: Sequence[Record],
    rows: Sequence[Row],
    start_ns: int | None,
    end_ns: int | None,
    *,
    finished: bool,
    hops: Sequence[Hop] = (),
) -> tuple[Gap, ...]:
    """Silences longer than 100 ms and a tenth of the duration that no measured leaf covers, in order of time."""
    if start_ns is None or end_ns is None:
        return ()
    least_ns = max(MIN_GAP_NS, (end_ns - start_ns) // GAP_SHARE)
    busy = [(record.time_ns, record.time_ns) for record in records if record.time_ns is not None]
    for row in rows:
        for part in row.parts:
            covered = part.measured and not row.children
            busy += [(part.start_ns, part.end_ns)] if covered else []
            if part.measured:
                busy += [(part.start_ns, part.start_ns), (part.end_ns, part.end_ns)] if not part.open else []
    busy.sort()
    gaps: list[Gap] = []
    reached = start_ns
    for start, end in [*busy, (end_ns, end_ns)]:
        if start - reached > least_ns:
            running = start == end_ns and not finished
            gaps.append(Gap(reached, start, _reason(rows, hops, reached, start, running)))
        reached = max(reached, end)
    return tuple(gaps)


def _reason(rows: Sequence[Row], hops: Sequence[Hop], start_ns: int, end_ns: int, running: bool) -> str:
    if running:
        return "nothing logged since"
    for hop in hops:
        if hop.sent_ns <= start_ns and hop.taken_ns >= end_ns:
            return f"a message waits in {hop.queue}" if hop.queue else "a message waits in a queue"
    for row in rows:
        if row.retries and any(
            early.end_ns <= start_ns + MIN_GAP_NS // 10 and late.start_ns >= end_ns - MIN_GAP_NS // 10
            for early, late in pairwise(row.parts)
        ):
            return f"waiting for the next attempt of {row.service} {row.name}".rstrip()
    for row in rows:
        for number, part in enumerate(row.parts if row.retries else (), 1):
            if part.start_ns <= start_ns and part.end_ns >= end_ns:
                return f"attempt {number} of {row.service} {row.name} is all that is under way".rstrip()
    return "nothing logged by any service"


def judge(
    rows: Sequence[Row], errors: Sequence[StoryError], records: Sequence[Record], *, title: str, finished: bool
) -> Verdict:
    """The verdict; the service named is the one where the trouble began, not the one that passed it on."""
    if not rows and not records:
        return Verdict("empty", "nothing found")
    cause = root_cause(rows, errors)
    failed = _failed(rows, errors)
    if failed:
        service = (
            cause.service if cause is not None else next((row.service for row in rows if row.status == "error"), None)
        )
        where = f"FAILED at {service}" if service else "FAILED"
        what = _short_what(cause) or _answer(rows)
        return Verdict("failed", f"{where}: {what}" if what else where, service, cause)
    if not finished:
        busy = [row for row in rows if row.open] or list(rows)
        service = max(busy, key=lambda row: row.end_ns).service if busy else None
        return Verdict("running", f"still running in {service}" if service else "still running", service)
    slow = _slowest(rows)
    if slow is not None:
        length = short_duration(slow.self_ns if slow.children else slow.duration_ns)
        name = " ".join(part for part in (slow.service, slow.name if slow.name != title else "") if part)
        return Verdict("slow", f"slow: {length} in {name}", slow.service)
    answer = _answer(rows)
    text = f"ok {answer}".strip() if not answer.startswith("4") else f"answered {answer}"
    if errors:
        told = f"{len(errors)} error{'s' if len(errors) > 1 else ''}"
        return Verdict("ok", f"{text} after {told} at {errors[0].service}", errors[0].service, cause)
    return Verdict("ok", text)


def _failed(rows: Sequence[Row], errors: Sequence[StoryError]) -> bool:
    """Whether the outermost operation failed; when it does not say, whether an error was left unrecovered."""
    roots = [row for row in rows if row.depth == 0]
    if any(row.answer[:1] == "5" and len(row.answer) == 3 for row in roots[:1]):
        return True
    if roots and roots[0].status != "unset":
        return roots[0].status == "error"
    if not errors:
        return any(row.status == "error" for row in rows)
    return any(row.marks and row.status != "ok" for row in rows) or not any(row.marks for row in rows)


def _answer(rows: Sequence[Row]) -> str:
    return rows[0].answer if rows else ""


def _slowest(rows: Sequence[Row]) -> Row | None:
    """The row that spent most time itself, when the whole took long and most of it went there."""
    timed = [row for row in rows if row.duration_ns > 0]
    whole_ns = max((row.end_ns for row in timed), default=0) - min((row.start_ns for row in timed), default=0)
    slowest = max(timed, key=lambda row: (row.self_ns, row.depth, row.row_id), default=None)
    return slowest if slowest is not None and whole_ns >= SLOW_NS and slowest.self_ns * 3 >= whole_ns else None


def _short_what(error: StoryError | None) -> str:
    if error is None:
        return ""
    if error.type:
        return error.type.rsplit(".", 1)[-1].rsplit("\\", 1)[-1]
    return error.what[:60]


def root_cause(rows: Sequence[Row], errors: Sequence[StoryError]) -> StoryError | None:
    """The error where the trouble began: down from the outermost failure into the child that failed, and on."""
    if not errors:
        return None
    by_key = {error.record_key: error for error in errors if error.record_key is not None}
    below = _errors_below(rows)
    children: dict[str | None, list[Row]] = {}
    for row in rows:
        children.setdefault(row.parent, []).append(row)
    at: str | None = None
    chosen: Row | None = None
    while True:
        guilty = [row for row in children.get(at, ()) if below[row.row_id] is not None]
        if not guilty:
            break
        # what was left failed comes before what was recovered, then what failed first
        chosen = min(
            guilty, key=lambda row: (row.status == "ok", row.status != "error", below[row.row_id] or 0, row.row_id)
        )
        at = chosen.row_id
    if chosen is None:
        return errors[0]
    own = [by_key[key] for _, key in chosen.marks if key is not None and key in by_key]
    own = own or [error for error in errors if (error.service or "") == chosen.service]
    return _most_telling(own, chosen) or errors[0]


def _errors_below(rows: Sequence[Row]) -> dict[str, int | None]:
    """Row id -> time of the first error in the row or below it."""
    first: dict[str, int | None] = {}
    for row in reversed(rows):
        own = min((time_ns for time_ns, _ in row.marks), default=None)
        times = [time for time in (own, *(first.get(child) for child in row.children)) if time is not None]
        first[row.row_id] = min(times, default=None)
    return first


def _most_telling(errors: Sequence[StoryError], row: Row) -> StoryError | None:
    """Of several attempts the last failure is what was given up on; otherwise the first one with a type."""
    typed = [error for error in errors if error.type] or list(errors)
    if not typed:
        return None
    return typed[-1] if row.retries else typed[0]
