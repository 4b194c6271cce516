"""A store of traces is asked for the traces of a request; what comes of it are spans, or clear words."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterator

import pytest

from tests.sources.stores import (
    T0_NS,
    TRACE,
    Answers,
    Says,
    Store,
    jaeger_new,
    jaeger_old,
    says,
    stores,
    tempo,
    web_page,
    zipkin,
)
from tests.sources.waiting import wait_until
from tui.record import Chunk
from tui.sources.spec import State, Status, parse_spec
from tui.sources.streams import Asked, Ends, open_backend

Start = Callable[[Answers], Store]
V3, V1 = f"/api/v3/traces/{TRACE}", f"/api/traces/{TRACE}"
ZIPKIN = f"/api/v2/trace/{TRACE}"
TEMPO = f"/api/v2/traces/{TRACE}"
TOKEN = "hunter" + "2horse"


@pytest.fixture
def store() -> Iterator[Start]:
    yield from stores()


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes seconds otherwise."""
    monkeypatch.setattr("tui.sources.backend.AGAIN_S", (0.01,))
    monkeypatch.setattr("tui.sources.backend.MISSING_S", (0.01, 0.01))
    monkeypatch.setattr("tui.sources.spec.FIRST_DELAY_S", 0.01)
    monkeypatch.setenv("no_proxy", "*")


class Asking:
    """A source that was asked for the trace, and what came of it."""

    def __init__(self, text: str) -> None:
        self.chunks: list[Chunk] = []
        self.states: list[Status] = []
        self.source: Asked = open_backend(parse_spec(text), Ends(self.chunks.append, self.states.append))
        self.source.start()
        self.source.ask([TRACE])
        wait_until(lambda: not self.source.busy, lambda: self.states)
        self.source.stop()

    @property
    def lines(self) -> list[bytes]:
        return b"".join(one.data for one in self.chunks).splitlines()

    @property
    def last(self) -> tuple[State, str]:
        return self.states[-1].state, self.states[-1].detail


@pytest.mark.parametrize(
    ("scheme", "answers", "asked", "lines"),
    [
        ("jaeger", {V3: jaeger_new()}, [V3], 2),
        ("jaeger", {V1: jaeger_old()}, [V3, V1], 1),
        ("jaeger", {V3: web_page(), V1: jaeger_old()}, [V3, V1], 1),
        ("jaeger", {V3: Says(400, b"{}"), V1: jaeger_old()}, [V3, V1], 1),
        ("zipkin", {ZIPKIN: zipkin()}, [ZIPKIN], 1),
        ("tempo", {TEMPO: tempo("trace")}, [TEMPO], 2),
        ("tempo", {V1: tempo("batches")}, [TEMPO, V1], 2),
    ],
)
def test_the_spans_of_a_trace_come_as_lines(
    store: Start, scheme: str, answers: Answers, asked: list[str], lines: int
) -> None:
    there = store(answers)
    found = Asking(f"{scheme}:http://{there.host}/")
    assert len(found.lines) == lines
    assert there.paths == asked, "an old trace is fetched once"
    assert found.last == (State.IDLE, f"{lines} span{'s' * (lines > 1)} of 5b8e…0c")


def test_the_path_of_an_address_is_kept(store: Start) -> None:
    there = store({f"/jaeger/ui{V3}": jaeger_new()})
    assert len(Asking(f"jaeger:http://{there.host}/jaeger/ui").lines) == 2


def test_what_is_incomplete_there_is_said(store: Start) -> None:
    there = store({TEMPO: tempo("trace", partial=True)})
    assert Asking(f"tempo:http://{there.host}").last[1] == "2 spans of 5b8e…0c; the trace is incomplete there"


def test_a_trace_that_grows_is_fetched_until_nothing_changes(store: Start) -> None:
    now_ns = time.time_ns()
    growing = [jaeger_new(1, now_ns), jaeger_new(3, now_ns), jaeger_new(3, now_ns)]
    there = store({V3: growing})
    found = Asking(f"jaeger:http://{there.host}")
    assert len(there.paths) == 3
    assert [json.loads(line)["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["name"] for line in found.lines] == [
        "step 0",
        "step 1",
        "step 2",
    ]


def test_a_trace_that_is_not_there_yet_is_looked_for_again(store: Start) -> None:
    nothing = Says(404, b"")
    there = store({TEMPO: [nothing, nothing, tempo("trace")]})
    assert len(Asking(f"tempo:http://{there.host}").lines) == 2
    found = Asking(f"zipkin:http://{store({}).host}")
    assert found.last == (State.IDLE, "knows nothing of 5b8e…0c")
    assert Asking(f"jaeger:http://{store({V3: says({'result': {'resourceSpans': []}})}).host}").last == found.last


def test_who_asks_us_to_wait_is_asked_again_then(store: Start) -> None:
    busy = Says(429, b"", {"Retry-After": "0"})
    broken = Says(503, b"down")
    there = store({V3: [busy, broken, jaeger_new()]})
    found = Asking(f"jaeger:http://{there.host}")
    assert len(found.lines) == 2
    told = [one.detail for one in found.states if one.state is State.RETRYING]
    assert told[0] == f"retrying in 0.0 s: too many requests for {there.host} (429)"
    assert told[1].endswith(f"{there.host} answered 503")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (jaeger_new()._replace(cut=40), "broke off in the middle"),
        (Says(500, b"{}"), "answered 500"),
        (Says(slow_s=20), "no answer from"),
    ],
)
def test_what_goes_on_failing_is_given_up_and_said(
    store: Start, monkeypatch: pytest.MonkeyPatch, answer: Says, words: str
) -> None:
    monkeypatch.setattr("tui.sources.asking.PIECE_S", 0.05)
    found = Asking(f"jaeger:http://{store({V3: answer}).host}")
    assert found.lines == []
    assert found.last[0] is State.GAP
    assert words in found.last[1]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Says(401, b""), "TRACETAIL_API_TOKEN"),
        (Says(403, b""), "do not suffice"),
        (Says(302, b"", {"Location": "http://elsewhere.example/"}), "sends us elsewhere (302)"),
        (web_page(), "something else than a trace: is this Zipkin's address?"),
        (says({"unexpected": True}), "something else than a trace"),
        (Says(200, gzip.compress(bytes(65 << 20), 1), {"Content-Encoding": "gzip"}), "64 MiB"),
        (Says(200, b"x", {"Content-Encoding": "gzip"}), "cannot be read"),
    ],
)
def test_what_cannot_get_better_ends_it_with_what_to_do(store: Start, answer: Says, words: str) -> None:
    there = store({ZIPKIN: answer})
    found = Asking(f"zipkin:http://{there.host}")
    assert found.last[0] is State.FAILED
    assert words in found.last[1]
    assert len(there.paths) == 1


def test_secrets_are_sent_and_never_told(store: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    there = store({V3: [jaeger_new(), Says(401, b"")]})
    monkeypatch.setenv("TRACETAIL_API_TOKEN", TOKEN)
    monkeypatch.setenv("TRACETAIL_API_HEADERS", "X-Scope-OrgID: shop")
    found = Asking(f"jaeger:http://{there.host}")
    assert there.asked[0][1]["Authorization"] == f"Bearer {TOKEN}"
    assert there.asked[0][1]["X-Scope-Orgid"] == "shop"
    spec = parse_spec(f"jaeger:http://me:{TOKEN}@{there.host}/?key={TOKEN}")
    failing = Asking(f"jaeger:http://me:{TOKEN}@{there.host}/?key={TOKEN}")
    assert failing.last[0] is State.FAILED
    assert TOKEN not in repr((found.states, failing.states, spec, failing.source.name))


def test_nobody_there_is_said(store: Start) -> None:
    there = store({})
    there.close()
    assert "nothing listens there" in Asking(f"tempo:http://{there.host}").last[1]


def test_the_times_of_the_fakes_are_old() -> None:
    assert abs(time.time_ns() - T0_NS) > 60e9
