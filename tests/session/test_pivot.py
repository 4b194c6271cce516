"""Gathering a request finds every line of it in all sources, and goes on finding them."""

from __future__ import annotations

import random
import tempfile
from datetime import UTC
from pathlib import Path

import pytest

from tests.terminal import wait_until
from tui.parsing.parser import Parser
from tui.pipeline.track import Track
from tui.redaction.redactor import Redactor
from tui.session.pivot import Gathering, Pivot
from tui.session.session import Session
from tui.session.viewing import Viewing
from tui.settings import Settings
from tui.sources.once import open_all
from tui.sources.spec import parse_spec
from tui.store.blocks import FileBlocks
from tui.store.order import Entry, forward
from tui.story.links import Request

NOW = 1_795_442_531_000_000_000
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
REQUEST = "7d9f1c2e-8a4b-4c1d-9e2f-0a1b2c3d4e5f"


def tracks(*paths: Path) -> list[Track]:
    readers, errors = open_all([parse_spec(str(path)) for path in paths])
    assert not errors
    found = []
    for number, (name, reader) in enumerate(readers):
        blocks = FileBlocks()
        blocks.open_segment(reader, reader.size())
        parser = Parser(name, zone=UTC)
        found.append(Track(name, number, blocks, Redactor(b"k" * 32), parser, reference_ns=NOW))
    return found


def gather(request: Request, *paths: Path) -> Gathering:
    gathering = Gathering(request)
    shares = list(gathering.sweep(tracks(*paths)))
    assert shares[-1] == 1.0
    return gathering


def noise(lines: int) -> str:
    return "".join(
        f'{{"time":"2026-11-23T14:00:{number % 60:02d}Z","level":"info","msg":"other","trace_id":"{number:032x}"}}\n'
        for number in range(1, lines + 1)
    )


def test_lines_that_only_share_a_linked_id_are_found_wherever_they_stand(tmp_path: Path) -> None:
    a, b, c = tmp_path / "a.log", tmp_path / "b.log", tmp_path / "c.log"
    a.write_text(
        noise(3000)
        + f'{{"time":"2026-11-23T14:00:01Z","msg":"in","request_id":"{REQUEST}","trace_id":"{TRACE}"}}\n'
        + noise(3000)
    )
    b.write_text(f"time=2026-11-23T14:00:02Z level=info msg=work trace_id={TRACE.upper()}\n" + noise(2000))
    c.write_text(noise(10) + f"2026-11-23 14:00:03,000 ERROR failed request_id={REQUEST.replace('-', '')}\n  at x\n")
    found = gather(Request(REQUEST), a, b, c).records()
    assert [one.message for one in found] == ["in", "work", "failed request_id=" + REQUEST.replace("-", "")]
    assert len(gather(Request(TRACE), a, b, c).records()) == 3


def test_all_notations_of_an_id_are_found_in_one_pass_newest_first(tmp_path: Path) -> None:
    old, new = tmp_path / "old.log", tmp_path / "new.log"
    old.write_text(f'{{"time":"2026-11-23T14:00:01Z","msg":"first","trace_id":"{TRACE}"}}\n' + noise(30_000))
    low = int(TRACE[16:], 16)
    new.write_text(noise(30_000) + f'{{"time":"2026-11-23T14:00:02Z","msg":"newest","dd.trace_id":"{low}"}}\n')
    gathering = Gathering(Request(TRACE))
    shares, counts = [], []
    for share in gathering.sweep(tracks(old, new)):
        shares.append(share)
        counts.append([one.message for one in gathering.candidates.values()])
    assert counts[-1] == ["newest", "first"]
    assert shares == sorted(shares)
    assert shares[counts.index(["newest"])] < 0.5 < shares[counts.index(["newest", "first"])]


@pytest.mark.parametrize("seed", range(10, 18))
def test_a_sweep_finds_what_looking_at_every_record_finds(seed: int) -> None:
    """However ids lead to one another over the files, and in whichever notation they are written."""
    chance = random.Random(seed)
    ids = [f"{chance.getrandbits(128):032x}" for _ in range(8)]
    spelled = (str, str.upper, lambda one: f"{one[:8]}-{one[8:12]}-{one[12:16]}-{one[16:20]}-{one[20:]}")
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{name}.log" for name in "abc"]
        for path in paths:
            parts = []
            for _ in range(chance.randrange(1, 6)):
                one, two = chance.sample(ids, 2)
                parts += [noise(chance.choice([0, 10, 4000, 9000]))]
                parts += [
                    f'{{"time":"2026-11-23T14:00:01Z","msg":"m","trace_id":"{chance.choice(spelled)(one)}",'
                    f'"request_id":"{chance.choice(spelled)(two)}"}}\n'
                ]
            path.write_text("".join(parts))
        every = Request(ids[0])
        records = [entry.record for track in tracks(*paths) for entry in forward([track]) if entry.record is not None]
        before = None
        while before != (before := every.needles()):
            for record in records:
                every.offer(record)
        expected = {one.key for one in records if every.belongs(one)}
        assert {one.key for one in gather(Request(ids[0]), *paths).records()} == expected


def test_a_request_that_is_nowhere_has_no_lines(tmp_path: Path) -> None:
    a = tmp_path / "a.log"
    a.write_text(noise(100))
    assert gather(Request("no-such-request-id"), a).records() == ()


def test_an_open_pivot_finds_what_is_written_later_in_any_file(tmp_path: Path) -> None:
    a, b = tmp_path / "a.log", tmp_path / "b.log"
    line = f'{{{{"time":"2026-11-23T14:00:{{second:02d}}Z","level":"info","msg":"{{text}}","trace_id":"{TRACE}"}}}}\n'
    a.write_text(line.format(second=1, text="first"))
    b.write_text(noise(5))
    session = Session([parse_spec(str(a)), parse_spec(str(b))], Settings(), redactor=Redactor(b"k" * 32))
    session.start()
    try:
        wait_until(lambda: len(session.tracks_now()) == 2, what="both files")
        pivot = session.pivot(Pivot(Request(TRACE)))
        wait_until(lambda: pivot.progress.done, what="the first sweep")
        assert [one.message for one in pivot.records()] == ["first"]
        with b.open("a") as file:
            file.write(line.format(second=2, text="second") + noise(3))
        wait_until(lambda: len(pivot.records()) == 2, what="the line in the other file")
        with a.open("a") as file:
            file.write(f"2026-11-23 14:00:03,000 ERROR third trace_id={TRACE}\nTraceback (most recent call last):\n")
        wait_until(lambda: len(pivot.records()) == 3, what="the third line")
        with a.open("a") as file:
            file.write('  File "x.py", line 1, in f\nValueError: late\n')
        wait_until(lambda: "ValueError: late" in pivot.records()[-1].raw, what="the rest of the stack")
        assert not pivot.failed
    finally:
        session.stop()


def test_records_of_a_pivot_are_not_sampled_out(tmp_path: Path) -> None:
    a = tmp_path / "a.log"
    line = '{{"time":"2026-11-23T14:00:{second:02d}Z","level":"info","msg":"{text}","trace_id":"{trace}"}}\n'
    a.write_text(line.format(second=1, text="first", trace=TRACE))
    session = Session([parse_spec(str(a))], Settings(sample="1/999999999"), redactor=Redactor(b"k" * 32))
    session.start()
    try:
        wait_until(lambda: session.tracks_now(), what="the file")
        pivot = session.pivot(Pivot(Request(TRACE)))
        wait_until(lambda: pivot.progress.done, what="the sweep")
        viewing = Viewing(session)
        viewing.to_end()
        wait_until(lambda: viewing.take_in() and not viewing.loading, what="the first rows")
        with a.open("a") as file:
            file.write(
                line.format(second=2, text="pinned", trace=TRACE) + line.format(second=3, text="other", trace="a" * 32)
            )

        def messages() -> list[str]:
            viewing.take_in()
            return [row.record.message for row in viewing.window.rows if isinstance(row, Entry) and row.record]

        wait_until(lambda: "pinned" in messages(), what="the pinned line")
        assert "other" not in messages()
        assert session.sampler.withheld >= 1
    finally:
        session.stop()


def test_a_cut_link_leaves_the_request_and_comes_back(tmp_path: Path) -> None:
    log = tmp_path / "shop.log"
    log.write_text(
        f'{{"level":"info","msg":"asked","trace_id":"{TRACE}"}}\n'
        f'{{"level":"info","msg":"linked","trace_id":"{TRACE}","request_id":"{REQUEST}"}}\n'
        f'{{"level":"info","msg":"found","request_id":"{REQUEST}"}}\n'
    )
    pivot = Pivot(Request(f"trace_id={TRACE}"))
    found = tracks(log)
    pivot.start(lambda: found, lambda: None)
    try:
        assert wait_until(lambda: len(pivot.records()) == 3 and pivot.progress.done)
        last = pivot.records()[-1]
        why = pivot.why(last.key)
        assert why is not None
        assert [step.via for step in why.steps] == [pivot.records()[1].key]
        pivot.cut(why.shared)
        assert wait_until(lambda: len(pivot.records()) == 2)
        assert pivot.why(last.key) is None
        assert any("was cut off" in reason for reason in pivot.incomplete())
        pivot.restore(pivot.cuts[-1])
        assert wait_until(lambda: len(pivot.records()) == 3)
        assert not pivot.cuts
    finally:
        pivot.close()
