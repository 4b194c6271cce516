from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.parsing.stacks import find_stack, split_error

CHAINED = """Traceback (most recent call last):
  File "a.py", line 1, in f
    {}["k"]
KeyError: 'k'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "a.py", line 3, in g
    raise shop.errors.OrderError("first line\\nsecond line")
shop.errors.OrderError: first line
second line"""


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        (CHAINED, "shop.errors.OrderError", "first line\nsecond line"),
        ("Traceback (most recent call last):\n  File \"a\", line 1\nKeyboardInterrupt", "KeyboardInterrupt", None),
        ("java.lang.IllegalStateException: no money\n\tat shop.Pay.run(Pay.java:1)\nCaused by: java.io.IOException: disk\n\t... 1 more",
         "java.lang.IllegalStateException", "no money"),
        ("Exception in thread \"main\" java.lang.NullPointerException\n\tat shop.Pay.run(Pay.java:1)", "java.lang.NullPointerException", None),
        ("ERROR failed\njava.lang.Error: two\nlines\n\tat x.Y.z(Y.java)", "java.lang.Error", "two\nlines"),
        ("panic: runtime error: index out of range [5]\n\ngoroutine 1 [running]:\nmain.main()\n\t/srv/a.go:3 +0x1", "panic",
         "runtime error: index out of range [5]"),
        ("fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive]:", "fatal error",
         "all goroutines are asleep - deadlock!"),
        ("2026/11/23 15:02:44 http: panic serving 1.2.3.4:5: boom\ngoroutine 5 [running]:", "panic", "boom"),
        ("TypeError: x is not a function\n    at f (/srv/a.js:1:2)\n    at node:internal/main:1", "TypeError", "x is not a function"),
        ("Error [ERR_X]: bad\n    at f (/srv/a.js:1:2) {\n  code: 'ERR_X'\n}", "Error", "bad"),
        ("/srv/a.js:5\nthrow new Error('x')\n^\n\nError: x\n    at f (/srv/a.js:1:2)", "Error", "x"),
        ("System.InvalidOperationException: bad\n ---> System.IO.IOException: disk\n   at X.Y()\n   --- End of inner exception stack trace ---\n   at Z.W()",
         "System.InvalidOperationException", "bad"),
        ("Unhandled exception. System.ArgumentException: bad (Parameter 'x')\n   at X.Y() in /srv/x.cs:line 5", "System.ArgumentException",
         "bad (Parameter 'x')"),
        ("app.rb:5:in 'f': no such order (Shop::OrderError)\n\tfrom app.rb:9:in '<main>'", "Shop::OrderError", "no such order"),
        ("PHP Fatal error:  Uncaught RuntimeException: boom in /srv/x.php:5\nStack trace:\n#0 {main}\n  thrown in", "RuntimeException", "boom"),
        ("thread 'main' panicked at src/main.rs:5:5:\nindex out of bounds\nnote: run with", "panic", "index out of bounds"),
        ("thread 'main' panicked at 'boom', src/main.rs:2:5", "panic", "boom"),
        ("  + Exception Group Traceback (most recent call last):\n  |   File \"a\", line 1\n  | ExceptionGroup: many (1 sub-exception)\n"
         "  +-+---------------- 1 ----------------\n    | ValueError: a", "ExceptionGroup", "many (1 sub-exception)"),
    ],
)  # fmt: skip
def test_the_error_of_a_stack_is_the_one_its_language_means(text: str, kind: str, message: str | None) -> None:
    found = find_stack(text)
    assert found is not None
    assert (found.error.type, found.error.message) == (kind, message)
    assert found.error.stack is not None and found.error.stack in text


@pytest.mark.parametrize(
    "text", ["", "all fine", "we met at noon\n    at the station", "a panic: here", "error at x.go:5"]
)
def test_ordinary_text_has_no_error_type(text: str) -> None:
    found = find_stack(text)
    assert found is None or found.error.type is None


def test_type_and_message_are_split_only_where_there_is_a_type() -> None:
    assert split_error("TimeoutError: pool exhausted").type == "TimeoutError"
    assert split_error("pool exhausted: 5").type is None


@given(st.lists(st.sampled_from([
    "Traceback (most recent call last):", "  File \"a\", line 1", "ValueError: x", "goroutine 1 [running]:", "panic: x", "\tat a.b(c)",
    "    at f (x.js:1:2)", "Caused by: x.Y: z", "", "  | ", "  + Exception Group Traceback (most recent call last):", "a.rb:1:in 'x': y (Z)",
    "PHP Fatal error:  Uncaught X", "thread 'x' panicked at y", "\x00\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
]), max_size=12))  # fmt: skip
@settings(max_examples=300)
def test_any_mixture_of_stack_lines_is_survived(lines: list[str]) -> None:
    find_stack("\n".join(lines))


def test_a_type_of_several_words_above_a_frame_needs_no_error_in_its_name() -> None:
    stack = "PaymentDeclined: card declined\n    at authorize (/srv/charge.js:88:13)\n    at main (/srv/app.js:1:2)"
    found = find_stack(stack)
    assert found is not None
    assert (found.error.type, found.error.message, found.error.stack) == ("PaymentDeclined", "card declined", stack)
    plain = find_stack("server started\n    at boot (/srv/app.js:1:2)")
    assert plain is not None
    assert plain.error.type is None
