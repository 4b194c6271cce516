"""The logs that are measured on: services of a made-up shop, the same for every run.

Lines are close to 330 bytes of JSON; one in a hundred is an error with a stack, three in a hundred hold an e-mail
address. Planted: a head and an end that can be seen on a screen, and two requests on a known number of lines.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

SERVICES: Final = ("gateway", "orders", "billing", "stock", "login", "mailer")
HEAD_MARK: Final = "FIRSTLINEHERE"
END_MARK: Final = "LASTLINEHERE"
REQUEST_ID: Final = "b00c0de5-0dd5-4a11-9e57-0ddba11c0de5"
"""A request with one trace of its own."""
TRACE_ID: Final = "9c1e07bd84f24a6f93d5e8a20b6c71f4"
SCATTERED_ID: Final = "5ca77e2e-d1d5-4b0b-8bad-0ff1ce0ff1ce"
"""An id whose lines each belong to another trace, as a batch job's or a retried order's do."""
PLANTED: Final = 12
"""Lines of each of the two in every file."""
BATCH_LINES: Final = 2000
EVENTS: Final = (
    ("request.done", "GET /orders/{big} answered 200 by orders-{small}"),
    ("request.done", "POST /cart/checkout answered 201 with {big} bytes"),
    ("query.done", "select from line_items where order_id = $1, {small} rows"),
    ("cache.hit", "found basket:{big}, {small} s left"),
    ("topic.sent", "order.placed to partition {small} at {big}"),
    ("sweep.done", "looked at {big}, dropped {small}"),
    ("charge.held", "held {big} cents, attempt {small}"),
    ("login.ok", "user u{big} may read:{small}"),
    ("stock.held", "{small} of SKU-{big} in hall 2"),
    ("mail.queued", "receipt-{small} as message {big}"),
)
STACK: Final = (
    "Traceback (most recent call last):",
    '  File "/srv/shop/views.py", line {small}, in answer',
    "    return await self.inner(request)",
    '  File "/srv/shop/rows.py", line {big}, in one_row',
    "    row = await self.pool.fetchrow(text, *values)",
    "PoolTimeout: no connection within 5000 ms",
)
Format = Callable[[dict[str, str]], str]


class Lines:
    """Lines one after the other, their clock going on by a millisecond or so with each."""

    def __init__(self, seed: int, *, secrets: float = 0.0) -> None:
        """`secrets` is the share of lines that hold a made-up credential."""
        self._random = random.Random(seed)
        self._secrets = secrets
        self._second, self._micros, self._stamp = 1_760_000_000, 0, ""
        self._requests = [self._uuid() for _ in range(64)]

    def _hex(self, digits: int) -> str:
        return f"{self._random.getrandbits(4 * digits):0{digits}x}"

    def _uuid(self) -> str:
        digits = self._hex(32)
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"

    def _time(self) -> str:
        self._micros += int(self._random.random() * 2000)
        if self._micros >= 1_000_000 or not self._stamp:
            self._second, self._micros = self._second + self._micros // 1_000_000, self._micros % 1_000_000
            self._stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(self._second))
        return f"{self._stamp}.{self._micros:06d}Z"

    def line(
        self,
        form: str = "json",
        *,
        service: str = "",
        lead: str = "",
        request: str = "",
        trace: str = "",
        time: str = "",
        quiet: bool = False,
    ) -> str:
        """One record in a form (json, logfmt, plain) with its line feed; `lead` stands first in its message.

        What is not given is made up; a time goes on from the last one.

        `quiet` makes it neither an error nor long, so that it is one line of a screen.
        """
        chance = self._random.random()
        if chance < 0.12:
            self._requests[int(self._random.random() * 64)] = self._uuid()
        kind = self._random.random()
        level = (
            "info"
            if quiet
            else "error"
            if kind < 0.01
            else "warn"
            if kind < 0.05
            else "debug"
            if kind < 0.25
            else "info"
        )
        event, text = EVENTS[int(self._random.random() * len(EVENTS))]
        big, small = str(1_000_000 + int(self._random.random() * 9e6)), str(10 + int(self._random.random() * 90))
        text = text.replace("{big}", big).replace("{small}", small)
        if self._secrets and self._random.random() < self._secrets:
            text += " " + self._secret()
        spent = self._random.random() * self._random.random() * 400
        values = {
            "time": time or self._time(),
            "level": level,
            "service": service or SERVICES[int(self._random.random() * len(SERVICES))],
            "event": event,
            "message": f"{lead} {text}" if lead else text,
            "request": request or self._requests[int(self._random.random() * 64)],
            "trace": trace or self._hex(32),
            "span": self._hex(16),
            "spent": f"{spent:.3f}",
            "big": big,
            "small": small,
            "who": f"kim.reed{small}@example.com" if chance > 0.97 else "",
            "host": f"ip-10-2-{small}-9" if chance > 0.6 else "",
        }
        return FORMS[form](values)

    def _secret(self) -> str:
        """A credential that is nobody's, put together here so that no scanner takes this file for a leak."""
        word = self._random.choice
        digits, letters = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        upper = "".join(word(letters) for _ in range(16))
        mixed = "".join(word(letters.lower() + digits) for _ in range(36))
        forms = (
            "aws key " + "AK" + "IA" + upper,
            "Authorization: Bearer " + "ey" + "J" + mixed + "." + "ey" + "J" + mixed + "." + mixed,
            "password=" + mixed[:14],
            "token " + "gh" + "p_" + mixed,
            "postgres:" + f"//shop:{mixed[:12]}@db:5432/shop",
            "card 4111 1111 1111 1111",
            "mail from kim.reed@example.com",
        )
        return word(forms)


def _json(one: dict[str, str]) -> str:
    extra = ""
    if one["who"]:
        extra = f',"user":{{"id":"u{one["big"]}","email":"{one["who"]}"}}'
    elif one["host"]:
        extra = f',"host":"{one["host"]}","zone":"eu-west-1b"'
    if one["level"] == "error":
        extra += ',"stack":"' + "\\n".join(STACK).replace('"', '\\"') + '"'
        extra = extra.replace("{small}", one["small"]).replace("{big}", one["big"])
    return (
        f'{{"timestamp":"{one["time"]}","level":"{one["level"]}","service":"{one["service"]}","event":"{one["event"]}",'
        f'"message":"{one["message"]}","correlation_id":"{one["request"]}","trace_id":"{one["trace"]}",'
        f'"span_id":"{one["span"]}","duration_ms":{one["spent"]}{extra}}}\n'
    )


def _logfmt(one: dict[str, str]) -> str:
    extra = f" user_email={one['who']}" if one["who"] else ""
    extra += ' err="PoolTimeout: no connection within 5000 ms"' if one["level"] == "error" else ""
    return (
        f'ts={one["time"]} level={one["level"]} service={one["service"]} event={one["event"]} msg="{one["message"]}" '
        f"correlation_id={one['request']} trace_id={one['trace']} span_id={one['span']} duration_ms={one['spent']}{extra}\n"
    )


def _plain(one: dict[str, str]) -> str:
    stack = ""
    if one["level"] == "error":
        stack = "\n".join(STACK).replace("{small}", one["small"]).replace("{big}", one["big"]) + "\n"
    return (
        f"{one['time'][:-1].replace('T', ' ')} {one['level'].upper():5} [{one['service']}] [{one['request']}] "
        f"{one['event']} - {one['message']} ({one['spent']} ms)\n{stack}"
    )


FORMS: Final[dict[str, Format]] = {"json": _json, "logfmt": _logfmt, "plain": _plain}
LATER: Final = "2025-10-10T00:00:00.000000Z"
"""Behind all made-up times."""
FORM_OF: Final = {"login": "logfmt", "mailer": "plain"}
"""Services that do not write JSON."""


def form_of(service: str) -> str:
    return FORM_OF.get(service, "json")


class Data:
    """The files of one run, each made when it is first asked for."""

    def __init__(self, folder: str, size_bytes: int) -> None:
        self.folder = folder
        self.size_bytes = size_bytes
        self.one = cache(self._one)
        self.six = cache(self._six)
        self.many = cache(self._many)
        self.crowd = cache(self._crowd)

    def _one(self, size_bytes: int) -> str:
        """Path of one file of JSON lines."""
        return self._write(f"shop-{size_bytes}.ndjson", size_bytes, "", 1)

    def _six(self) -> list[str]:
        """Paths of a file for each service, together as large as the run's size."""
        each = self.size_bytes // len(SERVICES)
        return [self._write(f"{name}.log", each, name, number) for number, name in enumerate(SERVICES, 2)]

    def _crowd(self, count: int, lines: int) -> list[str]:
        """Paths of so many files in a folder of their own, of so many lines each; the last one holds the newest line."""
        folder = os.path.join(self.folder, f"crowd-{count}-{lines}")
        os.mkdir(folder)
        paths = [os.path.join(folder, f"{SERVICES[number % len(SERVICES)]}-{number}.log") for number in range(count)]
        for number, path in enumerate(paths):
            source, service = Lines(number), SERVICES[number % len(SERVICES)]
            with open(path, "w", encoding="utf-8") as file:
                file.writelines(source.line(form_of(service), service=service) for _ in range(lines))
                if path == paths[-1]:
                    file.write(source.line(service=service, lead=END_MARK, time=LATER, quiet=True))
        return paths

    def _many(self, form: str, count: int, secrets: float) -> str:
        """Path of so many lines in one form, without anything planted."""
        path = os.path.join(self.folder, f"{form}-{count}-{secrets:g}.log")
        source = Lines(9, secrets=secrets)
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(source.line(form) for _ in range(count))
        return path

    def _write(self, name: str, size_bytes: int, service: str, seed: int) -> str:
        path = os.path.join(self.folder, name)
        with open(path, "wb", buffering=1 << 20) as file:
            for text in _planted(Lines(seed), size_bytes, service):
                file.write(text.encode())
        return path


def _planted(source: Lines, size_bytes: int, service: str) -> Iterator[str]:
    """Batches of lines up to a size: the head, the end and the two requests among them, spread evenly."""
    form, trace, planted = form_of(service), TRACE_ID, 0
    yield source.line(form, service=service, lead=HEAD_MARK, quiet=True)
    done = 0
    while done < size_bytes or planted < PLANTED:
        batch = [source.line(form, service=service) for _ in range(BATCH_LINES)]
        if planted < PLANTED and done >= size_bytes * planted // PLANTED:
            planted += 1
            batch.insert(
                700,
                source.line(
                    form, service=service, lead=f"asked {planted}", request=REQUEST_ID, trace=trace, quiet=True
                ),
            )
            batch.insert(
                1400, source.line(form, service=service, lead=f"tried {planted}", request=SCATTERED_ID, quiet=True)
            )
        text = "".join(batch)
        done += len(text)
        yield text
    yield source.line(form, service=service, lead=END_MARK, quiet=True)
