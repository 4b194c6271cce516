"""How many requests an id stands beside: one that would glue too many together is not followed.

Counts only; what follows from it is decided in `links`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tui.story.identity import Node

FAN_OUT: Final = 50
"""An id that stands beside more traces and requests than this is not followed; one asked for is still matched."""
TRACE_FAN_OUT: Final = 4
"""How many times more requests may stand beside a trace: its services may each number their own."""


class Widths:
    """What stands beside what, counted as far as the limit needs it; an id once too wide stays so."""

    def __init__(self, fan_out: int = FAN_OUT) -> None:
        self.fan_out = fan_out
        self.wide: set[Node] = set()
        self._beside: dict[Node, tuple[set[Node], set[Node]]] = {}

    def count(self, nodes: Sequence[Node], kinds: Sequence[str]) -> None:
        """Take note of the ids of one record and of what the record calls each."""
        if len(nodes) < 2:
            return
        traces = [node for node, kind in zip(nodes, kinds, strict=True) if kind == "trace"]
        requests = [node for node, kind in zip(nodes, kinds, strict=True) if kind == "request"]
        for node in nodes:
            if node in self.wide:
                continue
            near, parts = self._beside.setdefault(node, (set(), set()))
            near.update(other for other in traces if other != node)
            (parts if node in traces else near).update(other for other in requests if other != node)
            if len(near) > self.fan_out or len(parts) > self.fan_out * TRACE_FAN_OUT:
                self.wide.add(node)
