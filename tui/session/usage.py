"""What we cost ourselves: processor time and memory of this process."""

from __future__ import annotations

import resource
import sys
import time


class Usage:
    """Share of a core since the last look, and resident memory."""

    def __init__(self) -> None:
        self._cpu_s = time.process_time()
        self._wall_s = time.monotonic()
        self._share = 0.0

    def cpu_percent(self) -> float:
        """Of one core; measured over at least a second."""
        wall, cpu = time.monotonic(), time.process_time()
        if wall - self._wall_s >= 1:
            self._share = 100 * (cpu - self._cpu_s) / (wall - self._wall_s)
            self._wall_s, self._cpu_s = wall, cpu
        return self._share

    @staticmethod
    def memory_mib() -> float:
        """Resident memory now, where the system tells; else its peak."""
        try:
            with open("/proc/self/statm", encoding="ascii") as file:
                return int(file.read().split()[1]) * resource.getpagesize() / (1 << 20)
        except OSError:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            return peak / (1 << 20) if sys.platform == "darwin" else peak / 1024
