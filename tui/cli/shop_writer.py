"""The demo shop's own process: writes its services' logs in real time and serves the notifications over a websocket.

It makes a temporary folder, says on standard output where everything is (one line of JSON), and removes the folder
when it ends: by a signal, or when its standard input closes, which is how the death of the parent shows however the
parent died. What is written is decided in `shop_traffic`; starting and stopping this process is left to `demo`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from itertools import islice

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tui.cli.shop_lines import SERVICES, Entry
from tui.cli.shop_traffic import HISTORY_S, SECOND_NS, traffic

STREAMED = "notification"
FOLDER_PREFIX = "tracetail-demo-"
ROTATE_BYTES = 16 << 20
TICK_S = 0.05
STALE_NS = 5 * SECOND_NS
"""Entries later than this are left out: the machine slept, and nobody wants to see the night in one burst."""


class LogFile:
    """A log that is renamed to `.1` and begun anew when it is big, so that a forgotten demo fills no disk."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._fd = self._open()
        self._bytes = 0

    def _open(self) -> int:
        return os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def write(self, data: bytes) -> None:
        if self._bytes > ROTATE_BYTES:
            os.replace(self._path, f"{self._path}.1")
            self.close()
            self._fd, self._bytes = self._open(), 0
        self._bytes += os.write(self._fd, data)

    def close(self) -> None:
        os.close(self._fd)


class Stream:
    """The last notifications, for whoever connects, and every new one; a slow reader misses lines, nobody waits."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=4000)
        self._total = 0
        self._news = asyncio.Condition()
        self._ended = False

    def add(self, line: str) -> None:
        self._lines.append(line)
        self._total += 1

    async def announce(self, *, end: bool = False) -> None:
        """Wake the connections for what was added, or for good."""
        async with self._news:
            self._ended = end
            self._news.notify_all()

    async def serve(self, connection: ServerConnection) -> None:
        sent = 0
        with contextlib.suppress(ConnectionClosed):
            while True:
                async with self._news:
                    await self._news.wait_for(lambda: self._ended or self._total > sent)  # noqa: B023  # called at once
                if self._ended:
                    return
                sent = max(sent, self._total - len(self._lines))
                batch = list(islice(self._lines, len(self._lines) - (self._total - sent), None))[:100]
                sent += len(batch)
                await connection.send("\n".join(batch) + "\n")


class Writer:
    """Puts entries where their service logs."""

    def __init__(self, folder: str) -> None:
        self.paths = [os.path.join(folder, f"{name}.log") for name in SERVICES if name != STREAMED]
        self._logs = {os.path.basename(path)[:-4]: LogFile(path) for path in self.paths}
        self.stream = Stream()

    def write(self, entries: list[Entry]) -> None:
        texts: dict[str, list[str]] = {}
        for entry in entries:
            if entry.service == STREAMED:
                self.stream.add(entry.text)
            else:
                texts.setdefault(entry.service, []).append(entry.text)
        for service, lines in texts.items():
            self._logs[service].write(("\n".join(lines) + "\n").encode())

    async def follow(self, entries: Iterator[Entry], first: Entry, parent: int) -> None:
        """Write each entry when its time comes, as long as the parent lives."""
        due, coming = [], first
        while os.getppid() == parent:
            await asyncio.sleep(max(TICK_S, (coming.time_ns - time.time_ns()) / SECOND_NS))
            now_ns = time.time_ns()
            while coming.time_ns <= now_ns:
                if now_ns - coming.time_ns < STALE_NS:
                    due.append(coming)
                coming = next(entries)
            self.write(due)
            due.clear()
            await self.stream.announce()


def past(entries: Iterator[Entry], now_ns: int) -> tuple[list[Entry], Entry]:
    """The entries up to now, and the first one after."""
    done: list[Entry] = []
    for entry in entries:
        if entry.time_ns > now_ns:
            return done, entry
        done.append(entry)
    raise AssertionError("traffic never ends")


async def run(folder: str, seed: int, rate: float) -> None:
    """Write the history, tell where the shop is, go on until told to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    loop.add_reader(0, _watch_parent, stop)
    now_ns, parent = time.time_ns(), os.getppid()
    history_ns = int(HISTORY_S / max(rate, 1.0)) * SECOND_NS
    entries = traffic(seed, now_ns - history_ns, release_ns=now_ns + 2 * SECOND_NS, rate=rate)
    writer = Writer(folder)
    history, first = past(entries, now_ns)
    writer.write(history)
    # Without an origin only: no web page that happens to be open may read along.
    async with serve(writer.stream.serve, "127.0.0.1", 0, origins=[None], close_timeout=0.2) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        _say({"folder": folder, "sources": [*writer.paths, f"ws://127.0.0.1:{port}/{STREAMED}"]})
        writing = asyncio.create_task(writer.follow(entries, first, parent))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({writing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        for task in (writing, stopping):
            task.cancel()
        await writer.stream.announce(end=True)


def _watch_parent(stop: asyncio.Event) -> None:
    if not os.read(0, 1024):
        asyncio.get_running_loop().remove_reader(0)
        stop.set()


def _say(message: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Arguments: seed, rate. A failure to start is told as {"error": …} in place of the sources."""
    logging.getLogger("websockets").setLevel(logging.CRITICAL)
    folder = None
    try:
        folder = tempfile.mkdtemp(prefix=FOLDER_PREFIX)
        asyncio.run(run(folder, int(sys.argv[1]), float(sys.argv[2])))
    except OSError as error:
        with contextlib.suppress(OSError):
            _say({"error": str(error)})
    finally:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
