"""A websocket server that dies and returns, refuses, or is not there at all."""

from __future__ import annotations

import contextlib
import http
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Open

DIRECT = {"no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1"}


class Feed:
    """A server that sends the same lines to whoever connects, until it is told to die."""

    def __init__(self, refuse: http.HTTPStatus | None = None) -> None:
        self.port = 0
        self.headers: list[str | None] = []
        self._refuse = refuse
        self._connections: list[ServerConnection] = []
        self._server: Server | None = None

    def live(self, *lines: str) -> None:
        self._lines = lines
        self._server = serve(self._serve, "127.0.0.1", self.port, process_request=self._request)
        self.port = self._server.socket.getsockname()[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def die(self) -> None:
        """As a crash does: no closing handshake."""
        if self._server is not None:
            self._server.shutdown()
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.socket.shutdown(2)
            self._connections.clear()
            self._server = None

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/stream"

    def _request(self, connection: ServerConnection, request: Request) -> Response | None:
        self.headers.append(request.headers.get("Authorization"))
        return connection.respond(self._refuse, "no\n") if self._refuse else None

    def _serve(self, connection: ServerConnection) -> None:
        self._connections.append(connection)
        for line in self._lines:
            connection.send(line)
        for _ in connection:
            pass


@pytest.fixture
def feed() -> Iterator[Callable[..., Feed]]:
    feeds: list[Feed] = []

    def start(*lines: str, refuse: http.HTTPStatus | None = None) -> Feed:
        feeds.append(Feed(refuse))
        feeds[-1].live(*lines)
        return feeds[-1]

    yield start
    for one in feeds:
        one.die()


def test_a_server_that_dies_and_returns_is_followed_and_the_gap_is_shown(view: Open, feed: Callable[..., Feed]) -> None:
    server = feed('{"level":"info","msg":"the first life"}')
    terminal = view(server.url, env=DIRECT, rows=24)
    terminal.wait_for("the first life")
    server.die()
    terminal.wait_for("retrying in")
    server.live('{"level":"warn","msg":"the second life"}')
    screen = terminal.wait_for(lambda screen: "the second life" in screen and "retrying" not in screen)
    assert "the first life" in screen
    assert "1 gap" in screen


def test_nobody_listening_is_tried_again(view: Open, feed: Callable[..., Feed]) -> None:
    server = feed()
    server.die()
    terminal = view(server.url, env=DIRECT, rows=24)
    terminal.wait_for(lambda screen: "retrying" in screen and "refused" in screen and "1 in trouble" in screen)
    server.live("INFO here at last")
    terminal.wait_for("here at last")
    terminal.press("q")
    assert terminal.wait_exit() == 0


def test_a_missing_token_is_said_and_a_given_one_is_sent_but_never_shown(view: Open, feed: Callable[..., Feed]) -> None:
    server = feed(refuse=http.HTTPStatus.UNAUTHORIZED)
    token = "correct-horse" + "-battery"
    terminal = view(server.url, env={**DIRECT, "TRACETAIL_WS_TOKEN": token}, cols=160, rows=24)
    screen = terminal.wait_for("401")
    assert "TRACETAIL_WS_TOKEN" in screen
    assert server.headers == [f"Bearer {token}"]
    assert token.encode() not in terminal.output


@pytest.mark.parametrize(
    ("url", "what"),
    [("ws://", "host"), ("ws://127.0.0.1:99999/x", "PORT"), ("http://127.0.0.1/x", "ws://"), ("wsx://h/", "wsx")],
)
def test_a_wrong_address_is_one_line(view: Open, url: str, what: str) -> None:
    terminal = view(url, cols=220, rows=24)
    assert terminal.wait_exit() == 2
    screen = terminal.screen().strip()
    assert what in screen
    assert screen.count("\n") == 0
