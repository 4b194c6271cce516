"""Receiving OTLP over gRPC: the same messages and answers as over HTTP, with the library of gRPC as the listener.

That library is large, and so an extra: it is loaded when such a source is opened.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from tui.parsing.otlp_protobuf import Signal
from tui.parsing.protobuf import written
from tui.record import Chunk
from tui.sources.addresses import Address
from tui.sources.bodies import MOST_BYTES
from tui.sources.inlet import LONGEST_WAIT_S, Inlet
from tui.sources.otlp import LAST_WAIT_S, Unreadable, receive, success
from tui.sources.spec import SpecError, Status

AT_ONCE: Final = 2
"""Messages that are taken in together; each may be large."""
MOST_WAITING: Final = 32
_SERVICES: Final[dict[str, Signal]] = {
    "opentelemetry.proto.collector.trace.v1.TraceService": "traces",
    "opentelemetry.proto.collector.logs.v1.LogsService": "logs",
    "opentelemetry.proto.collector.metrics.v1.MetricsService": "metrics",
}
_RETRY_INFO: Final = written(1, b"type.googleapis.com/google.rpc.RetryInfo") + written(2, written(1, written(1, 1)))
"""Come again in a second."""


class GrpcReceiver:
    """Listens in threads of the library until it is stopped."""

    def __init__(
        self,
        name: str,
        address: Address,
        *,
        deliver: Callable[[Chunk], None],
        changed: Callable[[Status], None],
        full: Callable[[], bool] = lambda: False,
    ) -> None:
        """As other receivers. Raises SpecError when the library is not installed."""
        self.name = name
        self._address = address
        self._grpc = library()
        self._inlet = Inlet(deliver=deliver, changed=changed, full=full)
        self._server: Any = None

    def start(self) -> None:
        self._inlet.opening(str(self._address))
        options = [
            ("grpc.max_receive_message_length", MOST_BYTES),
            # otherwise two programs may listen on one port, and each gets some of the messages
            ("grpc.so_reuseport", 0),
        ]
        workers = ThreadPoolExecutor(AT_ONCE, "otlp-grpc")
        self._server = self._grpc.server(workers, options=options, maximum_concurrent_rpcs=MOST_WAITING)
        self._server.add_generic_rpc_handlers(
            [
                self._grpc.method_handlers_generic_handler(
                    service, {"Export": self._grpc.unary_unary_rpc_method_handler(self._handler(signal))}
                )
                for service, signal in _SERVICES.items()
            ]
        )
        try:
            port = self._server.add_insecure_port(str(self._address))
        except RuntimeError:
            port = 0
        if not port:
            where = f"port {self._address.port} of {self._address.host}"
            self._inlet.failed(f"{where} cannot be opened: end what uses it, or listen elsewhere with otlp-grpc:PORT")
            return
        self._server.start()
        self._inlet.opened(str(Address(self._address.host, port)))

    def stop(self) -> None:
        self._inlet.close()
        if self._server is not None:
            self._server.stop(0)

    def _handler(self, signal: Signal) -> Callable[[bytes, Any], bytes]:
        def export(body: bytes, context: Any) -> bytes:
            if not self._inlet.wait_for_room(LONGEST_WAIT_S):
                self._inlet.count(waits=1)
                status = written(1, 14) + written(2, b"too much at once") + written(3, _RETRY_INFO)
                context.set_trailing_metadata((("grpc-status-details-bin", status),))
                context.abort(self._grpc.StatusCode.UNAVAILABLE, "too much at once")
            steps = receive(self._inlet, body, signal)
            try:
                while True:
                    next(steps)
                    self._inlet.wait_for_room(LAST_WAIT_S)
            except StopIteration as end:
                return success(signal, end.value)
            except Unreadable as problem:
                self._inlet.count(rejected=1)
                context.abort(self._grpc.StatusCode.INVALID_ARGUMENT, str(problem))
            return b""

        return export


def library() -> Any:
    """The library of gRPC. Raises SpecError when it is not installed."""
    # what it logs would land on the screen
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    # nothing of ours goes on in a child, and what the library does at a fork may end it
    os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"
    try:
        import grpc
    except ImportError:
        raise SpecError("otlp-grpc: needs the package grpcio: pip install 'tracetail[otlp-grpc]'") from None
    return grpc
