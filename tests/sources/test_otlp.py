"""Senders of OpenTelemetry over HTTP: what they post arrives once, and whatever is wrong is answered as they expect."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.sources.receiving import PROTOBUF, Receive
from tests.sources.waiting import wait_until
from tui.parsing.protobuf import written

DOCUMENTS = Path(__file__).parents[1] / "cases" / "documents"
SPANS = (DOCUMENTS / "otlp_spans.pb").read_bytes()
LOGS = (DOCUMENTS / "otlp_logs.pb").read_bytes()
JSON_SPANS = (DOCUMENTS / "otlp_spans.jsonl").read_bytes().splitlines()[0]
JSON = {"Content-Type": "application/json; charset=utf-8"}


def test_protobuf_json_and_gzip_arrive_as_a_span_a_line(receive: Receive) -> None:
    there = receive()
    assert there.post("/v1/traces", SPANS)[:2] == (200, b"")
    assert len(there.lines) == 3
    packed = gzip.compress(LOGS)
    assert there.post("/v1/logs", packed, {**PROTOBUF, "Content-Encoding": "gzip"})[:2] == (200, b"")
    assert len(there.lines) == 5
    fresh = JSON_SPANS.replace(b"1818e811892f902b", b"0000e811892f902b")
    status, body, headers = there.post("/some/prefix/v1/traces", fresh, JSON)
    assert (status, body, headers["Content-Type"]) == (200, b"{}", "application/json")
    spans = [line["resourceSpans"][0]["scopeSpans"][0]["spans"] for line in there.lines if "resourceSpans" in line]
    assert [len(one) for one in spans] == [1, 1, 1, 1]
    starts = [int(one[0]["startTimeUnixNano"]) for one in spans[:3]]
    assert starts == sorted(starts), "those of one message are in time order"


def test_an_empty_message_is_taken(receive: Receive) -> None:
    there = receive()
    assert there.post("/v1/traces", b"")[:2] == (200, b"")
    assert there.post("/v1/logs", b"{}", JSON)[:2] == (200, b"{}")
    assert there.chunks == []


def test_what_is_sent_again_is_left_out_and_counted(receive: Receive) -> None:
    there = receive()
    for _ in range(3):
        there.post("/v1/traces", SPANS)
        there.post("/v1/logs", LOGS)
    assert len(there.lines) == 5
    wait_until(lambda: "8 sent again, left out" in there.states[-1].detail, lambda: there.states[-1])


def test_metrics_are_taken_and_counted(receive: Receive) -> None:
    there = receive()
    two = written(1, written(2, written(2, written(1, b"a")) + written(2, written(1, b"b"))))
    assert there.post("/v1/metrics", two)[:2] == (200, b"")
    posted = {"resourceMetrics": [{"scopeMetrics": [{"metrics": [{"name": "c"}]}]}]}
    assert there.post("/v1/metrics", json.dumps(posted), JSON)[:2] == (200, b"{}")
    wait_until(lambda: "metrics counted: 3" in there.states[-1].detail)
    assert there.chunks == []


@pytest.mark.parametrize(
    ("path", "body", "headers", "status", "answer"),
    [
        ("/v1/traces", b"\xff\xff", PROTOBUF, 400, b"\x08\x03\x12"),
        ("/v1/traces", SPANS[:-3], PROTOBUF, 400, b"\x08\x03\x12"),
        ("/v1/traces", b'{"resourceSpans":', JSON, 400, b'{"code":3,"message":'),
        ("/v1/traces", b'{"resourceSpans": 7}', JSON, 400, b'{"code":3,"message":'),
        ("/v1/traces", b"[]", JSON, 400, b'{"code":3,"message":'),
        ("/v1/traces", b"[" * 5000, JSON, 400, b'{"code":3,"message":'),
        ("/v1/traces", b"x", {"Content-Type": "text/plain"}, 415, b"send application/x-protobuf"),
        ("/v1/traces", b"x", {**PROTOBUF, "Content-Encoding": "zstd"}, 415, b"bodies are"),
        ("/v1/traces", b"x", {**PROTOBUF, "Content-Encoding": "gzip"}, 400, b"the compressed body is cut"),
        ("/v2/traces", b"", PROTOBUF, 404, b"nothing"),
        ("/v1/traces", b"", {**PROTOBUF, "Origin": "https://evil.example"}, 403, b"a web page"),
        ("/v1/traces", b"", {**PROTOBUF, "Host": "evil.example"}, 403, b"addressed"),
    ],
)
def test_what_cannot_be_taken_is_answered(
    receive: Receive, path: str, body: bytes, headers: Mapping[str, str], status: int, answer: bytes
) -> None:
    there = receive()
    found, told, _ = there.post(path, body, headers)
    assert (found, told[: len(answer)]) == (status, answer)
    assert there.chunks == []


def test_a_span_that_makes_no_sense_is_rejected_and_the_others_are_taken(receive: Receive) -> None:
    there = receive()
    bad = written(2, written(5, b"name") + b"\x0a\x63")
    good = written(2, written(5, b"name"))
    status, answer, _ = there.post("/v1/traces", written(1, written(2, bad + good)))
    assert status == 200
    assert answer[2:4] == b"\x08\x01", "one rejected span in a partial success"
    assert len(there.lines) == 1


def test_a_browser_of_this_machine_may_ask_and_send(receive: Receive) -> None:
    there = receive()
    page = {"Origin": "http://localhost:3000"}
    asked = {**page, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,x-a"}
    status, _, headers = there.post("/v1/traces", None, asked, method="OPTIONS")
    assert (status, headers["Access-Control-Allow-Origin"]) == (204, page["Origin"])
    assert headers["Access-Control-Allow-Headers"] == "content-type,x-a"
    _, _, headers = there.post("/v1/traces", b"{}", {**page, **JSON})
    assert headers["Access-Control-Allow-Origin"] == page["Origin"]
    allowing = receive(allow_origins="https://app.example")
    assert allowing.post("/v1/traces", b"{}", {**JSON, "Origin": "https://app.example"})[0] == 200


def test_chunks_and_several_requests_on_a_connection_are_taken(receive: Receive) -> None:
    there = receive()
    assert there.post("/v1/traces", iter([SPANS[:100], SPANS[100:]]))[0] == 200
    connection = http.client.HTTPConnection("127.0.0.1", there.port, timeout=20)
    for body in (SPANS, b"\xff", LOGS):
        connection.request("POST", "/v1/traces" if body is SPANS else "/v1/logs", body, PROTOBUF)
        connection.getresponse().read()
    connection.close()
    assert len(there.lines) == 5


def test_too_large_a_body_is_refused_by_what_is_said_of_it(receive: Receive) -> None:
    there = receive()
    with socket.create_connection(("127.0.0.1", there.port), timeout=20) as connection:
        connection.sendall(
            b"POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: 99999999999\r\nExpect: 100-continue\r\n\r\n"
        )
        answer = connection.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"Connection: close" in answer


def test_who_is_refused_while_sending_gets_the_answer(receive: Receive) -> None:
    there = receive()
    assert there.post("/nowhere", bytes(20 << 20))[0] == 404


def test_a_fault_of_ours_is_said_and_the_next_request_is_answered(
    receive: Receive, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = receive()
    with monkeypatch.context() as broken, pytest.raises(http.client.RemoteDisconnected):
        broken.setattr("tui.sources.otlp.elements", lambda *_: 1 // 0)
        there.post("/v1/traces", SPANS)
    wait_until(lambda: "could not be answered (ZeroDivisionError)" in there.states[-1].detail)
    assert there.post("/v1/traces", SPANS)[0] == 200


def test_what_was_read_before_a_fault_in_a_message_is_taken(receive: Receive, monkeypatch: pytest.MonkeyPatch) -> None:
    there = receive()

    def parts(value: object) -> Iterator[tuple[int, bytes]]:
        yield 0, b'{"whole": true}\n'
        raise TypeError

    monkeypatch.setattr("tui.parsing.documents.parts", parts)
    status, body, _ = there.post("/v1/traces", JSON_SPANS, JSON)
    assert (status, there.lines) == (200, [{"whole": True}])
    assert json.loads(body)["partialSuccess"]["rejectedSpans"] == "1"


def test_senders_wait_while_there_is_no_room(receive: Receive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.sources.inlet.LONGEST_WAIT_S", 0.05)
    there = receive()
    there.full = True
    status, _, headers = there.post("/v1/traces", SPANS)
    assert (status, headers["Retry-After"]) == (429, "1")
    there.full = False
    assert there.post("/v1/traces", SPANS)[0] == 200
    assert len(there.lines) == 3


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "speaks TLS"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "speaks gRPC"),
        (b"hello\r\n\r\n", "something else than HTTP"),
    ],
)
def test_who_speaks_something_else_is_told_of(receive: Receive, sent: bytes, said: str) -> None:
    there = receive()
    with socket.create_connection(("127.0.0.1", there.port), timeout=20) as connection:
        connection.sendall(sent)
        connection.makefile("rb").read()
    wait_until(lambda: said in there.states[-1].detail, lambda: there.states[-1])
    assert there.post("/v1/traces", SPANS)[0] == 200


def test_a_port_in_use_is_said_with_the_way_out(receive: Receive) -> None:
    taken = receive()
    there = receive(f"otlp:{taken.port}")
    assert there.failed == f"port {taken.port} is in use: listen elsewhere with otlp:PORT"
    assert "no address of this machine" in receive("otlp:192.0.2.1:0").failed
