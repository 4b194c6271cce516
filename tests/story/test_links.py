"""Which records belong to a request: linked ids, whatever the order in which they are met."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.record import Id, Record
from tui.story.links import SHORT_WINDOW_NS, Request

T1 = "4bf92f3577b34da6a3ce929d0e0e4736"
T2 = "8d3c1fa01b7e4c0f9a6b5c4d3e2f1a0b"
R1 = "f47ac10b58cc4372a5670e02b2c3d479"


def record(offset: int, *ids: tuple[str, str], source: str = "a.log", time_ns: int = 0, raw: str = "") -> Record:
    """A record whose raw text spells its ids as they are compared."""
    text = raw or " ".join(f"{kind}={value}" for kind, value in ids)
    found = tuple(Id(kind, value) for kind, value in ids)
    return Record(source, offset, text, text, time_ns=time_ns, service="svc", ids=found)


def gathered(request: Request, world: Sequence[Record]) -> set[int]:
    """Offsets of what belongs, after looking as often as new needles come."""
    done: frozenset[bytes] = frozenset()
    while wanted := request.needles() - done:
        for one in world:
            if any(needle in one.raw.encode() for needle in wanted):
                request.offer(one)
        done |= wanted
    return {one.offset for one in world if request.belongs(one)}


def test_ids_of_one_record_are_linked_transitively() -> None:
    world = [
        record(0, ("request", R1)),
        record(1, ("trace", T1)),
        record(2, ("request", R1), ("trace", T1)),
        record(3, ("trace", T1), ("job", "job-884422")),
        record(4, ("job", "job-884422")),
        record(5, ("trace", T2)),
    ]
    request = Request([Id("request", R1)])
    assert gathered(request, world) == {0, 1, 2, 3, 4}
    assert set(request.ids) == {Id("request", R1), Id("trace", T1), Id("job", "job-884422")}
    assert request.ids[0] == Id("request", R1)
    assert request.reason(world[1]) == Id("trace", T1)
    assert request.reason(world[5]) is None
    assert request.incomplete == ()


def test_an_id_that_begins_with_another_is_looked_for_again() -> None:
    world = [
        record(0, ("request", "req-12345678-sub-1")),
        record(1, ("request", "req-12345678")),
        record(2, ("request", "req-12345678"), ("correlation", "req-12345678-sub-1")),
    ]
    assert gathered(Request([Id("request", "req-12345678")]), world) == {0, 1, 2}


def test_a_link_says_which_record_made_it() -> None:
    world = [record(0, ("request", R1)), record(7, ("request", R1), ("trace", T1))]
    request = Request([Id("request", R1)])
    gathered(request, world)
    link = next(link for link in request.links if link.id.kind == "trace")
    assert link.via == ("a.log", 7) and not link.seed


def test_the_same_value_under_another_name_is_the_same_request() -> None:
    world = [record(0, ("request", R1)), record(1, ("correlation", R1)), record(2, ("trace", R1))]
    assert gathered(Request([Id("correlation", R1)]), world) == {0, 1, 2}


def test_half_a_trace_id_joins_the_whole_one() -> None:
    other = "0" * 15 + "1" + T1[16:]
    world = [record(0, ("trace", T1)), record(1, ("trace", T1[16:])), record(2, ("trace", other))]
    assert gathered(Request([Id("trace", T1)]), world) == {0, 1}
    assert gathered(Request([Id("trace", T1[16:])]), world) == {0, 1, 2}
    assert gathered(Request([Id("trace", "0" * 16 + T1[16:])]), world) == {0, 1, 2}


def test_a_span_id_alone_joins_nothing() -> None:
    span = "00f067aa0ba902b7"
    world = [
        record(0, ("trace", T1), ("span", span)),
        record(1, ("trace", T2), ("span", span)),
        record(2, ("span", span)),
    ]
    assert gathered(Request(world[0].ids), world) == {0}


def test_a_request_may_be_asked_for_by_its_span() -> None:
    span = "00f067aa0ba902b7"
    world = [record(0, ("trace", T1), ("span", span)), record(1, ("trace", T1)), record(2, ("trace", T2))]
    assert gathered(Request([Id("span", span)]), world) == {0, 1}
    assert gathered(Request(span), world) == {0, 1}


def test_an_id_that_glues_many_requests_is_reported_and_not_followed() -> None:
    world = [record(n, ("job", "nightly-0042"), ("trace", f"{n + 1:016x}{n + 77:016x}")) for n in range(60)]
    world.append(record(60, ("trace", world[3].ids[1].value)))
    request = Request([world[3].ids[1]])
    assert gathered(request, world) == {3, 60}
    assert request.incomplete == ("job nightly-0042 links more than 50 requests: not followed",)
    assert [link.followed for link in request.links] == [True, False]


def test_an_id_that_was_asked_for_is_matched_however_wide_it_is() -> None:
    world = [record(n, ("job", "nightly-0042"), ("trace", f"{n + 1:016x}{n + 77:016x}")) for n in range(60)]
    world.append(record(60, ("trace", world[3].ids[1].value)))
    request = Request("nightly-0042")
    assert gathered(request, world) == set(range(60))
    assert request.ids == () or request.ids == (Id("job", "nightly-0042"),)
    assert len(request.incomplete) == 1


def test_a_line_that_only_mentions_an_id_belongs_but_opens_no_door() -> None:
    dashed = "f47ac10b-58cc-4372-a567-0e02b2c3d479"
    world = [
        record(0, ("request", R1)),
        record(1, raw=f"GET /status/{dashed.upper()} 200"),
        record(2, ("trace", T2), raw=f"trace={T2} follows {R1}"),
        record(3, ("trace", T2)),
        record(4, raw=f"x{R1}y"),
    ]
    request = Request([Id("request", R1)])
    assert gathered(request, world) == {0, 1, 2}
    assert request.reason(world[1]) == Id("request", R1)


def test_a_link_can_be_cut_and_restored() -> None:
    world = [record(0, ("request", R1), ("trace", T1)), record(1, ("trace", T1)), record(2, ("request", R1))]
    request = Request([Id("request", R1)])
    assert gathered(request, world) == {0, 1, 2}
    request.cut(Id("trace", T1))
    assert {one.offset for one in world if request.belongs(one)} == {0, 2}
    assert any("cut off" in reason for reason in request.incomplete)
    request.restore(Id("trace", T1))
    assert {one.offset for one in world if request.belongs(one)} == {0, 1, 2}


def test_short_ids_join_only_in_one_service_and_for_a_while() -> None:
    world = [
        record(0, ("request", "req-7"), ("trace", T1), time_ns=10**9),
        record(1, ("request", "req-7"), time_ns=2 * 10**9),
        record(2, ("request", "req-7"), time_ns=10 * SHORT_WINDOW_NS),
        record(3, ("request", "req-7"), source="b.log", time_ns=10**9),
        record(4, ("request", "req-7"), ("trace", T2), time_ns=10**9),
    ]
    assert gathered(Request([Id("trace", T1)]), world) == {0, 1}
    assert gathered(Request.of(world[1]), world) >= {0, 1}
    assert 3 not in gathered(Request.of(world[1]), world)


def test_a_record_that_grows_brings_its_new_ids() -> None:
    request = Request([Id("request", R1)])
    assert request.offer(record(0, ("request", R1)))
    assert request.offer(record(0, ("request", R1), ("trace", T1)))
    assert Id("trace", T1) in request.ids


@pytest.mark.parametrize(
    "typed",
    [
        T1,
        T1.upper(),
        "4bf92f35-77b3-4da6-a3ce-929d0e0e4736",
        "1-4bf92f35-77b34da6a3ce929d0e0e4736",
        f"00-{T1}-00f067aa0ba902b7-01",
        f"Root=1-{T1[:8]}-{T1[8:]};Parent=53995c3f42cd8ad8;Sampled=1",
        f"trace_id={T1}",
        f"trace.id: {T1}",
        f' "{T1}" ',
        str(int(T1[16:], 16)),
        str(int(T1, 16)),
        f"0x{T1}",
    ],
)
def test_a_typed_id_is_read_in_any_notation(typed: str) -> None:
    world = [record(0, ("trace", T1)), record(1, ("trace", T2))]
    request = Request(typed)
    assert gathered(request, world) == {0}
    assert request.ids[0].kind == "trace"


def test_a_typed_text_need_not_be_an_id() -> None:
    world = [
        record(0, ("trace", T1), raw=f"order=ORD-2201-X trace={T1}"),
        record(1, ("trace", T1)),
        record(2, ("trace", T2), raw=f"order=ORD-2201-XY trace={T2}"),
    ]
    assert gathered(Request("ORD-2201-X"), world) == {0, 1}


@pytest.mark.parametrize("typed", ["", "   ", "x", "\x00\udcff", "=", "a:b", "-" * 50, "9" * 400, "é" * 300])
def test_whatever_is_typed_is_a_request(typed: str) -> None:
    request = Request(typed)
    gathered(request, [record(0, ("trace", T1)), record(1)])
    assert isinstance(request.ids, tuple)


def test_a_typed_short_id_is_found_in_every_service() -> None:
    world = [record(0, ("request", "41")), record(1, ("request", "41"), source="b.log"), record(2, ("request", "42"))]
    assert gathered(Request("41"), world) == {0, 1}


IDS = st.lists(
    st.tuples(st.sampled_from(["trace", "request", "correlation", "job"]), st.integers(1, 14)), min_size=1, max_size=3
)


def spelled(kind: str, number: int) -> tuple[str, str]:
    return kind, f"{number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % (1 << 128):032x}"


@given(st.lists(IDS, min_size=1, max_size=25), st.randoms(use_true_random=False), st.integers(1, 4))
@settings(max_examples=150, deadline=None)
def test_the_order_of_offering_does_not_matter(
    groups: list[list[tuple[str, int]]], random: object, fan_out: int
) -> None:
    world = [record(n, *(spelled(kind, number) for kind, number in ids)) for n, ids in enumerate(groups)]
    seed = world[0].ids[:1]
    shuffled = list(world)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = Request(seed, fan_out=fan_out), Request(seed, fan_out=fan_out)
    assert gathered(first, world) == gathered(second, shuffled)
    assert set(first.ids) == set(second.ids)
    # under which name a refused id was met first may differ
    assert {text.split()[1] for text in first.incomplete} == {text.split()[1] for text in second.incomplete}


def closure(world: Iterable[Record], seed: Id) -> set[int]:
    """What belongs, worked out the slow way: ids that share a record, over and over."""
    values, found = {seed.value}, set[int]()
    while True:
        more = {one.offset for one in world if any(i.value in values for i in one.ids)}
        if more == found:
            return found
        found = more
        values |= {i.value for one in world if one.offset in found for i in one.ids}


@given(st.lists(IDS, min_size=1, max_size=25))
@settings(max_examples=100, deadline=None)
def test_without_wide_ids_everything_linked_is_found(groups: list[list[tuple[str, int]]]) -> None:
    world = [record(n, *(spelled(kind, number) for kind, number in ids)) for n, ids in enumerate(groups)]
    assert gathered(Request(world[0].ids[:1]), world) == closure(world, world[0].ids[0])
