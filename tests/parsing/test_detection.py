from __future__ import annotations

from itertools import accumulate

import pytest

from tui.framing import group
from tui.parsing.parser import Parser
from tui.record import Line

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
    assert not learnt(*HEADED, *BODY).begins(line)


@pytest.mark.parametrize(
    "line", [*HEADED, b'{"level":"info"}', b"level=info msg=x", b"Nov 23 15:02:44 web1 app: x", b"<34>1 2026"]
)
def test_another_format_that_cannot_be_mistaken_starts_too(line: bytes) -> None:
    assert learnt(*HEADED, *BODY).begins(line)


@pytest.mark.parametrize(
    ("line", "begins"),
    [
        (b'{"a":1}', True), (b"2026-11-23 15:02:44 x", True), (b"anything at all", None), (b"Traceback (most recent call last):", None),
        (b"panic: oh no", None), (b"java.lang.IllegalStateException: no", None), (b"ValueError: boom", None), (b"KeyboardInterrupt", None),
        (b"  indented", False), (b"\tat a.b(c)", False), (b"", False), (b"\r", False), (b"Caused by: x", False),
        (b"goroutine 1 [running]:", False), (b"main.main()", False), (b"created by main.main", False), (b"}", False), (b"})", False),
        (b"During handling of the above exception, another exception occurred:", False), (b"... 5 more", False),
        (b"note: run with `RUST_BACKTRACE=1`", False), (b"--- End of inner exception stack trace ---", False), (b"#0 /srv/x.php(3): f()", False),
    ],
)  # fmt: skip
def test_in_a_stream_never_seen_only_what_is_clear_is_decided_by_the_line(line: bytes, begins: bool | None) -> None:
    assert Parser("x").begins(line) is begins


PYTHON = [
    b"Traceback (most recent call last):", b'  File "a.py", line 3, in f', b'    d["x"]', b"    ~^^^^^", b"KeyError: 'x'", b"",
    b"During handling of the above exception, another exception occurred:", b"",
    b"Traceback (most recent call last):", b'  File "a.py", line 9, in g', b"    f()", b"shop.OutOfStock: none left",
]  # fmt: skip
JAVA = [
    b"java.lang.IllegalStateException: no", b"\tat shop.Pay.run(Pay.java:1)", b"Caused by: java.io.IOException: disk",
    b"\tat shop.Disk.w(Disk.java:3)", b"\t... 1 more",
]  # fmt: skip
GO = [
    b"panic: runtime error: index out of range [3] with length 2", b"", b"goroutine 1 [running]:", b"main.pay(0xc000, 0x1)",
    b"\t/srv/a.go:12 +0x1d", b"main.main()", b"\t/srv/a.go:20 +0x20", b"exit status 2",
]  # fmt: skip
NODE = [
    b"/srv/a.js:3", b'  throw new Error("boom")', b"  ^", b"", b"TypeError: boom", b"    at f (/srv/a.js:3:9)", b"",
    b"Node.js v20.1.0",
]  # fmt: skip
NODE_CAUGHT = [b"TypeError: boom", b"    at f (/srv/a.js:3:9)", b"    at node:internal/main:1:1"]
RUST = [b"thread 'main' panicked at src/main.rs:4:5:", b"  boom", b"note: run with `RUST_BACKTRACE=1`"]
STACKS = [PYTHON, JAVA, GO, NODE, NODE_CAUGHT, RUST]


def records(parser: Parser, *lines: bytes) -> list[list[bytes]]:
    """The lines of each record, as they are framed."""
    offsets = accumulate((len(line) + 1 for line in lines), initial=0)
    framed = map(Line, offsets, lines)
    return [[line.data for line in one] for one in group(framed, parser.starts, parser.origin)]


OBJECTS = [b'{"level":"info","msg":"a"}', b'{"level":"info","msg":"b"}']


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("sample", [(), OBJECTS, HEADED, [*OBJECTS, *JAVA, *JAVA], [*HEADED, *PYTHON]])
@pytest.mark.parametrize("head", [OBJECTS[0], HEADED[0]])
def test_stacks_belong_to_the_log_line_above_whatever_was_learnt(
    stack: list[bytes], sample: list[bytes], head: bytes
) -> None:
    for prefix in (b"", b"[pod/cart-1/app] ", b"2026-11-23T15:02:44.1Z stdout F "):
        lines = [prefix + line for line in (head, *stack, *stack, head)]
        assert records(learnt(*(prefix + line for line in sample)), *lines) == [lines[:-1], lines[-1:]]


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("sample", [(), [b"listening on 3000", b"bye"], [b"hello", *NODE_CAUGHT, *PYTHON]])
def test_stacks_among_bare_lines_are_one_record_each(stack: list[bytes], sample: list[bytes]) -> None:
    found = records(learnt(*sample), b"listening on 3000", *stack, b"going on", *stack, *stack, b"bye")
    assert found == [[b"listening on 3000"], stack, [b"going on"], stack, stack, [b"bye"]]


def test_text_between_objects_is_its_own_record() -> None:
    lines = [OBJECTS[0], b"raw text", *PYTHON, OBJECTS[1], b"more text"]
    assert records(learnt(*OBJECTS, b"raw text"), *lines) == [
        [OBJECTS[0]], [b"raw text"], PYTHON, [OBJECTS[1]], [b"more text"],
    ]  # fmt: skip


def test_what_ends_a_traceback_need_not_look_like_an_error() -> None:
    stack = [b"Traceback (most recent call last):", b'  File "a.py", line 1, in f', b"Boom"]
    assert records(Parser("x"), b"a", *stack, b"b") == [[b"a"], stack, [b"b"]]


def test_the_second_line_of_java_util_logging_goes_on() -> None:
    parser = learnt(b"Nov 23, 2026 3:09:22 PM shop.Cart main", b"INFO: hello")
    assert parser.begins(b"Nov 23, 2026 3:09:23 PM shop.Cart main")
    assert not parser.begins(b"SEVERE: boom")


def test_level_first_streams_are_learnt() -> None:
    parser = learnt(b"INFO:root:a", b"WARNING:root:b", b"INFO:root:c")
    assert parser.begins(b"ERROR:app:boom")
    assert not parser.begins(b"detail of it")


def test_what_postgres_adds_belongs_to_the_line_above() -> None:
    parser = learnt(b"2026-11-23 15:02:44.123 UTC [123] LOG:  x", b"2026-11-23 15:02:44.123 UTC [123] a@b ERROR:  y")
    assert not parser.begins(b"2026-11-23 15:02:44.123 UTC [123] a@b STATEMENT:  select 1")
    assert parser.begins(b"2026-11-23 15:02:44.123 UTC [123] a@b ERROR:  select 1")


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
    assert stamped.begins(b'2026-11-23T15:02:44.2Z {"a":2}')
    assert not stamped.begins(b"2026-11-23T15:02:44.2Z \tat a.b(c)")
    assert learnt(b"2026-11-23T15:02:44.1Z  INFO a", b"2026-11-23T15:02:44.2Z  WARN b").begins(
        b"2026-11-23T15:02:44.2Z  INFO c"
    )


def test_how_a_line_begins_depends_on_nothing_but_what_was_learnt() -> None:
    parser = learnt(*HEADED)
    lines = [*HEADED, *BODY]
    forwards = [parser.begins(line) for line in lines]
    backwards = [parser.begins(line) for line in reversed(lines)]
    assert forwards == backwards[::-1]
