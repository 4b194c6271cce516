"""The end of the logs on the screen before the viewer is there, in the viewer's own layout.

Loading the viewer's code takes many times as long as reading and redacting a screenful. Only what can be read at once
takes part: plain files without a query. For everything else the viewer draws first itself.
"""

from __future__ import annotations

import os
import signal
import stat
import sys
import termios
import time
from collections.abc import Mapping, Sequence

from tui.parsing.parser import Parser
from tui.pipeline.track import Track
from tui.presentation.cells import clock
from tui.presentation.ink import Depth, Ink
from tui.presentation.log_line import LineLook, draw_record
from tui.presentation.status_line import QUERY_HINT, SourceLook, Totals, sources_line, totals_line
from tui.record import Drawn, Record
from tui.redaction.redactor import Redactor
from tui.session.masking import redactor_of
from tui.settings import Settings, load
from tui.sources.names import Names
from tui.sources.opening import open_reader
from tui.sources.reader import Reader
from tui.sources.spec import parse_spec, service_of
from tui.store.blocks import FileBlocks
from tui.store.order import Entry
from tui.typed import Any, Final

MOST_FILES: Final = 8
STRETCHES: Final = (24 << 10, 256 << 10)
"""Bytes to read from the end of each file: for most screenfuls, and where those are too few lines."""
SPARE_LINES: Final = 4
"""So many more lines than rows are read first, of those that begin a record."""
HARMLESS: Final = {
    "--follow": ("follow", True),
    "--no-follow": ("follow", False),
    "--mouse": ("mouse", True),
    "--no-mouse": ("mouse", False),
    "--debug": ("debug", True),
}
"""Flags that do not change what the first screenful shows, and the settings that they are."""
CHROME_ROWS: Final = 3
TAKE: Final = "\x1b[?1049h\x1b[?25l\x1b[H"
"""The other screen, no cursor, from its top left corner."""
SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GIVE_BACK: Final = b"\x1b[?1049l\x1b[?25h"


class FirstScreen:
    """What stands on the terminal until the viewer takes over."""

    def __init__(self, words: Sequence[str], redactor: Redactor, modes: list[Any]) -> None:
        self.paths = [word for word in words if word not in HARMLESS]
        self.flags = dict(HARMLESS[word] for word in words if word in HARMLESS)
        """Settings by name, as the command line gives them."""
        self.redactor = redactor
        """The one whose marks are on the screen."""
        self.modes = modes
        """The terminal's line settings as they were found."""
        self._standing = True
        for number in SIGNALS:
            signal.signal(number, self._end)

    def hand_over(self) -> None:
        """The viewer draws from now on: it finds the line settings as they were, and the lines where they are."""
        self._standing = False
        for number in SIGNALS:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
        try:
            termios.tcsetattr(0, termios.TCSANOW, self.modes)
        except termios.error:
            return

    def __enter__(self) -> FirstScreen:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """When the viewer cannot be had, the terminal is put back."""
        if self._standing and kind is not None:
            self._take_away()

    def _take_away(self) -> None:
        self.hand_over()
        try:
            _write(GIVE_BACK)
        except OSError:
            return

    def _end(self, number: int, frame: object) -> None:
        """A signal while the viewer is being loaded."""
        self._take_away()
        os._exit(128 + number)


def draw(words: Sequence[str], environment: Mapping[str, str] = os.environ) -> FirstScreen | None:
    """The first screenful for these arguments, on the terminal; None when it is left to the viewer.

    Never raises and never complains: whatever is wrong, the viewer finds it, too, and says it.
    """
    if not _is_plain(words, environment):
        return None
    try:
        settings = load({}, environment)
        if settings.query or settings.level or settings.redact == "off":
            return None
        redactor = redactor_of(settings, environment)
        readers = _open([word for word in words if word not in HARMLESS])
        if not readers:
            return None
        try:
            text = _screen(readers, settings, redactor, environment)
        finally:
            for reader in readers.values():
                reader.close()
        modes = termios.tcgetattr(0)
        quiet = [*modes[:3], modes[3] & ~termios.ECHO, *modes[4:]]
        # what is typed now waits for the viewer, and must not be echoed over the lines
        termios.tcsetattr(0, termios.TCSANOW, quiet)
        first = FirstScreen(words, redactor, modes)
        _write(text.encode("utf-8", "replace"))
    except Exception:
        return None
    return first


def _is_plain(words: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Whether nothing but files are to be shown, on a terminal that can show them."""
    if environment.get("TERM", "dumb") in ("dumb", "unknown") or not all(map(os.isatty, (0, 1, 2))):
        return False
    return all(word in HARMLESS or (word[:1] != "-" and _is_file(word)) for word in words)


def _is_file(path: str) -> bool:
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def _open(paths: Sequence[str]) -> dict[str, Reader]:
    """Readers by the names that the viewer gives; none when one of them is nothing that can be read at once."""
    absolute = dict.fromkeys(os.path.abspath(parse_spec(path).target) for path in paths)
    if not 0 < len(absolute) <= MOST_FILES:
        return {}
    readers: dict[str, Reader] = {}
    for path, name in Names().give(absolute).items():
        readers[name] = open_reader(path)
        if type(readers[name]) is not Reader:
            return {}
    return readers


def _screen(
    readers: Mapping[str, Reader], settings: Settings, redactor: Redactor, environment: Mapping[str, str]
) -> str:
    """All rows of the screen, as the viewer will draw them."""
    size = os.get_terminal_size(1)
    width, height = size.columns, size.lines - CHROME_ROWS
    name = "plain" if "NO_COLOR" in environment else settings.theme
    ink = Ink(name, _depth(environment))
    looks = [SourceLook(one, "live") for one in readers]
    zone = settings.zone()
    now = clock(time.time_ns(), zone)[:8] + ("Z" if settings.tz == "UTC" else "")
    rows: list[Drawn] = []
    for stretch in STRETCHES:
        records = _newest(readers, settings, redactor, height, stretch)
        rows = _rows(records, LineLook(width - 1, zone), height)
        if len(rows) >= height - 1 or all(reader.size() <= stretch for reader in readers.values()):
            break
    rows += [()] * (height - len(rows))
    rows[-1] = (*rows[-1], ("▐", "dim")) if rows[-1] else ()
    hint: Drawn = ((" / ", "bold"), (QUERY_HINT, "dim"))
    lines = [
        ink.line(sources_line(looks, width, " " * 8, now), width, chrome=True),
        ink.line(hint, width, chrome=True),
        *(ink.line(row, width) for row in rows),
        ink.line(totals_line(Totals(), looks, width), width, chrome=True),
    ]
    return TAKE + "\r\n".join(lines)


def _newest(
    readers: Mapping[str, Reader], settings: Settings, redactor: Redactor, count: int, stretch: int
) -> list[Record]:
    """The newest records of all files, in the order of time, as far as the last bytes of each tell them."""
    entries: list[Entry] = []
    surely_from = -(1 << 63)
    for number, (name, reader) in enumerate(readers.items()):
        blocks = FileBlocks()
        blocks.open_segment(reader, reader.size())
        parser = Parser(name, zone=settings.zone(), service=service_of(name))
        reference_ns = reader.mtime_ns or time.time_ns()
        track = Track(name, number, blocks, redactor, parser, reference_ns=reference_ns)
        start = max(blocks.first, blocks.end - stretch)
        if stretch == STRETCHES[0]:
            start += _last_lines(blocks.read(start, blocks.end), count + SPARE_LINES)
        found = track.fresh(start, blocks.end).entries
        if start > blocks.first and found:
            # before its stretch a file may have more lines, which would stand between those of the others
            surely_from = max(surely_from, found[0].time_ns)
        entries += found
    entries.sort(key=lambda one: one[:3])
    newest = entries[-count:]
    return [one.record for one in newest if one.record is not None and one.time_ns >= surely_from]


def _last_lines(data: bytes, count: int) -> int:
    """Where the last lines begin; those that are indented come on top of the count, since they seem to go on a record."""
    at = len(data)
    while count > 0 and (at := data.rfind(b"\n", 0, max(0, at - 1)) + 1) > 0:
        count -= data[at : at + 1] not in b" \t"
    return at


def _rows(records: Sequence[Record], look: LineLook, height: int) -> list[Drawn]:
    """The last lines of these records, the last record being the current one."""
    rows: list[Drawn] = []
    for at in range(len(records) - 1, -1, -1):
        lines = draw_record(
            records[at],
            look,
            same_service=at > 0 and records[at - 1].service == records[at].service and len(rows) + 1 < height,
            current=at == len(records) - 1,
        )
        if len(rows) + len(lines) > height:
            break
        rows[:0] = lines
    return rows


def _depth(environment: Mapping[str, str]) -> Depth:
    """As Textual will choose it."""
    if environment.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return "truecolor"
    return "256" if "256color" in environment.get("TERM", "") else "16"


def _write(data: bytes) -> None:
    sys.stdout.flush()
    while data:
        data = data[os.write(1, data) :]
