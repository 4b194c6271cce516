"""`tracetail trace`: one request's timeline, for a terminal, a ticket or a program."""

from __future__ import annotations

import os
import shutil
import sys
import time

import click

from tui.cli.flowing import report
from tui.cli.options import of_sources
from tui.cli.reading import Reading, open_reading, span_of
from tui.presentation.cells import short_id
from tui.presentation.record_json import dumps
from tui.query.syntax import QueryError
from tui.session.pivot import Gathering, trace_ids
from tui.settings import load
from tui.sources.spec import SpecError
from tui.story.bundle import html, json_text, markdown
from tui.story.elsewhere import elsewhere
from tui.story.links import Request
from tui.story.page import PageLook, page, plain
from tui.story.timeline import Story, build

NOT_FOUND = 1
UNUSABLE = 2
NARROW, WIDE = 60, 200
QUIET_S = 10.0
"""SDKs send what they have every five seconds."""


@click.command("trace", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("identifier", metavar="ID")
@click.option(
    "--output",
    type=click.Choice(["text", "json", "markdown", "html"]),
    default="text",
    show_default=True,
    help="How to print.",
)
@click.option(
    "--compare",
    metavar="ID|auto",
    help="Print what differs from another request; auto: from a normal one of the same kind.",
)
@of_sources
def command(
    identifier: str,
    sources: tuple[str, ...],
    output: str,
    compare: str | None,
    since: str | None,
    until: str | None,
    tz: str | None,
    redact_key: str | None,
) -> None:
    """Print the timeline of the request with ID (a trace, request or correlation id, in any spelling) in SOURCE.

    Exit code 0 when the request was found, 1 when not, 2 when something could not be read.
    """
    settings = load({"tz": tz, "redact_key": redact_key})
    reading = open_reading(sources, settings)
    try:
        within = span_of(since, until, reading.zone)
    except QueryError as error:
        raise SpecError(f"time, character {error.position + 1}: {error.message}") from None
    reading.absorb()
    report(reading.errors)
    request = Request(reading.redactor.text(identifier))
    gathering = Gathering(request)
    for _ in gathering.sweep(reading.tracks):
        pass
    said = len(reading.errors)
    ask_for(gathering, reading)
    wait_for(gathering, reading)
    report(reading.errors[said:])
    numbers = {track.name: track.number for track in reading.tracks}
    records = [reading.numbered(one, numbers[one.source]) for one in gathering.records() if within(one)]
    if not records:
        report([f"no line with {reading.redactor.text(identifier)} in {len(reading.tracks)} sources"])
        sys.exit(UNUSABLE if reading.errors else NOT_FOUND)
    incomplete = [*request.incomplete, *(f"not read: {error}" for error in reading.errors)]
    story = build(records, ids=request.ids, incomplete=incomplete)
    if compare is not None:
        text = compared(story, compare, output, reading)
    elif output == "text":
        columns = shutil.get_terminal_size((120, 24)).columns if os.isatty(1) else 120
        opened = frozenset(record.key for record in story.records)
        text = plain(page(story, PageLook(max(NARROW, min(WIDE, columns)), reading.zone, opened=opened)))
    elif output == "json":
        text = json_text(story)
    else:
        links = elsewhere(story, settings.tools)
        text = (markdown if output == "markdown" else html)(story, zone=reading.zone, links=links)
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()
    sys.exit(UNUSABLE if reading.errors else 0)


def compared(story: Story, compare: str, output: str, reading: Reading) -> str:
    """What differs in a story from another request. Raises SpecError when there is no other one."""
    # most runs compare nothing
    from tui.session.normal import NormalSearch
    from tui.story.compare import compare as differences
    from tui.story.compare import comparison_json, comparison_lines

    wanted: str | None = reading.redactor.text(compare)
    if compare == "auto":
        search = NormalSearch(reading.tracks, story)
        for _ in search.run():
            pass
        wanted = search.found
        if wanted is None:
            raise SpecError("no other request of the same kind went well; name one: --compare ID")
    other = Request(wanted or "")
    gathering = Gathering(other)
    for _ in gathering.sweep(reading.tracks):
        pass
    records = gathering.records()
    if not records:
        raise SpecError(f"no line with {wanted} to compare with")
    baseline = build(records, ids=other.ids)
    found = differences(story, baseline)
    if output == "json":
        return dumps(comparison_json(found, story, baseline)).decode() + "\n"
    names = [short_id(one.ids[0].value) if one.ids else "request" for one in (story, baseline)]
    return "".join(f"{line}\n" for line in comparison_lines(found, *names))


def ask_for(gathering: Gathering, reading: Reading) -> None:
    """Have the stores of traces asked for those of the request; an interrupt goes on with what has come."""
    if not reading.backends:
        return
    try:
        for _ in reading.ask(lambda: trace_ids(gathering.request.ids)):
            gathering.sweep_new(reading.tracks)
    except KeyboardInterrupt:
        report(["not all stores of traces have answered"])
    gathering.sweep_new(reading.tracks)


def wait_for(gathering: Gathering, reading: Reading) -> None:
    """Watch what does not end by itself, until the request was found and has been quiet for a while, or an interrupt."""
    if not reading.streams:
        return
    report([f"waiting for the request; printed when it has been quiet for {QUIET_S:.0f} s, or at Ctrl-C"])
    changed_s, found = time.monotonic(), len(gathering.candidates)
    try:
        for _ in reading.watch():
            gathering.sweep_new(reading.tracks)
            if len(gathering.candidates) > found:
                changed_s, found = time.monotonic(), len(gathering.candidates)
            if found and time.monotonic() - changed_s > QUIET_S:
                return
    except KeyboardInterrupt:
        return
