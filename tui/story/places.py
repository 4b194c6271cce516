"""In which measured span a record lies: by its span id, else the innermost one of its service at its time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from tui.record import Record, Span
from tui.story.inference import service_name

NEAR: Final = 16
"""So many spans that began last are compared; an outer one that began before them is taken only if none of them fits."""


class Places:
    """Of the spans of one request, told by their numbers."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans
        self._by_id: dict[str, list[int]] = {}
        own: dict[str, list[int]] = {}
        for number, span in enumerate(spans):
            self._by_id.setdefault(span.span_id, []).append(number)
            if span.service:
                own.setdefault(span.service, []).append(number)
        self._own = {name: sorted(found, key=lambda one: spans[one].start_ns) for name, found in own.items()}
        self._starts = {name: [spans[one].start_ns for one in found] for name, found in self._own.items()}

    def of(self, record: Record) -> int | None:
        """The number of the span that a record lies in; None without one."""
        if record.span_id:
            same = self._by_id.get(record.span_id, ())
            trace = (record.trace_id or "")[-16:]
            own = [one for one in same if self._spans[one].service == record.service] or same
            near = [one for one in own if not trace or (self._spans[one].trace_id or "")[-16:] == trace] or own
            return near[0] if near else None
        return None if record.time_ns is None else self._innermost(service_name(record), record.time_ns)

    def _innermost(self, service: str, time_ns: int) -> int | None:
        numbers = self._own.get(service)
        if not numbers:
            return None
        best: tuple[int, int] | None = None
        begun = bisect_right(self._starts[service], time_ns)
        for passed, at in enumerate(range(begun - 1, -1, -1)):
            if passed >= NEAR and best is not None:
                break
            span = self._spans[numbers[at]]
            end_ns = span.end_ns or time_ns
            if end_ns >= time_ns and (best is None or (end_ns - span.start_ns, numbers[at]) < best):
                best = end_ns - span.start_ns, numbers[at]
        return None if best is None else best[1]
