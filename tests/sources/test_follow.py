"""One path followed a poll at a time, with real files and a clock that the test turns."""

from __future__ import annotations

import gzip
import itertools
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tui.sources import follow, rotated
from tui.sources.events import Grown
from tui.sources.follow import Followed, Now
from tui.sources.opening import open_reader
from tui.sources.segments import Known
from tui.sources.spec import State

if TYPE_CHECKING:
    from tests.sources.conftest import Transcript
    from tui.sources.reader import Reader

START_NS = 1_000_000_000 * 1_000_000_000
OLD = b"".join(b"2026-01-02T03:04:%02d old line %d\n" % (n % 60, n) for n in range(40))


class Turned:
    """A Followed, its transcript and its clock."""

    def __init__(self, path: Path, transcript: Transcript, *, follow: bool = True) -> None:
        self.said = transcript
        self.now_s = 0.0
        self.followed = Followed("app.log", str(path), Known(), itertools.count(1), follow=follow)

    def poll(self, after_s: float = 0.1) -> None:
        self.now_s += after_s
        for event in self.followed.poll(Now(self.now_s, START_NS + int(self.now_s * 1e9))):
            self.said.take(event)

    def content(self) -> bytes:
        return self.said.content("app.log")

    def reasons(self) -> list[str]:
        return self.said.reasons("app.log")

    def finals(self) -> list[int]:
        return [event.size for event in self.said.events if isinstance(event, Grown) and event.final]

    def states(self) -> list[State]:
        return self.said.states("app.log")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "app.log"
    path.write_bytes(OLD)
    return path


@pytest.fixture
def turned(log: Path, transcript: Transcript) -> Turned:
    one = Turned(log, transcript)
    one.poll()
    return one


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


def test_an_existing_file_is_opened_with_what_it_holds(turned: Turned) -> None:
    assert turned.content() == OLD
    assert turned.reasons() == ["first"]


def test_a_poll_without_a_change_says_nothing(turned: Turned) -> None:
    before = len(turned.said.events)
    turned.poll()
    assert len(turned.said.events) == before


def test_appended_bytes_are_announced(turned: Turned, log: Path) -> None:
    append(log, b"new\n")
    turned.poll()
    assert turned.content() == OLD + b"new\n"


def test_silence_makes_a_live_file_idle_and_a_line_makes_it_live(turned: Turned, log: Path) -> None:
    append(log, b"new\n")
    turned.poll()
    turned.poll(11)
    append(log, b"newer\n")
    turned.poll()
    assert turned.states()[-3:] == [State.LIVE, State.IDLE, State.LIVE]


def test_rename_and_create_reads_the_old_file_to_its_end_and_then_the_new_one(turned: Turned, log: Path) -> None:
    append(log, b"last of the old\n")
    log.rename(log.with_suffix(".log.1"))
    log.write_bytes(b"first of the new\n")
    turned.poll()
    assert turned.content() == OLD + b"last of the old\nfirst of the new\n"
    assert turned.reasons() == ["first", "rotated"]


def test_a_writer_that_changes_over_late_loses_nothing(turned: Turned, log: Path) -> None:
    rotated = log.with_suffix(".log.1")
    log.rename(rotated)
    log.write_bytes(b"new\n")
    turned.poll()
    append(rotated, b"late\n")
    turned.poll(0.8)
    append(rotated, b"later\n")
    turned.poll(0.8)
    assert turned.finals() == []
    turned.poll(1.1)
    assert turned.content() == OLD + b"late\nlater\nnew\n"
    assert turned.finals() == [len(OLD) + len(b"late\nlater\n")]


def test_a_second_writer_that_never_changes_over_does_not_hold_up_the_new_file_for_ever(
    turned: Turned, log: Path
) -> None:
    rotated = log.with_suffix(".log.1")
    log.rename(rotated)
    log.write_bytes(b"new\n")
    for _ in range(40):
        append(rotated, b"still here\n")
        turned.poll(0.5)
    assert len(turned.finals()) == 1
    assert "still being written" in turned.said.lost("app.log")[0].why


def test_several_replaced_files_become_final_in_their_order(turned: Turned, log: Path) -> None:
    for number in (2, 1):
        log.rename(log.with_suffix(f".log.{number}"))
        log.write_bytes(b"%d\n" % number)
        turned.poll(0.3)
    append(log.with_suffix(".log.2"), b"late\n")
    turned.poll(0.9)
    assert turned.finals() == []
    turned.poll(1.1)
    assert turned.finals() == [len(OLD) + len(b"late\n"), len(b"2\n")]


def test_a_replaced_file_is_watched_as_long_as_the_new_one_is_empty(turned: Turned, log: Path) -> None:
    rotated = log.with_suffix(".log.1")
    log.rename(rotated)
    log.touch()
    turned.poll()
    turned.poll(60)
    append(rotated, b"the writer has not noticed\n")
    turned.poll()
    assert b"has not noticed" in turned.content()


def test_a_rotated_and_deleted_file_is_still_read_to_its_end(turned: Turned, log: Path) -> None:
    with log.open("ab") as writer:
        log.unlink()
        log.write_bytes(b"new\n")
        turned.poll()
        writer.write(b"written to the deleted file\n")
        writer.flush()
        turned.poll()
    assert b"written to the deleted file" in turned.content()
    assert turned.said.again("app.log") == turned.content()


def test_files_that_came_and_went_between_two_polls_are_read_too(turned: Turned, log: Path) -> None:
    log.rename(log.with_suffix(".log.2"))
    log.with_suffix(".log.1").write_bytes(b"in between\n")
    log.write_bytes(b"newest\n")
    turned.poll()
    assert turned.content() == OLD + b"in between\nnewest\n"


def turn(log: Path, content: bytes) -> None:
    """Rotate the way Python's own handler does, and write into the new file."""
    rotated = sorted(log.parent.glob("app.log.*"), key=lambda path: int(path.suffix[1:]), reverse=True)
    for path in (*rotated, log):
        number = 0 if path == log else int(path.suffix[1:])
        path.rename(log.with_suffix(f".log.{number + 1}"))
    log.write_bytes(content)


def test_many_files_that_came_and_went_between_two_polls_are_read_in_their_order(turned: Turned, log: Path) -> None:
    lines = [b"line %d\n" % number for number in range(30)]
    for line in lines:
        turn(log, line)  # many within one step of the clock that dates them
    turned.poll()
    assert turned.content() == OLD + b"".join(lines)
    assert not turned.said.lost("app.log")


@pytest.mark.parametrize("opened_before", range(1, 7))
def test_files_that_are_renamed_while_they_are_looked_for_are_all_found(
    turned: Turned, log: Path, opened_before: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [b"line %d\n" % number for number in range(6)]
    for line in lines[:4]:
        turn(log, line)
    opened: list[str] = []

    def open_and_turn(path: str) -> Reader:
        opened.append(path)
        reader = open_reader(path)
        if len(opened) == opened_before:
            turn(log, lines[4])
            turn(log, lines[5])
        return reader

    for module in (follow, rotated):
        monkeypatch.setattr(module, "open_reader", open_and_turn)
    turned.poll()
    turned.poll()
    assert turned.content() == OLD + b"".join(lines[:6] if len(opened) >= opened_before else lines[:4])
    assert len(opened) >= 4


@pytest.mark.parametrize("unread", [b"", b"in between\n" * 40], ids=["none", "unread"])
@pytest.mark.parametrize("begun", [0, 1, 12, 30, 1000])
def test_a_file_that_is_compressed_while_it_is_looked_for_is_shown_once(
    turned: Turned, log: Path, begun: int, unread: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen with logrotate: the compressed file was still empty when it was opened, and its bytes passed for lines."""
    original, packed = log.with_suffix(".log.1"), log.with_suffix(".log.1.gz")
    if unread:  # one rotation is missed altogether
        turn(log, unread)
    turn(log, b"newest\n")
    content = gzip.compress(original.read_bytes())
    packed.write_bytes(content[:begun])

    def open_and_finish(path: str) -> Reader:
        reader = open_reader(path)
        if path == str(packed):
            packed.write_bytes(content)
        return reader

    for module in (follow, rotated):
        monkeypatch.setattr(module, "open_reader", open_and_finish)
    turned.poll()
    turned.poll()
    original.unlink()
    turned.poll()
    assert turned.content() == OLD + unread + b"newest\n"


def test_rotation_faster_than_the_polls_with_deletion_is_a_gap(turned: Turned, log: Path) -> None:
    log.unlink()
    log.with_suffix(".log.1").write_bytes(b"in between\n")
    log.write_bytes(b"newest\n")
    turned.poll()
    assert turned.content() == OLD + b"in between\nnewest\n"
    assert [lost.why for lost in turned.said.lost("app.log")] == ["rotated and deleted faster than it could be read"]


def test_a_replica_beside_the_file_is_not_taken_for_its_rotation(tmp_path: Path, transcript: Transcript) -> None:
    log = tmp_path / "app-1.log"
    log.write_bytes(OLD)
    turned = Turned(log, transcript)
    turned.poll()
    (tmp_path / "app-2.log").write_bytes(b"a replica's line\n")
    log.rename(tmp_path / "app-1.log.1")
    log.write_bytes(b"new\n")
    turned.poll()
    assert turned.content() == OLD + b"new\n"


def test_truncation_starts_again_and_says_what_may_be_lost(turned: Turned, log: Path) -> None:
    os.truncate(log, 0)
    append(log, b"after\n")
    turned.poll()
    assert turned.content() == OLD + b"after\n"
    assert turned.reasons() == ["first", "truncated"]
    (lost,) = turned.said.lost("app.log")
    assert lost.to_ns - lost.from_ns == 100_000_000
    assert State.GAP in turned.states()
    assert turned.states()[-1] is State.LIVE


def test_an_overwritten_segment_never_gives_the_bytes_of_its_successor(turned: Turned, log: Path) -> None:
    os.truncate(log, 0)
    append(log, b"after\n" * 1000)
    turned.poll()
    first = turned.said.segments["app.log"][0]
    assert turned.said.readers[first].pread(0, 100) == b""
    assert turned.said.readers[first].size() >= len(OLD)


def test_a_file_refilled_past_the_offset_between_polls_is_noticed(turned: Turned, log: Path) -> None:
    log.write_bytes(b"other content\n" * 1000)
    turned.poll()
    assert turned.reasons() == ["first", "refilled"]
    assert turned.content() == OLD + b"other content\n" * 1000


def test_a_file_refilled_to_the_very_same_size_is_noticed(turned: Turned, log: Path) -> None:
    log.write_bytes(OLD.replace(b"old", b"new"))
    turned.poll()
    assert turned.reasons() == ["first", "refilled"]


def test_after_copytruncate_the_copy_gives_what_was_overwritten_and_not_yet_read(turned: Turned, log: Path) -> None:
    append(log, b"written after the last poll\n")
    shutil.copy(log, log.with_suffix(".log.1"))
    os.truncate(log, 0)
    append(log, b"after\n")
    turned.poll()
    assert turned.content() == OLD + b"written after the last poll\nafter\n"
    assert turned.said.again("app.log") == turned.content()


def test_a_compressed_copy_serves_as_well(turned: Turned, log: Path) -> None:
    append(log, b"written after the last poll\n")
    log.with_suffix(".log.1.gz").write_bytes(gzip.compress(log.read_bytes()))
    os.truncate(log, 0)
    turned.poll()
    assert turned.said.again("app.log") == OLD + b"written after the last poll\n"


@pytest.mark.parametrize("seen_empty", [True, False])
def test_a_writer_that_does_not_append_leaves_nul_bytes_which_are_skipped(
    turned: Turned, log: Path, seen_empty: bool
) -> None:
    with log.open("r+b") as writer:
        writer.seek(0, os.SEEK_END)
        os.truncate(log, 0)
        if seen_empty:
            turned.poll()
        writer.write(b"after\n")
        writer.flush()
        turned.poll()
        writer.write(b"more\n")
        writer.flush()
        turned.poll()
    assert turned.content() == OLD + b"after\nmore\n"


def test_a_huge_hole_costs_no_reading(tmp_path: Path, transcript: Transcript) -> None:
    log = tmp_path / "app.log"
    with log.open("wb") as file:
        file.seek(1 << 40)
        file.write(b"after a terabyte of nothing\n")
    turned = Turned(log, transcript)
    turned.poll()
    assert turned.content() == b"after a terabyte of nothing\n"


def test_a_deleted_file_waits_and_its_return_is_a_new_segment(turned: Turned, log: Path) -> None:
    log.unlink()
    turned.poll()
    assert turned.states()[-1] is State.RETRYING
    assert "return" in turned.said.detail("app.log")
    log.write_bytes(b"back\n")
    turned.poll()
    assert turned.reasons() == ["first", "returned"]
    assert turned.content() == OLD + b"back\n"
    assert turned.states()[-1] is State.LIVE


def test_a_file_that_was_away_and_came_back_itself_goes_on(turned: Turned, log: Path) -> None:
    elsewhere = log.with_name("elsewhere")
    log.rename(elsewhere)
    turned.poll()
    append(elsewhere, b"while away\n")
    elsewhere.rename(log)
    turned.poll()
    assert turned.reasons() == ["first"]
    assert turned.content() == OLD + b"while away\n"
    assert turned.states()[-1] is State.LIVE


def test_a_rotation_that_is_undone_shows_nothing_twice(turned: Turned, log: Path) -> None:
    rotated = log.with_suffix(".log.1")
    log.rename(rotated)
    log.write_bytes(b"a mistake\n")
    turned.poll()
    rotated.rename(log)
    append(log, b"on\n")
    turned.poll()
    turned.poll()
    assert turned.reasons() == ["first", "rotated"]
    assert turned.content() == OLD + b"on\na mistake\n"


def test_a_file_saved_anew_by_an_editor_goes_on_without_repeating(turned: Turned, log: Path) -> None:
    saved = log.with_name("saved")
    saved.write_bytes(OLD + b"added\n")
    saved.rename(log)
    turned.poll()
    assert turned.reasons() == ["first"]
    assert turned.content() == OLD + b"added\n"
    append(log, b"more\n")
    turned.poll()
    assert turned.said.again("app.log") == OLD + b"added\nmore\n"


def test_a_short_first_line_that_every_run_writes_does_not_pass_for_the_old_file(
    tmp_path: Path, transcript: Transcript
) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(b"starting\n")
    turned = Turned(log, transcript)
    turned.poll()
    log.unlink()
    log.write_bytes(b"starting\nsecond run\n")
    turned.poll()
    assert turned.content() == b"starting\nstarting\nsecond run\n"


def test_a_link_that_is_turned_to_another_file_is_a_rotation(tmp_path: Path, transcript: Transcript) -> None:
    (tmp_path / "0.log").write_bytes(OLD)
    (tmp_path / "1.log").write_bytes(b"second\n")
    link = tmp_path / "current"
    link.symlink_to("0.log")
    turned = Turned(link, transcript)
    turned.poll()
    link.unlink()
    link.symlink_to("1.log")
    turned.poll()
    assert turned.content() == OLD + b"second\n"


def test_a_missing_file_is_waited_for(tmp_path: Path, transcript: Transcript) -> None:
    log = tmp_path / "app.log"
    turned = Turned(log, transcript)
    turned.poll()
    assert turned.states() == [State.RETRYING]
    assert transcript.detail("app.log") == f"no such file: waiting for {log} to appear"
    log.write_bytes(b"here\n")
    turned.poll()
    assert turned.content() == b"here\n"
    assert turned.reasons() == ["first"]


def test_a_missing_file_is_a_failure_when_nobody_waits(tmp_path: Path, transcript: Transcript) -> None:
    turned = Turned(tmp_path / "app.log", transcript, follow=False)
    turned.poll()
    assert turned.states() == [State.FAILED]
    assert transcript.detail("app.log") == "no such file"


def test_a_link_that_leads_nowhere_says_so(tmp_path: Path, transcript: Transcript) -> None:
    link = tmp_path / "app.log"
    link.symlink_to("nowhere")
    turned = Turned(link, transcript)
    turned.poll()
    assert "link leads nowhere" in transcript.detail("app.log")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who may not read")
def test_a_file_that_may_not_be_read_fails_and_is_opened_as_soon_as_it_may(
    tmp_path: Path, transcript: Transcript
) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(OLD)
    for folder in (tmp_path, *list(tmp_path.parents)[:2]):
        folder.chmod(0o755)
    log.chmod(0o600)
    turned = Turned(log, transcript)
    os.seteuid(65534)
    try:
        turned.poll()
    finally:
        os.seteuid(0)
    assert turned.states() == [State.FAILED]
    assert transcript.detail("app.log").startswith("permission denied")
    turned.poll()
    assert turned.content() == OLD


@pytest.mark.parametrize(
    ("make", "words"),
    [(os.mkdir, "is a folder"), (os.mkfifo, "is a pipe")],
)
def test_what_is_no_file_fails_with_plain_words(
    tmp_path: Path, transcript: Transcript, make: object, words: str
) -> None:
    path = tmp_path / "app.log"
    assert callable(make)
    make(path)
    turned = Turned(path, transcript)
    turned.poll()
    assert turned.states() == [State.FAILED]
    assert words in transcript.detail("app.log")


def test_an_empty_file_and_the_null_device_are_idle(tmp_path: Path, transcript: Transcript) -> None:
    turned = Turned(Path(os.devnull), transcript)
    turned.poll(100)
    assert turned.reasons() == ["first"]
    assert turned.states() in ([State.IDLE], [State.LIVE])


def test_a_binary_file_is_shown_with_a_note(tmp_path: Path, transcript: Transcript) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(bytes(range(256)) * 10)
    turned = Turned(log, transcript)
    turned.poll()
    assert turned.content() == bytes(range(256)) * 10
    assert transcript.detail("app.log").startswith("binary content")


def test_utf_16_is_read_as_what_it_says(tmp_path: Path, transcript: Transcript) -> None:
    log = tmp_path / "app.log"
    log.write_text("größe\n", encoding="utf-16")
    turned = Turned(log, transcript)
    turned.poll()
    assert turned.content() == "größe\n".encode()
    with log.open("ab") as file:
        file.write("more\n".encode("utf-16-le"))
    turned.poll()
    assert turned.content() == "größe\nmore\n".encode()


def test_a_compressed_file_is_decoded_step_by_step_and_its_fault_named(tmp_path: Path, transcript: Transcript) -> None:
    log = tmp_path / "app.log"
    content = os.urandom(3000).hex().encode() * 3000
    whole = gzip.compress(content, compresslevel=1)
    log.write_bytes(whole[:-8000])
    turned = Turned(log, transcript)
    turned.poll()
    steps = 1
    while turned.followed.busy:
        turned.poll(0)
        steps += 1
    assert steps > 1
    assert content.startswith(turned.content())
    assert transcript.detail("app.log").startswith("cut short")
    append(log, whole[-8000:])
    turned.poll()
    while turned.followed.busy:
        turned.poll(0)
    assert turned.content() == content
    assert transcript.detail("app.log") == ""


@pytest.mark.parametrize(
    ("magic", "words"),
    [(b"\x28\xb5\x2f\xfd", "zstd"), (b"\xfd7zXZ\0", "xz"), (b"BZh91AY", "bzip2")],
)
def test_other_compressions_are_named_with_the_way_around(
    tmp_path: Path, transcript: Transcript, magic: bytes, words: str
) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(magic + bytes(100))
    turned = Turned(log, transcript)
    turned.poll()
    assert turned.states() == [State.FAILED]
    assert words in transcript.detail("app.log")
    assert "| tracetail" in transcript.detail("app.log")


def test_without_following_a_file_ends_when_it_is_read(tmp_path: Path, transcript: Transcript) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(OLD)
    turned = Turned(log, transcript, follow=False)
    turned.poll()
    assert turned.content() == OLD
    assert turned.states() == [State.ENDED]
