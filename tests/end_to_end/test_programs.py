"""Three programs in three languages; one failing request is read across all of them."""

from __future__ import annotations

import asyncio
import subprocess
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from websockets.asyncio.server import ServerConnection, serve

from tests.terminal import Terminal

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Open

SEED = "shop"
REQUESTS, RATE = "40", "40"
SERVICES = ("cart", "inventory", "payment")
TOLD = ("cart failed", "reserve failed", "card declined")
STACKS = ("CartUnavailable: cart c-35 is gone", "runtime error: index out of range", "app.js")


@pytest.fixture(scope="session")
def programs(python_program: list[str], go_program: list[str], node_program: list[str]) -> dict[str, list[str]]:
    options = ["--requests", REQUESTS, "--rate", RATE, "--seed", SEED]
    return {
        name: [*program, *options]
        for name, program in zip(SERVICES, (python_program, go_program, node_program), strict=True)
    }


def read_the_request(terminal: Terminal) -> None:
    """Filter while lines come, choose the last failed request, read its story in all three services."""
    # whichever of the three is there first
    terminal.wait_for(lambda screen: any(f" {service} " in screen for service in SERVICES))
    terminal.type("/level:error")
    terminal.wait_for(lambda screen: all(told in screen for told in TOLD) and "INFO" not in screen)
    # the rest of the lines comes in while the filter stands; 35 is the last request that fails
    terminal.wait_for(lambda screen: screen.count("cart failed") == 5 and screen.count("reserve failed") == 5)
    terminal.wait_for(lambda screen: screen.count("ERROR  payment") == 5)
    terminal.press("enter", "t")
    terminal.wait_for(lambda screen: "Request" in screen and "searching the sources" not in screen)
    story = terminal.wait_for(lambda screen: all(told in pane(screen) for told in (*TOLD, "loading cart")))
    assert all(service in pane(story) for service in SERVICES)
    assert "reserve started" in pane(story)
    assert "POST /charges started" in pane(story)
    # the stacks unfold beside their records
    for _ in TOLD:
        terminal.press("right", "up")
    terminal.press("q", "q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []


def pane(screen: str) -> str:
    return screen.rpartition(" Request ")[2]


def test_as_files(tmp_path: Path, programs: dict[str, list[str]], view: Open) -> None:
    paths = [tmp_path / f"{name}.log" for name in programs]
    for path in paths:
        path.touch()
    terminal = view(*paths, cols=140, rows=70)
    terminal.wait_for("3 sources")
    writers = [
        subprocess.Popen([*program, "--output", str(path)])
        for program, path in zip(programs.values(), paths, strict=True)
    ]
    try:
        read_the_request(terminal)
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()


def test_through_a_pipe(programs: dict[str, list[str]], pipeline: Open) -> None:
    together = " & ".join(" ".join(f"'{word}'" for word in program) for program in programs.values())
    read_the_request(pipeline(f"({together} & wait) | $TRACETAIL", cols=140, rows=70))


@pytest.fixture
def broadcast() -> Iterator[Callable[[dict[str, list[str]]], list[str]]]:
    """Serves what each program prints on a websocket of its own; gives the addresses."""
    stopping: list[Callable[[], object]] = []

    def start(programs: dict[str, list[str]]) -> list[str]:
        ready: threading.Event = threading.Event()
        ports: list[int] = []

        async def main() -> None:
            loop, done = asyncio.get_running_loop(), asyncio.Event()
            servers = [await serve(sender(program), "127.0.0.1", 0) for program in programs.values()]
            ports.extend(server.sockets[0].getsockname()[1] for server in servers)
            stopping.append(lambda: loop.call_soon_threadsafe(done.set))
            ready.set()
            await done.wait()
            for server in servers:
                server.close()

        thread = threading.Thread(target=asyncio.run, args=(main(),), daemon=True)
        thread.start()
        ready.wait(20)
        stopping.append(lambda: thread.join(10))
        return [f"ws://127.0.0.1:{port}/{name}" for port, name in zip(ports, programs, strict=True)]

    yield start
    for stop in stopping:
        stop()


def sender(program: list[str]) -> Callable[[ServerConnection], Awaitable[None]]:
    async def send(connection: ServerConnection) -> None:
        process = await asyncio.create_subprocess_exec(*program, stdout=asyncio.subprocess.PIPE)
        assert process.stdout
        while data := await process.stdout.read(1 << 16):
            await connection.send(data)
        await process.wait()

    return send


def test_through_websockets(
    programs: dict[str, list[str]], view: Open, broadcast: Callable[[dict[str, list[str]]], list[str]]
) -> None:
    direct = {"no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1"}
    read_the_request(view(*broadcast(programs), cols=140, rows=70, env=direct))
