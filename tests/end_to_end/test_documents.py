"""Trace documents beside logs on the command line: found by their content, told in one story, without their secrets."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.test_plain_commands import shell
from tests.parsing.documents import (
    CHILD,
    ROOT,
    TRACE,
    attributes,
    jaeger,
    laid_out,
    on_one_line,
    otlp,
    otlp_logs,
    zipkin,
)
from tests.parsing.test_documents import CASES

LOG = f'{{"time":"2026-11-23T14:02:09.005Z","level":"info","msg":"order taken","service":"gateway","trace_id":"{TRACE}"}}\n'
REAL = "6513270e269e0d37f2a74de452e6b438"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app.log").write_text(LOG)
    (tmp_path / "otel.log").write_bytes(on_one_line(otlp()) + b"\n" + on_one_line(otlp_logs()) + b"\n")
    (tmp_path / "jaeger.txt").write_bytes(laid_out(jaeger()))
    (tmp_path / "zipkin.json.gz").write_bytes(gzip.compress(laid_out(zipkin())))
    return tmp_path


def story(arguments: str) -> dict[str, Any]:
    done = shell(f"$TRACETAIL trace {TRACE} --output json {arguments}")
    assert done.stderr == ""
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_spans_of_a_document_are_measured_in_the_story(folder: Path) -> None:
    found = story(f"{folder}/app.log {folder}/otel.log")
    assert [(one["service"], one["name"], one["span_id"], one["parent_span_id"]) for one in found["spans"]] == [
        ("gateway", "POST /orders", ROOT, None), ("payment", "charge", CHILD, ROOT),
    ]  # fmt: skip
    root, child = found["spans"]
    assert (root["measured"], root["critical"], root["self_ns"], root["duration_ns"]) == (
        True,
        True,
        20_000_000,
        100_000_000,
    )
    assert (child["measured"], child["status"], child["source"], child["trace_id"]) == (
        True,
        "error",
        "otel.log",
        TRACE,
    )
    assert [one["message"] for one in found["records"]] == ["order taken", "slow", "ValueError: card declined"]
    assert [(one["type"], one["message"], one["span_id"]) for one in found["errors"]] == [
        ("ValueError", "card declined", CHILD)
    ]


def test_every_document_may_be_a_file_a_pattern_a_folder_or_a_pipe(folder: Path) -> None:
    alone = {name: len(story(f"{folder}/{name}")["spans"]) for name in ("otel.log", "jaeger.txt", "zipkin.json.gz")}
    assert set(alone.values()) == {2}
    piped = shell(f"cat {folder}/jaeger.txt | $TRACETAIL trace {TRACE} --output json")
    assert len(json.loads(piped.stdout)["spans"]) == 2
    substituted = shell(f"$TRACETAIL trace {TRACE} --output json <(cat {folder}/jaeger.txt)")
    assert len(json.loads(substituted.stdout)["spans"]) == 2
    # what two tracers say of one span is one span, and Zipkin's server goes by the id of its client
    assert len(story(f"{folder}/otel.log {folder}/jaeger.txt")["spans"]) == 2
    assert len(story(f"'{folder}/*'")["spans"]) == 3


def test_queries_find_spans_and_records_of_documents(folder: Path) -> None:
    done = shell(
        f"$TRACETAIL query 'service:payment level:error' --output ndjson {folder}/otel.log {folder}/jaeger.txt"
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert {one["span_id"] for one in found} == {CHILD}
    assert sorted((one["source"], one["message"]) for one in found) == [
        ("jaeger.txt", "ValueError: card declined"), ("jaeger.txt", "charge: card declined"),
        ("otel.log", "ValueError: card declined"), ("otel.log", "charge: card declined"),
    ]  # fmt: skip
    piped = shell(f"cat {folder}/jaeger.txt | $TRACETAIL query 'duration>90ms'")
    assert piped.stdout.count("\n") == 1


def test_real_documents_of_one_request_are_one_story(tmp_path: Path) -> None:
    done = shell(f"$TRACETAIL trace {REAL} --output json {CASES}")
    found = json.loads(done.stdout)
    assert [(one["service"], one["name"]) for one in found["spans"]] == [
        ("gateway", "POST /orders"), ("gateway", "POST /charge"), ("payment", "charge"),
    ]  # fmt: skip
    assert [one["type"] for one in found["errors"]] == ["ValueError"]
    assert "hunter2" not in done.stdout


def test_a_cut_document_is_told_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "trace.json"
    path.write_bytes(laid_out(otlp())[:-900])
    done = shell(f"$TRACETAIL trace {TRACE} --output json {path}")
    assert [one["name"] for one in json.loads(done.stdout)["spans"]] == ["POST /orders"]
    assert done.stderr.count("\n") == 1
    assert "cut" in done.stderr


SECRET = "hunter2horse"


@pytest.mark.parametrize("layout", [laid_out, on_one_line])
@pytest.mark.parametrize("output", ["text", "json", "markdown", "html"])
def test_no_secret_of_an_attribute_comes_out(tmp_path: Path, layout: Any, output: str) -> None:
    of_otlp, of_jaeger, of_zipkin = otlp(), jaeger(), zipkin()
    span = of_otlp["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
    span["attributes"] += attributes(db__password=SECRET, http__url=f"https://u:{SECRET}@bank/")
    of_jaeger["data"][0]["spans"][0]["tags"].append({"key": "password", "type": "string", "value": SECRET})
    of_jaeger["data"][0]["processes"]["p1"]["tags"] = [{"key": "api_key", "type": "string", "value": SECRET}]
    of_zipkin[0]["tags"]["password"] = SECRET
    for number, document in enumerate((of_otlp, of_jaeger, of_zipkin)):
        (tmp_path / f"{number}.json").write_bytes(layout(document))
    done = shell(
        f"$TRACETAIL trace {TRACE} --output {output} {tmp_path}; $TRACETAIL query '*' --output ndjson {tmp_path}"
    )
    assert TRACE in done.stdout
    assert SECRET not in done.stdout + done.stderr
