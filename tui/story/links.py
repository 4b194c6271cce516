"""Which records belong to one request, and why: ids that stand in one record are linked, transitively.

A request is offered records in any order and says which byte strings to look for next. What ids mean the same is in
`identity`, how they are spelled in `spellings`; going through the sources is left to whoever owns them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from tui.record import Id, Record
from tui.story.identity import (
    MENTIONED_CHARS,
    SHORT,
    SHORT_WINDOW_NS,
    SPAN,
    TYPED,
    Node,
    Place,
    are_close,
    asked_as,
    forms_in_text,
    is_telling,
    low_half,
    mentioned_in,
    node_of,
    nodes_of_seed,
    place_of,
    preference,
    read_seed,
    stands_in,
)
from tui.story.spellings import needles, spellings
from tui.story.why import Step, Why
from tui.story.widths import FAN_OUT, Widths
from tui.values import frozen

__all__ = ["FAN_OUT", "SHORT_WINDOW_NS", "Link", "Request", "read_seed", "spellings"]

MAX_FOLLOWED: Final = 500

Key = tuple[str, int]


@frozen
class Link:
    """One id of a request and how it came in."""

    id: Id
    seed: bool
    """It was asked for."""
    via: Key | None = None
    """The record that carries it together with an id that was known already."""
    followed: bool = True
    """False when it would glue too many requests together."""


class _Facts(NamedTuple):
    """What is remembered of a record."""

    nodes: tuple[Node, ...]
    kinds: tuple[str, ...]
    """What this record calls each of the nodes."""
    short: tuple[Node, ...]
    place: Place
    mentioned: tuple[Node, ...] = ()
    """Ids of the request that stand in the text, though not as an id of the record: they open no doors."""


class Request:
    """One request while it is gathered: offer it every record in which one of its needles was found.

    An answer of `offer` may be taken back when a link turns out too wide: ask `belongs` in the end. The outcome does
    not depend on the order once records were offered until no new needles came.
    """

    def __init__(self, seeds: Iterable[Id] | str, *, fan_out: int = FAN_OUT) -> None:
        self._fan_out = fan_out
        self._seeds = read_seed(seeds) if isinstance(seeds, str) else tuple(dict.fromkeys(seeds))
        if any(one.kind != SPAN for one in self._seeds):
            # a span joins nothing that its trace or request does not
            self._seeds = tuple(one for one in self._seeds if one.kind != SPAN)
        self._names: dict[Node, Id] = {node: one for one in self._seeds for node in nodes_of_seed(one)}
        self._scope: Place | None = None
        self._cut: set[Node] = set()
        self._facts: dict[Key, _Facts] = {}
        self._keys: dict[Node, set[Key]] = {}
        self._same_low: dict[str, set[Node]] = {}
        self._widths = Widths(fan_out)
        self._ever: set[Node] = set()
        self._forms: dict[Node, tuple[str, ...]] = {}
        self._needles: frozenset[bytes] | None = None
        self._restart()

    @classmethod
    def of(cls, record: Record, *, fan_out: int = FAN_OUT) -> Request:
        """The request that this record belongs to; its short ids are looked for in its service and around its time."""
        given = (("trace", record.trace_id), (SPAN, record.span_id))
        request = cls(record.ids or (Id(kind, value) for kind, value in given if value), fan_out=fan_out)
        request._scope = place_of(record)
        request.offer(record)
        return request

    @property
    def ids(self) -> tuple[Id, ...]:
        """The ids that hold the request together, those asked for first."""
        return tuple(link.id for link in self.links if link.followed)

    @property
    def links(self) -> tuple[Link, ...]:
        """Every id that was met on the way and not cut, those asked for first, then by kind and value."""
        found = [
            Link(one, True, None, node_of(one.kind, one.value) not in self._widths.wide) for one in self._told_seeds()
        ]
        told = {link.id for link in found}
        for followed, nodes in ((True, self._reached), (False, self._refused)):
            for node in sorted({whole for half in nodes for whole in self._whole(half)}, key=self._rank):
                one = self._names[node]
                if node[0] not in (TYPED, SPAN) and one.kind != "any" and one not in told:
                    told.add(one)
                    found.append(Link(one, False, self._via.get(node), followed))
        return tuple(found)

    @property
    def incomplete(self) -> tuple[str, ...]:
        """Why there may be more of this request than was found, one sentence each."""
        wide = self._widths.wide & (self._refused | self._seed_nodes)
        called = sorted({self._called(node) for node in wide})
        reasons = [f"{name} links more than {self._fan_out} requests: not followed" for name in called]
        reasons += sorted({f"{self._called(node)} was cut off" for node in self._cut})
        if len(self._reached) >= MAX_FOLLOWED:
            reasons.append(f"more than {MAX_FOLLOWED} ids: not all followed")
        return tuple(reasons)

    def needles(self) -> frozenset[bytes]:
        """Byte strings of which one stands in every line that is to be offered."""
        if self._needles is None:
            wanted = {asked_as(node, self._names[node]) for node in self._reached}
            wanted |= {self._names[node] for node in self._anchors if is_telling(self._names[node].value)}
            self._needles = needles(wanted)
        return self._needles

    def offer(self, record: Record) -> bool:
        """Take note of the record; whether it belongs as far as is known."""
        facts = self._facts_of(record)
        if not self._accepts(facts):
            facts = facts._replace(mentioned=mentioned_in(record, self._forms))
        key = record.key
        if not self._concerns(facts):
            return False
        if self._facts.get(key) != facts:
            self._remember(record, facts)
            self._widths.count(facts.nodes, facts.kinds)
            if self._widths.wide - self._width_seen:
                self._restart()
            elif self._accepts(facts):
                self._follow([key])
        return self.belongs(record)

    def belongs(self, record: Record) -> bool:
        """Whether a record that was offered is part of the request as it is known now."""
        facts = self._facts.get(record.key)
        return facts is not None and (record.key in self._joined or self._near(facts))

    def reason(self, record: Record) -> Id | None:
        """The id for which the record belongs, the most telling one; None for a record that does not."""
        if not self.belongs(record):
            return None
        facts = self._facts[record.key]
        every = (*facts.nodes, *facts.mentioned)
        shared = [node for node in every if self._matches(node)] or list(facts.short)
        return self._names[min(shared, key=self._rank)]

    def why(self, record: Record) -> Why | None:
        """What ties the record to what was asked for, link by link; None for a record that does not belong."""
        shared = self.reason(record)
        if shared is None:
            return None
        facts = self._facts[record.key]
        node = node_of(shared.kind, shared.value)
        short = node not in facts.nodes and node in facts.short
        return Why(shared, node in facts.mentioned, short, tuple(self._steps(node)))

    def _steps(self, node: Node) -> Iterator[Step]:
        """From an id back to one that was asked for, over the records that carry two of them."""
        place = {known: at for at, known in enumerate(self._reached)}
        node = self._known_as(node)
        while node not in self._seed_nodes and (via := self._via.get(node)) is not None:
            before = (self._known_as(one) for one in self._facts[via].nodes if self._matches(one))
            earlier = min(before, key=lambda one: place.get(one, len(place)), default=node)
            if place.get(earlier, len(place)) >= place.get(node, -1):
                return
            yield Step(self._names[earlier], via)
            node = earlier

    def _known_as(self, node: Node) -> Node:
        """The id of the request that this one equals: itself, or the other width of the same trace."""
        if node in self._reached or (low := low_half(node)) is None:
            return node
        return min((self._full if len(node[1]) == 16 else self._halves).get(low, ()), default=node)

    def cut(self, one: Id) -> None:
        """Go on without this id: what only hangs on it leaves the request."""
        self._cut.update(nodes_of_seed(one))
        self._restart()

    def restore(self, one: Id) -> None:
        """Take an id back in that was cut."""
        self._cut.difference_update(nodes_of_seed(one))
        self._restart()

    def _told_seeds(self) -> list[Id]:
        """The seeds as they turned out: what was typed has the kind under which it was found, half an id is whole."""
        nodes = (whole for one in self._seeds for node in nodes_of_seed(one) for whole in self._whole(node))
        told = dict.fromkeys(self._names[node] for node in nodes)
        kept = [one for one in told if one.kind != "any"] or [Id("text", one.value) for one in self._seeds[-1:]]
        return [one for one in kept if node_of(one.kind, one.value) not in self._cut]

    def _whole(self, node: Node) -> list[Node]:
        low = low_half(node)
        if low is None or len(node[1]) != 16:
            return [node]
        same = (one for one in self._same_low.get(low, ()) if len(one[1]) == 32 and self._matches(one))
        return sorted(one for one in same if not self._joined.isdisjoint(self._keys[one])) or [node]

    def _facts_of(self, record: Record) -> _Facts:
        nodes: dict[Node, str] = {}
        short: list[Node] = []
        for one in record.ids:
            node = node_of(one.kind, one.value)
            if one.kind == SPAN:
                if node in self._seed_nodes:
                    nodes[node] = SPAN
                continue
            if node[0] != SHORT or (node in self._seed_nodes and self._in_scope(record)):
                nodes.setdefault(node, one.kind)
            else:
                short.append(node)
        if record.trace_id and not record.ids:
            nodes[node_of("trace", record.trace_id)] = "trace"
        if not any(node in self._seed_nodes for node in nodes):
            typed = (node for node in self._seed_nodes if node[0] == TYPED)
            nodes.update(dict.fromkeys(sorted(node for node in typed if stands_in(node[1], record)), TYPED))
        return _Facts(tuple(nodes), tuple(nodes.values()), tuple(short), place_of(record))

    def _remember(self, record: Record, facts: _Facts) -> None:
        self._facts[record.key] = facts
        self._joined.discard(record.key)
        for one in record.ids or (Id("trace", record.trace_id or ""),):
            node = node_of(one.kind, one.value)
            known = self._names.get(node)
            if one.kind != SPAN and (known is None or known.kind == "any" or preference(one) < preference(known)):
                self._names[node] = one
        for node in facts.nodes:
            self._keys.setdefault(node, set()).add(record.key)
            low = low_half(node)
            if low is not None:
                self._same_low.setdefault(low, set()).add(node)

    def _concerns(self, facts: _Facts) -> bool:
        """Whether the record is worth remembering: it has an id that was followed at some time and may be again."""
        return (
            bool(facts.mentioned)
            or any(
                node in self._ever and (node not in self._widths.wide or node in self._seed_nodes)
                for node in facts.nodes
            )
            or any(self._matches(node) for node in facts.nodes)
            or (not facts.nodes and any(node in self._anchors for node in facts.short))
        )

    def _restart(self) -> None:
        """Everything that can be reached from the seeds over the records known, from the beginning."""
        seeds = dict.fromkeys(node for one in self._seeds for node in nodes_of_seed(one) if node not in self._cut)
        self._seed_nodes: frozenset[Node] = frozenset(seeds)
        self._joined: set[Key] = set()
        self._reached: dict[Node, None] = dict(seeds)
        self._full: dict[str, set[Node]] = {}
        self._halves: dict[str, set[Node]] = {}
        self._via: dict[Node, Key] = {}
        self._refused: set[Node] = set()
        self._anchors: dict[Node, list[Place]] = {}
        self._needles = None
        for node in seeds:
            self._reach(node)
        for facts in self._facts.values():
            self._widths.count(facts.nodes, facts.kinds)
        self._width_seen = set(self._widths.wide)
        for node in self._width_seen - self._seed_nodes:
            self._forms.pop(node, None)
        self._follow(sorted(key for key, facts in self._facts.items() if self._accepts(facts)))

    def _accepts(self, facts: _Facts) -> bool:
        return any(self._matches(node) for node in (*facts.nodes, *facts.mentioned))

    def _matches(self, node: Node) -> bool:
        if node in self._reached:
            return True
        low = low_half(node)
        if low is None or node in self._cut:
            return False
        if len(node[1]) == 16:
            return low in self._full
        # a half id agrees with every whole one, whole ones only with themselves
        return low in self._halves and low not in self._full

    def _reach(self, node: Node) -> None:
        self._reached[node] = None
        self._ever.add(node)
        if len(node[1]) >= MENTIONED_CHARS and node[0] == "":
            self._forms.setdefault(node, forms_in_text(node))
        self._needles = None
        low = low_half(node)
        if low is None or (self._names[node].kind != "trace" and node not in self._seed_nodes):
            return
        (self._halves if len(node[1]) == 16 else self._full).setdefault(low, set()).add(node)

    def _follow(self, keys: list[Key]) -> None:
        """The records join the request, and with them whatever their ids lead to."""
        waiting = list(keys)
        while waiting:
            key = waiting.pop()
            if key in self._joined:
                continue
            self._joined.add(key)
            for node in self._led_to(key):
                self._via.setdefault(node, key)
                self._reach(node)
                for equal in {node, *self._same_low.get(low_half(node) or "", ())}:
                    if self._matches(equal):
                        waiting += self._keys.get(equal, set()) - self._joined

    def _led_to(self, key: Key) -> list[Node]:
        facts = self._facts[key]
        shared = [node for node in facts.nodes if self._matches(node)]
        for node in facts.short if shared else ():
            if node not in self._cut:
                self._anchors.setdefault(node, []).append(facts.place)
                self._needles = None
        if all(node in self._widths.wide for node in shared):
            return []
        # half an id that is known whole, or the other way round, is no new id
        new = [node for node in facts.nodes if not self._matches(node) and node not in self._cut]
        refused = [node for node in new if node in self._widths.wide or len(self._reached) >= MAX_FOLLOWED]
        self._refused.update(refused)
        for node in refused:
            self._via.setdefault(node, key)
        return [node for node in new if node not in refused]

    def _in_scope(self, record: Record) -> bool:
        return self._scope is None or are_close(self._scope, place_of(record))

    def _near(self, facts: _Facts) -> bool:
        """Whether a record without a long id shares a short one with the request, in one service and for a while."""
        if facts.nodes:
            return False
        return any(are_close(anchor, facts.place) for node in facts.short for anchor in self._anchors.get(node, ()))

    def _rank(self, node: Node) -> tuple[bool, tuple[int, str]]:
        return node not in self._seed_nodes, preference(self._names[node])

    def _called(self, node: Node) -> str:
        one = self._names.get(node, Id(*node))
        return one.value if one.kind == "any" else f"{one.kind} {one.value}"
