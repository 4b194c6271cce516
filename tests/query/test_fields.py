from __future__ import annotations

import pytest

from tui.query.fields import lookup
from tui.record import Record


def record(**fields: object) -> Record:
    return Record("s", 0, "", "", fields=fields)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("status", ["status"]),
        ("Status", ["status"]),
        ("code", ["http.code", "errors.0.code"]),
        ("http.code", ["http.code"]),
        ("errors.code", ["errors.0.code"]),
        ("errors.0.code", ["errors.0.code"]),
        ("timestamp", ["@timestamp"]),
        ("trace", ["_trace"]),
        ("h*.c?de", ["http.code"]),
        ("atus", []),
        ("null", []),
    ],
)
def test_a_name_finds_the_closest_fields(name: str, keys: list[str]) -> None:
    fields = {"status": 1, "@timestamp": 2, "_trace": 3, "http.code": 4, "errors.0.code": 5, "null": None}
    assert [key for key, _ in lookup(name)(record(**fields))] == keys


def test_an_exact_name_hides_the_nested_ones() -> None:
    assert list(lookup("code")(record(**{"a.code": 1, "code": 2}))) == [("code", 2)]


def test_millions_of_names_are_not_remembered() -> None:
    find = lookup("x")
    for number in range(10_000):
        find(record(**{f"k{number}.x": number}))
    memory = next(cell.cell_contents for cell in find.__closure__ or () if isinstance(cell.cell_contents, dict))
    assert len(memory) <= 4096
