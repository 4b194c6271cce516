"""Spans -> a tree: who called whom, what each spent itself, which path decided the length of the whole.

Takes spans as they are: duplicates, missing parents, several roots, cycles, shared ids, children outside their parents
and open ends occur in real traces and none of them raises. Which rows are drawn is left to `timeline`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from tui.presentation.cells import short_duration
from tui.record import Span

SKEW_NS: Final = 1_000_000
"""A child may leave its parent's time by this much before it is worth a word."""
STRETCH: Final = "from first to last line"
"""Attribute of an inferred span of which no begin and end are known."""
_CANDIDATES: Final = 40
_FRONT: Final = re.compile(
    r"gateway|ingress|proxy|edge|front-?end|nginx|envoy|traefik|haproxy|(?:^|[-_.])(?:gw|lb|bff|web)(?:$|[-_.])",
    re.IGNORECASE,
)
"""Services of such names stand in front of the others."""

Mentions = Callable[[Span, str], bool]
"""Whether the records of a span mention a service."""


@dataclass(slots=True)
class Node:
    """A span in its place."""

    span: Span
    start_ns: int
    end_ns: int
    """For an open span the time until which the story is told."""
    parent: int | None = None
    children: list[int] = field(default_factory=list)
    parent_id: str | None = None
    """Span id of the parent, also of one that is missing."""
    depth: int = 0
    self_ns: int = 0
    critical: bool = False
    inferred: bool = False
    """Nothing but log lines told of it."""
    guessed: bool = False
    """The parent is a guess from the times."""
    notes: list[str] = field(default_factory=list)


def grow(
    given: Iterable[Span], inferred: Iterable[Span] = (), *, until_ns: int, mentions: Mentions | None = None
) -> tuple[list[Node], list[int]]:
    """Nodes, and the indexes of the roots, the earliest first; every distinct span is one node."""
    nodes = [_node(one.span, until_ns) for one in dict.fromkeys(map(_Same, given))]
    for span in inferred:
        nodes.append(_node(span, until_ns))
        nodes[-1].inferred = True
    _link_by_id(nodes)
    _cut_cycles(nodes)
    _inherit_times(nodes)
    _guess_parents(nodes, mentions)
    for index, node in enumerate(nodes):
        if node.parent is not None:
            nodes[node.parent].children.append(index)
    for node in nodes:
        node.children.sort(key=lambda child: _order(nodes[child]))
    roots = sorted(
        (index for index, node in enumerate(nodes) if node.parent is None), key=lambda one: _order(nodes[one])
    )
    for index in preorder(nodes, roots):
        node = nodes[index]
        node.depth = 0 if node.parent is None else nodes[node.parent].depth + 1
        node.parent_id = node.span.parent_span_id if node.parent is None else nodes[node.parent].span.span_id
        node.self_ns = _self_time(nodes, node)
        _note_skew(nodes, node)
    _mark_critical(nodes, roots)
    return nodes, roots


def preorder(nodes: Sequence[Node], roots: Iterable[int]) -> Iterator[int]:
    """Indexes, parents before children, siblings in order."""
    waiting = list(roots)[::-1]
    while waiting:
        index = waiting.pop()
        yield index
        waiting.extend(reversed(nodes[index].children))


class _Same:
    """A span compared by what tells two reports of the same one apart from two different ones."""

    __slots__ = ("key", "span")

    def __init__(self, span: Span) -> None:
        self.span = span
        self.key = (span.trace_id, span.span_id, span.start_ns, span.end_ns, span.service, span.name)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.key == other.key


def _node(span: Span, until_ns: int) -> Node:
    end_ns = until_ns if span.end_ns is None else span.end_ns
    return Node(span, span.start_ns, max(span.start_ns, end_ns))


def _order(node: Node) -> tuple[int, int, str, str]:
    return node.start_ns, -node.end_ns, node.span.service or "", node.span.span_id


def _link_by_id(nodes: list[Node]) -> None:
    by_key: dict[tuple[str, str], list[int]] = {}
    for index, node in enumerate(nodes):
        by_key.setdefault((_trace(node.span), node.span.span_id), []).append(index)
    by_id: dict[str, list[int]] = {}
    for (_, span_id), found in by_key.items():
        by_id.setdefault(span_id, []).extend(found)
    for index, node in enumerate(nodes):
        parent_id = node.span.parent_span_id
        twins = by_key[_trace(node.span), node.span.span_id]
        if len(twins) > 1 and _widest(nodes, twins) != index:
            # client and server may share one id: the one that surrounds the other called it
            node.parent = _widest(nodes, twins)
            continue
        if not parent_id or not parent_id.strip("0"):
            continue
        known = by_key.get((_trace(node.span), parent_id))
        if known is None and len(by_id.get(parent_id, ())) == 1:
            known = by_id[parent_id]
        others = [one for one in known or () if one != index]
        if others:
            # of a client and a server with one id the server is the one that called on
            node.parent = _narrowest(nodes, others, node)
        elif not node.inferred:
            node.notes.append("parent missing")


def _trace(span: Span) -> str:
    return (span.trace_id or "")[-16:]


def _widest(nodes: list[Node], indexes: Sequence[int]) -> int:
    return min(indexes, key=lambda one: (nodes[one].start_ns, -nodes[one].end_ns, one))


def _narrowest(nodes: list[Node], indexes: Sequence[int], child: Node) -> int:
    own = [one for one in indexes if nodes[one].span.service == child.span.service]
    return max(own or indexes, key=lambda one: (nodes[one].start_ns, -nodes[one].end_ns, one))


def _cut_cycles(nodes: list[Node]) -> None:
    """Every chain of parents ends: of a circle the earliest span becomes a root."""
    settled = [False] * len(nodes)
    for first in range(len(nodes)):
        path: list[int] = []
        on_path: set[int] = set()
        index: int | None = first
        while index is not None and not settled[index]:
            if index in on_path:
                circle = path[path.index(index) :]
                cut = min(circle, key=lambda one: (*_order(nodes[one]), one))
                nodes[cut].parent = None
                nodes[cut].notes.append("its parents form a circle")
                break
            on_path.add(index)
            path.append(index)
            index = nodes[index].parent
        for one in path:
            settled[one] = True


def _inherit_times(nodes: list[Node]) -> None:
    """A span without a start begins with its parent, or when the first one does."""
    timed = [node.start_ns for node in nodes if node.start_ns > 0]
    earliest = min(timed, default=0)
    for node in nodes:
        above = node
        while above.start_ns <= 0 and above.parent is not None:
            above = nodes[above.parent]
        if node.start_ns <= 0 < earliest:
            node.start_ns = above.start_ns if above.start_ns > 0 else earliest
            node.end_ns = max(node.end_ns, node.start_ns)
            node.notes.append("start unknown")


def _guess_parents(nodes: list[Node], mentions: Mentions | None) -> None:
    """What logs alone tell of goes under the smallest span around it; what lies in none, under the outermost one."""
    loose = [
        i for i, node in enumerate(nodes) if node.inferred and node.parent is None and not node.span.parent_span_id
    ]
    if not loose:
        return
    first = _outermost(nodes)
    coming = sorted(range(len(nodes)), key=lambda one: (_slack(nodes[one]) - nodes[one].start_ns, one))
    active: list[int] = []
    for index in sorted(loose, key=lambda one: (nodes[one].start_ns, one)):
        if index == first:
            continue
        node = nodes[index]
        while coming and nodes[coming[-1]].start_ns - _slack(nodes[coming[-1]]) <= node.start_ns:
            active.append(coming.pop())
        active = [one for one in active if nodes[one].end_ns + _slack(nodes[one]) >= node.start_ns]
        chosen = _surrounding(nodes, index, active, mentions)
        if chosen is None and first is not None and nodes[first].start_ns - _slack(nodes[first]) <= node.start_ns:
            chosen = None if _above(nodes, first, index) else first
        if chosen is not None:
            node.parent, node.guessed = chosen, True


def _slack(node: Node) -> int:
    """By how much clocks and flushing may move the lines of what a span called."""
    return max(SKEW_NS, (node.end_ns - node.start_ns) // 50)


def _outermost(nodes: list[Node]) -> int | None:
    """The span that the others hang under: the first one, or one that begins at once and lasts much longer."""
    roots = [index for index, node in enumerate(nodes) if node.parent is None]
    if not roots:
        return None
    first = min(roots, key=lambda one: (*_order(nodes[one]), one))
    longest = max(roots, key=lambda one: (nodes[one].end_ns - nodes[one].start_ns, -one))
    if (
        nodes[longest].start_ns - _slack(nodes[longest]) <= nodes[first].start_ns
        and nodes[longest].end_ns >= nodes[first].end_ns
    ):
        first = longest
    around = [one for one in roots if _FRONT.search(nodes[one].span.service or "") and _about(nodes[one], nodes[first])]
    return first if first in around or not around else around[0]


def _about(one: Node, other: Node) -> bool:
    """Whether two spans begin and end so closely together that the times do not tell which is around which."""
    slack = _slack(other)
    return abs(one.start_ns - other.start_ns) <= slack and abs(one.end_ns - other.end_ns) <= slack


def _surrounding(nodes: list[Node], index: int, active: list[int], mentions: Mentions | None) -> int | None:
    node = nodes[index]
    service = node.span.service
    around = []
    size = (node.end_ns - node.start_ns, -index)
    for one in active[-_CANDIDATES:]:
        outer = nodes[one]
        larger = (outer.end_ns - outer.start_ns, -one) > size
        if larger and outer.end_ns + _slack(outer) >= node.end_ns and not _above(nodes, one, index):
            around.append(one)
    # that a service spoke before and after says less than that something began and ended
    around.sort(key=lambda one: (STRETCH in nodes[one].span.attributes, nodes[one].end_ns - nodes[one].start_ns, one))
    if len(around) > 1 and mentions is not None and service:
        for one in around:
            if nodes[one].span.service != service and mentions(nodes[one].span, service):
                return one
    return around[0] if around else None


def _above(nodes: list[Node], index: int, ancestor: int) -> bool:
    """Whether `ancestor` is among the parents of `index`."""
    at: int | None = index
    while at is not None:
        if at == ancestor:
            return True
        at = nodes[at].parent
    return False


def _self_time(nodes: list[Node], node: Node) -> int:
    """Nanoseconds of a span during which none of its children ran."""
    covered, reached = 0, node.start_ns
    for child in node.children:
        start, end = max(nodes[child].start_ns, reached), min(nodes[child].end_ns, node.end_ns)
        if end > start:
            covered += end - start
            reached = end
    return node.end_ns - node.start_ns - covered


def _note_skew(nodes: list[Node], node: Node) -> None:
    if node.parent is None or node.guessed:
        return
    parent = nodes[node.parent]
    early = parent.start_ns - node.start_ns
    if early > SKEW_NS:
        caller = parent.span.service or parent.span.name
        node.notes.append(f"starts {short_duration(early)} before its caller {caller}: clock skew")
    elif node.end_ns - parent.end_ns > SKEW_NS and node.start_ns <= parent.end_ns:
        node.notes.append(f"ends {short_duration(node.end_ns - parent.end_ns)} after its caller")


def _mark_critical(nodes: list[Node], roots: Sequence[int]) -> None:
    """From the end of the longest root backwards: always into the child that ended last before the time reached."""
    if not roots:
        return
    longest = max(roots, key=lambda one: (nodes[one].end_ns - nodes[one].start_ns, -one))
    waiting = [(longest, nodes[longest].end_ns)]
    while waiting:
        index, limit = waiting.pop()
        node = nodes[index]
        node.critical = True
        reached = min(node.end_ns, limit)
        for child in sorted(_working(nodes, index), key=lambda one: (-nodes[one].end_ns, nodes[one].start_ns, one)):
            inner = nodes[child]
            end = min(inner.end_ns, node.end_ns)
            if end <= reached and inner.start_ns < reached and end > node.start_ns and inner.end_ns > inner.start_ns:
                waiting.append((child, reached))
                reached = inner.start_ns


def _working(nodes: list[Node], index: int) -> list[int]:
    """The children that are known to have worked: in place of a mere stretch of lines, what lies in it."""
    found: list[int] = []
    waiting = list(nodes[index].children)
    while waiting:
        child = waiting.pop()
        if STRETCH in nodes[child].span.attributes and nodes[child].children:
            waiting += nodes[child].children
        else:
            found.append(child)
    return found
