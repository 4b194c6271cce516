"""What a record's values were read from, as plain lines below it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from tui.parsing.provenance import reasons
from tui.presentation.cells import display_text
from tui.record import Record


def explained(record: Record, zone: tzinfo) -> Iterator[str]:
    """The format that was recognised, and a line for each value: `  time  ts, epoch ms`."""
    yield f"    format  {display_text(record.format)}"
    for name, why in reasons(record, zone).items():
        yield f"    {name}  {display_text(why)}"
    for note in record.notes:
        yield f"    note  {display_text(note)}"
