"""Marks: what stands in the place of a secret, and how one is recognised again.

Owns the keyed hash, what it is taken of (so that one person's address keeps one mark in every spelling) and the grammar
`[kind#hash]`. A mark holds neither `:` nor `=`, so that no rule ever reads one as a key with its value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

try:  # as the standard library's random does: without all of OpenSSL, which takes long to load
    from _sha256 import sha256  # type: ignore[import-not-found]
except ImportError:
    from hashlib import sha256

from tui.lazy import Lazy
from tui.typed import Final

HASH_DIGITS: Final = 8
HASH: Final = 0x23
"""The byte # without which there is no mark."""
MARK: Final = Lazy(rb"\[[a-z][a-z0-9-]{1,30}#(?:[0-9a-f]{8,12}(?:-[0-9A-Za-z][0-9A-Za-z.-]{0,80})?|hidden)\]")
"""Any mark of ours."""

KINDS: Final = (
    "password",
    "secret",
    "token",
    "jwt",
    "auth",
    "cookie",
    "private-key",
    "url-password",
    "pin",
    "card",
    "iban",
    "ssn",
    "phone",
    "email",
    "ip",
    "mac",
    "user",
    "session",
)
"""What a mark may say; a query knows these words for text that does not stand in the file."""
ACTIONS: Final = ("pseudonym", "full", "last4", "first6last4", "domain")
"""How a mark may look: with a hash, without one, or with a part of the value beside it."""
HIDDEN_KINDS: Final = frozenset({"pin"})
"""So few possible values that a hash of one would give it away."""

_NOT_DIGITS: Final = bytes(byte for byte in range(256) if not 48 <= byte <= 57)
_BLOCK_BYTES: Final = 64
_INNER_PAD: Final = bytes(byte ^ 0x36 for byte in range(256))
_OUTER_PAD: Final = bytes(byte ^ 0x5C for byte in range(256))
"""HMAC spelled out, because setting it up anew for every mark takes longer than the hashing."""

_ESCAPED: Final = Lazy(rb"%([0-9A-Fa-f]{2})|\\u00([0-9A-Fa-f]{2})")


class Marker:
    """Writes marks under one key; `actions` says of rules and kinds how, where it is not as usual."""

    def __init__(self, key: bytes, actions: Mapping[str, str] | None = None) -> None:
        self._actions = actions or {}
        padded = (key if len(key) <= _BLOCK_BYTES else sha256(key).digest()).ljust(_BLOCK_BYTES, b"\0")
        self._inner = sha256(padded.translate(_INNER_PAD))
        self._outer = sha256(padded.translate(_OUTER_PAD))

    def mark(self, kind: str, value: bytes, rule: str = "") -> bytes:
        """The mark of a value: the same for equal values of one kind."""
        action = self._actions.get(rule) or self._actions.get(kind) or _USUAL.get(kind, "")
        if kind in HIDDEN_KINDS or action == "full":
            return f"[{kind}#hidden]".encode()
        plain = _NORMALISED[kind](value) if kind in _NORMALISED else value
        tail = _TAILS[action](plain) if action in _TAILS else ""
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


def _shown(part: bytes, whole: bytes) -> str:
    """A part of a value that may stay readable: never most of it, and nothing but letters and digits."""
    return f"-{part.decode()}" if len(whole) >= 3 * len(part) and part.isalnum() and part.isascii() else ""


def _ends(plain: bytes) -> str:
    return (
        f"-{plain[:6].decode()}-{plain[-4:].decode()}"
        if len(plain) >= 15 and plain.isalnum() and plain.isascii()
        else ""
    )


def _domain(plain: bytes) -> str:
    domain = plain.rpartition(b"@")[2]
    return f"-{domain.decode()}" if b"@" in plain and _HOST.fullmatch(domain) else ""


_HOST: Final = Lazy(rb"[0-9A-Za-z][0-9A-Za-z.-]{0,80}")
_USUAL: Final = {"card": "last4"}
_TAILS: Final[dict[str, Callable[[bytes], str]]] = {
    "last4": lambda plain: _shown(plain[-4:], plain),
    "first6last4": _ends,
    "domain": _domain,
}


def unescaped(value: bytes) -> bytes:
    """A value without percent and \\u00XX escapes."""
    if 0x25 not in value and 0x5C not in value:  # percent, backslash
        return value
    return _ESCAPED.sub(lambda found: bytes([int(found[1] or found[2], 16)]), value)
