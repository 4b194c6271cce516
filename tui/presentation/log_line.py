"""A record as lines of cells: time, level, service, message, the fields that say most, the short id at the right edge.

Every text from outside passes `display_text` here. The width decides which columns there are: at 80 cells the short id
goes, and the service column narrows, before the message suffers.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, tzinfo

from tui.lazy import Lazy
from tui.presentation.cells import cell_width, clock, display_text, fit, service_style, short_id
from tui.presentation.folding import folded, without
from tui.presentation.telling import telling_fields
from tui.record import Drawn, Piece, Record
from tui.typed import Final
from tui.values import frozen

Highlights = Callable[[str], list[tuple[int, int]]]

WIDE: Final = 100
WRAPPED_LINES: Final = 200
LEVEL_WORDS: Final = {
    "trace": "TRACE",
    "debug": "DEBUG",
    "info": "INFO",
    "warn": "WARN",
    "error": "ERROR",
    "fatal": "FATAL",
}
_MARK = Lazy(r"\[[a-z][a-z0-9-]*#[^\]\s]{1,40}\]")
_LONG_ID = Lazy(
    r"(?<![\w-])(?:[A-Za-z_][\w.-]{1,40}[=:] ?)?\"?"
    r"(?:[0-9a-f]{16,64}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\"?(?![\w-])"
)


@frozen
class LineLook:
    """How lines are drawn: everything that is the same for all rows of a pane."""

    width: int
    zone: tzinfo = UTC
    wrap: bool = False
    shift: int = 0
    """Cells by which the message is scrolled to the right."""
    highlights: Highlights | None = None


def draw_record(
    record: Record, look: LineLook, *, same_service: bool = False, current: bool = False
) -> tuple[Drawn, ...]:
    """One record as one line, a folded line for its error, or more lines when wrapping; each exactly `width` wide."""
    head = _head(record, look, same_service, current)
    used = sum(cell_width(text) for text, _ in head)
    tail = _tail(record, look)
    room = max(1, look.width - used - sum(cell_width(text) for text, _ in tail))
    body = _body(record, look)
    lines: list[Drawn] = []
    if look.wrap:
        for number, part in enumerate(_wrapped(body, room)):
            lead = head if number == 0 else (_bar(current), (" " * (used - 1), "text"))
            lines.append((*lead, *part, *(tail if number == 0 else _blank(tail))))
    else:
        lines.append((*head, *_cut(body, look.shift, room), *tail))
    if (parts := _error_parts(record)) is not None:
        pieces = [("╰ " + parts[0], "error"), (parts[1], "dim")]
        lines.append((_bar(current), (" " * (used - 1), "text"), *_cut(pieces, 0, max(1, look.width - used))))
    return tuple(lines)


def error_summary(record: Record) -> str | None:
    """`PaymentDeclined: card declined   payment/charge.py:88 in authorize   (+6 frames)`, or None without a stack."""
    parts = _error_parts(record)
    return "".join(parts) if parts is not None else None


def _error_parts(record: Record) -> tuple[str, str] | None:
    if record.error is None or not record.error.stack:
        return None
    # who reads stacks is loaded with the first of them
    from tui.presentation.fault_lines import summary_of

    return summary_of(record.error)


def message_of(record: Record, most: int | None = None) -> str:
    """The message, or its first `most` letters, on one line, harmless; a stack in it is left to the folded line."""
    text = record.message[:most]
    if record.error is not None and record.error.stack and "\n" in text:
        text = text.split("\n", 1)[0]
    return display_text(text.replace("\n", " ⏎ "))


def _head(record: Record, look: LineLook, same_service: bool, current: bool) -> tuple[Piece, ...]:
    level = record.level
    word = LEVEL_WORDS.get(level or "", "")
    time = clock(record.time_ns, look.zone) if record.time_ns is not None else ""
    time_width, service_width = (12, 14) if look.width >= WIDE else (12, 10) if look.width >= 60 else (8, 0)
    style = "time" if record.time_source != "arrival" else "dim"
    pieces: list[Piece] = [_bar(current), (fit(time[:time_width], time_width), style), ("  ", "text")]
    pieces += [(fit(word, 5), f"level.{level or 'none'}"), ("  ", "text")]
    if service_width:
        service = display_text(record.service or "")
        pieces += [
            (fit(service, service_width), "dim" if same_service or not service else service_style(service)),
            ("  ", "text"),
        ]
    return tuple(pieces)


def _tail(record: Record, look: LineLook) -> tuple[Piece, ...]:
    if look.width < WIDE:
        return ()
    main = next((one for one in record.ids if one.kind != "span"), None)
    return ("  ", "text"), (fit(display_text(short_id(main.value)) if main else "", 7), "id")


def _blank(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    return tuple((" " * cell_width(text), "text") for text, _ in pieces)


def _bar(current: bool) -> Piece:
    return ("▌", "key") if current else (" ", "text")


def _body(record: Record, look: LineLook) -> list[Piece]:
    style = "text" if (record.severity or 9) >= 9 else "dim"
    # a message may be megabytes long: what cannot come into sight is not even looked at
    reach = 4 * ((WRAPPED_LINES if look.wrap else 1) * look.width + look.shift) + 64
    body = _styled(message_of(record, reach), style, look.highlights)
    if len(record.message) <= reach:
        for name, value in telling_fields(record):
            body.append(("  ", "dim"))
            body += _styled(f"{name}={value}", "dim", look.highlights)
    for note in record.notes:
        body += [("  ", "dim"), (display_text(f"({note})"), "hint")]
    return body


def _styled(text: str, style: str, highlights: Highlights | None) -> list[Piece]:
    """A text with its redaction marks and matches set apart, and long ids, which stand at the edge, kept back."""
    spans = [(*match.span(), "dim") for match in _LONG_ID.finditer(text)]
    spans += [(*match.span(), "mark") for match in _MARK.finditer(text)]
    if highlights is not None:
        spans += [(start, end, "match") for start, end in highlights(text)]
    if not spans:
        return [(text, style)]
    names = [style] * len(text)
    for start, end, name in spans:
        names[start:end] = [name] * len(names[start:end])
    pieces: list[Piece] = []
    begin = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or names[at] != names[begin]:
            pieces.append((text[begin:at], names[begin]))
            begin = at
    return pieces


def _cut(pieces: list[Piece], shift: int, room: int) -> list[Piece]:
    """The cells from `shift` on, exactly `room` wide; an ellipsis says that there is more."""
    cut: list[Piece] = []
    width = 0
    for text, style in pieces:
        if shift > 0:
            text, shift = without(text, shift)
        size = cell_width(text)
        if width + size > room:
            cut.append((fit(text, room - width) if width < room else "", style))
            return _with_ellipsis(cut)
        if text:
            cut.append((text, style))
            width += size
    if width < room:
        cut.append((" " * (room - width), "text"))
    return cut


def _with_ellipsis(pieces: list[Piece]) -> list[Piece]:
    """Where a piece was left out whole, the last one shown ends with the ellipsis."""
    if not pieces[-1][0]:
        text, style = pieces[-2]
        return [*pieces[:-2], (fit(text + "…", cell_width(text)), style)]
    return pieces


def _wrapped(pieces: list[Piece], room: int, most: int = WRAPPED_LINES) -> list[list[Piece]]:
    """The pieces over as many lines as they need, each exactly `room` wide; at most `most` lines."""
    lines: list[list[Piece]] = [[]]
    width = 0
    for text, style in pieces:
        for number, part in enumerate(folded(text, room, width)):
            if number:
                if len(lines) == most:
                    return _filled(lines, room)
                lines.append([])
                width = 0
            lines[-1].append((part, style))
            width += cell_width(part)
    return _filled(lines, room)


def _filled(lines: list[list[Piece]], room: int) -> list[list[Piece]]:
    for line in lines:
        missing = room - sum(cell_width(text) for text, _ in line)
        if missing > 0:
            line.append((" " * missing, "text"))
    return lines
