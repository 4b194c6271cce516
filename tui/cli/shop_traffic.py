"""The demo shop's traffic: visitors and background noise of all services, in the order of time, without an end.

Pure: no clock, no files. The same seed, start and release give the same entries, so tests and pictures can use them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from random import Random
from typing import Final

from tui.cli import shop_lines as lines
from tui.cli.shop_lines import Entry
from tui.cli.shop_people import DATABASE, SMTP_KEY
from tui.cli.shop_visits import CANARY, Payments, visit
from tui.values import frozen

SECOND_NS: Final = 10**9
HISTORY_S: Final = 180
HEALTHY_S: Final = 20
"""How long the new release works before it begins to fail."""
DECLINE_S: Final = 70
"""How long it takes from the first failures to the worst."""
WORST: Final = 0.9
VISITS_PER_S: Final = 5.0
NOISE_PER_S: Final = 7.0
MIX: Final = {"browse": 38, "cart": 14, "add": 12, "login": 8, "order": 28}


@frozen
class Release:
    """The canary release of the payment service: from `start_ns` on it takes a growing share of the charges."""

    start_ns: int

    def share(self, time_ns: int) -> float:
        age_s = (time_ns - self.start_ns) / SECOND_NS
        return 0.0 if age_s < 0 else 0.5 if age_s >= 2 * HEALTHY_S else 0.25

    def failing(self, time_ns: int) -> float:
        age_s = (time_ns - self.start_ns) / SECOND_NS
        return WORST * min(max((age_s - HEALTHY_S) / DECLINE_S, 0.0), 1.0)

    def announcements(self) -> list[Entry]:
        host = Payments(CANARY).host
        boot = {"pid": 17, "hostname": host, "name": "payment", "version": CANARY}
        spread = [
            (0.0, "deployment started", {"release": f"payment@{CANARY}", "hostname": host}),
            (1.2, "traffic split changed", {"release": f"payment@{CANARY}", "share": "25%"}),
            (2.0 * HEALTHY_S, "traffic split changed", {"release": f"payment@{CANARY}", "share": "50%"}),
        ]
        at_ns = self.start_ns
        return [
            lines.payment(at_ns + 600_000_000, "INFO", f"payment {CANARY} connected to {DATABASE}", **boot),
            lines.payment(at_ns + 800_000_000, "INFO", "payment listening on port 8443", **boot),
            *(lines.gateway(at_ns + int(s * SECOND_NS), "INFO", what, **more) for s, what, more in spread),
        ]


def traffic(seed: int, start_ns: int, *, release_ns: int | None = None, rate: float = 1.0) -> Iterator[Entry]:
    """Entries from `start_ns` on (Unix nanoseconds), about 45 times `rate` a second, times never going back.

    The canary release begins at `release_ns`, by default three minutes after the start.
    """
    random = Random(seed)
    release = Release(start_ns + HISTORY_S * SECOND_NS if release_ns is None else release_ns)
    waiting: list[tuple[int, int, Entry]] = []
    told = 0
    arrivals = _arrivals(random, start_ns, release, rate)
    for now_ns, group in arrivals:
        while waiting and waiting[0][0] <= now_ns:
            yield heappop(waiting)[2]
        for entry in group:
            # The count keeps equal times in the order in which they were told.
            told += 1
            heappush(waiting, (entry.time_ns, told, entry))


def _arrivals(random: Random, start_ns: int, release: Release, rate: float) -> Iterator[tuple[int, list[Entry]]]:
    """What begins when: the time of a visit or a line of noise, and the entries that follow from it."""
    yield start_ns, [entry for entry in release.announcements() if entry.time_ns >= start_ns]
    now_ns = start_ns
    kinds, weights = list(MIX), list(MIX.values())
    while True:
        # Visitors come in slow waves, so that a histogram of the shop looks like one.
        tide = 1 + 0.3 * math.sin((now_ns - start_ns) / (9 * SECOND_NS))
        per_s = rate * (VISITS_PER_S * tide + NOISE_PER_S)
        now_ns += int(random.expovariate(per_s) * SECOND_NS) + 1
        if random.random() < NOISE_PER_S * rate / per_s:
            yield now_ns, [random.choice(NOISE)(random, now_ns)]
            continue
        kind = random.choices(kinds, weights)[0]
        yield now_ns, visit(random, now_ns, kind, _payments(random, release, now_ns))


def _payments(random: Random, release: Release, now_ns: int) -> Payments:
    if random.random() < release.share(now_ns):
        return Payments(CANARY, release.failing(now_ns))
    return Payments(failing=0.006)


def _health(random: Random, now_ns: int) -> Entry:
    return lines.gateway(now_ns, "DEBUG", "GET /healthz 200", duration=random.randrange(80_000, 400_000))


def _upstreams(random: Random, now_ns: int) -> Entry:
    return lines.gateway(now_ns, "DEBUG", "upstreams healthy", open=random.randrange(20, 60), waiting=0)


def _redis(random: Random, now_ns: int) -> Entry:
    used = random.randrange(1, 9)
    return lines.cart(now_ns, "DEBUG", "cart.cache", f"redis pool: {used} in use, {10 - used} idle")


def _swept(random: Random, now_ns: int) -> Entry:
    return lines.cart(now_ns, "INFO", "cart.sweeper", f"{random.randrange(40)} abandoned carts removed")


def _event_loop(random: Random, now_ns: int) -> Entry:
    lag = round(random.expovariate(0.5), 2)
    return lines.payment(now_ns, "DEBUG", "event loop lag", pid=17, hostname=Payments().host, name="payment", lagMs=lag)


def _garbage(random: Random, now_ns: int) -> Entry:
    pause = f"{random.randrange(90, 900)}µs"
    return lines.inventory(now_ns, "DEBUG", "gc finished", pause=pause, heap=f"{random.randrange(40, 90)}MB")


def _stock(random: Random, now_ns: int) -> Entry:
    if random.random() < 0.1:
        sku = f"SKU-{random.randrange(10, 60)}"
        return lines.inventory(now_ns, "WARN", "stock is low", sku=sku, left=random.randrange(4))
    return lines.inventory(now_ns, "INFO", "stock synchronised", warehouse="fra-2", items=random.randrange(300, 420))


def _smtp(random: Random, now_ns: int) -> Entry:
    if random.random() < 0.05:
        return lines.notification(now_ns, "DEBUG", "mail relay session renewed", api_key=SMTP_KEY)
    return lines.notification(now_ns, "DEBUG", "mail relay alive", queue={"depth": random.randrange(12)})


NOISE: Final[tuple[Callable[[Random, int], Entry], ...]] = (
    _health,
    _health,
    _upstreams,
    _redis,
    _swept,
    _event_loop,
    _garbage,
    _stock,
    _smtp,
)
