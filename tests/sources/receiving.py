"""A source that others send to, on a free port, and what came of it."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.sources.waiting import wait_until
from tui.record import Chunk
from tui.sources.spec import State, Status, parse_spec
from tui.sources.streams import Choices, Ends, Stream, open_stream

PROTOBUF = {"Content-Type": "application/x-protobuf"}


class Receiving:
    """A source that listens on a free port, and what came of it."""

    def __init__(self, text: str, **choices: Any) -> None:
        self.chunks: list[Chunk] = []
        self.states: list[Status] = []
        self.full = False
        ends = Ends(self.chunks.append, self.states.append, lambda: self.full)
        self.stream: Stream = open_stream(parse_spec(text), ends, Choices(**choices))
        self.stream.start()
        wait_until(lambda: self.port or self.failed, lambda: self.states)

    @property
    def port(self) -> int:
        said = next((one.detail for one in self.states if one.detail.startswith("listening")), "")
        return int(said.rpartition(":")[2].partition(" ")[0] or 0)

    @property
    def failed(self) -> str:
        return next((one.detail for one in self.states if one.state is State.FAILED), "")

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in b"".join(one.data for one in self.chunks).splitlines()]

    def post(
        self, path: str, body: Any, headers: Mapping[str, str] = PROTOBUF, method: str = "POST"
    ) -> tuple[int, bytes, Mapping[str, str]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, dict(headers), encode_chunked=isinstance(body, Iterator))
            answer = connection.getresponse()
            return answer.status, answer.read(), dict(answer.headers)
        finally:
            connection.close()


Receive = Callable[..., Receiving]
