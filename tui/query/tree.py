"""What a query means, as a tree of frozen nodes; made by syntax.py, turned into tests by predicate.py and scan.py.

A node is true, false or unknown of a record: unknown when the record lacks the field that the node names. Unknown
stays unknown when negated, so that only `not field:*` finds the records that lack a field.
"""

from __future__ import annotations

from collections.abc import Iterator

from tui.values import frozen


@frozen
class Operand:
    """A value as it was typed, and everything it may mean."""

    text: str
    """Without quotes and escapes."""
    wild: tuple[int, ...] = ()
    """Indexes in text of the `*` and `?` that stand for other characters."""
    quoted: bool = False
    number: int | float | None = None
    duration_ns: int | None = None
    size_bytes: int | None = None
    period: tuple[int, int] | None = None
    """First nanosecond of the time that was named and the first one behind it; a bare date is a whole day."""
    position: int = 0
    """Index of its first character in the query."""

    @property
    def segments(self) -> tuple[str, ...]:
        """The text cut at every `*`; a `?` stays in place as U+FFFF, which no text contains."""
        chars = ["\uffff" if at in self.wild and char == "?" else char for at, char in enumerate(self.text)]
        cuts = [at for at in self.wild if self.text[at] == "*"]
        begins, ends = [0, *(at + 1 for at in cuts)], [*cuts, len(chars)]
        return tuple("".join(chars[begin:end]) for begin, end in zip(begins, ends, strict=True))

    @property
    def folds(self) -> bool:
        """Smart case: any upper-case letter makes it case-sensitive."""
        return self.text == self.text.lower()


@frozen
class Everything:
    """`*` or nothing at all."""


@frozen
class Text:
    """A word or a phrase anywhere in the record."""

    operand: Operand


@frozen
class Regex:
    """A pattern anywhere in the record, or in a field; already known to compile."""

    pattern: str
    """In RE2's language, flags included."""
    field: str | None = None


@frozen
class Equal:
    """A field has the value, or its text fits the wildcards."""

    field: str
    operand: Operand


@frozen
class Contains:
    """A field's text holds the value."""

    field: str
    operand: Operand


@frozen
class Order:
    """A field is above or below the value."""

    field: str
    sign: str
    """`>`, `>=`, `<` or `<=`."""
    operand: Operand


@frozen
class Exists:
    """A record has the field; the one node that is never unknown."""

    field: str


@frozen
class When:
    """The record's time against an instant."""

    sign: str
    time_ns: int


@frozen
class And:
    parts: tuple[Node, ...]


@frozen
class Or:
    parts: tuple[Node, ...]


@frozen
class Not:
    part: Node


Node = Everything | Text | Regex | Equal | Contains | Order | Exists | When | And | Or | Not


@frozen
class Query:
    """A whole query and the text it was read from."""

    text: str
    root: Node


def leaves(node: Node) -> Iterator[Node]:
    """All nodes below and including this one that hold no others, in the order of the text."""
    pending = [node]
    while pending:
        one = pending.pop()
        if isinstance(one, And | Or):
            pending.extend(reversed(one.parts))
        elif isinstance(one, Not):
            pending.append(one.part)
        else:
            yield one


def time_bounds(query: Query) -> tuple[int | None, int | None]:
    """Earliest and latest time (ns, both included) a matching record can have; None where it is open."""
    low: int | None = None
    high: int | None = None
    for part in query.root.parts if isinstance(query.root, And) else (query.root,):
        if not isinstance(part, When):
            continue
        if part.sign in (">", ">="):
            start = part.time_ns + (part.sign == ">")
            low = start if low is None else max(low, start)
        else:
            end = part.time_ns - (part.sign == "<")
            high = end if high is None else min(high, end)
    return low, high
