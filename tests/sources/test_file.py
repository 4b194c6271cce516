"""Whole watches over real files and folders: the thread, the news, the names."""

from __future__ import annotations

import gzip
import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tui.sources.events import Changed, Found
from tui.sources.file import FileWatch
from tui.sources.spec import State, parse_spec

if TYPE_CHECKING:
    from tests.sources.conftest import Transcript, Watch, Watching


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


def numbered(first: int, count: int) -> bytes:
    return b"".join(b"2026-01-02T03:04:05Z service event number=%06d\n" % n for n in range(first, first + count))


def shows(watching: Watching, content: bytes) -> Callable[[], bool]:
    return lambda: watching.content("app.log") == content


def test_a_file_is_followed(tmp_path: Path, watch: Watch) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(b"one\n")
    watching = watch(str(log))
    watching.until(lambda: watching.content("app.log") == b"one\n")
    append(log, b"two\n")
    watching.until(lambda: watching.content("app.log") == b"one\ntwo\n")
    assert watching.names() == ["app.log"]


@pytest.mark.parametrize("native", [True, False])
def test_new_files_in_a_folder_and_below_it_appear(tmp_path: Path, watch: Watch, native: bool) -> None:
    watching = watch(str(tmp_path), native=native)
    watching.until(lambda: watching.detail(str(tmp_path)) == f"no log files in {tmp_path} yet")
    append(tmp_path / "a.log", b"a\n")
    watching.until(lambda: watching.content("a.log") == b"a\n")
    (tmp_path / "deep" / "er").mkdir(parents=True)
    append(tmp_path / "deep" / "er" / "b.log", b"b\n")
    watching.until(lambda: watching.content("b.log") == b"b\n")
    watching.until(lambda: watching.states(str(tmp_path))[-1] is State.LIVE)
    assert watching.detail(str(tmp_path)) == "2 files"


def test_new_files_that_match_a_pattern_appear(tmp_path: Path, watch: Watch) -> None:
    watching = watch(str(tmp_path / "*.log"))
    watching.until(lambda: "nothing matches" in watching.detail(str(tmp_path / "*.log")))
    append(tmp_path / "a.log", b"a\n")
    append(tmp_path / "a.txt", b"a\n")
    watching.until(lambda: watching.content("a.log") == b"a\n")
    assert watching.names() == ["a.log"]


def test_an_empty_file_in_a_folder_is_shown_when_its_name_says_log_else_with_its_first_line(
    tmp_path: Path, watch: Watch
) -> None:
    (tmp_path / "app.log").touch()
    (tmp_path / "other").touch()
    watching = watch(str(tmp_path))
    watching.until(lambda: watching.names() == ["app.log"])
    append(tmp_path / "other", b"line\n")
    watching.until(lambda: watching.content("other") == b"line\n")


def test_what_is_no_log_is_passed_over_in_a_folder_and_counted(
    tmp_path: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # addresses of sockets are short
    (tmp_path / "app.log").write_bytes(b"line\n")
    (tmp_path / "picture.log").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (tmp_path / "wtmp").write_bytes(os.urandom(4000))
    (tmp_path / "main.py").write_bytes(b"print()\n")
    (tmp_path / "old.log.gz").write_bytes(gzip.compress(b"old line\n"))
    (tmp_path / "archive.log.gz").write_bytes(gzip.compress(os.urandom(4000)))
    (tmp_path / ".hidden.log").write_bytes(b"line\n")
    (tmp_path / "broken.log").symlink_to("nowhere")
    os.mkfifo(tmp_path / "fifo.log")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("s.log")
        watching = watch(str(tmp_path))
        watching.until(lambda: watching.content("old.log.gz") == b"old line\n")
    assert watching.names() == ["app.log", "old.log.gz"]
    assert watching.detail(str(tmp_path)) == "2 files, 4 passed over: binary or no logs"


def test_a_folder_that_does_not_exist_yet_is_waited_for(tmp_path: Path, watch: Watch) -> None:
    folder = tmp_path / "logs"
    watching = watch(f"{folder}/")
    watching.until(lambda: watching.detail(str(folder)) == "no such folder")
    folder.mkdir()
    append(folder / "a.log", b"a\n")
    watching.until(lambda: watching.content("a.log") == b"a\n")


def test_a_folder_that_disappears_and_returns_is_followed_on(tmp_path: Path, watch: Watch) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    append(folder / "a.log", b"a\n")
    watching = watch(str(folder))
    watching.until(lambda: watching.content("a.log") == b"a\n")
    shutil.rmtree(folder)
    watching.until(lambda: watching.states("a.log")[-1] is State.RETRYING)
    folder.mkdir()
    append(folder / "a.log", b"again\n")
    watching.until(lambda: watching.content("a.log") == b"a\nagain\n")


def test_too_many_files_leave_out_the_oldest_and_say_so(tmp_path: Path, watch: Watch) -> None:
    for number in range(9):
        path = tmp_path / f"{number}.log"
        path.write_bytes(b"line\n")
        os.utime(path, (1000 + number, 1000 + number))
    watching = watch(str(tmp_path), most_files=4)
    watching.until(lambda: len(watching.names()) == 4)
    assert watching.names() == ["5.log", "6.log", "7.log", "8.log"]
    assert watching.detail(str(tmp_path)).startswith("4 files, 5 older ones left out")


def test_a_folder_whose_files_are_renamed_and_compressed_shows_each_line_once(tmp_path: Path, watch: Watch) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(numbered(0, 50))
    watching = watch(str(tmp_path))
    watching.until(lambda: watching.content("app.log"))
    for turn in range(1, 4):
        for older in range(turn - 1, 1, -1):
            (tmp_path / f"app.log.{older}.gz").rename(tmp_path / f"app.log.{older + 1}.gz")
        if turn > 1:
            rotated = tmp_path / "app.log.1"
            (tmp_path / "app.log.2.gz").write_bytes(gzip.compress(rotated.read_bytes()))
            rotated.unlink()
        log.rename(tmp_path / "app.log.1")
        append(log, numbered(50 * turn, 50))
        watching.until(shows(watching, numbered(0, 50 * (turn + 1))))
    append(tmp_path / "b.log", b"b\n")
    watching.until(lambda: watching.content("b.log"))
    assert watching.content("app.log") == watching.again("app.log") == numbered(0, 200)
    assert watching.names() == ["app.log", "b.log"]


def test_a_folder_whose_file_is_copied_and_truncated_shows_each_line_once(tmp_path: Path, watch: Watch) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(numbered(0, 50))
    watching = watch(str(tmp_path))
    watching.until(lambda: watching.content("app.log"))
    shutil.copy(log, tmp_path / "app.log.1")
    append(tmp_path / "b.log", b"b\n")
    watching.until(lambda: watching.content("b.log"))
    os.truncate(log, 0)
    append(log, numbered(50, 10))
    watching.until(lambda: watching.content("app.log") == numbered(0, 60))
    assert watching.names() == ["app.log", "b.log"]
    assert watching.again("app.log") == numbered(0, 60)


def test_a_new_replica_that_begins_like_another_is_shown_as_soon_as_it_goes_its_own_way(
    tmp_path: Path, watch: Watch
) -> None:
    (tmp_path / "app.1").write_bytes(b"starting\n")
    watching = watch(str(tmp_path))
    watching.until(lambda: watching.content("app.1"))
    (tmp_path / "app.2").write_bytes(b"starting\n")
    append(tmp_path / "b.log", b"b\n")
    watching.until(lambda: watching.content("b.log"))
    append(tmp_path / "app.1", b"one\n")
    watching.until(lambda: watching.content("app.1") == b"starting\none\n")
    append(tmp_path / "app.2", b"two\n")

    def own_way() -> bool:
        watching.watch.wake()
        return watching.content("app.2") == b"starting\ntwo\n"

    watching.until(own_way)


def test_one_file_under_two_names_is_shown_once(tmp_path: Path, watch: Watch) -> None:
    (tmp_path / "pods").mkdir()
    append(tmp_path / "pods" / "0.log", b"line\n")
    (tmp_path / "containers").mkdir()
    (tmp_path / "containers" / "web.log").symlink_to(tmp_path / "pods" / "0.log")
    watching = watch(str(tmp_path / "containers"), str(tmp_path / "pods"), str(tmp_path / "pods" / "0.log"))
    watching.until(lambda: watching.content("0.log"))
    append(tmp_path / "pods" / "1.log", b"end\n")
    watching.until(lambda: watching.content("1.log"))
    assert watching.names() == ["0.log", "1.log"]


def test_equal_file_names_get_their_folders_and_names_never_change(tmp_path: Path, watch: Watch) -> None:
    for service in ("cart", "pay"):
        (tmp_path / service).mkdir()
        append(tmp_path / service / "app.log", service.encode())
    watching = watch(str(tmp_path), taken_names=["stdin"])
    watching.until(lambda: watching.content("pay/app.log"))
    append(tmp_path / "app.log", b"late")
    append(tmp_path / "stdin", b"late")
    watching.until(lambda: len(watching.names()) == 4)
    assert watching.names()[:2] == ["cart/app.log", "pay/app.log"]
    assert sorted(watching.names()[2:]) == ["app.log", f"{tmp_path.name}/stdin"]


def test_without_following_the_watch_ends_by_itself(tmp_path: Path, watch: Watch) -> None:
    (tmp_path / "a.log").write_bytes(b"a\n")
    (tmp_path / "b.log.gz").write_bytes(gzip.compress(b"b\n"))
    watching = watch(str(tmp_path), str(tmp_path / "missing.log"), follow=False)
    watching.until(lambda: not watching.watch.alive)
    assert watching.content("a.log") == b"a\n"
    assert watching.content("b.log.gz") == b"b\n"
    assert (watching.states("a.log"), watching.states("b.log.gz")) == ([State.ENDED], [State.ENDED])
    assert (watching.states("missing.log"), watching.detail("missing.log")) == ([State.FAILED], "no such file")


def test_without_following_an_empty_folder_is_a_failure(tmp_path: Path, watch: Watch) -> None:
    watching = watch(str(tmp_path), follow=False)
    watching.until(lambda: not watching.watch.alive)
    assert watching.states(str(tmp_path)) == [State.FAILED]


def test_waking_looks_at_once(tmp_path: Path, watch: Watch) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(b"one\n")
    watching = watch(str(log), poll_s=3600.0, native=False)
    watching.until(lambda: watching.content("app.log"))
    append(log, b"two\n")
    watching.watch.wake()
    watching.until(lambda: watching.content("app.log") == b"one\ntwo\n")


def test_a_watch_that_never_hears_of_changes_still_sees_them(
    tmp_path: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_paths: object, **_options: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr("watchfiles.watch", broken)
    watching = watch(str(tmp_path))
    append(tmp_path / "a.log", b"a\n")
    watching.until(lambda: watching.content("a.log"))


def test_a_watch_is_started_and_stopped_without_anything_to_watch(transcript: Transcript) -> None:
    watch = FileWatch([parse_spec("-")], deliver=transcript.take)
    watch.start()
    watch.stop()
    assert transcript.events == []
    assert not watch.alive


def test_a_source_is_named_before_anything_is_said_of_it(tmp_path: Path, watch: Watch) -> None:
    watching = watch(str(tmp_path / "missing.log"))
    watching.until(lambda: watching.states("missing.log"))
    first, second = watching.events[:2]
    assert isinstance(first, Found)
    assert isinstance(second, Changed)
