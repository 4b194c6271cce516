from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.presentation.record_json import dumps, record_json, rfc3339
from tui.record import Error, Id, Record

KEYS = [
    "time", "time_source", "level", "service", "logger", "message", "trace_id", "span_id", "ids", "error", "fields",
    "source", "offset", "line", "raw",
]  # fmt: skip


def test_an_unknown_record_has_all_keys_in_order_and_nulls() -> None:
    made = record_json(Record("app.log", 7, "raw text", "raw text"))
    assert list(made) == KEYS
    assert json.loads(dumps(made)) == {
        **dict.fromkeys(KEYS),
        "message": "raw text", "ids": [], "fields": {}, "source": "app.log", "offset": 7, "raw": "raw text",
    }  # fmt: skip


def test_everything_known_is_there() -> None:
    record = Record(
        "app.log", 0, "r", "m", time_ns=1_795_435_200_000_000_123, time_source="inner", severity=18, service="cart",
        logger="shop.cart", trace_id="ab" * 16, span_id="cd" * 8, ids=(Id("trace", "ab" * 16),),
        error=Error("ValueError", "bad", "Traceback"), fields={"http.status": 502, "ok": False, "none": None}, line=3,
    )  # fmt: skip
    made = json.loads(dumps(record_json(record)))
    assert made["time"] == "2026-11-23T12:00:00.000000123Z"
    assert (made["time_source"], made["level"], made["service"], made["logger"]) == (
        "inner",
        "error",
        "cart",
        "shop.cart",
    )
    assert made["ids"] == [{"kind": "trace", "value": "ab" * 16}]
    assert made["error"] == {"type": "ValueError", "message": "bad", "stack": "Traceback"}
    assert made["fields"] == {"http.status": 502, "ok": False, "none": None}
    assert made["line"] == 3


@pytest.mark.parametrize(
    ("time_ns", "text"),
    [
        (0, "1970-01-01T00:00:00.000000000Z"),
        (-1, "1969-12-31T23:59:59.999999999Z"),
        (None, None),
        (10**21, None),
        (10**30, None),
    ],
)
def test_a_time_is_utc_with_nanoseconds(time_ns: int | None, text: str | None) -> None:
    assert rfc3339(time_ns) == text


def test_bytes_that_were_no_text_are_shown_not_raised() -> None:
    record = Record(
        "app\udcff.log", 0, "caf\udce9 \ud800", "caf\udce9", fields={"k\udc80": "v\udc81", "big": 1 << 80, "n": {1}}
    )
    made = json.loads(dumps(record_json(record)))
    assert made["raw"] == "caf\\xe9 \\ud800"
    assert made["fields"] == {"k\\x80": "v\\x81", "big": str(1 << 80), "n": "{1}"}


@settings(max_examples=100)
@given(
    st.text(st.characters(exclude_categories=[])),
    st.dictionaries(
        st.text(st.characters(exclude_categories=[])),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    ),
)
def test_any_record_becomes_one_line_of_json(text: str, fields: dict[str, object]) -> None:
    line = dumps(record_json(Record("s", 0, text, text, fields=fields)))
    assert b"\n" not in line
    assert list(json.loads(line)) == KEYS
