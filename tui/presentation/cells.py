"""Outside text as terminal cells: made harmless, measured, cut, and the short spellings of durations, times and ids.

Everything that comes from outside (lines, field names, file and pod names, errors) passes `display_text` before it is
drawn. Which columns a line has is decided by its drawer; colours belong to the themes, here they only have names.
"""

from __future__ import annotations

import re
from binascii import crc32
from datetime import UTC, datetime, tzinfo
from functools import lru_cache

from tui.lazy import Lazy
from tui.presentation.folding import clusters, is_single
from tui.typed import Final, Literal

SERVICE_STYLES: Final = 8
TAB_CELLS: Final = 8
MARKS_PER_BASE: Final = 3

Align = Literal["left", "right"]

_HARMFUL: Final = Lazy(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_FIRST_MARK: Final = "\u0300"
# The blocks with combining marks; what is frequent elsewhere (symbols, box drawing, CJK, kana, Hangul) is not in them.
_PERHAPS_MARKS: Final = Lazy(
    "[\u0300-\u1fff\u20d0-\u20ff\u2ce0-\u2dff\u302a-\u302f\u3099\u309a\ua66f-\uabff\ufb1e\ufe00-\ufe2f"
    "\U00010000-\U0001efff\U000e0100-\U000e01ef]"
)
_BLANK_CLOCK: Final = " " * 12


def display_text(text: str) -> str:
    """The text with everything a terminal would obey or hide made visible; applying it twice changes nothing.

    Tabs become spaces, control characters their pictures (␛), C1 and undecodable bytes `\\x9b`, invisible and
    direction-changing characters `<U+202E>`; at most three combining marks stay on one character.
    """
    if is_single(text) and text.isprintable():
        return text
    if "\t" in text:
        text = text.expandtabs(TAB_CELLS)
    text = _HARMFUL.sub(_visible, text)
    return text if text.isascii() or _PERHAPS_MARKS.search(text) is None else _with_few_marks(text)


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if code < 0xA0:
        return f"\\x{code:02x}"
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"<U+{code:04X}>"


def _with_few_marks(text: str) -> str:
    """Drop combining marks beyond the third of a character; a leading one gets a dotted circle to stand on."""
    from unicodedata import category

    kept: list[str] = []
    marks = 0
    for character in text:
        if character >= _FIRST_MARK and category(character) in ("Mn", "Me"):
            if not kept:
                kept.append("\u25cc")
            marks += 1
            if marks > MARKS_PER_BASE:
                continue
        else:
            marks = 0
        kept.append(character)
    return "".join(kept)


def cell_width(text: str) -> int:
    """How many terminal cells a display text takes."""
    if is_single(text):
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def fit(text: str, width: int, align: Align = "left") -> str:
    """The display text of any text in exactly `width` cells: padded with spaces, or cut with `…`."""
    if width <= 0:
        return ""
    # a line may be megabytes long: what cannot come into sight is not even looked at
    reach = 8 * width + 64
    beyond = len(text) > reach
    text = display_text(text[:reach] if beyond else text)
    missing = width - cell_width(text)
    if missing < 0 or (beyond and missing == 0):
        text = _cut(text, width)
    elif beyond:
        text += "…"
    missing = width - cell_width(text)
    padding = " " * missing
    return padding + text if align == "right" else text + padding


def _cut(text: str, width: int) -> str:
    if is_single(text):
        return text[: width - 1] + "…"
    end = used = 0
    for _, after, cells in clusters(text):
        if used + cells > width - 1:
            break
        end, used = after, used + cells
    head = text[:end]
    while cell_width(head + "…") > width:
        head = head[:-1]
    return head + "…"


@lru_cache(maxsize=4096)
def service_style(name: str | None) -> str:
    """The style name of a service, the same in every run; `dim` for an unknown one."""
    return f"service.{crc32(name.encode('utf-8', 'replace')) % SERVICE_STYLES}" if name else "dim"


def short_duration(duration_ns: int) -> str:
    """A duration in at most about nine cells: `12 µs`, `0.9 ms`, `84 ms`, `1.84 s`, `2 min 3 s`, `3 h 4 min`."""
    if duration_ns < 0:
        return "-" + short_duration(-duration_ns)
    if duration_ns < 100_000:
        return _below_tenth_ms(duration_ns)
    if duration_ns < 999_500_000:
        milliseconds = duration_ns / 1e6
        return f"{_plain(milliseconds, 1)} ms" if milliseconds < 9.95 else f"{milliseconds:.0f} ms"
    seconds = duration_ns / 1e9
    if seconds < 59.95:
        return f"{_plain(seconds, 2 if seconds < 9.995 else 1)} s"
    return _in_two_units(round(seconds))


def _below_tenth_ms(duration_ns: int) -> str:
    if duration_ns == 0:
        return "0 ms"
    if duration_ns < 1000:
        return f"{duration_ns} ns"
    if duration_ns >= 99_500:
        return "0.1 ms"
    microseconds = duration_ns / 1e3
    return f"{_plain(microseconds, 1) if microseconds < 9.95 else f'{microseconds:.0f}'} µs"


def _plain(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".rstrip("0").rstrip(".")


def _in_two_units(seconds: int) -> str:
    for size, unit, part_size, part_unit in ((86400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
        if seconds >= size:
            part = seconds % size // part_size
            return f"{seconds // size} {unit}" + (f" {part} {part_unit}" if part else "")
    return f"{seconds} s"


def short_id(value: str) -> str:
    """An id to recognise, not to copy: `7f3a…c1` for hex, at most twelve cells for anything else."""
    if len(value) <= 12:
        return display_text(value)
    if all(character in "0123456789abcdefABCDEF-" for character in value):
        return f"{value[:4]}…{value[-2:]}"
    return display_text(f"{value[:5]}…{value[-6:]}")


def clock(time_ns: int | None, zone: tzinfo = UTC) -> str:
    """Wall-clock time with milliseconds, always twelve cells: `14:02:09.412`; blanks for an unknown time."""
    if time_ns is None:
        return _BLANK_CLOCK
    moment = _moment(time_ns // 1_000_000_000, zone)
    if moment is None:
        return "??:??:??.???"
    return f"{moment.hour:02d}:{moment.minute:02d}:{moment.second:02d}.{time_ns // 1_000_000 % 1000:03d}"


def calendar_day(time_ns: int | None, zone: tzinfo = UTC) -> str:
    """The date of a time, `2026-11-23`; ten blanks for an unknown one."""
    moment = None if time_ns is None else _moment(time_ns // 1_000_000_000, zone)
    return f"{moment:%Y-%m-%d}" if moment else " " * 10


@lru_cache(maxsize=4096)
def _moment(seconds: int, zone: tzinfo) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, zone)
    except (OverflowError, OSError, ValueError):
        return None
