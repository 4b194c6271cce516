"""Marks: what stands in the place of a secret, and how one is recognised again.

Owns the keyed hash, what it is taken of (so that one person's address keeps one mark in every spelling) and the grammar
`[kind#hash]`. A mark holds neither `:` nor `=`, so that no rule ever reads one as a key with its value.
"""

from __future__ import annotations

import hmac
import re
from typing import Final

from tui.lazy import Lazy

HASH_DIGITS: Final = 8
MARK: Final = Lazy(rb"\[[a-z][a-z0-9-]{1,30}#(?:[0-9a-f]{8,12}(?:-[0-9]{4})?|hidden)\]")
"""Any mark of ours."""

HIDDEN_KINDS: Final = frozenset({"pin"})
"""So few possible values that a hash of one would give it away."""

_ESCAPED: Final = Lazy(rb"%([0-9A-Fa-f]{2})|\\u00([0-9A-Fa-f]{2})")


class Marker:
    """Writes marks under one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def mark(self, kind: str, value: bytes) -> bytes:
        """The mark of a value: the same for equal values of one kind."""
        if kind in HIDDEN_KINDS:
            return b"[%b#hidden]" % kind.encode()
        plain = normalised(kind, value)
        digest = hmac.digest(self._key, kind.encode() + b"\0" + plain, "sha256").hex()[:HASH_DIGITS]
        tail = b"-" + plain[-4:] if kind == "card" and plain[-4:].isdigit() else b""
        return b"[%b#%b%b]" % (kind.encode(), digest.encode(), tail)


def normalised(kind: str, value: bytes) -> bytes:
    """The bytes a value's hash is taken of."""
    if kind == "email":
        return unescaped(value).lower()
    if kind in ("phone", "card", "ssn"):
        return re.sub(rb"[^0-9]", b"", unescaped(value))
    if kind == "iban":
        return re.sub(rb"[^0-9A-Z]", b"", unescaped(value).upper())
    return value


def unescaped(value: bytes) -> bytes:
    """A value without percent and \\u00XX escapes."""
    if b"%" not in value and b"\\" not in value:
        return value
    return _ESCAPED.sub(lambda found: bytes([int(found[1] or found[2], 16)]), value)
