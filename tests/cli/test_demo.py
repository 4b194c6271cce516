from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.terminal import Terminal, descendants, wait_until
from tui.cli import demo
from tui.cli.demo import Shop, ShopError, run_demo
from tui.cli.shop_writer import ROTATE_BYTES, LogFile

OWNER = """
import sys, time
from tui.cli.demo import run_demo
def viewer(sources):
    print(*sources, flush=True)
    time.sleep(600)
    return 0
sys.exit(run_demo(viewer))
"""


@pytest.fixture(autouse=True)
def temporary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """All temporary folders of the shop come to be in here, so that what stays behind is seen."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def shops(folder: Path) -> list[Path]:
    return list(folder.glob("tracetail-demo-*"))


def shop_processes(owner: int) -> list[int]:
    return [pid for pid, line in descendants(owner).items() if "shop_writer" in line]


def ended(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists() or ") Z " in Path(f"/proc/{pid}/stat").read_text()


def test_the_shop_opens_on_a_full_screen_of_history_and_goes_on(temporary: Path) -> None:
    with Shop() as sources:
        *paths, address = sources
        assert [Path(path).name for path in paths] == ["gateway.log", "cart.log", "payment.log", "inventory.log"]
        assert all(Path(path).is_relative_to(temporary) for path in paths)
        assert address.startswith("ws://127.0.0.1:")
        sizes = [os.path.getsize(path) for path in paths]
        assert min(sizes) > 100_000
        for path, size in zip(paths, sizes, strict=True):
            wait_until(lambda path=path, size=size: os.path.getsize(path) > size, what=f"{path} grows")  # type: ignore[misc]
            assert Path(path).read_bytes().endswith(b"\n")


def test_notifications_come_over_a_real_websocket_history_first() -> None:
    with Shop(rate=20) as sources, connect(sources[-1], proxy=None) as socket:
        received = 0
        # The history is some hundreds of lines; the rest is live.
        while received < 900:
            message = socket.recv(timeout=60)
            assert isinstance(message, str)
            for line in message.splitlines():
                assert json.loads(line)["service"] == {"name": "notification"}
                received += 1


def test_a_web_page_cannot_read_the_websocket() -> None:
    with Shop() as sources, pytest.raises(InvalidStatus, match="403"):
        connect(sources[-1], proxy=None, additional_headers={"Origin": "http://localhost:8000"})


def test_stopping_leaves_neither_process_nor_files_even_with_a_reader_connected(temporary: Path) -> None:
    shop = Shop()
    sources = shop.start()
    with connect(sources[-1], proxy=None):
        pids = shop_processes(os.getpid())
        assert len(pids) == 1
        shop.stop()
        assert shops(temporary) == []
        assert ended(pids[0])
        shop.stop()


def test_files_are_removed_even_when_the_shop_itself_was_killed(temporary: Path) -> None:
    with Shop():
        (pid,) = shop_processes(os.getpid())
        os.kill(pid, signal.SIGKILL)
    assert shops(temporary) == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_however_its_owner_dies_the_shop_cleans_up(number: signal.Signals, temporary: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert owner.stdout is not None
    try:
        assert b"ws://127.0.0.1" in owner.stdout.readline()
        (pid,) = shop_processes(owner.pid)
        assert len(shops(temporary)) == 1
    finally:
        owner.send_signal(number)
        owner.wait(20)
        owner.stdout.close()
    wait_until(lambda: ended(pid) and not shops(temporary), what="process and files are gone")


def test_a_terminal_that_goes_away_takes_the_shop_with_it(temporary: Path) -> None:
    with Terminal([sys.executable, "-c", OWNER]) as terminal:
        terminal.wait_for("ws://127.0.0.1")
        (pid,) = terminal.wait_process("shop_writer")
        terminal.hang_up()
        wait_until(lambda: ended(pid) and not shops(temporary), what="process and files are gone")


def test_the_demo_hands_its_sources_to_the_viewer_and_its_exit_code_back(
    temporary: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    seen: list[str] = []

    def viewer(sources: list[str]) -> int:
        seen.extend(sources)
        assert all(Path(source).exists() for source in sources[:-1])
        return 5

    result = CliRunner().invoke(demo.command, ["--seed", "3", "--rate", "2"], obj=viewer)
    assert result.exit_code == 5
    assert len(seen) == 5
    assert shops(temporary) == []
    assert result.output == ""
    assert capfd.readouterr() == ("", "")


def test_the_shop_closes_when_the_viewer_fails(temporary: Path) -> None:
    def viewer(sources: list[str]) -> int:
        raise RuntimeError(sources[0])

    with pytest.raises(RuntimeError, match=r"gateway\.log"):
        run_demo(viewer)
    assert shops(temporary) == []


@pytest.mark.parametrize("python", ["/nonexistent/python", "/bin/false"])
def test_a_shop_that_cannot_open_is_one_clear_line(
    python: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "executable", python)
    with pytest.raises(ShopError):
        Shop().start()
    assert run_demo(lambda _: 0) == 2
    error = capsys.readouterr().err
    assert error.startswith("tracetail demo: the shop did not open: ")
    assert error.count("\n") == 1


def test_a_log_is_rotated_before_it_grows_big(tmp_path: Path) -> None:
    log = LogFile(str(tmp_path / "x.log"))
    log.write(b"a" * ROTATE_BYTES + b"\n")
    log.write(b"second\n")
    log.write(b"third\n")
    log.close()
    assert (tmp_path / "x.log").read_bytes() == b"second\nthird\n"
    assert (tmp_path / "x.log.1").read_bytes().endswith(b"a\n")
