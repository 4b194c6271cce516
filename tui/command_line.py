"""The command line: arguments to a plain command, or to the settings and sources of the viewer.

Plain commands and `--help` never load Textual.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, Final, NoReturn

import click

from tui.viewer import INTERRUPTED, collect_garbage, complain, end_with, open_viewer, settings_of

COMMANDS: Final = {
    "query": "print the records that match an expression",
    "trace": "print one request's timeline",
    "explain": "rank the services behind an incident",
    "redact": "mask secrets and personal data, line by line",
    "demo": "a live simulated incident to try everything on",
}
"""The plain commands, each a module of tui.cli with a click command named `command`."""
VERSION: Final = "0.1.0"
EXAMPLES: Final = [
    ("tracetail /var/log/app/*.log", "follow files, rotation included"),
    ("kubectl logs -f -l app=shop --prefix --all-containers | tracetail", "follow a pipe"),
    ("tracetail wss://host/stream", "follow a websocket"),
    ("tracetail otlp: app.log", "receive OpenTelemetry (port 4318)"),
]


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
        click.option("--reveal/--no-reveal", default=None, help="Forbid that a key shows what a mark stands for."),
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
def view(sources: Sequence[str], **flags: Any) -> int:
    """Tail logs live and open any request's story with one key.

    SOURCE is a path, a glob, a folder, `-`, a ws:// or wss:// address, what to listen for (otlp:, otlp-grpc:, sentry:, zipkin:,
    jaeger-agent:), or a store of traces to ask (jaeger:http://HOST, zipkin:…, tempo:…); a pipe on standard input is a
    source by itself.
    """
    return open_viewer(sources, settings_of(flags))


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run and leave."""
    end_with(lambda: _run(arguments), of_process=arguments is None)


def _run(arguments: Sequence[str] | None) -> int:
    words = list(sys.argv[1:] if arguments is None else arguments)
    program = os.path.basename(sys.argv[0]) if arguments is None else "tracetail"
    program = "tracetail" if program in ("__main__.py", "-m", "") else program
    try:
        command = cli(words)
        rest = words[1:] if words and words[0] in COMMANDS else words
        obj = demo_viewer if words[:1] == ["demo"] else None
        # not command.main(): it would turn a reader that has seen enough into "no match"
        with command.make_context(program, rest, obj=obj) as context:
            if command is not view:
                collect_garbage()
            code = command.invoke(context)
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.Abort:
        return INTERRUPTED
    except click.ClickException as error:
        return complain(error.format_message(), "try tracetail --help")


def demo_viewer(sources: list[str]) -> int:
    """The viewer as the demo opens it."""
    return open_viewer(sources, settings_of({}))
