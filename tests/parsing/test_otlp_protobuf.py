"""OTLP in protobuf says the same as in JSON; whatever else comes is refused, and nothing breaks."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.parsing import documents
from tui.parsing.otlp_protobuf import Signal, elements, line
from tui.parsing.protobuf import WireError, written

DOCUMENTS = Path(__file__).parents[1] / "cases" / "documents"


def lines_of(data: bytes, signal: Signal) -> list[dict[str, object]]:
    return [json.loads(line(data, one, signal)[1]) for one in elements(data, signal)]


@pytest.mark.parametrize(("name", "signal"), [("otlp_spans", "traces"), ("otlp_logs", "logs")])
def test_protobuf_says_what_json_says(name: str, signal: Signal) -> None:
    """The one is from protobuf's own library, the other from the exporter of OpenTelemetry."""
    found = lines_of((DOCUMENTS / f"{name}.pb").read_bytes(), signal)
    wanted = []
    for text in (DOCUMENTS / f"{name}.jsonl").read_text().splitlines():
        wanted += [json.loads(one) for one in documents.lines(json.loads(text)) or []]
    for value in (*found, *wanted):
        _without_empty(value)

    def key(value: object) -> str:
        return json.dumps(value, sort_keys=True)

    assert sorted(map(key, found)) == sorted(map(key, wanted))


def _without_empty(value: object) -> None:
    """Protobuf writes no default values, and so does not tell them from missing ones."""
    for one in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
        _without_empty(one)
    if isinstance(value, dict):
        for name in [name for name, one in value.items() if one in ({}, [], None, "", 0, "0")]:
            del value[name]


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_refused(data: bytes) -> None:
    for signal in ("traces", "logs", "metrics"):
        try:
            found = elements(data, signal)
        except WireError:
            continue
        for one in found:
            try:
                assert line(data, one, signal)[1].endswith(b"\n")
            except ValueError:
                continue


@given(st.integers(1, 10_000))
def test_a_message_that_is_cut_is_refused_or_shorter(left_out: int) -> None:
    whole = (DOCUMENTS / "otlp_spans.pb").read_bytes()
    cut = whole[: -min(left_out, len(whole))]
    with contextlib.suppress(WireError):
        assert len(elements(cut, "traces")) < len(elements(whole, "traces"))


def one_span(fields: bytes) -> bytes:
    return written(1, written(2, written(2, fields)))


def test_numbers_keep_their_size_and_sign() -> None:
    def attribute(value: bytes) -> bytes:
        return written(9, written(1, b"n") + written(2, value))

    minus_one = bytes([3 << 3, *[255] * 9, 1])
    half = bytes([4 << 3 | 1]) + (0x3FE0 << 48).to_bytes(8, "little")
    no_number = bytes([4 << 3 | 1]) + (0x7FF8 << 48).to_bytes(8, "little")
    told = [attribute(value) for value in (minus_one, half, no_number, written(2, 1), written(7, b"\xff\x00"))]
    data = one_span(b"".join(told))
    (found,) = lines_of(data, "traces")
    assert '"attributes": [' + ", ".join(
        f'{{"key": "n", "value": {value}}}'
        for value in (
            '{"intValue": "-1"}',
            '{"doubleValue": 0.5}',
            '{"doubleValue": "NaN"}',
            '{"boolValue": true}',
            '{"bytesValue": "/wA="}',
        )
    ) in json.dumps(found)


def test_values_within_values_without_end_are_refused() -> None:
    value = b""
    for _ in range(3000):
        value = written(5, written(1, value))
    data = one_span(written(9, written(1, b"deep") + written(2, value)))
    with pytest.raises(ValueError, match="without end"):
        line(data, elements(data, "traces")[0], "traces")


def test_unknown_fields_and_broken_text_are_passed_over() -> None:
    data = one_span(written(5, b"caf\xe9") + written(99, b"news of a later version") + written(98, 7))
    (found,) = lines_of(data, "traces")
    # what a document holds is told by the assertion, not by its type
    assert found["resourceSpans"][0]["scopeSpans"][0]["spans"] == [{"name": "caf\N{REPLACEMENT CHARACTER}"}]  # type: ignore[index]
