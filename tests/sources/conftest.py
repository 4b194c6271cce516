"""Helpers that play the part of the session: they take what a source delivers and read it at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.sources.receiving import Receive, Receiving
from tests.sources.waiting import wait_until
from tui.sources.events import Changed, FileEvent, Found, Grown, Identity, Lost, Opened
from tui.sources.file import FileWatch
from tui.sources.reader import Reader
from tui.sources.spec import State, parse_spec


class Transcript:
    """The events of files, and the bytes of each segment, read at the moment they were announced."""

    def __init__(self) -> None:
        self.events: list[FileEvent] = []
        self.readers: dict[Identity, Reader] = {}
        self.segments: dict[str, list[Identity]] = {}
        self._bytes: dict[Identity, bytearray] = {}
        self._start: dict[Identity, int] = {}

    def take(self, event: FileEvent) -> None:
        if isinstance(event, Opened):
            self.readers[event.identity] = event.reader
            self.segments.setdefault(event.name, []).append(event.identity)
            self._bytes[event.identity] = bytearray()
            self._start[event.identity] = event.start
            self._read(event.identity, event.size)
        elif isinstance(event, Grown):
            self._read(event.segment, event.size)
        self.events.append(event)

    def _read(self, identity: Identity, size: int) -> None:
        have = self._start[identity] + len(self._bytes[identity])
        self._bytes[identity] += self.readers[identity].pread(have, size - have)

    def content(self, name: str) -> bytes:
        """All bytes of the source, segment after segment, as they were read when announced."""
        return b"".join(bytes(self._bytes[identity]) for identity in self.segments.get(name, []))

    def again(self, name: str) -> bytes:
        """The same, read again now."""
        return b"".join(
            self.readers[identity].pread(self._start[identity], 1 << 30) for identity in self.segments.get(name, [])
        )

    def names(self) -> list[str]:
        return [event.name for event in self.events if isinstance(event, Found)]

    def reasons(self, name: str) -> list[str]:
        return [event.reason for event in self.events if isinstance(event, Opened) and event.name == name]

    def lost(self, name: str) -> list[Lost]:
        return [event for event in self.events if isinstance(event, Lost) and event.name == name]

    def states(self, name: str) -> list[State]:
        return [event.status.state for event in self.events if isinstance(event, Changed) and event.name == name]

    def detail(self, name: str) -> str:
        """What the source said last about itself."""
        said = [event.status.detail for event in self.events if isinstance(event, Changed) and event.name == name]
        return said[-1] if said else ""


class Watching(Transcript):
    """A running FileWatch over sources as a user types them."""

    def __init__(self, texts: list[str], **options: Any) -> None:
        super().__init__()
        self.watch = FileWatch([parse_spec(text) for text in texts], deliver=self.take, **options)
        self.watch.start()

    def until(self, condition: Callable[[], Any]) -> None:
        wait_until(condition, lambda: self.events)


Watch = Callable[..., Watching]


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Start watches that end with the test."""
    running: list[Watching] = []

    def start(*texts: str, **options: Any) -> Watching:
        running.append(Watching(list(texts), **{"poll_s": 0.02, "settle_s": 0.2, **options}))
        return running[-1]

    yield start
    for watching in running:
        watching.watch.stop()
        for reader in watching.readers.values():
            reader.close()


@pytest.fixture
def transcript() -> Transcript:
    return Transcript()


Wait = Callable[..., None]


@pytest.fixture
def until() -> Wait:
    return wait_until


@pytest.fixture
def receive(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receive]:
    """Start sources that others send to; they end with the test."""
    # otherwise a second apart
    monkeypatch.setattr("tui.sources.inlet.SAY_EVERY_S", 0.02)
    running: list[Receiving] = []

    def start(text: str = "otlp:0", **choices: Any) -> Receiving:
        running.append(Receiving(text, **choices))
        return running[-1]

    yield start
    for one in running:
        one.stream.stop()
