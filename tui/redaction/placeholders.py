"""Which values after a sensitive key are left alone: nothing is behind them.

Owns the words and shapes of "no secret here": empty values, states, templates, masks of other tools, prose.
"""

from __future__ import annotations

from tui.lazy import Lazy
from tui.redaction.keys import Key
from tui.typed import Final

STATES: Final = frozenset(
    b"""
    null nil none true false yes no on off undefined empty unset missing invalid expired required valid ok present
    absent redacted masked filtered hidden removed revoked string integer int number boolean bool text varchar
    optional incorrect wrong mismatch mismatched changed updated failed denied disabled enabled unknown blank weak
    strong accepted rejected must is was are not cannot should has have found unauthorized forbidden malformed
    unsupported verified unverified refreshed rotated created generated deleted provided needed pending active
    inactive ready set unchanged error failure success successful fail passed pass n/a na nan todo tbd xxx xxxx
    basic bearer digest negotiate oauth oauth2 oidc saml ldap jwt pat hmac include omit same-origin password-based
    interactive prompt ask stdin env file keyring keychain vault object array list dict map function undefined)
    anonymous *redacted* got expecting expected unexpected default too does contains for from in of to the a an and
    or with cache refresh access refreshing issued validated authenticated consumed acquired released received sent
    stored loaded parsed decoded using used
    """.split()
)
"""Words that say how a secret fares, in place of it."""
_LONGEST_STATE: Final = 32
"""With the punctuation behind it."""

_EMPTY: Final = Lazy(
    rb"""(?x)
      (?:[*.\-_#]|\xe2\x80\xa2)+ | [xX]{3,} | \*+[^*\s]{0,4} | [^*\s]{0,4}\*{3,}[^*\s]{0,4}
    | \[[^\]]{0,40}\] | <[^>]{0,60}> | \(?hidden\)? | \((?:null|none|redacted|masked|empty|unset|hidden|nil)\)
    | \$\{[^}]{0,200}\}? | \{\{.{0,200} | \$\([^)]{0,200}\)? | \$[A-Za-z_][A-Za-z0-9_]{0,60} | \$[0-9]{1,3}
    | %[sdvqr@] | %\([^)]{0,60}\)s | %\{[^}]{0,60}\} | %[A-Z_]{2,60}% | \? | :[a-z_]{1,40} | @[a-z_]{1,40}
    | \#\{[^}]{0,100}\} | \{[a-zA-Z_.0-9]{0,60}\} | \\?[<&]?(?:lt;|u003c)[^&\\]{0,60}(?:[>&\\].{0,6})?
    | (?:process\.env|os\.environ|os\.getenv|getenv|env|config|settings|self|this|ENV|var|data|local|secrets)
      [.\[(][\w.\[\]()'"\\-]{0,100}
    | (?:[a-z][a-z0-9]{0,40}\.){0,8}[A-Z][A-Za-z.$]{2,60}(?:\{[0-9a-f]{4,16}\}?|@[0-9a-f]{4,16})
    """
)
"""Masks of other tools, templates of many kinds, references, and objects printed by their address."""

_PLACE: Final = Lazy(rb"[\w./-]{1,100}\.(?:go|py|js|ts|rb|java|rs|c|cc|cpp|php|ex|kt|scala|cs)(?::[0-9]+){1,2}")
_ARN: Final = Lazy(rb"arn:[\w-]{1,20}:\S{1,200}|projects/[\w-]+/secrets/\S{1,200}|vault:\S{1,200}|op://\S{1,200}")
_PATH: Final = Lazy(rb"(?:\\{0,7}/|\./|~/|[A-Z]:\\)[\w./\\ ~-]{1,200}")
_NAMESPACED: Final = Lazy(rb"[a-z0-9-]{1,63}/[a-z0-9.-]{1,253}")
_PROSE: Final = Lazy(rb"[A-Za-z',.:;()!?/-]+(?:[ ]+[A-Za-z0-9'\"`,.:;()!?/-]+){2,}")
_TWO_WORDS: Final = Lazy(rb"([A-Za-z'-]+)[ ]([A-Za-z'-]+)[.!]?")
_DURATION: Final = Lazy(rb"[0-9]+(?:\.[0-9]+)?(?:ns|us|ms|s|m|h|d|min|sec)")

_POD: Final = Lazy(rb"[a-z][a-z0-9]*(?:-[a-z0-9]+)*-[bcdfghjklmnpqrstvwxz2456789]{5}")
"""Names that Kubernetes makes: its alphabet has no vowels."""
_UUID: Final = Lazy(rb"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_PLAIN_WORD: Final = Lazy(rb"[a-z]+(?:[_-][a-z]+)*[.,!]?")
_REVERSE_DOMAIN: Final = Lazy(rb"(?:com|org|net|io)(?:\.[a-z][a-z0-9_-]{1,40}){2,8}(?:/[0-9]{1,10})?:?")
_TITLE_WORD: Final = Lazy(rb"[A-Z]?[a-z]+[.,!]?")

MIN_WEAK_BYTES: Final = 12
_BLANK, _COLON, _SLASH, _PARENTHESIS, _PIPE = 0x20, 0x3A, 0x2F, 0x28, 0x7C
_DIGITS_OF_TEN: Final = b"0123456789"
_JOINTS: Final = b"_-"
_WORD: Final = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
"""What a token is made of, and no id, path, address or name of a file."""
_LETTERS: Final = bytes(byte for byte in range(256) if 65 <= (byte & 0xDF) <= 90)


def has_digit(value: bytes) -> bool:
    return len(value.translate(None, _DIGITS_OF_TEN)) < len(value)


def _digits_and_letters(value: bytes) -> tuple[int, int]:
    """How many of the bytes are ASCII digits and letters."""
    without_digits = value.translate(None, _DIGITS_OF_TEN)
    return len(value) - len(without_digits), len(without_digits) - len(without_digits.translate(None, _LETTERS))


def is_empty(value: bytes) -> bool:
    """True for nothing, masks and templates."""
    if value.translate(None, _JOINTS).isalnum() and not value.startswith(b"u003c"):
        return value == b"hidden" or (len(value) >= 3 and not value.strip(b"xX"))
    return not value or _EMPTY.fullmatch(value) is not None


def is_state(value: bytes) -> bool:
    return len(value) < _LONGEST_STATE and value.lower().rstrip(b".,!") in STATES


def is_prose(value: bytes) -> bool:
    """True for a sentence about the secret, such as "must be at least 8 characters"."""
    if _BLANK not in value or not (_PROSE.fullmatch(value) or _TWO_WORDS.fullmatch(value)):
        return False
    return any(word.strip(b".,!:;'\"") in STATES for word in value.lower().split(b" "))


def is_elsewhere(value: bytes) -> bool:
    """True for where a secret is kept: a source line, an ARN, a path."""
    if _COLON not in value and _SLASH not in value:
        return False
    return _PLACE.fullmatch(value) is not None or _ARN.fullmatch(value) is not None


def is_uuid(value: bytes) -> bool:
    return _UUID.fullmatch(value) is not None


def looks_secret(value: bytes) -> bool:
    """The second condition under a weak key: long, mixed, and no id, path, number or address."""
    if len(value) < MIN_WEAK_BYTES or _BLANK in value or _PARENTHESIS in value or _PIPE in value:
        return False
    digits, letters = _digits_and_letters(value)
    if not digits or not letters or digits + letters < len(value) * 0.7:
        return False
    if not value.translate(None, _WORD):
        return True
    return not (
        _UUID.fullmatch(value)
        or _POD.fullmatch(value)
        or value.find(b"://") >= 0
        or _PATH.fullmatch(value)
        or _PLACE.fullmatch(value)
        or _NAMESPACED.fullmatch(value)
    )


def is_left_alone(key: Key, value: bytes) -> bool:
    """True when a value after a key is no secret, whatever stands around it."""
    if is_empty(value) or is_state(value) or is_elsewhere(value):
        return True
    if key.kind == "pin":
        return not (3 <= len(value) <= 8 and value.isdigit())
    if key.kind in ("phone", "card", "iban", "ssn"):
        return not _has_digits(key.kind, value)
    if key.weak:
        return not looks_secret(value)
    if len(value) < 400 and is_prose(value):
        return True
    if key.kind == "password":
        return len(value) == 1 or (value.startswith((b"/", b"\\")) and _PATH.fullmatch(value) is not None)
    if key.kind == "secret" and _NAMESPACED.fullmatch(value):
        return value.islower() and value.count(b"/") == 1 and len(value) < 64 and not value[:1].isdigit()
    return key.kind == "token" and (_DURATION.fullmatch(value) is not None or (value.isdigit() and len(value) < 4))


_DIGITS: Final = {"phone": (7, 15), "card": (12, 19), "ssn": (9, 9), "iban": (10, 34)}


def _has_digits(kind: str, value: bytes) -> bool:
    least, most = _DIGITS[kind]
    digits, others = _digits_and_letters(value)
    return least <= digits <= most and (kind == "iban" or others <= 6)


def is_plain_word(value: bytes) -> bool:
    """True for a lower-case or capitalised word, which after `: ` is prose more often than a secret."""
    if _REVERSE_DOMAIN.fullmatch(value):
        return True
    return _PLAIN_WORD.fullmatch(value) is not None or _TITLE_WORD.fullmatch(value) is not None
