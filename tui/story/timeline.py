"""The story of one request: its records, spans and errors on one time axis, as a tree of rows.

`build` puts together what `inference`, `tree`, `errors` and `findings` work out; a story is frozen and is built anew
when records come. Drawing is left to `page`, saving to `bundle`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from tui.record import Id, Record, Span
from tui.story.errors import StoryError, distinct, error_of, errors_of_span
from tui.story.findings import Gap, Verdict, find_gaps, judge
from tui.story.hops import find_hops
from tui.story.inference import BEGAN, infer, service_name
from tui.story.merging import distinct_records, distinct_spans
from tui.story.nodes import STRETCH, Node
from tui.story.places import Places
from tui.story.rows import Row, make_rows
from tui.story.skew import Skew, find_skews
from tui.story.tree import grow, preorder
from tui.values import field, frozen, replace

Key = tuple[str, int]

QUIET_NS: Final = 5_000_000_000
"""A request that said nothing for this long is taken as over."""


@frozen
class Story:
    """Everything that is known of one request; all times are nanoseconds since 1970 UTC, None without any."""

    ids: tuple[Id, ...]
    title: str
    """What was asked: `POST /orders`."""
    verdict: Verdict
    start_ns: int | None
    end_ns: int | None
    services: tuple[str, ...]
    """In the order in which they appear."""
    rows: tuple[Row, ...]
    """Operations, parents before children."""
    records: tuple[Record, ...]
    """In the order of time; one without a time follows the one it follows in its source. Those that are spans are not
    among them."""
    errors: tuple[StoryError, ...]
    gaps: tuple[Gap, ...]
    spans: tuple[Node, ...]
    """Every span, measured and inferred, before repetitions are folded into rows; parents before children."""
    notes: tuple[str, ...] = ()
    """Oddities: clock skew, missing parents."""
    skews: tuple[Skew, ...] = ()
    """Sources whose clocks are off, as far as this request shows it."""
    incomplete: tuple[str, ...] = ()
    finished: bool = True
    row_of: Mapping[Key, str] = field(default_factory=dict)
    """Record key -> id of the row it belongs to."""
    span_records: tuple[Record, ...] = ()
    """The records that are spans, in the order of time."""

    @property
    def duration_ns(self) -> int | None:
        return None if self.start_ns is None or self.end_ns is None else self.end_ns - self.start_ns

    def visible_rows(self, folded: Collection[str] = ()) -> tuple[Row, ...]:
        """The rows that are seen when those with these ids are folded."""
        seen: list[Row] = []
        hidden_below: int | None = None
        for row in self.rows:
            if hidden_below is not None and row.depth > hidden_below:
                continue
            hidden_below = row.depth if row.row_id in folded else None
            seen.append(row)
        return tuple(seen)


def build(
    records: Iterable[Record],
    spans: Iterable[Span] = (),
    *,
    ids: Sequence[Id] = (),
    incomplete: Sequence[str] = (),
    now_ns: int | None = None,
    finished: bool | None = None,
) -> Story:
    """The story of these records and measured spans, in any order; never raises on what they say.

    now_ns is the time until which an unfinished request is told; without it, or a word in `finished`, the request is
    taken as over, and so it is when its outermost operation has told how it ended and nothing is left open. A record that was given twice counts once, with its longer text.
    """
    every = ordered(records)
    told = distinct_records([record for record in every if record.span is None])
    given = distinct_spans([*spans, *(record.span for record in every if record.span is not None)])
    over = _is_over(told, given, now_ns) if finished is None else finished
    last_ns = max(
        [*(r.time_ns for r in told if r.time_ns is not None), *(s.end_ns or s.start_ns for s in given)], default=0
    )
    until_ns = last_ns if over or now_ns is None else max(last_ns, now_ns)
    given, loose = _attach(told, given)
    inferred = infer(loose)
    if not over:
        inferred = [replace(span, end_ns=None) if BEGAN in span.attributes else span for span in inferred]
    hops = find_hops(told)
    nodes, roots = grow(given, inferred, until_ns=until_ns, mentions=_Mentioned(told), hops=hops)
    errors = tuple(
        distinct(
            [*filter(None, map(error_of, told)), *(e for span in given for e in errors_of_span(span))],
            of_one_request=True,
        )
    )
    rows, spans_in_order = make_rows(nodes, roots, errors)
    over = over or (finished is None and _is_answered(rows, spans_in_order))
    times = [record.time_ns for record in told if record.time_ns is not None]
    times += [time for node in nodes if node.start_ns > 0 for time in (node.start_ns, node.end_ns)]
    start_ns, end_ns = min(times, default=None), max(times, default=None)
    title = _title(rows, told)
    return Story(
        ids=tuple(ids) or _ids(told, given),
        title=title,
        verdict=judge(rows, errors, told, title=title, finished=over),
        start_ns=start_ns,
        end_ns=end_ns,
        services=_services(rows, told),
        rows=rows,
        records=tuple(told),
        errors=errors,
        gaps=find_gaps(told, rows, start_ns, end_ns, finished=over, hops=hops),
        spans=spans_in_order,
        notes=_notes(spans_in_order),
        skews=find_skews(nodes, preorder(nodes, roots), told),
        incomplete=tuple(incomplete),
        finished=over,
        row_of={key: row.row_id for row in rows for key in row.basis},
        span_records=tuple(record for record in every if record.span is not None),
    )


def ordered(records: Iterable[Record]) -> list[Record]:
    """Each record once, by time; what has none follows the line before it in its source."""
    once: dict[Key, Record] = {}
    for record in records:
        known = once.get(record.key)
        if known is None or len(record.raw) > len(known.raw):
            once[record.key] = record
    placed: list[tuple[int, str, int, Record]] = []
    source, time_ns = "", 0
    for key in sorted(once):
        record = once[key]
        if record.source != source:
            source, time_ns = record.source, 0
        time_ns = time_ns if record.time_ns is None else record.time_ns
        placed.append((time_ns, *key, record))
    placed.sort(key=lambda one: one[:3])
    return [record for *_, record in placed]


def _is_over(records: Sequence[Record], spans: Sequence[Span], now_ns: int | None) -> bool:
    if now_ns is None:
        return True
    last = max([*(r.time_ns or 0 for r in records), *(s.end_ns or s.start_ns for s in spans)], default=0)
    return now_ns - last >= QUIET_NS


def _is_answered(rows: Sequence[Row], spans: Sequence[Node]) -> bool:
    """Whether the outermost operation has told how it ended; that it spoke of an error says nothing about that."""
    if not rows or rows[0].status == "unset" or any(row.open for row in rows):
        return False
    if STRETCH in spans[0].span.attributes and rows[0].status == "error" and not rows[0].answer:
        return False
    return rows[0].start_ns == min(row.start_ns for row in rows)


def _attach(records: Sequence[Record], spans: list[Span]) -> tuple[list[Span], list[Record]]:
    """The spans with the records that lie in them, by span id, else by service and time; and the other records."""
    if not spans:
        return spans, list(records)
    covered: dict[int, list[Key]] = {}
    places = Places(spans)
    loose: list[Record] = []
    for record in records:
        at = places.of(record)
        if at is None:
            loose.append(record)
        else:
            covered.setdefault(at, []).append(record.key)
    return [
        replace(span, basis=(*span.basis, *covered[number])) if number in covered else span
        for number, span in enumerate(spans)
    ], loose


class _Mentioned:
    """Whether the lines of a span name a service, looked up only when a guess needs it."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._records = {record.key: record for record in records}
        self._texts: dict[tuple[str, int], str] = {}

    def __call__(self, span: Span, service: str) -> bool:
        key = (span.span_id, span.start_ns)
        text = self._texts.get(key)
        if text is None:
            lines = (self._records[one].raw[:2000] for one in span.basis[:20] if one in self._records)
            text = self._texts[key] = "\n".join(lines).lower()
        return service.lower() in text


def _ids(records: Sequence[Record], spans: Sequence[Span]) -> tuple[Id, ...]:
    found = dict.fromkeys(one for record in records for one in record.ids if one.kind != "span")
    found.update(dict.fromkeys(Id("trace", span.trace_id) for span in spans if span.trace_id))
    return tuple(found)


def _services(rows: Sequence[Row], records: Sequence[Record]) -> tuple[str, ...]:
    named = dict.fromkeys(row.service for row in sorted(rows, key=lambda row: row.start_ns) if row.service)
    named.update(dict.fromkeys(service_name(record) for record in records))
    return tuple(named)


def _title(rows: Sequence[Row], records: Sequence[Record]) -> str:
    """What was asked: the name of the first row, else the first method and path, else the first message."""
    for name in (*(row.name for row in rows[:1]), *(row.name for row in rows if " /" in row.name)):
        if name:
            return name
    first = next((record.message for record in records if record.message), "")
    return first.split("\n", 1)[0][:80]


def _notes(nodes: Sequence[Node]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for node in nodes:
        for note in node.notes:
            name = " ".join(part for part in (node.span.service, node.span.name) if part) or node.span.span_id
            found[f"{name}: {note}"] = None
    return tuple(found)
