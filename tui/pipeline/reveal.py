"""What stands under the marks of one record, for a person who asks for it.

Owns reading the raw lines once more; nothing of them is kept. Streams are masked before they are kept, so that nothing is
left to be revealed.
"""

from __future__ import annotations

from tui.record import Record
from tui.redaction.redactor import Redactor, Stream
from tui.store.blocks import Blocks

MOST_BYTES = 1 << 20
MOST_VALUE_CELLS = 200


def under_marks(record: Record, blocks: Blocks, redactor: Redactor) -> dict[str, str]:
    """The values of a record by their marks; empty where only what is masked was kept."""
    if blocks.redacted:
        return {}
    stream = Stream()
    found: dict[str, str] = {}
    start = _line_start(blocks, record.offset)
    text = blocks.read(start, min(blocks.end, start + MOST_BYTES))
    for line in text.split(b"\n", record.raw.count("\n") + 1)[: record.raw.count("\n") + 1]:
        for mark, value in redactor.masked(line, stream):
            found[mark.decode()] = value.decode("utf-8", "replace")[:MOST_VALUE_CELLS]
    return found


def _line_start(blocks: Blocks, offset: int) -> int:
    """Where the line begins: records of one document have offsets inside it."""
    low = max(blocks.first, offset - MOST_BYTES)
    return low + blocks.read(low, offset).rfind(b"\n") + 1
