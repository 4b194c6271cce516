"""Private keys over many lines, told apart from certificates, per stream."""

from __future__ import annotations

import json

import pytest

from tui.redaction.redactor import Redactor, Stream

REDACTOR = Redactor(bytes(32))
BEGIN, END = "-----BEGIN RSA PRIVATE " + "KEY-----", "-----END RSA PRIVATE " + "KEY-----"
ROWS = ["MIIEpAIBAAKCAQEA" + "x7Gh" * 12, "Qm9x" * 16, "ZZ9y" * 16, "c2hvcnQ9PQ=="]
PREFIXES = {
    "none": "",
    "kubectl": "[pod/shop-7d9f8b6c5-x2x4z/api] ",
    "compose": "api-1  | ",
    "container runtime": "2024-05-01T12:00:00.123456789Z stdout F ",
    "logger": "2024-05-01 12:00:00,123 INFO app - ",
    "indented": "    ",
}


@pytest.mark.parametrize("prefix", PREFIXES.values(), ids=list(PREFIXES))
def test_rows_between_begin_and_end_are_masked_line_by_line(prefix: str) -> None:
    lines = [prefix + line for line in ("before", BEGIN, *ROWS, END, "after Qm9xQm9xQm9x")]
    redacted = REDACTOR.block("\n".join(lines).encode())[0].decode()
    assert redacted.count("\n") == len(lines) - 1
    assert not any(row in redacted for row in ROWS)
    assert redacted.splitlines()[-1] == lines[-1]
    assert REDACTOR.block(redacted.encode())[0].decode() == redacted


def test_rows_inside_json_records_of_one_line_each_are_masked() -> None:
    lines = [json.dumps({"log": line + "\n", "stream": "stdout"}) for line in (BEGIN, *ROWS, END)]
    redacted = REDACTOR.block("\n".join(lines).encode())[0].decode()
    assert not any(row in redacted for row in ROWS)
    assert all(json.loads(line)["stream"] == "stdout" for line in redacted.splitlines())


@pytest.mark.parametrize("newline", ["\n", "\\n", "\r\n"])
def test_a_key_inside_one_string_is_masked_between_its_borders(newline: str) -> None:
    record = json.dumps({"tls": newline.join((BEGIN, *ROWS, END)), "n": 1})
    redacted = REDACTOR.line(record.encode())[0].decode()
    assert not any(row in redacted for row in ROWS)
    assert json.loads(redacted)["n"] == 1


def test_the_state_belongs_to_a_stream_and_outlives_a_block() -> None:
    key, other = Stream(), Stream()
    REDACTOR.block(f"{BEGIN}\n".encode(), key)
    assert REDACTOR.line(ROWS[0].encode(), other)[0] == ROWS[0].encode()
    assert ROWS[0].encode() not in REDACTOR.line(ROWS[0].encode(), key)[0]


def test_lines_of_another_pod_in_between_neither_end_a_key_nor_are_masked() -> None:
    lines = [f"[pod/a/x] {BEGIN}"]
    for number, row in enumerate(ROWS):
        lines += [f"[pod/a/x] {row}", f"[pod/b/x] request {number} done in {number}ms"]
    redacted = REDACTOR.block("\n".join(lines).encode())[0].decode()
    assert not any(row in redacted for row in ROWS)
    assert all(f"[pod/b/x] request {number} done in {number}ms" in redacted for number in range(len(ROWS)))


def test_a_key_that_never_ends_stops_masking_once_other_lines_come() -> None:
    lines = [
        BEGIN,
        ROWS[0],
        "started server on port 80",
        "listening",
        "ready",
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
    ]
    redacted = REDACTOR.block("\n".join(lines).encode())[0].decode().splitlines()
    assert redacted[2:] == lines[2:]


@pytest.mark.parametrize("label", ["CERTIFICATE", "PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE REQUEST"])
def test_public_material_passes(label: str) -> None:
    block = "\n".join((f"-----BEGIN {label}-----", *ROWS, f"-----END {label}-----")).encode()
    assert REDACTOR.block(block)[0] is block
