"""Messages through a queue: found by id, by topic, once for each service, and the tree follows them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tui.record import Id, Record
from tui.story.hops import find_hops
from tui.story.timeline import build

T0_NS = 1_795_442_529_000_000_000
MS = 1_000_000


def said(at_ms: int, service: str, message: str, **fields: object) -> Record:
    return Record(
        source=f"{service}.log",
        offset=at_ms,
        raw=message,
        message=message,
        time_ns=T0_NS + at_ms * MS,
        service=service,
        ids=(Id("request", "r-1"),),
        fields=fields,
    )


@pytest.mark.parametrize(
    ("sent", "taken", "both", "queue"),
    [
        ("published message to topic order-events", "consumed message", {"message_id": "m-1"}, "order-events"),
        ("Enqueued SendMailJob", "Performing: started job", {"job_id": "77", "queue": "mailers"}, "mailers"),
        ("message sent to kafka topic orders", "received message from topic orders", {}, "orders"),
        ("event emitted", "processing event", {"event_id": "e9"}, ""),
        ("task dispatched", "picked up", {"messaging.message.id": "x", "messaging.destination.name": "q"}, "q"),
    ],
)
def test_a_message_is_followed(sent: str, taken: str, both: Mapping[str, object], queue: str) -> None:
    (hop,) = find_hops([said(0, "orders", sent, **both), said(700, "mailer", f"{taken} of the job", **both)])
    assert (hop.sent, hop.taken, hop.wait_ns, hop.queue) == (("orders.log", 0), ("mailer.log", 700), 700 * MS, queue)


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        ("charge started", "charge completed"),
        ("published message", "published message"),
        ("received message", "published message"),
        ("sent 20 bytes to the client", "received message"),
    ],
)
def test_what_is_no_message_is_none(sent: str, taken: str) -> None:
    assert not find_hops([said(0, "a", sent, message_id="1"), said(5, "b", taken, message_id="1")])
    assert not find_hops(
        [said(0, "a", "published message", message_id="1"), said(5, "b", "consumed message", message_id="2")]
    )


def test_each_service_takes_it_once_and_an_id_says_more_than_a_topic() -> None:
    hops = find_hops(
        [
            said(0, "orders", "published message", message_id="1", topic="t"),
            said(1, "orders", "published message", message_id="2", topic="t"),
            said(10, "mailer", "consumed message", message_id="1", topic="t"),
            said(11, "mailer", "consumed message", message_id="1", topic="t"),
            said(12, "stats", "consumed message", message_id="1", topic="t"),
        ]
    )
    assert [(hop.sent[1], hop.taken) for hop in hops] == [(0, ("mailer.log", 10)), (0, ("stats.log", 12))]


def test_who_took_a_message_hangs_under_who_sent_it_and_the_wait_is_told() -> None:
    story = build(
        [
            said(0, "gateway", "POST /orders started"),
            said(10, "orders", "create started"),
            said(90, "orders", "published message", message_id="1", topic="order-events"),
            said(95, "orders", "create completed"),
            said(100, "gateway", "POST /orders completed 202"),
            said(900, "mailer", "consumed message", message_id="1"),
            said(950, "mailer", "mail sent"),
        ]
    )
    rows = {row.service: row for row in story.rows}
    assert rows["mailer"].parent == rows["orders"].row_id
    assert not rows["mailer"].guessed
    assert "waited 810 ms in order-events" in rows["mailer"].notes
    assert [gap.reason for gap in story.gaps] == ["a message waits in order-events"]
