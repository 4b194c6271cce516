"""What one visitor's request does in the demo shop: which services it meets, what they log, how long they take.

Pure: the same random numbers and the same start give the same entries. When visitors come, and how ill the new
release of the payment service is by then, is decided in `shop_traffic`.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final
from uuid import UUID

from tui.cli import shop_lines as lines
from tui.cli.shop_lines import Entry, milliseconds, spoken
from tui.cli.shop_people import CUSTOMERS, Customer
from tui.cli.shop_stacks import BANK_TIMEOUT, CACHE_LOST, CARD_DECLINED
from tui.values import field, frozen, mutable

ATTEMPTS: Final = 3
BANK_LIMIT_MS: Final = 900
RETRY_AFTER_MS: Final = (400, 300)
STABLE: Final = "1.7.4"
CANARY: Final = "1.8.0-canary"


@frozen
class Payments:
    """The payment release that serves a request."""

    version: str = STABLE
    failing: float = 0.0
    """The chance from 0 to 1 that a charge fails for good."""

    @property
    def host(self) -> str:
        return "payment-canary-6b8c4-x2kqp" if self.version == CANARY else "payment-7d9f5c-tlm4w"


@mutable
class Visit:
    """One request while it is told: its ids, its visitor, the time it has reached."""

    random: Random
    now_ns: int
    payments: Payments
    correlation: str = ""
    trace: str = ""
    root: str = ""
    customer: Customer = CUSTOMERS[0]
    sku: str = ""
    entries: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.correlation = str(UUID(int=self.random.getrandbits(128), version=4))
        self.trace = f"{self.random.getrandbits(128):032x}"
        self.root = self.span()
        self.customer = self.random.choice(CUSTOMERS)
        self.sku = f"SKU-{self.random.randrange(10, 60)}"

    def span(self) -> str:
        return f"{self.random.getrandbits(64) | 1:016x}"

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def takes(self, low_ms: float, high_ms: float) -> None:
        """Let time pass, nearer to the low end as latencies are."""
        self.now_ns += int(self.random.triangular(low_ms, high_ms, low_ms) * 1e6)

    def gateway(self, level: str, message: str, **fields: object) -> None:
        known = {"X-Correlation-ID": self.correlation, "trace_id": self.trace, "span_id": self.root}
        self.entries.append(lines.gateway(self.now_ns, level, message, **fields, **known))

    def cart(self, level: str, message: str, *, logger: str = "cart.views", traceback: str = "") -> None:
        # The cart passes the id on without dashes, as uuid.hex gives it.
        plain = self.correlation.replace("-", "")
        self.entries.append(lines.cart(self.now_ns, level, logger, message, plain, traceback))

    def inventory(self, level: str, message: str, span: str, **fields: object) -> None:
        known = {"trace_id": self.trace, "span_id": span, "parent_span_id": self.root}
        self.entries.append(lines.inventory(self.now_ns, level, message, **fields, **known))

    def payment(self, level: str, message: str, **fields: object) -> None:
        known = {"pid": 17, "hostname": self.payments.host, "name": "payment", "version": self.payments.version}
        self.entries.append(lines.payment(self.now_ns, level, message, **known, requestId=self.correlation, **fields))

    def notification(self, after_ms: float, level: str, message: str, **fields: object) -> None:
        """Said after the answer, by a worker that takes its jobs from a queue."""
        at_ns = self.now_ns + int(after_ms * 1e6)
        self.entries.append(lines.notification(at_ns, level, message, **fields, correlationId=self.correlation))


def visit(random: Random, start_ns: int, kind: str, payments: Payments) -> list[Entry]:
    """All entries of one request of this kind (a key of KINDS), in no particular order."""
    told = Visit(random, start_ns, payments)
    method, path, serve = KINDS[kind]
    path = path.format(sku=told.sku)
    parent = f"00-{told.trace}-{told.root}-01"
    told.gateway(
        "INFO", f"{method} {path} started", method=method, path=path, traceparent=parent, client=_address(told)
    )
    if told.chance(0.12):
        headers = {"Authorization": f"Bearer {told.customer.token}", "User-Agent": "shop-app/5.2"}
        told.gateway("DEBUG", "request headers", headers=headers)
    told.takes(1, 4)
    status = serve(told)
    told.takes(1, 6)
    took_ns = told.now_ns - start_ns
    level = "WARN" if status >= 500 or took_ns > 2_000_000_000 else "INFO"
    message = f"{method} {path} {status} in {spoken(took_ns)}"
    told.gateway(level, message, method=method, path=path, status=status, duration=took_ns)
    return told.entries


def _browse(told: Visit) -> int:
    _look_up(told)
    return 200


def _show_cart(told: Visit) -> int:
    _load_cart(told)
    return 200


def _add_to_cart(told: Visit) -> int:
    items = _load_cart(told)
    _look_up(told)
    told.takes(4, 15)
    told.cart("INFO", f"added {told.sku}, now {_counted(items + 1)}")
    return 201


def _sign_in(told: Visit) -> int:
    person = told.customer
    told.takes(30, 90)
    told.cart(
        "DEBUG", f"login payload {{'email': {person.email!r}, 'password': {person.password!r}}}", logger="cart.auth"
    )
    if told.chance(0.15):
        told.cart("WARN", f"login failed for {person.email}: wrong password", logger="cart.auth")
        return 401
    told.cart("INFO", f"login of customer {person.number} succeeded", logger="cart.auth")
    return 200


def _order(told: Visit) -> int:
    items = _load_cart(told)
    amount = round(told.random.uniform(9, 240), 2)
    span = _reserve(told)
    order = f"ord-{told.random.randrange(10**6):06d}"
    if not _charge(told, order, amount):
        told.takes(5, 20)
        told.inventory("WARN", "reservation released", span, sku=told.sku, qty=1, by=told.customer.email)
        told.notification(90, "WARN", "payment failure mail queued", recipient=told.customer.email, order=order)
        return 502
    told.cart("INFO", f"cart emptied, {_counted(items)} ordered as {order}")
    told.notification(60, "INFO", "order confirmation queued", recipient=told.customer.email, order=order)
    told.notification(
        told.random.uniform(150, 700), "INFO", "order confirmation sent", order=order, template="receipt-3"
    )
    return 201


def _counted(items: int) -> str:
    return f"{items} item" if items == 1 else f"{items} items"


def _address(told: Visit) -> str:
    return f"203.0.113.{told.random.randrange(2, 250)}"


def _look_up(told: Visit) -> None:
    span, begin_ns, key = told.span(), told.now_ns, f"stock:{told.sku}"
    told.takes(0.4, 2)
    if told.chance(0.7):
        told.inventory("DEBUG", "cache hit", span, key=key, duration=_go(told.now_ns - begin_ns))
        return
    told.inventory("DEBUG", "cache miss", span, key=key)
    slow = told.chance(0.06)
    told.takes(*(900, 2800) if slow else (8, 60))
    took = _go(told.now_ns - begin_ns)
    if slow:
        told.inventory("WARN", "slow query", span, query="select stock from items where sku=$1", duration=took)
    told.inventory("INFO", "stock read", span, key=key, duration=took)


def _load_cart(told: Visit) -> int:
    begin_ns, name, items = told.now_ns, f"c-{told.customer.number}", told.random.randrange(1, 6)
    told.cart("DEBUG", f"loading cart {name}")
    told.takes(2, 25)
    if told.chance(0.012):
        lost = CACHE_LOST.replace("{key}", f"cart:{name}")
        told.cart("ERROR", f"cache failed for cart {name}", logger="cart.cache", traceback=lost)
        told.takes(60, 240)
        told.cart("WARN", f"cart {name} read from the database instead")
    told.cart("INFO", f"cart {name} loaded, {_counted(items)} in {spoken(told.now_ns - begin_ns)}")
    return items


def _reserve(told: Visit) -> str:
    span, begin_ns = told.span(), told.now_ns
    told.inventory("INFO", "reserve started", span, sku=told.sku, qty=1)
    told.takes(30, 160)
    told.inventory("INFO", "reserve completed", span, sku=told.sku, qty=1, duration=_go(told.now_ns - begin_ns))
    return span


def _charge(told: Visit, order: str, amount: float) -> bool:
    """Up to three attempts at the bank; whether one of them went through."""
    begin_ns, span, doomed = told.now_ns, told.span(), told.chance(told.payments.failing)
    traced = {"trace_id": told.trace, "span_id": span, "parent_span_id": told.root}
    told.payment("INFO", "charge started", order=order, amount=amount, currency="EUR", **traced)
    if told.chance(0.25):
        told.payment("DEBUG", f"card {told.customer.card} accepted for charging", holder=told.customer.name)
    for attempt in range(1, ATTEMPTS + 1):
        if _authorize(told, attempt, fails=doomed or told.chance(0.04)):
            told.takes(2, 9)
            took = milliseconds(told.now_ns - begin_ns)
            told.payment("INFO", "charge completed", order=order, attempt=attempt, durationMs=took, **traced)
            return True
        if attempt < ATTEMPTS:
            delay_ms = RETRY_AFTER_MS[attempt - 1]
            told.payment("WARN", f"retrying charge in {delay_ms} ms", attempt=attempt + 1)
            told.now_ns += delay_ms * 10**6
    took = milliseconds(told.now_ns - begin_ns)
    told.payment("ERROR", f"charge of {order} given up after {ATTEMPTS} attempts", durationMs=took, **traced)
    return False


def _authorize(told: Visit, attempt: int, *, fails: bool) -> bool:
    begin_ns, late = told.now_ns, told.chance(0.4)
    peer = {"service": "bank-api", "attempt": attempt}
    told.payment("DEBUG", "authorize started", **peer)
    told.takes(*(BANK_LIMIT_MS, BANK_LIMIT_MS + 4) if fails and late else (90, 420))
    took = milliseconds(told.now_ns - begin_ns)
    if not fails:
        told.payment("INFO", "authorize completed", **peer, status=200, durationMs=took)
        return True
    error = BANK_TIMEOUT if late else CARD_DECLINED
    reason = f"timeout after {BANK_LIMIT_MS} ms" if late else "card declined"
    told.payment("WARN", f"authorize failed: {reason}", **peer, status=504 if late else 402, durationMs=took)
    told.takes(0.5, 2)
    told.payment("ERROR", f"charge failed: {reason}", attempt=attempt, err=error)
    return False


def _go(duration_ns: int) -> str:
    """A duration as Go prints it: 84.2ms, 1.84s."""
    return f"{duration_ns / 1e9:.3g}s" if duration_ns >= 10**9 else f"{milliseconds(duration_ns)}ms"


KINDS: Final[dict[str, tuple[str, str, Callable[[Visit], int]]]] = {
    "browse": ("GET", "/products/{sku}", _browse),
    "cart": ("GET", "/cart", _show_cart),
    "add": ("POST", "/cart/items", _add_to_cart),
    "login": ("POST", "/login", _sign_in),
    "order": ("POST", "/orders", _order),
}
"""Method, path and what is done for each kind of request."""
