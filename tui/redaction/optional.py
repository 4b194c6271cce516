"""Rules that are off unless asked for: addresses of machines, user names, session ids.

Most logs are unreadable without these, and in many of them a session id is what joins the lines of a request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tui.lazy import Lazy
from tui.redaction.gate import compile_any
from tui.redaction.key_values import named_key_spans
from tui.redaction.keys import Key
from tui.redaction.marks import MARK
from tui.redaction.spans import Progress, Span
from tui.redaction.stems import name_at
from tui.typed import Final
from tui.values import frozen

_BYTE: Final = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IP: Final = Lazy(
    (
        rf"(?<![\w.])(?:{_BYTE}\.){{3}}{_BYTE}(?![\w]|\.[0-9])"
        r"|(?<![\w:.])(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}(?![\w:])"
        r"|(?<![\w:.])(?:[0-9a-fA-F]{1,4}:){1,6}:(?:[0-9a-fA-F]{1,4}:){0,5}[0-9a-fA-F]{1,4}(?![\w:])"
    ).encode()
)
_MAC: Final = Lazy(rb"(?<![\w:-])[0-9a-fA-F]{2}([:-])(?:[0-9a-fA-F]{2}\1){4}[0-9a-fA-F]{2}(?![\w:-])")
_NOBODY: Final = (b"127.", b"0.0.0.0", b"255.")
_USERS: Final = [
    "user",
    "username",
    "user_name",
    "login",
    "user_login",
    "uid",
    "userid",
    "remote_user",
    "principal",
    "account_name",
    "logname",
]
_SESSIONS: Final = ["session", "session_id", "sessionid", "sid", "jsessionid", "phpsessid", "sess_id"]


def _addresses(line: bytes) -> Iterator[tuple[int, int]]:
    for found in _IP.finditer(line):
        if not found[0].startswith(_NOBODY):
            yield found.span()


def _machines(line: bytes) -> Iterator[tuple[int, int]]:
    return (found.span() for found in _MAC.finditer(line))


def _under(names: list[str], kind: str) -> Callable[[bytes], Iterator[tuple[int, int]]]:
    """What stands under keys of these names."""
    wanted = frozenset(name.replace("_", "").encode() for name in names)
    stems = compile_any(sorted(names), ignore_case=True)

    def find(line: bytes) -> Iterator[tuple[int, int]]:
        progress = Progress()
        for start, _ in stems.hits(line):
            name = name_at(line, start)
            if start >= progress.end and name.text.lower().translate(None, b"_-.") in wanted:
                progress.reach(name.end)
                yield from (span[:2] for span in named_key_spans(line, name, Key(kind), progress))

    return find


_FIND: Final[Mapping[str, Callable[[bytes], Iterator[tuple[int, int]]]]] = {
    "ip": _addresses,
    "mac": _machines,
    "user": _under(_USERS, "user"),
    "session": _under(_SESSIONS, "session"),
}
_ANCHORS: Final = {
    "ip": r"[0-9]\.[0-9]+\.[0-9]+\.[0-9]|[0-9a-fA-F]:[0-9a-fA-F]*:[0-9a-fA-F]",
    "mac": r"(?:[0-9a-fA-F][0-9a-fA-F][:\-])(?:[0-9a-fA-F][0-9a-fA-F][:\-])[0-9a-fA-F][0-9a-fA-F][:\-]",
    "user": f"(?i:{'|'.join(_USERS)})",
    "session": f"(?i:{'|'.join(_SESSIONS)})",
}
OPTIONAL: Final = tuple(_FIND)


@frozen
class OptionalRule:
    """One of them, switched on."""

    name: str
    """Its kind, too."""

    @property
    def anchor(self) -> str:
        """For the gate."""
        return _ANCHORS[self.name]

    def spans(self, line: bytes) -> Iterator[Span]:
        for start, end in _FIND[self.name](line):
            if not MARK.search(line[start:end]):
                yield Span(start, end, self.name, self.name)
