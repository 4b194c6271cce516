"""Threads that nobody waits for go behind all others, and those that somebody waits for do not."""

from __future__ import annotations

import ctypes
import os
import platform
import sys
import threading
from collections.abc import Callable

import pytest

from tui.store.crew import CREW, QUIET_CREW, Crew
from tui.store.priority import NICER, NICEST, give_way

IOPRIO_GET = 252
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="threads have priorities of their own on Linux alone")


def niceness() -> int:
    """Of the calling thread, as the system tells it."""
    with open(f"/proc/self/task/{threading.get_native_id()}/stat", encoding="ascii") as file:
        return int(file.read().rpartition(")")[2].split()[16])


def in_thread(work: Callable[[], int]) -> int:
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    return found[0]


def in_crew(crew: Crew) -> int:
    return next(crew.each(lambda _: niceness(), [0]))[1]


def behind(nice: int) -> int:
    return min(NICEST, nice + NICER)


def test_a_thread_that_gives_way_is_nicer_and_no_other_is() -> None:
    before = niceness()

    def work() -> int:
        give_way()
        return niceness()

    assert in_thread(work) == behind(before)
    assert niceness() == before
    assert in_thread(niceness) == before


def test_it_stays_a_priority_that_there_is() -> None:
    def work() -> int:
        for _ in range(5):
            give_way()
        return niceness()

    assert in_thread(work) == NICEST


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the system call has another number")
def test_what_it_reads_comes_last_of_what_is_read_for_somebody() -> None:
    def work() -> int:
        give_way()
        priority: int = ctypes.CDLL(None).syscall(IOPRIO_GET, 1, threading.get_native_id())
        return priority

    kind, level = divmod(in_thread(work), 1 << 13)
    assert (kind, level) == (2, 7)


def test_only_the_crew_for_what_nobody_waits_for_gives_way() -> None:
    assert in_crew(CREW) == niceness()
    assert in_crew(QUIET_CREW) == behind(niceness())


def test_where_the_system_forbids_it_work_goes_on_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", refused)
    before = niceness()

    def work() -> int:
        give_way()
        return niceness()

    assert in_thread(work) == before
