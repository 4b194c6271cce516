"""The command line: arguments to settings, settings to a session, a session to the viewer.

Plain commands and `--help` never load Textual: it is imported inside the function that opens the viewer.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

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

COMMANDS: Final = {
    "query": "print the records that match an expression",
    "trace": "print one request's timeline",
    "redact": "mask secrets and personal data, line by line",
    "demo": "a live simulated incident to try everything on",
}
"""The plain commands, each a module of tui.cli with a click command named `command`."""
VERSION: Final = "0.1.0"
EXAMPLES: Final = [
    ("tracetail /var/log/app/*.log", "follow files, rotation included"),
    ("kubectl logs -f -l app=shop --prefix --all-containers | tracetail", "follow a pipe"),
    ("tracetail wss://host/stream", "follow a websocket"),
]
UNUSABLE: Final = 2
INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141


def cli(words: Sequence[str]) -> click.Command:
    """The command for these words: a plain one when the first word names it, else the viewer."""
    if words and words[0] in COMMANDS:
        command = import_module(f"tui.cli.{words[0]}").command
        assert isinstance(command, click.Command)
        return command
    return view


class Viewer(click.Command):
    """The viewer's help also lists the plain commands."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands (tracetail COMMAND --help)"):
            formatter.write_dl(list(COMMANDS.items()))
        with formatter.section("Examples"):
            formatter.write_dl(EXAMPLES)


def viewer_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of the viewer, shared with the demo."""
    options = [
        click.option(
            "-q", "--query", metavar="EXPR", help="Show only records that match, e.g. 'level>=warn service:pay*'."
        ),
        click.option("-l", "--level", metavar="LEVEL", help="Least level: trace, debug, info, warn, error or fatal."),
        click.option(
            "--hide/--highlight", default=None, help="Hide what does not match (default), or only highlight what does."
        ),
        click.option(
            "--since", metavar="T", help="Open at this time instead of at the end: -5m, 12:30 or 2026-11-23T12:00Z."
        ),
        click.option("--follow/--no-follow", default=None, help="Keep watching for new lines (default)."),
        click.option(
            "--tz",
            metavar="ZONE",
            help="Zone of times without one and of times shown: UTC (default), local, Europe/Berlin …",
        ),
        click.option(
            "--sample",
            metavar="MODE",
            help="Withhold requests from the live tail: 1/N, N/s; auto (default) and off: none.",
        ),
        click.option(
            "--redact",
            metavar="on|off",
            help="Mask secrets and personal data: on (default); off needs --show-secrets too.",
        ),
        click.option("--show-secrets", is_flag=True, default=None, help="Confirm that --redact off is meant."),
        click.option(
            "--redact-key",
            metavar="KIND",
            help="Equal secrets look equal in all runs: installation (default), or session.",
        ),
        click.option(
            "--budget",
            metavar="LIMITS",
            help="What we may cost, cpu=20%,mem=192M,term=20K/s (default) or a part of it; off: no limit.",
        ),
        click.option("--theme", metavar="NAME", help="dark (default), light or ansi; NO_COLOR is respected."),
        click.option("--mouse/--no-mouse", default=None, help="Leave the mouse to the terminal with --no-mouse."),
        click.option("--debug", is_flag=True, default=None, help="Say more when something fails, redacted."),
    ]
    for one in reversed(options):
        function = one(function)
    return function


@click.command("tracetail", cls=Viewer, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, "--version", prog_name="tracetail")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@viewer_options
@click.pass_obj
def view(first: FirstScreen | None, /, sources: Sequence[str], **flags: Any) -> None:
    """Tail logs live and open any request's story with one key.

    SOURCE is a path, a glob, a folder, `-` or a ws:// or wss:// address; a pipe on standard input is a source by itself.
    """
    sys.exit(open_viewer(sources, settings_of(flags), first))


def settings_of(flags: dict[str, Any]) -> Settings:
    """The settings under these flags. Raises SettingsError for what cannot be meant or does not parse."""
    confirmed = flags.pop("show_secrets", None)
    settings = load(flags)
    if settings.redact == "off" and not confirmed:
        raise SettingsError(
            "--redact off shows secrets and personal data as they are: add --show-secrets if that is meant"
        )
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
    """From now on, but never again among what has been loaded."""
    gc.freeze()
    gc.enable()


def run_app(session: Session, first: FirstScreen | None = None) -> int:
    """Draw until the user leaves; the terminal is put back whatever happens."""
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
    try:
        with guard(leave):
            result = app.run(mouse=session.settings.mouse)
    finally:
        session.stop()
    return asked[-1] if asked else int(result or app.return_code or 0)


def main(arguments: Sequence[str] | None = None, first: FirstScreen | None = None) -> None:
    """Run; every error that a user can cause is one line on stderr."""
    try:
        _run(arguments, first)
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else UNUSABLE if stop.code else 0
        if arguments is None and (threading.active_count() > 1 or code == INTERRUPTED):
            _leave_at_once(code)
        raise


def _leave_at_once(code: int) -> NoReturn:
    """End without taking the interpreter apart: readers that are still inside compiled code would abort it."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)


def _run(arguments: Sequence[str] | None, first: FirstScreen | None) -> NoReturn:
    words = list(sys.argv[1:] if arguments is None else arguments)
    program = os.path.basename(sys.argv[0]) if arguments is None else "tracetail"
    program = "tracetail" if program in ("__main__.py", "-m", "") else program
    try:
        command = cli(words)
        rest = words[1:] if words and words[0] in COMMANDS else words
        obj = demo_viewer if words[:1] == ["demo"] else first
        # not command.main(): it would turn a reader that has seen enough into "no match"
        with command.make_context(program, rest, obj=obj) as context, first or contextlib.nullcontext():
            if command is not view:
                collect_garbage()
            code = command.invoke(context)
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        fail(error.format_message(), "try tracetail --help")
    except (SpecError, CredentialsError, NoTerminal, SettingsError, ModeError) as error:
        fail(str(error))
    except BrokenPipeError:
        # whoever read our output has seen enough; nothing more may be written at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(BROKEN_PIPE)


def demo_viewer(sources: list[str]) -> int:
    """The viewer as the demo opens it."""
    return open_viewer(sources, settings_of({}))


def fail(message: str, hint: str = "") -> NoReturn:
    """Say what is wrong in one line and leave."""
    line = " ".join(message.split())
    print(f"tracetail: {line}" + (f" ({hint})" if hint else ""), file=sys.stderr)
    sys.exit(UNUSABLE)
