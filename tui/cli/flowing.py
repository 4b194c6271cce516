"""What flows, for the plain commands: chunks of all streams as they come, to records at once or kept to be searched."""

from __future__ import annotations

import os
import queue
import select
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import tzinfo
from functools import partial
from typing import Final

from tui.framing import Grouper, LineSplitter
from tui.parsing.parser import Parser
from tui.parsing.unfolding import Unfolder
from tui.record import Chunk, Line, LineGroup, Record
from tui.redaction.redactor import Redactor, Stream
from tui.sources.spec import ENDLESS, Spec, State, Status
from tui.sources.streams import Asked, Choices, Ends, open_backend, open_stream
from tui.store.blocks import RingBlocks
from tui.values import replace

IDLE_S: Final = 0.3
READ_BYTES: Final = 1 << 18
SAMPLE_LINES: Final = 400
MOST_WAITING: Final = 64
"""Chunks that are held before a stream waits."""
FEW_WAITING: Final = 16
"""With more than these, who sends to us is asked to wait."""


def report(errors: Sequence[str]) -> None:
    """Say on stderr what could not be read, a line each."""
    for error in errors:
        print(f"tracetail: {' '.join(error.split())}", file=sys.stderr, flush=True)


def chunks(specs: Sequence[Spec], errors: list[str], choices: Choices) -> Iterator[tuple[Spec, Chunk | None]]:
    """Chunks of all streams as they come, until the last one ends; None for each time that a stream was silent for a while."""
    if [spec.kind for spec in specs] == ["stdin"]:
        yield from ((specs[0], chunk) for chunk in _standard_input())
    elif specs:
        yield from _of_streams(specs, errors, choices)


def _standard_input() -> Iterator[Chunk | None]:
    while True:
        readable, _, _ = select.select([0], [], [], IDLE_S)
        if not readable:
            yield None
            continue
        data = os.read(0, READ_BYTES)
        if not data:
            return
        yield Chunk(data, time.time_ns())


def _of_streams(specs: Sequence[Spec], errors: list[str], choices: Choices) -> Iterator[tuple[Spec, Chunk | None]]:
    waiting: queue.Queue[tuple[Spec, Chunk | Status]] = queue.Queue(maxsize=MOST_WAITING)

    def ends(spec: Spec) -> Ends:
        def put(item: Chunk | Status) -> None:
            waiting.put((spec, item))

        return Ends(put, put, lambda: waiting.qsize() > FEW_WAITING)

    running = {spec.name: open_stream(spec, ends(spec), choices) for spec in specs}
    last_s = dict.fromkeys(running, time.monotonic())
    for stream in running.values():
        stream.start()
    try:
        while running:
            try:
                spec, item = waiting.get(timeout=IDLE_S)
            except queue.Empty:
                pass
            else:
                if isinstance(item, Chunk):
                    last_s[spec.name] = time.monotonic()
                    yield spec, item
                elif _is_over(spec, item, errors):
                    running.pop(spec.name).stop()
            for spec in specs:
                if time.monotonic() - last_s[spec.name] >= IDLE_S:
                    last_s[spec.name] = time.monotonic()
                    yield spec, None
    finally:
        for stream in running.values():
            stream.stop()


def answers(
    specs: Sequence[Spec], errors: list[str], trace_ids: Callable[[], Sequence[str]]
) -> Iterator[tuple[Spec, Chunk | None]]:
    """What stores of traces tell of these, until all have answered; None after a silence."""
    waiting: queue.Queue[tuple[Spec, Chunk | Status]] = queue.Queue()
    running: dict[str, Asked] = {}
    last: dict[str, Status] = {}
    for spec in specs:
        put = partial(_put, waiting, spec)
        running[spec.name] = open_backend(spec, Ends(put, put))
        running[spec.name].start()
    asked: Sequence[str] = ()
    try:
        while True:
            if (wanted := trace_ids()) != asked:
                asked = wanted
                for backend in running.values():
                    backend.ask(wanted)
            busy = any(backend.busy for backend in running.values())
            try:
                spec, item = waiting.get(timeout=IDLE_S if busy else 0)
            except queue.Empty:
                if not busy:
                    break
                yield specs[0], None
                continue
            if isinstance(item, Chunk):
                yield spec, item
            elif item.state in (State.FAILED, State.RETRYING, State.GAP):
                last[spec.name] = item
                if item.state is State.RETRYING:
                    report([f"{spec.name}: {item.detail}"])
            else:
                last.pop(spec.name, None)
        errors += [f"{name}: {status.detail}" for name, status in last.items()]
    finally:
        for backend in running.values():
            backend.stop()


def _put(waiting: queue.Queue[tuple[Spec, Chunk | Status]], spec: Spec, item: Chunk | Status) -> None:
    waiting.put((spec, item))


def _is_over(spec: Spec, status: Status, errors: list[str]) -> bool:
    """Whether a stream has ended with this; what the user must know of it is said."""
    if status.state is State.FAILED:
        errors.append(f"{spec.name}: {status.detail}")
    elif status.state in (State.RETRYING, State.GAP) or (
        spec.kind in ENDLESS and status.detail.startswith("listening")
    ):
        report([f"{spec.name}: {status.detail}"])
    return status.state in (State.FAILED, State.ENDED)


class Keeping:
    """Bytes of one stream to a ring of redacted lines, a chunk at a time."""

    def __init__(self, name: str, redactor: Redactor, max_bytes: int) -> None:
        self.ring = RingBlocks(max_bytes=max_bytes)
        self._name = name
        self._redactor = redactor
        self._splitter, self._stream, self._unfolder = LineSplitter(), Stream(), Unfolder()

    def feed(self, chunk: Chunk) -> None:
        self._keep(self._splitter.feed(self._unfolder.feed(chunk.data)), chunk.arrival_ns)

    def end(self) -> list[str]:
        """Nothing more will come; what was odd, in words for the user."""
        self._keep(self._splitter.feed(self._unfolder.flush()), time.time_ns())
        if (line := self._splitter.flush()) is not None:
            self._keep([line], time.time_ns())
        return [f"{self._name}: {self._unfolder.note}"] if self._unfolder.note else []

    def _keep(self, lines: list[Line], arrival_ns: int) -> None:
        if lines:
            text = self._redactor.block(b"\n".join(line.data for line in lines), self._stream)[0]
            self.ring.append(text + b"\n", arrival_ns)


class Flow:
    """Bytes of one stream to records, a chunk at a time."""

    def __init__(self, name: str, redactor: Redactor, zone: tzinfo) -> None:
        self._name = name
        self._redactor = redactor
        self._splitter = LineSplitter()
        self._unfolder = Unfolder()
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
        yield from self._lines(self._splitter.feed(self._unfolder.feed(chunk.data)))

    def idle(self) -> Iterator[Record]:
        yield from self._lines(self._splitter.feed(self._unfolder.settle()))
        yield from self._records(self._grouper.flush())

    def end(self) -> Iterator[Record]:
        yield from self._lines(self._splitter.feed(self._unfolder.flush()))
        if (line := self._splitter.flush()) is not None:
            yield from self._lines([line])
        yield from self.idle()

    def notes(self) -> list[str]:
        """What was odd, in words for the user."""
        return [f"{self._name}: {self._unfolder.note}"] if self._unfolder.note else []

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
