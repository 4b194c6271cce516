"""A source that others send to: a listener, what comes in through it, and the protocol that is spoken there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.record import Chunk
from tui.sources.inlet import Inlet
from tui.sources.spec import Status

if TYPE_CHECKING:
    from tui.sources.addresses import Address
    from tui.sources.listener import Handler


class Receiver:
    """Listens in a daemon thread until it is stopped."""

    def __init__(
        self,
        name: str,
        address: Address,
        protocol: Callable[[Inlet], Callable[[str], Handler | None]],
        *,
        deliver: Callable[[Chunk], None],
        changed: Callable[[Status], None],
        full: Callable[[], bool] = lambda: False,
        allow_origins: str = "",
        instead: str = "",
    ) -> None:
        """`deliver`, `changed` and `full` are called from the thread and must be quick; `instead` is what to write to
        listen elsewhere."""
        # most runs only read files
        from tui.sources.listener import Listener

        self.name = name
        self._address = address
        self._instead = instead
        self._inlet = Inlet(deliver=deliver, changed=changed, full=full)
        self._listener = Listener(
            address,
            protocol(self._inlet),
            opened=lambda found: self._inlet.opened(str(found)),
            failed=self._failed,
            puzzled=self._inlet.puzzled,
            allow_origins=allow_origins,
        )

    def start(self) -> None:
        self._inlet.opening(str(self._address))
        self._listener.start()

    def stop(self) -> None:
        self._inlet.close()
        self._listener.stop()

    def _failed(self, why: str) -> None:
        self._inlet.failed(f"{why} with {self._instead}" if why.endswith("listen elsewhere") else why)
