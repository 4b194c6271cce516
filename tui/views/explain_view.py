"""The suspects, each with what is unusual about it and the lines that show it; Enter goes to the line in the log."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tui.presentation.cells import clock, display_text, service_style
from tui.record import Drawn
from tui.session.explaining import Explaining
from tui.session.session import Session
from tui.story.explain.account import Explanation
from tui.story.explain.page import explanation_lines, signal_text
from tui.story.explain.seen import Key
from tui.views.panes import Content

SUSPECTS = 8
SIGNALS = 4


class ExplainView(Content):
    """Compares the time from a line on with what was before, or finds the time at which most changed."""

    name = "explain"

    def __init__(self, session: Session, since_ns: int | None, show: Callable[[Key], None]) -> None:
        self._session = session
        self._show = show
        self._since_ns = since_ns
        self._drawn_at = -1.0
        self._work = Explaining(session.tracks_now(), since_ns, session.on_news)

    @property
    def busy(self) -> bool:
        return not self._work.done or self._drawn_at != 2.0

    def title(self, width: int) -> Drawn:
        found = self._work.found
        since = clock(found.troubled.start_ns, self._session.zone)[:8] if found and found.troubled.start_ns else ""
        when = f"what changed from {since} on" if since else "what changed"
        return ((" Explain  ", "bold"), (when, "text"), ("   Enter shows the line · Esc closes", "hint"))

    def lines(self, width: int) -> Sequence[tuple[Drawn, object]]:
        self._drawn_at = self._position
        found = self._work.found
        if found is None:
            said = self._work.failed or f"reading … {self._work.share:.0%}"
            return [(((f"  {said}", "hint"),), None)]
        if not found.suspects:
            return [((("  nothing is unusual", "hint"),), None), *_notes(found)]
        lines: list[tuple[Drawn, object]] = [*_notes(found)]
        texts = dict(found.texts)
        for number, suspect in enumerate(found.suspects[:SUSPECTS], 1):
            style = service_style(suspect.service)
            head = ((f" {number}. ", "dim"), (display_text(suspect.service), style), (f"  {suspect.score:.1f}", "text"))
            lines.append((head, None))
            for one in suspect.signals[:SIGNALS]:
                key = next((key for key in one.keys if key in texts), None)
                lines.append((((f"    {signal_text(one)}", "text"),), None))
                if key is not None:
                    shown = display_text(texts[key].partition("\n")[0])
                    lines.append((((f"      {shown}", "dim"),), key))
        return lines

    @property
    def _position(self) -> float:
        return 2.0 if self._work.done else self._work.share

    def changed(self) -> bool:
        return self._drawn_at != self._position

    def entered(self, ref: object) -> None:
        if isinstance(ref, tuple):
            self._show(ref)

    def copied(self, ref: object) -> str:
        found = self._work.found
        return dict(found.texts).get(ref, "") if found is not None and isinstance(ref, tuple) else ""

    def saved(self, suffix: str) -> str | None:
        found = self._work.found
        return None if found is None else "\n".join([*explanation_lines(found, self._session.zone), ""])

    def closed(self) -> None:
        self._work.stop()


def _notes(found: Explanation) -> list[tuple[Drawn, object]]:
    return [(((f" ! {display_text(note)}", "warn"),), None) for note in found.notes]
