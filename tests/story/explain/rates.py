"""How often the culprit of made-up incidents is among the first suspects: `python -m tests.story.explain.rates 20`."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable

from tests.story.explain.incidents import FAULTS, Incident, Made
from tui.parsing.parser import Parser
from tui.record import LineGroup
from tui.story.explain.account import Account, Explanation, Window, operation_name
from tui.story.explain.seen import SpanSeen

NS = 1_000_000_000


def account_of(made: Made, *, logs: bool, spans: bool) -> Account:
    """What explaining sees of an incident."""
    account = Account()
    parsers: dict[str, Parser] = {}
    for number, (_, service, line) in enumerate(made.lines if logs else ()):
        if service not in parsers:
            parsers[service] = Parser(f"{service}.log", service=service)
            parsers[service].learn(
                [one[2].encode() for one in made.lines if one[1] == service][:100], reference_ns=None
            )
        account.add(parsers[service].record(LineGroup(f"{service}.log", number, (line.encode(),))))
    account.spans += map(_seen, range(len(made.spans)), made.spans if spans else ())
    return account


def _seen(number: int, span: dict[str, object]) -> SpanSeen:
    get = span.__getitem__
    return SpanSeen(
        get("start"), get("end"), get("service"), operation_name(str(get("name"))), get("trace"), get("span"),  # type: ignore[arg-type]
        get("parent"), get("failed"), get("kind"), get("peer"), ("spans", number), str(get("said")),  # type: ignore[arg-type]
    )  # fmt: skip


def explained(made: Made, *, logs: bool = True, spans: bool = True) -> Explanation:
    """Who it was, from logs, spans or both, with the time of the change known."""
    change = int(made.change_s * NS)
    return account_of(made, logs=logs, spans=spans).explain(Window(None, change), Window(change, None))


def place(made: Made, found: Explanation) -> int:
    """Which suspect the culprit is; 99 for none."""
    names = [one.service for one in found.suspects]
    return names.index(made.culprit) + 1 if made.culprit in names else 99


def main(seeds: Iterable[int]) -> None:
    hits: dict[tuple[str, str], list[int]] = defaultdict(list)
    ways = {"logs": (True, False), "spans": (False, True), "both": (True, True)}
    for seed in seeds:
        for fault in FAULTS:
            made = Incident(seed, fault).run()
            for way, (logs, spans) in ways.items():
                at = place(made, explained(made, logs=logs, spans=spans))
                hits[fault, way].append(at)
                if at > 3 and len(sys.argv) > 3:
                    print("missed", seed, fault, way, made.culprit, at)
    print(f"{'fault':14}" + "".join(f"{way:>8} top1 top3" for way in ways))
    for fault in FAULTS:
        cells = [hits[fault, way] for way in ways]
        print(f"{fault:14}" + "".join(f"{_share(one, 1):>12.0%} {_share(one, 3):>4.0%}" for one in cells))
    every = [[at for (_, one), found in hits.items() if one == way for at in found] for way in ways]
    print(f"{'all':14}" + "".join(f"{_share(one, 1):>12.0%} {_share(one, 3):>4.0%}" for one in every))


def _share(places: list[int], most: int) -> float:
    return sum(at <= most for at in places) / max(1, len(places))


if __name__ == "__main__":
    first = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    main(range(first, first + int(sys.argv[2]) if len(sys.argv) > 2 else first + 5))
