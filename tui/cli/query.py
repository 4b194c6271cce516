"""`tracetail query`: the records that match, one a line as text or as JSON, for pipes and CI."""

from __future__ import annotations

import sys

import click

from tui.cli.flowing import report
from tui.cli.options import of_sources
from tui.cli.reading import condition_of, open_reading
from tui.presentation.explanation import explained
from tui.presentation.plain_line import plain_line
from tui.presentation.record_json import dumps, record_json
from tui.query.syntax import QueryError
from tui.settings import load
from tui.sources.spec import SpecError

NO_MATCH = 1
UNUSABLE = 2


@click.command("query", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("expression", metavar="EXPR")
@click.option(
    "--output", type=click.Choice(["text", "ndjson"]), default="text", show_default=True, help="How to print."
)
@click.option("--explain", is_flag=True, help="Below each line, what its values were read from and why; text only.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Stop after N records.")
@of_sources
def command(
    expression: str,
    sources: tuple[str, ...],
    output: str,
    explain: bool,
    limit: int | None,
    since: str | None,
    until: str | None,
    tz: str | None,
    redact_key: str | None,
) -> None:
    """Print the records of SOURCE that match EXPR, in time order; `*` matches everything.

    Exit code 0 when something matched, 1 when nothing did, 2 when something could not be read.
    """
    if explain and output != "text":
        raise click.UsageError("--explain goes with --output text: the keys of ndjson are fixed")
    settings = load({"tz": tz, "redact_key": redact_key})
    reading = open_reading(sources, settings)
    try:
        condition = condition_of(expression, since, until, reading)
    except QueryError as error:
        raise SpecError(f"query, character {error.position + 1}: {error.message}") from None
    if reading.backends:
        names = ", ".join(spec.name for spec in reading.backends)
        raise SpecError(f"{names}: a store of traces is asked for one request: use tracetail trace ID, or the viewer")
    if reading.streams and reading.tracks:
        # in one time order, as far as they end
        reading.absorb()
    report(reading.errors)
    said = len(reading.errors)
    printed = 0
    out = sys.stdout.buffer
    for record in reading.records(condition, numbered=output == "ndjson"):
        if output == "ndjson":
            out.write(dumps(record_json(record)) + b"\n")
        else:
            lines = [plain_line(record, reading.zone), *(explained(record, reading.zone) if explain else ())]
            out.write("\n".join(lines).encode("utf-8", "backslashreplace") + b"\n")
        if reading.streams:
            out.flush()
        printed += 1
        if printed == limit:
            break
    out.flush()
    report(reading.errors[said:])
    sys.exit(UNUSABLE if reading.errors else 0 if printed else NO_MATCH)
