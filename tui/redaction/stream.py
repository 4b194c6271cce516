"""What the earlier lines of one source mean for its next line.

Owns the state only; pem.py and continuation.py read and change it.
"""

from __future__ import annotations

from tui.redaction.keys import Key


class Stream:
    """State of one source, or of one independent read of it."""

    __slots__ = ("awaited", "column", "in_key", "indent", "manifest", "origin", "rows", "strange")

    def __init__(self) -> None:
        self.awaited: tuple[Key, str] | None = None
        """The key whose value stands on a line to come, and in what form: "word", "value" (under that name) or "field"."""
        self.manifest = 0
        """How many more lines a Kubernetes Secret in YAML may go on for."""
        self.indent = -1
        """How far its `data:` is indented, once that was seen."""
        self.in_key = False
        """True between BEGIN and END of a private key."""
        self.origin = b""
        """The prefix of the lines that the private key belongs to, where several pods share a source."""
        self.column = 0
        """Where BEGIN stood in its line."""
        self.rows = 0
        self.strange = 0
        """How many lines in a row held no part of a key."""

    @property
    def is_open(self) -> bool:
        """True when the next line must be looked at whatever it holds."""
        return self.in_key or self.awaited is not None or self.manifest > 0
