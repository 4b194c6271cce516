"""Messages that a request sent through a queue: the line that sent one, the line that took it, how long it lay there.

A pair needs a name that both lines say: the message's or job's id, else the queue or topic. Who hangs under whom follows
from it in `parents`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from tui.lazy import Lazy
from tui.parsing.vocabulary import normal_key
from tui.record import Record
from tui.values import frozen

Key = tuple[str, int]

MAX_WAIT_NS: Final = 86_400_000_000_000
_LOOKED_AT: Final = 300
_STEMS: Final = ("publish", "enqueu", "queue", "produc", "messag", "consum", "topic", "job", "event", "task", "deliver")
"""What any line of a queue holds in small letters: others need not be searched."""
_SENT: Final = Lazy(
    r"\b(?:publish(?:ed|ing)?|enqueu(?:ed|ing)|queued|produc(?:ed|ing)|scheduled|dispatched|emitt(?:ed|ing)|"
    r"(?:sent|sending|pushed|pushing|put|posted|written|wrote|added)\b.{0,60}?\b(?:to|on|onto|into)\b.{0,20}?\b(?:queue|topic|exchange|stream|bus|kafka|rabbitmq|sqs|sns|nats))\b",
    re.IGNORECASE,
)
_TAKEN: Final = Lazy(
    r"\b(?:consum(?:ed|ing)|dequeu(?:ed|ing)|picked up|popped|polled|"
    r"(?:received|receiving|got|handling|processing|started|starting|executing|running|claimed)\b.{0,40}?\b(?:message|job|task|event|delivery))\b",
    re.IGNORECASE,
)
_QUEUE: Final = Lazy(
    r"\b(?:topic|queue|exchange|stream|subject|channel)\b[ '\"=:]{1,3}([\w][\w.:/-]{1,80})", re.IGNORECASE
)
_IDS: Final = frozenset(
    map(
        normal_key,
        [
            "message_id",
            "messageid",
            "msg_id",
            "message.id",
            "messaging.message.id",
            "messaging.message_id",
            "job_id",
            "jobid",
            "jid",
            "task_id",
            "taskid",
            "event_id",
            "eventid",
            "delivery_id",
            "correlation_data",
        ],
    )
)
_QUEUES: Final = frozenset(
    map(
        normal_key,
        [
            "topic",
            "queue",
            "queue_name",
            "exchange",
            "routing_key",
            "stream",
            "subject",
            "channel",
            "messaging.destination",
            "messaging.destination.name",
            "destination",
            "kafka.topic",
            "job_class",
            "job_name",
            "task_name",
        ],
    )
)


@frozen
class Hop:
    """One message on its way from one line to another."""

    sent: Key
    taken: Key
    sent_ns: int
    taken_ns: int
    queue: str
    """Name of the queue or topic; empty when neither line says it."""

    @property
    def wait_ns(self) -> int:
        return self.taken_ns - self.sent_ns


def find_hops(records: Iterable[Record]) -> tuple[Hop, ...]:
    """The messages that records tell of, in order of time; each sending line is the source of the first line that takes
    it in each service. `records` come in the order of time."""
    waiting: dict[tuple[str, str], tuple[Record, int, str]] = {}
    taken_by: set[tuple[Key, str | None]] = set()
    hops: list[Hop] = []
    for record in records:
        way = _way(record) if record.time_ns is not None else ""
        if not way or record.time_ns is None:
            continue
        queue, names = _names(record)
        if way == "sent":
            waiting.update(dict.fromkeys(names, (record, record.time_ns, queue)))
            continue
        # an id tells more than a topic, which many messages go through
        sent = next((waiting[name] for name in names if name in waiting), None)
        if sent is None or (sent[0].key, record.service or record.source) in taken_by:
            continue
        if record.time_ns - sent[1] <= MAX_WAIT_NS:
            taken_by.add((sent[0].key, record.service or record.source))
            hops.append(Hop(sent[0].key, record.key, sent[1], record.time_ns, sent[2] or queue))
    return tuple(hops)


def _way(record: Record) -> str:
    """sent, taken, or nothing."""
    text = record.message[:_LOOKED_AT]
    low = text.lower()
    if not any(stem in low for stem in _STEMS):
        return ""
    if _SENT.search(text):
        return "sent"
    return "taken" if _TAKEN.search(text) else ""


def _names(record: Record) -> tuple[str, list[tuple[str, str]]]:
    """(queue, what the message can be known by, the surest first)."""
    ids, queue = _said(record.fields)
    if not queue and (match := _QUEUE.search(record.message[:_LOOKED_AT])):
        queue = match[1]
    ids += [one.value for one in record.ids if one.kind == "job"]
    return queue, [*(("id", one) for one in ids), *([("queue", queue)] if queue else [])]


def _said(fields: Mapping[str, object]) -> tuple[list[str], str]:
    ids: list[str] = []
    queue = ""
    for key, value in fields.items():
        role = _role(key) if isinstance(value, str | int) and value != "" else ""
        if role == "id":
            ids.append(str(value))
        elif role == "queue" and not queue:
            queue = str(value)
    return ids, queue


@lru_cache(maxsize=4096)
def _role(key: str) -> str:
    for name in (normal_key(key), normal_key(key.rsplit(".", 1)[-1])):
        if name in _IDS:
            return "id"
        if name in _QUEUES:
            return "queue"
    return ""
