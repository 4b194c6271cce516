"""Secret parts of a value whose beginning is known: a quoted string, an array or object, a number of a JSON document.

Owns what of a value is masked under which kind of key. Finding keys and separators is for key_values.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tui.redaction.headers import authorization_spans, cookie_spans, is_cookie_secret
from tui.redaction.keys import Key, classify
from tui.redaction.leaves import leaves
from tui.redaction.marks import MARK
from tui.redaction.placeholders import is_left_alone, is_plain_word
from tui.redaction.spans import Span

_NUMBER: Final = re.compile(rb"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_JSON_STOP: Final = re.compile(rb"""[,}\]\s"']|\\{1,31}["'nrt]""")


def whole_value_spans(line: bytes, start: int, end: int, key: Key, name: bytes = b"") -> Iterator[Span]:
    """The secret parts of a value whose bounds are known."""
    value = line[start:end]
    if MARK.match(value):
        return
    if key.kind == "auth" and not key.weak:
        yield from authorization_spans(line, start, end)
    elif key.kind == "cookie":
        found = list(cookie_spans(line, start, end)) if b"=" in value else []
        yield from found
        if not found and b"=" not in value and is_cookie_secret(name, value):
            yield Span(start, end, "cookie", "cookie")
    elif value[:1] in (b"{", b"[") and value[-1:] in (b"}", b"]") and len(value) > 2 and value[1:2] in b"\"'\\{[":
        found_leaves = list(collection_spans(line, start, key, b""))
        yield from found_leaves
    elif not is_left_alone(key, value):
        bearer = re.match(rb"(?i)(?:bearer|basic|token|apikey)[ ]+(?=\S)", value)
        yield Span(start + (bearer.end() if bearer else 0), end, key.kind, "key")


def json_scalar_spans(line: bytes, start: int, key: Key, close: bytes) -> Iterator[Span]:
    """A bare value under a quoted key: a number becomes a quoted mark, so that the document stays valid."""
    stop = _JSON_STOP.search(line, start)
    end = stop.start() if stop else len(line)
    value = line[start:end]
    if not value or is_left_alone(key, value) or (key.kind == "token" and len(value) < 6 and value.isdigit()):
        return
    quote = close if close.strip(b"\\") in (b'"', b"'") else b""
    yield Span(start, end, key.kind, "key", quote if _NUMBER.fullmatch(value) or value.isalnum() else b"")


def collection_spans(line: bytes, start: int, key: Key, close: bytes) -> Iterator[Span]:
    depth = len(close) - 1 if close.strip(b"\\") in (b'"', b"'") else 0
    found, _ = leaves(line, start, depth)
    for leaf in found:
        value = line[leaf.start : leaf.end]
        if MARK.match(line, leaf.start) or (
            leaf.start and line[leaf.start - 1 : leaf.start] == b"[" and MARK.match(line, leaf.start - 1)
        ):
            continue
        if leaf.name is not None and classify(b"x_" + leaf.name) is None and _is_harmless_name(leaf.name):
            continue
        if key.kind == "cookie":
            if is_cookie_secret(leaf.name or b"", value.split(b";", 1)[0]) and b"=" not in value:
                yield Span(leaf.start, leaf.end, "cookie", "cookie")
            elif b"=" in value:
                yield from cookie_spans(line, leaf.start, leaf.end)
        elif leaf.quoted:
            yield from whole_value_spans(line, leaf.start, leaf.end, key)
        elif not is_left_alone(key, value) and not is_plain_word(value):
            quote = close if close.strip(b"\\") in (b'"', b"'") and _NUMBER.fullmatch(value) else b""
            yield Span(leaf.start, leaf.end, key.kind, "key", quote)


def _is_harmless_name(name: bytes) -> bool:
    """True for names such as type and expires_in, whose values inside a sensitive object are no secrets."""
    return classify(b"token_" + name) is None
