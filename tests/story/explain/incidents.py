"""Made-up incidents with a known culprit: a system of services, its traffic, one fault, and what it logs and traces.

Everything follows from one seed: the graph, the load, retries, clock skew, noisy services that have nothing to do with
it. What a fault does is told in terms of what it does to a call, never in terms of what the ranking looks at.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

FAULTS: Final = (
    "cpu", "memory", "delay", "loss", "kill", "disk", "exception", "wrong_return", "config", "slow_database",
)  # fmt: skip
START_S: Final = 1_700_000_000
_NAMES: Final = str.split(
    "gateway web order payment cart catalog user auth search stock shipping email ticket seat route price station train "
    "food profile rate geo reserve recommend review media text image url follow timeline compose config security notify "
    "voucher assurance contacts consign delivery"
)
_VERBS: Final = ("get", "list", "create", "check", "update", "query", "find", "load")


@dataclass
class Service:
    """One service of the system."""

    name: str
    work_ms: float
    calls: list[str] = field(default_factory=list)
    database: bool = False
    skew_ms: float = 0.0
    chatty: int = 2
    """Lines that it logs for each request."""
    style: str = "json"
    noise: float = 0.0
    """Errors that it logs for nothing."""


@dataclass
class Made:
    """What was recorded of an incident."""

    culprit: str
    fault: str
    lines: list[tuple[float, str, str]] = field(default_factory=list)
    """Time in seconds, service, line."""
    spans: list[dict[str, object]] = field(default_factory=list)
    change_s: float = 0.0
    end_s: float = 0.0


@dataclass
class _Answer:
    end: float
    failed: str = ""


class System:
    """Services, and requests that go through them."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        pick = self.random
        count = pick.randint(8, 40)
        names = [_NAMES[0], *pick.sample(_NAMES[1:], count - 1)]
        suffix = pick.choice(("", "-service", "service"))
        self.names = [name + suffix for name in names]
        self.services: dict[str, Service] = {}
        for name in self.names:
            self.services[name] = Service(
                name, pick.uniform(1.0, 15.0), [], pick.random() < 0.4, pick.gauss(0, 3) if pick.random() < 0.3 else 0.0,
                pick.choice((1, 2, 2, 3)), pick.choice(("json", "json", "plain", "logfmt")),
                0.02 if pick.random() < 0.15 else 0.0,
            )  # fmt: skip
        for at, name in enumerate(self.names[1:], 1):
            for caller in pick.sample(self.names[:at], 2 if at > 1 and pick.random() < 0.15 else 1):
                self.services[caller].calls.append(name)
        self.kinds = pick.choice((True, True, False))
        """Its tracer tells clients from servers."""
        self.client_spans = pick.random() < 0.75
        self.told_status = pick.random() < 0.7
        self.rate = pick.uniform(0.5, 1.2) * 12 / count


class Incident:
    """One fault in one system."""

    def __init__(self, seed: int, fault: str, *, quiet_s: int = 150, troubled_s: int = 100) -> None:
        self.system = System(seed)
        self.random = random.Random(seed * 7919 + FAULTS.index(fault))
        candidates = [
            one for one in self.system.names[1:] if fault != "slow_database" or self.system.services[one].database
        ]
        self.culprit = self.random.choice(sorted(candidates) or sorted(self.system.names[1:]))
        self.made = Made(self.culprit, fault, change_s=START_S + quiet_s, end_s=START_S + quiet_s + troubled_s)
        self.strength = self.random.uniform(0.6, 1.5)
        self._now_troubled = False
        self._trace = ""

    def run(self) -> Made:
        now = float(START_S)
        while now < self.made.end_s:
            wave = 1.0 + 0.3 * (now % 97) / 97
            now += self.random.expovariate(self.system.rate * wave)
            self._now_troubled = now >= self.made.change_s
            self._trace = f"{self.random.getrandbits(128):032x}"
            self._serve(self.system.names[0], now, None, 0)
        self._noise()
        self.made.lines.sort()
        return self.made

    # -- one request -------------------------------------------------------------------------------------------------

    def _hit(self, name: str) -> bool:
        return self._now_troubled and name == self.culprit

    def _serve(self, name: str, start: float, parent: str | None, depth: int) -> _Answer:
        service, pick, fault = self.system.services[name], self.random, self.made.fault
        span = f"{pick.getrandbits(64):016x}"
        operation = f"/{name.split('-')[0]}/{_VERBS[len(name) % len(_VERBS)]}"
        self._log(service, start, "info", f"received {operation} item {pick.randint(1, 9999)}", span)
        now, failed = start + self._work(service), ""
        if self._hit(name) and fault == "exception" and pick.random() < 0.7:
            self._log(service, now, "error", f"unhandled NullPointerException in {operation}: value is null", span)
            failed = "internal error"
        if self._hit(name) and fault == "config" and pick.random() < 0.9:
            self._log(service, now, "warn", "feature limit is 0, falling back to defaults", span)
            failed = "rejected" if pick.random() < 0.5 else ""
        if service.database and not failed:
            now = self._database(service, now, span)
        skip = self._hit(name) and fault == "wrong_return"
        for callee in () if failed else service.calls:
            if skip and pick.random() < 0.8:
                continue
            answer = self._call(service, callee, now, span, depth)
            now = answer.end + self._work(service) / 4
            if answer.failed and pick.random() < 0.85:
                failed = f"call to {callee} failed: {answer.failed}"
                self._log(service, now, "error", failed, span)
                break
        if not failed and not skip:
            for at in range(service.chatty - 1):
                self._log(
                    service, now, "info", f"step {'abc'[at]} of {operation} done in {pick.randint(1, 40)} ms", span
                )
        self._span(service, operation, span, parent, start, now, "server", failed, None)
        return _Answer(now, failed and "500 Internal Server Error")

    def _work(self, service: Service) -> float:
        ms = service.work_ms * self.random.lognormvariate(0, 0.35)
        if self._hit(service.name):
            if self.made.fault == "cpu":
                ms *= 1 + 3 * self.strength * self.random.uniform(0.6, 1.4)
            elif self.made.fault == "memory":
                ms *= 1 + (6 * self.strength if self.random.random() < 0.35 else 0.5)
            elif self.made.fault == "disk" and self.random.random() < 0.5:
                ms += 60 * self.strength
        return ms / 1000

    def _database(self, service: Service, now: float, parent: str) -> float:
        ms = self.random.lognormvariate(0.5, 0.4)
        if self._hit(service.name) and self.made.fault == "slow_database":
            ms += 120 * self.strength
        if self._hit(service.name) and self.made.fault == "disk":
            ms += 40 * self.strength
        end = now + ms / 1000
        if self.system.client_spans:
            span = f"{self.random.getrandbits(64):016x}"
            self._span(service, f"SELECT {service.name}.items", span, parent, now, end, "client", "", "mysql")
        return end

    def _call(self, service: Service, callee: str, now: float, parent: str, depth: int) -> _Answer:
        """One call with its retries, over the net."""
        answer = _Answer(now)
        for attempt in range(3):
            answer = self._attempt(service, callee, answer.end, parent, depth)
            if not answer.failed or attempt == 2 or self.random.random() < 0.5:
                break
            self._log(service, answer.end, "warn", f"retrying {callee}, attempt {attempt + 2}", parent)
        return answer

    def _attempt(self, service: Service, callee: str, now: float, parent: str, depth: int) -> _Answer:
        pick, fault = self.random, self.made.fault
        span = f"{pick.getrandbits(64):016x}" if self.system.client_spans else parent
        way = pick.uniform(0.2, 0.8) / 1000
        touched = self._now_troubled and self.culprit in (callee, service.name)
        if touched and fault == "delay":
            way += 0.08 * self.strength
        if touched and fault == "loss" and pick.random() < 0.25:
            way += pick.choice((0.2, 0.4))
        name = f"POST /{callee.split('-')[0]}"
        if self._now_troubled and callee == self.culprit and fault == "kill" and pick.random() < 0.9:
            end = now + (0.002 if pick.random() < 0.7 else 1.0)
            said = f"dial tcp 10.4.{len(callee)}.7:8080: connect: connection refused"
            self._log(service, end, "error", f"request to http://{callee}:8080 failed: {said}", parent)
            if self.system.client_spans:
                self._span(service, name, span, parent, now, end, "client", said, callee)
            return _Answer(end, said)
        answer = self._serve(callee, now + way, span, depth + 1)
        end = answer.end + way
        if self.system.client_spans:
            self._span(service, name, span, parent, now, end, "client", answer.failed, callee)
        return _Answer(end, answer.failed)

    # -- what is written ---------------------------------------------------------------------------------------------

    def _span(
        self, service: Service, name: str, span: str, parent: str | None, start: float, end: float, kind: str, failed: str,
        peer: str | None,
    ) -> None:  # fmt: skip
        skew = service.skew_ms / 1000
        self.made.spans.append({
            "trace": self._trace, "span": span, "parent": parent, "service": service.name, "name": name,
            "start": int((start + skew) * 1e9), "end": int((end + skew) * 1e9), "kind": kind if self.system.kinds else "",
            "failed": bool(failed) and self.system.told_status, "said": failed, "peer": peer if self.system.kinds else None,
        })  # fmt: skip

    def _log(self, service: Service, at: float, level: str, message: str, span: str) -> None:
        at += service.skew_ms / 1000
        stamp = _stamp(at)
        ids: Mapping[str, str] = {"trace_id": self._trace, "span_id": span}
        if service.style == "json":
            line = json.dumps({"time": stamp, "level": level, "msg": message, **ids})
        elif service.style == "logfmt":
            line = f'time={stamp} level={level} msg="{message}" ' + " ".join(f"{key}={one}" for key, one in ids.items())
        else:
            line = f"{stamp} {level.upper()} [{self._trace},{span}] {message}"
        self.made.lines.append((at, service.name, line))

    def _noise(self) -> None:
        """What happens all the time and means nothing."""
        pick = self.random
        for service in self.system.services.values():
            for _ in range(int(service.noise * 2000)):
                at = pick.uniform(START_S, self.made.end_s)
                self._trace = f"{pick.getrandbits(128):032x}"
                self._log(service, at, "error", f"cache entry {pick.randint(1, 99999)} is stale", "0" * 15 + "1")
        if pick.random() < 0.5:
            other = self.system.services[pick.choice(self.system.names)]
            for at in range(pick.randint(2, 12)):
                self._log(
                    other,
                    self.made.change_s + at * 3,
                    "info",
                    f"scheduled cleanup removed {at * 17} rows",
                    "0" * 15 + "1",
                )


def _stamp(at: float) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z"


def incidents(seeds: range, faults: tuple[str, ...] = FAULTS) -> Iterator[Made]:
    """One incident of each kind for each seed."""
    for seed in seeds:
        for fault in faults:
            yield Incident(seed, fault).run()
