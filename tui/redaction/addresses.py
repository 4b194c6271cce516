"""E-mail addresses, and passwords in the user part of URLs.

Owns both shapes in plain, percent, JSON and HTML escaping, and what only looks like them: git remotes, packages with
their version, systemd units, actors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui.lazy import Lazy
from tui.redaction.gate import Places
from tui.redaction.marks import MARK
from tui.redaction.placeholders import is_empty, looks_secret
from tui.redaction.spans import Span
from tui.typed import Final

EMAIL_ANCHORS: Final = (
    r"[a-z0-9\x80-\xff_+\-](?:@|%(?:25)*40|\\+u0040|&#(?:64|x40);)[a-z0-9\x80-\xff\-]+(?:\.|%2e)[a-z0-9]",
)
_WITH_PASSWORD: Final = r"(?::|%(?:25)*3a)(?:\\*/|%(?:25)*2f)(?:\\*/|%(?:25)*2f)[^\s/@?#\"'<>]*(?:@|%(?:25)*40|:[^\s@\"'<>0-9][^\s@\"'<>]*@)"
URL_ANCHORS: Final = (
    _WITH_PASSWORD,
    r"@(?:tcp|unix)\(",
    r"thin:[\w]+\\*/[^@\s]+@",
    r"sips?:[^\s:@]+:[^\s@]+@",
)

_AT: Final = Lazy(rb"@|%(?:25)*40|\\{1,15}u0040|&#(?:64|x40);", re.IGNORECASE)
_PERCENT, _AMPERSAND = 0x25, 0x26
_LOCAL: Final = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+_'-%" + bytes(range(128, 256))
_LOCAL_END: Final = Lazy(rb"(?:[A-Za-z0-9_\x80-\xff]|%2[Bb])(?:[A-Za-z0-9.+_\x80-\xff'-]|%2[BbEeDd]){0,63}\Z")
_DOMAIN: Final = Lazy(
    rb"(?:[A-Za-z0-9\x80-\xff](?:[A-Za-z0-9\x80-\xff-]{0,61}[A-Za-z0-9\x80-\xff])?(?:\.|%2[eE])){1,8}([A-Za-z]{2,24}|xn--[a-z0-9-]{2,30})"
)
_NOT_TLDS: Final = frozenset(
    b"""
    service socket local internal timer slice mount target path scope device swap automount png jpg jpeg gif svg
    webp ico js jsx ts tsx css scss html htm json yaml yml xml toml md txt log py go rs java rb php c h cpp hpp cs
    kt jar war gz zip tar tgz bz2 xz so dll exe conf cfg ini lan home corp localhost localdomain cluster svc
    invalidhost mp mp3 mp4 pdf docx csv tsv sql db sock pid lock tmp bak whl egg class proto wasm map woff woff2 ttf
    eot vue svelte lambda apply arpa intra default system
    """.split()
)
"""Units of systemd, names of private networks, file types: what ends like a domain and is none."""
_MACHINE_USERS: Final = frozenset(b"git hg svn rabbit ejabberd couchdb emqx ns_1 riak driver".split())
_MESSAGE_ID: Final = Lazy(
    rb"(?i)(?:<|;tl&|c300u\\)?[\"'\\]{0,6}[ \t]{0,4}[:=][ \t]{0,4}[\"'\\]{0,6}"
    rb"(?:di_?-?egassem|ot-ylper-ni|secnerefer|digsm)"
)
"""The name of a header that holds the ids of messages, read backwards from the value."""


def email_spans(line: bytes) -> Iterator[Span]:
    """E-mail addresses, whole."""
    for at, end in _ats(line):
        domain = _DOMAIN.match(line, end, end + 255)
        if domain is None:
            continue
        before = line[max(0, at - 80) : at]
        local = _LOCAL_END.search(before[len(before.rstrip(_LOCAL)) :])
        if local is None:
            continue
        start = _without_escape(line, at - len(local[0]))
        if start < at and _is_address(line, start, at, domain):
            yield Span(start, domain.end(), "email", "email")


def _ats(line: bytes) -> Iterator[tuple[int, int]]:
    """Where an @ begins and ends, in any escaping."""
    if _PERCENT in line or (_AMPERSAND in line and line.find(b"&#") >= 0) or line.find(b"u0040") >= 0:
        for found in _AT.finditer(line):
            yield found.span()
        return
    at = line.find(b"@")
    while at >= 0:
        yield at, at + 1
        at = line.find(b"@", at + 1)


def _without_escape(line: bytes, start: int) -> int:
    """Where the local part begins when the letters in front of it are the end of an escape such as \\n or %3D."""
    if not start or line[start - 1] not in b"\\%":
        return start
    for width, shape in ((1, rb"\\[ntrbf]\Z"), (5, rb"\\u00[0-9a-fA-F]{2}\Z"), (2, rb"%[0-9A-Fa-f]{2}\Z")):
        head = line[max(0, start + width - 6) : start + width]
        if re.search(shape, head):
            return start + width
    return start


def _is_address(line: bytes, start: int, at: int, domain: re.Match[bytes]) -> bool:
    local = line[start:at]
    after = line[domain.end() : domain.end() + 2]
    if domain[1].lower() in _NOT_TLDS or local.lower() in _MACHINE_USERS or local.startswith(b"."):
        return False
    if after[:1].isalnum() or after[:1] in (b"_", b"-") or (after[:1] == b"@" and after[1:].isdigit()):
        return False
    if _REMOTE_PATH.match(line, domain.end()):
        return False
    before = line[max(0, start - 60) : start]
    if before.endswith((b"://", b":\\/\\/", b"%3A%2F%2F", b"%3a%2f%2f")) or _MESSAGE_ID.match(before[::-1]):
        return False
    if before.endswith(b":") and _IN_AUTHORITY.search(before):
        return False
    if before.endswith(b"/") and (b"://" in before or before[-2:-1].isalnum()):
        return line.startswith(b"%", at) or before[-2:-1] != b"/"
    return True


_IN_AUTHORITY: Final = Lazy(rb"://[^\s/@\"']{1,60}:\Z")
_REMOTE_PATH: Final = Lazy(rb":(?:[/~]|[\w.-]{1,60}/|[\w-]{1,60}\.git)")

_SLASHES: Final = Lazy(
    rb":(?://|\\{1,15}/\\{1,15}/|%(?:25){0,2}2[fF]%(?:25){0,2}2[fF])|%(?:25){0,2}3[aA]%(?:25){0,2}2[fF]%(?:25){0,2}2[fF]"
)
_URL_PLACES: Final = Places((_WITH_PASSWORD,), _SLASHES, ignore_case=True)
_AUTHORITY: Final = Lazy(rb"[^\s\"'<>`\x00/?#\\]{0,1024}")
_WIDE: Final = Lazy(rb"[^\s\"'<>`\x00\\@]{0,256}@(?=[A-Za-z0-9\[])")
_ENCODED: Final = Lazy(rb"(?i)([^\s\"'<>`%&]{0,100}?)%(?:25)*3a([^\s\"'<>`&]{1,300}?)%(?:25)*40(?=[a-z0-9\[])")
_DSN: Final = Lazy(rb"(?<![\w/])([\w.%-]{1,64}):([^\s\"'`@]{1,256})@(?:tcp|unix)\(")
_THIN: Final = Lazy(rb"(?i)thin:([\w$#.-]{1,64})\\{0,7}/([^\s\"'`@]{1,128})@")
_SIP: Final = Lazy(rb"(?i)\b(sips?:[^\s:@\"'<>]{1,64}):([^\s\"'`@<>]{1,128})@")
_HEX: Final = Lazy(rb"[0-9a-f]{32}")


def url_password_spans(line: bytes) -> Iterator[Span]:
    """Passwords between `user:` and `@host` of a URL; scheme, user and host stay."""
    for scheme in _URL_PLACES.finditer(line):
        if not line[scheme.start() - 1 : scheme.start()].isalnum():
            continue
        span = _encoded_password(line, scheme.end()) if _PERCENT in scheme[0] else _password(line, scheme.end())
        if span is not None and not MARK.match(line, span.start) and not is_empty(line[span.start : span.end]):
            yield span
    if line.find(b"@tcp(") >= 0 or line.find(b"@unix(") >= 0:
        yield from _unslashed(line, _DSN)
    if line.find(b":") >= 0 and line.lower().find(b"thin:") >= 0:
        yield from _unslashed(line, _THIN)
    if line.find(b"sip") >= 0:
        yield from _unslashed(line, _SIP)


def _unslashed(line: bytes, pattern: Lazy[bytes]) -> Iterator[Span]:
    for found in pattern.finditer(line):
        if not MARK.match(found[2]) and not is_empty(found[2]):
            yield Span(found.start(2), found.end(2), "url-password", "url-password")


def _password(line: bytes, start: int) -> Span | None:
    end = start + len(_AUTHORITY.match(line, start)[0])  # type: ignore[index]
    at = line.rfind(b"@", start, end)
    colon = line.find(b":", start, end)
    if at < 0:
        # a slash or hash inside the password: only when what follows the colon is no port
        if colon < 0 or line[colon + 1 : colon + 2].isdigit() or colon + 1 == end:
            return None
        wide = _WIDE.match(line, end)
        if wide is None:
            return None
        at = wide.end() - 1
    if 0 <= colon < at:
        if line[colon + 1 : at] == b"x-oauth-basic":  # the user is the token
            return Span(start, colon, "url-password", "url-password")
        return Span(colon + 1, at, "url-password", "url-password") if at > colon + 1 else None
    user = line[start:at]
    if len(user) >= 20 and looks_secret(user) and not _HEX.fullmatch(user):
        return Span(start, at, "url-password", "url-password")
    return None


def _encoded_password(line: bytes, start: int) -> Span | None:
    found = _ENCODED.match(line, start)
    if found is None or b"%2F" in found[1].upper():
        return None
    return Span(found.start(2), found.end(2), "url-password", "url-password")
