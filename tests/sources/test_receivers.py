"""Sentry, Zipkin and the agent of Jaeger: what their clients send arrives as lines, once."""

from __future__ import annotations

import base64
import gzip
import json
import socket
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources.receiving import PROTOBUF, Receive
from tests.sources.waiting import wait_until
from tui.parsing.jaeger_thrift import lines
from tui.parsing.protobuf import written

DOCUMENTS = Path(__file__).parents[1] / "cases" / "documents"
PACKET = (DOCUMENTS / "jaeger.packet").read_bytes()
TRACE = "463ac35c9f6413ad48485a3953bb6124"
EVENT = {
    "event_id": "9ec79c33ec9942ab8353589fcb2e04dc",
    "message": "it broke",
    "contexts": {"trace": {"trace_id": TRACE}},
}
SENTRY = {"Content-Type": "application/x-sentry-envelope"}
JSON = {"Content-Type": "application/json"}


def envelope(*items: tuple[str, object]) -> bytes:
    parts = [json.dumps({"event_id": EVENT["event_id"], "dsn": "http://abcdefkey@127.0.0.1/7"})]
    for kind, payload in items:
        parts += [json.dumps({"type": kind}), json.dumps(payload)]
    return "\n".join(parts).encode()


# -- Sentry ------------------------------------------------------------------------------------------------------------


def test_what_comes_to_both_addresses_of_sentry_is_taken_once(receive: Receive) -> None:
    there = receive("sentry:0")
    log = {"items": [{"timestamp": 1.5, "level": "info", "body": "hello", "trace_id": TRACE}]}
    body = envelope(("event", EVENT), ("session", {"sid": "x"}), ("log", log), ("from the future", {"a": 1}))
    assert there.post("/stream", body, SENTRY)[:2] == (200, b'{"id":"9ec79c33ec9942ab8353589fcb2e04dc"}')
    packed = {**SENTRY, "Content-Encoding": "gzip"}
    assert there.post("/api/7/envelope/", gzip.compress(body), packed)[0] == 200
    assert [line["sentry_item"] for line in there.lines] == ["event", "log"]
    wait_until(lambda: there.states[-1].detail == "2 sent again, left out", lambda: there.states[-1])
    assert b"abcdefkey" not in b"".join(chunk.data for chunk in there.chunks)


def test_a_transaction_comes_as_a_line_for_each_span(receive: Receive) -> None:
    there = receive("sentry:0")
    span = {"span_id": "b" * 16, "trace_id": TRACE, "start_timestamp": 2.5, "timestamp": 3.0, "op": "db"}
    root = {"trace": {"trace_id": TRACE, "span_id": "a" * 16, "op": "http"}}
    told = {"type": "transaction", "transaction": "GET /", "start_timestamp": 2, "timestamp": 4, "contexts": root}
    there.post("/api/7/envelope", envelope(("transaction", {**told, "spans": [span]})), {"Content-Type": "text/plain"})
    assert [line["sentry_item"] for line in there.lines] == ["transaction", "span"]


@pytest.mark.parametrize(
    "body",
    [json.dumps(EVENT).encode(), base64.b64encode(zlib.compress(json.dumps(EVENT).encode()))],
    ids=["plain", "packed as very old ones do"],
)
def test_the_event_of_an_old_sdk_is_taken(receive: Receive, body: bytes) -> None:
    there = receive("sentry:0")
    assert there.post("/api/7/store/", body, JSON)[0] == 200
    assert [line["payload"]["message"] for line in there.lines] == ["it broke"]


@pytest.mark.parametrize("body", [b"", b"not json\n{}", b"[]\n{}", b"\xff\xfe"])
def test_what_is_no_envelope_is_refused(receive: Receive, body: bytes) -> None:
    there = receive("sentry:0")
    assert there.post("/stream", body, SENTRY)[0] == 400
    assert there.post("/api/1/store/", body, SENTRY)[0] == 400
    assert there.post("/elsewhere", body, SENTRY)[0] == 404
    assert there.chunks == []


# -- Zipkin ------------------------------------------------------------------------------------------------------------


def test_spans_of_zipkin_come_as_lines_by_time(receive: Receive) -> None:
    there = receive("zipkin:0")
    late = {"traceId": TRACE, "id": "a" * 16, "name": "late", "timestamp": 2}
    early = {"traceId": TRACE, "id": "b" * 16, "name": "early", "timestamp": 1, "localEndpoint": {"serviceName": "s"}}
    body = json.dumps([late, early]).encode()
    assert there.post("/api/v2/spans", gzip.compress(body), {**JSON, "Content-Encoding": "gzip"})[:2] == (202, b"")
    assert there.post("/api/v1/spans", body, JSON)[0] == 202
    assert there.lines == [early, late]


def test_spans_of_zipkin_in_protobuf_say_the_same(receive: Receive) -> None:
    there = receive("zipkin:0")
    endpoint = written(1, b"cart") + written(2, bytes([10, 0, 0, 7])) + written(4, 8080)
    note = b"\x09" + (1234).to_bytes(8, "little") + written(2, b"cache miss")
    told = [(1, bytes.fromhex(TRACE)), (3, b"\x01" * 8), (2, b"\x02" * 8), (4, 2), (5, b"get"), (7, 1500), (13, 1)]
    # numbers and bytes of one table: each goes with its own kind of field
    span = b"".join(written(number, value) for number, value in told)  # type: ignore[arg-type]
    span += b"\x31" + (1_700_000_000_000_000).to_bytes(8, "little")
    span += written(8, endpoint) + written(10, note) + written(11, written(1, b"http.method") + written(2, b"GET"))
    assert there.post("/api/v2/spans", written(1, span), PROTOBUF)[0] == 202
    assert there.lines == [
        {
            "traceId": TRACE,
            "id": "01" * 8,
            "parentId": "02" * 8,
            "kind": "SERVER",
            "name": "get",
            "duration": 1500,
            "shared": True,
            "timestamp": 1_700_000_000_000_000,
            "localEndpoint": {"serviceName": "cart", "ipv4": "10.0.0.7", "port": 8080},
            "annotations": [{"timestamp": 1234, "value": "cache miss"}],
            "tags": {"http.method": "GET"},
        }
    ]


@pytest.mark.parametrize(("body", "kind"), [(b"{}", "json"), (b"[7]", "json"), (b"x", "json"), (b"\xff", "x-protobuf")])
def test_what_is_no_list_of_spans_is_refused(receive: Receive, body: bytes, kind: str) -> None:
    there = receive("zipkin:0")
    assert there.post("/api/v2/spans", body, {"Content-Type": f"application/{kind}"})[0] == 400
    assert there.chunks == []


# -- Jaeger ------------------------------------------------------------------------------------------------------------


def test_packets_to_the_agent_of_jaeger_come_as_lines(receive: Receive) -> None:
    there = receive("jaeger-agent:0")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for packet in (b"nonsense", PACKET, PACKET):
            sender.sendto(packet, ("127.0.0.1", there.port))
    wait_until(lambda: "2 sent again, left out, 1 rejected" in there.states[-1].detail, lambda: there.states[-1])
    (outer,), (inner,) = ([*line["data"][0]["spans"]] for line in there.lines)
    assert (outer["operationName"], outer["duration"], inner["duration"]) == ("GET /bottles", 20_000, 4_000)
    assert inner["references"] == [{"refType": "CHILD_OF", "traceID": inner["traceID"], "spanID": outer["spanID"]}]
    tags = {tag["key"]: tag["value"] for tag in outer["tags"]}
    assert {
        "shelf": 7,
        "share": 0.25,
        "cold": True,
        "name": "caf\N{LATIN SMALL LETTER E WITH ACUTE}",
    }.items() <= tags.items()
    assert [one["key"] for one in inner["logs"][0]["fields"]][:2] == ["exception.type", "exception.message"]
    assert there.lines[0]["data"][0]["processes"]["p1"]["serviceName"] == "cellar"


def test_a_udp_port_in_use_is_said_with_the_way_out(receive: Receive) -> None:
    taken = receive("jaeger-agent:0")
    assert "elsewhere with jaeger-agent:PORT" in receive(f"jaeger-agent:{taken.port}").failed


@given(st.binary(max_size=80) | st.integers(0, len(PACKET) - 1).map(lambda size: PACKET[:size]))
def test_any_packet_is_read_or_refused(packet: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        lines(packet)


@given(st.integers(4, len(PACKET) - 1), st.integers(0, 255))
def test_a_packet_with_a_wrong_byte_breaks_nothing(at: int, byte: int) -> None:
    try:
        assert all(line.endswith(b"\n") for _, line in lines(PACKET[:at] + bytes([byte]) + PACKET[at + 1 :]))
    except ValueError as refused:
        assert str(refused)
