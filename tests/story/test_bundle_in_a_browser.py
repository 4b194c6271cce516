"""The page of a story in a real browser, without a network: what it draws is there to be seen."""

from __future__ import annotations

import shutil
import struct
import subprocess
import zlib
from collections import Counter
from pathlib import Path

import pytest

from tests.story.telling import records_from
from tests.story.test_page import LINES
from tui.presentation.cells import service_style
from tui.story.bundle_html import _COLOURS, html
from tui.story.timeline import build

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
Pixel = tuple[int, int, int]


def pixels(path: Path) -> list[list[Pixel]]:
    """Rows of a PNG with eight bits a channel, as the browser writes it."""
    data = path.read_bytes()
    at, packed, head = 8, b"", b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + size]
        head, packed = (body, packed) if kind == b"IHDR" else (head, packed + body if kind == b"IDAT" else packed)
        at += size + 12
    width, height, _, colours = struct.unpack(">IIBB", head[:10])
    step = {2: 3, 6: 4}[colours]
    raw, stride = zlib.decompress(packed), width * step
    rows: list[list[Pixel]] = []
    above = bytearray(stride)
    for y in range(height):
        start = y * (stride + 1)
        line = _unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + stride]), above, step)
        rows.append([(line[x], line[x + 1], line[x + 2]) for x in range(0, stride, step)])
        above = line
    return rows


def _unfiltered(kind: int, line: bytearray, above: bytearray, step: int) -> bytearray:
    for x in range(len(line)):
        left = line[x - step] if x >= step else 0
        corner = above[x - step] if x >= step else 0
        if kind == 1:
            line[x] = line[x] + left & 255
        elif kind == 2:
            line[x] = line[x] + above[x] & 255
        elif kind == 3:
            line[x] = line[x] + (left + above[x] >> 1) & 255
        elif kind == 4:
            nearest = min((left, above[x], corner), key=lambda one: abs(left + above[x] - corner - one))
            line[x] = line[x] + nearest & 255
    return line


@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")
def test_a_browser_draws_the_bars_in_the_colours_of_the_services(tmp_path: Path) -> None:
    story = build(records_from(LINES))
    page, picture = tmp_path / "story.html", tmp_path / "story.png"
    page.write_text(html(story), encoding="utf-8")
    assert BROWSER is not None
    quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1000,800"]
    alone = [f"--user-data-dir={tmp_path / 'profile'}", "--host-resolver-rules=MAP * ~NOTFOUND"]
    subprocess.run(
        [BROWSER, *quiet, *alone, f"--screenshot={picture}", page.as_uri()],
        check=True,
        capture_output=True,
        timeout=120,
    )
    seen = Counter(pixel for row in pixels(picture) for pixel in row)
    root = story.rows[0]
    colour = _COLOURS[int(service_style(root.service)[-1])]
    whole: Pixel = (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16))
    # the outermost operation is critical, measured, and as long as the whole: a full bar
    assert seen[whole] > 2_000
