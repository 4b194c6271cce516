"""The guilty service is among the first suspects, whatever was recorded of the incident."""

from __future__ import annotations

import json

import pytest

from tests.story.explain.incidents import Incident
from tests.story.explain.rates import NS, account_of, explained, place
from tui.parsing.parser import Parser
from tui.record import LineGroup
from tui.story.explain.account import Account, Window
from tui.story.explain.change import find_change


@pytest.mark.parametrize(
    ("seed", "fault", "logs", "spans"),
    [
        (100, "cpu", False, True),
        (101, "delay", False, True),
        (101, "kill", True, True),
        (100, "exception", True, False),
    ],
)
def test_the_culprit_is_found(seed: int, fault: str, logs: bool, spans: bool) -> None:
    made = Incident(seed, fault).run()
    assert place(made, explained(made, logs=logs, spans=spans)) <= 3


def test_the_time_of_the_change_is_found_when_nobody_says_it() -> None:
    made = Incident(101, "kill").run()
    account = account_of(made, logs=False, spans=True)
    assert account.bounds is not None
    quiet, troubled = find_change(account.lines, account.spans, account.bounds)
    assert troubled.start_ns is not None
    assert abs(troubled.start_ns / NS - made.change_s) < 15
    assert quiet.end_ns == troubled.start_ns


def test_two_quiet_times_have_no_strong_suspect() -> None:
    made = Incident(101, "cpu").run()
    half = int((made.change_s - 75) * NS)
    account = account_of(made, logs=False, spans=True)
    quiet = account.explain(Window(None, half), Window(half, int(made.change_s * NS))).suspects
    troubled = explained(made, logs=False).suspects
    assert not quiet or quiet[0].score < troubled[0].score / 2


@pytest.mark.parametrize(("written", "kind"), [(3, "client"), ("SPAN_KIND_SERVER", "server"), (0, ""), (None, "")])
def test_the_side_of_a_span_of_opentelemetry_is_seen(written: object, kind: str) -> None:
    span = {"traceId": "ab" * 16, "spanId": "cd" * 8, "name": "GET /", "startTimeUnixNano": "1700000000000000000",
            "endTimeUnixNano": "1700000000500000000", "kind": written}  # fmt: skip
    document = {"resourceSpans": [{"resource": {}, "scopeSpans": [{"spans": [span]}]}]}
    account = Account()
    account.add(Parser("t").record(LineGroup("t", 0, (json.dumps(document).encode(),))))
    assert [one.kind for one in account.spans] == [kind]


def test_requests_that_failed_are_held_against_those_that_went_well() -> None:
    made = Incident(111, "exception").run()
    account = account_of(made, logs=True, spans=False)
    everything = Window()
    assert place(made, account.explain(everything, everything, account.by_failure(everything))) <= 3
