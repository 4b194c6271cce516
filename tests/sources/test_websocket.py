"""Real servers that misbehave on request, and a source that must say so and lose nothing it was sent."""

from __future__ import annotations

import base64
import contextlib
import json
import shutil
import socket
import ssl
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from tui.record import Chunk
from tui.sources.credentials import credentials
from tui.sources.spec import CredentialsError, State, Status
from tui.sources.websocket import WebsocketSource

if TYPE_CHECKING:
    from tests.sources.conftest import Wait

Script = Callable[[ServerConnection], None]
PASSWORD = "hunter" + "2"


class Fake:
    """A server on this machine: each connection gets the next script, later ones the last."""

    def __init__(self, *scripts: Script, answers: tuple[Response, ...] = (), **options: Any) -> None:
        self.requests: list[Request] = []
        self._scripts = list(scripts)
        self._answers = list(answers)
        self._options = options
        self.port = 0
        self.start()

    def start(self) -> None:
        """Listen, on the same port as before."""
        self._server: Server = serve(
            self._serve, "127.0.0.1", self.port, process_request=self._request, **self._options
        )
        self.port = self._server.socket.getsockname()[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()

    def url(self, path: str = "/stream", userinfo: str = "") -> str:
        return f"ws://{userinfo}127.0.0.1:{self.port}{path}"

    def _request(self, _connection: ServerConnection, request: Request) -> Response | None:
        self.requests.append(request)
        return self._answers.pop(0) if self._answers else None

    def _serve(self, connection: ServerConnection) -> None:
        script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
        with contextlib.suppress(Exception):
            script(connection)


class Heard:
    """A running source and what it delivered and said."""

    def __init__(self, url: str, **options: Any) -> None:
        self.chunks: list[Chunk] = []
        self.said: list[Status] = []
        self.source = WebsocketSource(
            url, deliver=self.chunks.append, changed=self.said.append, **{"jitter": lambda: 0.02, **options}
        )
        self.source.start()

    def lines(self) -> list[bytes]:
        return b"".join(chunk.data for chunk in self.chunks).splitlines()

    def states(self) -> list[State]:
        return [status.state for status in self.said]

    def details(self, state: State) -> list[str]:
        return [status.detail for status in self.said if status.state is state]

    def settled(self) -> bool:
        return bool(self.said) and self.said[-1].state in (State.ENDED, State.FAILED)


@pytest.fixture
def fake() -> Iterator[Callable[..., Fake]]:
    running: list[Fake] = []

    def start(*scripts: Script, **options: Any) -> Fake:
        running.append(Fake(*scripts, **options))
        return running[-1]

    yield start
    for server in running:
        server.stop()


@pytest.fixture
def hear() -> Iterator[Callable[..., Heard]]:
    running: list[Heard] = []

    def start(url: str, **options: Any) -> Heard:
        running.append(Heard(url, **options))
        return running[-1]

    yield start
    for heard in running:
        heard.source.stop()


FakeServer = Callable[..., Fake]
Hear = Callable[..., Heard]


def sending(*messages: str | bytes, code: int = 1000, reason: str = "") -> Script:
    def script(connection: ServerConnection) -> None:
        for message in messages:
            connection.send(message)
        connection.close(code, reason)

    return script


def dropping(*messages: str | bytes) -> Script:
    """Send, and break the connection without a word."""

    def script(connection: ServerConnection) -> None:
        for message in messages:
            connection.send(message)
        # wait for a pong: what was sent has arrived
        connection.ping().wait()
        connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.socket.close()

    return script


def staying(*messages: str | bytes) -> Script:
    def script(connection: ServerConnection) -> None:
        for message in messages:
            connection.send(message)
        connection.recv()

    return script


def answer(status: int, **headers: str) -> Response:
    fields = Headers({name.replace("_", "-"): value for name, value in headers.items()})
    fields["Content-Length"] = "0"
    fields["Connection"] = "close"
    return Response(status, HTTPStatus(status).phrase, fields, b"")


def test_messages_of_every_shape_become_lines_and_a_normal_close_is_the_end(
    fake: FakeServer, hear: Hear, until: Wait
) -> None:
    server = fake(
        sending("plain", b"binary \xff", "two\nlines", '{"a": 1}', '[{"a": 2}, {"a": 3}]', '{\n"a": 4\n}', "", "last\n")
    )
    heard = hear(server.url())
    until(heard.settled)
    expected = [
        b"plain",
        b"binary \xff",
        b"two",
        b"lines",
        b'{"a": 1}',
        b'{"a": 2}',
        b'{"a": 3}',
        b'{ "a": 4 }',
        b"last",
    ]
    assert heard.lines() == expected
    assert heard.states() == [State.CONNECTING, State.LIVE, State.ENDED]
    assert heard.details(State.ENDED) == ["the server ended the stream"]


def test_a_message_in_many_fragments_is_one_line(fake: FakeServer, hear: Hear, until: Wait) -> None:
    def script(connection: ServerConnection) -> None:
        connection.send(f"part {n} " for n in range(100))
        connection.close()

    heard = hear(fake(script).url())
    until(heard.settled)
    assert heard.lines() == ["".join(f"part {n} " for n in range(100)).encode()]


def test_lines_split_over_messages_are_joined_when_asked_for(fake: FakeServer, hear: Hear, until: Wait) -> None:
    heard = hear(fake(sending("one\ntw", "o\nthr", "ee", "\n")).url(), framing="lines")
    until(heard.settled)
    assert heard.lines() == [b"one", b"two", b"three"]


def test_the_beginning_of_a_line_does_not_run_into_what_comes_after_a_gap(
    fake: FakeServer, hear: Hear, until: Wait
) -> None:
    heard = hear(fake(dropping("one\ntw"), sending("three\n")).url(), framing="lines")
    until(heard.settled)
    assert heard.lines() == [b"one", b"tw", b"three"]


def test_ten_thousand_messages_all_arrive_in_order(fake: FakeServer, hear: Hear, until: Wait) -> None:
    heard = hear(fake(sending(*(f'{{"n": {n}}}' for n in range(10_000)))).url())
    until(heard.settled)
    assert [json.loads(line)["n"] for line in heard.lines()] == list(range(10_000))


def test_a_broken_connection_is_a_gap_with_both_ends_and_the_stream_goes_on(
    fake: FakeServer, hear: Hear, until: Wait
) -> None:
    heard = hear(fake(dropping("before"), staying("after")).url())
    until(lambda: heard.lines() == [b"before", b"after"])
    assert heard.states() == [
        State.CONNECTING,
        State.LIVE,
        State.RETRYING,
        State.CONNECTING,
        State.GAP,
        State.LIVE,
    ]
    gap = next(status for status in heard.said if status.state is State.GAP)
    assert heard.chunks[0].arrival_ns <= gap.since_ns < gap.until_ns <= heard.chunks[1].arrival_ns
    assert "the connection broke" in gap.detail
    assert "missing" in gap.detail


def test_a_server_that_dies_and_returns_on_its_port_is_found_again(fake: FakeServer, hear: Hear, until: Wait) -> None:
    server = fake(staying("before"), staying("after"))
    heard = hear(server.url())
    until(lambda: heard.lines() == [b"before"])
    server.stop()
    until(lambda: any("refused" in detail for detail in heard.details(State.RETRYING)))
    server.start()
    until(lambda: heard.lines() == [b"before", b"after"])
    assert heard.states()[-2:] == [State.GAP, State.LIVE]


@pytest.mark.parametrize("code", [1001, 1011, 1012, 1013, 4000])
def test_passing_closures_are_tried_again(fake: FakeServer, hear: Hear, until: Wait, code: int) -> None:
    heard = hear(fake(sending("one", code=code, reason="see you"), sending("two")).url())
    until(heard.settled)
    assert heard.lines() == [b"one", b"two"]
    assert "see you" in heard.details(State.RETRYING)[0]
    assert heard.states()[-1] is State.ENDED


def test_a_refusal_by_policy_is_final_and_says_what_to_set(fake: FakeServer, hear: Hear, until: Wait) -> None:
    heard = hear(fake(sending(code=1008, reason="token expired")).url())
    until(heard.settled)
    assert heard.states()[-1] is State.FAILED
    assert "token expired" in heard.said[-1].detail
    assert "TRACETAIL_WS_TOKEN" in heard.said[-1].detail


def test_a_close_without_a_reason_is_the_end_only_when_it_happens_again_and_again(
    fake: FakeServer, hear: Hear, until: Wait
) -> None:
    def silently(*messages: str) -> Script:
        def script(connection: ServerConnection) -> None:
            for message in messages:
                connection.send(message)
            with connection.send_context():
                connection.protocol.send_close()
            connection.recv()

        return script

    heard = hear(fake(silently("one"), silently("two"), silently()).url())
    until(heard.settled)
    assert heard.lines() == [b"one", b"two"]
    assert heard.states()[-1] is State.ENDED


def test_a_message_beyond_the_limit_is_said_and_the_stream_goes_on(fake: FakeServer, hear: Hear, until: Wait) -> None:
    whole = b"x" * (15 << 20)
    heard = hear(fake(staying("one", whole, b"y" * (17 << 20)), sending("two")).url())
    until(heard.settled)
    assert heard.lines() == [b"one", whole, b"two"]
    assert "larger than 16 MiB" in heard.details(State.RETRYING)[0]


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "TRACETAIL_WS_TOKEN"), (403, "forbidden"), (400, "check the address"), (404, "nothing at this path")],
)
def test_a_refused_request_is_final_and_says_what_to_fix(
    fake: FakeServer, hear: Hear, until: Wait, status: int, words: str
) -> None:
    heard = hear(fake(staying(), answers=(answer(status),)).url())
    until(heard.settled)
    assert heard.states() == [State.CONNECTING, State.FAILED]
    assert words in heard.said[-1].detail


@pytest.mark.parametrize("status", [429, 503])
def test_the_time_a_busy_server_names_is_waited(
    fake: FakeServer, hear: Hear, until: Wait, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("tui.sources.websocket._wait", sleep)
    heard = hear(fake(sending("one"), answers=(answer(status, Retry_After="17"),)).url())
    until(heard.settled)
    assert waited == [17.0]
    assert heard.details(State.RETRYING)[0].startswith("retrying in 17 s: ")
    assert heard.lines() == [b"one"]


def test_nobody_listening_is_retried_with_growing_delays(hear: Hear, until: Wait) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        heard = hear(f"ws://127.0.0.1:{taken.getsockname()[1]}/x")
        until(lambda: len(heard.details(State.RETRYING)) >= 4)
    assert "connection refused by 127.0.0.1" in heard.details(State.RETRYING)[0]
    assert "nothing listens there" in heard.details(State.RETRYING)[0]


def test_a_host_that_does_not_exist_is_named(hear: Hear, until: Wait) -> None:
    heard = hear("ws://no-such-host.invalid/x")
    until(lambda: heard.details(State.RETRYING))
    assert "cannot find the host no-such-host.invalid" in heard.details(State.RETRYING)[0]


@pytest.mark.parametrize(
    ("scheme", "reply", "state", "words"),
    [
        ("ws", b"SSH-2.0-OpenSSH_9\r\n", State.FAILED, "does not answer as a web server"),
        ("ws", b"", State.RETRYING, "before answering"),
        ("ws", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", State.FAILED, "a web page"),
        ("ws", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n", State.FAILED, "does not open a websocket"),
        ("wss", b"HTTP/1.1 400 Bad Request\r\n\r\n", State.FAILED, "starts with ws://"),
    ],
)
def test_something_else_on_the_port_is_named(
    hear: Hear, until: Wait, scheme: str, reply: bytes, state: State, words: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def once() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1 << 16)
                connection.sendall(reply)

        threading.Thread(target=once, daemon=True).start()
        heard = hear(f"{scheme}://127.0.0.1:{listener.getsockname()[1]}/x")
        until(lambda: heard.details(state))
    assert words in heard.details(state)[0]


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_a_certificate_that_is_not_trusted_says_so_and_a_trusted_one_works(
    fake: FakeServer, hear: Hear, until: Wait, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(
        "openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out cert -days 2 -subj /CN=localhost"
        " -addext subjectAltName=IP:127.0.0.1",
        shell=True, check=True, cwd=tmp_path, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    server = fake(sending("one"), ssl=context)
    url = server.url().replace("ws:", "wss:")
    heard = hear(url)
    until(heard.settled)
    assert heard.states()[-1] is State.FAILED
    assert "not trusted" in heard.said[-1].detail
    assert "SSL_CERT_FILE" in heard.said[-1].detail
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert"))
    trusting = hear(url)
    until(trusting.settled)
    assert trusting.lines() == [b"one"]


def test_headers_tokens_and_subprotocols_reach_the_server(fake: FakeServer, hear: Hear, until: Wait) -> None:
    server = fake(sending("one"), subprotocols=["logs.v1"])
    heard = hear(server.url(), headers={"X-Scope-OrgID": "shop"}, token="t" * 8, subprotocols=["logs.v1"])
    until(heard.settled)
    sent = server.requests[0].headers
    assert (sent["X-Scope-OrgID"], sent["Authorization"]) == ("shop", "Bearer " + "t" * 8)
    assert heard.states()[-1] is State.ENDED


def test_user_and_password_of_the_address_become_a_header_and_are_never_shown(
    fake: FakeServer, hear: Hear, until: Wait
) -> None:
    server = fake(dropping("one"), sending("two"))
    heard = hear(server.url(f"/x?token={PASSWORD}", userinfo=f"me:p%40{PASSWORD}@"), headers={"authorization": "other"})
    until(heard.settled)
    sent = server.requests[0]
    assert sent.headers["Authorization"] == "Basic " + base64.b64encode(f"me:p@{PASSWORD}".encode()).decode()
    assert sent.path == f"/x?token={PASSWORD}"
    assert heard.lines() == [b"one", b"two"]
    assert PASSWORD not in repr(heard.said) + heard.source.name


def test_a_redirect_does_not_carry_our_headers_away(fake: FakeServer, hear: Hear, until: Wait) -> None:
    other = fake(sending("one"))
    server = fake(staying(), answers=(answer(302, Location=other.url()),) * 2)
    heard = hear(server.url(), token="t" * 8)
    until(heard.settled)
    assert (heard.states()[-1], other.requests) == (State.FAILED, [])
    follows = hear(server.url())
    until(follows.settled)
    assert follows.lines() == [b"one"]


def test_silence_is_idle_and_a_message_is_live(fake: FakeServer, hear: Hear, until: Wait) -> None:
    go = threading.Event()

    def script(connection: ServerConnection) -> None:
        connection.send("one")
        go.wait()
        connection.send("two")
        connection.close()

    heard = hear(fake(script).url(), idle_after_s=0.05)
    until(lambda: State.IDLE in heard.states())
    go.set()
    until(heard.settled)
    assert heard.states()[-3:] == [State.IDLE, State.LIVE, State.ENDED]


def test_stopping_is_quick_and_polite(fake: FakeServer, hear: Hear, until: Wait) -> None:
    closed: list[int | None] = []

    def script(connection: ServerConnection) -> None:
        connection.send("one")
        with contextlib.suppress(Exception):
            connection.recv()
        closed.append(connection.close_code)

    heard = hear(fake(script).url())
    until(lambda: heard.lines() == [b"one"])
    heard.source.stop()
    assert not heard.source.alive
    until(lambda: closed == [1000])


def test_a_source_that_waits_to_try_again_can_be_stopped(hear: Hear, until: Wait) -> None:
    heard = hear("ws://127.0.0.1:9/x", jitter=lambda: 1.0)
    until(lambda: heard.details(State.RETRYING))
    heard.source.stop()
    assert not heard.source.alive


def test_credentials_come_from_the_environment_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-file\n")
    file = {"TRACETAIL_WS_TOKEN_FILE": str(tmp_path / "token")}
    assert credentials({}) == {}
    assert credentials({"TRACETAIL_WS_TOKEN": " abc "}) == {"Authorization": "Bearer abc"}
    assert credentials(file) == {"Authorization": "Bearer from-file"}
    assert credentials({**file, "TRACETAIL_WS_TOKEN": "abc"}) == {"Authorization": "Bearer abc"}
    assert credentials({"TRACETAIL_WS_HEADERS": "X-A: 1\n\n x-b : 2:3 \nX-Empty:", **file}) == {
        "X-A": "1",
        "x-b": "2:3",
        "X-Empty": "",
        "Authorization": "Bearer from-file",
    }
    own = {"TRACETAIL_WS_HEADERS": "authorization: ApiKey k", "TRACETAIL_WS_TOKEN": "abc"}
    assert credentials(own) == {"authorization": "ApiKey k"}


@pytest.mark.parametrize(
    "env",
    [
        {"TRACETAIL_WS_HEADERS": f"{PASSWORD}"},
        {"TRACETAIL_WS_HEADERS": f"X-A: 1\nBad Name: {PASSWORD}"},
        {"TRACETAIL_WS_TOKEN": f"{PASSWORD}\n{PASSWORD}"},
        {"TRACETAIL_WS_TOKEN_FILE": "/no/such/file"},
    ],
)
def test_unusable_credentials_are_one_line_that_quotes_none(env: dict[str, str]) -> None:
    with pytest.raises(CredentialsError) as error:
        credentials(env)
    assert PASSWORD not in str(error.value)
    assert "\n" not in str(error.value)
