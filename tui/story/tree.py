"""Spans -> a tree: who called whom, what each spent itself, which path decided the length of the whole.

Takes spans as they are: duplicates, missing parents, several roots, cycles, shared ids, children outside their parents
and open ends occur in real traces and none of them raises. Which rows are drawn is left to `timeline`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tui.presentation.cells import short_duration
from tui.record import Span
from tui.story.hops import Hop
from tui.story.nodes import SKEW_NS, STRETCH, Node, order
from tui.story.parents import Mentions, cut_cycles, guess_parents, inherit_times, link_by_id, link_hops


def grow(
    given: Iterable[Span],
    inferred: Iterable[Span] = (),
    *,
    until_ns: int,
    mentions: Mentions | None = None,
    hops: Sequence[Hop] = (),
) -> tuple[list[Node], list[int]]:
    """Nodes, and the indexes of the roots, the earliest first; every distinct span is one node."""
    distinct: dict[object, Span] = {}
    for span in given:
        distinct.setdefault(_told_apart_by(span), span)
    nodes = [_node(span, until_ns) for span in distinct.values()]
    for span in inferred:
        nodes.append(_node(span, until_ns))
        nodes[-1].inferred = True
    link_by_id(nodes)
    cut_cycles(nodes)
    inherit_times(nodes)
    link_hops(nodes, hops)
    guess_parents(nodes, mentions)
    for index, node in enumerate(nodes):
        if node.parent is not None:
            nodes[node.parent].children.append(index)
    for node in nodes:
        if len(node.children) > 1:
            node.children.sort(key=lambda child: order(nodes[child]))
    roots = sorted(
        (index for index, node in enumerate(nodes) if node.parent is None), key=lambda one: order(nodes[one])
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
        waiting += nodes[index].children[::-1]


def _told_apart_by(span: Span) -> tuple[object, ...]:
    """What tells two reports of the same span from two different ones."""
    return span.trace_id, span.span_id, span.start_ns, span.end_ns, span.service, span.name


def _node(span: Span, until_ns: int) -> Node:
    end_ns = until_ns if span.end_ns is None else span.end_ns
    return Node(span, span.start_ns, max(span.start_ns, end_ns))


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
    if node.parent is None or node.guessed or node.queued:
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
