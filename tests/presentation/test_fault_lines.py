"""An error as lines: the application's frames in sight, the others counted, what it came out of below."""

from __future__ import annotations

from tui.presentation.fault_lines import fault_lines, frame_count, summary_of
from tui.record import Error

NODE = (
    "Error: order failed\n    at charge (/srv/dist/charge.js:4:78)\n    at Layer.handle (/srv/node_modules/router/layer.js:1:1)\n"
    "    at process.run (node:internal/process:2:2)\n    at main (/srv/dist/main.js:9:1)\n"
    "caused by: TypeError: bad card\n    at JSON.parse (<anonymous>)\n    at Socket.on (node:net:1:1)"
)
GO = (
    "goroutine 1 [running]:\nruntime/debug.Stack()\n\t/usr/local/go/src/runtime/debug/stack.go:26 +0x5e\n"
    "main.handler.func1()\n\t/srv/shop/main.go:18 +0x2b\npanic({0x6f9d60?, 0xa01c70?})\n\t/usr/local/go/src/runtime/panic.go:860 +0x13a\n"
    "example.com/shop/cart.(*Store).Put(...)\n\t/srv/shop/cart/cart.go:11\nmain.handler(0x1)\n\t/srv/shop/main.go:22 +0x2d"
)


def test_frames_of_others_are_folded_and_causes_stand_below() -> None:
    error = Error("Error", "order failed", NODE)
    assert fault_lines(error) == [
        ("Error: order failed", "error"),
        ("    at dist/charge.js:4:78 in charge", "bold"),
        ("    … 2 frames of the runtime", "dim"),
        ("    at dist/main.js:9:1 in main", "bold"),
        ("root cause: TypeError: bad card", "error"),
        ("    at JSON.parse", "text"),
        ("    … 1 frame of the runtime", "dim"),
    ]
    assert frame_count(error) == 6
    assert summary_of(error) == ("Error: order failed", "   dist/charge.js:4:78 in charge   (+5 frames)")


def test_what_only_caught_a_panic_is_not_the_place_of_it() -> None:
    assert summary_of(Error("panic", "nil map", GO)) == (
        "panic: nil map",
        "   cart/cart.go:11 in cart.(*Store).Put   (+4 frames)",
    )


def test_a_stack_that_nobody_can_read_is_shown_as_it_is() -> None:
    assert fault_lines(Error("X", "y", "X: y\n  somewhere")) == [("X: y", "error"), ("  somewhere", "text")]
    assert summary_of(Error("X", "y", "X: y\n  somewhere")) == ("X: y", "")
    assert summary_of(Error("X", "y")) is None
    assert fault_lines(Error("X", "y")) == []
