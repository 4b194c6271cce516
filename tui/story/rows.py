"""Rows of a timeline: one per operation, with attempts and repetitions of the same call folded into one.

The tree of spans comes from `tree`; which rows are in sight, and how they look, is left to `timeline` and `page`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from tui.presentation.cells import short_duration
from tui.record import MADE
from tui.story.errors import StoryError
from tui.story.nodes import Node
from tui.values import frozen

Key = tuple[str, int]
_Marks = tuple[Mapping[Key, int], Mapping[tuple[str, str], list[int]]]
"""When errors were told, by the key of their record, and by service and span."""

REPEATED_FROM: Final = 3
"""So many calls of the same thing by the same caller become one row with a count."""
_STATUS_KEYS: Final = ("http.response.status_code", "http.status_code", "rpc.grpc.status_code", "http.status")


@frozen
class Part:
    """One stretch of a row: the operation itself, one attempt or one repetition."""

    start_ns: int
    end_ns: int
    measured: bool
    open: bool
    failed: bool


@frozen
class Row:
    """One operation of a service."""

    row_id: str
    name: str
    service: str
    depth: int
    start_ns: int
    end_ns: int
    self_ns: int
    status: str
    """unset, ok or error."""
    measured: bool
    critical: bool
    open: bool
    parts: tuple[Part, ...]
    """One, or as many as there were attempts or repetitions."""
    retries: int = 0
    """How many attempts it took; 0 for an operation that was not repeated for a failure."""
    repeats: int = 0
    """How many equal calls are folded here; 0 for one."""
    marks: tuple[tuple[int, Key | None], ...] = ()
    """Errors: time and record."""
    basis: tuple[Key, ...] = ()
    """Keys of the records that belong to it, in order."""
    children: tuple[str, ...] = ()
    parent: str | None = None
    answer: str = ""
    """HTTP or RPC status."""
    notes: tuple[str, ...] = ()
    guessed: bool = False
    """Its place in the tree is a guess from the times."""
    last: bool = False
    """It is the last child of its parent."""
    spans: tuple[int, int] = (0, 0)
    """Where its spans stand in those of the story: the first, and one past the last."""

    @property
    def duration_ns(self) -> int:
        return self.end_ns - self.start_ns


def make_rows(
    nodes: Sequence[Node], roots: Sequence[int], errors: Sequence[StoryError]
) -> tuple[tuple[Row, ...], tuple[Node, ...]]:
    """The rows, parents before children, and all nodes in the same order."""
    in_order: list[Node] = []
    marks = _marks(errors)
    placed: list[tuple[list[int], list[int], list[int], _Place]] = []
    children_of: dict[str | None, list[str]] = {}
    used: dict[str, int] = {}
    waiting: list[tuple[list[int], int, str | None, bool]] = []
    _push(waiting, _folded(nodes, roots), 0, None)
    while waiting:
        members, depth, parent, last = waiting.pop()
        children = [child for one in members for child in nodes[one].children]
        attempts = _absorbed(nodes, members, children) if children else []
        if attempts:
            inner = [child for one in attempts for child in nodes[one].children]
            absorbed = set(attempts)
            children = [child for child in children if child not in absorbed] + inner
        first = len(in_order)
        in_order += [nodes[one] for one in (*members, *attempts)]
        row_id = _unique(nodes[members[0]].span.span_id or "row", used)
        children_of.setdefault(parent, []).append(row_id)
        place = _Place(row_id, depth, parent, last, (first, len(in_order)))
        placed.append((members, attempts, children if attempts else [], place))
        _push(waiting, _folded(nodes, children), depth + 1, row_id)
    rows = (
        _row(_of(nodes, members), _of(nodes, attempts), _of(nodes, below), place, children_of, marks)
        for members, attempts, below, place in placed
    )
    return tuple(rows), tuple(in_order)


def _of(nodes: Sequence[Node], indexes: Sequence[int]) -> list[Node]:
    return [nodes[one] for one in indexes]


class _Place(NamedTuple):
    """Where a row stands."""

    row_id: str
    depth: int
    parent: str | None
    last: bool
    spans: tuple[int, int]
    """Its spans among all of them in order: the first, and one past the last."""


def _push(
    waiting: list[tuple[list[int], int, str | None, bool]], groups: list[list[int]], depth: int, parent: str | None
) -> None:
    for number, members in enumerate(reversed(groups)):
        waiting.append((members, depth, parent, number == 0))


def _folded(nodes: Sequence[Node], siblings: Sequence[int]) -> list[list[int]]:
    """Siblings in order; attempts at one operation together, and so are many equal calls that call nothing further."""
    if len(siblings) < 2:
        return [list(siblings)] if siblings else []
    groups: dict[tuple[object, ...], list[int]] = {}
    for one in sorted(siblings, key=lambda index: (nodes[index].start_ns, -nodes[index].end_ns, index)):
        span = nodes[one].span
        if "attempt" in span.attributes:
            key: tuple[object, ...] = ("attempt", span.service, span.name)
        elif not nodes[one].children and span.name:
            key = ("equal", span.service, span.name)
        else:
            key = ("single", one)
        groups.setdefault(key, []).append(one)
    split: list[list[int]] = []
    for key, members in groups.items():
        if key[0] == "equal" and len(members) < REPEATED_FROM:
            split += [[one] for one in members]
        else:
            split.append(members)
    return sorted(split, key=lambda group: (nodes[group[0]].start_ns, -nodes[group[0]].end_ns, group[0]))


def _absorbed(nodes: Sequence[Node], members: Sequence[int], children: Sequence[int]) -> list[int]:
    """Children that are the attempts of the very operation of a single row: they are drawn in its line."""
    if len(members) != 1:
        return []
    span = nodes[members[0]].span
    return [
        one
        for one in children
        if "attempt" in nodes[one].span.attributes
        and nodes[one].span.service == span.service
        and nodes[one].span.name in (span.name, "")
        and nodes[one].span.span_id.startswith(MADE)
    ]


def _row(
    members: Sequence[Node],
    attempts: Sequence[Node],
    below: Sequence[Node],
    place: _Place,
    children_of: Mapping[str | None, Sequence[str]],
    marks: _Marks,
) -> Row:
    children = tuple(children_of.get(place.row_id, ()))
    if len(members) == 1 and not attempts:
        return _single(members[0], place, children, marks)
    every = [*members, *attempts]
    first = members[0]
    own = attempts if attempts and not first.span.measured else members
    tried = len(attempts) or (len(members) if "attempt" in first.span.attributes else 0)
    keys = tuple(dict.fromkeys(key for node in every for key in node.span.basis))
    return Row(
        row_id=place.row_id,
        name=first.span.name,
        service=first.span.service or "",
        depth=place.depth,
        start_ns=min(node.start_ns for node in every),
        end_ns=max(node.end_ns for node in every),
        self_ns=_alone(own, below) if attempts else min(_busy(own), sum(node.self_ns for node in members)),
        status=_status(every, tried),
        measured=all(node.span.measured for node in own),
        critical=any(node.critical for node in every),
        open=any(node.span.end_ns is None for node in every),
        parts=tuple(_part(node) for node in own),
        retries=tried if tried > 1 else 0,
        repeats=len(members) if len(members) > 1 and not tried else 0,
        marks=_marks_of(every, keys, marks),
        basis=keys,
        children=children,
        parent=place.parent,
        answer=_answer(every),
        notes=(*(_waits(every) if tried > 1 else ()), *dict.fromkeys(note for node in every for note in node.notes)),
        guessed=first.guessed,
        last=place.last,
        spans=place.spans,
    )


def _single(node: Node, place: _Place, children: tuple[str, ...], marks: _Marks) -> Row:
    """The row of an operation that was done once, as nearly all are."""
    span, part = node.span, _part(node)
    return Row(
        row_id=place.row_id,
        name=span.name,
        service=span.service or "",
        depth=place.depth,
        start_ns=part.start_ns,
        end_ns=part.end_ns,
        self_ns=min(part.end_ns - part.start_ns, node.self_ns),
        status=span.status,
        measured=span.measured,
        critical=node.critical,
        open=part.open,
        parts=(part,),
        marks=_marks_of((node,), span.basis, marks),
        basis=span.basis,
        children=children,
        parent=place.parent,
        answer=_answer((node,)),
        notes=tuple(dict.fromkeys(node.notes)) if node.notes else (),
        guessed=node.guessed,
        last=place.last,
        spans=place.spans,
    )


def _busy(parts: Sequence[Node]) -> int:
    """How long at least one of them was under way: an attempt may be timed from the start of the first one."""
    busy_ns, reached_ns = 0, 0
    for node in sorted(parts, key=lambda one: one.start_ns):
        busy_ns += max(0, node.end_ns - max(node.start_ns, reached_ns))
        reached_ns = max(reached_ns, node.end_ns)
    return busy_ns


def _alone(parts: Sequence[Node], below: Sequence[Node]) -> int:
    """How long one of the parts was under way, and nothing that it called."""
    return _busy([*parts, *below]) - _busy(below)


def _part(node: Node) -> Part:
    return Part(node.start_ns, node.end_ns, node.span.measured, node.span.end_ns is None, node.span.status == "error")


def _status(nodes: Sequence[Node], tried: int) -> str:
    """Of several attempts the last one decides; otherwise an error anywhere does."""
    if tried:
        whole = nodes[0].span.status if "attempt" not in nodes[0].span.attributes else "unset"
        attempts = [node for node in nodes if "attempt" in node.span.attributes]
        return whole if whole != "unset" else max(attempts, key=lambda node: (node.end_ns, node.start_ns)).span.status
    told = {node.span.status for node in nodes}
    return "error" if "error" in told else "ok" if "ok" in told else "unset"


def _answer(nodes: Sequence[Node]) -> str:
    for node in reversed(nodes):
        if not node.span.attributes:
            continue
        for key in _STATUS_KEYS:
            value = node.span.attributes.get(key)
            if value is not None and len(str(value)) <= 16:
                return str(value)
    return ""


def _waits(nodes: Sequence[Node]) -> list[str]:
    """How long it was waited between the attempts."""
    parts = sorted(
        (node for node in nodes if "attempt" in node.span.attributes), key=lambda node: (node.start_ns, node.end_ns)
    )
    waits = [late.start_ns - early.end_ns for early, late in pairwise(parts)]
    told = [short_duration(wait) for wait in waits if wait > 0]
    if not told:
        return []
    return [f"retries {', '.join(told[:3])}{' …' if len(told) > 3 else ''} apart"]


def _marks(errors: Sequence[StoryError]) -> _Marks:
    by_key = {one.record_key: one.time_ns for one in errors if one.record_key is not None and one.time_ns is not None}
    by_span: dict[tuple[str, str], list[int]] = {}
    for one in errors:
        if one.record_key is None and one.span_id and one.time_ns is not None:
            by_span.setdefault((one.service or "", one.span_id), []).append(one.time_ns)
    return by_key, by_span


def _marks_of(nodes: Sequence[Node], keys: Sequence[Key], marks: _Marks) -> tuple[tuple[int, Key | None], ...]:
    by_key, by_span = marks
    found: list[tuple[int, Key | None]] = [(by_key[key], key) for key in keys if key in by_key]
    for node in nodes if by_span else ():
        found += [(time_ns, None) for time_ns in by_span.get((node.span.service or "", node.span.span_id), ())]
    return tuple(sorted(found, key=lambda one: (one[0], one[1] or ("", -1))))


def _unique(row_id: str, used: dict[str, int]) -> str:
    count = used[row_id] = used.get(row_id, 0) + 1
    return row_id if count == 1 else f"{row_id}#{count}"
