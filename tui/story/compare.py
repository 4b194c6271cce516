"""Two requests side by side: what one of them lacks, has beside, takes longer for, and fails at.

Operations are the same when service and name are; lines when their pattern is. Which request to compare with is said by
the user, or found by `normal_one`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tui.presentation.cells import display_text, short_duration
from tui.story.explain.account import operation_name
from tui.story.explain.seen import LogSeen, SpanSeen
from tui.story.explain.templates import Templates
from tui.story.inference import service_name
from tui.story.rows import Row
from tui.story.timeline import Story
from tui.typed import Final
from tui.values import frozen

KINDS: Final = ("failing", "missing", "extra", "slower")
_SLOWER: Final = 1.5
_LEAST_NS: Final = 2_000_000
_LEAST_SHARE: Final = 20
"""What is less than one part in so many of the longer request is not told as slower."""
_NORMAL_AMONG: Final = 200


@frozen
class Difference:
    """One thing in which a request differs from another."""

    kind: str
    """failing, missing, extra or slower."""
    service: str
    what: str
    """The operation, or the pattern of the lines."""
    value: float
    """Nanoseconds for what is slower, else how often."""
    baseline: float
    weight: float

    @property
    def text(self) -> str:
        """The difference in words."""
        what = f"{self.service} {self.what}".strip()
        if self.kind == "slower":
            return f"{what}: {short_duration(round(self.value))}, there {short_duration(round(self.baseline))}"
        return f"{what}: {self.value:.0f}×, there {self.baseline:.0f}×" if self.value and self.baseline else what


@frozen
class Comparison:
    """Everything in which a request differs, the weightiest first of each kind."""

    duration_ns: int | None
    baseline_ns: int | None
    differences: tuple[Difference, ...]

    def of_kind(self, kind: str) -> tuple[Difference, ...]:
        return tuple(one for one in self.differences if one.kind == kind)


@frozen
class _Work:
    """All that a request did of one kind."""

    count: int
    self_ns: int
    failed: int


def compare(story: Story, other: Story) -> Comparison:
    """What differs in a story from another one."""
    mine, theirs = _works(story.rows), _works(other.rows)
    least_ns = max(_LEAST_NS, max(story.duration_ns or 0, other.duration_ns or 0) // _LEAST_SHARE)
    found = [
        one
        for key in dict.fromkeys((*mine, *theirs))
        for one in _work_differences(key, mine.get(key), theirs.get(key), least_ns)
    ]
    found += _line_differences(story, other)
    found.sort(key=lambda one: (KINDS.index(one.kind), -one.weight, one.service, one.what))
    return Comparison(story.duration_ns, other.duration_ns, tuple(found))


def _works(rows: Iterable[Row]) -> dict[tuple[str, str], _Work]:
    found: dict[tuple[str, str], _Work] = {}
    for row in rows:
        key = row.service, operation_name(row.name)
        before = found.get(key, _Work(0, 0, 0))
        times = max(1, row.repeats, row.retries)
        failed = row.status == "error"
        found[key] = _Work(before.count + times, before.self_ns + row.self_ns, before.failed + failed)
    return found


def _work_differences(
    key: tuple[str, str], mine: _Work | None, theirs: _Work | None, least_ns: int
) -> Iterator[Difference]:
    service, name = key
    if mine is None or theirs is None:
        kind, count = (
            ("missing", theirs.count) if theirs is not None else ("extra", mine.count if mine is not None else 0)
        )
        counts = (0, count) if kind == "missing" else (count, 0)
        yield Difference(kind, service, name, *counts, 10 + count)
        if mine is not None and mine.failed:
            yield Difference("failing", service, name, mine.failed, 0, mine.failed)
        return
    if mine.failed > theirs.failed:
        yield Difference("failing", service, name, mine.failed, theirs.failed, mine.failed)
    if mine.count != theirs.count:
        kind = "extra" if mine.count > theirs.count else "missing"
        yield Difference(kind, service, name, mine.count, theirs.count, abs(mine.count - theirs.count))
    longer_ns = mine.self_ns - theirs.self_ns
    if longer_ns >= least_ns and mine.self_ns >= _SLOWER * theirs.self_ns:
        yield Difference("slower", service, name, mine.self_ns, theirs.self_ns, longer_ns)


def _line_differences(story: Story, other: Story) -> Iterator[Difference]:
    templates = Templates()
    mine, theirs = (Counter(_patterns(one, templates)) for one in (story, other))
    for number in sorted(mine.keys() | theirs.keys()):
        if (mine[number] > 0) != (theirs[number] > 0):
            template = templates[number]
            kind = "missing" if theirs[number] else "extra"
            weight = template.level + min(3, mine[number] + theirs[number])
            yield Difference(kind, template.service, f"“{template.text}”", mine[number], theirs[number], weight)


def _patterns(story: Story, templates: Templates) -> Iterator[int]:
    for record in story.records:
        if record.span is None:
            yield templates.number(service_name(record), record.severity, record.message)


def comparison_head(found: Comparison, name: str, other: str) -> str:
    """Which took how long."""
    lengths = [short_duration(one) if one is not None else "?" for one in (found.duration_ns, found.baseline_ns)]
    return f"{display_text(name)} took {lengths[0]}, {display_text(other)} {lengths[1]}"


def comparison_rows(found: Comparison) -> Iterator[tuple[str, str]]:
    """Kinds with what differs, the kind empty for what is said about them; as many as a screen holds."""
    if not found.differences:
        yield "", "no difference: the same operations, as fast, and the same lines"
    for kind in KINDS:
        members = found.of_kind(kind)
        for one in members[:8]:
            yield kind, display_text(one.text)
        if len(members) > 8:
            yield "", f"… {len(members) - 8} more {kind}"


def comparison_lines(found: Comparison, name: str, other: str) -> Iterator[str]:
    """One screen that answers what is different."""
    yield comparison_head(found, name, other)
    for kind, text in comparison_rows(found):
        yield f"{kind:8} {text}"


def comparison_json(found: Comparison, story: Story, other: Story) -> dict[str, object]:
    """The comparison for programs."""
    return {
        "ids": [one.value for one in story.ids],
        "compared_with": [one.value for one in other.ids],
        "duration_ns": found.duration_ns,
        "baseline_duration_ns": found.baseline_ns,
        "differences": [
            {"kind": one.kind, "service": one.service, "what": one.what, "value": one.value, "baseline": one.baseline}
            for one in found.differences
        ],
    }


def normal_one(own: Sequence[str], lines: Iterable[LogSeen], spans: Iterable[SpanSeen]) -> str | None:
    """The request of the same kind that failed nowhere and took as long as most of them do; None when there is none.

    `own` are the ids of the request that is to be compared.
    """
    kinds: dict[str, object] = {}
    extents: dict[str, tuple[int, int]] = {}
    bad: set[str] = set()
    for span in sorted(spans, key=lambda one: (one.time_ns, -one.end_ns, one.key)):
        if not span.trace:
            continue
        kinds.setdefault(span.trace, (span.service, span.name))
        _extend(extents, span.trace, span.time_ns, span.end_ns)
        if span.failed:
            bad.add(span.trace)
    traced = set(kinds)
    for line in sorted(lines, key=lambda one: (one.time_ns, one.key)):
        if line.trace is None:
            continue
        if line.trace not in traced:
            kinds.setdefault(line.trace, (line.service, line.template))
            _extend(extents, line.trace, line.time_ns, line.time_ns)
        if line.severity >= 17:
            bad.add(line.trace)
    unfit = bad | set(own)
    found = (_typical(one, kinds, extents, unfit) for one in own)
    return next((one for one in found if one is not None), None)


def _extend(extents: dict[str, tuple[int, int]], trace: str, start_ns: int, end_ns: int) -> None:
    start, end = extents.get(trace, (start_ns, end_ns))
    extents[trace] = min(start, start_ns), max(end, end_ns)


def _typical(
    identifier: str, kinds: Mapping[str, object], extents: Mapping[str, tuple[int, int]], unfit: set[str]
) -> str | None:
    kind = kinds.get(identifier)
    alike = [one for one in kinds if kinds[one] == kind and one not in unfit]
    if kind is None or not alike:
        return None
    near = sorted(alike, key=lambda one: (abs(extents[one][0] - extents[identifier][0]), one))[:_NORMAL_AMONG]
    near.sort(key=lambda one: (extents[one][1] - extents[one][0], one))
    return near[len(near) // 2]
