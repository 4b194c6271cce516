"""A source is read by several threads: none waits while another reads or parses."""

from __future__ import annotations

import threading
from datetime import UTC

from tui.parsing.parser import Parser
from tui.pipeline.track import Page, Track
from tui.redaction.redactor import Redactor
from tui.store.blocks import RingBlocks

LINES = b"".join(b'{"time":"2026-11-23T14:00:%02dZ","level":"info","msg":"line %d"}\n' % (at, at) for at in range(60))


class SlowBlocks(RingBlocks):
    """A read from one place on waits until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.armed = False
        self.began = threading.Event()
        self.go_on = threading.Event()

    def read(self, start: int, stop: int) -> bytes:
        data = super().read(start, stop)
        if self.armed and threading.current_thread().name == "slow":
            self.began.set()
            assert self.go_on.wait(10)
        return data


def a_track() -> tuple[Track, SlowBlocks]:
    blocks = SlowBlocks()
    blocks.append(LINES, 1)
    track = Track("app.log", 0, blocks, Redactor(b"k" * 32), Parser("app.log", zone=UTC), reference_ns=1)
    track.time_at(0)
    return track, blocks


def in_slow_thread(track: Track, blocks: SlowBlocks, found: list[Page]) -> threading.Thread:
    blocks.armed = True
    thread = threading.Thread(target=lambda: found.append(track.page(0, len(LINES))), name="slow")
    thread.start()
    assert blocks.began.wait(10)
    return thread


def test_what_was_just_written_is_read_while_a_page_is_being_made() -> None:
    track, blocks = a_track()
    found: list[Page] = []
    thread = in_slow_thread(track, blocks, found)
    fresh = track.fresh(0, len(LINES))
    assert len(fresh.entries) == 60
    assert track.time_at(0) is not None
    assert not found
    blocks.go_on.set()
    thread.join(10)
    assert [entry.key for entry in found[0].entries] == [entry.key for entry in fresh.entries]


def test_a_page_whose_bytes_changed_while_it_was_made_is_not_kept() -> None:
    track, blocks = a_track()
    found: list[Page] = []
    thread = in_slow_thread(track, blocks, found)
    track.forget()
    blocks.go_on.set()
    thread.join(10)
    assert track.page(0, len(LINES)) is not found[0]
    kept = track.page(0, len(LINES))
    assert track.page(0, len(LINES)) is kept
