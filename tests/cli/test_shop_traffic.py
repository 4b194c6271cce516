from __future__ import annotations

import json
import re
import shlex
from collections import Counter, defaultdict
from functools import cache
from itertools import islice, takewhile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.cli.shop_lines import SERVICES, Entry
from tui.cli.shop_people import CARDS, CUSTOMERS, DATABASE, PASSWORDS, SMTP_KEY
from tui.cli.shop_traffic import SECOND_NS, traffic
from tui.parsing.parser import Parser
from tui.record import LineGroup
from tui.redaction.redactor import Redactor

START_NS = 1_795_442_400 * SECOND_NS
RELEASE_NS = START_NS + 60 * SECOND_NS
UUID_TEXT = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
PYTHON_LINE = re.compile(
    r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3})\+0000 - ([a-z.]+) - (DEBUG|INFO|WARNING|ERROR) - (.+)$"
)


@cache
def a_day(seconds: int = 240) -> tuple[Entry, ...]:
    """The first minutes of the shop with the default seed; the release comes after one."""
    end_ns = START_NS + seconds * SECOND_NS
    return tuple(takewhile(lambda e: e.time_ns < end_ns, traffic(7, START_NS, release_ns=RELEASE_NS)))


def lines_of(service: str) -> list[str]:
    return [entry.text for entry in a_day() if entry.service == service]


@given(st.integers(), st.integers(0, 4 * 10**18), st.floats(0.05, 100))
@settings(max_examples=20)
def test_the_same_seed_and_start_give_the_same_traffic(seed: int, start_ns: int, rate: float) -> None:
    once, again = (list(islice(traffic(seed, start_ns, rate=rate), 300)) for _ in range(2))
    assert once == again
    assert once[0].time_ns >= start_ns
    assert [e.time_ns for e in once] == sorted(e.time_ns for e in once)


def test_another_seed_is_another_day() -> None:
    first, other = (list(islice(traffic(seed, START_NS), 50)) for seed in (7, 8))
    assert first != other


@pytest.mark.parametrize("rate", [0.5, 1.0, 3.0])
def test_about_45_lines_come_in_a_second_times_the_rate(rate: float) -> None:
    end_ns = START_NS + 100 * SECOND_NS
    count = sum(1 for _ in takewhile(lambda e: e.time_ns < end_ns, traffic(7, START_NS, rate=rate)))
    assert 35 * rate < count / 100 < 55 * rate


def test_every_service_logs_steadily() -> None:
    for service in SERVICES:
        seconds = {(entry.time_ns - START_NS) // SECOND_NS // 5 for entry in a_day() if entry.service == service}
        assert len(seconds) >= 46, f"{service} is silent for long"


@pytest.mark.parametrize(
    ("service", "keys"),
    [
        ("gateway", {"time", "level", "msg", "service"}),
        ("payment", {"level", "time", "msg", "pid", "hostname", "name"}),
        ("notification", {"@timestamp", "log.level", "message", "service"}),
    ],
)
def test_json_services_write_one_object_a_line(service: str, keys: set[str]) -> None:
    for line in lines_of(service):
        assert "\n" not in line
        fields = json.loads(line)
        assert keys <= fields.keys()


def test_the_inventory_writes_logfmt() -> None:
    for line in lines_of("inventory"):
        pairs = dict(word.split("=", 1) for word in shlex.split(line))
        assert {"time", "level", "msg", "service"} <= pairs.keys()


def test_the_cart_writes_python_logging_with_tracebacks_on_their_own_lines() -> None:
    tracebacks = 0
    for text in lines_of("cart"):
        first, *rest = text.split("\n")
        assert PYTHON_LINE.match(first), first
        if rest:
            tracebacks += 1
            assert rest[0] == "Traceback (most recent call last):"
            assert rest[-1].startswith("cart.errors.CacheUnavailable: cart:c-")
            assert "During handling of the above exception, another exception occurred:" in rest
    assert tracebacks > 3


def test_the_new_release_works_at_first_and_then_fails_ever_more() -> None:
    errors: Counter[int] = Counter()
    for entry in a_day():
        fields = json.loads(entry.text) if entry.service == "payment" else {}
        if fields.get("version") == "1.8.0-canary":
            assert entry.time_ns >= RELEASE_NS
            errors[(entry.time_ns - RELEASE_NS) // (20 * SECOND_NS)] += fields["level"] >= 50
    assert errors[0] <= 3
    assert errors[1] + errors[2] < errors[4] + errors[5]
    assert sum(errors[part] for part in range(5, 8)) > 60


def test_failures_retry_and_carry_the_stack_of_both_kinds_of_error() -> None:
    failed = [json.loads(line) for line in lines_of("payment") if '"err"' in line]
    assert {fields["err"]["type"] for fields in failed} == {"PaymentDeclined", "TimeoutError"}
    assert {fields["attempt"] for fields in failed} == {1, 2, 3}
    for fields in failed:
        assert fields["err"]["stack"].startswith(f"{fields['err']['type']}: {fields['err']['message']}\n    at ")


def test_slow_requests_occur_before_the_incident() -> None:
    slow = [entry for entry in a_day() if "slow query" in entry.text and entry.time_ns < RELEASE_NS]
    assert slow


def test_one_request_can_be_followed_through_all_services_by_its_ids() -> None:
    """Ids that stand in one line belong together; the lines so joined are the request."""
    requests = joined_requests()
    orders = [group for group in requests if any("POST /orders started" in entry.text for entry in group)]
    assert len(orders) > 100
    complete = [group for group in orders if {entry.service for entry in group} == set(SERVICES)]
    assert len(complete) > 0.9 * len(orders)
    for group in complete:
        assert sum("POST /orders" in entry.text and "started" in entry.text for entry in group) == 1


def test_no_single_spelling_finds_the_whole_request() -> None:
    """The cart drops the dashes, the inventory knows the trace only: a search for one text is not enough."""
    group = max(joined_requests(), key=len)
    correlation = next(json.loads(e.text)["X-Correlation-ID"] for e in group if e.service == "gateway")
    found = {entry.service for entry in group if correlation in entry.text}
    assert found == {"gateway", "payment", "notification"}
    assert {entry.service for entry in group if correlation.replace("-", "") in entry.text} == {"cart"}


def joined_requests() -> list[list[Entry]]:
    gateway = (json.loads(line) for line in lines_of("gateway"))
    pairs = {f["X-Correlation-ID"].replace("-", ""): f["trace_id"] for f in gateway if "X-Correlation-ID" in f}
    assert len(set(pairs.values())) == len(pairs)
    groups: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in a_day():
        plain = UUID_TEXT.sub(lambda match: match[0].replace("-", ""), entry.text)
        words = set(re.findall(r"\b[0-9a-f]{32}\b", plain))
        for word in words & (pairs.keys() | set(pairs.values())):
            groups[pairs.get(word, word)].append(entry)
            break
    return list(groups.values())


def test_background_noise_has_no_ids() -> None:
    noise = [e for e in a_day() if re.search(r"healthz|gc finished|redis pool|event loop lag|mail relay", e.text)]
    assert len(noise) > 500
    assert not any(re.search(r"[0-9a-f]{32}|[0-9a-f]{8}-", entry.text) for entry in noise)


def test_personal_data_is_planted_in_the_raw_lines() -> None:
    everything = "\n".join(entry.text for entry in a_day())
    for secret in [
        *CARDS,
        *PASSWORDS,
        DATABASE,
        CUSTOMERS[0].email,
        f"Bearer {CUSTOMERS[0].token}",
    ]:
        assert secret in everything, secret


@pytest.mark.parametrize("card", CARDS)
def test_planted_card_numbers_have_a_valid_check_digit(card: str) -> None:
    digits = [int(c) for c in reversed(card) if c.isdigit()]
    total = sum(digits[0::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    assert len(digits) == 16
    assert total % 10 == 0


@pytest.mark.parametrize("service", SERVICES)
def test_the_product_understands_every_line(service: str) -> None:
    entries = [entry for entry in a_day() if entry.service == service]
    parser = Parser(f"{service}.log", service=service)
    parser.learn([line.encode() for entry in entries[:100] for line in entry.text.split("\n")], reference_ns=START_NS)
    for entry in entries:
        first, *rest = (line.encode() for line in entry.text.split("\n"))
        assert parser.begins(first)
        assert not any(map(parser.begins, rest))
        record = parser.record(LineGroup(service, 0, (first, *rest)))
        assert record.time_ns is not None
        assert 0 <= entry.time_ns - record.time_ns < 1_000_000, "the finest clock among them counts milliseconds"
        assert record.level in ("debug", "info", "warn", "error")
        assert record.service in (service, "bank-api")
        assert record.message
        assert bool(record.error) == ("stack" in entry.text or "Traceback" in entry.text)


@cache
def raw_and_redacted() -> tuple[str, str]:
    raw = "\n".join(entry.text for entry in a_day())
    redacted, _ = Redactor(bytes(32)).block(raw.encode())
    return raw, redacted.decode()


def test_nothing_planted_survives_redaction() -> None:
    _, redacted = raw_and_redacted()
    people = [text for customer in CUSTOMERS for text in (customer.email, customer.token)]
    password_of_database = DATABASE.split(":")[2].split("@")[0]
    for secret in [*CARDS, *PASSWORDS, *people, DATABASE, password_of_database, SMTP_KEY]:
        assert secret not in redacted, secret


def test_no_id_of_a_request_is_redacted() -> None:
    raw, redacted = raw_and_redacted()
    before, after = raw.split("\n"), redacted.split("\n")
    for line, seen in zip(before, after, strict=True):
        assert ids_in(line) == ids_in(seen), seen


def ids_in(line: str) -> list[str]:
    return re.findall(r"(?<![0-9a-f])(?:[0-9a-f]{32}|[0-9a-f]{16}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", line)
