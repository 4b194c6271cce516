"""What the commands that read sources once have in common on the command line."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any, Final

import click

Command = Callable[..., Any]

_OF_SOURCES: Final = (
    click.argument("sources", nargs=-1, metavar="[SOURCE]..."),
    click.option("--since", metavar="T", help="Only from this time on: -5m, 12:30 or 2026-11-23T12:00Z."),
    click.option("--until", metavar="T", help="Only up to this time."),
    click.option("--tz", metavar="ZONE", help="Zone of times without one: UTC (default), local, Europe/Berlin …"),
    click.option(
        "--redact-key",
        type=click.Choice(["installation", "session"]),
        help="Whether equal secrets look equal in all runs.",
    ),
)


def of_sources(command: Command) -> Command:
    """Give a command its sources, the stretch of time and how to read them."""
    return reduce(lambda made, decorate: decorate(made), reversed(_OF_SOURCES), command)
