"""One run: opens the sources, drains them in daemon threads, counts what comes and answers the views.

The lines that come are counted here and read by whoever shows them (`live`), when they are shown; `navigator` brings
what lies elsewhere. Nothing here waits for a view, and a view that stalls costs nothing.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from tui.parsing.parser import Parser
from tui.pipeline.pages import Pages
from tui.pipeline.reveal import under_marks
from tui.pipeline.track import Page, Track
from tui.record import Record
from tui.redaction.redactor import Redactor
from tui.sampling import Sampler, parse_mode
from tui.session.budget import Step, parse_budget
from tui.session.intake import Intake
from tui.session.masking import redactor_of
from tui.session.navigator import Navigator
from tui.session.pivot import Pivot
from tui.session.segments import Segments
from tui.session.source import Source
from tui.settings import Settings
from tui.sources.events import Changed, FileEvent, Found, Grown, Lost, Opened
from tui.sources.file import FileWatch
from tui.sources.spec import ASKED, FILES, Spec, State, Status, service_of, with_unique_names
from tui.sources.streams import Asked, Choices, Ends, Stream, open_backend, open_stream
from tui.store.blocks import FileBlocks, RingBlocks

COUNT_EVERY_S: Final = 0.1
FIRST_TRACKS: Final = 8
LEAST_RING_BYTES: Final = 1 << 20


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
        self.growth = 0
        """Changes whenever a source has more than before."""
        self.sampler = Sampler(parse_mode(settings.sample))
        self.budget = parse_budget(settings.budget)
        self.step = Step()
        """What is given up for the budget's sake."""
        self.navigator = Navigator()
        self.on_news: Callable[[], None] = lambda: None
        """Called from any thread when something was found that somebody waits for."""
        self._specs = with_unique_names(specs)
        self._data_fd = data_fd
        self._files: dict[str, FileBlocks] = {}
        self._pages: Pages[Page] = Pages()
        self._segments: dict[str, Segments] = {}
        self._pivots: list[Pivot] = []
        self._lines = 0
        self._grown: set[str] = set()
        """Sources that have lines which are not counted."""
        self._lock = threading.Lock()
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._running: list[FileWatch | Stream] = []
        self._backends: list[Asked] = []

    # -- life ------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Open every source; returns at once."""
        paths = [spec for spec in self._specs if spec.kind in FILES]
        taken = [spec.name for spec in self._specs if spec not in paths]
        if paths:
            self._running.append(
                FileWatch(paths, follow=self.settings.follow, deliver=self._on_file, taken_names=taken)
            )
        for spec in self._specs:
            if spec.kind not in FILES:
                self._open_stream(spec)
        for one in self._running:
            one.start()
        threading.Thread(target=self._count_lines, name="lines", daemon=True).start()

    def stop(self) -> None:
        """Let go of the sources; threads that hang are daemons and die with the process."""
        self._stopping.set()
        self._news.set()
        for pivot in self._pivots:
            pivot.close()
        for one in self._running:
            one.stop()
        for blocks in self._files.values():
            blocks.close()

    def pivot(self, pivot: Pivot) -> Pivot:
        """From any thread: gather a request and go on watching for its records until the pivot is closed."""
        with self._lock:
            self._pivots = [*(one for one in self._pivots if one.open), pivot]
        pivot.start(self.tracks_now, self.on_news, self._ask)
        return pivot

    def _ask(self, trace_ids: Sequence[str]) -> None:
        """From the thread of a pivot: have the stores of traces asked; what they tell comes in as lines."""
        for backend in self._backends:
            backend.ask(trace_ids)

    def keep_to(self, step: Step) -> None:
        """Give up from now on what a step says."""
        self.step = step
        for source in list(self.sources.values()):
            if source.intake is not None:
                source.intake.share = step.streams

    def give_back(self, excess_bytes: int) -> int:
        """Hold so much less of the streams, their oldest lines first; what they may hold from now on, in bytes."""
        rings = [source.intake.ring for source in list(self.sources.values()) if source.intake is not None]
        held = sum(ring.held_bytes for ring in rings) or 1
        for ring in rings:
            ring.shrink(max(LEAST_RING_BYTES, ring.held_bytes - excess_bytes * ring.held_bytes // held))
        return sum(ring.max_bytes for ring in rings)

    def correct_clocks(self, shifts_ns: Mapping[str, int]) -> None:
        """From now on, add so much to the times that sources tell; 0 takes them as they are."""
        for track in self.tracks_now():
            if track.name in shifts_ns:
                track.shift_ns = shifts_ns[track.name]

    def clocks(self) -> dict[str, int]:
        """The sources whose clocks are corrected, and by how much."""
        return {track.name: track.shift_ns for track in self.tracks_now() if track.shift_ns}

    # -- what the views ask ----------------------------------------------------------------------------------------

    def tracks_now(self) -> list[Track]:
        with self._lock:
            return list(self.tracks)

    def lent_services(self) -> frozenset[str]:
        """Services that records get from the name of their source, when they name none themselves."""
        return frozenset(service_of(track.name) for track in self.tracks_now())

    def pinned(self, record: Record) -> bool:
        """Whether a record belongs to a request that somebody looks at."""
        return any(pivot.open and pivot.pins(record) for pivot in self._pivots)

    def under_marks(self, record: Record) -> dict[str, str]:
        """What the marks of a record stand for; empty when the settings forbid it or it was never kept."""
        track = next((track for track in self.tracks_now() if track.name == record.source), None)
        if track is None or not self.settings.reveal:
            return {}
        return under_marks(record, track.blocks, self.redactor)

    def redacted(self) -> Counter[str]:
        """How often each redaction rule applied to what has been read so far."""
        total: Counter[str] = Counter()
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

    @property
    def lines(self) -> int:
        """Lines that have come since the start."""
        return self._lines

    def settled(self) -> bool:
        """Whether all that has arrived has been counted and nothing is being read; for tests."""
        streams = [one.intake for one in list(self.sources.values()) if one.intake is not None]
        return not self._grown and not self.navigator.busy and all(one.idle for one in streams)

    # -- sources ---------------------------------------------------------------------------------------------------

    def _open_stream(self, spec: Spec) -> None:
        intake = self._add_stream(spec.name)
        ends = Ends(intake.deliver, lambda status: self._changed(spec.name, status), lambda: intake.full)
        if spec.kind in ASKED.values():
            backend = open_backend(spec, ends)
            self._backends.append(backend)
            self._running.append(backend)
            return
        choices = Choices(self.settings.ws_framing, self.settings.allow_origins)
        self._running.append(open_stream(spec, ends, choices, data_fd=self._data_fd))

    def _add_stream(self, name: str) -> Intake:
        ring = RingBlocks(self.settings.ring_mib << 20)
        intake = Intake(ring, self.redactor, kept=lambda: self._has_grown(name))
        intake.share = self.step.streams
        source = Source(name, Status(State.CONNECTING), intake=intake)
        source.track = self._add_track(name, ring, None, self.clock_ns())
        self.sources[name] = source
        return intake

    def _add_track(self, name: str, blocks: FileBlocks | RingBlocks, service: str | None, reference_ns: int) -> Track:
        parser = Parser(name, zone=self.zone, service=service)
        with self._lock:
            track = Track(
                name, len(self.tracks), blocks, self.redactor, parser, reference_ns=reference_ns, pages=self._pages
            )
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
                self._has_grown(name)
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
            self._has_grown(name)
            return
        blocks = self._segments[name].blocks
        self._files[name] = blocks
        source.counted_to = blocks.end
        source.track = self._add_track(name, blocks, service_of(name), opened.reader.mtime_ns)
        if len(self.tracks) <= FIRST_TRACKS:
            self.on_news()  # the first lines at once; those of a crowd are seen when the views look again

    def _changed(self, name: str, status: Status) -> None:
        source = self.sources.setdefault(name, Source(name, status))
        if status.state is State.GAP and source.intake is not None:
            # a file's gaps are told one by one, as what was lost
            source.gaps += 1
        source.status = status
        self.on_news()
        if status.state in (State.ENDED, State.FAILED) and source.intake is not None:
            source.intake.end()

    # -- what comes ------------------------------------------------------------------------------------------------

    def _has_grown(self, name: str) -> None:
        """From the thread of a source."""
        with self._lock:
            self.growth += 1
            self._grown.add(name)
        self._news.set()
        self.on_news()

    def _count_lines(self) -> None:
        """Sleeps while nothing comes, and for a moment after each count so that many small pieces are one."""
        while not self._stopping.is_set():
            self._news.wait()
            self._news.clear()
            with self._lock:
                names = tuple(self._grown)
            for name in names:
                source = self.sources[name]
                if self._stopping.is_set() or source.track is None:
                    continue
                self._lines += source.count(source.track.blocks, self.clock_ns())
                with self._lock:
                    if source.counted_to >= source.track.blocks.end:
                        self._grown.discard(name)
            self._stopping.wait(COUNT_EVERY_S)
