"""Whose child each span is: by ids, and for what only logs tell of by a guess from the times.

Changes nodes in place; every chain of parents ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from tui.lazy import Lazy
from tui.presentation.cells import short_duration
from tui.record import Span
from tui.story.hops import Hop
from tui.story.nodes import STRETCH, Node, order, slack_of

_CANDIDATES: Final = 40
_FRONT: Final = Lazy(
    r"gateway|ingress|proxy|edge|front-?end|nginx|envoy|traefik|haproxy|(?:^|[-_.])(?:gw|lb|bff|web)(?:$|[-_.])",
    re.IGNORECASE,
)
"""Services of such names stand in front of the others."""

Mentions = Callable[[Span, str], bool]
"""Whether the records of a span mention a service."""


def link_by_id(nodes: list[Node]) -> None:
    """Parents by span id within a trace, else by an id that only one span has; a missing one is noted."""
    by_key: dict[tuple[str, str], list[int]] = {}
    traces = [(node.span.trace_id or "")[-16:] for node in nodes]
    for index, node in enumerate(nodes):
        by_key.setdefault((traces[index], node.span.span_id), []).append(index)
    by_id: dict[str, list[int]] = {}
    for (_, span_id), found in by_key.items():
        by_id.setdefault(span_id, []).extend(found)
    for index, node in enumerate(nodes):
        parent_id = node.span.parent_span_id
        twins = by_key[traces[index], node.span.span_id]
        if len(twins) > 1 and _widest(nodes, twins) != index:
            # client and server may share one id: the one that surrounds the other called it
            node.parent = _widest(nodes, twins)
            continue
        if not parent_id or not parent_id.strip("0"):
            continue
        known = by_key.get((traces[index], parent_id))
        if known is None and len(by_id.get(parent_id, ())) == 1:
            known = by_id[parent_id]
        others = [one for one in known or () if one != index]
        if others:
            # of a client and a server with one id the server is the one that called on
            node.parent = _narrowest(nodes, others, node)
        elif not node.inferred:
            node.notes.append("parent missing")


def stands_in_front(service: str | None) -> bool:
    """Whether a service is called by users rather than by other services, as far as its name tells."""
    return _FRONT.search(service or "") is not None


def _widest(nodes: list[Node], indexes: Sequence[int]) -> int:
    return min(indexes, key=lambda one: (_took_over(nodes[one]), nodes[one].start_ns, -nodes[one].end_ns, one))


def _narrowest(nodes: list[Node], indexes: Sequence[int], child: Node) -> int:
    if len(indexes) == 1:
        return indexes[0]
    own = [one for one in indexes if nodes[one].span.service == child.span.service]
    return max(own or indexes, key=lambda one: (_took_over(nodes[one]), nodes[one].start_ns, -nodes[one].end_ns, one))


def _took_over(node: Node) -> bool:
    """Whether a span says that its id is that of its caller, whatever the clocks say."""
    return node.span.attributes.get("shared") is True


def cut_cycles(nodes: list[Node]) -> None:
    """Every chain of parents ends: of a circle the earliest span becomes a root."""
    settled = [False] * len(nodes)
    for first in range(len(nodes)):
        path: list[int] = []
        on_path: set[int] = set()
        index: int | None = first
        while index is not None and not settled[index]:
            if index in on_path:
                circle = path[path.index(index) :]
                cut = min(circle, key=lambda one: (*order(nodes[one]), one))
                nodes[cut].parent = None
                nodes[cut].notes.append("its parents form a circle")
                break
            on_path.add(index)
            path.append(index)
            index = nodes[index].parent
        for one in path:
            settled[one] = True


def inherit_times(nodes: list[Node]) -> None:
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


def link_hops(nodes: list[Node], hops: Sequence[Hop]) -> None:
    """What took a message, and whose parent nobody says, goes under what had sent it."""
    if not hops:
        return
    told_by = {key: index for index, node in enumerate(nodes) for key in node.span.basis}
    for hop in hops:
        sender, taker = told_by.get(hop.sent), told_by.get(hop.taken)
        if sender is None or taker is None:
            continue
        while (above := nodes[taker].parent) is not None and nodes[above].span.service == nodes[taker].span.service:
            taker = above
        node = nodes[taker]
        if node.parent is None and not node.span.parent_span_id and not _above(nodes, sender, taker):
            node.parent, node.queued = sender, True
            node.notes.append(f"waited {short_duration(hop.wait_ns)}{f' in {hop.queue}' if hop.queue else ''}")


def guess_parents(nodes: list[Node], mentions: Mentions | None) -> None:
    """What logs alone tell of goes under the smallest span around it; what lies in none, under the outermost one."""
    loose = [
        i for i, node in enumerate(nodes) if node.inferred and node.parent is None and not node.span.parent_span_id
    ]
    if not loose:
        return
    first = _outermost(nodes)
    begins = [node.start_ns - slack_of(node) for node in nodes]
    ends = [node.end_ns + slack_of(node) for node in nodes]
    coming = sorted(range(len(nodes)), key=lambda one: (-begins[one], one))
    active: list[int] = []
    for index in sorted(loose, key=lambda one: (nodes[one].start_ns, one)):
        if index == first:
            continue
        node = nodes[index]
        start_ns = node.start_ns
        while coming and begins[coming[-1]] <= start_ns:
            active.append(coming.pop())
        active = [one for one in active if ends[one] >= start_ns]
        near = [one for one in active[-_CANDIDATES:] if ends[one] >= node.end_ns]
        chosen = _surrounding(nodes, index, near, mentions)
        if chosen is None and first is not None and begins[first] <= start_ns:
            chosen = None if _above(nodes, first, index) else first
        if chosen is not None:
            node.parent, node.guessed = chosen, True


def _outermost(nodes: list[Node]) -> int | None:
    """The span that the others hang under: the first one, or one that begins at once and lasts much longer."""
    roots = [index for index, node in enumerate(nodes) if node.parent is None]
    if not roots:
        return None
    first = min(roots, key=lambda one: (*order(nodes[one]), one))
    longest = max(roots, key=lambda one: (nodes[one].end_ns - nodes[one].start_ns, -one))
    if (
        nodes[longest].start_ns - slack_of(nodes[longest]) <= nodes[first].start_ns
        and nodes[longest].end_ns >= nodes[first].end_ns
    ):
        first = longest
    around = [one for one in roots if stands_in_front(nodes[one].span.service) and _about(nodes[one], nodes[first])]
    return first if first in around or not around else around[0]


def _about(one: Node, other: Node) -> bool:
    """Whether two spans begin and end so closely together that the times do not tell which is around which."""
    slack = slack_of(other)
    return abs(one.start_ns - other.start_ns) <= slack and abs(one.end_ns - other.end_ns) <= slack


def _surrounding(nodes: list[Node], index: int, near: list[int], mentions: Mentions | None) -> int | None:
    """The smallest of the spans that end no earlier, or the one that speaks of the service."""
    node = nodes[index]
    service = node.span.service
    around = []
    size = (node.end_ns - node.start_ns, -index)
    for one in near:
        outer = nodes[one]
        length_ns = outer.end_ns - outer.start_ns
        if (length_ns, -one) > size and not _above(nodes, one, index):
            # that a service spoke before and after says less than that something began and ended
            around.append((STRETCH in outer.span.attributes, length_ns, one))
    if len(around) > 1 and mentions is not None and service:
        around.sort()
        for _, _, one in around:
            if nodes[one].span.service != service and mentions(nodes[one].span, service):
                return one
    return min(around)[2] if around else None


def _above(nodes: list[Node], index: int, ancestor: int) -> bool:
    """Whether `ancestor` is among the parents of `index`."""
    at: int | None = index
    while at is not None:
        if at == ancestor:
            return True
        at = nodes[at].parent
    return False
