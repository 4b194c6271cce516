"""The application: theme, keys, the one timer that asks what is new, and how it ends."""

from __future__ import annotations

import os
import time
import traceback
from asyncio import TimerHandle
from collections.abc import Iterable
from contextvars import copy_context
from typing import Any, Final

from rich.segment import Segment
from rich.text import Text
from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.color import Color
from textual.events import Event, Key
from textual.filter import LineFilter, Monochrome, NoColor
from textual.screen import Screen
from textual.widgets import Input

from tui.presentation.cells import display_text
from tui.presentation.palette import Palette
from tui.session.budget import Governor
from tui.session.session import Session
from tui.session.usage import Usage
from tui.sources.terminal import LineSettings, stop_pipeline
from tui.views.actions import ACTIONS, BY_ID
from tui.views.main_screen import MainScreen
from tui.views.pace import FramePace
from tui.views.themes import CHROME, THEMES
from tui.views.wire.driver import ThriftyDriver, WholeDriver

INTERRUPTED: Final = 130
BEAT_S: Final = 1.0
QUIET_BEAT_S: Final = 2.0
"""While nothing changes."""
EARLY_ROWS_S: Final = 3.0
"""So long a key that was typed before we were there waits for the rows that it moves among."""
TYPING: Final = ("back", "redraw", "next-pane")
"""What works while the query is typed, besides the text itself."""


class Harmless(LineFilter):
    """The last line of defence: no control character reaches the terminal, whoever drew it."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        if all(segment.text.isprintable() for segment in segments):
            return segments
        return [Segment(display_text(segment.text), segment.style, segment.control) for segment in segments]


class TracetailApp(App[int]):
    """tracetail's viewer on one session."""

    TITLE = "tracetail"
    CSS_PATH = ["styles/app.tcss", "styles/query_bar.tcss", "styles/ask.tcss"]  # noqa: RUF012 - Textual's own form
    ENABLE_COMMAND_PALETTE = True
    ALLOW_SELECT = False
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        # with priority: the keys of a paste or of a fast hand are taken in order, before the focus has moved on
        *(
            Binding(action.keys, f"command('{action.id}')", action.label, show=False, id=action.id, priority=True)
            for action in ACTIONS
        ),
        # before the letters behind it are taken for more of the query
        Binding("enter,ctrl+j", "finish_query", "done", show=False, priority=True),
        Binding("ctrl+c", "interrupt", "stop", show=False, priority=True),
        Binding("ctrl+z", "suspend_pipeline", "suspend", show=False, priority=True),
    ]

    def __init__(self, session: Session, usage: Usage | None = None, *, standing: bool = False) -> None:
        super().__init__(driver_class=ThriftyDriver if session.settings.redraw == "changes" else WholeDriver)
        name = session.settings.theme
        if "NO_COLOR" in os.environ:
            name = "plain"
        self.session = session
        self._usage = usage or Usage()
        self._line_settings = LineSettings()
        """Those of the drawn screen, once it is; kept against other programs on the same terminal."""
        self.standing = standing
        """Whether a first screenful stands on the terminal until our own is there."""
        self._takes_keys = False
        self._early: list[Key] = []
        """What was typed while the program was being loaded."""
        self.typed = b""
        """What of it was read from the terminal before there was a driver."""
        self.palette = Palette(name)
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = CHROME[name]
        self.animation_level = "none"
        if name in ("ansi", "plain"):
            self.ansi_color = True
        if session.settings.keys:
            self.set_keymap({id: keys for id, keys in session.settings.keys.items() if id in BY_ID})

    def get_default_screen(self) -> Screen[Any]:
        return MainScreen(self.session, self.palette, self._usage)

    def on_mount(self) -> None:
        self._frames = FramePace(self.session.settings.fps)
        self._governor = Governor(self.session.budget, time.monotonic_ns())
        self._shrunk = ""
        """How the streams were cut down to the budget for memory."""
        self._usage.sent_bytes = self._sent_bytes
        self._asked = False
        self._due: TimerHandle | None = None
        self._here = copy_context()
        """That of our messages, for what is called by others."""
        self.session.on_news = self._news
        self._beat_soon(BEAT_S)
        self._line_settings = LineSettings()
        self.app_resume_signal.subscribe(self, lambda _: self._resumed())
        self._draw_soon()

    async def on_event(self, event: Event) -> None:
        """Keys that come before the screen can take them wait for it."""
        if isinstance(event, Key) and not self._takes_keys:
            self._early.append(event)
        else:
            await super().on_event(event)

    async def on_main_screen_ready(self) -> None:
        """The screenful that stands there may show what was typed already: it goes when that is done."""
        for event in self._early:
            self._read_rows()
            await super().on_event(event)
        self._early.clear()
        self._read_rows()
        self._takes_keys = True
        self.call_after_refresh(self._show)

    def _read_rows(self) -> None:
        """Have the rows there that were asked for, so that the next key finds them."""
        for screen in self._viewers():
            if screen.viewing.stale:
                screen.viewing.await_rows(EARLY_ROWS_S)
                screen.tick()

    def _show(self) -> None:
        self.standing = False
        if isinstance(self._driver, ThriftyDriver):
            self._driver.show()

    def _resumed(self) -> None:
        self._line_settings = LineSettings()
        self.screen.refresh()

    def _sent_bytes(self) -> int:
        return self._driver.sent_bytes if isinstance(self._driver, ThriftyDriver | WholeDriver) else 0

    def _redraw(self) -> None:
        """Draw all of the screen, whatever the terminal shows now."""
        if isinstance(self._driver, ThriftyDriver):
            self._driver.redraw()
        self.screen.refresh(layout=True)

    def _news(self) -> None:
        """From any thread: there is something to draw. At most one call is under way."""
        if not self._asked and self._loop is not None:
            self._asked = True
            try:
                self._loop.call_soon_threadsafe(self._draw_soon)
            except RuntimeError:  # the loop is closing: nobody waits any more
                self._asked = False

    def _draw_soon(self, at_least_s: float = 0.0) -> None:
        """Have a frame drawn: at once, unless that would be too many."""
        self._asked = False
        if self._loop is None:
            return
        due_s = self._loop.time() + max(at_least_s, self._frames.wait_s(time.monotonic()))
        if self._due is not None:
            if self._due.when() <= due_s:
                return
            self._due.cancel()
        # not by a message: taking one takes as long as taking in the news
        self._due = self._loop.call_at(due_s, self._tick, context=self._here)

    def _tick(self) -> None:
        self._due = None
        self._frames.drawn(time.monotonic())
        try:
            for screen in self._viewers():
                screen.tick()
                if screen.busy:
                    self._draw_soon(max(self._frames.every_s, screen.log_view.patience_s))
        except Exception as error:
            self._handle_exception(error)

    def _beat_soon(self, seconds: float) -> None:
        if self._loop is not None:
            # as with frames, not by a message, which would be most of what it costs to be idle
            self._loop.call_later(seconds, self._beat, context=self._here)

    def _beat(self) -> None:
        """Once a second, or less often while all is quiet: what changes with time alone, as long as something does."""
        if not self.is_running:
            return
        quiet = True
        try:
            if not self.is_headless and self._line_settings.keep():
                self._redraw()
            changed = self._keep_budget()
            for screen in self._viewers():
                quiet = quiet and screen.quiet
                if changed or not screen.quiet:
                    screen.draw_chrome()
        except Exception as error:
            self._handle_exception(error)
        self._beat_soon(QUIET_BEAT_S if quiet else BEAT_S)

    def _keep_budget(self) -> bool:
        """Measure ourselves, and give up or take back what the budget says; whether anything changed."""
        viewers, spent = self._viewers(), self._usage.spent()
        before = self._governor.words, self._shrunk
        awaited = any(screen.awaited for screen in viewers)
        if self._governor.look(spent, time.monotonic_ns(), awaited=awaited):
            self._frames.limit(self._governor.step.frames_s)
            self.session.keep_to(self._governor.step)
        if excess := self._governor.memory_excess(spent):
            left = self.session.give_back(excess)
            self._shrunk = f"over mem: streams hold {left >> 20}M" if left else "over mem"
        elif self._shrunk == "over mem":
            self._shrunk = ""
        words = " · ".join(filter(None, (self._governor.words, self._shrunk)))
        for screen in viewers:
            screen.given_up = words
        return (self._governor.words, self._shrunk) != before

    def _viewers(self) -> list[MainScreen]:
        screens = [one for one in self.screen_stack if isinstance(one, MainScreen)] if self.is_running else []
        return [one for one in screens if one.commands and one.is_mounted]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a text is typed, keys are text; other screens have keys of their own."""
        if action == "finish_query":
            return isinstance(self.screen, MainScreen) and self.screen.typing
        if action != "command":
            return True
        if not isinstance(self.screen, MainScreen):
            return False
        return not isinstance(self.focused, Input) or parameters[0] in TYPING

    def action_command(self, id: str) -> None:
        """Do one of ours; keys come through here."""
        if id == "palette":
            self.action_command_palette()
        elif id == "quit":
            self._quit_or_close()
        elif id == "redraw":
            self._redraw()
        elif isinstance(self.screen, MainScreen):
            self.screen.run_command(id)

    def action_finish_query(self) -> None:
        """Enter in the query line: what follows are keys again."""
        if isinstance(self.screen, MainScreen):
            self.screen.finish_query()

    def _quit_or_close(self) -> None:
        if isinstance(self.screen, MainScreen) and self.screen.panes.close():
            return
        self.exit(0)

    def exit(self, *arguments: Any, **options: Any) -> None:
        """Leave; from now on the terminal's settings are left alone."""
        self._line_settings.release()
        super().exit(*arguments, **options)

    def action_interrupt(self) -> None:
        """ctrl+c arrives as a key; it ends us with the code of the signal."""
        self.exit(INTERRUPTED, return_code=INTERRUPTED)

    def action_suspend_pipeline(self) -> None:
        """Stop the whole pipeline, as the shell expects, not only us."""
        if self._driver is not None and self._driver.can_suspend:
            with self.suspend():
                stop_pipeline()

    def _fatal_error(self) -> None:
        """A fault of ours: one line, or with --debug the chain of calls. Textual would print log text from locals."""
        self._line_settings.release()
        error = self._exception
        frames = traceback.extract_tb(error.__traceback__) if error is not None else []
        last = frames[-1] if frames else None
        place = f" at {os.path.basename(last.filename)}:{last.lineno}" if last else ""
        lines = [f"tracetail: internal error: {type(error).__name__}{place}; your files are untouched"]
        if self.session.settings.debug:
            lines += [f"  {os.path.basename(one.filename)}:{one.lineno} in {one.name}" for one in frames]
            lines.append("  " + display_text(self.session.redactor.text(str(error))))
        else:
            lines.append("  --debug shows more, redacted")
        self.panic(Text("\n".join(lines)))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The palette offers our actions, by what they do."""
        for action in ACTIONS:
            if action.id != "palette":
                name = action.label[0].upper() + action.label[1:]
                yield SystemCommand(f"{name}", f"{action.shown}", lambda id=action.id: self.action_command(id))

    def get_line_filters(self) -> list[LineFilter]:
        """Without colours, the terminal's own two are used: Textual would choose greys for a dark ground."""
        filters = super().get_line_filters()
        return [*(NoColor() if isinstance(one, Monochrome) else one for one in filters), Harmless()]
