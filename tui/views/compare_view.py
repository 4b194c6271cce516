"""A request beside another one: what fails, is missing, is extra and is slower; opens over it and leads back to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from tui.presentation.cells import display_text, short_id
from tui.presentation.record_json import dumps
from tui.record import Drawn, Id
from tui.session.comparing import Comparing
from tui.session.session import Session
from tui.store.order import Key
from tui.story.compare import Comparison, compare, comparison_head, comparison_json, comparison_lines, comparison_rows
from tui.story.timeline import Story, build
from tui.views.panes import Content
from tui.views.request_view import RESTS, RequestView

STYLES: Final = {"failing": "error", "missing": "warn", "extra": "bold", "slower": "key"}
NONE: Final = (
    "no other request of the same kind went well: there is no normal one to compare with",
    "mark a line of another request in the log (m), then v compares with that one",
)


class CompareView(Content):
    """Compared anew while either of them grows."""

    name = "compare"

    def __init__(
        self, session: Session, request: RequestView, marks: Iterable[Key], open_other: Callable[[Sequence[Id]], None]
    ) -> None:
        self._session = session
        self._request = request
        self._open_other = open_other
        self._drawn: object = None
        self._rested_s = 0.0
        self._compared: tuple[Comparison, Story, Story] | None = None
        self._lines: Sequence[Drawn] = ()
        self._work = Comparing(session, request.told(), marks)

    @property
    def _state(self) -> object:
        other = self._work.other
        return self._work.searched, self._work.share, other.version if other else -1, self._request.version

    @property
    def busy(self) -> bool:
        other = self._work.other
        return not self._work.searched or (other is not None and not other.progress.done) or self._drawn != self._state

    def changed(self) -> bool:
        return self._drawn != self._state and time.monotonic() >= self._rested_s

    def title(self, width: int) -> Drawn:
        other = self._work.other
        if other is None:
            return ((" Compare", "bold"), ("   Esc goes back", "hint"))
        which = "of the marked line" if self._work.marked else "a normal one"
        name = display_text(_name(other.ids()))
        return (
            (" Compare  ", "bold"),
            (f"with {name}, {which}", "text"),
            ("   Enter opens it · Esc goes back", "hint"),
        )

    def lines(self, width: int) -> Sequence[tuple[Drawn, object]]:
        self._drawn = self._state
        waits = self._waits()
        if waits:
            return [(((f"  {line}", "hint"),), None) for line in waits]
        began_s = time.monotonic()
        self._compared = found, story, other = self._compare()
        self._rested_s = time.monotonic() + RESTS * (time.monotonic() - began_s)
        lines: list[Drawn] = [((f" {comparison_head(found, _name(story.ids), _name(other.ids))}", "bold"),)]
        lines += [((f" ! {display_text(note)}", "warn"),) for note in self._notes(other)]
        lines += [
            ((f"  {kind:8}", STYLES.get(kind, "dim")), (f" {text}", "text" if kind else "dim"))
            for kind, text in comparison_rows(found)
        ]
        self._lines = lines
        return [(line, number) for number, line in enumerate(lines)]

    def _waits(self) -> Sequence[str]:
        """What is said while there is nothing to compare with."""
        work = self._work
        if work.failed:
            return (work.failed,)
        if not work.searched:
            return (f"looking for a normal one … {work.share:.0%}",)
        if work.other is None:
            return NONE
        return () if work.other.progress.done else (f"reading the other request … {work.other.progress.share:.0%}",)

    def _compare(self) -> tuple[Comparison, Story, Story]:
        pivot = self._work.other
        assert pivot is not None
        other = build(pivot.records(), ids=pivot.ids(), incomplete=pivot.incomplete(), now_ns=self._session.clock_ns())
        story = self._request.told()
        return compare(story, other), story, other

    def _notes(self, other: Story) -> Sequence[str]:
        failed = self._work.other.failed if self._work.other is not None else ""
        return [f"the other one: {note}" for note in (*other.incomplete, failed) if note]

    def entered(self, ref: object) -> None:
        if self._work.other is not None:
            self._open_other(self._work.other.ids())

    def copied(self, ref: object) -> str:
        shown = self._lines[ref] if isinstance(ref, int) and ref < len(self._lines) else ()
        return "".join(text for text, _ in shown).strip()

    def saved(self, suffix: str) -> str | None:
        if self._compared is None:
            return None
        found, story, other = self._compared
        if suffix == ".json":
            return dumps(comparison_json(found, story, other)).decode() + "\n"
        return "".join(f"{line}\n" for line in comparison_lines(found, _name(story.ids), _name(other.ids)))

    def closed(self) -> None:
        self._work.stop()


def _name(ids: Sequence[Id]) -> str:
    return short_id(ids[0].value) if ids else "request"
