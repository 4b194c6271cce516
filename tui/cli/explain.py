"""`tracetail explain`: which services are behind an incident, and what shows it."""

from __future__ import annotations

import sys
import time

import click

from tui.cli.flowing import report
from tui.cli.options import of_sources
from tui.cli.reading import Reading, condition_of, open_reading
from tui.parsing.timestamps import read_number
from tui.presentation.record_json import dumps
from tui.query.results import Condition
from tui.query.syntax import QueryError
from tui.query.values import period_of
from tui.session.survey import Survey
from tui.settings import load
from tui.sources.spec import SpecError
from tui.story.explain.account import Explanation, Window, by_request
from tui.story.explain.change import find_change
from tui.story.explain.page import explanation_json, explanation_lines
from tui.story.explain.seen import request_of
from tui.values import replace

NOTHING_FOUND = 1
UNUSABLE = 2


@click.command("explain", context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--baseline-since",
    metavar="T",
    help="Compare with the time from here on; without it, with what was before --since.",
)
@click.option("--baseline-until", metavar="T", help="Compare with the time up to here.")
@click.option(
    "--failing", is_flag=True, help="Compare requests that failed with those that went well, in the same time."
)
@click.option(
    "--where",
    metavar="EXPR",
    help="Compare requests of which a record matches EXPR with all others, in the same time: version:2.3",
)
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print.")
@of_sources
def command(
    baseline_since: str | None,
    baseline_until: str | None,
    failing: bool,
    where: str | None,
    output: str,
    sources: tuple[str, ...],
    since: str | None,
    until: str | None,
    tz: str | None,
    redact_key: str | None,
) -> None:
    """Rank the services behind an incident, from logs and spans in SOURCE, with what is unusual about each.

    The time from --since to --until is compared with a quiet one: --baseline-since to --baseline-until, else all that was
    before. Without any of them the time is found at which everything changed.

    Exit code 0 when there are suspects, 1 when nothing is unusual, 2 when something could not be read.
    """
    if where is not None and failing:
        raise click.UsageError("--where and --failing are two ways to tell requests apart: give one of them")
    reading = open_reading(sources, load({"tz": tz, "redact_key": redact_key}))
    reading.refuse_what_never_ends()
    troubled = Window(_time("--since", since, reading), _time("--until", until, reading))
    quiet = Window(
        _time("--baseline-since", baseline_since, reading), _time("--baseline-until", baseline_until, reading)
    )
    condition = _condition(where, reading)
    reading.absorb()
    report(reading.errors)
    chosen = None if condition is None else {request_of(record) for record in reading.records(condition)}
    found = _explain(reading, quiet, troubled, failing=failing, chosen=chosen)
    if output == "json":
        sys.stdout.buffer.write(dumps(explanation_json(found)) + b"\n")
    else:
        for line in explanation_lines(found, reading.zone):
            sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()
    sys.exit(UNUSABLE if reading.errors else 0 if found.suspects else NOTHING_FOUND)


def _time(option: str, text: str | None, reading: Reading) -> int | None:
    if text is None:
        return None
    number = text.replace(".", "", 1)
    moment = read_number(float(text) if "." in text else int(text)) if number.isdecimal() and len(number) > 8 else None
    period = period_of(text, time.time_ns(), reading.zone) if moment is None else None
    if period is not None:
        return period[0]
    if moment is None:
        raise SpecError(f"{option} {text!r} is not a time: use 2026-11-23T12:00Z, 12:30 or -5m")
    return moment.ns


def _condition(where: str | None, reading: Reading) -> Condition | None:
    """What a record of the requests that are compared with the others meets."""
    if where is None:
        return None
    try:
        return condition_of(where, None, None, reading)
    except QueryError as error:
        raise SpecError(f"--where, character {error.position + 1}: {error.message}") from None


def _explain(
    reading: Reading, quiet: Window, troubled: Window, *, failing: bool, chosen: set[str | None] | None
) -> Explanation:
    start_ns = None if quiet.start_ns is None else min(quiet.start_ns, troubled.start_ns or quiet.start_ns)
    ends = (quiet.end_ns if quiet.end_ns is not None else troubled.start_ns, troubled.end_ns)
    survey = Survey(reading.tracks, start_ns, max(ends) if None not in ends else None)  # type: ignore[type-var]
    for _ in survey.run():
        pass
    account, notes = survey.account, list(survey.notes)
    if account.undated:
        notes.append(f"{account.undated:,} lines without a time were left out")
    bounds = account.bounds
    if bounds is None:
        return Explanation((), quiet, troubled, (0, 0), (0, 0), (), notes=("nothing with a time was found", *notes))
    if failing:
        told = account.explain(troubled, troubled, account.by_failure(troubled))
        return replace(told, notes=("requests that failed against those that went well", *notes))
    if chosen is not None:
        told = account.explain(troubled, troubled, by_request(chosen, troubled))
        count = len(chosen - {None})
        return replace(told, notes=(f"{count:,} requests that match against all others", *notes))
    quiet, troubled, said = _windows(
        account.find_windows(find_change) if _open(quiet, troubled) else None, quiet, troubled
    )
    return replace(account.explain(quiet, troubled), notes=(*said, *notes))


def _open(quiet: Window, troubled: Window) -> bool:
    """Whether nothing says when the trouble began."""
    return troubled.start_ns is None and quiet.end_ns is None


def _windows(
    found: tuple[Window, Window] | None, quiet: Window, troubled: Window
) -> tuple[Window, Window, tuple[str, ...]]:
    """What is compared, as far as it was said; the rest follows from it."""
    if found is not None:
        return *found, ("nobody said when: this is the time at which most changed",)
    if troubled.start_ns is None:
        troubled = replace(troubled, start_ns=quiet.end_ns)
    if quiet.end_ns is None and (quiet.start_ns is None or quiet.start_ns < (troubled.start_ns or 0)):
        quiet = replace(quiet, end_ns=troubled.start_ns)
    return quiet, troubled, ()
