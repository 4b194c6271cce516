from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tui.query.signs import MOST_SPOTS, among, every, literal, some


def test_a_literal_is_found_in_any_case_only_if_asked() -> None:
    assert literal("timeout", folds=True).shown(b"a TimeOut b")
    assert not literal("timeout", folds=False).shown(b"a TimeOut b")
    assert literal("Ошибка", folds=False).shown("x Ошибка".encode())
    assert not literal("ошибка", folds=True).shown("x удача".encode())
    assert literal("ошибка", folds=True).shown("x ОШИБКА".encode())
    assert literal("ошибка", folds=True).shown(b"\\u043e\\u0448")
    for run in ("traceI", "TRACE", "Trace-1-", "5-0DD5"):  # as a regular expression in any case may spell it
        assert literal(run, folds=True).shown(b"the tRacE-1-id 5-0dd5 traceid")


def swapped(run: str, cases: list[bool]) -> bytes:
    return "".join(char.upper() if case else char for char, case in zip(run, cases, strict=False)).encode()


RUNS = st.sampled_from(
    ["timeout", "0ddba11c0de5", "5-0dd5-4a11-9e57", "kiosk", "x1", "error=17", "straße", "ошибка", "ab"]
)
NOISE = st.lists(
    st.binary(max_size=90) | st.sampled_from([b"abc time 11-9 \n", "žß日本ﬁſK İ".encode(), b"\xe2\xc5", b"5-4"]),
    max_size=6,
).map(b"".join)


@settings(max_examples=400)
@given(RUNS, st.lists(st.booleans(), min_size=20, max_size=20), NOISE, NOISE, st.booleans())
def test_whatever_stands_around_it_a_run_is_found_in_its_line(
    run: str, cases: list[bool], before: bytes, after: bytes, folds: bool
) -> None:
    planted = swapped(run, cases if folds and run.isascii() else [False] * 20)
    block = before + planted + after + b"\n"
    sign = literal(run, folds=folds)
    lines = block.split(b"\n")
    at, expected = 0, []
    for line in lines:
        if planted in line:
            expected.append((at, at + len(line)))
        at += len(line) + 1
    spots = sign.search(block, len(block))
    assert spots is not None
    assert all(any(low <= spot < high for spot in spots) for low, high in expected)
    assert sign.shown(block)


def test_what_lies_behind_the_size_of_a_block_is_not_looked_at() -> None:
    assert literal("needle", folds=False).search(bytearray(b"xx needle"), 8) == []
    assert literal("needle", folds=True).search(bytearray(b"xx needle"), 8) == []
    assert literal("11-9x", folds=True).search(bytearray(b"xx 11-9x"), 7) == []


def test_a_block_is_searched_for_the_rarest_of_several_signs_and_for_each_of_alternatives() -> None:
    block = b"common\ncommon seldomly\nother\n"
    signs = [literal("common", folds=False), literal("seldomly", folds=False), None]
    both, either = every(signs), some(signs[:2])
    assert both is not None
    assert either is not None
    assert both.search(block, len(block)) == [14]
    assert either.search(block, len(block)) == [0, 7]  # a place for each line
    assert not both.shown(b"common")
    assert some(signs) is None


def test_too_many_places_are_not_told_apart() -> None:
    block = b"needle\n" * (MOST_SPOTS + 1)
    assert literal("needle", folds=False).search(block, len(block)) is None


def test_many_byte_strings_are_found_like_few() -> None:
    needles = [b"%032x" % (number * 7919) for number in range(200)]
    block = b"".join(b"line %d %s\n" % (number, needles[number]) for number in range(0, 200, 20)) + b"none\n"
    for wanted in (needles, needles[:21]):
        sign = among(wanted)
        assert sign is not None
        found = sign.search(block, len(block))
        assert found is not None
        assert len({block.count(b"\n", 0, at) for at in found}) == (10 if len(wanted) > 100 else 2)
    assert among([]) is None
