"""The two lines of chrome: the sources and how they are, and what was done to their lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tui.presentation.cells import cell_width, display_text, fit, short_duration
from tui.record import Drawn, Piece

DOTS = {
    "connecting": ("◌", "dim"),
    "live": ("●", "ok"),
    "idle": ("●", "dim"),
    "gap": ("◐", "warn"),
    "retrying": ("◌", "warn"),
    "ended": ("○", "dim"),
    "failed": ("✗", "error"),
}
QUIET_AFTER_S = 10


@dataclass(frozen=True, slots=True)
class SourceLook:
    """One source as the chrome shows it."""

    name: str
    state: str
    detail: str = ""
    rate: float = 0.0
    """Lines a second."""
    age_s: float | None = None
    """Seconds since its last line arrived; None when none has."""
    gaps: int = 0


@dataclass(frozen=True, slots=True)
class Totals:
    """What was done to the lines, and what we cost."""

    following: bool = True
    paused_new: int = 0
    least: str = ""
    hidden: int | None = None
    sampled: int = 0
    skipped: int = 0
    dropped: int = 0
    redacted: Mapping[str, int] = field(default_factory=dict)
    cpu: float = 0.0
    memory_mib: float = 0.0
    redaction_off: bool = False
    loading: str = ""
    hints: Sequence[tuple[str, str]] = ()


def sources_line(sources: Sequence[SourceLook], width: int, spark: str, clock: str) -> Drawn:
    """` tracetail   ● a.log  ◌ edge retrying in 4 s        1.2k/s ▁▂▃ 14:02:11Z`; only trouble spells itself out."""
    total = sum(one.rate for one in sources)
    right = f"{rate(total)} {spark} {clock} " if width >= 70 else f"{rate(total)} {clock} "
    room = width - cell_width(right)
    left: list[Piece] = [(" tracetail ", "bold")]
    used = 11
    ordered = sorted(sources, key=lambda one: one.state not in ("failed", "retrying", "gap"))
    for index, one in enumerate(ordered):
        dot, style = DOTS.get(one.state, ("?", "warn"))
        text = display_text(one.name) + _trouble(one)
        more = len(ordered) - index
        rest = f"  +{more} more"
        if used + cell_width(text) + 4 > room - (len(rest) if more > 1 else 0):
            if index == 0:
                text = fit(text, max(1, room - used - 4))
            else:
                left.append((rest, "dim"))
                used += len(rest)
                break
        left += [("  ", "text"), (dot, style), (" " + text, "warn" if style in ("warn", "error") else "text")]
        used += 3 + cell_width(text) + 1 - 1
    used = sum(cell_width(text) for text, _ in left)
    return (*left, (" " * max(0, room - used), "text"), (right, "dim"))


def _trouble(one: SourceLook) -> str:
    if one.state in ("retrying", "failed", "gap", "connecting") or one.detail:
        text = f" {display_text(one.detail)}" if one.detail else f" {one.state}"
    elif one.state == "ended":
        text = " ended"
    elif one.age_s is not None and one.age_s > QUIET_AFTER_S:
        text = f" {short_duration(int(one.age_s) * 1_000_000_000)} ago"
    else:
        text = ""
    return text + (f" ({one.gaps} gap{'s' * (one.gaps > 1)})" if one.gaps else "")


def totals_line(totals: Totals, sources: Sequence[SourceLook], width: int) -> Drawn:
    """` FOLLOW  3 sources │ hidden 47,889 · sampled 812 · redacted 94 │ cpu 2.1% mem 54M │ t request`."""
    left: list[Piece] = []
    if totals.redaction_off:
        left.append((" REDACTION OFF ", "level.fatal"))
    left.append((" FOLLOW " if totals.following else " PAUSED ", "ok" if totals.following else "warn"))
    if totals.paused_new:
        left.append((f"{totals.paused_new:,} new ", "warn"))
    if totals.loading:
        left.append((f" {totals.loading} ", "key"))
    trouble = sum(one.state in ("retrying", "failed", "gap") for one in sources)
    left.append((f" {len(sources)} source{'s' * (len(sources) != 1)}", "text"))
    if trouble:
        left.append((f" · {trouble} in trouble", "warn"))
    if totals.least:
        left.append((f" · {totals.least}+", "key"))
    counts = [
        f"{name} {value:,}"
        for name, value in (
            ("hidden", totals.hidden or 0),
            ("sampled", totals.sampled),
            ("skipped", totals.skipped),
            ("dropped", totals.dropped),
        )
        if value
    ]
    if totals.redacted:
        counts.append(f"redacted {sum(totals.redacted.values()):,}")
    parts = [" · ".join(counts)] if counts else []
    own = f"cpu {totals.cpu:.1f}% mem {totals.memory_mib:.0f}M"
    hints: list[Piece] = []
    for key, label in totals.hints:
        hints += [("  " + key, "key"), (" " + label, "text")]
    hints_width = sum(cell_width(text) for text, _ in hints) + 1
    for text in [*parts, own]:
        left.append((" │ " + text, "text"))
    used = sum(cell_width(text) for text, _ in left)
    while hints and used + hints_width > width:
        hints = hints[2:] if len(hints) > 2 else []
        hints_width = sum(cell_width(text) for text, _ in hints) + 1
    return (*left, (" " * max(0, width - used - hints_width), "text"), *hints, (" ", "text"))


def rate(per_s: float) -> str:
    """`0/s`, `12/s`, `1.2k/s`."""
    if per_s >= 9_999.5:
        return f"{per_s / 1000:.0f}k/s"
    if per_s >= 999.5:
        return f"{per_s / 1000:.1f}k/s"
    return f"{per_s:.1f}/s" if 0 < per_s < 9.95 else f"{per_s:.0f}/s"
