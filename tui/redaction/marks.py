"""Marks: what stands in the place of a secret, and how one is recognised again.

Owns the keyed hash, what it is taken of (so that one person's address keeps one mark in every spelling) and the grammar
`[kind#hash]`. A mark holds neither `:` nor `=`, so that no rule ever reads one as a key with its value.
"""

from __future__ import annotations

import re
from collections.abc import Callable

try:  # as the standard library's random does: without all of OpenSSL, which takes long to load
    from _sha256 import sha256  # type: ignore[import-not-found]
except ImportError:
    from hashlib import sha256

from tui.lazy import Lazy
from tui.typed import Final

HASH_DIGITS: Final = 8
HASH: Final = 0x23
"""The byte # without which there is no mark."""
MARK: Final = Lazy(rb"\[[a-z][a-z0-9-]{1,30}#(?:[0-9a-f]{8,12}(?:-[0-9]{4})?|hidden)\]")
"""Any mark of ours."""

HIDDEN_KINDS: Final = frozenset({"pin"})
"""So few possible values that a hash of one would give it away."""

_NOT_DIGITS: Final = bytes(byte for byte in range(256) if not 48 <= byte <= 57)
_BLOCK_BYTES: Final = 64
_INNER_PAD: Final = bytes(byte ^ 0x36 for byte in range(256))
_OUTER_PAD: Final = bytes(byte ^ 0x5C for byte in range(256))
"""HMAC spelled out, because setting it up anew for every mark takes longer than the hashing."""

_ESCAPED: Final = Lazy(rb"%([0-9A-Fa-f]{2})|\\u00([0-9A-Fa-f]{2})")


class Marker:
    """Writes marks under one key."""

    def __init__(self, key: bytes) -> None:
        padded = (key if len(key) <= _BLOCK_BYTES else sha256(key).digest()).ljust(_BLOCK_BYTES, b"\0")
        self._inner = sha256(padded.translate(_INNER_PAD))
        self._outer = sha256(padded.translate(_OUTER_PAD))

    def mark(self, kind: str, value: bytes) -> bytes:
        """The mark of a value: the same for equal values of one kind."""
        if kind in HIDDEN_KINDS:
            return f"[{kind}#hidden]".encode()
        plain = _NORMALISED[kind](value) if kind in _NORMALISED else value
        tail = f"-{plain[-4:].decode()}" if kind == "card" and plain[-4:].isdigit() else ""
        return f"[{kind}#{self._digest(kind.encode() + _END + plain)}{tail}]".encode()

    def _digest(self, message: bytes) -> str:
        """The first digits of the HMAC-SHA256 of a message, from the two hashes that every one of a key begins with."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        digits: str = outer.hexdigest()[:HASH_DIGITS]
        return digits


def _digits(value: bytes) -> bytes:
    return unescaped(value).translate(None, _NOT_DIGITS)


_NORMALISED: Final[dict[str, Callable[[bytes], bytes]]] = {
    "email": lambda value: unescaped(value).lower(),
    "phone": _digits,
    "card": _digits,
    "ssn": _digits,
    "iban": lambda value: re.sub(rb"[^0-9A-Z]", b"", unescaped(value).upper()),
}
"""The bytes a value's hash is taken of, where one value has several spellings."""
_END: Final = b"\0"


def unescaped(value: bytes) -> bytes:
    """A value without percent and \\u00XX escapes."""
    if 0x25 not in value and 0x5C not in value:  # percent, backslash
        return value
    return _ESCAPED.sub(lambda found: bytes([int(found[1] or found[2], 16)]), value)
