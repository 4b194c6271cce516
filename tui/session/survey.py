"""Looks through all sources for what explaining needs, as fast as their lines allow.

Rows of tables of spans are read cell by cell, lines like ones that were read before by their likeness, the rest as
records. Of very much whole requests are left out, always the same ones, and it is said how many.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final
from zlib import crc32

from tui.parsing.columns import Columns
from tui.parsing.span_rows import plan_of, told_span
from tui.pipeline.track import Track
from tui.record import Line, Record
from tui.story.explain.account import Account
from tui.story.explain.likeness import Likenesses
from tui.story.inference import service_name

MOST_BYTES: Final = 16 << 20
"""Of so much everything is looked at; of more whole requests are left out."""
_PROBES: Final = 48
_SLACK_NS: Final = 30_000_000_000
_TRACE: Final = re.compile(
    rb"\b(?:trace|request|correlation)_?-?id[\"'\\]*\s?[:=]\s?[\"'\\]*([0-9A-Za-z_-]{6,64})", re.IGNORECASE
)

"""Whether a time matters."""


class Survey:
    """One look through sources; `start_ns` and `end_ns` bound what matters, None where it is open."""

    def __init__(self, tracks: Sequence[Track], start_ns: int | None, end_ns: int | None) -> None:
        self.account = Account()
        self.notes: list[str] = []
        self._stretches = [(track, *_stretch(track, start_ns, end_ns)) for track in tracks]
        self._bounds = start_ns, end_ns
        whole = sum(stop - start for _, start, stop in self._stretches)
        self._every = max(1, -(-whole // MOST_BYTES))
        if self._every > 1:
            self.notes.append(
                f"{whole >> 20} MiB: one request in {self._every} was looked at, whole requests, always the same"
            )

    def run(self) -> Iterator[float]:
        """Look; yields the share that is done."""
        whole = max(1, sum(stop - start for _, start, stop in self._stretches))
        done = 0
        for track, start, stop in self._stretches:
            take = self._taker(track)
            at = start
            while at < stop:
                low, high = track.blocks.bounds(at)
                for lines in track.groups(low, high):
                    if self._every == 1 or self._chosen(lines[0].data):
                        take(lines)
                done += max(0, high - at)
                at = max(high, at + 1)
                yield min(1.0, done / whole)

    def _chosen(self, line: bytes) -> bool:
        found = _TRACE.search(line)
        return crc32(found[1].lower().replace(b"-", b"") if found else line) % self._every == 0

    def _taker(self, track: Track) -> Callable[[tuple[Line, ...]], None]:
        columns = track.columns
        if columns is not None and plan_of(columns.names) is not None:
            return _SpanRows(track, columns, self).take
        return _LogLines(track, self).take

    def matters(self, time_ns: int | None) -> bool:
        start_ns, end_ns = self._bounds
        if time_ns is None:
            return True
        return (start_ns is None or time_ns >= start_ns - _SLACK_NS) and (
            end_ns is None or time_ns <= end_ns + _SLACK_NS
        )


class _LogLines:
    """Takes the lines of one source."""

    def __init__(self, track: Track, survey: Survey) -> None:
        self._track = track
        self._survey = survey
        self._known = Likenesses()

    def take(self, lines: tuple[Line, ...]) -> None:
        if lines[0].data[:1] in (b"{", b"["):
            # an object is read as fast as it is compared
            self._parse(lines)
            return
        key, seen = self._known.seen(lines, self._track.name)
        if seen is None:
            record = self._parse(lines)[0]
            template = self._survey.account.template_of(record)
            self._known.learn(key, lines, record, service_name(record), template)
        elif self._survey.matters(seen.time_ns):
            self._survey.account.add_line(seen, lambda: _text(lines))

    def _parse(self, lines: tuple[Line, ...]) -> tuple[Record, ...]:
        records = self._track.records(lines)
        for record in records:
            if self._survey.matters(record.time_ns):
                self._survey.account.add(record)
        return records


class _SpanRows:
    """Takes the rows of a table of spans."""

    def __init__(self, track: Track, columns: Columns, survey: Survey) -> None:
        plan = plan_of(columns.names)
        assert plan is not None
        self._plan, self._columns, self._track, self._survey = plan, columns, track, survey

    def take(self, lines: tuple[Line, ...]) -> None:
        fields = self._columns.read(_text(lines))
        span = told_span(self._plan, fields) if fields is not None else None
        if span is not None and self._survey.matters(span.start_ns):
            self._survey.account.add_span(span, (self._track.name, lines[0].offset), service_name_of(self._track))


def service_name_of(track: Track) -> str:
    """What a source calls its service where its records do not."""
    from tui.sources.spec import service_of

    return service_of(track.name)


def _text(lines: tuple[Line, ...]) -> str:
    return b"\n".join(line.data for line in lines).decode("utf-8", "replace")


def _stretch(track: Track, start_ns: int | None, end_ns: int | None) -> tuple[int, int]:
    """The part of a source that may hold what matters: all of it, unless its times run in order."""
    first, end = track.blocks.first, track.blocks.end
    if (start_ns is None and end_ns is None) or end - first < MOST_BYTES // 4:
        return first, end
    places = [first + (end - first) * at // _PROBES for at in range(_PROBES)]
    times = [track.time_at(place) for place in places]
    known = [(place, time_ns) for place, time_ns in zip(places, times, strict=True) if time_ns is not None]
    if len(known) < _PROBES or any(late[1] < early[1] - _SLACK_NS for early, late in pairwise(known)):
        return first, end
    low = max(
        (place for place, time_ns in known if start_ns is not None and time_ns < start_ns - _SLACK_NS), default=first
    )
    high = min((place for place, time_ns in known if end_ns is not None and time_ns > end_ns + _SLACK_NS), default=end)
    return low, max(low, high)
