"""Credentials in headers: Authorization in all its schemes, Cookie and Set-Cookie.

Owns what of a header's value is the secret; names of schemes, realms, cookies and their attributes stay readable.
"""

from __future__ import annotations

import re
from binascii import a2b_base64
from collections.abc import Iterator

from tui.lazy import Lazy
from tui.redaction.gate import Places
from tui.redaction.keys import classify
from tui.redaction.marks import HASH, MARK
from tui.redaction.placeholders import has_digit, is_empty, is_prose, is_state, looks_secret
from tui.redaction.quoting import one_of_bytes
from tui.redaction.spans import Span
from tui.typed import Final

_SCHEME_GAP: Final = r"[\"'\\:=]*(?:[ \t+]|%20)+(?:(?:token|key)[:=]? ?)?(?:is )?[\"'`\\]*"
SCHEME_ANCHORS: Final = (
    r"(?:bearer,?|basic|apikey|api-key|negotiate|ntlm|ssws|genie-?key)" + _SCHEME_GAP + r"[\w.~+/=%:|\-]" * 6,
    r"(?:token|jwt|oauth|bot)" + _SCHEME_GAP + r"[\w.~+/=%:|\-]" * 16,
)

_SCHEME: Final = Lazy(
    rb"""(?ix)([a-z-]{3,9}[:,]?)(?:[ \t]{1,8}|%20|\+)(?:(?:token|key)(?:[:=]|[ ]is)[ ]?)?(?:\\{0,15}["'`])?""",
)
_SCHEME_PLACES: Final = Places(SCHEME_ANCHORS, _SCHEME, ignore_case=True)
SCHEMES: Final = frozenset(b"bearer basic apikey api-key token negotiate ntlm jwt oauth ssws geniekey bot".split())
_COLON_SCHEMES: Final = (b"bearer:", b"basic:", b"bearer,")
_SCHEME_VALUE: Final = Lazy(rb"[A-Za-z0-9._~+/=%:|-]{6,}(?<![.:,])")
_PARAMETER: Final = Lazy(
    rb"""(?i)\b(response|signature|oauth_signature|oauth_token|cnonce|password|token|mac)=(\\{0,15}["'])?([^"'\\,\s]{8,})"""
)
_FIRST_WORD: Final = Lazy(rb"""([A-Za-z][A-Za-z0-9-]{1,30})(?:[ \t]{1,8}|%20|\+)(?=[^\s=])""")

_KNOWN_SCHEMES: Final = frozenset(
    b"bearer basic apikey api-key token negotiate ntlm digest jwt oauth ssws hawk mac key geniekey bot splunk "
    b"sharedkey sharedkeylite aws4-hmac-sha256 aws sharedaccesssignature snowflake zoho-oauthtoken".split()
)


def scheme_spans(line: bytes) -> Iterator[Span]:
    """Credentials after a scheme's name wherever it stands: "Bearer abc", "Basic dXNlcjpwdw=="."""
    for found in _SCHEME_PLACES.finditer(line):
        scheme = found[1].lower()
        if scheme.rstrip(b":,") not in SCHEMES or not _begins_word(line, found.start()):
            continue
        value = _SCHEME_VALUE.match(line, found.end())
        if value is None or (scheme.endswith((b":", b",")) and scheme not in _COLON_SCHEMES):
            continue
        if _is_credential(scheme.rstrip(b":,"), value[0]):
            yield Span(value.start(), value.end(), "auth", "auth-header")


_IN_WORDS: Final = one_of_bytes(b"_.-")
_EQUALS, _BLANK = 0x3D, 0x20


def _begins_word(line: bytes, start: int) -> bool:
    before = line[start - 1 : start] if start else b""
    return not (before.isalnum() or before in _IN_WORDS) or line[max(0, start - 3) : start - 2] == b"%"


def _is_credential(scheme: bytes, text: bytes) -> bool:
    if MARK.match(text) or is_empty(text) or is_state(text):
        return False
    if _PARAMETER_LIST.match(text):
        return False
    if scheme == b"basic":
        return _is_basic(text)
    if scheme in (b"negotiate", b"ntlm"):
        return len(text) >= 12 and text.translate(None, b"+/=").isalnum() and has_digit(text)
    if scheme in (b"bearer", b"apikey", b"api-key", b"ssws", b"geniekey"):
        mixed = has_digit(text) or (
            text.endswith(b"=") or (not text.islower() and not text.istitle() and not text.isupper())
        )
        return mixed and len(text) >= 8 and not _is_word_like(text)
    return len(text) >= 20 and looks_secret(text)


_PARAMETER_LIST: Final = Lazy(rb"[A-Za-z_-]{1,20}=[^=]")
"""Bearer realm=..., Digest username=..."""
_WORD_LIKE: Final = Lazy(rb"[A-Za-z]+(?:[-./:][A-Za-z]+)*(?:[-./]v?[0-9])?")


def _is_word_like(text: bytes) -> bool:
    """True for prose with punctuation such as "token.Expired" or "authentication/v2"."""
    return _WORD_LIKE.fullmatch(text) is not None and not (
        len(text) >= 16 and text.isalpha() and re.search(rb"[a-z][A-Z].*[a-z][A-Z]", text)
    )


def _is_basic(text: bytes) -> bool:
    padded = text.replace(b"%3D", b"=").replace(b"%3d", b"=").rstrip(b"=")
    try:
        plain = a2b_base64(padded + b"=" * (-len(padded) % 4), strict_mode=True)
    except ValueError:
        return len(text) >= 12 and looks_secret(text)
    return b":" in plain or (text.endswith(b"=") and len(text) >= 8) or (len(text) >= 16 and looks_secret(text))


PARAMETERISED: Final = Lazy(
    rb"(?i)[\"'\[(]{0,2}(?:digest|hawk|oauth|signature|mac|aws4-hmac-sha256|snowflake|escher)[ ]"
)
"""Schemes whose credentials are name="value" parameters."""


def authorization_spans(line: bytes, start: int, end: int) -> Iterator[Span]:
    """The secret parts of the value start..end of an Authorization header."""
    while start < end and line[start] in b" \t[('\"":
        start += 1
    while end > start and line[end - 1] in b" \t,;])'\"\r":
        end -= 1
    value = line[start:end]
    if (HASH in value and MARK.search(value)) or is_empty(value) or is_state(value) or is_prose(value):
        return
    found = _FIRST_WORD.match(value)
    if found is None:
        if value.lower() not in _KNOWN_SCHEMES:
            yield Span(start, end, "auth", "auth-header")
        return
    scheme, rest = found[1].lower(), value[found.end() :]
    parameters = list(_PARAMETER.finditer(value, found.end())) if _EQUALS in rest else []
    if parameters:
        for parameter in parameters:
            yield Span(start + parameter.start(3), start + parameter.end(3), "auth", "auth-header")
    elif is_empty(rest) or is_state(rest):
        return
    elif scheme in _KNOWN_SCHEMES or _BLANK not in rest:
        yield Span(start + found.end(), _credential_end(line, start + found.end(), end), "auth", "auth-header")
    else:
        yield Span(start, end, "auth", "auth-header")


_CREDENTIAL_END: Final = Lazy(rb"[ \t,;](?=[ \tA-Za-z]|$)")


def _credential_end(line: bytes, start: int, end: int) -> int:
    """Only the first word after the scheme: further words belong to the sentence around it."""
    found = _CREDENTIAL_END.search(line, start, end)
    return found.start() if found else end


_PAIR: Final = Lazy(
    rb"""[ \t]{0,4}([^\s=;,"'\\<>]{1,80})=(\\{0,7}"?)([^;,\s"'\\<>]{0,4096})\2(?:;|,(?=[ ]?[\w.-]{1,40}=)|(?=$)|)"""
)
_FLAG: Final = Lazy(rb"[ \t]{0,4}[A-Za-z-]{1,20}(?:;|$)")
_ATTRIBUTES: Final = frozenset(
    b"path domain expires max-age samesite secure httponly priority version comment partitioned".split()
)
_HARMLESS: Final = Lazy(
    rb"(?i)_ga.*|_gid|_gcl.*|_fbp|_fbc|utm.*|__utm.*|.*consent.*|theme|lang|language|locale|currency|timezone|tz|country|"
    rb"region|optanon.*|cookie.?policy.*|intercom-id.*|_hj.*|ajs_.*|amplitude.*|mp_.*|dark.?mode|layout|ab.?test.*|variant"
)
_CALL: Final = Lazy(rb"[A-Za-z_][\w.]*\(")
MIN_COOKIE_BYTES: Final = 16


def cookies_in(line: bytes, start: int, end: int) -> tuple[list[Span], int]:
    """The cookie values in start..end that could be sessions, and how far the list goes; names and attributes stay."""
    spans: list[Span] = []
    position = start
    while position < end:
        pair = _PAIR.match(line, position, end)
        if pair is None:
            flag = _FLAG.match(line, position, end)
            if flag is None:
                break
            position = flag.end()
            continue
        position = pair.end()
        if is_cookie_secret(pair[1], pair[3]):
            spans.append(Span(pair.start(3), pair.end(3), "cookie", "cookie"))
    return spans, position


def is_cookie_secret(name: bytes, value: bytes) -> bool:
    if name.lower() in _ATTRIBUTES or _HARMLESS.fullmatch(name) or MARK.match(value) or is_empty(value):
        return False
    if _BLANK in value or _CALL.match(value):
        return False
    if len(value) >= MIN_COOKIE_BYTES:
        return not (value.isalpha() and value.islower())
    return len(value) >= 4 and not is_state(value) and (classify(name) is not None or b"sess" in name.lower())
