"""The two lines of chrome: the sources and how they are, and what was done to their lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tui.presentation.cells import cell_width, display_text, fit
from tui.record import Drawn, Piece
from tui.values import field, frozen

DOTS = {
    "connecting": ("◌", "dim"),
    "live": ("●", "ok"),
    "idle": ("●", "dim"),
    "gap": ("◐", "warn"),
    "retrying": ("◌", "warn"),
    "ended": ("○", "dim"),
    "failed": ("✗", "error"),
}
QUERY_HINT = 'type / to filter: level>=warn service:payment "card declined"'
TROUBLE = ("failed", "retrying", "gap")


@frozen
class SourceLook:
    """One source as the chrome shows it."""

    name: str
    state: str
    detail: str = ""
    rate: float = 0.0
    """Lines a second."""
    quiet_since: str = ""
    """The time of its last line, when that is long ago."""
    gaps: int = 0


@frozen
class Totals:
    """What was done to the lines, and what we cost."""

    following: bool = True
    paused_new: int = 0
    least: str = ""
    hidden: int | None = None
    sampled: int = 0
    one_in: int = 1
    """Only one in so many rows is drawn just now, because they come too fast."""
    dropped: int = 0
    redacted: Mapping[str, int] = field(default_factory=dict)
    cpu: float = 0.0
    memory_mib: float = 0.0
    redaction_off: bool = False
    loading: str = ""
    given_up: str = ""
    """For the budget's sake, and why."""
    terminal_bytes_s: float = 0.0
    hints: Sequence[tuple[str, str]] = ()


def sources_line(sources: Sequence[SourceLook], width: int, spark: str, clock: str, *, quiet: bool = False) -> Drawn:
    """` tracetail   ● a.log  ◌ edge retrying in 4 s        1.2k/s ▁▂▃ 14:02:11Z`; only trouble spells itself out.

    Those in trouble come first, what finds no room is counted; exactly `width` cells. When all is quiet the clock is
    the time since when, so that nothing has to be drawn until something happens.
    """
    total = sum(one.rate for one in sources)
    right = f"  {rate(total)} {spark} {clock} " if width >= 70 else f"  {rate(total)} {clock} "
    if quiet:
        right = f"  quiet since {clock} " if width >= 50 else f"  {clock} "
    pieces: list[Piece] = [(" tracetail ", "bold")] if width >= 50 else []
    room = width - cell_width(right) - sum(cell_width(text) for text, _ in pieces)
    ordered = sorted(sources, key=lambda one: one.state not in TROUBLE)
    told = [display_text(one.name) + (_trouble(one) or ("" if quiet else f" {rate(one.rate)}")) for one in ordered]
    if sum(cell_width(text) + 4 for text in told) > room:
        told = [display_text(one.name) + _trouble(one) for one in ordered]
    for index, one in enumerate(ordered):
        dot, style = DOTS.get(one.state, ("?", "warn"))
        text = told[index]
        rest = _rest(ordered[index + 1 :])
        if cell_width(text) + 4 + cell_width(rest) > room:
            if index:
                pieces.append((_rest(ordered[index:]), "warn" if one.state in TROUBLE else "dim"))
                break
            text = fit(text, max(1, room - 4 - cell_width(rest)))
        pieces += [("  ", "text"), (dot, style), (" " + text, "warn" if one.state in TROUBLE else "text")]
        room -= 4 + cell_width(text)
    used = sum(cell_width(text) for text, _ in pieces)
    return _exactly([*pieces, (" " * max(0, width - used - cell_width(right)), "text"), (right, "dim")], width)


def _rest(sources: Sequence[SourceLook]) -> str:
    """How the sources that find no room are told."""
    trouble = sum(one.state in TROUBLE for one in sources)
    return f"  +{len(sources)} more" + (f", {trouble} in trouble" if trouble else "") if sources else ""


def _trouble(one: SourceLook) -> str:
    if one.state in (*TROUBLE, "connecting") or one.detail:
        text = f" {display_text(one.detail)}" if one.detail else f" {one.state}"
    elif one.state == "ended":
        text = " ended"
    elif one.quiet_since:
        text = f" quiet since {one.quiet_since}"
    else:
        text = ""
    return text + (f" ({one.gaps} gap{'s' * (one.gaps > 1)})" if one.gaps else "")


def totals_line(totals: Totals, sources: Sequence[SourceLook], width: int) -> Drawn:
    """` FOLLOW  3 sources │ hidden 47,889 · sampled 812 · redacted 94 │ cpu 2.1% mem 54M │ t request`.

    Exactly `width` cells: hints go first, then our own cost.
    """
    left: list[Piece] = []
    if totals.redaction_off:
        left.append((" REDACTION OFF ", "level.fatal"))
    left.append((" FOLLOW " if totals.following else " PAUSED ", "ok" if totals.following else "warn"))
    if totals.paused_new:
        left.append((f"{totals.paused_new:,} new ", "warn"))
    if totals.one_in > 1:
        left.append((f" 1 in {totals.one_in:,} drawn ", "warn"))
    if totals.given_up:
        left.append((f" {totals.given_up} ", "warn"))
    if totals.loading:
        left.append((f" {totals.loading} ", "key"))
    trouble = sum(one.state in TROUBLE for one in sources)
    counted = (f" {len(sources)} source{'s' * (len(sources) != 1)}", "text")
    left.append(counted)
    if trouble:
        left.append((f" · {trouble} in trouble", "warn"))
    if totals.least:
        left.append((f" · {totals.least}+", "key"))
    counts = [
        f"{name} {value:,}"
        for name, value in (
            ("hidden", totals.hidden or 0),
            ("sampled", totals.sampled),
            ("dropped", totals.dropped),
        )
        if value
    ]
    if totals.redacted:
        counts.append(f"redacted {sum(totals.redacted.values()):,}")
    told = [(" │ " + " · ".join(counts), "text")] if counts else []
    by_rule = ", ".join(f"{rule} {count:,}" for rule, count in sorted(totals.redacted.items(), key=lambda one: -one[1]))
    ruled: list[Piece] = [(f"{told[0][0]}: {by_rule}", "text")] if by_rule else told
    own: list[Piece] = [(f" │ cpu {totals.cpu:.1f}% mem {totals.memory_mib:.0f}M", "text")]
    sent: Piece = (f" term {_bytes_s(totals.terminal_bytes_s)}", "text")
    hints = [[("  " + key, "key"), (" " + label, "text")] for key, label in totals.hints]
    if _width(left, ruled, own, *hints) + 1 <= width:
        told = ruled
    if totals.terminal_bytes_s >= 1 and _width(left, told, own, [sent], *hints) + 1 <= width:
        own.append(sent)
    # the next useful key and the way to help outlast the keys between them; then our own cost gives way
    while len(hints) > 1 and _width(left, told, own, *hints) + 1 > width:
        del hints[1 if len(hints) > 2 else -1]
    if _width(left, told, own, *hints) + 1 > width:
        if _width(left, told, *hints) + 1 <= width:
            own = []
        else:
            hints = []
    if _width(left, told, own) + 1 > width:
        own = []
    if _width(left, told) > width and not trouble:
        left.remove(counted)
    space = max(0, width - _width(left, told, own, *hints) - 1)
    shown = [*left, *told, *own, (" " * space, "text"), *(piece for hint in hints for piece in hint), (" ", "text")]
    return _exactly(shown, width)


def _width(*parts: Iterable[Piece]) -> int:
    return sum(cell_width(text) for part in parts for text, _ in part)


def _exactly(pieces: Iterable[Piece], width: int) -> Drawn:
    """The pieces in exactly `width` cells; what is too much is cut."""
    kept: list[Piece] = []
    for text, style in pieces:
        size = cell_width(text)
        if size > width:
            text, size = fit(text, width), width
        if text:
            kept.append((text, style))
        width -= size
    return (*kept, (" " * width, "text")) if width else tuple(kept)


def _bytes_s(per_s: float) -> str:
    """`320B/s`, `1.3K/s`, `2.0M/s`."""
    if per_s < 1000:
        return f"{per_s:.0f}B/s"
    return f"{per_s / 1024:.1f}K/s" if per_s < 1000 << 10 else f"{per_s / (1 << 20):.1f}M/s"


def rate(per_s: float) -> str:
    """`0/s`, `12/s`, `1.2k/s`."""
    if per_s >= 9_999.5:
        return f"{per_s / 1000:.0f}k/s"
    if per_s >= 999.5:
        return f"{per_s / 1000:.1f}k/s"
    return f"{per_s:.1f}/s" if 0 < per_s < 9.95 else f"{per_s:.0f}/s"
