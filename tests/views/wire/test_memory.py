"""The screen of a terminal that is sent only changes is the screen of one that is sent everything."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.emulator import Emulator
from tui.views.wire.frame import FrameReader
from tui.views.wire.memory import Abilities, Memory

COLS, ROWS = 30, 9
ALL = Abilities(scrolls=True, erases=True, erases_coloured=True)
TERMINALS = [ALL, Abilities(), Abilities(scrolls=True), Abilities(scrolls=True, erases=True), Abilities(erases=True)]
PENS = ["", "1", "31", "38;2;1;2;3;48;2;9;9;9", "1;3;38;5;7;48;2;9;9;9", "7", "4;94", "48;2;9;9;9"]
TEXTS = [
    *("one", "two words", "                    ", "charge failed: card declined", "●─│…", "x"),
    *("支払い", "a決b済c", "🚀 up", "e\u0301", "✗ ñ"),
]


@dataclass
class Both:
    """The same frames sent in full to one emulator and as changes to another."""

    abilities: Abilities
    full: Emulator = field(default_factory=lambda: Emulator(COLS, ROWS))
    thrifty: Emulator = field(default_factory=lambda: Emulator(COLS, ROWS))
    reader: FrameReader = field(default_factory=FrameReader)
    sent: int = 0

    def __post_init__(self) -> None:
        self.memory = Memory(COLS, ROWS, self.abilities)
        for emulator in (self.full, self.thrifty):
            emulator.feed(b"\x1b[?1049h\x1b[?7l")

    def draw(self, frame: str, *, flush: bool = True) -> None:
        self.full.feed(frame.encode())
        read = self.reader.read(frame)
        assert read is not None
        self.memory.take(read)
        if flush:
            self.flush()

    def flush(self) -> None:
        changes = self.memory.changes().encode()
        self.sent = len(changes)
        self.thrifty.feed(changes)

    def alike(self) -> bool:
        return seen(self.full) == seen(self.thrifty)


def seen(emulator: Emulator) -> tuple[list[list[tuple[object, ...]]], tuple[int, int]]:
    """What the eye sees of every cell, and the place of the cursor."""
    screen = emulator.shown
    rows = []
    for y in range(ROWS):
        row: list[tuple[object, ...]] = []
        for x in range(COLS):
            cell = screen.buffer[y][x]
            marks = (cell.bold, cell.italics, cell.underscore, cell.strikethrough, cell.reverse, cell.blink)
            blank = cell.data == " " and not any(marks)
            row.append((cell.data, "" if blank else cell.fg, cell.bg, () if blank else marks))
        rows.append(row)
    return rows, (screen.cursor.x, screen.cursor.y)


def line(*pieces: tuple[str, str], width: int = COLS) -> str:
    """A row as Textual renders one: exactly so many cells."""
    written, left = "", width
    for pen, text in pieces:
        while cell_len(text) > left:
            text = text[:-1]
        left -= cell_len(text)
        if text:
            written += f"\x1b[{pen}m{text}\x1b[0m" if pen else text
    return written + (f"\x1b[48;2;9;9;9m{' ' * left}\x1b[0m" if left else "")


def frame(rows: dict[int, str], column: int = 0, cursor: tuple[int, int] = (0, 0)) -> str:
    moves = "\n".join(f"\x1b[{row + 1};{column + 1}H{text}" for row, text in sorted(rows.items()))
    return f"{moves}\x1b[{cursor[0] + 1};{cursor[1] + 1}H"


lines = st.lists(st.tuples(st.sampled_from(PENS), st.sampled_from(TEXTS)), max_size=4).map(lambda one: line(*one))
SURE = [text for text in TEXTS if text.isascii()]
sure_pieces = st.lists(st.tuples(st.sampled_from(PENS), st.sampled_from(SURE)), max_size=2)
cursors = st.tuples(st.integers(0, ROWS - 1), st.integers(0, COLS - 1))


@st.composite
def animations(draw: st.DrawFn) -> list[tuple[str, bool]]:
    """Updates as a viewer makes them: all rows, a few, parts of rows, rows that have moved; and whether one is sent."""
    rows = draw(st.lists(lines, min_size=ROWS, max_size=ROWS))
    frames = [(frame(dict(enumerate(rows))), True)]
    for _ in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(["scroll", "scroll", "scroll", "some", "part", "all"]))
        if kind == "scroll":
            top = draw(st.integers(0, ROWS - 2))
            bottom = draw(st.integers(top + 2, ROWS))
            by = draw(st.integers(1, bottom - top))
            fresh = draw(st.lists(lines, min_size=by, max_size=by))
            region = rows[top:bottom]
            rows[top:bottom] = region[by:] + fresh if draw(st.booleans()) else fresh + region[:-by]
            drawn = dict(enumerate(rows[top:bottom], top))
        elif kind == "all":
            rows = draw(st.lists(lines, min_size=ROWS, max_size=ROWS))
            drawn = dict(enumerate(rows))
        else:
            drawn = draw(st.dictionaries(st.integers(0, ROWS - 1), lines, min_size=1, max_size=3))
            if kind == "part":
                column = draw(st.integers(0, COLS - 10))
                width = draw(st.integers(1, 10))
                # Textual never draws over half a character: it writes what remains of its text anew
                drawn = {row: line(*draw(sure_pieces), width=width) for row in drawn if rows[row].isascii()}
                if not drawn:
                    continue
                frames.append((frame(drawn, column, draw(cursors)), draw(st.booleans())))
                continue
            for row, text in drawn.items():
                rows[row] = text
        frames.append((frame(drawn, cursor=draw(cursors)), draw(st.booleans())))
    return frames


@settings(max_examples=300, deadline=None)
@given(animations(), st.sampled_from(TERMINALS))
def test_only_changes_make_the_same_screen(frames: list[tuple[str, bool]], abilities: Abilities) -> None:
    both = Both(abilities)
    for text, sent in frames:
        both.draw(text, flush=sent)
        assert not sent or both.alike()
    both.flush()
    assert both.alike()
    both.flush()
    assert both.sent == 0


def test_rows_that_moved_are_moved_and_not_written() -> None:
    both = Both(ALL)
    rows = [line(("1", f"row {number}")) for number in range(ROWS + 3)]
    both.draw(frame(dict(enumerate(rows[:ROWS]))))
    both.draw(frame(dict(enumerate(rows[3:]))))
    assert both.alike()
    assert both.sent < 3 * 60
    both.draw(frame(dict(enumerate(rows[:ROWS]))))
    assert both.alike()
    assert both.sent < 3 * 60


def test_within_a_row_only_the_stretch_that_changed_is_written() -> None:
    both = Both(ALL)
    both.draw(frame({4: line(("1", "counted 100 lines"))}))
    both.draw(frame({4: line(("1", "counted 101 lines"))}))
    assert both.alike()
    assert both.sent < 25


def test_a_row_whose_width_terminals_disagree_about_is_written_whole() -> None:
    both = Both(ALL)
    both.draw(frame({2: line(("", "❤️ 1 heart"))}))
    read = both.reader.read(frame({2: line(("", "❤️ 2 heart"))}))
    assert read is not None
    both.memory.take(read)
    assert "❤️ 2 heart" in both.memory.changes()


def test_after_doubt_everything_is_written_again() -> None:
    both = Both(ALL)
    both.draw(frame({row: line(("", "text")) for row in range(ROWS)}))
    both.thrifty.feed(b"\x1b[2J")
    both.memory.doubt()
    both.flush()
    assert both.alike()


def test_what_does_not_fit_is_left_out() -> None:
    both = Both(ALL)
    both.draw(frame({0: line(("", "fits"))}))
    read = both.reader.read(f"\x1b[1;{COLS - 2}Habcdef\n\x1b[{ROWS + 3};1Hnowhere\x1b[1;1H")
    assert read is not None
    both.memory.take(read)
    both.flush()
    assert both.thrifty.lines()[0].split() == ["fits", "abc"]


@pytest.mark.parametrize(
    "text",
    [
        "no move",
        "\x1b[1;1Hbell\x07",
        "\x1b[1;1H\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\",
        "\x1b[1;1H\x1b[31mstays red",
        "\x1b[1;1H\x1b[58;5;1munderline colour\x1b[0m",
        "\x1b[2J\x1b[1;1Hcleared before",
        "\x1b[1;1H\x1b[2Kerased",
    ],
)
def test_what_is_not_understood_is_no_frame(text: str) -> None:
    assert FrameReader().read(text) is None
