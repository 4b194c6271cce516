"""One question to a server over HTTP: within limits of time and size, along no redirect, what went wrong in words."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from email.message import Message
from typing import IO, Final

from tui.sources.bodies import Body, BodyError
from tui.sources.refusals import Refusal, retry_after_s, unreachable
from tui.values import field, frozen

PIECE_S: Final = 10.0
"""The next piece of an answer must come within this time."""
WHOLE_S: Final = 60.0
READ_BYTES: Final = 1 << 16
TOKEN_HINT: Final = "set TRACETAIL_API_TOKEN, TRACETAIL_API_TOKEN_FILE or TRACETAIL_API_HEADERS"


@frozen
class Answer:
    """What a server said: a body, or why there is none."""

    status: int
    kind: str = ""
    """Its content type, without parameters."""
    body: bytes = field(default=b"", repr=False)
    refusal: Refusal | None = None
    """None for an answer that says something, also if it says that there is nothing (404)."""


def ask(
    url: str,
    headers: Mapping[str, str],
    host: str,
    stopped: Callable[[], bool] = lambda: False,
    whole_s: float = WHOLE_S,
) -> Answer:
    """The answer to a GET. `host` is how the server is called in words; nothing else of the address is told."""
    request = urllib.request.Request(url, headers={**headers, "Accept": "application/json", "Accept-Encoding": "gzip"})
    deadline_s = time.monotonic() + whole_s
    try:
        with _OPENER.open(request, timeout=PIECE_S) as answer:
            return _read(answer.status, answer.headers, answer, deadline_s, stopped, host)
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, _kind(error.headers), refusal=_refused(error.code, error.headers, host))
    except urllib.error.URLError as error:
        reason = error.reason if isinstance(error.reason, OSError) else OSError(str(error.reason))
        return Answer(0, refusal=unreachable(reason, host))
    except BodyError as error:
        return Answer(0, refusal=Refusal(f"an answer of {host} cannot be read: {error}", again=False))
    except http.client.IncompleteRead:
        return Answer(0, refusal=Refusal(f"{host} broke off in the middle of its answer", again=True))
    except (http.client.HTTPException, ValueError):
        return Answer(0, refusal=Refusal(f"{host} does not answer as a web server", again=False))
    except OSError as error:
        return Answer(0, refusal=unreachable(error, host))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect must not carry our headers to somebody else."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        return None


_OPENER: Final = urllib.request.build_opener(_NoRedirect)


def _read(
    status: int,
    headers: Message,
    answer: http.client.HTTPResponse,
    deadline_s: float,
    stopped: Callable[[], bool],
    host: str,
) -> Answer:
    body = Body(headers.get("Content-Encoding", ""))
    while data := answer.read1(READ_BYTES):
        body.feed(data)
        if stopped() or time.monotonic() > deadline_s:
            return Answer(0, refusal=Refusal(f"{host} is too slow", again=True))
    if answer.length:
        return Answer(0, refusal=Refusal(f"{host} broke off in the middle of its answer", again=True))
    return Answer(status, _kind(headers), body.finish())


def _kind(headers: Message) -> str:
    return headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _refused(status: int, headers: Message, host: str) -> Refusal | None:
    """What an answer without success means; None for one that only says that there is nothing."""
    if status == 404:
        return None
    after_s = retry_after_s(headers.get("Retry-After"), time.time())
    if status == 401:
        return Refusal(f"not authorised by {host} (401): {TOKEN_HINT}", again=False)
    if status == 403:
        return Refusal(f"forbidden by {host} (403): the token or its rights do not suffice; {TOKEN_HINT}", again=False)
    if status == 400:
        return Refusal(f"{host} calls the request bad (400)", again=False)
    if 300 <= status < 400:
        return Refusal(f"{host} sends us elsewhere ({status}): use the address it names", again=False)
    if status == 429:
        return Refusal(f"too many requests for {host} (429)", again=True, after_s=after_s)
    again = status >= 500 or status in (408, 425)
    return Refusal(f"{host} answered {status}", again=again, after_s=after_s)
