"""Why a record is part of a request: the id that it shares, and the records that link this id with what was asked for.

Values and their words; `links` finds them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import tzinfo

from tui.presentation.cells import clock, short_id
from tui.record import Id, Record
from tui.values import frozen

Key = tuple[str, int]


@frozen
class Step:
    """One id that leads to the next, and the record that carries both."""

    id: Id
    """The id that was known before."""
    via: Key


@frozen
class Why:
    """What ties one record to its request."""

    shared: Id
    """The id that the record shares with the request, as it calls it."""
    mentioned: bool = False
    """It only stands in its text; the record does not name it as an id of its own."""
    near: bool = False
    """It is a short id, which counts because the record was written by the same service soon before or after."""
    steps: tuple[Step, ...] = ()
    """From the shared id to one that was asked for; empty when it is that one itself."""


def told(why: Why, record_of: Callable[[Key], Record | None], zone: tzinfo) -> str:
    """`here by request 7f3a…c1 · linked to trace 91bd…07 by gateway.log line 12,345`."""
    how = " in its text" if why.mentioned else ", near in time" if why.near else ""
    parts = [f"here by {named(why.shared)}{how}"]
    parts += _steps(why, record_of, zone)
    if not why.steps:
        parts[0] += ", which was asked for" if not why.near else ""
    return " · ".join(parts)


def named(one: Id) -> str:
    """`trace 91bd…07`."""
    return f"{one.kind} {short_id(one.value)}"


def _steps(why: Why, record_of: Callable[[Key], Record | None], zone: tzinfo) -> Iterator[str]:
    for step in why.steps:
        yield f"linked to {named(step.id)} by {_place(step.via, record_of(step.via), zone)}"


def _place(key: Key, record: Record | None, zone: tzinfo) -> str:
    if record is not None and record.line is not None:
        return f"{key[0]} line {record.line:,}"
    if record is not None and record.time_ns is not None:
        return f"{key[0]} at {clock(record.time_ns, zone)}"
    return f"{key[0]} byte {key[1]:,}"
