"""Errors that loggers write as objects are told with frames and causes, and their stacks can be read again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.parsing.faults.reading import read_fault
from tui.parsing.faults.trees import read_tree
from tui.parsing.json_lines import flatten
from tui.parsing.parser import Parser
from tui.parsing.problems import stems_of
from tui.presentation.fault_lines import place_of
from tui.record import Error, LineGroup

NODE_STACK = "Error: order failed\n    at charge (/srv/a.js:4:78)"
STEP = {"className": "shop.Order", "methodName": "go", "fileName": "Order.java", "lineNumber": 8}
DISK = {"className": "shop.Disk", "methodName": "read", "fileName": "Disk.java", "lineNumber": 5}

OBJECTS: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "sentry": (
        {"exception": {"values": [
            {"type": "KeyError", "value": "'k'", "stacktrace": {"frames": [
                {"filename": "cart.py", "abs_path": "/srv/shop/cart.py", "function": "load", "lineno": 3}]}},
            {"type": "OrderError", "value": "order failed", "stacktrace": {"frames": [
                {"abs_path": "/srv/shop/main.py", "function": "main", "lineno": 9},
                {"abs_path": "/srv/shop/order.py", "function": "order", "lineno": 13}]}}]}},
        "OrderError: order failed", "shop/order.py:13 in order", "KeyError: 'k'"),
    "structlog": (
        {"exception": [
            {"exc_type": "OrderError", "exc_value": "order failed", "is_cause": False, "exceptions": [],
             "frames": [{"filename": "/srv/shop/order.py", "lineno": 13, "name": "order"}]},
            {"exc_type": "KeyError", "exc_value": "'k'", "is_cause": True, "exceptions": [],
             "frames": [{"filename": "/srv/shop/cart.py", "lineno": 3, "name": "load"}]}]},
        "OrderError: order failed", "shop/order.py:13 in order", "KeyError: 'k'"),
    "log4j2": (
        {"thrown": {"name": "shop.OrderError", "message": "order failed",
                    "extendedStackTrace": [{"class": "shop.Order", "method": "go", "file": "Order.java", "line": 8}],
                    "cause": {"name": "java.io.IOException", "message": "disk", "extendedStackTrace": [
                        {"class": "shop.Disk", "method": "read", "file": "Disk.java", "line": 5}]}}},
        "shop.OrderError: order failed", "Order.java:8 in shop.Order.go", "java.io.IOException: disk"),
    "logback": (
        {"throwable": {"className": "shop.OrderError", "message": "order failed", "stepArray": [STEP],
                       "cause": {"className": "java.io.IOException", "message": "disk", "stepArray": [DISK]}}},
        "shop.OrderError: order failed", "Order.java:8 in shop.Order.go", "java.io.IOException: disk"),
    "jboss": (
        {"exception": {"refId": 1, "exceptionType": "shop.OrderError", "message": "order failed",
                       "frames": [{"class": "shop.Order", "method": "go", "line": 8}],
                       "causedBy": {"exception": {"exceptionType": "java.io.IOException", "message": "disk",
                                                  "frames": [{"class": "shop.Disk", "method": "read", "line": 5}]}}}},
        "shop.OrderError: order failed", "shop.Order.go", "java.io.IOException: disk"),
    "app-insights": (
        {"data": {"baseData": {"exceptions": [
            {"id": 1, "outerId": 0, "typeName": "Shop.OrderError", "message": "order failed", "parsedStack": [
                {"level": 0, "method": "Shop.Order.Go", "assembly": "Shop", "fileName": "/srv/Order.cs", "line": 8}]},
            {"id": 2, "outerId": 1, "typeName": "System.FormatException", "message": "bad", "parsedStack": []}]}}},
        "Shop.OrderError: order failed", "srv/Order.cs:8 in Shop.Order.Go", "System.FormatException: bad"),
    "serilog-object": (
        {"Exception": {"Type": "Shop.OrderError", "Message": "order failed",
                       "StackTrace": "   at Shop.Order.Go() in /srv/Order.cs:line 8",
                       "InnerException": {"Type": "System.FormatException", "Message": "bad",
                                          "StackTrace": "   at Shop.Bank.Parse(String s) in /srv/Bank.cs:line 5"}}},
        "Shop.OrderError: order failed", "srv/Order.cs:8 in Shop.Order.Go", "System.FormatException: bad"),
    "node-cause": (
        {"err": {"type": "Error", "message": "order failed", "stack": NODE_STACK,
                 "cause": {"type": "TypeError", "message": "bad", "stack": "TypeError: bad\n    at b (/srv/b.js:2:2)"}}},
        "Error: order failed", "srv/a.js:4:78 in charge", "TypeError: bad"),
    "pino-aggregate": (
        {"err": {"type": "AggregateError", "message": "all", "stack": "AggregateError: all\n    at x (/srv/a.js:1:1)",
                 "aggregateErrors": [{"type": "TypeError", "message": "one", "stack": "TypeError: one\n    at y (/b.js:2:2)"},
                                     {"type": "Error", "message": "two", "stack": "Error: two\n    at z (/c.js:3:3)"}]}},
        "AggregateError: all", "srv/a.js:1:1 in x", "TypeError: one"),
    "monolog": (
        {"context": {"exception": {"class": "Shop\\Declined", "message": "no", "file": "/srv/a.php:5",
                                   "trace": ["/srv/b.php:7"],
                                   "previous": {"class": "LogicException", "message": "bad", "file": "/srv/c.php:6"}}}},
        "Shop\\Declined: no", "srv/a.php:5", "LogicException: bad"),
}  # fmt: skip


def error_of(fields: dict[str, Any]) -> Error | None:
    line = json.dumps({"level": "error", "message": "boom", **fields}).encode()
    return Parser("case").record(LineGroup("case", 0, (line,))).error


@pytest.mark.parametrize("name", OBJECTS)
def test_an_error_that_is_an_object_is_a_chain_with_a_stack_that_tells_it(name: str) -> None:
    fields, what, place, root = OBJECTS[name]
    error = error_of(fields)
    assert error is not None and error.stack is not None
    assert f"{error.type}: {error.message}" == what
    fault = read_fault(error)
    assert fault.place is not None
    assert place_of(fault.place) == place
    assert f"{fault.root.type}: {fault.root.message}" == root
    assert read_fault(Error(None, None, error.stack)).root == fault.root


def test_a_stack_that_tells_its_causes_is_left_as_it_was_written() -> None:
    stack = NODE_STACK + "\ncaused by: TypeError: bad\n    at b (/srv/b.js:2:2)"
    cause = {"type": "TypeError", "message": "bad", "stack": "TypeError: bad\n    at b (/srv/b.js:2:2)"}
    error = error_of({"err": {"type": "Error", "message": "x", "stack": stack, "cause": cause}})
    assert error is not None and error.stack == stack


def test_objects_that_are_no_errors_make_none() -> None:
    assert error_of({"details": {"order": {"id": 5, "items": 3}}}) is None
    assert error_of({"error": {"details": {"reason": "none"}}}) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["values", "cause", "frames", "type", "message", "stack", "0", "exceptions", "file", "name", "line"]),
        inner, max_size=5,
    ),
    max_leaves=20,
)  # fmt: skip


@given(JSON)
def test_any_object_is_survived(value: object) -> None:
    flat = flatten({"exception": value})
    for stem in stems_of(flat):
        read_tree(flat, stem)
    error_of({"exception": value})
