"""How the matching lines spread: over time, over levels and services."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from tui.presentation.cells import calendar_day, clock, display_text, fit, service_style, short_duration
from tui.presentation.log_line import LEVEL_WORDS
from tui.presentation.status_line import rate
from tui.query.counts import Counts
from tui.query.syntax import clause
from tui.record import Drawn
from tui.session.session import Session
from tui.views.finding import Counting, Finding
from tui.views.log_view import LogView
from tui.views.panes import Content

_STEPS_S: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)


class _CountedView(Content):
    """A pane on the counts of what the log shows."""

    def __init__(self, session: Session, finding: Finding) -> None:
        self._session = session
        self._condition = finding.matching()
        self._counting = Counting(session, self._condition, None)
        self._drawn = -1.0

    @property
    def counts(self) -> Counts:
        return self._counting.counts

    @property
    def busy(self) -> bool:
        return not self.counts.done or self.changed()

    def changed(self) -> bool:
        return self.counts.share != self._drawn

    def _progress(self) -> str:
        counts = self.counts
        return f"{counts.matched:,} of {counts.lines:,} lines" + (
            "" if counts.done else f", counting {counts.share:.0%}"
        )

    def closed(self) -> None:
        self._counting.cancel()


class FacetsView(_CountedView):
    """Levels and services with their counts; Enter filters by one."""

    name = "facets"

    def __init__(self, session: Session, finding: Finding, add_to_query: Callable[[str], None]) -> None:
        super().__init__(session, finding)
        self._add_to_query = add_to_query
        self._second = 0

    def changed(self) -> bool:
        return super().changed() or self._session.clock_ns() // 1_000_000_000 != self._second

    def title(self, width: int) -> Drawn:
        return (
            (" Levels, services, sources  ", "bold"),
            (self._progress(), "text"),
            ("   Enter filters · Esc closes", "hint"),
        )

    def lines(self, width: int) -> Sequence[tuple[Drawn, object]]:
        counts = self.counts
        self._drawn = counts.share
        self._second = self._session.clock_ns() // 1_000_000_000
        most = max([*counts.levels.values(), *counts.services.values(), 1])
        lines: list[tuple[Drawn, object]] = []
        order = [*LEVEL_WORDS, "none"]
        for level in sorted(counts.levels, key=order.index):
            value = f"level:{level}" if level != "none" else "not level:*"
            lines.append((self._row(level, counts.levels[level], most, f"level.{level}", width), value))
        lines.append(((("", "text"),), None))
        for service, number in counts.services.most_common(200):
            value = "not service:*" if service == "(none)" else clause("service", service)
            lines.append((self._row(display_text(service), number, most, service_style(service), width), value))
        return [*lines, *self._sources(width), *self._redacted()]

    def _sources(self, width: int) -> list[tuple[Drawn, object]]:
        """How each source is doing: state, lines, rate and the age of its last line."""
        now_ns = self._session.clock_ns()
        lines: list[tuple[Drawn, object]] = [((("", "text"),), None), (((" Sources", "bold"),), None)]
        for source in list(self._session.sources.values()):
            age = f"last {short_duration(now_ns - source.last_line_ns)} ago" if source.last_line_ns else "no new line"
            gaps = f", {source.gaps} gaps" if source.gaps else ""
            state = f"{source.status.state.value}  {display_text(source.status.detail)}".rstrip()
            drawn = (
                (fit("  " + display_text(source.name), 26), "text"),
                (fit(f"+{source.lines:,}", 12, "right"), "text"),
                (fit(f"  {rate(source.rate(now_ns / 1e9))}, {age}{gaps}", 34), "dim"),
                (fit(state, max(0, width - 72)), "dim"),
            )
            lines.append((drawn, clause("source", source.name)))
        return lines

    def _redacted(self) -> list[tuple[Drawn, object]]:
        """What was masked, by rule."""
        rules = self._session.redacted().most_common()
        lines: list[tuple[Drawn, object]] = [((("", "text"),), None), (((" Redacted", "bold"),), None)] if rules else []
        for rule, number in rules:
            lines.append((((fit("  " + rule, 26), "mark"), (fit(f"{number:,}", 12, "right"), "text")), f"[{rule}#"))
        return lines

    @staticmethod
    def _row(name: str, number: int, most: int, style: str, width: int) -> Drawn:
        room = max(1, width - 40)
        bar = "█" * max(1, round(room * number / most))
        return ((fit("  " + name, 26), style), (fit(f"{number:,}", 12, "right"), "text"), ("  " + bar, "bar"))

    def entered(self, ref: object) -> None:
        if isinstance(ref, str) and not ref.startswith("["):
            self._add_to_query(ref)

    def copied(self, ref: object) -> str:
        return ref if isinstance(ref, str) else ""


class HistogramView(_CountedView):
    """Matching lines by time, trouble apart; Enter goes to a time in the log."""

    name = "histogram"

    def __init__(self, session: Session, finding: Finding, log: LogView, go_to: Callable[[int], None]) -> None:
        super().__init__(session, finding)
        self._log = log
        self._go_to = go_to

    def title(self, width: int) -> Drawn:
        return (
            (" Lines over time  ", "bold"),
            (self._progress(), "text"),
            ("   Enter shows the time in the log · Esc closes", "hint"),
        )

    def lines(self, width: int) -> Sequence[tuple[Drawn, object]]:
        counts = self.counts
        self._drawn = counts.share
        seconds = dict(counts.seconds)
        if not seconds:
            return [((("  no line with a time yet", "hint"),), None)]
        step_s = self._step(min(seconds), max(seconds))
        buckets: dict[int, tuple[int, int]] = {}
        for second, number in seconds.items():
            whole, bad = buckets.get(second // step_s, (0, 0))
            buckets[second // step_s] = whole + number, bad + counts.trouble[second]
        most = max(whole for whole, _ in buckets.values())
        lines: list[tuple[Drawn, object]] = [
            (
                (
                    (f"  a line is {short_duration(step_s * 10**9)}; ", "hint"),
                    ("▇", "error"),
                    (" warnings and errors", "hint"),
                ),
                None,
            )
        ]
        for bucket in range(max(buckets), min(buckets) - 1, -1):
            whole, bad = buckets.get(bucket, (0, 0))
            lines.append((self._row(bucket * step_s, whole, bad, most, width), bucket * step_s * 10**9))
        return lines

    def _row(self, second: int, whole: int, bad: int, most: int, width: int) -> Drawn:
        zone = self._session.zone
        room = max(1, width - 36)
        cells = -(-whole * room // most)
        red = -(-bad * room // most)
        day = calendar_day(second * 10**9, zone)[5:]
        return (
            (f"  {day} {clock(second * 10**9, zone)[:8]}", "time"),
            (fit(f"{whole:,}", 10, "right"), "text"),
            ("  ", "text"),
            ("▇" * red, "error"),
            ("▇" * max(0, cells - red), "bar"),
        )

    @staticmethod
    def _step(first: int, last: int) -> int:
        """A round number of seconds that gives at most 200 lines."""
        span = last - first + 1
        return next((step for step in _STEPS_S if span / step <= 200), -(-span // 200))

    def entered(self, ref: object) -> None:
        if isinstance(ref, int):
            self._go_to(ref)

    def copied(self, ref: object) -> str:
        return clock(ref, self._session.zone) if isinstance(ref, int) else ""
