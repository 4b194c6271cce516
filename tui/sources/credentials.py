"""What proves to a server that we may read there: from the environment or the address, never from an option.

Nothing here is ever shown.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit, urlunsplit

from tui.sources.spec import CredentialsError


def credentials(env: Mapping[str, str], kind: str = "WS") -> dict[str, str]:
    """Headers for a kind of connection from the environment; a header given in full wins over a token. Raises
    CredentialsError.

    TRACETAIL_kind_HEADERS: `Name: value` lines. TRACETAIL_kind_TOKEN, or TRACETAIL_kind_TOKEN_FILE: a bearer token.
    """
    name_of = f"TRACETAIL_{kind}_".__add__
    headers: dict[str, str] = {}
    for number, line in enumerate(env.get(name_of("HEADERS"), "").splitlines(), 1):
        if line.strip():
            name, colon, value = line.partition(":")
            if not colon or not _token_like(name.strip()):
                raise CredentialsError(f"{name_of('HEADERS')}, line {number}: not of the form Name: value")
            headers[name.strip()] = value.strip()
    token = env.get(name_of("TOKEN"), "").strip() or _token_of_file(env, name_of("TOKEN_FILE"))
    if token and not any(name.lower() == "authorization" for name in headers):
        headers["Authorization"] = f"Bearer {token}"
    for name, value in headers.items():
        if not value.isprintable():
            raise CredentialsError(f"the value for {name} holds a line break or control character")
    return headers


def split_userinfo(url: str) -> tuple[str, str]:
    """The address without `user:password@`, and that part."""
    parts = urlsplit(url)
    userinfo, at, host = parts.netloc.rpartition("@")
    return (urlunsplit(parts._replace(netloc=host, fragment="")), userinfo) if at else (url.partition("#")[0], "")


def with_authorization(headers: dict[str, str], token: str | None, userinfo: str) -> dict[str, str]:
    """Add what the token or the address ask for; the address is the most particular, so it wins."""
    kept = {name: value for name, value in headers.items() if name.lower() != "authorization"}
    if userinfo:
        user, _, password = userinfo.partition(":")
        pair = f"{unquote(user)}:{unquote(password)}".encode()
        return {**kept, "Authorization": "Basic " + base64.b64encode(pair).decode()}
    return {**kept, "Authorization": f"Bearer {token}"} if token else headers


def _token_of_file(env: Mapping[str, str], variable: str) -> str:
    path = env.get(variable, "")
    if not path:
        return ""
    try:
        with open(os.path.expanduser(path), encoding="utf-8") as file:
            return file.read(64 << 10).strip()
    except (OSError, UnicodeDecodeError) as error:
        why = (error.strerror or "").lower() if isinstance(error, OSError) else "not text"
        raise CredentialsError(f"{variable}: {path} cannot be read: {why}") from None


def _token_like(name: str) -> bool:
    return bool(name) and name.isascii() and all(c.isalnum() or c in "!#$%&'*+-.^_`|~" for c in name)
