"""Data cases: stack traces of real runtimes and the chains of errors that they are."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.parsing.faults.parts import MAX_DEPTH, MAX_FRAMES
from tui.parsing.faults.reading import read_fault, read_stack
from tui.parsing.stacks import find_stack
from tui.presentation.fault_lines import place_of
from tui.record import Error, Fault

CASES = tomllib.loads((Path(__file__).parents[2] / "cases" / "errors.toml").read_text(encoding="utf-8"))["case"]


def read(stack: str) -> Fault:
    """As a record would tell it: what was found in its text, or the text of a field."""
    found = find_stack(stack)
    return read_fault(found.error if found is not None else Error(None, None, stack))


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_a_stack_is_read_as_the_chain_of_errors_that_it_is(case: Mapping[str, Any]) -> None:
    fault = read(case["stack"])
    told = [
        [one.how, one.type or "", one.message or "", len(one.frames), sum(frame.in_app for frame in one.frames)]
        for one in fault.chain
    ]
    assert told == case["chain"]
    assert fault.place is not None
    assert (place_of(fault.place), fault.root.type or fault.root.message or "") == (case["place"], case["root"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_what_is_cut_anywhere_is_still_read(case: Mapping[str, Any]) -> None:
    stack = case["stack"]
    for cut in range(0, len(stack), 7):
        read(stack[:cut])
        read(stack[cut:])


LINES = sorted({line for case in CASES for line in case["stack"].split("\n")})


@given(st.lists(st.sampled_from(LINES) | st.text(max_size=30), max_size=30))
@settings(max_examples=300)
def test_any_mixture_of_lines_is_read(lines: list[str]) -> None:
    fault = read("\n".join(lines))
    assert fault.root in list(fault.chain)
    assert read_stack("\r\n".join(lines)) == read_stack("\n".join(lines)) or any("\r" in line for line in lines)


@given(st.binary(max_size=400))
def test_any_bytes_are_read(data: bytes) -> None:
    read_stack(data.decode("utf-8", "replace"))
    read_stack("Traceback (most recent call last):\n" + data.decode("latin-1"))


def test_a_recursion_without_end_is_read_as_far_as_it_is_of_use() -> None:
    stack = "Error: x\n" + "    at f (/srv/a.js:1:1)\n" * 9000
    assert len(read_stack(stack).frames) == MAX_FRAMES
    deep = "Error: x\n    at f (/srv/a.js:1:1)\n" + "".join(f"{'  ' * at}[cause]: E{at}: y\n" for at in range(1, 400))
    assert sum(1 for _ in read_stack(deep).chain) == MAX_DEPTH + 1


@pytest.mark.parametrize(
    ("stack", "own"),
    [
        ("Error: x\n    at f (/srv/node_modules/a/b.js:1:1)\n    at g (/srv/src/a.ts:2:2)", [False, True]),
        ("Error: x\n    at f (file:///srv/a.mjs:1:1)\n    at node:internal/main:2:2\n    at async file:///srv/b.mjs:3:3", [True, False, True]),
        ("a.E: x\n\tat app//shop.Pay.run(Pay.java:1)\n\tat java.base@17.0.1/java.lang.Thread.run(Thread.java:2)", [True, False]),
        ("a.E: x\n\tat shop.Pay$$EnhancerBySpringCGLIB$$1.run(<generated>)\n\tat shop.PayKt.main(Pay.kt:2)", [False, True]),
        ("panic: x\n\ngoroutine 1 [running]:\ngithub.com/acme/shop/internal/cart.Load(0x1)\n\t/src/internal/cart/a.go:1 +0x1\n"
         "github.com/go-chi/chi.x()\n\t/go/pkg/mod/github.com/go-chi/chi@v1.5.4/a.go:2 +0x1", [True, False]),
        ("   at Shop.A.B(String s) in C:\\srv\\A.cs:line 3\n   at Microsoft.AspNetCore.X.Y(Z z)", [True, False]),
        ('  File "C:\\app\\a.py", line 3, in f\n  File "C:\\Python311\\Lib\\json\\x.py", line 9, in g', [False, True]),
    ],
)  # fmt: skip
def test_the_applications_own_frames_are_told_from_those_of_others(stack: str, own: list[bool]) -> None:
    assert [frame.in_app for frame in read_stack(stack).frames] == own


def test_what_fields_say_goes_before_what_the_stack_says() -> None:
    fault = read_fault(Error("OrderError", "no order", "Error: x\n    at f (/srv/a.js:1:2)"))
    assert (fault.type, fault.message, len(fault.frames)) == ("OrderError", "no order", 1)
