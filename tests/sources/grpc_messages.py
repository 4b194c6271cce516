"""OTLP over gRPC with the library itself as the client; run by test_otlp_grpc in a process of its own.

The threads of that library go on after a test, and a fork beside them may hang.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources.receiving import Receive
from tests.sources.waiting import wait_until
from tui.sources.otlp_grpc import library

SPANS = (Path(__file__).parents[1] / "cases" / "documents" / "otlp_spans.pb").read_bytes()
SERVICE = "/opentelemetry.proto.collector.{0}.v1.{1}Service/Export"


def test_messages_are_taken_refused_and_put_off_as_over_http(receive: Receive, monkeypatch: pytest.MonkeyPatch) -> None:
    grpc = library()
    monkeypatch.setattr("tui.sources.otlp_grpc.LONGEST_WAIT_S", 0.05)
    there = receive("otlp-grpc:0")
    with grpc.insecure_channel(f"127.0.0.1:{there.port}", [("grpc.enable_http_proxy", 0)]) as channel:
        traces = channel.unary_unary(SERVICE.format("trace", "Trace"))
        assert traces(SPANS, compression=grpc.Compression.Gzip) == b""
        assert traces(SPANS) == b""
        assert len(there.lines) == 3
        with pytest.raises(grpc.RpcError) as refused:
            traces(b"\xff\xff")
        assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        metrics = channel.unary_unary(SERVICE.format("metrics", "Metrics"))
        assert metrics(b"") == b""
        there.full = True
        with pytest.raises(grpc.RpcError) as put_off:
            traces(SPANS)
        assert put_off.value.code() is grpc.StatusCode.UNAVAILABLE
        assert "grpc-status-details-bin" in dict(put_off.value.trailing_metadata())
    wait_until(lambda: "senders had to wait: 1" in there.states[-1].detail, lambda: there.states[-1])
    assert "elsewhere with otlp-grpc:PORT" in receive(f"otlp-grpc:{there.port}").failed
