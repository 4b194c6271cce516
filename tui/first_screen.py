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
from collections.abc import Callable, Mapping, Sequence

from tui.parsing.parser import Parser
from tui.pipeline.track import Track
from tui.presentation.cells import clock
from tui.presentation.ink import Depth, Ink
from tui.presentation.log_line import LineLook, draw_record
from tui.presentation.status_line import QUERY_HINT, SourceLook, Totals, sources_line, totals_line
from tui.record import Drawn
from tui.redaction.redactor import Redactor
from tui.session.masking import redactor_of
from tui.settings import Settings, load
from tui.sources.names import Names
from tui.sources.opening import open_reader
from tui.sources.reader import Reader
from tui.sources.spec import parse_spec, service_of
from tui.store.blocks import FileBlocks
from tui.store.order import Entry, Key
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
GIVE_BACK: Final = "\x1b[?1049l\x1b[?25h"


class FirstScreen:
    """What stands on the terminal until the viewer takes over."""

    def __init__(self, words: Sequence[str], sight: Sight, redactor: Redactor, modes: list[Any]) -> None:
        self.paths = [word for word in words if word not in HARMLESS]
        self.flags = dict(HARMLESS[word] for word in words if word in HARMLESS)
        """Settings by name, as the command line gives them."""
        self.sight = sight
        self.redactor = redactor
        """The one whose marks are on the screen."""
        self.typed = b""
        """What was read of the keys before the viewer was there."""
        self.stop_reading: Callable[[], bytes] = bytes
        """Ends the reading of keys, if they are being read; what was read."""
        self.modes = modes
        """The terminal's line settings as they were found."""
        self._standing = True
        for number in SIGNALS:
            signal.signal(number, self._end)

    def hand_over(self) -> None:
        """The viewer draws from now on: it finds the line settings as they were, and the lines where they are."""
        self._standing = False
        self.typed = self.stop_reading()
        self.sight.close()
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
            write(GIVE_BACK)
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
        sight = Sight(readers, settings, redactor, environment)
        text = TAKE + screenful(sight)
        modes = termios.tcgetattr(0)
        # what is typed now is a key each, and must not be echoed over the lines
        quiet = [*modes[:3], modes[3] & ~(termios.ECHO | termios.ICANON), *modes[4:]]
        termios.tcsetattr(0, termios.TCSANOW, quiet)
        first = FirstScreen(words, sight, redactor, modes)
        write(text)
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


class Sight:
    """The files as far as they can be read at once, and the screen that shows them."""

    def __init__(
        self, readers: Mapping[str, Reader], settings: Settings, redactor: Redactor, environment: Mapping[str, str]
    ) -> None:
        size = os.get_terminal_size(1)
        self.width, self.height = size.columns, size.lines - CHROME_ROWS
        """Of the screen, and of the rows between the chrome."""
        self.settings = settings
        self._readers = readers
        self._redactor = redactor
        self._ink = Ink("plain" if "NO_COLOR" in environment else settings.theme, _depth(environment))
        self._zone = settings.zone()
        self._look = LineLook(self.width - 1, self._zone)
        self._tracks = [self._track(*one) for one in enumerate(readers.items())]

    def _track(self, number: int, named: tuple[str, Reader]) -> Track:
        name, reader = named
        blocks = FileBlocks()
        blocks.open_segment(reader, reader.size())
        parser = Parser(name, zone=self._zone, service=service_of(name))
        return Track(name, number, blocks, self._redactor, parser, reference_ns=reader.mtime_ns or time.time_ns())

    @property
    def small(self) -> bool:
        """Whether little is read of the files because there is no more."""
        return all(track.blocks.end - track.blocks.first <= STRETCHES[0] for track in self._tracks)

    def newest(self, count: int) -> list[Entry]:
        """The last records of all files, in the order of time, as far as the last bytes of each tell them; enough for
        about so many rows."""
        found: list[Entry] = []
        for stretch in STRETCHES:
            found = self._last(count, stretch)
            if sum(map(rows_of, found)) >= count or all(track.blocks.end <= stretch for track in self._tracks):
                break
        return found[-count:]

    def _last(self, count: int, stretch: int) -> list[Entry]:
        entries: list[Entry] = []
        surely_from = -(1 << 63)
        for track in self._tracks:
            blocks = track.blocks
            start = max(blocks.first, blocks.end - stretch)
            if stretch == STRETCHES[0]:
                start += _last_lines(blocks.read(start, blocks.end), count + SPARE_LINES)
            found = track.fresh(start, blocks.end).entries
            if start > blocks.first and found:
                # before its stretch a file may have more lines, which would stand between those of the others
                surely_from = max(surely_from, found[0].time_ns)
            entries += found
        entries.sort(key=_place)
        return [one for one in entries if one.time_ns >= surely_from]

    def oldest(self, count: int) -> list[Entry]:
        """The first records, in the same way."""
        entries: list[Entry] = []
        surely_to = 1 << 63
        for track in self._tracks:
            blocks = track.blocks
            stop = min(blocks.end, blocks.first + STRETCHES[0])
            stop = blocks.first + _first_lines(blocks.read(blocks.first, stop), count + SPARE_LINES)
            found = track.fresh(blocks.first, stop).entries
            if stop < blocks.end and found:
                surely_to = min(surely_to, found[-1].time_ns)
            entries += found
        entries.sort(key=_place)
        return [one for one in entries if one.time_ns <= surely_to][:count]

    def lines(self, entries: Sequence[Entry], at: int, *, current: bool = False) -> tuple[Drawn, ...]:
        """One of these records as rows."""
        record, above = entries[at].record, entries[at - 1].record if at else None
        assert record is not None
        same = above is not None and above.service == record.service
        return draw_record(record, self._look, same_service=same, current=current)

    def share(self, entry: Entry) -> float:
        """How far down in its file a record stands."""
        blocks = self._tracks[entry.track].blocks
        return (entry.offset - blocks.first) / max(1, blocks.end - blocks.first)

    def text(self, rows: Sequence[Drawn], thumb: int, *, following: bool = True) -> str:
        """All of the screen, as the viewer will draw it; the thumb is the row with the mark of the place in the log."""
        ink, width = self._ink, self.width
        looks = [SourceLook(one, "live") for one in self._readers]
        now = clock(time.time_ns(), self._zone)[:8] + ("Z" if self.settings.tz == "UTC" else "")
        shown = [(*row, ("▐", "dim")) if at == thumb else row for at, row in enumerate(rows)]
        lines = [
            ink.line(sources_line(looks, width, " " * 8, now), width, chrome=True),
            ink.line(((" / ", "bold"), (QUERY_HINT, "dim")), width, chrome=True),
            *(ink.line(row, width) for row in shown),
            *(ink.line((), width) for _ in range(self.height - len(rows))),
            ink.line(totals_line(Totals(following=following), looks, width), width, chrome=True),
        ]
        return "\r\n".join(lines)

    def close(self) -> None:
        """Let go of the files."""
        for reader in self._readers.values():
            reader.close()


def screenful(sight: Sight) -> str:
    """The screen with the last records, the very last one being the current one."""
    entries = sight.newest(sight.height + 1)
    rows: list[Drawn] = []
    for at in range(len(entries) - 1, -1, -1):
        lines = sight.lines(entries, at, current=at == len(entries) - 1)
        if len(rows) + len(lines) > sight.height:
            break
        rows[:0] = lines
    return sight.text(rows, sight.height - 1)


def rows_of(entry: Entry) -> int:
    """How many rows a record takes: one, and another for its error."""
    record = entry.record
    return 2 if record is not None and record.error is not None and record.error.stack else 1


def _place(entry: Entry) -> Key:
    return entry[:3]


def _last_lines(data: bytes, count: int) -> int:
    """Where the last lines begin; those that are indented come on top of the count, since they seem to go on a record."""
    at = len(data)
    while count > 0 and (at := data.rfind(b"\n", 0, max(0, at - 1)) + 1) > 0:
        count -= data[at : at + 1] not in b" \t"
    return at


def _first_lines(data: bytes, count: int) -> int:
    """Where the first lines end, counted likewise."""
    at = 0
    while count > 0 and (after := data.find(b"\n", at) + 1) > 0:
        at = after
        count -= data[at : at + 1] not in b" \t"
    return at or len(data)


def _depth(environment: Mapping[str, str]) -> Depth:
    """As Textual will choose it."""
    if environment.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return "truecolor"
    return "256" if "256color" in environment.get("TERM", "") else "16"


def write(text: str) -> None:
    """Send a text to the terminal."""
    sys.stdout.flush()
    data = text.encode("utf-8", "replace")
    while data:
        data = data[os.write(1, data) :]
