"""`tracetail trace ID` asks stores of traces, and says what they cannot tell."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator

import pytest

from tests.sources.stores import TRACE, Answers, Says, Store, jaeger_new, stores, tempo
from tests.terminal import tracetail


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Answers], Store]]:
    monkeypatch.setenv("no_proxy", "*")
    yield from stores()


@pytest.fixture
def stored(store: Callable[[Answers], Store]) -> Store:
    return store({f"/api/v3/traces/{TRACE}": jaeger_new(2), f"/api/v2/traces/{TRACE}": tempo("trace")})


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(tracetail(*words), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


def test_one_trace_of_two_stores_is_told_once(stored: Store) -> None:
    sources = (f"jaeger:http://{stored.host}", f"tempo:http://{stored.host}")
    done = run("trace", TRACE.upper(), *sources, "--output", "json")
    assert (done.returncode, done.stderr) == (0, "")
    assert [span["name"] for span in json.loads(done.stdout)["spans"]] == ["step 0", "step 1"]


def test_what_failed_is_said_and_the_rest_is_told(stored: Store, store: Callable[[Answers], Store]) -> None:
    locked = store({f"/api/v2/trace/{TRACE}": Says(401, b"")})
    done = run("trace", TRACE, f"jaeger:http://{stored.host}", f"zipkin:http://{locked.host}", "--output", "json")
    assert done.returncode == 2
    assert "TRACETAIL_API_TOKEN" in done.stderr
    told = json.loads(done.stdout)
    assert len(told["spans"]) == 2
    assert "not authorised" in told["incomplete"][0]


def test_a_store_is_not_queried() -> None:
    done = run("query", "*", "jaeger:http://127.0.0.1:9")
    assert (done.returncode, done.stdout) == (2, "")
    assert "use tracetail trace ID" in done.stderr


def test_what_never_ends_is_not_explained() -> None:
    done = run("explain", "otlp:0", "tempo:http://127.0.0.1:9")
    assert (done.returncode, done.stdout) == (2, "")
    assert "otlp:0, tempo:127.0.0.1:9: is never all there" in done.stderr
