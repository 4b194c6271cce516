"""Every spelling in which services write an id is looked for."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.parsing.ids import canonical, canonical_value
from tui.record import Id
from tui.story.spellings import needles, spellings

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
HEX32 = st.integers(1, (1 << 128) - 1).map(lambda number: f"{number:032x}")


@pytest.mark.parametrize(
    "spelling",
    [
        TRACE,
        TRACE.upper(),
        "4bf92f35-77b3-4da6-a3ce-929d0e0e4736",
        "4BF92F35-77B3-4DA6-A3CE-929D0E0E4736",
        "1-4bf92f35-77b34da6a3ce929d0e0e4736",
        "a3ce929d0e0e4736",
        str(int("a3ce929d0e0e4736", 16)),
        str(int(TRACE, 16)),
        base64.b64encode(bytes.fromhex(TRACE)).decode().rstrip("="),
        base64.urlsafe_b64encode(bytes.fromhex(TRACE)).decode().rstrip("="),
        base64.b64encode(bytes.fromhex("a3ce929d0e0e4736")).decode().rstrip("="),
        f"00-{TRACE}-00f067aa0ba902b7-01",
    ],
)
def test_a_trace_is_looked_for_in_every_notation(spelling: str) -> None:
    assert any(form in spelling.encode() for form in needles([Id("trace", TRACE)]))
    assert any(form in spelling.encode() for form in spellings(Id("trace", TRACE)))


@pytest.mark.parametrize(
    "spelling",
    [
        TRACE,
        "4bf92f35-77b3-4da6-a3ce-929d0e0e4736",
        base64.b64encode(bytes.fromhex(TRACE)).decode(),
        str(0xA3CE929D0E0E4736),
    ],
)
def test_half_a_trace_id_finds_the_whole_one(spelling: str) -> None:
    assert any(form in spelling.encode() for form in needles([Id("trace", "a3ce929d0e0e4736")]))


def test_an_id_without_its_padding_is_found() -> None:
    assert any(form in b"uber-trace-id: bf92f3577b34da6:1:0:1" for form in needles([Id("trace", "0bf92f3577b34da6")]))


@pytest.mark.parametrize(
    "spelling", [b"req/7&A\xc3\xa4", b"req\\/7&A\\u00e4", b"req/7\\u0026A\xc3\xa4", b"req%2F7%26A%C3%A4"]
)
def test_free_text_is_found_escaped(spelling: bytes) -> None:
    assert any(form in spelling for form in needles([Id("request", "req/7&Aä")]))


@given(HEX32, st.sampled_from(["trace", "request", "correlation"]))
@settings(max_examples=150)
def test_some_needle_stands_in_every_spelling(value: str, kind: str) -> None:
    one = Id(kind, value)
    wanted = needles([one])
    for form in spellings(one):
        assert any(needle in form for needle in wanted), form
    assert not any(a != b and a in b for a in wanted for b in wanted)


def test_an_ordinary_trace_costs_one_needle_for_each_notation() -> None:
    assert len(needles([Id("trace", TRACE)])) == 6
    assert TRACE[-12:].encode() in needles([Id("trace", TRACE)])


@given(HEX32)
@settings(max_examples=100)
def test_what_is_looked_for_is_what_is_read(value: str) -> None:
    dashed = f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"
    for text in (value, value.upper(), dashed, dashed.upper()):
        found = canonical("trace_id", text)
        assert found is not None
        assert any(needle in text.encode() for needle in needles([found]))
    decimal = str(int(value[16:], 16))
    low = canonical_value(decimal, "datadog")
    if low is not None and len(decimal) >= 4:
        assert any(needle in decimal.encode() for needle in needles([Id("trace", value)]))


@given(st.text(min_size=1, max_size=30), st.sampled_from(["trace", "span", "request", "job", "any"]))
@settings(max_examples=150)
def test_no_text_is_too_odd_to_be_looked_for(value: str, kind: str) -> None:
    assert spellings(Id(kind, value))
    assert needles([Id(kind, value)])
