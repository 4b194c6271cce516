"""Bytes to lines, lines to the groups that form records.

A line ends at a line feed and nowhere else. A line longer than the limit is cut and says so in its own text, so that
the mark survives wherever the line goes. Which line starts a record is the parser's knowledge: it is passed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from tui.record import Line
from tui.typed import Final
from tui.values import field, mutable

MAX_LINE_BYTES: Final = 1 << 20
GROUP_REACH_BYTES: Final = 64 << 10
"""A record's lines start at most this far behind its first one, so that a reader may begin anywhere in a file."""
GROUP_MAX_LINES: Final = 1000


def cut(data: bytes, total_bytes: int | None, max_bytes: int = MAX_LINE_BYTES) -> bytes:
    """The head of an overlong line with a mark that tells what is missing; total None when its end was not seen."""
    if total_bytes is None:
        return data[:max_bytes] + b" [line cut: longer than %d bytes]" % max_bytes
    return data[:max_bytes] + b" [line cut: %d bytes left out]" % (total_bytes - max_bytes)


def strip_cr(line: bytes) -> bytes:
    return line[:-1] if line.endswith(b"\r") else line


@mutable
class LineSplitter:
    """A stream's bytes to lines, whatever the cuts between chunks; holds at most one limit's worth of bytes."""

    offset: int = 0
    """Offset of the first byte that is held."""
    max_bytes: int = MAX_LINE_BYTES
    _held: bytearray = field(default_factory=bytearray)
    _dropped: int = 0

    def feed(self, data: bytes) -> list[Line]:
        """The lines that this chunk completes."""
        lines: list[Line] = []
        begin = 0
        while (end := data.find(b"\n", begin)) >= 0:
            lines.append(self._finish(data[begin:end], 1))
            begin = end + 1
        self._hold(data[begin:])
        return lines

    def whole(self, data: bytes) -> bytes:
        """The same lines as one text, each with its line feed: much cheaper where many lines stay together."""
        end = data.rfind(b"\n") + 1
        if self._dropped or not end or len(self._held) + end > self.max_bytes:
            return b"".join(line.data + b"\n" for line in self.feed(data))
        text = bytes(self._held) + data[:end]
        self._held.clear()
        self.offset += len(text)
        self._hold(data[end:])
        return text.replace(b"\r\n", b"\n") if b"\r" in text else text

    def flush(self) -> Line | None:
        """What is held without a line feed, as a line; None when nothing is."""
        return self._finish(b"", 0) if self._held or self._dropped else None

    @property
    def pending(self) -> bool:
        return bool(self._held)

    def _hold(self, data: bytes) -> None:
        room = self.max_bytes - len(self._held)
        self._held += data[:room]
        self._dropped += max(0, len(data) - room)

    def _finish(self, tail: bytes, terminator: int) -> Line:
        self._hold(tail)
        whole = len(self._held) + self._dropped
        text = bytes(self._held)
        line = Line(self.offset, cut(text, whole, self.max_bytes) if self._dropped else strip_cr(text), self._dropped)
        self.offset += whole + terminator
        self._held.clear()
        self._dropped = 0
        return line


Starts = Callable[[bytes, Sequence[Line]], bool]
"""Whether a line starts a record; it may look at the lines of the record before, which it would else go on with."""


def group(lines: Iterable[Line], starts: Starts, origin: Callable[[bytes], bytes]) -> Iterator[tuple[Line, ...]]:
    """All lines as groups, ordered by their first line; lines of different origins may be interleaved.

    A line that continues nothing within reach forms a group of its own.
    """
    grouper = Grouper(starts, origin)
    closed = [*grouper.feed(lines), *grouper.flush()]
    closed.sort(key=lambda one: one[0].offset)
    return iter(closed)


class Grouper:
    """Groups the lines of a stream as they come; a group is closed by the next start of its origin."""

    def __init__(self, starts: Starts, origin: Callable[[bytes], bytes]) -> None:
        self._starts = starts
        self._origin = origin
        self._open: dict[bytes, list[Line]] = {}

    def feed(self, lines: Iterable[Line]) -> list[tuple[Line, ...]]:
        closed: list[tuple[Line, ...]] = []
        starts = self._starts
        for line in lines:
            origin = self._origin(line.data)
            group = self._open.get(origin)
            if (
                group is not None
                and continues(group[0].offset, len(group), line.offset)
                and not starts(line.data, group)
            ):
                group.append(line)
                continue
            if group is not None:
                closed.append(tuple(group))
            self._open[origin] = [line]
        return closed

    def close_headless(self) -> list[tuple[Line, ...]]:
        """Close the groups that begin with a line which starts nothing: what comes next begins afresh.

        A reader that begins here would not know of them, and must find the same groups.
        """
        headless = [origin for origin, lines in self._open.items() if not self._starts(lines[0].data, ())]
        return [tuple(self._open.pop(origin)) for origin in headless]

    def flush(self) -> list[tuple[Line, ...]]:
        """Whatever is still open, in order."""
        closed = sorted((tuple(group) for group in self._open.values()), key=lambda one: one[0].offset)
        self._open.clear()
        return closed


def continues(start_offset: int, lines_so_far: int, offset: int) -> bool:
    """Whether a line at this offset may still belong to a group that began at start_offset."""
    return offset - start_offset < GROUP_REACH_BYTES and lines_so_far < GROUP_MAX_LINES
