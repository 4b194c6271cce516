"""The priority of threads whose work nobody waits for, among all that runs on this machine.

Ten steps nicer than the rest of us, not the most there are: such a thread holds the interpreter's lock now and then,
and one that a busy machine never lets run would hold it for as long. Reading comes behind everybody else's of its
class, but is not left to idle disks: file systems make a writer wait for readers of the same file.
"""

from __future__ import annotations

import ctypes
import os
import platform
import sys
import threading
from typing import Final

NICER: Final = 10
NICEST: Final = 19
_IOPRIO_SET: Final = {"x86_64": 251, "aarch64": 30, "riscv64": 30, "ppc64le": 273, "s390x": 282}
"""The number of the system call, by the name of the machine."""
_THREAD: Final = 1
_LAST_OF_BEST_EFFORT: Final = 2 << 13 | 7


def give_way() -> None:
    """Let others go before the calling thread, for good; does nothing where the system has no priorities of threads."""
    if sys.platform != "linux":
        return
    thread = threading.get_native_id()
    try:
        os.setpriority(os.PRIO_PROCESS, thread, min(NICEST, os.getpriority(os.PRIO_PROCESS, thread) + NICER))
        number = _IOPRIO_SET.get(platform.machine())
        if number is not None and sys.maxsize > 1 << 32:  # a process of 32 bits has other numbers
            ctypes.CDLL(None).syscall(number, _THREAD, thread, _LAST_OF_BEST_EFFORT)
    except (AttributeError, OSError):
        return  # forbidden here, as in some containers: we run on as we are
