"""The viewer from settings to its end: sources to a session, a session on the screen, and how a run may end.

Textual is imported inside the function that draws, the command line not at all: of files alone nothing is left to read.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NoReturn

from tui.query.syntax import QueryError, parse
from tui.query.values import period_of
from tui.sampling import ModeError
from tui.session.budget import parse_budget
from tui.settings import Settings, SettingsError, load
from tui.sources.spec import CredentialsError, SpecError, parse_spec
from tui.sources.terminal import NoTerminal, claim_terminal, guard

if TYPE_CHECKING:
    from tui.first_screen import FirstScreen
    from tui.session.session import Session

UNUSABLE: Final = 2
INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141
SWITCH_S: Final = 0.001
"""So long may one thread keep the others waiting: with Python's own 5 ms a key waits several times for readers."""
GARBAGE_AFTER: Final = 20_000
"""Garbage that only a collection frees is rare here, since values point one way; thousands of them are made at a time."""


def show(first: FirstScreen) -> NoReturn:
    """The viewer behind a first screenful, for the whole of the process."""

    def run() -> int:
        with first:
            return open_viewer(first.paths, settings_of(first.flags), first)

    end_with(run, of_process=True)


def end_with(run: Callable[[], int], *, of_process: bool) -> NoReturn:
    """Leave with the code of a run; every error that a user can cause is one line on stderr."""
    code = _code_of(run)
    if of_process and (threading.active_count() > 1 or code == INTERRUPTED):
        _leave_at_once(code)
    sys.exit(code)


def _code_of(run: Callable[[], int]) -> int:
    try:
        return run()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else UNUSABLE if stop.code else 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except (SpecError, CredentialsError, NoTerminal, SettingsError, ModeError) as error:
        return complain(str(error))
    except BrokenPipeError:
        # whoever read our output has seen enough; nothing more may be written at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return BROKEN_PIPE


def complain(message: str, hint: str = "") -> int:
    """Say what is wrong in one line; the code to leave with."""
    line = " ".join(message.split())
    print(f"tracetail: {line}" + (f" ({hint})" if hint else ""), file=sys.stderr)
    return UNUSABLE


def _leave_at_once(code: int) -> NoReturn:
    """End without taking the interpreter apart: readers that are still inside compiled code would abort it."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)


def settings_of(flags: Mapping[str, Any]) -> Settings:
    """The settings under these flags. Raises SettingsError for what cannot be meant or does not parse."""
    settings = load(flags)
    parse_budget(settings.budget)
    if settings.since and period_of(settings.since, time.time_ns(), settings.zone()) is None:
        raise SettingsError(f"since {settings.since!r} is no time: use -5m, 12:30 or 2026-11-23T12:00Z")
    try:
        parse(settings.query, now_ns=time.time_ns(), zone=settings.zone())
    except QueryError as error:
        raise SettingsError(f"query, character {error.position + 1}: {error.message}") from None
    return settings


def open_viewer(sources: Sequence[str], settings: Settings, first: FirstScreen | None = None) -> int:
    """The viewer on these sources; its exit code. Raises SpecError, NoTerminal and SettingsError before it draws."""
    from tui.session.session import Session

    specs = [parse_spec(text) for text in sources]
    claimed = claim_terminal()
    try:
        if claimed.data_fd is not None and not any(spec.kind == "stdin" for spec in specs):
            if claimed.data_is_pipe or not specs:
                specs.append(parse_spec("-"))
        elif any(spec.kind == "stdin" for spec in specs) and claimed.data_fd is None:
            raise SpecError("standard input is the terminal: pipe something into tracetail, or name a file")
        if not specs:
            raise SpecError(
                "nothing to show: name files, folders or a ws:// address, pipe logs in, or try tracetail demo"
            )
        redactor = first.redactor if first is not None else None
        session = Session(specs, settings, data_fd=claimed.data_fd, redactor=redactor)
        os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
        return run_app(session, first)
    finally:
        claimed.restore()


def collect_garbage() -> None:
    """From now on, but never again among what has been loaded, and not for every few hundred values that are made."""
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER)
    gc.enable()


def run_app(session: Session, first: FirstScreen | None = None) -> int:
    """Draw until the user leaves; the terminal is put back whatever happens."""
    sys.setswitchinterval(SWITCH_S)
    # the sources are being opened while the screen's code is loaded
    session.start()
    from tui.views.app import TracetailApp

    app = TracetailApp(session, standing=first is not None)
    collect_garbage()
    asked: list[int] = []

    def leave(code: int) -> None:
        asked.append(code)
        if (loop := getattr(app, "_loop", None)) is not None:
            loop.call_soon_threadsafe(app.exit, code)

    if first is not None:
        first.hand_over()
        app.typed = first.typed
    try:
        with guard(leave):
            result = app.run(mouse=session.settings.mouse)
    finally:
        session.stop()
    return asked[-1] if asked else int(result or app.return_code or 0)
