"""The one screen: sources line, query line, log, pane, status line. It composes them and passes actions on."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Region
from textual.message import Message
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from tui.presentation.bars import columns
from tui.presentation.cells import clock, display_text
from tui.presentation.log_line import LineLook
from tui.presentation.palette import Palette
from tui.presentation.status_line import Totals, sources_line, totals_line
from tui.record import LEVELS, Drawn
from tui.session.session import Session
from tui.session.usage import Usage
from tui.session.viewing import Viewing
from tui.views.activity import SECONDS, Activity
from tui.views.exploring import Exploring
from tui.views.finding import Finding
from tui.views.going import Going
from tui.views.log_view import LogView, log_width
from tui.views.looking import Looking
from tui.views.painting import Bar, Ground, LinesPane, blank_lines
from tui.views.panes import Panes
from tui.views.query_bar import QueryBar
from tui.views.taking import Taking

FIRST_ROWS_S: Final = 0.2
"""An empty first frame would wipe out what is drawn before the viewer's code is loaded."""
CHROME_EVERY_S: Final = 1.0
ON_THE_LINE = ("request", "detail", "copy", "mark")
"""Commands that wait until the rows are those of the query that was typed."""


class MainScreen(Screen[None]):
    """Everything of one session on one screen."""

    AUTO_FOCUS = "#log"

    class Ready(Message):
        """Keys can be taken."""

    def __init__(self, session: Session, palette: Palette, usage: Usage) -> None:
        super().__init__()
        settings = session.settings
        self.session = session
        self.palette = palette
        self.viewing = Viewing(session)
        # as wide as it will be, lest all lines be drawn for another width first
        self.log_view = LogView(self.viewing, palette, LineLook(log_width(self.app.size.width), session.zone), "log")
        self.query_bar = QueryBar(settings.query, session.zone, session.redactor.text)
        self.finding = Finding(session, self.viewing, self.log_view, hide=settings.hide, level=settings.level)
        # held here, not looked up: a screen that is closed while it is being opened has none of them any more
        self.pane = LinesPane(palette, "pane")
        self._header, self._status, self._title = (Bar(palette, id) for id in ("header", "status", "pane-title"))
        self._body, self._frame = Ground(palette, id="body"), Vertical(id="pane-frame")
        self.commands: dict[str, Callable[[], None]] = {}
        self._usage = usage
        self._activity = Activity(session)
        self.given_up = ""
        """What is given up for the budget's sake, in words for the status line."""
        self._chrome_s = 0.0
        self._chrome_late = False
        """There was news since the chrome was drawn."""
        self._reading_query = False
        self._held: list[str] = []
        """Commands on the current line that were given before the lines they are meant for were there."""

    def compose(self) -> ComposeResult:
        yield self._header
        yield self.query_bar
        with self._body:
            yield self.log_view
            with self._frame:
                yield self._title
                yield self.pane
        yield self._status

    def render_lines(self, crop: Region) -> list[Strip]:
        """What is behind everything."""
        return blank_lines(crop, self.palette)

    def on_mount(self) -> None:
        self.styles.background = self.palette.ground.bgcolor.name if self.palette.ground.bgcolor else None
        self.panes = Panes(self._body, self._frame, self._title, self.pane, self.log_view)
        self.looking = Looking(self.session, self.log_view, self.panes, self.finding, self.set_query)
        self.taking = Taking(self.app, self.session, self.log_view, self.panes)
        going = Going(self.app, self.session, self.log_view)
        self.commands = {
            **self._movement(),
            **self.finding.commands(),
            **self.panes.commands(),
            **self.looking.commands(),
            **self.taking.commands(),
            **going.commands(),
            "query": self.query_bar_focus,
            "back": self.back,
        }
        copy = partial(self.run_command, "copy")
        self.commands |= Exploring(self.app, self.looking, copy).commands(self.commands)
        if self.query_bar.text:
            self.set_query(self.query_bar.text)
        if since := self.session.settings.since:
            going.back_to(since)
        else:
            self.viewing.to_end()
        if self.session.tracks_now():
            self.viewing.await_rows(FIRST_ROWS_S)
        self.tick()
        self.post_message(self.Ready())

    def run_command(self, id: str) -> None:
        """Do what an action's id says; keys, palette and tests come through here."""
        if (command := self.commands.get(id)) is None:
            return
        if id in ON_THE_LINE and not self.pane.chosen and (self._reading_query or self.viewing.stale or self._held):
            self._held.append(id)
            return
        self._held.clear()
        self.log_view.still()
        command()
        self.draw_chrome()

    def _run_held(self) -> None:
        if self._held and not self._reading_query and not self.viewing.stale:
            held, self._held = self._held, []
            for id in held:
                self.run_command(id)

    # -- moving ----------------------------------------------------------------------------------------------------

    def _movement(self) -> dict[str, Callable[[], None]]:
        log = self.log_view

        def active() -> LogView | LinesPane:
            return self.pane if self.pane.chosen else log

        return {
            "down": lambda: active().move(1),
            "up": lambda: active().move(-1),
            "page-down": lambda: active().page(1),
            "page-up": lambda: active().page(-1),
            "top": lambda: active().edge(last=False),
            "bottom": lambda: active().edge(last=True),
            "follow": log.toggle_follow,
            "left": partial(self._sideways, -1),
            "right": partial(self._sideways, 1),
            "wrap": log.toggle_wrap,
        }

    def _sideways(self, direction: int) -> None:
        if self.pane.chosen and self.panes.content is not None:
            self.looking.sideways(direction)
        else:
            self.log_view.sideways(direction * 16)

    def back(self) -> None:
        """One step back: out of the query, a search, the pane, the query itself, the level."""
        if self.query_bar.field.chosen:
            self._leave_query()
        elif self.viewing.cancel_jump():
            self.app.notify("search stopped", timeout=2)
        elif self.panes.come_back() or self.panes.close():
            return
        elif self.query_bar.text:
            self.query_bar.field.value = ""
        elif self.finding.least:
            self.finding.set_least(0)

    # -- the query -------------------------------------------------------------------------------------------------

    def query_bar_focus(self) -> None:
        self.query_bar.set_clock(self.session.clock_ns())
        self.set_focus(self.query_bar.field)

    def set_query(self, text: str) -> None:
        """Put a text into the query line, as if it had been typed."""
        self.query_bar.set_clock(self.session.clock_ns())
        if self.query_bar.field.value != text:
            self.query_bar.field.value = text
        else:
            self.finding.set_query(self.query_bar.read(text), text)

    def on_query_bar_changed(self, event: QueryBar.Changed) -> None:
        if event.query is not None and self.commands:
            self.finding.set_query(event.query, event.text)
        self.draw_chrome()

    @property
    def typing(self) -> bool:
        """Whether keys are letters of the query."""
        return bool(self.commands) and self.query_bar.field.chosen

    def finish_query(self) -> None:
        """Back to the log; letters that are still on their way to the query come before what is done next."""
        self._reading_query = True
        self._leave_query()
        self.query_bar.field.call_later(self._query_read)

    def _query_read(self) -> None:
        self._reading_query = False
        text = self.query_bar.text
        if text != self.finding.text and (query := self.query_bar.read(text)) is not None:
            self.finding.set_query(query, text)
        self._run_held()

    def on_query_bar_done(self) -> None:
        self._leave_query()

    def _leave_query(self) -> None:
        self.query_bar.mask()
        target: Widget = self.pane if self.panes.open and not self.log_view.display else self.log_view
        self.set_focus(target)

    # -- what is new -----------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """Take in what has come since the last time, and draw what has changed."""
        self.finding.take_in()
        change = self.log_view.take_in()
        if change.missed:
            self.app.notify(change.missed, timeout=4, markup=False)
        if change.any:
            self.looking.log_moved()
        else:
            self.log_view.calm()
        self.panes.fill()
        self._run_held()
        self._chrome_late = True
        if self._working or time.monotonic() - self._chrome_s >= CHROME_EVERY_S:
            self.draw_chrome()

    @property
    def busy(self) -> bool:
        """Whether something is under way that changes what is seen without news of it."""
        return self._working or self.viewing.waiting or self.log_view.skim is not None

    @property
    def awaited(self) -> bool:
        """Whether the user waits for something that is being read."""
        return self.panes.busy or self.viewing.loading

    @property
    def _working(self) -> bool:
        counting = self.finding.counting
        return (counting is not None and not counting.counts.done) or self.awaited

    @property
    def quiet(self) -> bool:
        """Whether the chrome will be what it is until there is news."""
        return self._activity.quiet and not self.busy and not self._chrome_late

    def draw_chrome(self) -> None:
        """The lines at the top and at the bottom."""
        width = self.size.width
        now_ns = self.session.clock_ns()
        self._chrome_s = time.monotonic()
        self._chrome_late = False
        activity = self._activity
        activity.look(now_ns)
        spark = columns(list(activity.rates), SECONDS)
        when_ns = activity.last_ns if activity.quiet else now_ns
        when = clock(when_ns, self.session.zone)[:8] + ("Z" if self.session.settings.tz == "UTC" else "")
        self._header.show(sources_line(activity.looks, width, spark, when, quiet=activity.quiet))
        self._status.show(totals_line(self._totals(), activity.looks, width))
        self.query_bar.show_info(self.finding.info())
        self.log_view.say(self._empty())

    def _totals(self) -> Totals:
        session = self.session
        horizon = self.viewing.horizon_ns
        loading = ""
        if self.viewing.loading and horizon:
            loading = f"searching {clock(horizon, session.zone)[:8]} · Esc stops"
        return Totals(
            following=self.log_view.follow,
            paused_new=self.viewing.unseen if not self.viewing.window.at_end else 0,
            least=LEVELS[self.finding.least] if self.finding.least else "",
            hidden=self.finding.hidden,
            sampled=session.sampler.withheld,
            one_in=self.log_view.skim.one_in if self.log_view.skim is not None else 1,
            dropped=session.dropped(),
            redacted=session.redacted(),
            given_up=self.given_up,
            cpu=self._usage.cpu_percent(),
            terminal_bytes_s=self._usage.terminal_bytes_s(),
            memory_mib=self._usage.memory_mib(),
            redaction_off=session.settings.redact == "off",
            loading=loading,
            hints=self.looking.hints(),
        )

    def _empty(self) -> tuple[Drawn, ...]:
        """What to say when there is no line: what to do next."""
        if self.viewing.loading:
            return ((("  reading …", "hint"),),)
        if self.finding.counting is not None:
            return ((("  no line matches", "bold"), (f"{self.finding.lacking()} · Esc clears", "hint")),)
        lines: list[Drawn] = [(("  no lines yet", "bold"),)]
        for look in self._activity.looks:
            detail = f": {look.detail}" if look.detail else ""
            lines.append(((f"  {display_text(look.name)}", "text"), (f"  {look.state}{display_text(detail)}", "hint")))
        return tuple(lines)

    # -- links between the panes -----------------------------------------------------------------------------------

    def on_lines_pane_moved(self, event: LinesPane.Moved) -> None:
        self.looking.pane_moved(event.ref)

    def on_log_view_moved(self) -> None:
        self.looking.log_moved()
        self.panes.fill()

    def on_lines_pane_resized(self) -> None:
        if self.commands:
            self.panes.fill()

    def on_resize(self) -> None:
        if self.commands:
            self.panes.arrange()
            self.call_after_refresh(self.panes.fill, True)
            self.draw_chrome()
