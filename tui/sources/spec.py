"""What a source is: the text a user types becomes a Spec, and every source says how it is by a Status.

Opening and reading are left to the other modules of this folder; nothing here touches more than the names of files.
"""

from __future__ import annotations

import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Sequence
from enum import Enum

from tui.lazy import Lazy
from tui.typed import Final, Literal, cast
from tui.values import field, frozen, replace

Kind = Literal[
    "file", "glob", "folder", "stdin", "pipe", "websocket",
    "otlp", "otlp-grpc", "sentry", "zipkin", "jaeger-agent", "jaeger", "zipkin-api", "tempo",
]  # fmt: skip

LISTENERS: Final = {"otlp": 4318, "otlp-grpc": 4317, "sentry": 8969, "zipkin": 9411, "jaeger-agent": 6831}
"""Kinds of sources that others send to, and the ports at which their senders look for somebody."""
ASKED: Final = {"jaeger": "jaeger", "zipkin": "zipkin-api", "tempo": "tempo"}
"""Schemes before an address at which there is a store of traces, and the kinds of sources they make; these are asked
for the traces of a request that is opened."""
FILES: Final = ("file", "glob", "folder")
"""Kinds of sources that are read by offset; all others flow."""
ENDLESS: Final = frozenset(LISTENERS)
"""Kinds of sources that never end by themselves."""

FIRST_DELAY_S: Final = 0.5
LONGEST_DELAY_S: Final = 30.0
RESET_AFTER_S: Final = 60.0

_SCHEME: Final = Lazy(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_STDIN_PATHS: Final = frozenset({"/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"})
_LATER: Final = {
    "k8s": "kubectl logs -f -l app=NAME --prefix --all-containers | tracetail",
    "docker": "docker logs -f --timestamps NAME 2>&1 | tracetail",
    "journal": "journalctl -o json -f | tracetail",
    "cmd": "COMMAND | tracetail",
    "loki": "logcli query --tail QUERY | tracetail",
}
"""Schemes that will come, and what does the same job until then."""


class State(Enum):
    """How a source is."""

    CONNECTING = "connecting"
    LIVE = "live"
    IDLE = "idle"
    GAP = "gap"
    RETRYING = "retrying"
    ENDED = "ended"
    FAILED = "failed"


@frozen
class Status:
    """A source's state in words for the user."""

    state: State
    detail: str = ""
    """Plain words, never with a secret: "retrying in 4 s: connection refused"."""
    since_ns: int = 0
    """When the state began; for a gap, the time of the last sign of life before it."""
    until_ns: int = 0
    """End of a gap; 0 otherwise."""


@frozen
class Spec:
    """One source as asked for."""

    kind: Kind
    target: str = field(repr=False)
    """Path, pattern or address. An address may hold a password: never show it, show `name`."""
    name: str
    """What to call it; the names of files are made unique when they are opened."""


class SpecError(ValueError):
    """A source that cannot be understood; the text is one line: what, where, what to do."""


class CredentialsError(ValueError):
    """Headers or a token that cannot be used; the text is one line and quotes neither."""


class Backoff:
    """Delays between attempts: 0.5 s doubling to 30 s, full jitter, from the start again after 60 s of life."""

    def __init__(self, random: Callable[[], float]) -> None:
        self._random = random
        self._attempt = 0

    def next_s(self, live_s: float = 0.0) -> float:
        """Seconds to wait now; `live_s` is how long the connection lived that was just lost."""
        if live_s >= RESET_AFTER_S:
            self._attempt = 0
        ceiling = min(LONGEST_DELAY_S, FIRST_DELAY_S * float(1 << self._attempt))
        self._attempt = min(self._attempt + 1, 16)
        return ceiling * self._random()


def parse_spec(text: str) -> Spec:
    """Understand one SOURCE of the command line; what exists as a path is a path. Raises SpecError."""
    if not text or "\0" in text:
        raise SpecError("an empty source name: give a path, a pattern, a folder, `-`, ws:// or wss://")
    if text == "-":
        return Spec("stdin", "-", "stdin")
    path = os.path.expanduser(text)
    if os.path.lexists(path):
        return _path_spec(path, text)
    match = _SCHEME.match(text)
    if match:
        return _scheme_spec(match[1].lower(), text)
    return _path_spec(path, text)


def shown_url(url: str) -> str:
    """An address without user, password, query and fragment: what may be shown."""
    head, slashes, rest = re.split(r"[?#]", url, maxsplit=1)[0].partition("//")
    host, slash, path = rest.partition("/")
    host = host.rpartition("@")[2]
    if "@" in path and re.search(r":(?!\d*$)", host.rpartition("]")[2]):
        # what looks like a port is the beginning of a password with a slash in it
        return f"{head}{slashes}{path.rpartition('@')[2]}"
    return f"{head}{slashes}{host}{slash}{path}"


def _scheme_spec(scheme: str, text: str) -> Spec:
    if scheme in ("ws", "wss"):
        return _websocket_spec(text)
    if scheme == "file":
        path = os.path.expanduser(_file_url_path(text))
        return _path_spec(path, path)
    if scheme in ASKED and (scheme not in LISTENERS or "://" in text):
        return _asked_spec(scheme, text)
    if scheme in LISTENERS:
        return _listener_spec(scheme, text)
    shown = shown_url(text) if "://" in text else text
    if scheme in _LATER:
        raise SpecError(f"{shown}: {scheme}: sources are not in this version; meanwhile use {_LATER[scheme]}")
    if scheme in ("http", "https"):
        secure = "wss" if scheme == "https" else "ws"
        raise SpecError(f"{shown}: {scheme}: addresses cannot be tailed; a websocket starts with {secure}://")
    raise SpecError(
        f"{shown}: unknown kind of source {scheme}: — known are paths, -, ws://, wss://,"
        f" {' '.join(f'{one}:' for one in {**LISTENERS, **ASKED})}; for a file of that name write ./{shown}"
    )


def _asked_spec(scheme: str, text: str) -> Spec:
    # most runs only open files
    from urllib.parse import urlsplit

    url = text[len(scheme) + 1 :]
    try:
        parts = urlsplit(url)
        usable = parts.scheme.lower() in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or re.search(r"[\s\x00-\x1f\x7f]", url):
        raise SpecError(f"{scheme}:{shown_url(url)}: not an address to ask at; write {scheme}:http://HOST:PORT")
    return Spec(cast(Kind, ASKED[scheme]), url, f"{scheme}:{shown_url(url).partition('://')[2].rstrip('/')}")


def _listener_spec(scheme: str, text: str) -> Spec:
    # most runs only open files
    from tui.sources.addresses import LOOPBACK, address_of

    rest = text[len(scheme) + 1 :]
    address = address_of(rest, LISTENERS[scheme])
    if address is None:
        raise SpecError(
            f"{shown_url(text)}: not an address to listen on; write {scheme}: for port {LISTENERS[scheme]} of this"
            f" machine, {scheme}:PORT or {scheme}:HOST:PORT"
        )
    shown = str(address.port) if address.host == LOOPBACK else str(address)
    return Spec(cast(Kind, scheme), rest, f"{scheme}:{shown}")


def _file_url_path(text: str) -> str:
    rest = text[len("file:") :]
    if rest.startswith("//"):
        host, slash, path = rest[2:].partition("/")
        if host not in ("", "localhost"):
            raise SpecError(f"{text}: file: addresses reach this machine only; write file:///PATH")
        rest = slash + path
    if not rest:
        raise SpecError(f"{text}: no path after file:")
    if os.path.lexists(rest):
        return rest
    from urllib.parse import unquote

    return unquote(rest)


def _path_spec(path: str, text: str) -> Spec:
    if path in _STDIN_PATHS:
        return Spec("stdin", "-", "stdin")
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        mode = 0
    if stat.S_ISDIR(mode) or (not mode and path.endswith("/")):
        return Spec("folder", path, text.rstrip("/") or "/")
    if stat.S_ISFIFO(mode):
        return Spec("pipe", path, os.path.basename(path))
    if not os.path.lexists(path) and any(sign in path for sign in "*?["):
        return Spec("glob", path, text)
    return Spec("file", path, os.path.basename(path) or text)


def _websocket_spec(text: str) -> Spec:
    # most runs only open files
    from urllib.parse import urlsplit

    shown = shown_url(text)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise SpecError(f"{shown}: not a usable address; write ws://HOST[:PORT]/PATH or wss://…") from None
    if not parts.hostname or not text[len(parts.scheme) + 1 :].startswith("//"):
        raise SpecError(f"{shown}: no host in the address; write ws://HOST[:PORT]/PATH or wss://…")
    if re.search(r"[\s\x00-\x1f\x7f]", text):
        raise SpecError(f"{shown}: a space or control character in the address; write it as %20")
    if port == 0:
        raise SpecError(f"{shown}: port 0 cannot be connected to")
    return Spec("websocket", text, shown.partition("://")[2].rstrip("/"))


def with_unique_names(specs: Sequence[Spec]) -> list[Spec]:
    """Streams by names of their own: two addresses may differ only in what is not shown."""
    taken: Counter[str] = Counter()
    named = []
    for spec in specs:
        taken[spec.name] += 1
        number = taken[spec.name]
        again = spec.kind not in FILES and number > 1
        named.append(replace(spec, name=f"{spec.name} ({number})") if again else spec)
    return named


def service_of(name: str) -> str:
    """What a file's name says about the service that writes it: `logs/shop-cart.log.1.gz` is shop-cart's."""
    stem = os.path.basename(name)
    while (cut := stem.rpartition("."))[0] and (cut[2].isdigit() or cut[2].lower() in _FILE_ENDINGS):
        stem = cut[0]
    return stem


_FILE_ENDINGS: Final = frozenset(
    {"log", "logs", "json", "jsonl", "ndjson", "txt", "out", "err", "gz", "zst", "xz", "bz2"}
)
