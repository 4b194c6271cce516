"""What is a warning or worse shows it in its bytes, in every format there is a case for and on every scale."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.parsing.systems import Case
from tests.parsing.systems import cases as systems
from tests.parsing.test_formats import REFERENCE_NS, framed, load
from tui.parsing.parser import Parser
from tui.parsing.patterns import LETTERS
from tui.parsing.vocabulary import LEVEL_WORDS, ROLES, SCALES
from tui.query.level_signs import severe
from tui.query.literals import hazardous
from tui.record import Record, Severity

SIGN = severe(Severity.WARN)


def records(text: str) -> list[tuple[bytes, Record]]:
    lines = [line.encode() for line in text.split("\n")]
    parser = Parser("app.log")
    parser.learn(lines, reference_ns=REFERENCE_NS)
    return [(b"\n".join(group.lines), parser.record(group)) for group in framed(parser, lines)]


def check(text: str) -> None:
    assert SIGN is not None
    for data, record in records(text):
        if record.severity >= Severity.WARN:
            assert SIGN.shown(data) or hazardous(data), (record.severity, data)


@pytest.mark.parametrize("case", load())
def test_every_case_of_a_warning_or_worse_shows_it(case: dict[str, Any]) -> None:
    check(case["lines"])


@pytest.mark.parametrize("case", systems(), ids=lambda case: case.name)
def test_every_warning_of_a_system_shows_it(case: Case) -> None:
    check(b"\n".join(case.lines).decode())


WORDS = [*LEVEL_WORDS, *(f"{word}{step}" for word in ("debug", "info", "warn") for step in ("+1", "+4", "+8", "-2"))]


@pytest.mark.parametrize("key", [*ROLES["level"], "log.level", "log_level", "Severity-Text", "@l"])
def test_words_letters_and_numbers_under_every_name_of_a_level(key: str) -> None:
    numbers = sorted({0, 7, 31, 35, 45, 59, 99, 350, 999, 30001, *(one for scale in SCALES.values() for one in scale)})
    for value in [*WORDS, *map(str.upper, WORDS), *map(str.title, WORDS), *numbers, *map(str, numbers)]:
        for more in ({}, {"lineno": 7, "funcName": "f"}, {"pid": 1, "hostname": "h", "v": 0}, {"@t": "2026-11-23"}):
            fields = {"msg": "x", key: value, **more}
            check(json.dumps(fields))
            check(json.dumps(dict(reversed(fields.items())), separators=(",", ":")))
            check(json.dumps({"log": json.dumps(fields)}))
        check(f"time=2026-11-23T14:00:00Z {key}={value} msg=x")


@pytest.mark.parametrize("status", [400, 404, 499, 500, 503, 599])
def test_statuses_of_answers(status: int) -> None:
    check(json.dumps({"method": "GET", "path": "/x", "status": status}))
    check(json.dumps({"http": {"method": "GET", "response": {"status_code": str(status)}}, "path": "/x"}))
    check(f'10.0.0.1 - - [23/Nov/2026:14:00:00 +0000] "GET /x HTTP/1.1" {status} 12')
    check(f"method=GET path=/x status={status} duration=12ms")


@pytest.mark.parametrize("number", range(192))
def test_priorities_of_syslog(number: int) -> None:
    check(f"<{number}>1 2026-11-23T14:00:00Z web app 1 - - started")
    check(f"<{number}>Nov 23 14:00:00 web app[1]: started")


def test_letters_of_formats() -> None:
    for letter in LETTERS["klog"]:
        check(f"{letter}1123 15:02:44.123456       1 controller.go:42] done")
    for letter in LETTERS["android"]:
        check(f"03-17 16:13:38.811  1702  2395 {letter} WindowManager: done")
        check(f"{letter}/Tag     ( 123): hello")
    for letter in LETTERS["mongo"]:
        check(f"2014-11-03T18:28:32.450-0500 {letter} NETWORK [initandlisten] waiting")
    for letter in LETTERS["redis"]:
        check(f"1:M 23 Nov 2026 15:02:44.123 {letter} Ready")


STACKS = [
    "com.acme.CartGone: no\n\tat com.acme.Cart.load(Cart.java:12)\n\tat com.acme.Main.main(Main.java:1)",
    "CartGone: no\n    at load (/srv/cart.js:1:2)\n    at Object.<anonymous> (/srv/app.js:3:4)",
    "app.rb:1:in `load': no (CartGone)\n\tfrom app.rb:2:in `main'",
    "main.load(...)\n\t/srv/cart.go:12 +0x1d\nmain.main()\n\t/srv/main.go:3 +0x2",
    "goroutine 1 [running]:\nmain.load(...)\n\t/srv/cart.go:12 +0x1d",
    'Traceback (most recent call last):\n  File "a.py", line 1, in f\nCartGone: no',
]


@pytest.mark.parametrize("stack", STACKS)
def test_stacks_whose_types_say_nothing(stack: str) -> None:
    check(stack)
    check("2026-11-23 14:00:00 starting\n" + stack)
    check('{"msg": "starting"}\n' + stack)
    check(json.dumps({"msg": stack}))
    check("\n".join(json.dumps({"log": line + "\n", "stream": "stderr"}) for line in stack.split("\n")))
    check("\n".join(f"2026-11-23T14:00:00.1Z stderr F {line}" for line in stack.split("\n")))
    check("\n".join(f"[pod/a-1/c] {line}" for line in stack.split("\n")))


def test_nothing_is_asked_below_a_warning() -> None:
    assert severe(0) is severe(Severity.INFO) is None


def test_ordinary_lines_do_not_show_it() -> None:
    assert SIGN is not None
    assert not SIGN.shown(b'{"time":"2026-11-23T14:00:00Z","level":"info","service":"cart","msg":"42 loaded","ms":512}')
    assert not SIGN.shown(b'{"level":30,"time":1764000000000,"pid":7,"hostname":"web","msg":"served"}')
    assert not SIGN.shown(b"2026-11-23 14:00:00,123 INFO  [http-7] c.a.Cart - loaded 42 items in 512 ms")
