"""Spans from plain records: what a service logged about its own work when no tracer measured it.

A duration that the service itself logged counts as measured; pairs of lines, attempts and the stretch from the first to
the last line are inferred. What hangs under what is left to `tree`, what the words mean to `reading`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final

from tui.record import MADE, Record, Severity, Span
from tui.story.nodes import STRETCH
from tui.story.operations import AFTERMATH_NS, NEAR, SLACK_NS, Operation, Told, attempts, measured, own_duration, pair
from tui.story.reading import read
from tui.values import field, mutable

Key = tuple[str, int]

BEGAN: Final = "begun, not ended"
"""Attribute of an inferred span whose first line begins something that no line ends."""
_EXTENSIONS: Final = (".gz", ".log", ".json", ".jsonl", ".ndjson", ".txt", ".out", ".err")


@mutable
class _Group:
    """Records of one service that belong to the same span, or to none."""

    service: str
    trace_id: str | None
    span_id: str | None
    told: list[Told] = field(default_factory=list)


def service_name(record: Record) -> str:
    """The service of a record: its own word, else the name of its source without folders and extensions."""
    if record.service:
        return record.service
    name = record.source.rstrip("/").replace("\\", "/").rsplit("/", 1)[-1]
    while name.endswith(_EXTENSIONS) and "." in name[1:]:
        name = name[: name.rindex(".")]
    return name or record.source or "?"


def infer(records: Iterable[Record]) -> list[Span]:
    """Spans for records that no measured span covers; those without a time are left out.

    Each record is in the basis of one span at most, and each service has at least one span.
    """
    groups: dict[tuple[str, str, str], _Group] = {}
    for record in records:
        if record.time_ns is None:
            continue
        service = service_name(record)
        key = (service, (record.trace_id or "")[-16:] if record.span_id else "", record.span_id or "")
        group = groups.get(key)
        if group is None:
            group = groups[key] = _Group(service, record.trace_id, record.span_id)
        group.told.append(Told(record, record.time_ns, read(record)))
    _join_stray_lines(groups)
    spans: list[Span] = []
    for group in groups.values():
        if group.told:
            group.told.sort(key=lambda one: (one.time_ns, one.record.source, one.record.offset))
            spans += _spans_of(group)
    return spans


def _join_stray_lines(groups: dict[tuple[str, str, str], _Group]) -> None:
    """Lines that name no span belong to the one of their service during which they were written, if that is clear."""
    own: dict[str, list[_Group]] = {}
    for (service, _, span_id), group in groups.items():
        if span_id:
            own.setdefault(service, []).append(group)
    for (service, _, span_id), group in groups.items():
        if span_id or service not in own:
            continue
        stretches = sorted(((*_stretch(other), other) for other in own[service]), key=lambda one: one[:2])
        starts = [start for start, _, _ in stretches]
        kept: list[Told] = []
        for told in group.told:
            near = stretches[: bisect_right(starts, told.time_ns)][-4 * NEAR :]
            fitting = [(end - start, other) for start, end, other in near if told.time_ns <= end]
            if fitting:
                min(fitting, key=lambda one: one[0])[1].told.append(told)
            else:
                kept.append(told)
        group.told = kept


def _stretch(group: _Group) -> tuple[int, int]:
    starts = [told.time_ns - own_duration(told) for told in group.told]
    return min(starts), max(told.time_ns for told in group.told)


def _spans_of(group: _Group) -> list[Span]:
    operations = measured(group.told)
    pair(group.told, operations)
    attempts(group.told, operations)
    main = _main(group, operations)
    parts = [one for one in operations if one is not main]
    _hand_out(group, main, parts)
    main_id = group.span_id or f"{MADE}{group.service}"
    parent = next((told.record.parent_span_id for told in group.told if told.record.parent_span_id), None)
    spans = [_span(group, main, main_id, None if parent == main_id else parent)]
    for number, part in enumerate(sorted(parts, key=lambda one: (one.start_ns, -one.end_ns, one.name)), 1):
        spans.append(_span(group, part, f"{MADE}{group.service}:{group.span_id or ''}:{number}", main_id))
    return spans


def _span(group: _Group, operation: Operation, span_id: str, parent: str | None) -> Span:
    attributes: dict[str, object] = {}
    if operation.status is not None:
        attributes["http.response.status_code"] = operation.status
    if operation.stretch:
        attributes[STRETCH] = True
        first = group.told[0]
        # a first line that is the beginning of a part was ended with that part
        if not operation.phase and first.reading.phase == "start" and first.record.key in operation.keys:
            attributes[BEGAN] = True
    if operation.attempt is not None:
        attributes["attempt"] = operation.attempt
    return Span(
        span_id=span_id,
        name=operation.name if operation.name.lower() != group.service.lower() else _phrase(group, operation),
        start_ns=operation.start_ns,
        end_ns=operation.end_ns,
        service=group.service,
        trace_id=group.trace_id,
        parent_span_id=parent,
        status={"fail": "error", "end": "ok"}.get(operation.phase, "unset"),
        measured=operation.measured,
        source=group.told[0].record.source,
        attributes=attributes,
        basis=tuple(operation.keys),
    )


def _phrase(group: _Group, operation: Operation) -> str:
    """What the first line says, for work that is called like its service."""
    first = next((t.record for t in group.told if t.record.key in operation.keys), group.told[0].record)
    words = [word for word in first.message[:80].split() if word.isalpha()]
    return " ".join(words[:3])


def _main(group: _Group, operations: list[Operation]) -> Operation:
    """The work of the service as a whole: an operation that spans all its lines, else the stretch of the lines."""
    first, last = group.told[0].time_ns, group.told[-1].time_ns
    start_ns = min([first, *(one.start_ns for one in operations)])
    end_ns = max([last, *(one.end_ns for one in operations)])
    only = len({one.attempt for one in operations}) == 1
    slack = max(SLACK_NS, (end_ns - start_ns) // 20)
    for one in sorted(operations, key=lambda op: (not op.measured, op.start_ns - op.end_ns)):
        if (one.attempt is None or only) and one.start_ns <= start_ns + slack and one.end_ns >= end_ns - slack:
            return one
    alike = [one for one in operations if one.name == _main_name(group, operations)]
    if len(alike) == 1 and alike[0].attempt is None and _is_most(alike[0], group):
        return alike[0]
    answers = (one.reading for one in reversed(group.told) if one.reading.http and not one.reading.outgoing)
    ending = next((one for one in answers if one.phase in ("end", "fail")), None)
    phase = ending.phase if ending else ""
    if not phase and any(one.record.severity >= Severity.ERROR for one in group.told):
        phase = _last_outcome(group, operations)
    status = ending.status if ending else None
    return Operation(_main_name(group, operations), start_ns, end_ns, False, [], phase, status, stretch=True)


def _last_outcome(group: _Group, operations: Sequence[Operation]) -> str:
    """fail, unless the work that went wrong was finished later all the same."""
    wrong = max(one.time_ns for one in group.told if one.record.severity >= Severity.ERROR)
    recovered = any(one.phase == "end" and one.end_ns > wrong for one in operations)
    return "end" if recovered or any(t.reading.phase == "end" and t.time_ns > wrong for t in group.told) else "fail"


def _is_most(operation: Operation, group: _Group) -> bool:
    """Whether hardly a line of the group, and no error, lies outside the operation."""
    slack = SLACK_NS
    outside = [t for t in group.told if not operation.start_ns - slack <= t.time_ns <= operation.end_ns + slack]
    loud = any(told.record.severity >= Severity.ERROR for told in outside)
    return not loud and len(outside) <= max(1, len(group.told) // 4)


def _main_name(group: _Group, operations: Sequence[Operation]) -> str:
    """What the service was asked to do: what the first line begins, else what it served, else the first name there is."""
    first = group.told[0].reading
    if first.operation and (first.phase == "start" or first.http) and not first.outgoing:
        return first.operation
    served = [one.reading for one in group.told if one.reading.operation and not one.reading.outgoing]
    for reading in (*(one for one in served if one.http), *served):
        return reading.operation
    return operations[0].name if operations else first.operation


def _hand_out(group: _Group, main: Operation, parts: Sequence[Operation]) -> None:
    """Every record becomes the basis of exactly one operation: the one that it tells of, or the main one."""
    taken: set[Key] = set()
    numbered: dict[int, list[Operation]] = {}
    for part in parts:
        numbered.setdefault(part.attempt or 0, []).append(part)
        part.keys = [key for key in dict.fromkeys(part.keys) if key not in taken]
        taken.update(part.keys)
    for told in group.told:
        if told.record.key in taken or told.record.severity < Severity.ERROR or not told.reading.attempt:
            continue
        # an error during or right after an attempt is that attempt's
        for part in numbered.get(told.reading.attempt, [])[-NEAR:]:
            if part.start_ns <= told.time_ns <= part.end_ns + AFTERMATH_NS:
                part.keys.append(told.record.key)
                taken.add(told.record.key)
                break
    main.keys = [told.record.key for told in group.told if told.record.key not in taken]
