"""Stems: the fragments of key names after which a secret may stand.

Owns the pattern that finds them and the identifier around one; what the whole name means is for keys.py.
"""

from __future__ import annotations

from functools import lru_cache

from tui.lazy import Lazy
from tui.redaction.gate import compile_any
from tui.redaction.keys import MAX_KEY_BYTES, Key, classify
from tui.typed import Final, NamedTuple

_CLOSE: Final = r"(?:[\\\"'`\]]|(?:&|u0026)(?:quot|#34);|%(?:25)*(?:22|5d)|(?:u00|x)2[27]|\x1b\[[0-9;]*m)*[ \t]*"
_PAIRED: Final = r"[:=>?|]|-?>|%(?:25)*3a|%(?:25)*3d|\.=|\+=|&#61;|\\+u003"
_LISTED: Final = r",(?:<<|\\|&lt;|[\"'])"
_SEPARATOR: Final = f"(?:{_PAIRED}|{_LISTED})"

_PASSWORDS: Final = (
    "passw|passphrase|passcode|passkey|pass.phrase|mot.?de.?passe|kennwort|senha|wachtwoord|contrase|parola|haslo",
    r"saml_?(?:response|request|assertion)|security.?answer|\bpsk\b",
    r"contribsys|sonar[._]?login|jenkins.crumb|unseal key|\bpat\b",
    "psw|pwd|mnemonic|(?:seed|recovery).phrase|snmp.community",
    r"(?:card|cc)[ _.\-]?(?:number|num|no\b)",
    r"(?:security|verification|pin|otp|one-time|mfa|2fa|sms|totp|login|factor)[ _.\-]?code",
)
"""Rare enough in ordinary lines to be looked at wherever they stand."""

_COMMON: Final = (
    r"secret|token|credential|creds|pass(?:\b|_)|[\w.\-]key(?:\b|_)|apikey",
    r"(?:api|access|private|secret|encrypt|encryption|decryption|signing|account|shared|master|auth)[ _.\-]?key",
    "authori[sz]ation|cookie|jwt|csrf|xsrf|assertion|sessid|sessionid",
)
"""Also words of ordinary messages: over a block they count only with something behind them that could be a value."""

_BEFORE_SEPARATOR: Final = (
    r"pass|pw|[\w.\-]keys?|auth|sid|session|sig|signature|hmac|salt|seed|cred|pin|otp|totp|cvv|cvc|csc|pan|iban|ssn|card|"
    "msisdn|phone|mobile|telephone|tel|fax|cell|whatsapp|ccnum"
)
"""Only with a separator behind the identifier."""

_SUFFIX: Final = (
    r"(?:[ _.\-]?(?:code|number|num|no|nr|value|val|string|str|raw|b64|base64|hex|plain|old|new|live|prod|test|dev|"
    r"primary|secondary|v?[0-9]+))*"
)
_WEAK: Final = f"(?:{_BEFORE_SEPARATOR}){_SUFFIX}{_CLOSE}{_SEPARATOR}"
_WEAK_ANCHORS: Final = (
    f"(?:{_BEFORE_SEPARATOR}){_SUFFIX}{_CLOSE}(?:{_PAIRED})",
    # the first of two in a list, and no value of an object: many a service is called auth
    rf"[\[({{<;,][\w \\\"'.<&%\-]{{0,40}}(?:{_BEFORE_SEPARATOR}){_SUFFIX}{_CLOSE}{_LISTED}",
)

_REST: Final = r"[\w.\-]*(?: (?:keys?|number|num|no|codes?|phrase))?"
_SAID: Final = r"[ \t]+(?:(?:is|was|to|set|changed|reset|are|of|value|equals|for [^ ]+|[:=\-]+)[ :=]+)*"
_LONG: Final = r"[\"'`\\]*" + r"[^\s\"'`]" * 12
_CLOSED: Final = r"(?:[\\\"'`\]]|(?:&|u0026)quot;|%(?:25)*(?:22|27|5d)|u002[27]|&#)"

STEM_ANCHORS: Final = (
    *_PASSWORDS,
    *_WEAK_ANCHORS,
    rf"(?:{'|'.join(_COMMON)}){_REST}(?:(?:[ \t]+[\w*]+)?{_CLOSE}{_SEPARATOR}|{_CLOSED}|{_SAID}{_LONG})",
    rf"(?:--?|<|lt;|u003c)[\w.:\-]*(?:{'|'.join(_COMMON)})",
    rf":[\w.\-]*(?:{'|'.join(_COMMON)})[\w\-]* [\\\"']",
)
"""For the gate."""

STEMS: Final = compile_any((*_PASSWORDS, *_COMMON, _WEAK), ignore_case=True)
"""For a line that the gate let through."""

_NAME: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.$" + bytes(range(128, 256))
_NAME_AFTER: Final = Lazy(rb"[A-Za-z0-9_\-.$\x80-\xff]*")
_ESCAPE_BEFORE: Final = Lazy(
    rb"\\(?:u00[0-9A-Fa-f]{2}|x[0-9A-Fa-f]{2}|[ntrbf])|%(?:25){0,2}[0-9A-Fa-f]{2}|\[[0-9;]{0,12}m"
)
_SECOND_WORD: Final = Lazy(rb"(?i)[ ](keys?|number|num|no|codes?|phrase)\b")


class Name(NamedTuple):
    """The identifier around a stem."""

    start: int
    end: int
    text: bytes


def name_at(line: bytes, position: int) -> Name:
    """The whole identifier around a position, without the escapes that touch it."""
    start = position
    if start and line[start - 1] in _NAME:
        start = max(0, position - MAX_KEY_BYTES)
        start += len(line[start:position].rstrip(_NAME))
    end: int = _NAME_AFTER.match(line, position, position + MAX_KEY_BYTES).end()  # type: ignore[union-attr]
    while end > position + 1 and line[end - 1] in b".-":
        end -= 1
    if start and line[start - 1] in b"\\%[":
        escape = _ESCAPE_BEFORE.match(line, start - 1)
        # of "\tkey" the stem's first letter is the escape's last one
        if escape is not None and escape.end() <= position + (line[position + 1 : position + 4].lower() == b"key"):
            start = escape.end()
    if line.startswith(b" ", end):
        second = _SECOND_WORD.match(line, end)
        if second is not None:
            end = second.end()
    return Name(start, end, line[start:end])


@lru_cache(maxsize=8192)
def meaning(text: bytes) -> Key | None:
    """What a name as it stands in a line promises: of dotted ones the last part counts, pod names promise nothing."""
    text = text.removeprefix(b"-D").strip(b"-.$_")
    if b"." in text:
        *heads, last = text.split(b".")
        while heads and classify(last) is None and classify(b"x_" + last) is None and last.lower() in _LINKS:
            last = heads.pop() + b"_" + last
        text = last
    key = classify(text)
    if key is not None and b"-" in text and text[:2].lower() != b"x-":
        tail = text.rsplit(b"-", 1)[-1]
        if classify(tail) is None and any(48 <= byte <= 57 for byte in tail):
            return None
    return key


_LINKS: Final = frozenset(b"key value number code phrase text plain raw data string".split())
