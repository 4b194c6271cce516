from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tui.parsing.literals import read_dict

VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**30), 10**30), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.text(max_size=8), VALUES, max_size=5))
@settings(max_examples=200)
def test_what_python_prints_is_read_back(value: dict[str, object]) -> None:
    text = repr(value)
    assert read_dict(text) == (value, len(text))


def test_objects_and_calls_are_kept_as_text() -> None:
    found = read_dict(
        "{'id': UUID('f47ac10b'), 'at': datetime.datetime(2026, 1, 2, tzinfo=utc), 'x': <Foo at 0x1>, 't': (1, 2)}"
    )
    assert found is not None
    assert found[0] == {
        "id": "f47ac10b",
        "at": "datetime.datetime(2026, 1, 2, tzinfo=utc)",
        "x": "<Foo at 0x1>",
        "t": [1, 2],
    }


def test_depth_and_size_are_bounded() -> None:
    assert read_dict("{'a': " * 100 + "1" + "}" * 100) is None
    assert read_dict("{'a': '" + "x" * 1_000_000 + "'}") is None


@given(st.text(alphabet="{}[]()'\",:\\ abcNone0123.<>=", max_size=60))
@settings(max_examples=300)
def test_no_text_raises(text: str) -> None:
    read_dict("{" + text)
