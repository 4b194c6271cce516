"""One record as lines of plain text for pipes and files: no columns to align, no styles, nothing a terminal obeys."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Final

from tui.presentation.cells import display_text
from tui.presentation.telling import telling_fields
from tui.record import Record

_SECOND_NS: Final = 1_000_000_000
_UNKNOWN: Final = "-"
_INDENT: Final = "    "
MAX_STACK_LINES: Final = 200


def plain_line(record: Record, zone: tzinfo = UTC) -> str:
    """`TIME LEVEL service message  key=value …`, then the further lines of its message and its stack, indented.

    `-` stands for what is unknown. Lines are joined by line feeds, without one at the end.
    """
    head, *further = record.message.split("\n") or [""]
    parts = [timestamp(record.time_ns, zone), (record.level or _UNKNOWN).upper().ljust(5)]
    parts += [display_text(record.service or _UNKNOWN), display_text(head)]
    line = " ".join(parts)
    pairs = [*telling_fields(record), *_main_id(record)]
    if pairs:
        line += "  " + " ".join(f"{name}={_value(text)}" for name, text in pairs)
    return "\n".join([line.rstrip(), *(_INDENT + display_text(one.rstrip()) for one in _below(record, further))])


def timestamp(time_ns: int | None, zone: tzinfo = UTC) -> str:
    """`2026-11-23T14:02:09.412Z`, with the offset of any other zone; `-` without a time."""
    if time_ns is None:
        return _UNKNOWN
    try:
        moment = datetime.fromtimestamp(time_ns // _SECOND_NS, zone)
    except (OverflowError, OSError, ValueError):
        return _UNKNOWN
    offset = moment.strftime("%z")
    shown = "Z" if offset in ("+0000", "-0000", "") else f"{offset[:3]}:{offset[3:5]}"
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{time_ns // 1_000_000 % 1000:03d}{shown}"


def _main_id(record: Record) -> list[tuple[str, str]]:
    """The id to ask `tracetail trace` for, unless the message says it."""
    main = next((one for one in record.ids if one.kind != "span"), None)
    if main is None or main.value in record.message:
        return []
    return [(main.kind, display_text(main.value))]


def _value(text: str) -> str:
    """A value that stays one word: quoted when it holds a blank or a quote."""
    if text and not any(char.isspace() or char in '"=' for char in text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _below(record: Record, further: list[str]) -> list[str]:
    """The lines that stand under the first one: the rest of the message, and the stack where that does not hold it."""
    stack = record.error.stack if record.error is not None else None
    if stack and stack.strip() not in record.message:
        further = [*further, *stack.strip("\n").split("\n")]
    while further and not further[-1].strip():
        further.pop()
    if len(further) > MAX_STACK_LINES:
        left_out = len(further) - MAX_STACK_LINES
        further = [*further[:MAX_STACK_LINES], f"… {left_out} more lines"]
    return further
