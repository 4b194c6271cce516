"""Bodies as real SDKs posted them: tests/programs/traced.py and traced.mjs, run from /srv/app, each telling of one request.

OpenTelemetry 1.45 and Sentry 2.75 for Python, OpenTelemetry 2 and Sentry 11 for Node. Of Sentry's event for Node the
frames outside the program, and the list of packages, were left out; what the program printed is a breadcrumb there.
"""

from __future__ import annotations

import json
from pathlib import Path

import orjson
import pytest

from tests.sources.receiving import PROTOBUF, Receive
from tui.parsing import documents
from tui.parsing.draft import Setting

BODIES = Path(__file__).parents[1] / "cases" / "wire"
JSON = {"Content-Type": "application/json"}
SENTRY = {"Content-Type": "application/x-sentry-envelope"}


@pytest.mark.parametrize(
    ("name", "source", "path", "headers", "trace", "messages"),
    [
        (
            "python-otlp.pb", "otlp:0", "/v1/traces", PROTOBUF, "db234abc1d45a94e7d14e79fae1dcbbc",
            ["POST /orders", "charge: card declined", "ValueError: card declined"],
        ),
        ("python-otlp-logs.pb", "otlp:0", "/v1/logs", PROTOBUF, "db234abc1d45a94e7d14e79fae1dcbbc", ["no order"]),
        (
            "python-sentry.envelope", "sentry:0", "/stream", SENTRY, "1066c621afdc4933910a1e38abe81f98",
            ["ValueError: card declined"],
        ),
        (
            "python-sentry-spans.envelope", "sentry:0", "/api/7/envelope/", SENTRY, "1066c621afdc4933910a1e38abe81f98",
            ["POST /orders", "charge: internal_error", "POST http://127.0.0.1:5107/stream"],
        ),
        (
            "node-otlp.json", "otlp:0", "/v1/traces", JSON, "63fde9aa3df72c01eb5c636a3570ffc7",
            ["POST /orders", "charge: card declined", "TypeError: card declined"],
        ),
        (
            "node-otlp.pb", "otlp:0", "/v1/traces", PROTOBUF, "ab32c044854025f90be9aa4beb880cca",
            ["POST /orders", "charge: card declined", "TypeError: card declined"],
        ),
        (
            "node-zipkin.json", "zipkin:0", "/api/v2/spans", JSON, "e92a752c7cce7dfab33b9a4ded341e45",
            ["POST /orders", "charge: card declined", "exception"],
        ),
        (
            "node-sentry.envelope", "sentry:0", "/stream", SENTRY, "12af633270ad4285bafcd6ac18c23f6e",
            ["TypeError: card declined", "12af633270ad4285bafcd6ac18c23f6e"],
        ),
    ],
)  # fmt: skip
def test_what_sdks_post_is_told(
    receive: Receive, name: str, source: str, path: str, headers: dict[str, str], trace: str, messages: list[str]
) -> None:
    there = receive(source)
    assert there.post(path, (BODIES / name).read_bytes(), headers)[0] in (200, 202)
    told = [draft for line in there.lines for draft in documents.read(orjson.loads(json.dumps(line)), Setting())]
    assert [draft.message for draft in told] == messages
    assert all(("trace", trace) in draft.ids for draft in told)
