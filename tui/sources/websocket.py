"""A websocket as a source: connected again and again, each message made into lines, every gap said.

What a failure means is decided in `refusals`, what a message holds in `frames`. The connection lives in a daemon thread
with an event loop of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import urlsplit

from tui.record import Chunk
from tui.sources.credentials import split_userinfo, with_authorization
from tui.sources.frames import lines_of
from tui.sources.refusals import Refusal, answered, closed, unreachable
from tui.sources.spec import Backoff, State, Status, shown_url

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

MOST_MESSAGE_BYTES: Final = 16 << 20
OPEN_TIMEOUT_S: Final = 10.0
PING_S: Final = 20.0
IDLE_AFTER_S: Final = 10.0
SILENT_ENDINGS: Final = 3
LEAVE_S: Final = 0.3

Framing = Literal["message", "lines"]


# what the library logs would land on the screen; what matters of it is said as a status
_SILENT: Final = logging.getLogger("tracetail.websocket")
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False


class WebsocketSource:
    """Follows one websocket in a daemon thread until it ends, fails for good or is stopped."""

    def __init__(
        self,
        url: str,
        *,
        deliver: Callable[[Chunk], None],
        changed: Callable[[Status], None],
        headers: Mapping[str, str] | None = None,
        token: str | None = None,
        subprotocols: Sequence[str] = (),
        framing: Framing = "message",
        name: str = "",
        jitter: Callable[[], float] = random.random,
        idle_after_s: float = IDLE_AFTER_S,
    ) -> None:
        """`deliver` and `changed` are called from the thread and must be quick. User and password of the url become a
        Basic header; what is shown holds neither."""
        self.name = name or shown_url(url)
        self._url, userinfo = split_userinfo(url)
        parts = urlsplit(self._url)
        self._host = parts.netloc
        self._secure = parts.scheme.lower() == "wss"
        self._headers = with_authorization(dict(headers or {}), token, userinfo)
        self._subprotocols = list(subprotocols)
        self._framing = framing
        self._deliver = deliver
        self._changed = changed
        self._backoff = Backoff(jitter)
        self._idle_after_s = idle_after_s
        self._said: tuple[State, str] | None = None
        self._was_live = False
        self._seen_ns = 0
        """Last sign of life of the connection that was lost; 0 while there is no gap."""
        self._why_lost = ""
        self._last_ns = 0
        self._messages = 0
        self._silent_endings = 0
        self._open_line = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=f"websocket {self.name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End soon, without waiting for the server."""
        self._stopping = True
        loop, task = self._loop, self._task
        if loop is not None and task is not None:
            try:
                loop.call_soon_threadsafe(task.cancel)
            except RuntimeError:
                return  # the loop has ended by itself
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(2.0)

    @property
    def alive(self) -> bool:
        """Whether the thread runs: until the stream has ended, failed for good or been stopped."""
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except Exception as error:  # a fault of ours must be seen, not take the program down
            self._say(State.FAILED, f"stopped by an internal error ({type(error).__name__})")

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        self._loop.set_exception_handler(lambda _loop, _context: None)
        try:
            while not self._stopping:
                begun_s = time.monotonic()
                refusal = await self._attempt()
                if not refusal.again:
                    self._say(State.ENDED if refusal.ended else State.FAILED, refusal.words)
                    return
                live_s = time.monotonic() - begun_s if self._was_live else 0.0
                delay_s = self._backoff.next_s(live_s)
                if refusal.after_s is not None:
                    delay_s = refusal.after_s
                self._say(State.RETRYING, f"retrying in {_short(delay_s)}: {refusal.words}")
                await _wait(delay_s)
        except asyncio.CancelledError:
            return

    async def _attempt(self) -> Refusal:
        """Connect and read until there is a reason to stop."""
        self._say(State.CONNECTING, f"connecting to {self._host}")
        try:
            connection = await self._connect()
        except _Refused as refused:
            return refused.refusal
        try:
            self._opened()
            return await self._read(connection)
        finally:
            await _leave(connection)

    def _opened(self) -> None:
        now_ns = time.time_ns()
        if self._seen_ns:
            lost_s = (now_ns - self._seen_ns) / 1e9
            words = f"{_short(lost_s)} without a connection: {self._why_lost}; what was sent meanwhile is missing"
            self._changed(Status(State.GAP, words, self._seen_ns, now_ns))
            self._seen_ns = 0
        self._was_live = True
        self._messages = 0
        self._say(State.LIVE, "")

    async def _connect(self) -> ClientConnection:
        from websockets import exceptions
        from websockets.asyncio.client import connect

        class Direct(connect):
            """A redirect must not carry our headers to somebody else."""

            def process_redirect(self, exc: Exception) -> Exception | str:
                return exc

        try:
            return await (Direct if self._headers else connect)(
                self._url,
                additional_headers=self._headers,
                subprotocols=self._subprotocols or None,  # type: ignore[arg-type]
                max_size=MOST_MESSAGE_BYTES,
                ping_interval=PING_S,
                ping_timeout=PING_S,
                open_timeout=OPEN_TIMEOUT_S,
                close_timeout=1,
                logger=_SILENT,
            )
        except exceptions.InvalidStatus as error:
            response = error.response
            raise _Refused(
                answered(
                    response.status_code,
                    response.headers,
                    time.time(),
                    secure=self._secure,
                    was_live=self._was_live,
                )
            ) from None
        except OSError as error:
            raise _Refused(unreachable(error, self._host)) from None
        except exceptions.InvalidMessage as error:
            cut = isinstance(error.__cause__, EOFError | OSError)
            words = "closed the connection before answering" if cut else "does not answer as a web server"
            raise _Refused(Refusal(f"{self._host} {words}", again=cut or self._was_live)) from None
        except exceptions.ProxyError:
            raise _Refused(
                Refusal("the proxy does not let us through: check its address and login", again=True)
            ) from None
        except (exceptions.WebSocketException, EOFError, ImportError, ValueError) as error:
            words = f"{self._host} does not open a websocket ({type(error).__name__})"
            raise _Refused(Refusal(words, again=self._was_live)) from None

    async def _read(self, connection: ClientConnection) -> Refusal:
        from websockets.exceptions import ConnectionClosed

        self._last_ns = time.time_ns()
        silence = asyncio.create_task(self._notice_silence())
        try:
            while True:
                message = await connection.recv(decode=False)
                self._last_ns = time.time_ns()
                self._pass_on(message, self._last_ns)
        except ConnectionClosed as gone:
            refusal = self._closed(gone)
        finally:
            silence.cancel()
        if self._open_line:
            # the beginning of a line must not run into the first line after the gap
            self._open_line = False
            self._deliver(Chunk(b"\n", time.time_ns()))
        if refusal.again:
            self._seen_ns, self._why_lost = self._last_ns, refusal.words
        return refusal

    async def _notice_silence(self) -> None:
        while True:
            silent_s = (time.time_ns() - self._last_ns) / 1e9
            if silent_s >= self._idle_after_s:
                self._say(State.IDLE, "")
            await asyncio.sleep(max(self._idle_after_s / 20, self._idle_after_s - silent_s))

    def _pass_on(self, message: bytes, now_ns: int) -> None:
        data = lines_of(message) if self._framing == "message" else message
        if data:
            self._messages += 1
            self._open_line = not data.endswith(b"\n")
            self._say(State.LIVE, "")
            self._deliver(Chunk(data, now_ns))

    def _closed(self, gone: Any) -> Refusal:
        by_us = gone.rcvd is None or gone.rcvd_then_sent is False
        frame = gone.sent if gone.rcvd is None else gone.rcvd
        code = frame.code if frame is not None else 1006
        if gone.sent is not None and gone.sent.code == 1009 and by_us:
            return closed(1009, "", by_us=True)
        if gone.rcvd is None and code != 1009:
            words = "no answer to our pings" if code == 1011 else closed(1006, "").words
            return Refusal(words, again=True)
        if code == 1005:
            # servers close this way when they restart as well as when they are done: done when it happens repeatedly
            self._silent_endings = self._silent_endings + 1 if not self._messages else 0
            if self._silent_endings >= SILENT_ENDINGS:
                return Refusal(closed(1005, "").words, again=False, ended=True)
        return closed(code, frame.reason if frame is not None else "")

    def _say(self, state: State, detail: str) -> None:
        if self._said != (state, detail):
            self._said = (state, detail)
            self._changed(Status(state, detail, time.time_ns()))


_wait = asyncio.sleep


async def _leave(connection: ClientConnection) -> None:
    """Say goodbye when that is quick, and go."""
    with contextlib.suppress(Exception):
        async with asyncio.timeout(LEAVE_S):
            await connection.close()
    connection.transport.abort()


class _Refused(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.words)
        self.refusal = refusal


def _short(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
