"""What a terminal would show for a stream of bytes, and which of its modes are switched on.

Owns the gaps of pyte: private sequences it would print as text, the alternate screen, scrolling, repeated characters.
Knows nothing of processes; `tests/terminal.py` feeds it.
"""

from __future__ import annotations

import re
from typing import Any

import pyte

CONTROL = re.compile(
    rb"\x1b\[(?P<private>[<-?]?)(?P<numbers>[0-9;:]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    rb"|\x1b[PX^_](?:[^\x1b]|\x1b[^\\])*\x1b\\"
    rb"|\x1b\](?:[^\x07\x1b]|\x1b[^\\])*(?:\x07|\x1b\\)"
    rb"|\x1bc"
)
UNFINISHED = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*|[\]PX^_](?:[^\x07\x1b]|\x1b[^\\])*\x1b?)?$")

ALTERNATE_SCREEN = frozenset({47, 1047, 1049})
ON_BY_DEFAULT = {7: "line wrap", 25: "cursor"}
OFF_BY_DEFAULT = {
    1: "application cursor keys",
    47: "alternate screen",
    1047: "alternate screen",
    1049: "alternate screen",
    1000: "mouse",
    1002: "mouse drag",
    1003: "mouse motion",
    1004: "focus reports",
    1005: "mouse coordinates",
    1006: "mouse coordinates",
    1015: "mouse coordinates",
    1016: "mouse pixels",
    2004: "bracketed paste",
    2026: "synchronized output",
    2048: "resize reports",
}


class _Screen(pyte.Screen):
    """A pyte screen with scrolling and repetition, silent where a real terminal would answer."""

    _last = " "

    def draw(self, data: str) -> None:
        self._last = data[-1:]
        super().draw(data)

    def repeat(self, times: int = 1) -> None:
        self.draw(self._last * max(times, 1))

    def scroll_up(self, rows: int = 1) -> None:
        self._scroll(rows, self.delete_lines)

    def scroll_down(self, rows: int = 1) -> None:
        self._scroll(rows, self.insert_lines)

    def _scroll(self, rows: int, move: Any) -> None:
        x, y = self.cursor.x, self.cursor.y
        self.cursor.y = self.margins.top if self.margins else 0
        move(max(rows, 1))
        self.cursor.x, self.cursor.y = x, y

    def report_device_status(self, *_: Any, **__: Any) -> None: ...

    def report_device_attributes(self, *_: Any, **__: Any) -> None: ...


class _Stream(pyte.ByteStream):
    csi = {**pyte.ByteStream.csi, "S": "scroll_up", "T": "scroll_down", "b": "repeat"}  # noqa: RUF012  # as pyte declares it


class Emulator:
    """Feed it bytes cut anywhere; ask for the text and for the modes that are not as a fresh terminal has them."""

    def __init__(self, cols: int, rows: int) -> None:
        self.cols, self.rows = cols, rows
        self._modes: dict[int, bool] = {}
        self._keyboards = 0
        self._held = b""
        self._reset()

    def _reset(self) -> None:
        self._modes.clear()
        self._keyboards = 0
        self._main, self._stream = self._blank()
        self.shown = self._main
        self._alternate: tuple[_Screen, _Stream] | None = None

    def _blank(self) -> tuple[_Screen, _Stream]:
        screen = _Screen(self.cols, self.rows)
        return screen, _Stream(screen)

    def feed(self, data: bytes) -> None:
        data = self._held + data
        open_end = UNFINISHED.search(data)
        cut = open_end.start() if open_end else len(data)
        data, self._held = data[:cut], data[cut:]
        done = 0
        for match in CONTROL.finditer(data):
            self._draw(data[done : match.start()])
            self._control(match)
            done = match.end()
        self._draw(data[done:])

    def _draw(self, data: bytes) -> None:
        if data:
            self._active().feed(data)

    def _active(self) -> _Stream:
        return self._alternate[1] if self._alternate else self._stream

    def _control(self, match: re.Match[bytes]) -> None:
        whole, final, private = match[0], match["final"], match["private"] or b""
        if whole == b"\x1bc":
            self._reset()
        elif final is None:
            if whole.startswith((b"\x1b]0;", b"\x1b]2;")):
                self._draw(whole)
        elif final == b"u" and private in b"<>" and private:
            self._keyboards = max(0, self._keyboards + (1 if private == b">" else -1))
        elif final in b"hl" and private == b"?":
            for number in re.findall(rb"\d+", match["numbers"]):
                self._set_mode(int(number), final == b"h")
        elif not match["between"] and (not private or (private == b"?" and final in b"JK")):
            self._draw(_plain(whole))

    def _set_mode(self, mode: int, on: bool) -> None:
        self._modes[mode] = on
        if mode in ALTERNATE_SCREEN:
            if on != bool(self._alternate):
                self._alternate = self._blank() if on else None
                self.shown = self._alternate[0] if self._alternate else self._main
        else:
            self._draw(b"\x1b[?%d%c" % (mode, ord("h" if on else "l")))

    def mode(self, mode: int) -> bool:
        """Whether a private mode (its DEC number) is on now."""
        return self._modes.get(mode, mode in ON_BY_DEFAULT)

    def left_on(self) -> list[str]:
        """Names of what a fresh terminal would have otherwise; empty when everything was put back."""
        wrong = [name for mode, name in OFF_BY_DEFAULT.items() if self.mode(mode)]
        wrong += [f"no {name}" for mode, name in ON_BY_DEFAULT.items() if not self.mode(mode)]
        wrong += ["extended keyboard"] if self._keyboards else []
        pen = self.shown.cursor.attrs
        return wrong + (["colours"] if pen != self.shown.default_char._replace(data=pen.data) else [])

    def resize(self, cols: int, rows: int) -> None:
        self.cols, self.rows = cols, rows
        for screen in {id(s): s for s in (self._main, self.shown)}.values():
            screen.resize(rows, cols)

    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.shown.display]

    @property
    def title(self) -> str:
        return str(self.shown.title)


def _plain(sequence: bytes) -> bytes:
    """An SGR with sub-parameters (4:3, 38:2::r:g:b) in the older spelling that pyte reads."""
    if b":" not in sequence:
        return sequence
    sequence = re.sub(rb"\b4:0\b", b"24", sequence)
    sequence = re.sub(rb"\b4:[1-9]\b", b"4", sequence)
    return re.sub(rb"([34]8):2:\d*:", rb"\1;2;", sequence).replace(b":", b";")
