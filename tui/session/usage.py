"""What we cost ourselves: processor time, memory and what is sent to the terminal."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable

from tui.session.budget import Spent


class Usage:
    """Share of a core and bytes sent a second, both since the last look, and resident memory."""

    def __init__(self) -> None:
        self.sent_bytes: Callable[[], int] = lambda: 0
        """All that was sent to the terminal so far."""
        self._cpu_s = time.process_time()
        self._wall_s = time.monotonic()
        self._sent = 0
        self._share = self._sent_s = 0.0

    def cpu_percent(self) -> float:
        """Of one core; measured over at least a second."""
        self._look()
        return self._share

    def terminal_bytes_s(self) -> float:
        """Sent to the terminal; measured over at least a second."""
        self._look()
        return self._sent_s

    def spent(self) -> Spent:
        """All of it."""
        return Spent(self.cpu_percent(), int(self.memory_mib() * (1 << 20)), self.terminal_bytes_s())

    def _look(self) -> None:
        wall = time.monotonic()
        if (passed := wall - self._wall_s) < 1:
            return
        cpu, sent = time.process_time(), self.sent_bytes()
        self._share, self._sent_s = 100 * (cpu - self._cpu_s) / passed, max(0, sent - self._sent) / passed
        self._wall_s, self._cpu_s, self._sent = wall, cpu, sent

    @staticmethod
    def memory_mib() -> float:
        """Resident memory now, where the system tells; else its peak."""
        try:
            with open("/proc/self/statm", encoding="ascii") as file:
                return int(file.read().split()[1]) * resource.getpagesize() / (1 << 20)
        except OSError:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            return peak / (1 << 20) if sys.platform == "darwin" else peak / 1024
