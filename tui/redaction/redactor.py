"""The redactor: bytes of whole lines in, the same lines without their secrets out.

Owns the order of the rules, the one rewrite per line, counting, and failing closed. Every rule has its own module; the
gate in rules.py decides which lines are looked at at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from tui.json_text import loads
from tui.redaction.continuation import continued_spans, expect_value
from tui.redaction.headers import SCHEMES
from tui.redaction.manifests import manifest_row_spans
from tui.redaction.marks import Marker
from tui.redaction.pem import pem_spans
from tui.redaction.quoting import one_of_bytes
from tui.redaction.rules import GATE, rule_spans, rule_spans_of
from tui.redaction.spans import Span, merged, within_strings, without_marks
from tui.redaction.stream import Stream
from tui.redaction.windows import LONG_LINE_BYTES, windowed_spans
from tui.typed import TYPE_CHECKING, Final
from tui.values import frozen

if TYPE_CHECKING:
    from tui.redaction.policy import Policy

__all__ = ["Finding", "Redactor", "Stream"]

NOTHING: Final[Mapping[str, int]] = {}
UNREDACTABLE: Final = "unredactable"
LINES_AT_ONCE: Final = 256
"""So many lines are gone through rule by rule."""
MAX_PASSES: Final = 5
MAX_SPANS: Final = 10_000
"""More findings than this on one line and it is not worth showing."""


@frozen
class Finding:
    """One secret of a line, without its value."""

    rule: str
    """The rule that found it."""
    kind: str
    """What its mark says."""
    start: int
    """Byte offset in the line."""
    end: int


class Redactor:
    """Masks secrets under one key; stateless but for counts handed back, safe to use from several threads."""

    def __init__(self, key: bytes, *, enabled: bool = True, policy: Policy | None = None) -> None:
        """`policy` is what the user has changed about the rules."""
        self._marker = Marker(key, policy.actions if policy is not None else None)
        self._gate = policy.gate if policy is not None else GATE
        self._find = policy.spans if policy is not None else rule_spans
        self.enabled = enabled

    def block(self, data: bytes, stream: Stream | None = None) -> tuple[bytes, Mapping[str, int]]:
        """Redact whole lines separated by LF: as many lines come out, and how often each rule fired.

        Returns the same object and an empty mapping when nothing was found. Never raises: a line on which a rule fails
        is replaced whole and counted as unredactable.
        """
        if not self.enabled:
            return data, NOTHING
        stream = stream or Stream()
        counts: Counter[str] = Counter()
        pieces: list[bytes] = []
        copied = position = 0
        size = len(data)
        ahead = self._ahead(data)
        upcoming = iter(ahead)
        following = next(upcoming, size)
        while position < size:
            while following < position:
                following = next(upcoming, size)
            start = position if stream.is_open else following
            if start == size:
                break
            end = data.find(b"\n", start)
            end = size if end < 0 else end
            line = data[start:end]
            redacted = self._line(line, stream, counts, ahead.get(start))
            if redacted is not line:
                pieces += (data[copied:start], redacted)
                copied = end
            position = end + 1
        if not pieces:
            return data, NOTHING
        pieces.append(data[copied:])
        return b"".join(pieces), counts

    def _ahead(self, data: bytes) -> dict[int, list[Span] | None]:
        """Where the lines begin that the gate hits, in order, each with what the rules find there.

        None where that is left to be found line by line: long lines, and all of those among which a rule fails.
        """
        gate, size, position = self._gate.over(data), len(data), 0
        ahead: dict[int, list[Span] | None] = {}
        lines: dict[int, bytes] = {}
        while position < size and (hit := gate(position)) is not None:
            start = data.rfind(b"\n", position, hit[1] - 1) + 1 or position
            end = data.find(b"\n", start)
            end = size if end < 0 else end
            ahead[start] = None
            if end - start <= LONG_LINE_BYTES:
                lines[start] = data[start:end]
            if len(lines) == LINES_AT_ONCE:
                ahead.update(self._found(lines))
                lines.clear()
            position = end + 1
        ahead.update(self._found(lines))
        return ahead

    def _found(self, lines: Mapping[int, bytes]) -> Mapping[int, list[Span]]:
        texts = list(lines.values())
        try:
            found = rule_spans_of(texts) if self._find is rule_spans else [self._find(line) for line in texts]
        except Exception:
            return {}
        return dict(zip(lines, found, strict=True))

    def line(self, data: bytes, stream: Stream | None = None) -> tuple[bytes, Mapping[str, int]]:
        """Redact one line, given without its line feed."""
        return self.block(data, stream)

    def findings(self, line: bytes, stream: Stream | None = None) -> list[Finding]:
        """What `line` would mask in one line, in order; a failing rule is one finding over the whole line."""
        stream = stream or Stream()
        if not self.enabled or not (stream.is_open or self._gate.search(line)):
            return []
        try:
            spans = self._spans(line, stream)
        except Exception:
            spans = None
        if spans is None:
            return [Finding(UNREDACTABLE, UNREDACTABLE, 0, len(line))]
        return [Finding(span.rule, span.kind, span.start, span.end) for span in spans]

    def masked(self, line: bytes, stream: Stream) -> list[tuple[bytes, bytes]]:
        """The marks that a line gets, each with what it stands for; empty for a line on which a rule fails."""
        try:
            spans = self._spans(line, stream) or []
        except Exception:
            return []
        return [
            (self._marker.mark(one.kind, line[one.start : one.end], one.rule), line[one.start : one.end])
            for one in spans
        ]

    def text(self, s: str) -> str:
        """Redact any other string from outside: a file name, a URL, an error, what the user types."""
        data = s.encode("utf-8", "surrogateescape")
        redacted, _ = self.block(data)
        return s if redacted is data else redacted.decode("utf-8", "surrogateescape")

    def _line(self, line: bytes, stream: Stream, counts: Counter[str], found: list[Span] | None) -> bytes:
        try:
            redacted = self._settled(line, stream, counts, found)
        except Exception:
            redacted = None
        if redacted is None:
            counts[UNREDACTABLE] += 1
            return b"[unredactable record: %d bytes]" % len(line)
        return redacted

    def _settled(self, line: bytes, stream: Stream, counts: Counter[str], found: list[Span] | None) -> bytes | None:
        """The line rewritten until nothing more is found, since a mark may bare what stood beside it."""
        spans = self._spans(line, stream, found)
        for _ in range(MAX_PASSES):
            if not spans:
                break
            redacted = self._with_marks(line, spans)
            start = _document_start(line)
            whole = start < 0 or not _breaks_json(line, redacted, start, spans)
            if not whole:
                redacted = self._with_marks(line, within_strings(line, start, spans))
                if not _is_json(_document(redacted, start)):
                    return None
            for span in spans:
                counts[span.rule] += 1
            if _all_stand_clear(line, spans) or (whole and self._gate.search(_rest(line, spans)) is None):
                return redacted
            line = redacted
            spans = self._spans(line, Stream())
        return line if spans == [] else None

    def _spans(self, line: bytes, stream: Stream, found: list[Span] | None = None) -> list[Span] | None:
        """What is to be masked, in order; None when there is more than anybody could read.

        `found` is what the rules find, where that is known already.
        """
        spans = [*continued_spans(line, stream)] if stream.awaited else []
        if stream.in_key or line.find(b"-----BEGIN") >= 0 or line.find(b"LS0tLS1") >= 0:
            spans += pem_spans(line, stream)
        if stream.manifest or line.find(b"kind:") >= 0:
            spans += manifest_row_spans(line, stream)
        if found is None:
            short = len(line) <= LONG_LINE_BYTES
            found = self._find(line) if short else windowed_spans(line, self._find, self._gate)
        if found is None:
            return None
        spans += found
        expect_value(line, stream)
        if not spans:
            return spans
        return merged(without_marks(line, spans)) if len(spans) <= MAX_SPANS else None

    def _with_marks(self, line: bytes, spans: list[Span]) -> bytes:
        pieces: list[bytes] = []
        copied = 0
        for start, end, kind, rule, quote in spans:
            mark = self._marker.mark(kind, line[start:end], rule)
            pieces += (line[copied:start], quote, mark, quote)
            copied = end
        pieces.append(line[copied:])
        return b"".join(pieces)


_QUOTES: Final = one_of_bytes(b"\"'")


def _all_stand_clear(line: bytes, spans: list[Span]) -> bool:
    """True when all spans fill their quotes, so that their marks change nothing for their neighbours."""
    for start, end, _, _, _ in spans:
        after = line[end : end + 1]
        if after not in _QUOTES or not start or line[start - 1 : start] != after:
            return False
    return True


_BEHIND_WORDS: Final = b" \t\"'\\:=>"
_LETTERS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-."
_BEFORE_WORDS: Final = one_of_bytes(b" \t\"'{[(,;&?<") | {b""}


def _rest(line: bytes, spans: list[Span]) -> bytes:
    """The line without its secrets, and with the words right before them struck out: keys, and schemes behind keys.

    Those have had what they announce, and would make every redacted line look as if there were more in it.
    """
    pieces: list[bytes] = []
    copied = 0
    for start, end, _, rule, _ in spans:
        pieces.append(_struck_out(line[copied:start]))
        copied = end + (rule == "url-password" and line.startswith(b"@", end))
    pieces.append(line[copied:])
    return b"[#]".join(pieces)


def _struck_out(text: bytes) -> bytes:
    """The text with its last word made unreadable, and the one before a scheme; unless it is part of something longer."""
    before = text.rstrip(_BEHIND_WORDS)
    head = before.rstrip(_LETTERS)
    if head[-1:] not in _BEFORE_WORDS:
        return text
    word = before[len(head) :]
    if word.lower() in SCHEMES:
        head = _struck_out(head)
    return head + b"x" * len(word) + text[len(before) :]


def _breaks_json(line: bytes, redacted: bytes, start: int, spans: list[Span]) -> bool:
    """True when what begins at `start` is JSON, and is no longer with marks in it."""
    if _are_in_strings(line, start, spans):
        return False
    return _is_json(line[start:]) and not _is_json(_document(redacted, start))


def _document_start(line: bytes) -> int:
    """Where the JSON begins with which the line may end: an object behind whatever, or an array that is all of it."""
    if line.startswith(b"[") and line.endswith((b"]", b"]\r")):
        return 0
    return line.find(b"{")


def _document(redacted: bytes, start: int) -> bytes:
    """The same JSON with marks in it, and maybe in what stands before it."""
    return redacted[redacted.find(b"{") :] if start else redacted


def _are_in_strings(line: bytes, start: int, spans: list[Span]) -> bool:
    """True when the spans are plain text inside strings of the JSON that may begin at `start`.

    Whatever that text is, and whether or not the whole is JSON, marks in its place do not change what it is.
    """
    if not line.isascii():
        return False
    position, quotes = start, 0
    for first, end, _, _, _ in spans:
        if first < position or line.find(b"\\", position, end) >= 0:
            return False
        quotes += line.count(b'"', position, first)
        if not quotes & 1 or line.find(b'"', first, end) >= 0:
            return False
        position = end
    return True


def _is_json(data: bytes) -> bool:
    try:
        loads(data)
    except ValueError:
        return False
    return True
