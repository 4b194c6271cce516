"""What a user types, and what is made of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.sources.spec import Backoff, Spec, SpecError, parse_spec, shown_url

PASSWORD = "hunter" + "2"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("text", "kind", "target", "name"),
    [
        ("-", "stdin", "-", "stdin"),
        ("/dev/stdin", "stdin", "-", "stdin"),
        ("app.log", "file", "app.log", "app.log"),
        ("missing/deep/app.log", "file", "missing/deep/app.log", "app.log"),
        ("logs", "folder", "logs", "logs"),
        ("logs/", "folder", "logs/", "logs"),
        ("not-there-yet/", "folder", "not-there-yet/", "not-there-yet"),
        ("/", "folder", "/", "/"),
        ("*.log", "glob", "*.log", "*.log"),
        ("**/a[0-9].log", "glob", "**/a[0-9].log", "**/a[0-9].log"),
        ("file:app.log", "file", "app.log", "app.log"),
        ("file:///var/log/x.log", "file", "/var/log/x.log", "x.log"),
        ("file://localhost/var/log/x.log", "file", "/var/log/x.log", "x.log"),
        ("file:///tmp/a%20b.log", "file", "/tmp/a b.log", "a b.log"),
        ("ws://host:9000/stream", "websocket", "ws://host:9000/stream", "host:9000/stream"),
        ("WSS://host", "websocket", "WSS://host", "host"),
        ("wss://[::1]:8443/x/", "websocket", "wss://[::1]:8443/x/", "[::1]:8443/x"),
        ("/dev/null", "file", "/dev/null", "null"),
        ("otlp:", "otlp", "", "otlp:4318"),
        ("otlp:9000", "otlp", "9000", "otlp:9000"),
        ("otlp:localhost:9000", "otlp", "localhost:9000", "otlp:9000"),
        ("OTLP:0.0.0.0:4318", "otlp", "0.0.0.0:4318", "otlp:0.0.0.0:4318"),
        ("jaeger:http://me:pw@host:16686/ui/", "jaeger", "http://me:pw@host:16686/ui/", "jaeger:host:16686/ui"),
        ("zipkin:https://host", "zipkin-api", "https://host", "zipkin:host"),
        ("tempo:http://host:3200?a=b", "tempo", "http://host:3200?a=b", "tempo:host:3200"),
        ("otlp-grpc:", "otlp-grpc", "", "otlp-grpc:4317"),
        ("sentry:", "sentry", "", "sentry:8969"),
        ("zipkin:", "zipkin", "", "zipkin:9411"),
        ("jaeger-agent:", "jaeger-agent", "", "jaeger-agent:6831"),
        ("otlp://[::1]:4318/", "otlp", "//[::1]:4318/", "otlp:[::1]:4318"),
    ],
)
def test_sources_are_told_apart(folder: Path, text: str, kind: str, target: str, name: str) -> None:
    (folder / "app.log").touch()
    (folder / "logs").mkdir()
    spec = parse_spec(text)
    assert (spec.kind, spec.target, spec.name) == (kind, target, name)


def test_what_exists_is_a_path_whatever_it_looks_like(folder: Path) -> None:
    for name in ("k8s:shop", "a[1].log", "ws:x", "what?"):
        (folder / name).touch()
        assert parse_spec(name) == Spec("file", name, name)


def test_the_home_folder_is_expanded(folder: Path) -> None:
    (folder / "app.log").touch()
    assert parse_spec("~/app.log").target == str(folder / "app.log")
    assert parse_spec("~/x*.log") == Spec("glob", str(folder / "x*.log"), "~/x*.log")


def test_a_named_pipe_is_read_as_a_stream(folder: Path) -> None:
    os.mkfifo(folder / "fifo")
    assert parse_spec("fifo") == Spec("pipe", "fifo", "fifo")


def test_a_link_that_leads_nowhere_is_a_file_to_wait_for(folder: Path) -> None:
    (folder / "k8s:link").symlink_to("nowhere")
    assert parse_spec("k8s:link").kind == "file"


@pytest.mark.parametrize("text", ["k8s:shop/api", "docker:x", "journal:", "cmd:ls", "loki:http://x"])
def test_kinds_to_come_say_so_and_what_to_use_until_then(text: str) -> None:
    with pytest.raises(SpecError, match="not in this version; meanwhile use") as error:
        parse_spec(text)
    assert str(error.value).startswith(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("a\0b", "empty"),
        ("otlp:99999", "otlp:HOST:PORT"),
        ("jaeger:", "jaeger:http://HOST:PORT"),
        ("tempo:ftp://host", "tempo:http://HOST:PORT"),
        ("zipkin:http://", "zipkin:http://HOST:PORT"),
        ("otlp:http://host/v1", "not an address to listen on"),
        ("gopher:x", "unknown kind of source gopher:"),
        ("https://host/logs", "wss://"),
        ("http://host/logs", "ws://"),
        ("file:", "no path"),
        ("file://other/x", "this machine"),
        ("ws:host", "no host"),
        ("ws://", "no host"),
        ("ws://host:port/", "not a usable address"),
        ("ws://host:99999/", "not a usable address"),
        ("ws://host:0/", "port 0"),
        ("ws://ho st/", "space"),
        ("ws://[::1/", "not a usable address"),
    ],
)
def test_what_cannot_be_understood_is_one_line(text: str, words: str) -> None:
    with pytest.raises(SpecError, match=words) as error:
        parse_spec(text)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        f"ws://me:{PASSWORD}@host:9/x",
        f"wss://me:{PASSWORD}@host?token={PASSWORD}#{PASSWORD}",
        f"ws://me:{PASSWORD}@host:port/x",
        f"ws://me:{PASSWORD}@/x",
        f"ws://me:{PASSWORD}@[::1/x",
        f"https://me:{PASSWORD}@host/x?{PASSWORD}",
        f"amqp://me:{PASSWORD}@host/x",
        f"ws://me:{PASSWORD}/slash@host/x",
        f"ws://me:sla/{PASSWORD}@host/x",
        f"loki:http://me:{PASSWORD}@host/x",
    ],
)
def test_no_password_is_shown(text: str) -> None:
    try:
        shown = repr(parse_spec(text))
    except SpecError as error:
        shown = str(error)
    assert PASSWORD not in shown
    assert PASSWORD not in shown_url(text)


@settings(max_examples=200)
@given(st.text(max_size=40))
def test_any_text_is_a_source_or_one_clear_line(text: str) -> None:
    try:
        parse_spec(text)
    except SpecError as error:
        assert str(error)


def test_delays_double_to_half_a_minute_and_start_again_after_a_minute_of_life() -> None:
    backoff = Backoff(lambda: 1.0)
    assert [backoff.next_s() for _ in range(8)] == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert backoff.next_s(live_s=59.0) == 30
    assert backoff.next_s(live_s=60.0) == 0.5


def test_delays_have_full_jitter() -> None:
    draws = iter([0.0, 0.5, 0.25])
    backoff = Backoff(lambda: next(draws))
    assert [backoff.next_s() for _ in range(3)] == [0.0, 0.5, 0.5]
