"""Rows of a timeline: one per operation, with attempts and repetitions of the same call folded into one.

The tree of spans comes from `tree`; which rows are in sight, and how they look, is left to `timeline` and `page`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from tui.presentation.cells import short_duration
from tui.story.errors import StoryError
from tui.story.inference import MADE
from tui.story.nodes import Node
from tui.values import frozen, replace

Key = tuple[str, int]

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

    @property
    def duration_ns(self) -> int:
        return self.end_ns - self.start_ns


def make_rows(
    nodes: Sequence[Node], roots: Sequence[int], errors: Sequence[StoryError]
) -> tuple[tuple[Row, ...], tuple[Node, ...]]:
    """The rows, parents before children, and all nodes in the same order."""
    in_order: list[Node] = []
    marks = _marks(errors)
    rows: list[Row] = []
    used: dict[str, int] = {}
    waiting: list[tuple[list[int], int, str | None, bool]] = []
    _push(waiting, _folded(nodes, roots), 0, None)
    while waiting:
        members, depth, parent, last = waiting.pop()
        children = [child for one in members for child in nodes[one].children]
        attempts = _absorbed(nodes, members, children)
        inner = [child for one in attempts for child in nodes[one].children]
        rest = [child for child in children if child not in set(attempts)] + inner
        in_order += [nodes[one] for one in (*members, *attempts)]
        row_id = _unique(nodes[members[0]].span.span_id or "row", used)
        rows.append(_row(nodes, members, attempts, (row_id, depth, parent, last), marks))
        _push(waiting, _folded(nodes, rest), depth + 1, row_id)
    return _with_children(rows), tuple(in_order)


def _push(
    waiting: list[tuple[list[int], int, str | None, bool]], groups: list[list[int]], depth: int, parent: str | None
) -> None:
    for number, members in enumerate(reversed(groups)):
        waiting.append((members, depth, parent, number == 0))


def _folded(nodes: Sequence[Node], siblings: Sequence[int]) -> list[list[int]]:
    """Siblings in order; attempts at one operation together, and so are many equal calls that call nothing further."""
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
    nodes: Sequence[Node],
    members: Sequence[int],
    attempts: Sequence[int],
    place: tuple[str, int, str | None, bool],
    marks: tuple[Mapping[Key, int], Mapping[tuple[str, str], list[int]]],
) -> Row:
    row_id, depth, parent, last = place
    every = [nodes[one] for one in (*members, *attempts)]
    own = [nodes[one] for one in (attempts if attempts and not nodes[members[0]].span.measured else members)]
    keys = tuple(dict.fromkeys(key for node in every for key in node.span.basis))
    first = nodes[members[0]]
    tried = len(attempts) or (len(members) if "attempt" in first.span.attributes else 0)
    return Row(
        row_id=row_id,
        name=first.span.name,
        service=first.span.service or "",
        depth=depth,
        start_ns=min(node.start_ns for node in every),
        end_ns=max(node.end_ns for node in every),
        self_ns=_busy(own) if attempts else min(_busy(own), sum(nodes[one].self_ns for one in members)),
        status=_status(every, tried),
        measured=all(node.span.measured for node in own),
        critical=any(node.critical for node in every),
        open=any(node.span.end_ns is None for node in every),
        parts=tuple(_part(node) for node in own),
        retries=tried if tried > 1 else 0,
        repeats=len(members) if len(members) > 1 and not tried else 0,
        marks=_marks_of(every, keys, marks),
        basis=keys,
        parent=parent,
        answer=_answer(every),
        notes=(*_waits(every, tried), *dict.fromkeys(note for node in every for note in node.notes)),
        guessed=first.guessed,
        last=last,
    )


def _busy(parts: Sequence[Node]) -> int:
    """How long at least one of them was under way: an attempt may be timed from the start of the first one."""
    busy_ns, reached_ns = 0, 0
    for node in sorted(parts, key=lambda one: one.start_ns):
        busy_ns += max(0, node.end_ns - max(node.start_ns, reached_ns))
        reached_ns = max(reached_ns, node.end_ns)
    return busy_ns


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
        for key in _STATUS_KEYS:
            value = node.span.attributes.get(key)
            if value is not None and len(str(value)) <= 16:
                return str(value)
    return ""


def _waits(nodes: Sequence[Node], tried: int) -> list[str]:
    """How long it was waited between the attempts."""
    parts = sorted(
        (node for node in nodes if "attempt" in node.span.attributes), key=lambda node: (node.start_ns, node.end_ns)
    )
    waits = [late.start_ns - early.end_ns for early, late in pairwise(parts)]
    told = [short_duration(wait) for wait in waits if wait > 0]
    if tried < 2 or not told:
        return []
    return [f"retries {', '.join(told[:3])}{' …' if len(told) > 3 else ''} apart"]


def _marks(errors: Sequence[StoryError]) -> tuple[Mapping[Key, int], Mapping[tuple[str, str], list[int]]]:
    by_key = {one.record_key: one.time_ns for one in errors if one.record_key is not None and one.time_ns is not None}
    by_span: dict[tuple[str, str], list[int]] = {}
    for one in errors:
        if one.record_key is None and one.span_id and one.time_ns is not None:
            by_span.setdefault((one.service or "", one.span_id), []).append(one.time_ns)
    return by_key, by_span


def _marks_of(
    nodes: Sequence[Node], keys: Sequence[Key], marks: tuple[Mapping[Key, int], Mapping[tuple[str, str], list[int]]]
) -> tuple[tuple[int, Key | None], ...]:
    by_key, by_span = marks
    found: list[tuple[int, Key | None]] = [(by_key[key], key) for key in keys if key in by_key]
    for node in nodes:
        found += [(time_ns, None) for time_ns in by_span.get((node.span.service or "", node.span.span_id), ())]
    return tuple(sorted(found, key=lambda one: (one[0], one[1] or ("", -1))))


def _unique(row_id: str, used: dict[str, int]) -> str:
    count = used[row_id] = used.get(row_id, 0) + 1
    return row_id if count == 1 else f"{row_id}#{count}"


def _with_children(rows: Sequence[Row]) -> tuple[Row, ...]:
    children: dict[str, list[str]] = {}
    for row in rows:
        if row.parent is not None:
            children.setdefault(row.parent, []).append(row.row_id)
    return tuple(replace(row, children=tuple(children[row.row_id])) if row.row_id in children else row for row in rows)
