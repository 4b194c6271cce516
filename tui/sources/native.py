"""The operating system's word that something changed in a folder: only ever a reason to look earlier than planned.

Where it cannot be had (network mounts, exhausted limits) nothing is lost, because everything is polled anyway. A folder
in which somebody writes all the time gives a stream of news that costs more than it helps: then we stop listening for a
while.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final

STEP_MS: Final = 100
BUSY_NEWS: Final = 24
BUSY_WITHIN_S: Final = 6.0
PAUSE_S: Final = 30.0
MOST_FOLDERS: Final = 512


class Listener:
    """Calls `changed` with the paths that changed, from a daemon thread of its own."""

    def __init__(
        self, changed: Callable[[set[str]], None], clock_s: Callable[[], float], start_after_s: float = 0.5
    ) -> None:
        self._changed = changed
        self._clock_s = clock_s
        self._start_after_s = start_after_s
        self._folders: frozenset[str] = frozenset()
        self._ended = threading.Event()
        self._again = threading.Event()
        """Set to leave the present listening: other folders, or the end."""
        self._thread: threading.Thread | None = None

    def listen(self, folders: Iterable[str]) -> None:
        """Listen to these folders, without what is below them, instead of the ones before."""
        wanted = frozenset(sorted(os.path.abspath(folder) for folder in folders)[:MOST_FOLDERS])
        if wanted == self._folders:
            return
        self._folders = wanted
        self._again.set()
        if self._thread is None and wanted:
            self._thread = threading.Thread(target=self._run, name="file news", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._again.set()

    def _run(self) -> None:
        # opening the files and the first screen come before this
        self._ended.wait(self._start_after_s)
        while not self._ended.is_set():
            self._again.clear()
            folders = [folder for folder in self._folders if os.path.isdir(folder)]
            if self._ended.is_set():
                return
            try:
                busy = bool(folders) and self._listen(folders)
            except Exception:  # whatever it is, polling goes on without it
                self._ended.wait(PAUSE_S)
                continue
            if busy or not folders:
                self._ended.wait(PAUSE_S if busy else 1.0)

    def _listen(self, folders: list[str]) -> bool:
        """Pass news on until told otherwise; returns whether there was too much of it."""
        from watchfiles import watch

        recent: deque[float] = deque(maxlen=BUSY_NEWS)
        for changes in watch(
            *folders,
            watch_filter=None,
            debounce=2 * STEP_MS,
            step=STEP_MS,
            stop_event=self._again,
            rust_timeout=0,
            raise_interrupt=False,
            recursive=False,
            ignore_permission_denied=True,
        ):
            self._changed({path for _, path in changes})
            recent.append(self._clock_s())
            if len(recent) == BUSY_NEWS and recent[-1] - recent[0] < BUSY_WITHIN_S:
                return True
        return False
