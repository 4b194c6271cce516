"""The lines that form records: redacted, and put together, for a stretch of a source or around places in it.

A stretch may begin anywhere; whether its first lines go on with a record is decided by the lines before it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from tui.framing import GROUP_REACH_BYTES, MAX_LINE_BYTES, Grouper, cut, strip_cr
from tui.parsing.parser import Parser
from tui.parsing.wrappers import DOCKER
from tui.record import Line
from tui.redaction.redactor import Redactor, Stream
from tui.store.blocks import Blocks
from tui.store.needles import find
from tui.store.scratch import Scratch, scratch
from tui.typed import Final

LINE_BYTES: Final = 4 << 10
"""Few lines are longer."""
PROBE_BYTES: Final = 8 << 10
FEW_SPOTS: Final = 16
"""With more spots than this in a page, reading all of it takes no longer."""
CONTEXT_LINES: Final = 2
"""So many lines above a record tell whether its first line holds the value of a key above it."""
NEIGHBOURS: Final = ((CONTEXT_LINES, 2), (12, 12), (100, 200))
"""How many lines around a spot are looked at for its record, a few at first."""
INTERLEAVED_RECORDS: Final = 32
PEM_LOOKBACK_BYTES: Final = 16 << 10
AHEAD_BYTES: Final = 8 << 10
"""So much is read behind a spot at first: most records end within it."""
AROUND_BYTES: Final = 2 * PEM_LOOKBACK_BYTES
"""So far around a spot the lines tell of nearly every record; where they do not, all is read."""
_BASE64_ROW: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")


class Groups:
    """Of one source."""

    def __init__(self, blocks: Blocks, redactor: Redactor, parser: Parser) -> None:
        self._blocks = blocks
        self._redactor = redactor
        self._parser = parser
        self._told: dict[int, tuple[Line, ...]] = {}
        """The record of each line that was last asked for: a spot near the begin of a stretch is asked for twice."""

    def of(self, start: int, stop: int) -> tuple[list[tuple[Line, ...]], Mapping[str, int]]:
        """The redacted lines of each record that begins in the stretch, and what redaction did to them."""
        lines, counts = self._redact(self._lines(start, stop), start, stop)
        grouper = Grouper(self._parser.starts, self._parser.origin)
        if lines and not self._clear_head(lines, stop):
            grouper.feed(self._lines_before(lines[0].offset))
            grouper.close_headless()
        behind = next((at for at, line in enumerate(lines) if line.offset >= stop), len(lines))
        found = grouper.feed(lines[:behind])
        found += grouper.close_headless()
        found += grouper.feed(lines[behind:])
        found += grouper.flush()
        own = [one for one in found if start <= one[0].offset < stop]
        own.sort(key=lambda one: one[0].offset)
        return own, counts

    def at(self, start: int, stop: int, spots: Sequence[int]) -> list[tuple[Line, ...]] | None:
        """The redacted lines of the records that begin in a stretch and have a line at one of the spots.

        None where that cannot be told from the lines around them, or takes no less than reading the whole stretch.
        """
        near = [at for at in spots if at < stop + GROUP_REACH_BYTES]
        if len(near) > FEW_SPOTS:
            return self._alone(start, stop, near) if self._parser.objects_stand_alone else None
        known, told = self._told, dict[int, tuple[Line, ...]]()
        for at in near:
            group = told.get(at) or known.get(at) or self._around(at)
            if group is None:
                return None
            told.update((line.offset, group) for line in group)
        if self._told is known:  # else the bytes have changed meanwhile
            self._told = told
        found = {group[0].offset: group for group in told.values() if start <= group[0].offset < stop}
        return [found[offset] for offset in sorted(found)]

    def _alone(self, start: int, stop: int, spots: Sequence[int]) -> list[tuple[Line, ...]] | None:
        """The same for lines that are objects and a record each; None where one of them, or the next line, is not."""
        low = max(self._blocks.piece(start)[0], self._blocks.first, start - AROUND_BYTES)
        data = self._blocks.read(low, min(stop + GROUP_REACH_BYTES, self._blocks.piece(start)[1]))
        if not self._blocks.redacted and find(data, b"-----BEGIN", 0, len(data)) >= 0:
            # what a line may show depends on a line that may be far above it
            return None
        lines: list[Line] = []
        for at in spots:
            begin, end = at - low, data.find(b"\n", at - low)
            if end < 0 or data[begin : begin + 1] != b"{" or data[end + 1 : end + 2] != b"{":
                return None
            if at < stop:
                text = strip_cr(data[begin:end])
                if text.startswith(DOCKER) or len(text) > MAX_LINE_BYTES:
                    return None
                lines.append(Line(at, text))
        return [(line,) for line in self._redact_lines(lines, Stream())[0] if line.offset >= start]

    def forget(self) -> None:
        """The bytes have changed."""
        self._told = {}

    def _around(self, at: int) -> tuple[Line, ...] | None:
        """The record that has a line at this offset, told by the lines around it."""
        blocks = self._blocks
        low = max(blocks.piece(at)[0], blocks.first, at - AROUND_BYTES)
        for ahead in (AHEAD_BYTES, AROUND_BYTES):
            data = scratch(at + ahead - low)
            size = blocks.readinto(low, memoryview(data)[: at + ahead - low])
            if not blocks.redacted and find(data, b"-----BEGIN", 0, size) >= 0:
                # what a line may show depends on a line that may be far above it
                return None
            begin = data.rfind(b"\n", 0, min(size, at - low)) + 1
            group = self._group_around(data, size, low, begin)
            if group is not None or size < at + ahead - low:
                return group
        return None

    def _group_around(self, data: Scratch, size: int, low: int, begin: int) -> tuple[Line, ...] | None:
        """The record that has the line which begins at this index of so many bytes, if the lines around it tell."""
        for back, ahead in NEIGHBOURS:
            first = begin
            for _ in range(back):
                first = data.rfind(b"\n", 0, max(0, first - 1)) + 1
            if first == 0 and low > self._blocks.piece(low)[0]:
                return None
            last = begin
            for _ in range(ahead):
                last = data.find(b"\n", last, size) + 1
                if last == 0:
                    return None
            texts = bytes(memoryview(data)[first : last - 1]).split(b"\n")
            lines, offset = [], low + first
            for text in texts:
                lines.append(Line(offset, strip_cr(text)))
                offset += len(text) + 1
            group = self._group_of(low + begin, self._redact_lines(lines, Stream())[0], first == 0)
            if group is not None:
                return group
        return None

    def _group_of(self, offset: int, lines: Sequence[Line], whole: bool) -> tuple[Line, ...] | None:
        """The group that has the line at this offset; None when its begin or its end may not be among the lines.

        The first lines only tell the redactor what stands above, unless nothing stands above them.
        """
        at = next(index for index, line in enumerate(lines) if line.offset == offset)
        if any(len(line.data) > LINE_BYTES * 16 for line in lines):
            return None
        parser = self._parser
        origin = parser.origin(lines[at].data)
        lowest = 0 if whole else CONTEXT_LINES
        own = [line for line in lines[lowest : at + 1] if parser.origin(line.data) == origin]
        start = next((index for index in reversed(range(len(own))) if parser.begins(own[index].data)), None)
        if start is None:
            return None
        behind = [line for line in lines[at + 1 :] if parser.origin(line.data) == origin]
        grouper = Grouper(parser.starts, lambda _line: origin)
        closed = grouper.feed([*own[start:], *behind])
        return next((group for group in closed if any(line.offset == offset for line in group)), None)

    def last_open(self, groups: Sequence[tuple[Line, ...]], stop: int) -> int:
        """Where to read again when more was written: the last record, or the last ones of interleaved streams."""
        latest: dict[bytes, int] = {}
        for one in groups[-INTERLEAVED_RECORDS:]:
            latest[self._parser.origin(one[0].data)] = one[0].offset
        return min(latest.values(), default=stop)

    def _lines(self, start: int, stop: int) -> list[Line]:
        """The lines that begin in the stretch, and behind it those that may continue its last records."""
        piece = self._blocks.piece(start)[0]
        begin = start if start == piece else start - 1
        data = self._blocks.read(begin, stop + GROUP_REACH_BYTES)
        limit = begin + len(data)
        lines: list[Line] = []
        at = 0
        if begin < start:
            at = data.find(b"\n") + 1
            if at == 0:
                return lines
        while begin + at < limit:
            end = data.find(b"\n", at)
            if end < 0:
                if begin + at < stop or not self._parser.begins(data[at : at + PROBE_BYTES]):
                    lines.append(self._long_line(begin + at, data[at:]))
                break
            text = data[at:end]
            lines.append(Line(begin + at, cut(text, len(text)) if len(text) > MAX_LINE_BYTES else strip_cr(text)))
            at = end + 1
        return lines

    def _long_line(self, offset: int, head: bytes) -> Line:
        """A line whose end lies behind what was read; looked for as far as the length limit."""
        data = head + self._blocks.read(offset + len(head), offset + MAX_LINE_BYTES + 1)
        end = data.find(b"\n")
        if end >= 0:
            return Line(offset, strip_cr(data[:end]))
        return Line(offset, cut(data, None) if len(data) > MAX_LINE_BYTES else strip_cr(data))

    def _redact(self, lines: list[Line], start: int, stop: int) -> tuple[list[Line], Mapping[str, int]]:
        """The lines as they may be shown, and what was done to those that begin before `stop`."""
        if self._blocks.redacted or not lines:
            return lines, {}
        stream = Stream()
        if _looks_like_key_material(lines[0].data):
            # the stretch may begin inside a private key: let the redactor see where it was opened
            before = max(self._blocks.piece(start)[0], start - PEM_LOOKBACK_BYTES)
            self._redactor.block(self._blocks.read(before, start).rstrip(b"\n"), stream)
        behind = bisect_left(lines, stop, key=lambda one: one.offset)
        own, counts = self._redact_lines(lines[:behind], stream)
        return own + self._redact_lines(lines[behind:], stream)[0], counts

    def _redact_lines(self, lines: list[Line], stream: Stream) -> tuple[list[Line], Mapping[str, int]]:
        if self._blocks.redacted or not lines:
            return lines, {}
        before_text = b"\n".join(line.data for line in lines)
        after_text, counts = self._redactor.block(before_text, stream)
        if after_text is before_text:
            return lines, counts
        texts = after_text.split(b"\n")
        return [Line(line.offset, text) for line, text in zip(lines, texts, strict=True)], counts

    def _clear_head(self, lines: list[Line], stop: int) -> bool:
        """Whether the first line of every origin starts a record, whatever stands before the page."""
        parser = self._parser
        begun: set[bytes] = set()
        for line in lines:
            if line.offset >= stop:
                break
            origin = parser.origin(line.data)
            if origin not in begun:
                if not parser.begins(line.data):
                    return False
                begun.add(origin)
                if not origin:
                    break
        return True

    def _lines_before(self, start: int) -> list[Line]:
        """The redacted lines before a page, as far back as decides which of its lines go on with a record there.

        Twice the reach: what starts a record within one reach of the page is decided by the lines of another.
        """
        piece = max(self._blocks.piece(start)[0], self._blocks.first)
        low = max(piece, start - 2 * GROUP_REACH_BYTES)
        data = self._blocks.read(low, start).removesuffix(b"\n")
        skipped = 0 if low == piece else data.find(b"\n") + 1
        if start <= piece or (low > piece and not skipped):
            return []
        lines: list[Line] = []
        at = low + skipped
        for text in data[skipped:].split(b"\n"):
            lines.append(Line(at, strip_cr(text)))
            at += len(text) + 1
        return self._redact(lines, low, start)[0]


def _looks_like_key_material(line: bytes) -> bool:
    text = line.strip()
    return len(text) >= 32 and _BASE64_ROW.issuperset(text)
