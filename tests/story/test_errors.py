"""Alike errors have one fingerprint, whatever ids and numbers they name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.record import Error, Record
from tui.story.errors import StoryError, distinct, error_of, fingerprint, group, own_frames

NODE = "TimeoutError: bank gave no answer within {ms} ms\n    at authorize (/srv/dist/charge.js:{line}:19)\n    at process (node:internal/x:5:1)"
PYTHON = (
    'Traceback (most recent call last):\n  File "/srv/app/views.py", line {line}, in get_cart\n    load()\n'
    '  File "/usr/lib/python3.12/site-packages/redis/client.py", line 9, in get\n    raise\nredis.ConnectionError: {ms}'
)
JAVA = (
    "shop.PaymentDeclined: order {ms}\n\tat shop.pay.Charge.run(Charge.java:{line})\n"
    "\tat org.springframework.web.Dispatch.go(Dispatch.java:7)\nCaused by: java.io.IOException: x\n"
)
GO = "panic: order {ms}\n\ngoroutine 1 [running]:\nmain.charge(0xc{ms})\n\t/srv/app/charge.go:{line} +0x1d\n"


@pytest.mark.parametrize("stack", [NODE, PYTHON, JAVA, GO])
def test_the_same_place_is_the_same_error(stack: str) -> None:
    first, second = stack.format(ms=900, line=42), stack.format(ms=7, line=43)
    assert fingerprint("E", "no answer within 900 ms", first) == fingerprint("E", "no answer within 7 ms", second)
    assert fingerprint("E", "x", first) != fingerprint("F", "x", first)


@pytest.mark.parametrize(
    ("stack", "frames"),
    [
        (NODE, ("charge.js:authorize",)),
        (PYTHON, ("views.py:get_cart",)),
        (JAVA, ("Charge.java:shop.pay.Charge.run",)),
        (GO, ("charge.go:main.charge",)),
        ("panic: x\n\nmain.(*Shop).Run(0xc000, {0x1, 0x2})\n\t/srv/shop.go:7 +0x1\n", ("shop.go:main.(*Shop).Run",)),
        ("no frames here", ()),
    ],
)
def test_only_the_applications_own_frames_count(stack: str, frames: tuple[str, ...]) -> None:
    assert own_frames(stack.replace("{ms}", "1").replace("{line}", "2")) == frames


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("order 4711 not found", "order 12 not found"),
        ("no user f47ac10b-58cc-4372-a567-0e02b2c3d479", "no user 00000000-58cc-4372-a567-0e02b2c3d479"),
        ("mail to [email#4c1e09aa] bounced", "mail to [email#00ff00ff] bounced"),
        ('key "a" missing', 'key "b" missing'),
    ],
)
def test_without_frames_the_message_counts_but_not_its_particulars(one: str, other: str) -> None:
    assert fingerprint(None, one, None) == fingerprint(None, other, None)
    assert fingerprint(None, one, None) != fingerprint(None, "something else", None)


def error(time_ns: int, message: str = "no", service: str = "a", kind: str | None = "Boom") -> StoryError:
    return StoryError(kind, message, None, service, time_ns, "s1", (service, time_ns))


def test_groups_count_and_say_where_and_since_when() -> None:
    found = group(
        [error(5, "order 1"), error(1, "order 2", "b"), error(9, "order 3"), error(3, "other thing", kind="Else")]
    )
    assert [(one.type, one.count, one.services, one.first_ns, one.last_ns) for one in found] == [
        ("Boom", 3, ("a", "b"), 1, 9),
        ("Else", 1, ("a",), 3, 3),
    ]
    assert found[0].samples == (("a", 9), ("a", 5), ("b", 1))
    assert found[0].message == "order 3"


def test_one_exception_in_several_places_is_told_once() -> None:
    twice = [error(0), StoryError("Boom", "no", "stack", "a", 400_000_000, "s1", ("a", 7))]
    assert [one.stack for one in distinct(twice)] == ["stack"]
    assert len(distinct([error(0), error(3_000_000_000)])) == 2


@pytest.mark.parametrize(
    ("record", "what"),
    [
        (Record("a", 0, "x", "went wrong", severity=17), "went wrong"),
        (Record("a", 0, "x", "went wrong", severity=13, error=Error("T", "m")), "T: m"),
        (Record("a", 0, "x", "went wrong", severity=9, error=Error(None, "m")), None),
        (Record("a", 0, "x", "fine", severity=9), None),
        (Record("a", 0, "x", "", severity=17), "error"),
    ],
)
def test_an_error_is_what_the_record_calls_one(record: Record, what: str | None) -> None:
    found = error_of(record)
    assert (found.what if found else None) == what


@given(st.text(max_size=300), st.text(max_size=300))
@settings(max_examples=150)
def test_any_text_has_a_fingerprint(message: str, stack: str) -> None:
    assert len(fingerprint(None, message, stack)) == 8


def test_a_hostile_stack_is_read_in_linear_time() -> None:
    for stack in (
        "at " * 30_000,
        "\n" * 60_000,
        " " * 60_000 + "at x (",
        "a(" * 30_000,
        "File " * 12_000,
        "1: a\n" * 12_000,
    ):
        assert len(fingerprint("E", stack, stack)) == 8


def test_a_group_names_the_place_in_the_application_and_the_root() -> None:
    stack = (
        "shop.OrderFailed: o-1\n\tat org.springframework.web.Dispatch.go(Dispatch.java:7)\n\tat shop.Order.go(Order.java:8)\n"
        "Caused by: java.io.IOException: disk\n\tat shop.Disk.read(Disk.java:5)\n"
    )
    failed = StoryError("shop.OrderFailed", "o-1", stack, "a", 1, "s1", ("a", 1))
    (one,) = group([failed, StoryError("shop.OrderFailed", "o-2", stack.replace("o-1", "o-2"), "a", 2, "s2", ("a", 2))])
    assert one.count == 2
    assert one.place is not None and one.root is not None
    assert (one.place.function, one.root.type) == ("shop.Order.go", "java.io.IOException")
    assert group([error(1)])[0].root is None


def test_a_group_tells_its_releases_its_course_and_its_newest_requests() -> None:
    def told(at: int, release: str, request: str) -> StoryError:
        return StoryError("Boom", "no", None, "a", at, None, ("a", at), release, request)

    (one,) = group([told(0, "1.2", "r1"), told(70, "1.3", "r2"), told(90, "1.3", "r2"), told(100, "1.3", "r3")])
    assert one.releases == ("1.2", "1.3")
    assert one.counts(0, 100, 4) == [1, 0, 1, 2]
    assert one.requests == (("r3", ("a", 100)), ("r2", ("a", 90)), ("r1", ("a", 0)))


def test_the_release_is_read_from_what_a_record_calls_it() -> None:
    record = Record("a", 0, "x", "x", severity=17, fields={"service.version": "2.0", "version": 1}, trace_id="ab")
    told = error_of(record)
    assert told is not None and (told.release, told.request) == ("2.0", "ab")


def told_by(source: str, at_ms: int, **more: object) -> StoryError:
    said: dict[str, object] = {
        "type": "ValueError",
        "message": "card declined",
        "stack": None,
        "service": "payment",
        "time_ns": 1_795_442_529_000_000_000 + at_ms * 1_000_000,
        "record_key": (source, at_ms),
        "request": "r1",
        **more,
    }
    return StoryError(**said)  # type: ignore[arg-type]


def test_one_exception_told_by_a_log_and_two_sdks_is_one_error() -> None:
    log = told_by("payment.log", 0, stack="Traceback\n…")
    span = told_by("otlp:4318", 3, span_id="b2" * 8, type="builtins.ValueError")
    event = told_by("sentry:8969", 40, service="sentry:8969", named=False, request="another trace")
    assert distinct([log, span, event], of_one_request=True) == [log]
    assert distinct([log, span, event]) == [log, event], "of many requests it may be another one's"


def test_what_differs_in_service_text_time_or_request_is_another_error() -> None:
    first = told_by("payment.log", 0)
    others = [
        told_by("gateway.log", 1, service="gateway"),
        told_by("other.log", 2, message="card expired"),
        told_by("later.log", 1_500),
        told_by("payment.log", 5),
    ]
    for other in others:
        assert distinct([first, other], of_one_request=True) == [first, other]
    assert len(distinct([first, told_by("b.log", 3, request="r2")])) == 2
