"""Names of sources, families of rotated files, and what counts as a log."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.sources import discovery
from tui.sources.discovery import Searcher, family, is_text
from tui.sources.names import Names
from tui.sources.spec import State, parse_spec

PATHS = st.lists(
    st.lists(st.sampled_from(["a", "b", "logs", "app.log"]), min_size=1, max_size=5).map(lambda p: "/" + "/".join(p)),
    unique=True,
    max_size=8,
)


@settings(max_examples=150)
@given(PATHS, PATHS)
def test_names_are_unique_endings_of_their_paths_and_stay(first: list[str], later: list[str]) -> None:
    names = Names(["stdin"])
    given_first = names.give(first)
    given_later = names.give([path for path in later if path not in first])
    everything = [*given_first.items(), *given_later.items()]
    assert len({name for _, name in everything}) == len(everything)
    assert all(path.endswith(name) or " (" in name for path, name in everything)
    assert set(given_first) == set(first)


def test_a_name_is_the_shortest_ending_that_is_its_own() -> None:
    names = Names(["taken.log"])
    assert names.give(["/a/x.log", "/b/x.log", "/b/y.log", "/c/taken.log"]) == {
        "/a/x.log": "a/x.log",
        "/b/x.log": "b/x.log",
        "/b/y.log": "y.log",
        "/c/taken.log": "c/taken.log",
    }
    assert names.give(["/d/y.log", "/e/x.log"]) == {"/d/y.log": "d/y.log", "/e/x.log": "x.log"}


@pytest.mark.parametrize(
    "name",
    [
        "app.log.1",
        "app.log.2.gz",
        "app.log.10.zst",
        "app.log-20240102",
        "app.log-20240102.gz",
        "app-20240102.log",
        "app-2024-01-02.log.gz",
        "app.log.2024-01-02T03:04",
        "app.log.20240102-030405",
    ],
)
def test_rotated_names_belong_to_their_file(name: str) -> None:
    assert family(f"/logs/{name}") == family("/logs/app.log")


@pytest.mark.parametrize("name", ["app-1.log", "app2.log", "app.err.log", "app.log.err", "other.log"])
def test_other_names_do_not(name: str) -> None:
    assert family(f"/logs/{name}") != family("/logs/app.log")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"2026-01-02 line\n", True),
        ("späte Zeile ✓\n".encode(), True),
        ("späte Zeile\n".encode("latin-1"), True),
        (b"\x1b[31mred\x1b[0m line\n", True),
        ("line\n".encode("utf-16"), True),
        (bytes(5000) + b"after a truncation\n", True),
        (gzip.compress(b"line\n"), True),
        (b"20260102-03:04:05 8=FIX.4.2\x019=65\x0135=A\x0149=S\x0110=62\x01\n", True),
        (b"\x7fELF\x02\x01\x01\0\0", False),
        (bytes(range(1, 32)) * 4, False),
        (gzip.compress(b"ustar\0\0\0\1\2\3"), False),
    ],
    ids=["ascii", "utf8", "latin1", "colours", "utf16", "filler", "gzip", "fix", "program", "controls", "archive"],
)
def test_text_is_told_from_other_content(tmp_path: Path, content: bytes, text: bool) -> None:
    (tmp_path / "x").write_bytes(content)
    assert is_text(str(tmp_path / "x")) is text


def found(text: str) -> list[str]:
    return [os.path.basename(path) for path in Searcher(parse_spec(text)).search().paths]


def test_a_folder_gives_logs_by_name_and_content(tmp_path: Path) -> None:
    logs = ["app.log", "app.log.1", "syslog", "messages", "out.txt", "trace.json", "events.ndjson", "catalina.out"]
    others = ["main.py", "README.md", "conf.yaml", "key.pem", "app.pid", "app.log.swp", "notes~", ".hidden"]
    for name in logs + others:
        (tmp_path / name).write_text("text\n")
    for name in ("node_modules", ".git"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "deep.log").write_text("text\n")
    assert found(str(tmp_path)) == sorted(logs)


def test_a_pattern_gives_whatever_matches_unless_it_is_binary(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.md").write_text("text\n")
    (tmp_path / "b.md").write_text("text\n")
    (tmp_path / "c.md").write_bytes(bytes(range(256)))
    (tmp_path / "d.md").mkdir()
    assert found(str(tmp_path / "*.md")) == ["b.md"]
    assert found(str(tmp_path / "**" / "*.md")) == ["b.md", "a.md"]


def test_a_compression_that_is_not_read_is_passed_over_in_a_folder_but_named_when_matched(tmp_path: Path) -> None:
    (tmp_path / "a.log.zst").write_bytes(b"\x28\xb5\x2f\xfd" + bytes(20))
    assert found(str(tmp_path)) == []
    assert found(str(tmp_path / "*.zst")) == ["a.log.zst"]


def test_folders_are_entered_to_a_sane_depth_and_circles_are_not_walked(tmp_path: Path) -> None:
    deep = tmp_path
    for level in range(12):
        (deep / f"{level}.log").write_text("text\n")
        deep = deep / "d"
        deep.mkdir()
    (tmp_path / "circle").symlink_to(tmp_path)
    assert found(str(tmp_path)) == [f"{level}.log" for level in range(discovery.DEEPEST)]


def test_endless_folders_are_given_up_with_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "MOST_ENTRIES", 5)
    for number in range(10):
        (tmp_path / f"{number}.log").write_text("text\n")
    searcher = Searcher(parse_spec(str(tmp_path)))
    assert len(searcher.search().paths) == 5
    assert searcher.news(follow=True) == (State.LIVE, searcher.last.problem)
    assert "more than 5 entries" in searcher.last.problem


def test_an_ordinary_find_is_not_worth_a_word_and_a_change_for_the_better_is(tmp_path: Path) -> None:
    searcher = Searcher(parse_spec(str(tmp_path)))
    searcher.search()
    assert searcher.news(follow=True) == (State.RETRYING, f"no log files in {tmp_path} yet")
    assert searcher.news(follow=True) is None
    (tmp_path / "a.log").write_text("text\n")
    searcher.search()
    assert searcher.news(follow=True) == (State.LIVE, "1 file")
    other = Searcher(parse_spec(str(tmp_path)))
    other.search()
    assert other.news(follow=True) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who may not read")
def test_a_folder_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    spec = parse_spec(str(tmp_path))
    os.seteuid(65534)
    try:
        searcher = Searcher(spec)
        searcher.search()
    finally:
        os.seteuid(0)
    assert "permission denied" in searcher.last.problem
