"""Sources for the plain commands: everything there is, once, as records; a pipe as it flows.

Owns opening, what is said about what cannot be opened, and the order in which records come. What is done with them is
the commands'.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import tzinfo
from typing import Final

from tui.cli.flowing import Flow, Keeping, answers, chunks
from tui.parsing.parser import Parser
from tui.pipeline.track import Track
from tui.query.predicate import compile_query
from tui.query.results import EVERYTHING, Condition
from tui.query.scan import prefilter
from tui.query.syntax import parse
from tui.record import Record
from tui.redaction.redactor import Redactor
from tui.session.masking import redactor_of
from tui.settings import Settings
from tui.sources.once import open_all
from tui.sources.spec import ASKED, ENDLESS, FILES, Spec, SpecError, parse_spec, service_of, with_unique_names
from tui.sources.streams import Choices
from tui.store.blocks import FileBlocks
from tui.store.lines import LineNumbers
from tui.store.order import forward
from tui.values import field, mutable, replace

_NEVER_WHOLE: Final = ENDLESS | set(ASKED.values())


@mutable
class Reading:
    """The sources of one plain command."""

    tracks: list[Track]
    streams: list[Spec]
    """What is read as it flows."""
    backends: list[Spec]
    """Stores of traces, which are asked for those of a request."""
    errors: list[str]
    zone: tzinfo
    redactor: Redactor
    choices: Choices
    ring_bytes: int
    """For what comes in streams that do not end."""
    _numbers: dict[int, LineNumbers] = field(default_factory=dict)

    def records(self, condition: Condition = EVERYTHING, *, numbered: bool = True) -> Iterator[Record]:
        """Matching records: those of files in time order, then those of streams as they come.

        Without numbers nothing need be read but what may match.
        """
        for entry in forward(self.tracks, None, condition.sieve, condition.accepts):
            if entry.record is not None and condition.holds(entry.record):
                yield self.numbered(entry.record, entry.track) if numbered else entry.record
        for record in self._flow():
            if condition.holds(record):
                yield record

    def numbered(self, record: Record, track: int) -> Record:
        """The record with its line number."""
        numbers = self._numbers.setdefault(track, LineNumbers(self.tracks[track].blocks))
        return replace(record, line=numbers.at(record.offset))

    def refuse_what_never_ends(self) -> None:
        """For commands that look at all there is. Raises SpecError."""
        if endless := [spec.name for spec in (*self.streams, *self.backends) if spec.kind in _NEVER_WHOLE]:
            raise SpecError(f"{', '.join(endless)}: is never all there; save what comes to a file and give that")

    def absorb(self) -> None:
        """Read all streams that end to their end, so that they can be searched like files."""
        ending = [spec for spec in self.streams if spec.kind not in ENDLESS]
        self.streams = [spec for spec in self.streams if spec.kind in ENDLESS]
        rings = self._rings(ending, 1 << 40)
        for spec, chunk in chunks(ending, self.errors, self.choices):
            if chunk is not None:
                rings[spec.name].feed(chunk)
        for ring in rings.values():
            self.errors += ring.end()

    def watch(self) -> Iterator[None]:
        """From now on, keep what comes in the streams that do not end, so that it can be searched; a step for each
        piece and each silence."""
        rings = self._rings(self.streams, self.ring_bytes)
        for spec, chunk in chunks(self.streams, self.errors, self.choices):
            if chunk is not None:
                rings[spec.name].feed(chunk)
            yield

    def ask(self, trace_ids: Callable[[], Sequence[str]]) -> Iterator[None]:
        """Ask the stores of traces for those of a request, also for what becomes known meanwhile, until they have
        answered; a step for each piece and each silence."""
        rings = self._rings(self.backends, self.ring_bytes)
        for spec, chunk in answers(self.backends, self.errors, trace_ids):
            if chunk is not None:
                rings[spec.name].feed(chunk)
            yield

    def _rings(self, specs: Sequence[Spec], max_bytes: int) -> dict[str, Keeping]:
        rings = {}
        for spec in specs:
            rings[spec.name] = one = Keeping(spec.name, self.redactor, max_bytes)
            parser = Parser(spec.name, zone=self.zone)
            self.tracks.append(
                Track(spec.name, len(self.tracks), one.ring, self.redactor, parser, reference_ns=time.time_ns())
            )
        return rings

    def _flow(self) -> Iterator[Record]:
        """Records of the streams as they come; the last one of each is closed by the next, by silence or by the end."""
        flows = {spec.name: Flow(spec.name, self.redactor, self.zone) for spec in self.streams}
        for spec, chunk in chunks(self.streams, self.errors, self.choices):
            yield from flows[spec.name].idle() if chunk is None else flows[spec.name].feed(chunk)
        for flow in flows.values():
            yield from flow.end()
            self.errors += flow.notes()


def open_reading(sources: Sequence[str], settings: Settings) -> Reading:
    """Open what is named, and standard input when it is a pipe and nothing is. Raises SpecError when nothing is usable."""
    specs = [parse_spec(text) for text in sources]
    if not specs:
        if os.isatty(0):
            raise SpecError("no source: name files, folders or a ws:// address, or pipe logs in")
        specs = [parse_spec("-")]
    zone, redactor = settings.zone(), redactor_of(settings)
    specs = with_unique_names(specs)
    readers, errors = open_all([spec for spec in specs if spec.kind in (*FILES, "pipe")])
    tracks: list[Track] = []
    for name, reader in readers:
        blocks = FileBlocks()
        blocks.open_segment(reader, reader.size())
        parser = Parser(name, zone=zone, service=service_of(name))
        tracks.append(
            Track(name, len(tracks), blocks, redactor, parser, reference_ns=reader.mtime_ns or time.time_ns())
        )
        if reader.note:
            errors.append(f"{name}: {reader.note}")
    backends = [spec for spec in specs if spec.kind in ASKED.values()]
    streams = [spec for spec in specs if spec.kind not in (*FILES, "pipe", *ASKED.values())]
    choices = Choices(settings.ws_framing, settings.allow_origins)
    return Reading(tracks, streams, backends, errors, zone, redactor, choices, settings.ring_mib << 20)


def condition_of(expression: str, since: str | None, until: str | None, reading: Reading) -> Condition:
    """The condition of an expression within a stretch of time. Raises QueryError.

    The expression is redacted like the lines, so that a known address or token finds its mark.
    """
    query = parse(reading.redactor.text(expression), now_ns=time.time_ns(), zone=reading.zone)
    sieve = prefilter(query, inherited={one for track in reading.tracks if (one := service_of(track.name))})
    matches, within = compile_query(query).matches, span_of(since, until, reading.zone)
    if not since and not until:
        return Condition(matches, sieve)
    return Condition(lambda record: within(record) and matches(record), sieve)


def span_of(since: str | None, until: str | None, zone: tzinfo) -> Callable[[Record], bool]:
    """Whether a record lies within a stretch of time; one without a time does not, unless there is no limit."""
    terms = [f'{name}:"{text}"' for name, text in (("since", since), ("until", until)) if text]
    return compile_query(parse(" ".join(terms), now_ns=time.time_ns(), zone=zone)).matches
