"""What a FileWatch tells about its files: frozen values, delivered in order from its thread."""

from __future__ import annotations

from tui.sources.reader import Reader
from tui.sources.spec import Status
from tui.values import field, frozen


@frozen
class Identity:
    """Names one segment of one source: the bytes of a file between two rotations or truncations."""

    device: int
    inode: int
    serial: int
    """Counts the segments of a FileWatch: a truncated file keeps its inode and is yet another segment."""


@frozen
class Found:
    """A new source. Its name stays the same whatever appears later."""

    name: str
    path: str


@frozen
class Opened:
    """A new segment of a source, at its first opening and whenever the file was replaced, truncated or came back."""

    name: str
    reader: Reader = field(repr=False)
    identity: Identity
    reason: str
    """first, rotated, truncated, refilled or returned."""
    size: int = 0
    """Bytes known at this moment."""
    start: int = 0
    """Offset of the first byte of content; what is before it is NUL filler left by a writer that did not append."""
    note: str = ""
    """What is odd about the content, in words for the user: "binary content", "UTF-16"."""


@frozen
class Grown:
    """A segment has that many bytes now."""

    name: str
    size: int
    segment: Identity
    final: bool = False
    """Nothing more will come into this segment."""


@frozen
class Lost:
    """Lines were lost, or may have been, before we could see them."""

    name: str
    from_ns: int
    to_ns: int
    why: str


@frozen
class Changed:
    """A source, or the folder or pattern that was asked for, is in another state."""

    name: str
    status: Status


FileEvent = Found | Opened | Grown | Lost | Changed
