"""Who may send to a listener: programs, and web pages of this machine; of others those that were allowed.

A page of the web may make its visitor's browser send to this machine, under its own name (Origin) or under one that it
lets point here (Host). Both are refused before the body is read.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import Final

from tui.lazy import Lazy

_LOCAL_ENDINGS: Final = ("localhost", "local", "internal", "lan", "home.arpa", "test")
"""Names that no one can buy."""
_AUTHORITY: Final = Lazy(r"(?:[a-z][a-z0-9+.\-]*://)?(\[[0-9a-f:.%a-z]+\]|[^\s:/\[\]]+)(?::\d+)?/?", re.IGNORECASE)


class Origins:
    """The rule for one listener."""

    def __init__(self, allowed: str = "", *, loopback: bool = True) -> None:
        """`allowed` are origins or hosts between commas, `*` for all; `loopback` when only this machine can reach us."""
        self._allowed = frozenset(one.strip().rstrip("/").lower() for one in allowed.split(",") if one.strip())
        self._hosts = frozenset(filter(None, map(_host, self._allowed)))
        self._loopback = loopback

    def refused(self, host: str, origin: str) -> str:
        """Why a request with these headers is refused; empty when it is taken. An origin is sent by browsers only."""
        if "*" in self._allowed:
            return ""
        if origin and not self._is_known(origin):
            return "a web page from elsewhere: name its origin in allow_origins if it may send here"
        # who can come from another machine knows us by any name; a browser there has told its origin
        if (self._loopback or origin) and host and not self._is_known(host):
            return "addressed to a name that is not of this machine: put it into allow_origins if it is"
        return ""

    def _is_known(self, address: str) -> bool:
        if address.lower() in self._allowed:
            return True
        host = _host(address)
        return host is not None and (host in self._hosts or is_local(host))


def is_local(host: str) -> bool:
    """Whether a host can only be meant on this machine or in its own network."""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.rsplit(".", 1)[1] in _LOCAL_ENDINGS or host.endswith(".home.arpa")
    return found.is_loopback or found.is_private or found.is_link_local or found.is_unspecified


def is_loopback(hosts: Iterable[str]) -> bool:
    """Whether only this machine reaches what listens on these addresses."""

    def own(host: str) -> bool:
        try:
            return ipaddress.ip_address(host.strip("[]")).is_loopback
        except ValueError:
            return host == "localhost"

    return all(map(own, hosts))


def _host(address: str) -> str | None:
    """The host of an origin or of a Host header, in small letters; None for none, such as the origin `null`."""
    found = _AUTHORITY.fullmatch(address.strip())
    if found is None or address == "null":
        return None
    return str(found[1]).strip("[]").partition("%")[0].rstrip(".").lower()
