from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.query.highlights import highlights
from tui.query.syntax import parse

LINE = "héllo payment Timeout after 5s, cart-2 timeout 504 [main]"


def marked(query: str, text: str = LINE) -> list[str]:
    return [text[start:end] for start, end in highlights(parse(query, now_ns=0))(text)]


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("", []),
        ("timeout", ["Timeout", "timeout"]),
        ("Timeout", ["Timeout"]),
        ('"after 5s"', ["after 5s"]),
        ("pay*out", ["payment Timeout"]),
        ("/t[a-z]+t/", ["timeout"]),
        ("héllo", ["héllo"]),
        ("[main]", ["[main]"]),
        ("timeout after", ["Timeout", "after", "timeout"]),
        ("meout after meout", ["meout", "after", "meout"]),
        ("payment ment", ["payment"]),
        ("not timeout", []),
        ("cart -timeout", ["cart"]),
        ("message:cart", ["cart"]),
        ("service:cart", ["cart"]),
        ("service:car", []),
        ("status:504", ["504"]),
        ("retry:5", []),
        ("level:error", []),
        ("status>=500", []),
        ("msg =~ \"c.rt\"", ["cart"]),
    ],
)  # fmt: skip
def test_what_is_asked_for_is_marked(query: str, parts: list[str]) -> None:
    assert marked(query) == parts


@settings(max_examples=200)
@given(
    st.lists(st.sampled_from(["a", "b*c", '"x y"', "/[ab]+/", "é", "f:abc", "?x", "日本"]), max_size=4),
    st.text("abcxyé日本 \udc80"),
)
def test_spans_are_in_order_apart_and_inside_the_text(pieces: list[str], text: str) -> None:
    found = highlights(parse(" or ".join(pieces), now_ns=0))(text)
    ends = [0, *(place for span in found for place in span), len(text)]
    assert ends == sorted(ends)
    assert all(start < end for start, end in found)
