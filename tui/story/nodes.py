"""A span in its place: the node of a request's tree, and when two times are as good as equal.

How the tree is put together is left to `parents` and `tree`.
"""

from __future__ import annotations

from typing import Final

from tui.record import Span
from tui.values import field, mutable

SKEW_NS: Final = 1_000_000
"""A child may leave its parent's time by this much before it is worth a word."""
STRETCH: Final = "from first to last line"
"""Attribute of an inferred span of which no begin and end are known."""


@mutable
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
    queued: bool = False
    """It took a message that its parent had sent: it may begin and end long after it."""
    notes: list[str] = field(default_factory=list)


def order(node: Node) -> tuple[int, int, str, str]:
    """Sort key of siblings: the earliest first, of those the longest."""
    return node.start_ns, -node.end_ns, node.span.service or "", node.span.span_id


def slack_of(node: Node) -> int:
    """By how much clocks and flushing may move the lines of what a span called."""
    return max(SKEW_NS, (node.end_ns - node.start_ns) // 50)
