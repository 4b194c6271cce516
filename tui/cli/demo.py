"""`tracetail demo`: a small shop goes live, its payment service goes wrong, and the viewer opens on it.

Owns the life of the shop's process, which `shop_writer` is; whatever ends this one ends that one too, and nothing of
it stays behind.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

OpenViewer = Callable[[list[str]], int]
"""Opens the viewer on these sources and returns its exit code."""

START_S = 20.0
STOP_S = 3.0


class ShopError(Exception):
    """The shop did not open; the message says why."""


class Shop:
    """The simulated shop as a process of its own, between `start` and `stop`."""

    def __init__(self, *, seed: int = 7, rate: float = 1.0) -> None:
        self._arguments = [str(seed), str(rate)]
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: str | None = None

    def start(self) -> list[str]:
        """Open the shop and return its sources: paths of log files and a ws:// address; ShopError when it cannot."""
        try:
            self._process = _spawn(self._arguments)
        except OSError as error:
            raise ShopError(str(error)) from None
        try:
            told = self._first_line(self._process)
        except BaseException:
            self.stop()
            raise
        if "sources" not in told:
            self.stop()
            raise ShopError(str(told.get("error", "its process ended at once")))
        self._folder = str(told["folder"])
        return [str(source) for source in told["sources"]]

    def _first_line(self, process: subprocess.Popen[bytes]) -> dict[str, Any]:
        assert process.stdout is not None
        deadline, text = time.monotonic() + START_S, b""
        while not text.endswith(b"\n"):
            ready, _, _ = select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                return {"error": f"no answer within {START_S:g} s"}
            piece = os.read(process.stdout.fileno(), 1 << 16)
            if not piece:
                return {}
            text += piece
        answer: dict[str, Any] = json.loads(text)
        return answer

    def stop(self) -> None:
        """Close the shop and wait until its process and files are gone; more than once does no harm."""
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        assert process.stdout is not None
        for end in (process.stdin.close, process.terminate, process.kill):
            with contextlib.suppress(OSError):
                end()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOP_S)
                break
        process.stdout.close()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> list[str]:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def _spawn(arguments: list[str]) -> subprocess.Popen[bytes]:
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
    return subprocess.Popen(
        # -P: a folder that the user happens to be in must not lend its modules.
        [sys.executable, "-P", "-m", "tui.cli.shop_writer", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
        # Neither ctrl+c nor a signal for the whole group may end it before it has cleaned up.
        start_new_session=True,
    )


def run_demo(open_viewer: OpenViewer, *, seed: int = 7, rate: float = 1.0) -> int:
    """Run the shop for as long as the viewer is open; the viewer's exit code, or 2 when the shop does not open."""
    _reach_directly("127.0.0.1")
    try:
        with Shop(seed=seed, rate=rate) as sources:
            return open_viewer(sources)
    except ShopError as error:
        click.echo(f"tracetail demo: the shop did not open: {error}", err=True)
        return 2


def _reach_directly(host: str) -> None:
    """A proxy of the environment must not stand between the viewer and the shop's websocket."""
    for name in ("no_proxy", "NO_PROXY"):
        os.environ[name] = ",".join(filter(None, [os.environ.get(name, ""), host]))


@click.command("demo", short_help="A live simulated incident to try everything on.")
@click.option("--seed", type=int, default=7, show_default=True, help="Another number, another day in the shop.")
@click.option(
    "--rate", type=click.FloatRange(0.05, 100), default=1.0, show_default=True, help="How busy: 1 is some 45 lines/s."
)
@click.pass_context
def command(context: click.Context, seed: int, rate: float) -> None:
    """Open the viewer on a simulated shop in trouble.

    Five services write real log files and a real websocket. Soon after the start a canary release of the payment
    service begins to fail. Everything is gone when the viewer closes.
    """
    # The one command that opens the viewer is handed it as the context's object, since commands know no screen.
    context.exit(run_demo(context.obj, seed=seed, rate=rate))
