"""One run: opens the sources, drains them in daemon threads, watches their tails and answers the views.

The views ask `drain()` for what is new and `navigator` for what lies elsewhere; nothing here waits for a view, and a
view that stalls costs no more than a bounded queue.
"""

from __future__ import annotations

import os
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from tui.parsing.parser import Parser
from tui.pipeline.tail import News, Tail
from tui.pipeline.track import Track
from tui.query.results import Notice
from tui.record import Severity
from tui.redaction.redactor import Redactor
from tui.sampling import Sampler, parse_mode
from tui.session.intake import Intake
from tui.session.masking import redactor_of
from tui.session.navigator import Navigator
from tui.session.pivot import Pivot
from tui.session.segments import Segments
from tui.session.source import Source
from tui.settings import Settings
from tui.sources.events import Changed, FileEvent, Found, Grown, Lost, Opened
from tui.sources.file import FileWatch
from tui.sources.pipe import PipeSource
from tui.sources.spec import Spec, State, Status, service_of
from tui.sources.websocket import WebsocketSource, credentials
from tui.store.blocks import FileBlocks, RingBlocks
from tui.store.order import Entry

TAIL_EVERY_S: Final = 0.1
LAST_BYTES: Final = 8 << 10
MAX_UNDRAINED_ROWS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Arrived:
    """What the tails brought since the last drain, in time order per source."""

    entries: list[Entry]
    sampled: int
    skipped: int
    ratio: float
    now_ns: int


@dataclass
class Counters:
    """What was done to lines as they arrived; counted before sampling."""

    redacted_live: Counter[str] = field(default_factory=Counter)
    skipped: int = 0


class Session:
    """The sources of one run and everything that reads them."""

    def __init__(
        self,
        specs: Sequence[Spec],
        settings: Settings,
        *,
        data_fd: int | None = None,
        redactor: Redactor | None = None,
        clock_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self.settings = settings
        self.zone = settings.zone()
        self.clock_ns = clock_ns
        self.redactor = redactor or redactor_of(settings)
        self.sources: dict[str, Source] = {}
        self.tracks: list[Track] = []
        self.counters = Counters()
        self.sampler = Sampler(parse_mode(settings.sample))
        self.navigator = Navigator()
        self.on_news: Callable[[], None] = lambda: None
        """Called from any thread when something was found that somebody waits for."""
        self._specs = with_unique_names(specs)
        self._data_fd = data_fd
        self._files: dict[str, FileBlocks] = {}
        self._segments: dict[str, Segments] = {}
        self._tails: dict[str, Tail] = {}
        self._pivots: list[Pivot] = []
        self._outbox: deque[tuple[News, list[Entry], int]] = deque()
        self._undrained = 0
        self._kept_open: dict[int, set[int]] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._running: list[FileWatch | PipeSource | WebsocketSource] = []

    # -- life ------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Open every source; returns at once."""
        paths = [spec for spec in self._specs if spec.kind in ("file", "glob", "folder")]
        taken = [spec.name for spec in self._specs if spec not in paths]
        if paths:
            self._running.append(
                FileWatch(paths, follow=self.settings.follow, deliver=self._on_file, taken_names=taken)
            )
        for spec in self._specs:
            if spec.kind in ("stdin", "pipe"):
                self._open_pipe(spec)
            elif spec.kind == "websocket":
                self._open_websocket(spec)
        for one in self._running:
            one.start()
        threading.Thread(target=self._watch_tails, name="tails", daemon=True).start()

    def stop(self) -> None:
        """Let go of the sources; threads that hang are daemons and die with the process."""
        self._stopping.set()
        for pivot in self._pivots:
            pivot.close()
        for one in self._running:
            one.stop()
        for blocks in self._files.values():
            blocks.close()

    def pivot(self, pivot: Pivot) -> Pivot:
        """Gather a request and go on watching for its records until the pivot is closed."""
        self._pivots = [*(one for one in self._pivots if one.open), pivot]
        pivot.start(self.tracks_now, self.on_news)
        return pivot

    # -- what the views ask ----------------------------------------------------------------------------------------

    def tracks_now(self) -> list[Track]:
        with self._lock:
            return list(self.tracks)

    def lent_services(self) -> frozenset[str]:
        """Services that records get from the name of their source, when they name none themselves."""
        return frozenset(service_of(track.name) for track in self.tracks_now())

    def drain(self) -> Arrived:
        """What is new since the last call."""
        entries: list[Entry] = []
        sampled = skipped = 0
        with self._lock:
            while self._outbox:
                news, kept, withheld = self._outbox.popleft()
                entries += kept
                sampled += withheld
                skipped += news.skipped_lines
            self._undrained = 0
        return Arrived(entries, sampled, skipped, self.sampler.ratio, self.clock_ns())

    def redacted(self) -> Counter[str]:
        """How often each redaction rule applied to what has been read so far."""
        total = Counter(self.counters.redacted_live)
        for source in list(self.sources.values()):
            if source.intake is not None:
                total.update(source.intake.redacted)
            elif source.track is not None:
                total.update(source.track.redacted)
        return total

    def dropped(self) -> int:
        """Lines that are gone: given up at a full intake or evicted from a ring."""
        total = 0
        for source in list(self.sources.values()):
            if source.intake is not None:
                total += source.intake.dropped_lines + source.intake.ring.evicted_lines
        return total

    def settled(self) -> bool:
        """Whether all that has arrived has been handed on; for tests and for plain commands."""
        with self._lock:
            tails = list(self._tails.values())
        streams = [one.intake for one in list(self.sources.values()) if one.intake is not None]
        return (
            not self._outbox
            and not self.navigator.busy
            and all(one.idle for one in streams)
            and all(tail.seen >= tail.track.blocks.end for tail in tails)
        )

    # -- sources ---------------------------------------------------------------------------------------------------

    def _open_pipe(self, spec: Spec) -> None:
        fd: int | str = spec.target
        if spec.kind == "stdin":
            fd = self._data_fd if self._data_fd is not None else 0
        intake = self._add_stream(spec.name)
        self._running.append(
            PipeSource(
                fd, name=spec.name, deliver=intake.deliver, changed=lambda status: self._changed(spec.name, status)
            )
        )

    def _open_websocket(self, spec: Spec) -> None:
        intake = self._add_stream(spec.name)
        self._running.append(
            WebsocketSource(
                spec.target,
                headers=credentials(os.environ),
                framing="lines" if self.settings.ws_framing == "lines" else "message",
                name=spec.name,
                deliver=intake.deliver,
                changed=lambda status: self._changed(spec.name, status),
            )
        )

    def _add_stream(self, name: str) -> Intake:
        ring = RingBlocks(self.settings.ring_mib << 20)
        intake = Intake(ring, self.redactor)
        source = Source(name, Status(State.CONNECTING), intake=intake)
        source.track = self._add_track(name, ring, None, self.clock_ns())
        self.sources[name] = source
        self._tails[name] = Tail(source.track, 0)
        return intake

    def _add_track(self, name: str, blocks: FileBlocks | RingBlocks, service: str | None, reference_ns: int) -> Track:
        parser = Parser(name, zone=self.zone, service=service)
        with self._lock:
            track = Track(name, len(self.tracks), blocks, self.redactor, parser, reference_ns=reference_ns)
            self.tracks.append(track)
        return track

    def _on_file(self, event: FileEvent) -> None:
        """From the file watch's thread."""
        match event:
            case Found(name=name):
                self.sources.setdefault(name, Source(name, Status(State.CONNECTING)))
                self.on_news()
            case Opened(name=name):
                self._segments.setdefault(name, Segments(FileBlocks(), self.clock_ns)).opened(event)
                self._followed(name, event)
            case Grown(name=name):
                self._segments[name].grown(event)
            case Lost(name=name):
                if name in self.sources:
                    self.sources[name].gaps += 1
            case Changed(name=name, status=status):
                self._changed(name, status)

    def _followed(self, name: str, opened: Opened) -> None:
        """At the first opening of a file: what is in it is history, what comes is its tail."""
        source = self.sources.setdefault(name, Source(name, Status(State.LIVE)))
        if source.track is not None:
            source.track.forget()
            return
        blocks = self._segments[name].blocks
        self._files[name] = blocks
        track = self._add_track(name, blocks, service_of(name), opened.reader.mtime_ns)
        tail = Tail(track, blocks.end)
        track.live_from = blocks.end
        if blocks.end > blocks.first:
            # lines to come may continue the last record that is there already
            tail.offset = track.fresh(max(blocks.first, blocks.end - LAST_BYTES), blocks.end).last_open
        with self._lock:
            self._tails[name] = tail
        source.track = track
        self.on_news()

    def _changed(self, name: str, status: Status) -> None:
        source = self.sources.setdefault(name, Source(name, status))
        if status.state is State.GAP and source.intake is not None:
            # a file's gaps are told one by one, as what was lost
            source.gaps += 1
        source.status = status
        self.on_news()
        if status.state in (State.ENDED, State.FAILED) and source.intake is not None:
            source.intake.end()

    # -- tails -----------------------------------------------------------------------------------------------------

    def _watch_tails(self) -> None:
        while not self._stopping.wait(TAIL_EVERY_S):
            with self._lock:
                tails = list(self._tails.items())
            for name, tail in tails:
                try:
                    self._look(name, tail)
                except Exception as error:  # one source that cannot be read must not silence the others
                    self._changed(name, Status(State.FAILED, f"reading failed: {type(error).__name__}"))

    def _look(self, name: str, tail: Tail) -> None:
        now_ns = self.clock_ns()
        news = tail.take(now_ns)
        if news is None:
            return
        self.sources[name].count(news.lines, now_ns)
        self.counters.redacted_live.update(news.redacted)
        self.counters.skipped += news.skipped_lines
        kept, withheld = self._sample(news, tail, now_ns)
        with self._lock:
            self._outbox.append((news, kept, withheld))
            self._undrained += len(kept)
            while self._undrained > MAX_UNDRAINED_ROWS and len(self._outbox) > 1:
                old, rows, _ = self._outbox.popleft()
                self._undrained -= len(rows)
                following, kept_rows, withheld_rows = self._outbox.popleft()
                skipped = following.skipped_lines + old.skipped_lines + len(rows)
                self._outbox.appendleft((replace(following, skipped_lines=skipped), kept_rows, withheld_rows))
        self.on_news()

    def _sample(self, news: News, tail: Tail, now_ns: int) -> tuple[list[Entry], int]:
        """What to show of the news; a record that is told again because it may have grown keeps its first answer."""
        kept, withheld = [], 0
        pinned = [pivot for pivot in self._pivots if pivot.open]
        known = self._kept_open.get(tail.track.number)
        for entry in news.entries:
            record = entry.record
            if record is None:
                continue
            again = record.offset < news.first_new
            if again and known is not None and record.offset not in known and record.severity < Severity.WARN:
                continue
            if again or self.sampler.keep(record, now_ns) or any(pivot.pins(record) for pivot in pinned):
                kept.append(entry)
            else:
                withheld += 1
        self._kept_open[tail.track.number] = {entry.offset for entry in kept if entry.offset >= tail.offset}
        return kept, withheld


def skipped_notice(arrived: Arrived) -> list[Notice]:
    """The rows that say what of the live tail is not shown."""
    notices = []
    if arrived.sampled:
        notices.append(Notice(arrived.now_ns, arrived.sampled, "sampled", arrived.ratio))
    if arrived.skipped:
        notices.append(Notice(arrived.now_ns, arrived.skipped, "skipped"))
    return notices


def with_unique_names(specs: Sequence[Spec]) -> list[Spec]:
    """Streams by names of their own: two addresses may differ only in what is not shown."""
    taken: Counter[str] = Counter()
    named = []
    for spec in specs:
        taken[spec.name] += 1
        number = taken[spec.name]
        again = spec.kind in ("stdin", "pipe", "websocket") and number > 1
        named.append(replace(spec, name=f"{spec.name} ({number})") if again else spec)
    return named
