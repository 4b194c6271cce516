"""OTLP over gRPC, and what is said where its library is not installed."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tui.sources.spec import SpecError, parse_spec
from tui.sources.streams import Ends, open_stream

HERE = Path(__file__).parent


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "grpc", None)
    with pytest.raises(SpecError, match=r"pip install 'tracetail\[otlp-grpc\]'"):
        open_stream(parse_spec("otlp-grpc:"), Ends(lambda chunk: None, lambda status: None))


@pytest.mark.skipif(find_spec("grpc") is None, reason="grpcio is not installed: pip install '.[otlp-grpc]'")
def test_messages_over_grpc() -> None:
    asked = [str(HERE / "grpc_messages.py"), str(HERE / "test_sdks.py")]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-k", "messages or otlp-grpc", "-p", "no:cacheprovider", *asked],
        cwd=HERE.parents[1], env={**os.environ, "OWN_PROCESS": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
