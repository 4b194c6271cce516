"""An explanation as text for a terminal and as the object that is promised to programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import tzinfo
from typing import Final

from tui.presentation.cells import calendar_day, clock, display_text
from tui.presentation.record_json import rfc3339
from tui.story.explain.account import Explanation, Window
from tui.story.explain.judging import Signal
from tui.story.explain.seen import Key
from tui.story.explain.suspects import Suspect

SHOWN: Final = 5
_SIGNALS: Final = 4
_JSON_SIGNALS: Final = 12
_UNITS: Final = {"ms": " ms", "per_minute": "/min", "per_request": " a request", "share": "", "times": "×"}
_KINDS: Final = {
    "errors": "more failures", "new_pattern": "new or more often", "missing_pattern": "missing", "self_time": "slower itself",
    "call_gap": "slower on the way", "lost_calls": "calls without an answer", "fewer_calls": "called less", "retries": "called again and again",
    "rate": "falls silent",
}  # fmt: skip


def explanation_json(found: Explanation) -> dict[str, object]:
    """The object promised to programs, with what was compared."""
    texts = dict(found.texts)
    return {
        "suspects": [_suspect_json(one, texts) for one in found.suspects],
        "troubled": _window_json(found.troubled, found, 1),
        "baseline": _window_json(found.quiet, found, 0),
        "notes": list(found.notes),
    }


def _suspect_json(suspect: Suspect, texts: Mapping[Key, str]) -> dict[str, object]:
    return {
        "service": suspect.service,
        "score": suspect.score,
        "signals": [
            {
                "kind": one.kind,
                "value": round(one.value, 6),
                "baseline": round(one.baseline, 6),
                "unit": one.unit,
                "about": one.about,
                "strength": round(one.strength, 3),
                "evidence": [
                    {"source": key[0], "offset": key[1], "text": texts[key]} for key in one.keys if key in texts
                ],
            }
            for one in suspect.signals[:_JSON_SIGNALS]
        ],
    }


def _window_json(window: Window, found: Explanation, side: int) -> dict[str, object]:
    return {
        "since": rfc3339(window.start_ns), "until": rfc3339(window.end_ns), "lines": found.lines[side],
        "spans": found.spans[side],
    }  # fmt: skip


def explanation_lines(found: Explanation, zone: tzinfo) -> Iterator[str]:
    """The suspects, each with what speaks against it and a line that shows it."""
    yield f"trouble   {_span(found.troubled, zone)}   {_amount(found, 1)}"
    yield f"baseline  {_span(found.quiet, zone)}   {_amount(found, 0)}"
    for note in found.notes:
        yield f"! {display_text(note)}"
    if not found.suspects:
        yield "nothing is unusual: no service differs from its baseline"
        return
    texts = dict(found.texts)
    top = found.suspects[0].score or 1.0
    for number, suspect in enumerate(found.suspects[:SHOWN], 1):
        bar = "█" * max(1, round(10 * suspect.score / top))
        yield ""
        yield f"{number}. {display_text(suspect.service)}  {suspect.score:.1f}  {bar}"
        for one in suspect.signals[:_SIGNALS]:
            yield f"   {signal_text(one)}"
            shown = next((texts[key] for key in one.keys if key in texts), None)
            if shown is not None:
                yield f"     {display_text(shown.partition(chr(10))[0][:200])}"
    left = len(found.suspects) - SHOWN
    if left > 0:
        yield ""
        yield f"{left} more with less: {', '.join(display_text(one.service) for one in found.suspects[SHOWN : SHOWN + 6])}"


def signal_text(one: Signal) -> str:
    """One signal in words, with its figures."""
    unit = _UNITS.get(one.unit, "")
    figures = f"{_figure(one.value)}{unit}, otherwise {_figure(one.baseline)}{unit}"
    return f"{_KINDS.get(one.kind, one.kind)}: {figures}  {display_text(one.about[:120])}"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _amount(found: Explanation, side: int) -> str:
    return f"{found.lines[side]:,} lines · {found.spans[side]:,} spans"


def _span(window: Window, zone: tzinfo) -> str:
    ends = (window.start_ns, window.end_ns)
    day = next((calendar_day(one, zone) for one in ends if one is not None), "")
    return f"{day} {clock(ends[0], zone) if ends[0] is not None else '…'} – {clock(ends[1], zone) if ends[1] is not None else '…'}"
