"""Which records of the live tail to show when there are too many: whole requests or nothing.

The same request gets the same answer in every process: the decision is the low 56 bits of its trace id, or of a hash of
its id, compared with a threshold, as in OpenTelemetry's consistent probability sampling. Counting what is withheld is
part of the answer. Nothing here knows the time: it is passed in.
"""

from __future__ import annotations

import re
import zlib
from collections import OrderedDict
from typing import Final

from tui.lazy import Lazy
from tui.record import Record, Severity
from tui.values import field, frozen, mutable

try:  # what hashlib gives, without loading the library behind it, which takes longer than anything here
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

SPACE: Final = 1 << 56
REMEMBERED_IDS: Final = 50_000
_DIGITS = Lazy(r"[0-9]+|\b[0-9a-fA-F-]{8,}\b")


class ModeError(ValueError):
    """A sampling mode that cannot be read; the text says what is accepted."""


@frozen
class Mode:
    """What was asked for: every record, one request in `ratio`, or at most `per_s` records a second."""

    ratio: float = 1.0
    """One request in this many is kept; 1 keeps all."""
    per_s: float | None = None

    @property
    def off(self) -> bool:
        return self.ratio <= 1 and self.per_s is None


def parse_mode(text: str) -> Mode:
    """`auto`, `off`, `1/N` or `N/s`.

    `auto` withholds as little as `off`: of a tail no more is read than can be shown, however fast it is, and what is left
    out stands before it. It leaves it to us to thin when that should ever be too dear; `off` forbids it.
    """
    word = text.strip().lower()
    if word in ("auto", "off"):
        return Mode()
    if match := re.fullmatch(r"1/([0-9]{1,9})", word):
        if int(match[1]) >= 1:
            return Mode(ratio=int(match[1]))
    elif (match := re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]+)?)/s", word)) and float(match[1]) > 0:
        return Mode(per_s=float(match[1]))
    raise ModeError(
        f"sampling {text!r} is not understood: use auto, off, 1/N (one request in N) or N/s (records a second)"
    )


@mutable
class Sampler:
    """Keeps or withholds the records of a live tail, one after the other."""

    mode: Mode
    ratio: float = 1.0
    """One request in this many is kept just now."""
    withheld: int = 0
    """How many records were withheld so far."""
    seen: int = 0
    _decided: OrderedDict[str, bool] = field(default_factory=OrderedDict)
    _templates: dict[tuple[str, int], int] = field(default_factory=dict)
    _since_ns: int = 0
    _in_window: int = 0

    def __post_init__(self) -> None:
        self.ratio = max(1.0, self.mode.ratio)

    def keep(self, record: Record, now_ns: int) -> bool:
        """Whether to show a record; WARN and above always, and from then on the rest of its request."""
        if self.mode.off:
            return True
        self.seen += 1
        self._adapt(now_ns)
        keys = [f"{one.kind}:{one.value}" for one in record.ids if one.kind != "span"]
        kept = record.severity >= Severity.WARN or self._decide(record, keys)
        for key in keys:
            if kept or key not in self._decided:
                self._remember(key, kept)
        if not kept:
            self.withheld += 1
        return kept

    def _decide(self, record: Record, keys: list[str]) -> bool:
        known = [self._decided[key] for key in keys if key in self._decided]
        if known:
            return any(known)
        if self.ratio <= 1:
            return True
        if keys:
            return randomness(record) >= SPACE - int(SPACE / self.ratio)
        return self._one_of_template(record)

    def _one_of_template(self, record: Record) -> bool:
        template = record.source, zlib.crc32(_DIGITS.sub("0", record.message).encode("utf-8", "replace"))
        count = self._templates.get(template, 0)
        if len(self._templates) > REMEMBERED_IDS:
            self._templates.clear()
        self._templates[template] = count + 1
        return count % round(self.ratio) == 0

    def _remember(self, key: str, kept: bool) -> None:
        self._decided[key] = kept
        self._decided.move_to_end(key)
        if len(self._decided) > REMEMBERED_IDS:
            self._decided.popitem(last=False)

    def _adapt(self, now_ns: int) -> None:
        """With a rate asked for: follow it, a second at a time."""
        if self.mode.per_s is None:
            return
        self._in_window += 1
        passed_s = (now_ns - self._since_ns) / 1e9
        if passed_s >= 1:
            self.ratio = max(1.0, self._in_window / passed_s / self.mode.per_s) if passed_s < 5 else 1.0
            self._since_ns, self._in_window = now_ns, 0


def randomness(record: Record) -> int:
    """Where a record's request lies in the sampling space, 0 to 2^56-1, high is kept; the same in every process."""
    trace = next((one.value for one in record.ids if one.kind == "trace"), None)
    if trace is not None and len(trace) in (16, 32):
        try:
            return int(trace[-14:], 16)
        except ValueError:
            pass
    key = trace or next((one.value for one in record.ids if one.kind != "span"), record.message)
    return int.from_bytes(blake2b(key.encode("utf-8", "surrogateescape"), digest_size=7).digest(), "big")
