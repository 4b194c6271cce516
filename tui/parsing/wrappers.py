"""What stands around a line: pod and container prefixes, docker and CRI envelopes, shipped objects.

Two levels: `origin_of` and `inner_of` work on bytes and are called for every line; `unwrap` works on text and also says
what the wrapper knew (time, stream, service). Parsing what is inside is left to the caller.
"""

# a word list
# ruff: noqa: SIM905

from __future__ import annotations

import re

from tui.lazy import Lazy
from tui.parsing.draft import Draft, Setting
from tui.parsing.json_lines import Fields, flatten, load
from tui.parsing.timestamps import read_time
from tui.typed import Final, NamedTuple

_KUBE: Final = Lazy(rb"\[[a-z]{2,24}/[^/\]\s]{1,253}/[^\]\s]{1,253}\] ?")
_COMPOSE: Final = Lazy(
    rb"(?:\x1b\[[0-9;]*[A-Za-z])*([A-Za-z0-9][\w.-]{0,100})(?:\x1b\[[0-9;]*m)? *\| ?(?:\x1b\[[0-9;]*m)?"
)
_CRI: Final = Lazy(rb"\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:\d\d) (stdout|stderr) ([PF])(?::\S*)? ?")
_STAMP: Final = Lazy(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) ")
DOCKER: Final = b'{"log":"'
_DOCKER_END: Final = b'","stream":'
_STREAM: Final = Lazy(rb'"stream":"(stdout|stderr)"')
_STREAMS: Final = ("stdout", "stderr")
_ESCAPED: Final = ((b"\\t", b"\t"), (b"\\u001b[", b"\x1b["))

_KUBE_TEXT: Final = Lazy(_KUBE.pattern.decode())
_COMPOSE_TEXT: Final = Lazy(_COMPOSE.pattern.decode())
_CRI_TEXT: Final = Lazy(
    rf"({_CRI.pattern.decode()[: _CRI.pattern.decode().index(' (')]}) (stdout|stderr) ([PF])(?::\S*)? ?"
)
_STAMP_TEXT: Final = Lazy(_STAMP.pattern.decode())
_POD_HASH: Final = Lazy(
    r"-(?:[a-f0-9]{8,10}|[bcdfghjklmnpqrstvwxz2456789]{8,10})-[bcdfghjklmnpqrstvwxz2456789]{5}$"
    r"|-\d{1,4}$|-\d{8,10}-[a-z0-9]{5}$|-[bcdfghjklmnpqrstvwxz2456789]{5}$"
)
_GENERIC: Final = frozenset(
    "app main server web container application service backend frontend api worker default istio-proxy linkerd-proxy "
    "envoy daprd vault-agent cloudsql-proxy cloud-sql-proxy".split()
)


class Wrapping(NamedTuple):
    """Which wrappers the lines of a source were found to have."""

    compose: bool = False
    """`name | ` before each line."""
    stamped: bool = False
    """A time and a space before each line, from `--timestamps`."""


NO_WRAPPING: Final = Wrapping()


class Layer(NamedTuple):
    """A line without its wrappers."""

    text: str
    partial: bool
    """The runtime cut the line here; the next one continues it."""
    draft: Draft | None
    """What the wrappers knew."""


def origin_of(line: bytes, wrapping: Wrapping) -> bytes:
    """Key of the stream inside the source that a line belongs to; empty when the source is one stream."""
    first = line[:1]
    if first == b"[":
        match = _KUBE.match(line)
        return match[0].rstrip() if match is not None else b""
    if first == b"{":
        if line.startswith(DOCKER):
            found = _STREAM.search(line, max(0, len(line) - 400))
            return found[1] if found is not None else b""
        return b""
    if line[10:11] == b"T" and b" std" in line[19:42]:
        cri = _CRI.match(line)
        if cri is not None:
            return cri[1]
    if wrapping.compose:
        compose = _COMPOSE.match(line)
        if compose is not None:
            return compose[1]
    return b""


def inner_of(line: bytes, wrapping: Wrapping) -> bytes:
    """The line as the program wrote it, near enough to tell how it begins."""
    first = line[:1]
    if (first == b"[" and (match := _KUBE.match(line))) or (wrapping.compose and (match := _COMPOSE.match(line))):
        line = line[match.end() :]
    if line[10:11] == b"T" and (
        (b" std" in line[19:42] and (match := _CRI.match(line))) or (wrapping.stamped and (match := _STAMP.match(line)))
    ):
        line = line[match.end() :]
    if line.startswith(DOCKER):
        end = line.rfind(_DOCKER_END)
        line = line[len(DOCKER) : end if end > 0 else len(line)].removesuffix(b"\\n")
        if line[:1] == b"\\":
            for escaped, plain in _ESCAPED:
                if line.startswith(escaped):
                    line = plain + line[len(escaped) :]
        line = line.replace(b'\\"', b'"', 4) if line[:1] == b"{" else line
    return line


def is_partial(line: bytes) -> bool:
    """Whether the runtime says that it cut the line, so that the next one continues it."""
    if line.startswith(DOCKER):
        end = line.rfind(_DOCKER_END)
        return end > 0 and line[end - 2 : end] != b"\\n"
    cri = _CRI.match(line) if b" std" in line[19:42] else None
    return cri is not None and cri[2] == b"P"


def is_compose(line: bytes) -> bool:
    """Whether a line begins like docker compose prints it."""
    return b"|" in line and _COMPOSE.match(line) is not None


def is_stamped(line: bytes) -> bool:
    """Whether a line begins with a time as `--timestamps` prints it."""
    return line[:1].isdigit() and _STAMP.match(line) is not None


def unwrap(text: str, wrapping: Wrapping, setting: Setting) -> Layer:
    """The line without prefix, time stamp and runtime envelope, outermost first."""
    draft: Draft | None = None
    partial = False
    if text[:1] == "[" and (match := _KUBE_TEXT.match(text)):
        draft, text = _kube(match[0]), text[match.end() :]
    elif wrapping.compose and (match := _COMPOSE_TEXT.match(text)):
        draft, text = Draft(service=_replica(match[1]), fields={"container": match[1]}), text[match.end() :]
    if text[10:11] == "T" and text[:1].isdecimal():
        if " std" in text[19:42] and (match := _CRI_TEXT.match(text)):
            draft = _stamp(draft, match[1], setting)
            draft.fields["stream"] = match[2]
            partial, text = match[3] == "P", text[match.end() :]
        elif wrapping.stamped and (match := _STAMP_TEXT.match(text)):
            draft, text = _stamp(draft, match[0].strip(), setting), text[match.end() :]
    if text.startswith('{"log":'):
        inner = _docker(text, setting)
        if inner is not None:
            outer, text = inner
            draft = outer if draft is None else outer.under(draft)
            partial = not text.endswith("\n") and draft.fields.get("stream") in _STREAMS
            text = text.rstrip("\r\n")
    return Layer(text, partial, draft)


def _stamp(draft: Draft | None, time: str, setting: Setting) -> Draft:
    draft = draft or Draft()
    moment = read_time(time, setting.zone, setting.reference_ns, setting.order)
    if moment is not None:
        draft.time_ns, draft.time_source, draft.zoned = moment.ns, "wrapper", moment.zoned
    return draft


def _kube(prefix: str) -> Draft:
    kind, pod, container = prefix.strip("[] ").split("/", 2)
    return Draft(service=service_of_pod(pod, container), fields={kind: pod, "container": container})


def service_of_pod(pod: str, container: str | None) -> str:
    """The container's name, unless it is one that every workload has: then the workload's, without the pod's hash."""
    if container and container not in _GENERIC:
        return container
    return _POD_HASH.sub("", pod) or pod


def _replica(name: str) -> str:
    return re.sub(r"[-_]\d{1,3}$", "", name)


_DOCKER_KEYS: Final = frozenset({"log", "stream", "time", "attrs"})


def _docker(text: str, setting: Setting) -> tuple[Draft, str] | None:
    value = load(text)
    if value is None or not isinstance(value.get("log"), str) or not _DOCKER_KEYS.issuperset(value):
        return None
    draft = _stamp(None, str(value.get("time", "")), setting)
    fields: Fields = flatten({key: one for key, one in value.items() if key not in ("log", "time")})
    draft.fields.update(fields)
    draft.format = "docker"
    return draft, str(value["log"])
