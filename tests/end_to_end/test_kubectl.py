"""The real kubectl against a small API server of ours, in front of the viewer."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.end_to_end.test_files import TRACE

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Open

KUBECTL = shutil.which("kubectl")
needs_kubectl = pytest.mark.skipif(KUBECTL is None, reason="kubectl is not installed")

PYTHON_STACK = [
    "Traceback (most recent call last):",
    '  File "/app/shop.py", line 12, in charge',
    "    raise Declined(order)",
    "shop.Declined: order o-7 was declined",
]
JAVA_STACK = [
    "java.lang.IllegalStateException: stock is gone",
    "\tat shop.Stock.reserve(Stock.java:41)",
    "\tat shop.Api.post(Api.java:7)",
]


def line(level: str, message: str, **more: str) -> str:
    return json.dumps({"level": level, "msg": message, "trace_id": TRACE} | more)


class Cluster:
    """Pods with their log lines; `cut` ends a pod's stream in the middle, `end` lets all streams end."""

    def __init__(self, pods: dict[str, list[str]]) -> None:
        self.pods = pods
        self.asked: list[str] = []
        self.cut: set[str] = set()
        self.end = threading.Event()
        self._turn = threading.Condition()
        self._at = 0
        cluster = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                cluster.answer(self)

            def log_message(self, format: str, *arguments: Any) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        path = urlsplit(request.path)
        self.asked.append(request.path)
        names = path.path.strip("/").split("/")
        if names[-1] == "log":
            self._log(request, names[-2], parse_qs(path.query))
        elif names[-1] == "pods":
            self._json(
                request, {"kind": "PodList", "apiVersion": "v1", "metadata": {}, "items": [*map(pod, self.pods)]}
            )
        elif names[-1] in self.pods:
            self._json(request, pod(names[-1]))
        elif names[-1] == "v1":
            resource = {
                "name": "pods",
                "namespaced": True,
                "kind": "Pod",
                "verbs": ["get", "list", "watch"],
                "shortNames": ["po"],
            }
            self._json(request, {"kind": "APIResourceList", "groupVersion": "v1", "resources": [resource]})
        elif names[-1] == "api":
            self._json(request, {"kind": "APIVersions", "versions": ["v1"]})
        elif names[-1] == "apis":
            self._json(request, {"kind": "APIGroupList", "apiVersion": "v1", "groups": []})
        else:
            self._json(request, {"major": "1", "minor": "32", "gitVersion": "v1.32.0"})

    def _json(self, request: BaseHTTPRequestHandler, value: object) -> None:
        body = json.dumps(value).encode()
        request.send_response(200)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def _log(self, request: BaseHTTPRequestHandler, name: str, query: dict[str, list[str]]) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "text/plain")
        request.send_header("Transfer-Encoding", "chunked")
        request.end_headers()
        names = list(self.pods)
        for number, text in enumerate(self.pods[name]):
            # the pods take turns, so that their stack traces are interleaved
            with self._turn:
                mine = number * len(names) + names.index(name)
                self._turn.wait_for(partial(self._reached, mine), 2)
                chunk(request, text + "\n")
                self._at = max(self._at, mine + 1)
                self._turn.notify_all()
            if name in self.cut:
                request.close_connection = True
                return
        if "follow" in query:
            self.end.wait(60)
        request.wfile.write(b"0\r\n\r\n")

    def _reached(self, turn: int) -> bool:
        return self._at >= turn

    def close(self) -> None:
        self.end.set()
        self._server.shutdown()
        self._server.server_close()


def chunk(request: BaseHTTPRequestHandler, text: str) -> None:
    data = text.encode()
    request.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
    request.wfile.flush()


def pod(name: str) -> dict[str, object]:
    container = {"name": "app", "image": "shop"}
    state = {"name": "app", "ready": True, "restartCount": 0, "image": "shop", "imageID": "", "state": {"running": {}}}
    return {
        "kind": "Pod",
        "apiVersion": "v1",
        "metadata": {"name": name, "namespace": "default", "labels": {"app": "shop"}, "uid": name},
        "spec": {"containers": [container]},
        "status": {"phase": "Running", "containerStatuses": [state]},
    }


@pytest.fixture
def cluster() -> Iterator[Callable[[dict[str, list[str]]], Cluster]]:
    clusters: list[Cluster] = []

    def start(pods: dict[str, list[str]]) -> Cluster:
        clusters.append(Cluster(pods))
        return clusters[-1]

    yield start
    for one in clusters:
        one.close()


def logs(cluster: Cluster, options: str = "") -> str:
    command = f"'{KUBECTL}' --kubeconfig=/dev/null --server={cluster.address}"
    return f"{command} logs -f -l app=shop --prefix --all-containers {options}"


PODS = {
    "payment-6d5f8c9b7d-x2x4z": [
        line("info", "charging"),
        f"ERROR:shop:{line('error', 'charge failed')}",
        *PYTHON_STACK,
        line("info", "done"),
    ],
    "stock-7c9b5f6d8c-q8w7r": [
        line("info", "reserving"),
        f"2026-01-02 03:04:05,678 ERROR [main] shop.Stock - reserve failed trace_id={TRACE}",
        *JAVA_STACK,
        line("info", "idle"),
    ],
}
PAYMENT = next(iter(PODS))


@needs_kubectl
def test_interleaved_pods_keep_their_stack_traces_together(
    cluster: Callable[..., Cluster], pipeline: Open, tmp_path: Path
) -> None:
    server = cluster(PODS)
    terminal = pipeline(f"{logs(server)} | $TRACETAIL", env={"HOME": str(tmp_path)}, cols=140)
    terminal.wait_for(lambda screen: "done" in screen and "idle" in screen)
    terminal.type("/level:error\r")
    screen = terminal.wait_for(lambda screen: "INFO" not in screen and "charge failed" in screen)
    assert "Declined: order o-7 was declined" in screen
    assert "IllegalStateException: stock is gone" in screen
    assert "payment" in screen
    assert "stock" in screen
    terminal.press("t")
    story = terminal.wait_for(
        lambda screen: all(word in screen for word in ("Request", "charging", "reserving", "▸ stack"))
    )
    assert "4bf9…36" in story
    terminal.press("q", "q")
    # a shell waits for all of a pipeline, and kubectl notices only when it writes
    server.end.set()
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []


@needs_kubectl
def test_a_stream_that_is_cut_ends_and_what_came_stays(
    cluster: Callable[..., Cluster], pipeline: Open, tmp_path: Path
) -> None:
    server = cluster({PAYMENT: PODS[PAYMENT]})
    server.cut.add(PAYMENT)
    terminal = pipeline(f"{logs(server)} 2>/dev/null | $TRACETAIL", env={"HOME": str(tmp_path)})
    terminal.wait_for(lambda screen: "charging" in screen and "ended" in screen)
    terminal.press("q")
    assert terminal.wait_exit() == 0


@needs_kubectl
def test_what_kubectl_says_on_stderr_does_not_stay_on_the_screen(
    cluster: Callable[..., Cluster], pipeline: Open, tmp_path: Path
) -> None:
    terminal = pipeline(f"{logs(cluster({}))} | $TRACETAIL", env={"HOME": str(tmp_path)})
    terminal.wait_for(lambda screen: "no lines" in screen and "ended" in screen)
    terminal.press("ctrl+l")
    terminal.wait_gone("No resources found")


@needs_kubectl
def test_kubectl_finds_it_as_a_plugin(tmp_path: Path) -> None:
    scripts = Path(sys.executable).parent
    if not (scripts / "kubectl-tracetail").exists():
        pytest.skip("tracetail is not installed as a package")
    environment = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path)}
    done = subprocess.run(
        [str(KUBECTL), "tracetail", "--help"], capture_output=True, text=True, env=environment, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "kubectl logs" in done.stdout
    assert "query" in done.stdout
