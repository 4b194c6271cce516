"""Receiving what clients of Jaeger send to its agent: packets over UDP, in a daemon thread that always drains them."""

from __future__ import annotations

import contextlib
import errno
import socket
import threading
from collections.abc import Callable
from typing import Final

from tui.parsing.jaeger_thrift import lines
from tui.record import Chunk
from tui.sources.addresses import Address
from tui.sources.inlet import Inlet
from tui.sources.spec import Status

PACKET_BYTES: Final = 1 << 16
BUFFER_BYTES: Final = 4 << 20
"""Asked of the system for packets that have come while others are read; it may give less."""
LOOK_S: Final = 0.5


class JaegerAgent:
    """Listens until it is stopped."""

    def __init__(
        self, name: str, address: Address, *, deliver: Callable[[Chunk], None], changed: Callable[[Status], None]
    ) -> None:
        """`deliver` and `changed` are called from the thread and must be quick. Who sends so cannot be asked to wait."""
        self.name = name
        self._address = address
        self._inlet = Inlet(deliver=deliver, changed=changed)
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=f"jaeger agent {address}", daemon=True)

    def start(self) -> None:
        self._inlet.opening(str(self._address))
        self._thread.start()

    def stop(self) -> None:
        self._stopping = True
        self._inlet.close()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(2 * LOOK_S)

    def _run(self) -> None:
        family = socket.AF_INET6 if ":" in self._address.host else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as port:
            try:
                port.bind((self._address.host, self._address.port))
            except OSError as error:
                self._inlet.failed(_unavailable(error, self._address))
                return
            with contextlib.suppress(OSError):
                port.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
            port.settimeout(LOOK_S)
            self._inlet.opened(f"{Address(self._address.host, port.getsockname()[1])} (UDP)")
            self._receive(port)

    def _receive(self, port: socket.socket) -> None:
        while not self._stopping:
            try:
                packet = port.recv(PACKET_BYTES)
            except TimeoutError:
                continue
            except OSError:
                return
            try:
                self._inlet.take([line for _, line in sorted(lines(packet))])
            except ValueError as problem:
                self._inlet.count(rejected=1)
                self._inlet.puzzled(f"somebody sends {problem}")


def _unavailable(error: OSError, address: Address) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"UDP port {address.port} is in use: listen elsewhere with jaeger-agent:PORT"
    return f"cannot listen on {address}: {(error.strerror or 'network error').lower()}"
