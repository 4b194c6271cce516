from __future__ import annotations

import pytest

from tui.parsing.parser import Parser

HEADED = [b"2026-11-23 15:02:44,123 INFO shop: a", b"2026-11-23 15:02:45,123 ERROR shop: b"]
BODY = [
    b"Traceback (most recent call last):", b'  File "a.py", line 1, in f', b"    x()", b"ValueError: boom", b"",
    b"During handling of the above exception, another exception occurred:", b"java.lang.IllegalStateException: no",
    b"\tat shop.Pay.run(Pay.java:1)", b"Caused by: java.io.IOException: disk", b"\t... 1 more", b"goroutine 1 [running]:",
    b"main.main()", b"panic: runtime error", b"exit status 2", b"TypeError: x is not a function", b"    at f (/srv/a.js:1:2)", b"}",
    b"just a second line",
]  # fmt: skip


def learnt(*lines: bytes) -> Parser:
    parser = Parser("x")
    parser.learn(lines, reference_ns=1_795_446_164_000_000_000)
    return parser


@pytest.mark.parametrize("line", BODY)
def test_in_a_stream_with_heads_only_a_head_starts(line: bytes) -> None:
    assert not learnt(*HEADED, *BODY).starts(line)


@pytest.mark.parametrize(
    "line", [*HEADED, b'{"level":"info"}', b"level=info msg=x", b"Nov 23 15:02:44 web1 app: x", b"<34>1 2026"]
)
def test_another_format_that_cannot_be_mistaken_starts_too(line: bytes) -> None:
    assert learnt(*HEADED, *BODY).starts(line)


@pytest.mark.parametrize(
    ("line", "starts"),
    [
        (b"anything at all", True), (b"Server listening on 3000", True), (b'{"a":1}', True), (b"Traceback (most recent call last):", True),
        (b"panic: oh no", True), (b"java.lang.IllegalStateException: no", True), (b'Exception in thread "main" java.lang.Error', True),
        (b"ValueError: boom", False), (b"requests.exceptions.ConnectionError: refused", False), (b"KeyboardInterrupt", False),
        (b"  indented", False), (b"\tat a.b(c)", False), (b"", False), (b"\r", False), (b"Caused by: x", False),
        (b"goroutine 1 [running]:", False), (b"main.main()", False), (b"created by main.main", False), (b"}", False), (b"})", False),
        (b"During handling of the above exception, another exception occurred:", False), (b"... 5 more", False),
        (b"note: run with `RUST_BACKTRACE=1`", False), (b"--- End of inner exception stack trace ---", False), (b"#0 /srv/x.php(3): f()", False),
    ],
)  # fmt: skip
def test_in_a_stream_never_seen_all_but_clear_continuations_start(line: bytes, starts: bool) -> None:
    assert Parser("x").starts(line) is starts


def test_an_error_line_starts_where_the_sample_shows_node() -> None:
    parser = learnt(b"listening on 3000", b"TypeError: x", b"    at f (/srv/a.js:1:2)", b"    at node:internal/main:1")
    assert parser.starts(b"TypeError: x is not a function")
    assert not parser.starts(b"    at f (/srv/a.js:1:2)")


def test_text_between_json_lines_is_its_own_record() -> None:
    parser = learnt(b'{"level":"info","msg":"a"}', b'{"level":"info","msg":"b"}', b"raw text")
    assert [parser.starts(line) for line in (b'{"msg":"c"}', b"raw text", b"Traceback (most recent call last):", b"  File", b"ValueError: x")] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_the_second_line_of_java_util_logging_goes_on() -> None:
    parser = learnt(b"Nov 23, 2026 3:09:22 PM shop.Cart main", b"INFO: hello")
    assert parser.starts(b"Nov 23, 2026 3:09:23 PM shop.Cart main")
    assert not parser.starts(b"SEVERE: boom")


def test_level_first_streams_are_learnt() -> None:
    parser = learnt(b"INFO:root:a", b"WARNING:root:b", b"INFO:root:c")
    assert parser.starts(b"ERROR:app:boom")
    assert not parser.starts(b"detail of it")


def test_what_postgres_adds_belongs_to_the_line_above() -> None:
    parser = learnt(b"2026-11-23 15:02:44.123 UTC [123] LOG:  x", b"2026-11-23 15:02:44.123 UTC [123] a@b ERROR:  y")
    assert not parser.starts(b"2026-11-23 15:02:44.123 UTC [123] a@b STATEMENT:  select 1")
    assert parser.starts(b"2026-11-23 15:02:44.123 UTC [123] a@b ERROR:  select 1")


@pytest.mark.parametrize(
    ("line", "origin"),
    [
        (b"[pod/cart-1/app] hello", b"[pod/cart-1/app]"),
        (b"[pod/cart-1/app] 2026-11-23T15:02:44Z hello", b"[pod/cart-1/app]"),
        (b"2026-11-23T15:02:44.123456789Z stderr F boom", b"stderr"),
        (b'{"log":"x\\n","stream":"stdout","time":"2026-11-23T15:02:44Z"}', b"stdout"),
        (b"[2026-11-23 15:02:44] x", b""),
        (b"[main] x", b""),
        (b'{"level":"info"}', b""),
        (b"plain | text", b""),
        (b"", b""),
    ],
)
def test_the_origin_is_the_stream_inside_the_source(line: bytes, origin: bytes) -> None:
    assert Parser("x").origin(line) == origin


def test_compose_names_are_origins_only_where_all_lines_have_them() -> None:
    parser = learnt(b"cart-1  | a", b"payment-1  | b", b"cart-1  | c")
    assert parser.origin(b"cart-1  | x") == b"cart-1"
    assert learnt(b"cart-1  | a", b"hello", b"world").origin(b"cart-1  | x") == b""


def test_stamps_before_lines_are_told_from_heads() -> None:
    stamped = learnt(b'2026-11-23T15:02:44.1Z {"a":1}', b'2026-11-23T15:02:44.2Z {"a":2}')
    assert stamped.starts(b'2026-11-23T15:02:44.2Z {"a":2}')
    assert not stamped.starts(b"2026-11-23T15:02:44.2Z \tat a.b(c)")
    assert learnt(b"2026-11-23T15:02:44.1Z  INFO a", b"2026-11-23T15:02:44.2Z  WARN b").starts(
        b"2026-11-23T15:02:44.2Z  INFO c"
    )


def test_starts_depends_on_nothing_but_what_was_learnt() -> None:
    parser = learnt(*HEADED)
    lines = [*HEADED, *BODY]
    forwards = [parser.starts(line) for line in lines]
    backwards = [parser.starts(line) for line in reversed(lines)]
    assert forwards == backwards[::-1]
