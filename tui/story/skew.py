"""Clocks that run behind or ahead of the others, as far as one request shows it: nothing begins before it was called.

Only callers that are known by ids count, since a guess from the times would prove itself; and a service that stands in
front of the others by its name. A source that is late may also have been called late, through a queue: that its clock
is ahead is only concluded where the caller waited for the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from tui.presentation.cells import short_duration
from tui.record import Record
from tui.story.inference import BEGAN, service_name
from tui.story.nodes import STRETCH, Node
from tui.story.parents import stands_in_front
from tui.values import frozen, mutable

LEAST_NS: Final = 5_000_000
"""Clocks that are kept in step differ by less, and the order of lines seldom depends on it."""
_SERVERS: Final = frozenset({"server", "span_kind_server", "2"})
_NEVER: Final = 1 << 62


@frozen
class Skew:
    """One source's clock against those of its callers."""

    source: str
    shift_ns: int
    """To be added to its times; negative when its clock runs ahead."""
    against: str
    """The source of a caller that shows it."""

    @property
    def text(self) -> str:
        """`the clock of payment.log is 1.2 s behind that of gateway.log`."""
        how = "behind" if self.shift_ns > 0 else "ahead of"
        return f"the clock of {self.source} is {short_duration(abs(self.shift_ns))} {how} that of {self.against}"


@mutable
class _Bounds:
    """What the shift of a source must be at least and at most, and which callers' source says so."""

    least_ns: int = -_NEVER
    most_ns: int = _NEVER
    against: str = ""

    def narrow(self, least_ns: int, most_ns: int, against: str) -> None:
        if least_ns > self.least_ns:
            self.least_ns, self.against = least_ns, against
        if most_ns < self.most_ns:
            self.most_ns = most_ns
            self.against = self.against or against

    @property
    def shift_ns(self) -> int:
        """The middle of what is possible, as if the way there took as long as the way back; 0 when nothing is wrong."""
        if (self.least_ns < LEAST_NS and self.most_ns > -LEAST_NS) or self.least_ns > self.most_ns + LEAST_NS:
            # also where the callers contradict each other: then no shift would mend it
            return 0
        if self.least_ns == -_NEVER:
            return self.most_ns
        return self.least_ns if self.most_ns == _NEVER else (self.least_ns + self.most_ns) // 2


def find_skews(nodes: Sequence[Node], order: Iterable[int], records: Sequence[Record]) -> tuple[Skew, ...]:
    """The sources of a request whose clocks are off, nodes being looked at in this order: callers before the called."""
    bounds: dict[str, _Bounds] = {}
    shifts: dict[str, int] = {}
    for index in order:
        node = nodes[index]
        source = _source(node)
        if node.parent is None or node.guessed or not source:
            continue
        caller = nodes[node.parent]
        against = _source(caller)
        if not against or against == source or min(node.start_ns, caller.start_ns) <= 0 or not _begins(caller):
            continue
        if against not in shifts:
            shifts[against] = bounds[against].shift_ns if against in bounds else 0
        least, most = _between(node, caller, shifts[against])
        bounds.setdefault(source, _Bounds()).narrow(least, most, against)
    _behind_the_front(nodes, records, bounds)
    found = ((source, one.shift_ns, one.against) for source, one in bounds.items())
    return tuple(Skew(source, shift, against) for source, shift, against in found if abs(shift) >= LEAST_NS)


def _between(node: Node, caller: Node, shift_ns: int) -> tuple[int, int]:
    """By how much the called one must be moved, at least and at most, to lie in its caller."""
    least = caller.start_ns + shift_ns - node.start_ns
    most = caller.end_ns + shift_ns - node.end_ns
    waited = str(node.span.attributes.get("span.kind", "")).lower() in _SERVERS
    ended = caller.span.end_ns is not None and node.span.end_ns is not None
    if not ended or most < least or not (waited or least > 0):
        most = _NEVER
    return least, most


def _behind_the_front(nodes: Sequence[Node], records: Sequence[Record], bounds: dict[str, _Bounds]) -> None:
    """What only logs tell of cannot have been written before the service in front heard of the request."""
    fronts = [node for node in nodes if node.inferred and stands_in_front(node.span.service) and _begins(node)]
    front = min(fronts, key=lambda node: node.start_ns, default=None)
    if front is None or sum(one.span.service == front.span.service for one in fronts) < len(fronts):
        return
    own = _source(front)
    first: dict[str, int] = {}
    for record in records:
        if record.time_ns is not None and record.source != own and not stands_in_front(service_name(record)):
            first.setdefault(record.source, record.time_ns)
    for source, time_ns in first.items():
        if source not in bounds and time_ns < front.start_ns - LEAST_NS:
            bounds.setdefault(source, _Bounds()).narrow(front.start_ns - time_ns, _NEVER, own)


def _begins(node: Node) -> bool:
    """Whether it is known when it began: the first of its lines may come long after that."""
    return bool(_source(node)) and (STRETCH not in node.span.attributes or BEGAN in node.span.attributes)


def _source(node: Node) -> str:
    return node.span.basis[0][0] if node.span.basis else node.span.source
