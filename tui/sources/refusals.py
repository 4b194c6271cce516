"""What it means when a websocket does not open or closes: words for the user, and whether to try again.

Nothing here quotes an address: those may hold passwords.
"""

from __future__ import annotations

import email.utils
import socket
import ssl
from collections.abc import Mapping
from typing import Final

from tui.values import frozen

LONGEST_RETRY_AFTER_S: Final = 3600.0
TOKEN_HINT: Final = "set TRACETAIL_WS_TOKEN, TRACETAIL_WS_TOKEN_FILE or TRACETAIL_WS_HEADERS"

_FINAL_STATUS: Final = {
    400: "the server calls the request bad (400): check the address and its query",
    401: f"not authorised (401): {TOKEN_HINT}",
    403: f"forbidden (403): the token or its rights do not suffice; {TOKEN_HINT}",
    405: "the address takes no websocket (405): check its path",
    407: "the proxy wants a login (407): put it into the proxy's address",
    410: "the address is gone for good (410)",
    426: "the server wants another protocol version (426)",
}
_AUTH_CODES: Final = frozenset({1008, 3000, 3003, 4401, 4403})
_CODES: Final = {
    1000: "the server ended the stream",
    1001: "the server is going away",
    1002: "the server complains about the protocol",
    1003: "the server does not take this kind of data",
    1005: "the server closed the stream without a reason",
    1006: "the connection broke",
    1007: "the server complains about the data",
    1009: "a message is larger than 16 MiB",
    1011: "the server had an internal error",
    1012: "the server restarts",
    1013: "the server is overloaded",
    1014: "a gateway got a bad answer",
}
_FINAL_CODES: Final = frozenset({1002, 1003, 1007, 1010})


@frozen
class Refusal:
    """Why there is no connection (any more)."""

    words: str
    again: bool
    """Whether trying again can help."""
    ended: bool = False
    """Not a failure: the stream is complete."""
    after_s: float | None = None
    """Wait that the server asked for."""


def closed(code: int, reason: str, by_us: bool = False) -> Refusal:
    """A connection that was open and closed with `code`; 1006 when it just broke."""
    words = _CODES.get(code, f"the server closed the stream (code {code})")
    if reason and not by_us:
        words = f"{words}: {reason}"
    if code == 1000:
        return Refusal(words, again=False, ended=True)
    if code in _AUTH_CODES:
        reason = f": {reason}" if reason else ""
        return Refusal(f"the server's policy refuses us (code {code}){reason}; {TOKEN_HINT}", again=False)
    if code == 1009 and by_us:
        return Refusal("a message larger than 16 MiB was refused", again=True)
    return Refusal(words, again=by_us or code not in _FINAL_CODES)


def answered(status: int, headers: Mapping[str, str], now_s: float, *, secure: bool, was_live: bool) -> Refusal:
    """An HTTP answer other than 101; `now_s` is seconds since 1970."""
    after_s = retry_after_s(headers.get("Retry-After"), now_s)
    if status in _FINAL_STATUS:
        tls = "; a server with TLS needs wss://" if status == 400 and not secure else ""
        return Refusal(_FINAL_STATUS[status] + tls, again=False)
    if status == 404:
        return Refusal("there is nothing at this path (404): check the address", again=was_live)
    if 200 <= status < 300:
        return Refusal(f"a web page, not a websocket (the server answered {status}): check the path", again=False)
    if 300 <= status < 400:
        return Refusal(f"the server sends us elsewhere ({status}): use the address it names", again=False)
    if status == 429:
        return Refusal("too many requests (429)", again=True, after_s=after_s)
    if status >= 500 or status in (408, 425):
        words = "not available (503)" if status == 503 else f"the server answered {status}"
        return Refusal(words, again=True, after_s=after_s)
    return Refusal(f"the server answered {status}: check the address", again=False)


def retry_after_s(value: str | None, now_s: float) -> float | None:
    """Seconds to wait by a Retry-After header, a number or an HTTP date; None without a usable one."""
    if not value:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), LONGEST_RETRY_AFTER_S)
    try:
        wait_s = email.utils.parsedate_to_datetime(value).timestamp() - now_s
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(0.0, wait_s), LONGEST_RETRY_AFTER_S)


def unreachable(error: OSError, host: str) -> Refusal:
    """No connection at all."""
    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message or "unknown issuer"
        return Refusal(
            f"the certificate of {host} is not trusted: {why}; set SSL_CERT_FILE for a private one", again=False
        )
    if isinstance(error, ssl.SSLError):
        reason = (error.reason or "handshake failed").replace("_", " ").lower()
        hint = "; without TLS the address starts with ws://" if "wrong version" in reason else ""
        return Refusal(f"TLS with {host} failed: {reason}{hint}", again=False)
    if isinstance(error, socket.gaierror):
        return Refusal(f"cannot find the host {host}", again=True)
    if isinstance(error, TimeoutError):
        return Refusal(f"no answer from {host}", again=True)
    if isinstance(error, ConnectionRefusedError) or "Connect call failed" in str(error):
        return Refusal(f"connection refused by {host}: nothing listens there", again=True)
    if isinstance(error, ConnectionResetError | BrokenPipeError | ConnectionAbortedError):
        return Refusal(f"{host} broke the connection", again=True)
    return Refusal(f"cannot reach {host}: {(error.strerror or 'network error').lower()}", again=True)
