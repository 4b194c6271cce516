"""What is sent to a session is masked before it is kept, and is a record like any other."""

from __future__ import annotations

import base64
import http.client
import json

from tests.sources.waiting import wait_until
from tui.session.pivot import Pivot
from tui.session.session import Session
from tui.settings import Settings
from tui.sources.spec import parse_spec
from tui.story.links import Request

TRACE = "5b8efff798038103d269b633813fc60c"
PASSWORD = "hunter" + "2horse"


def test_a_span_that_is_sent_is_masked_and_found_by_its_trace() -> None:
    session = Session([parse_spec("otlp:0")], Settings())
    session.start()
    try:
        source = session.sources["otlp:0"]
        wait_until(lambda: source.status.detail.startswith("listening on"), lambda: source.status)
        pivot = session.pivot(Pivot(Request(TRACE)))
        span = {
            "traceId": TRACE,
            "spanId": "eee19b7ec3c1b174",
            "name": "charge",
            "startTimeUnixNano": "1544712660000000000",
        }
        packed = base64.b64encode(PASSWORD.encode()).decode()
        told = [
            {"key": "db.password", "value": {"stringValue": PASSWORD}},
            {"value": {"bytesValue": packed}, "key": "password"},
            {"key": "n", "value": {"intValue": "7"}},
        ]
        posted = {"resourceSpans": [{"scopeSpans": [{"spans": [{**span, "attributes": told}]}]}]}
        connection = http.client.HTTPConnection("127.0.0.1", int(source.status.detail.rpartition(":")[2]), timeout=20)
        connection.request("POST", "/v1/traces", json.dumps(posted), {"Content-Type": "application/json"})
        assert connection.getresponse().status == 200
        connection.close()
        wait_until(pivot.records, lambda: session.lines)
        (record,) = pivot.records()
        assert record.span is not None
        assert (record.span.name, record.fields["n"]) == ("charge", 7)
        assert source.intake is not None
        assert source.intake.ring.held_bytes > 0
        kept = source.intake.ring.read(0, source.intake.ring.end)
        assert PASSWORD.encode() not in kept
        assert packed.encode() not in kept
        assert sum(session.redacted().values()) == 2
    finally:
        session.stop()
