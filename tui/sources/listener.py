"""HTTP as a service of this machine: one address, a few paths, bodies within limits, in a daemon thread.

Owns connections, limits and the refusals that are the same whoever sends what. What is sent is the business of the
handlers. The protocol itself is h11's.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import threading
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from tui.sources.addresses import Address
from tui.sources.bodies import MOST_BYTES, Body, BodyError, too_large
from tui.sources.origins import Origins, is_loopback
from tui.values import field, frozen

if TYPE_CHECKING:
    import h11

MOST_CONNECTIONS: Final = 512
MOST_HELD_BYTES: Final = 64 << 20
"""Of all bodies that are being received."""
IDLE_S: Final = 300.0
"""A connection may be kept open for another request for so long."""
PIECE_S: Final = 30.0
"""The next piece of a request must come within this time."""
LINGER_S: Final = 5.0
"""Somebody whose request was refused may go on sending for so long; nothing of it is kept."""
READ_BYTES: Final = 1 << 16
HEAD_BYTES: Final = 64 << 10


@frozen
class Request:
    """One request, its body unpacked."""

    path: str
    query: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    """By their names in small letters."""
    body: bytes = field(repr=False)

    @property
    def kind(self) -> str:
        """The content type, without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@frozen
class Reply:
    """What is answered."""

    status: int = 200
    body: bytes = b""
    kind: str = "text/plain"
    headers: tuple[tuple[str, str], ...] = ()


Handler = Callable[[Request], Awaitable[Reply]]


class Listener:
    """Serves one address until it is stopped."""

    def __init__(
        self,
        address: Address,
        find: Callable[[str], Handler | None],
        *,
        opened: Callable[[Address], None],
        failed: Callable[[str], None],
        puzzled: Callable[[str], None] = lambda words: None,
        allow_origins: str = "",
        max_body_bytes: int = MOST_BYTES,
        max_held_bytes: int = MOST_HELD_BYTES,
    ) -> None:
        """`find` tells who answers a path. `opened` and `failed` are told from the thread whether it can be listened;
        `puzzled`, in words for the user, when somebody speaks another protocol."""
        self._address = address
        self._find = find
        self._opened = opened
        self._failed = failed
        self._puzzled = puzzled
        self._origins = Origins(allow_origins, loopback=is_loopback([address.host]))
        self._max_body_bytes = max_body_bytes
        self._max_held_bytes = max_held_bytes
        self._held_bytes = 0
        self.turn = asyncio.Lock()
        self._connections: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=f"listener {address}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Close the port, soon; who is in the middle of sending is cut off."""
        self._stopping = True
        loop, task = self._loop, self._task
        if loop is not None and task is not None:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(task.cancel)
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(2.0)

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except Exception as error:  # a fault of ours must be seen, not take the program down
            self._failed(f"stopped by an internal error ({type(error).__name__})")

    async def _main(self) -> None:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        # what a connection's end says is nobody's business; nothing may be written onto the screen
        self._loop.set_exception_handler(lambda _loop, _context: None)
        servers: list[asyncio.Server] = []
        try:
            servers = await self._listen()
            if servers and not self._stopping:
                self._opened(Address(self._address.host, servers[0].sockets[0].getsockname()[1]))
                await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            return
        finally:
            for server in servers:
                server.close()
            for connection in list(self._connections):
                connection.cancel()

    async def _listen(self) -> list[asyncio.Server]:
        try:
            first = await self._serve(self._address)
        except OSError as error:
            self._failed(_unavailable(error, self._address))
            return []
        servers = [first]
        if self._address.host == "127.0.0.1":
            # `localhost` means this one to some senders; where it cannot be had, the other one does
            with contextlib.suppress(OSError):
                servers.append(await self._serve(Address("::1", first.sockets[0].getsockname()[1])))
        return servers

    async def _serve(self, address: Address) -> asyncio.Server:
        return await asyncio.start_server(self._accept, address.host, address.port, limit=READ_BYTES)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if len(self._connections) >= MOST_CONNECTIONS:
            writer.transport.abort()
            return
        self._connections.add(task)
        try:
            await _Conversation(self, reader, writer).run()
        except (OSError, EOFError, TimeoutError, asyncio.CancelledError):
            pass
        except Exception as error:  # a fault of ours must be seen; the other connections go on
            self._puzzled(f"a request could not be answered ({type(error).__name__})")
        finally:
            self._connections.discard(task)
            writer.transport.abort() if self._stopping else writer.close()

    # -- what a conversation asks ----------------------------------------------------------------------------------

    def refusal(self, headers: Mapping[str, str]) -> Reply | None:
        words = self._origins.refused(headers.get("host", ""), headers.get("origin", ""))
        return Reply(403, words.encode()) if words else None

    def handler(self, method: str, path: str) -> Handler | Reply:
        """Who answers, or the answer when nobody does."""
        found = self._find(path)
        if found is None:
            return Reply(404, b"nothing is taken at this path")
        if method != "POST":
            return Reply(405, b"POST it", headers=(("Allow", "POST, OPTIONS"),))
        return found

    def body(self, headers: Mapping[str, str]) -> Body:
        """What takes the body of a request. Raises BodyError when its headers are enough to refuse it."""
        told = headers.get("content-length", "0")
        size = int(told) if told.isdecimal() else 0
        if size > self._max_body_bytes:
            raise too_large(self._max_body_bytes)
        if self._held_bytes + size > self._max_held_bytes:
            raise BodyError(503, "too much is being received at once")
        return Body(headers.get("content-encoding", ""), self._max_body_bytes)

    def hold(self, more_bytes: int) -> None:
        """Count what is held of bodies. Raises BodyError when it is too much."""
        self._held_bytes += more_bytes
        if more_bytes > 0 and self._held_bytes > self._max_held_bytes:
            raise BodyError(503, "too much is being received at once")

    @property
    def stopping(self) -> bool:
        return self._stopping

    def puzzled(self, words: str) -> None:
        self._puzzled(words)


class _Conversation:
    """One connection: a request, its answer, the next request."""

    def __init__(self, listener: Listener, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # most runs listen to nobody
        import h11

        self._h11 = h11
        self._listener = listener
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_BYTES)
        self._head = b""
        """The first bytes that came."""
        self._begun = False

    async def run(self) -> None:
        try:
            while await self._exchange():
                self._http.start_next_cycle()
        except self._h11.RemoteProtocolError as error:
            if not self._begun:
                self._listener.puzzled(_spoken(self._head))
            if self._http.our_state in (self._h11.IDLE, self._h11.SEND_RESPONSE):
                await self._send(Reply(error.error_status_hint, b"this is not HTTP/1.1"), {}, close=True)
        await self._linger()

    async def _exchange(self) -> bool:
        """One request and its answer; whether another may follow."""
        request = await self._next(IDLE_S)
        if not isinstance(request, self._h11.Request):
            return False
        if request.method == b"PRI":
            raise self._h11.RemoteProtocolError("HTTP/2")
        self._begun = True
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in request.headers}
        path, _, query = request.target.decode("latin-1").partition("?")
        reply = self._listener.refusal(headers)
        if reply is None and request.method == b"OPTIONS":
            reply = Reply(204)
        if reply is None:
            handler = self._listener.handler(request.method.decode("latin-1"), path)
            reply = handler if isinstance(handler, Reply) else await self._answered(handler, path, query, headers)
        # what has not been read of a body would be taken for the next request
        read = self._http.their_state is self._h11.DONE or await self._is_empty()
        await self._send(reply, headers if reply.status != 403 else {}, close=not read)
        return bool(self._http.our_state is self._h11.DONE and self._http.their_state is self._h11.DONE)

    async def _answered(self, handler: Handler, path: str, query: str, headers: Mapping[str, str]) -> Reply:
        held = 0
        try:
            body = self._listener.body(headers)
            if self._http.they_are_waiting_for_100_continue:
                await self._write(self._h11.InformationalResponse(status_code=100, headers=[]))
            while isinstance(piece := await self._next(PIECE_S), self._h11.Data):
                body.feed(bytes(piece.data))
                grown, held = body.held_bytes - held, body.held_bytes
                self._listener.hold(grown)
            if isinstance(piece, self._h11.EndOfMessage):
                request = Request(path, query, headers, body.finish())
                # one at a time: what is made of a body may take many times as much memory as itself
                async with self._listener.turn:
                    return await handler(request)
            raise EOFError
        except BodyError as error:
            again = (("Retry-After", "1"),) if error.status == 503 else ()
            return Reply(error.status, str(error).encode(), headers=again)
        finally:
            self._listener.hold(-held)

    async def _linger(self) -> None:
        """Let somebody who was refused in the middle of sending come to the end, so that the answer is read."""
        if self._http.their_state is self._h11.DONE or self._listener.stopping:
            return
        if self._writer.can_write_eof():
            self._writer.write_eof()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LINGER_S):
                while await self._reader.read(READ_BYTES):
                    pass

    async def _is_empty(self) -> bool:
        """Whether nothing is left of the request, without waiting for it."""
        event = self._http.next_event() if not self._http.they_are_waiting_for_100_continue else None
        return isinstance(event, self._h11.EndOfMessage)

    async def _next(self, within_s: float) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        async with asyncio.timeout(within_s):
            while (event := self._http.next_event()) is self._h11.NEED_DATA:
                data = await self._reader.read(READ_BYTES)
                self._head = self._head or data[:16]
                self._http.receive_data(data)
        return event

    async def _send(self, reply: Reply, asked: Mapping[str, str], *, close: bool) -> None:
        headers = [("Server", "tracetail"), ("Content-Type", reply.kind), *reply.headers, *_for_browsers(asked)]
        if reply.status != 204:
            headers.append(("Content-Length", str(len(reply.body))))
        if close:
            headers.append(("Connection", "close"))
        await self._write(
            self._h11.Response(status_code=reply.status, headers=headers, reason=_phrase(reply.status)),
            *((self._h11.Data(data=reply.body),) if reply.body else ()),
            self._h11.EndOfMessage(),
        )

    async def _write(self, *events: h11.Event) -> None:
        self._writer.write(b"".join(data for event in events if (data := self._http.send(event))))
        async with asyncio.timeout(PIECE_S):
            await self._writer.drain()


def _for_browsers(asked: Mapping[str, str]) -> list[tuple[str, str]]:
    """What a browser must be told before its page may send and read the answer."""
    origin = asked.get("origin", "")
    if not origin or not origin.isprintable():
        return []
    told = [("Access-Control-Allow-Origin", origin), ("Vary", "Origin")]
    if "access-control-request-method" in asked:
        told += [
            ("Access-Control-Allow-Methods", "POST"),
            ("Access-Control-Allow-Headers", asked.get("access-control-request-headers", "") or "*"),
            ("Access-Control-Max-Age", "600"),
        ]
    if asked.get("access-control-request-private-network") == "true":
        told.append(("Access-Control-Allow-Private-Network", "true"))
    return told


def _phrase(status: int) -> bytes:
    return HTTPStatus(status).phrase.encode()


def _spoken(data: bytes) -> str:
    """What somebody speaks that is not HTTP/1.1, in words for the user."""
    if data.startswith(b"\x16\x03"):
        return "somebody speaks TLS to this port: senders need an http:// address"
    if data.startswith(b"PRI * HTTP/2"):
        return (
            "somebody speaks gRPC to this port: set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf there, or open otlp-grpc:"
        )
    return "somebody speaks something else than HTTP to this port"


def _unavailable(error: OSError, address: Address) -> str:
    """Why an address cannot be listened on."""
    if error.errno == errno.EADDRINUSE:
        return f"port {address.port} is in use: listen elsewhere"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"port {address.port} may not be opened: take one above 1023"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{address.host} is no address of this machine"
    return f"cannot listen on {address}: {(error.strerror or 'network error').lower()}"
