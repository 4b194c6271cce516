"""Sources for the plain commands: everything there is, once, as records; a pipe as it flows.

Owns opening, what is said about what cannot be opened, and the order in which records come. What is done with them is
the commands'.
"""

from __future__ import annotations

import os
import queue
import select
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import tzinfo
from typing import Final

from tui.framing import Grouper, LineSplitter
from tui.parsing.parser import Parser
from tui.parsing.unfolding import Unfolder
from tui.pipeline.track import Track
from tui.query.predicate import compile_query
from tui.query.results import EVERYTHING, Condition
from tui.query.scan import prefilter
from tui.query.syntax import parse
from tui.record import Chunk, Line, LineGroup, Record
from tui.redaction.redactor import Redactor, Stream
from tui.session.masking import redactor_of
from tui.settings import Settings
from tui.sources.once import open_all
from tui.sources.spec import Spec, SpecError, State, Status, parse_spec, service_of
from tui.store.blocks import FileBlocks, RingBlocks
from tui.store.lines import LineNumbers
from tui.store.order import forward
from tui.values import field, mutable, replace

IDLE_S: Final = 0.3
READ_BYTES: Final = 1 << 18
SAMPLE_LINES: Final = 400


@mutable
class Reading:
    """The sources of one plain command."""

    tracks: list[Track]
    streams: list[Spec]
    """Pipes and websockets that are read as they flow."""
    errors: list[str]
    zone: tzinfo
    redactor: Redactor
    _numbers: dict[int, LineNumbers] = field(default_factory=dict)

    def records(self, condition: Condition = EVERYTHING, *, numbered: bool = True) -> Iterator[Record]:
        """Matching records: those of files in time order, then those of streams as they come.

        Without numbers nothing need be read but what may match.
        """
        for entry in forward(self.tracks, None, condition.sieve, condition.accepts):
            if entry.record is not None and condition.holds(entry.record):
                yield self.numbered(entry.record, entry.track) if numbered else entry.record
        for spec in self.streams:
            for record in self._flow(spec):
                if condition.holds(record):
                    yield record

    def numbered(self, record: Record, track: int) -> Record:
        """The record with its line number."""
        numbers = self._numbers.setdefault(track, LineNumbers(self.tracks[track].blocks))
        return replace(record, line=numbers.at(record.offset))

    def absorb(self) -> None:
        """Read all streams to their end, so that they can be searched like files."""
        for spec in self.streams:
            ring = RingBlocks(max_bytes=1 << 40)
            splitter, stream, unfolder = LineSplitter(), Stream(), Unfolder()
            for chunk in self._chunks(spec):
                if chunk is not None:
                    self._keep(ring, splitter.feed(unfolder.feed(chunk.data)), stream, chunk.arrival_ns)
            self._keep(ring, splitter.feed(unfolder.flush()), stream, time.time_ns())
            self._note(spec, unfolder)
            if (line := splitter.flush()) is not None:
                self._keep(ring, [line], stream, time.time_ns())
            parser = Parser(spec.name, zone=self.zone)
            track = Track(spec.name, len(self.tracks), ring, self.redactor, parser, reference_ns=time.time_ns())
            self.tracks.append(track)
        self.streams = []

    def _note(self, spec: Spec, unfolder: Unfolder) -> None:
        if unfolder.note:
            self.errors.append(f"{spec.name}: {unfolder.note}")

    def _keep(self, ring: RingBlocks, lines: list[Line], stream: Stream, arrival_ns: int) -> None:
        if lines:
            ring.append(self.redactor.block(b"\n".join(line.data for line in lines), stream)[0] + b"\n", arrival_ns)

    # -- streams ---------------------------------------------------------------------------------------------------

    def _flow(self, spec: Spec) -> Iterator[Record]:
        """Records of a stream as they come; the last one is closed by the next, by silence or by the end."""
        flow = _Flow(spec.name, self.redactor, self.zone)
        for chunk in self._chunks(spec):
            if chunk is None:
                yield from flow.idle()
            else:
                yield from flow.feed(chunk)
        yield from flow.end()
        self._note(spec, flow.unfolder)

    def _chunks(self, spec: Spec) -> Iterator[Chunk | None]:
        """Chunks as they come; None after a silence."""
        return _read_websocket(spec, self.errors) if spec.kind == "websocket" else _read_descriptor(0)


class _Flow:
    """Bytes of one stream to records, a chunk at a time."""

    def __init__(self, name: str, redactor: Redactor, zone: tzinfo) -> None:
        self._name = name
        self._redactor = redactor
        self._splitter = LineSplitter()
        self.unfolder = Unfolder()
        self._stream = Stream()
        self._parser = Parser(name, zone=zone)
        self._grouper = Grouper(self._parser.starts, self._parser.origin)
        self._sample: list[bytes] = []
        self._learned = 0
        self._numbers: dict[int, int] = {}
        self._number = 0
        self._arrival_ns = 0

    def feed(self, chunk: Chunk) -> Iterator[Record]:
        self._arrival_ns = chunk.arrival_ns
        yield from self._lines(self._splitter.feed(self.unfolder.feed(chunk.data)))

    def idle(self) -> Iterator[Record]:
        yield from self._lines(self._splitter.feed(self.unfolder.settle()))
        yield from self._records(self._grouper.flush())

    def end(self) -> Iterator[Record]:
        yield from self._lines(self._splitter.feed(self.unfolder.flush()))
        if (line := self._splitter.flush()) is not None:
            yield from self._lines([line])
        yield from self.idle()

    def _lines(self, lines: list[Line]) -> Iterator[Record]:
        if not lines:
            return iter(())
        texts = self._redactor.block(b"\n".join(line.data for line in lines), self._stream)[0].split(b"\n")
        self._learn(texts)
        shown = [replace(line, data=text) for line, text in zip(lines, texts, strict=True)]
        for line in shown:
            self._number += 1
            self._numbers[line.offset] = self._number
        return self._records(self._grouper.feed(shown))

    def _learn(self, texts: list[bytes]) -> None:
        """Show the parser what has come so far, while the stream is young."""
        if len(self._sample) < SAMPLE_LINES:
            self._sample += texts[: SAMPLE_LINES - len(self._sample)]
            if len(self._sample) >= 2 * self._learned:
                self._learned = len(self._sample)
                self._parser.learn(self._sample, reference_ns=self._arrival_ns)

    def _records(self, groups: list[tuple[Line, ...]]) -> Iterator[Record]:
        for lines in groups:
            first = lines[0].offset
            number = self._numbers.get(first)
            for line in lines:
                self._numbers.pop(line.offset, None)
            group = LineGroup(self._name, first, tuple(line.data for line in lines), number, self._arrival_ns)
            for record in self._parser.records(group):
                if record.time_ns is None:
                    record = replace(record, time_ns=self._arrival_ns, time_source="arrival")
                yield replace(record, line=number)


def open_reading(sources: Sequence[str], settings: Settings) -> Reading:
    """Open what is named, and standard input when it is a pipe and nothing is. Raises SpecError when nothing is usable."""
    specs = [parse_spec(text) for text in sources]
    if not specs:
        if os.isatty(0):
            raise SpecError("no source: name files, folders or a ws:// address, or pipe logs in")
        specs = [parse_spec("-")]
    zone, redactor = settings.zone(), redactor_of(settings)
    readers, errors = open_all([spec for spec in specs if spec.kind not in ("stdin", "websocket")])
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
    return Reading(tracks, [spec for spec in specs if spec.kind in ("stdin", "websocket")], errors, zone, redactor)


def report(errors: Sequence[str]) -> None:
    """Say on stderr what could not be read, a line each."""
    for error in errors:
        print(f"tracetail: {' '.join(error.split())}", file=sys.stderr)


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


def _read_descriptor(fd: int) -> Iterator[Chunk | None]:
    while True:
        readable, _, _ = select.select([fd], [], [], IDLE_S)
        if not readable:
            yield None
            continue
        data = os.read(fd, READ_BYTES)
        if not data:
            return
        yield Chunk(data, time.time_ns())


def _read_websocket(spec: Spec, errors: list[str]) -> Iterator[Chunk | None]:
    from tui.sources.websocket import WebsocketSource, credentials  # costs what only some runs need

    waiting: queue.Queue[Chunk | Status] = queue.Queue(maxsize=64)
    source = WebsocketSource(
        spec.target, headers=credentials(os.environ), name=spec.name, deliver=waiting.put, changed=waiting.put
    )
    source.start()
    try:
        while True:
            try:
                item = waiting.get(timeout=IDLE_S)
            except queue.Empty:
                yield None
                continue
            if isinstance(item, Chunk):
                yield item
            elif item.state is State.FAILED:
                errors.append(f"{spec.name}: {item.detail}")
                return
            elif item.state is State.ENDED:
                return
            elif item.state in (State.RETRYING, State.GAP):
                report([f"{spec.name}: {item.detail}"])
    finally:
        source.stop()
