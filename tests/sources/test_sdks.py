"""Real SDKs send to our listeners: each tells of one request that fails, and all of it arrives."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.sources.receiving import Receive, Receiving
from tests.sources.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
NODE_PACKAGES = os.environ.get("TEST_NODE_PACKAGES", "")
"""A folder in which npm has installed what tests/programs/traced.mjs asks for."""
NEEDED = {
    "otlp-http": ("otlp", "opentelemetry.exporter.otlp.proto.http"),
    "otlp-grpc": ("otlp-grpc", "opentelemetry.exporter.otlp.proto.grpc"),
    "zipkin": ("zipkin", "opentelemetry.exporter.zipkin.json"),
    "sentry": ("sentry", "sentry_sdk"),
}
DIRECT = {"no_proxy": "*", "NO_PROXY": "*"}


def has(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def told(there: Receiving, trace: str) -> str:
    """All that arrived, if it is of this trace."""
    lines = [json.dumps(line) for line in there.lines]
    assert all(trace in line for line in lines)
    return "\n".join(lines)


@pytest.mark.parametrize("sdk", NEEDED)
def test_a_service_in_python_is_heard(receive: Receive, sdk: str) -> None:
    kind, module = NEEDED[sdk]
    if not has(module) or (kind == "otlp-grpc" and not has("grpc")):
        pytest.skip(f"{module} is not installed: pip install '.[sdks]'")
    if kind == "otlp-grpc" and "OWN_PROCESS" not in os.environ:
        pytest.skip("run by test_otlp_grpc in a process of its own")
    there = receive(f"{kind}:0")
    done = subprocess.run(
        [sys.executable, "-m", "tests.programs.traced", sdk, str(there.port)],
        cwd=ROOT, env={**os.environ, **DIRECT}, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    trace = done.stdout.strip()
    wait_until(lambda: "POST /orders" in json.dumps(there.lines), lambda: done.stderr)
    text = told(there, trace)
    assert "charge" in text
    assert "card declined" in text


@pytest.mark.skipif(
    not NODE_PACKAGES or shutil.which("node") is None, reason="TEST_NODE_PACKAGES names no folder of npm's packages"
)
@pytest.mark.parametrize("sdk", ["otlp-json", "otlp-proto", "otlp-grpc", "zipkin", "sentry"])
def test_a_service_in_node_is_heard(receive: Receive, sdk: str) -> None:
    kind = sdk if sdk in ("otlp-grpc", "zipkin", "sentry") else "otlp"
    if kind == "otlp-grpc" and "OWN_PROCESS" not in os.environ:
        pytest.skip("run by test_otlp_grpc in a process of its own")
    there = receive(f"{kind}:0")
    done = subprocess.run(
        ["node", str(ROOT / "tests/programs/traced.mjs"), sdk, str(there.port)],
        cwd=NODE_PACKAGES, env={**os.environ, **DIRECT}, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    trace = done.stdout.strip().splitlines()[-1]
    wait_until(lambda: "POST /orders" in json.dumps(there.lines), lambda: done.stderr)
    text = told(there, trace)
    assert "charge" in text
    assert "exception" in text
