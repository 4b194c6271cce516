"""Secret parts of a value whose beginning is known: a quoted string, an array or object, a number of a JSON document.

Owns what of a value is masked under which kind of key. Finding keys and separators is for key_values.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from tui.lazy import Lazy
from tui.redaction.headers import authorization_spans, cookies_in, is_cookie_secret
from tui.redaction.keys import Key, classify
from tui.redaction.leaves import MAX_WALK_BYTES, Leaf, leaves
from tui.redaction.marks import MARK
from tui.redaction.placeholders import is_left_alone, is_plain_word
from tui.redaction.spans import Progress, Span
from tui.typed import Final

_NUMBER: Final = Lazy(rb"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_SCHEME: Final = Lazy(rb"(?i)(?:bearer|basic|token|apikey)[ ]+(?=\S)")
JSON_SCALAR: Final = Lazy(rb"(?:-?[0-9][0-9.eE+-]*|true|false|null)(?=[ \t]*[,}\]])")
"""A number or word of JSON, as it stands behind a key."""
MAX_WEAK_WALK_BYTES: Final = 512
_JSON_STOP: Final = Lazy(rb"""[,}\]\s"']|\\{1,31}["'nrt]""")


def whole_value_spans(
    line: bytes, start: int, end: int, key: Key, name: bytes = b"", progress: Progress | None = None
) -> Iterator[Span]:
    """The secret parts of a value whose bounds are known."""
    value = line[start:end]
    progress = progress or Progress()
    if MARK.match(value):
        return
    if key.kind == "auth" and not key.weak:
        yield from authorization_spans(line, start, end)
    elif key.kind == "cookie":
        yield from _cookie_value_spans(line, start, end, name, progress)
    elif value[:1] in (b"{", b"[") and value[-1:] in (b"}", b"]") and len(value) > 2 and value[1:2] in b"\"'\\{[":
        yield from collection_spans(line, start, key, b"", progress)
    elif not is_left_alone(key, value):
        scheme = _SCHEME.match(value)
        yield Span(start + (scheme.end() if scheme else 0), end, key.kind, "key")


def _cookie_value_spans(line: bytes, start: int, end: int, name: bytes, progress: Progress) -> Iterator[Span]:
    value = line[start:end]
    if b"=" in value:
        found, reached = cookies_in(line, start, end)
        progress.reach(reached)
        yield from found
    elif is_cookie_secret(name, value):
        yield Span(start, end, "cookie", "cookie")


def json_scalar_spans(line: bytes, start: int, key: Key, close: bytes) -> Iterator[Span]:
    """A bare value under a quoted key: a number becomes a quoted mark, so that the document stays valid."""
    stop = _JSON_STOP.search(line, start)
    end = stop.start() if stop else len(line)
    value = line[start:end]
    if (
        not value
        or is_left_alone(key, value)
        or is_plain_word(value)
        or (key.kind == "token" and len(value) < 6 and value.isdigit())
    ):
        return
    if key.kind == "cookie" and not is_cookie_secret(b"", value):
        return
    quote = close if close.strip(b"\\") in (b'"', b"'") else b""
    yield Span(start, end, key.kind, "key", quote if _NUMBER.fullmatch(value) or value.isalnum() else b"")


def collection_spans(
    line: bytes, start: int, key: Key, close: bytes, progress: Progress, max_bytes: int = MAX_WALK_BYTES
) -> Iterator[Span]:
    """The secret scalars of the array or object that opens at `start`."""
    depth = len(close) - 1 if close.strip(b"\\") in (b'"', b"'") else 0
    found, end = leaves(line, start, depth, min(max_bytes, MAX_WEAK_WALK_BYTES) if key.weak else max_bytes)
    for leaf in found:
        inner = key if leaf.name is None else _inner_key(key, leaf.name)
        if inner is not None and not _is_marked(line, leaf):
            yield from _leaf_spans(line, leaf, inner, close)
    if not key.weak:
        progress.reach(end)  # every key inside has had its turn


def _is_marked(line: bytes, leaf: Leaf) -> bool:
    return MARK.match(line, leaf.start) is not None or MARK.match(line, max(0, leaf.start - 1)) is not None


_PLAIN_NAMES: Final = frozenset((b"number", b"no", b"code", b"intvalue", b"doublevalue", b"bytesvalue"))
"""Names that say no more of a secret than what it is made of."""


def _inner_key(key: Key, name: bytes) -> Key | None:
    """What the name inside a sensitive object makes of its value; None for names such as type and expires_in."""
    own = classify(name)
    if name.lower() in _PLAIN_NAMES:
        return key
    if own is not None and (not own.weak or key.weak):
        return own
    return key if classify(b"token_" + name) is not None or key.kind == "cookie" else None


def _leaf_spans(line: bytes, leaf: Leaf, key: Key, close: bytes) -> Iterator[Span]:
    value = line[leaf.start : leaf.end]
    if key.kind == "cookie":
        if b"=" in value:
            yield from cookies_in(line, leaf.start, leaf.end)[0]
        elif is_cookie_secret(leaf.name or b"", value):
            yield Span(leaf.start, leaf.end, "cookie", "cookie")
    elif leaf.quoted:
        yield from whole_value_spans(line, leaf.start, leaf.end, key)
    elif not is_left_alone(key, value) and (leaf.name is not None or not is_plain_word(value)):
        quote = close if close.strip(b"\\") in (b'"', b"'") and _NUMBER.fullmatch(value) else b""
        yield Span(leaf.start, leaf.end, key.kind, "key", quote)
