"""A source that flows, of whatever kind, from what was asked for. What only some runs need is loaded when it is opened."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Protocol

from tui.record import Chunk
from tui.sources.pipe import PipeSource
from tui.sources.spec import ASKED, LISTENERS, Spec, Status
from tui.values import frozen


class Stream(Protocol):
    """What delivers bytes from a thread of its own until it is stopped."""

    name: str

    def start(self) -> None: ...
    def stop(self) -> None: ...


class Asked(Stream, Protocol):
    """What delivers the traces that it is asked for."""

    def ask(self, trace_ids: Iterable[str]) -> None:
        """Fetch these traces; returns at once."""

    @property
    def busy(self) -> bool:
        """Whether an answer is still to be waited for."""


@frozen
class Ends:
    """Where a stream's bytes and states go; all are called from its thread and must be quick."""

    deliver: Callable[[Chunk], None]
    changed: Callable[[Status], None]
    full: Callable[[], bool] = lambda: False
    """Whether a sender that can wait should."""


@frozen
class Choices:
    """What the user chose for streams."""

    ws_framing: str = "message"
    allow_origins: str = ""


def open_stream(spec: Spec, ends: Ends, choices: Choices | None = None, *, data_fd: int | None = None) -> Stream:
    """The stream, not yet started; `data_fd` is what to read as standard input. Raises CredentialsError and SpecError."""
    choices = choices or Choices()
    if spec.kind == "stdin":
        fd = data_fd if data_fd is not None else 0
        return PipeSource(fd, spec.name, deliver=ends.deliver, changed=ends.changed)
    if spec.kind == "pipe":
        return PipeSource(spec.target, spec.name, deliver=ends.deliver, changed=ends.changed)
    if spec.kind == "websocket":
        return _websocket(spec, ends, choices)
    if spec.kind in ASKED.values():
        return open_backend(spec, ends)
    return _receiver(spec, ends, choices)


def open_backend(spec: Spec, ends: Ends) -> Asked:
    """A store of traces, not yet started. Raises CredentialsError."""
    from tui.sources.backend import Backend
    from tui.sources.credentials import credentials

    headers = credentials(os.environ, "API")
    return Backend(spec.name, spec.kind, spec.target, deliver=ends.deliver, changed=ends.changed, headers=headers)


def _websocket(spec: Spec, ends: Ends, choices: Choices) -> Stream:
    from tui.sources.credentials import credentials
    from tui.sources.websocket import WebsocketSource

    return WebsocketSource(
        spec.target,
        headers=credentials(os.environ),
        framing="lines" if choices.ws_framing == "lines" else "message",
        name=spec.name,
        deliver=ends.deliver,
        changed=ends.changed,
    )


def _receiver(spec: Spec, ends: Ends, choices: Choices) -> Stream:
    from tui.sources.addresses import address_of

    address = address_of(spec.target, LISTENERS[spec.kind])
    assert address is not None
    if spec.kind == "otlp-grpc":
        from tui.sources.otlp_grpc import GrpcReceiver

        return GrpcReceiver(spec.name, address, deliver=ends.deliver, changed=ends.changed, full=ends.full)
    if spec.kind == "jaeger-agent":
        from tui.sources.jaeger_agent import JaegerAgent

        return JaegerAgent(spec.name, address, deliver=ends.deliver, changed=ends.changed)
    from tui.sources import otlp, sentry, zipkin
    from tui.sources.receiver import Receiver

    finders = {"otlp": otlp.finder, "sentry": sentry.finder, "zipkin": zipkin.finder}
    return Receiver(
        spec.name,
        address,
        finders[spec.kind],
        deliver=ends.deliver,
        changed=ends.changed,
        full=ends.full,
        allow_origins=choices.allow_origins,
        instead=f"{spec.kind}:PORT",
    )
