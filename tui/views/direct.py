"""The short way from a widget's lines to the terminal, past Textual's compositor.

An update of Textual's goes through all that is on the screen, cuts its lines into pieces, and writes them as one text,
which has to be read again to find what has changed. Lines that fill a place of their own, with nothing over them, need
none of that; wherever this is not so, Textual draws.

PRIVATE, read in Textual 8.2.8: Compositor.visible_widgets has places and clips, the ones in front first; a change of
them is seen in Screen._layout_required until it has been drawn, and then all that it moved is drawn.
"""

from __future__ import annotations

import asyncio

from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget

from tui.views.wire.driver import ThriftyDriver


class Direct(Widget):
    """A widget that draws all of its lines itself, in render_lines, each as wide as it is."""

    _draw_asked = False

    def draw(self) -> None:
        """Have it drawn as it is by the time of drawing, once however often this is called before."""
        if self._draw_asked:
            return
        if self._free_place() is None:
            self.refresh()
        else:
            self._draw_asked = True
            asyncio.get_running_loop().call_soon(self._draw_now)

    def _draw_now(self) -> None:
        self._draw_asked = False
        try:
            driver, place = self.app._driver, self._free_place()
            if place is not None and isinstance(driver, ThriftyDriver):
                strips = self.render_lines(place.reset_offset)
                if driver.draw(place.y, place.x, strips):
                    return
            self.refresh()
        except Exception as error:
            # outside of Textual's messages nobody else looks after it
            self.app._handle_exception(error)

    def _free_place(self) -> Region | None:
        """Where it is on the terminal; None when what lies there is not, or not only, its own."""
        if not self.is_mounted or not self.is_running:
            return None
        app, screen = self.app, self.screen
        if not isinstance(app._driver, ThriftyDriver) or app.screen is not screen or app._batch_count:
            return None
        return place_of(self, screen)


def place_of(widget: Widget, screen: Screen[object]) -> Region | None:
    """Where a widget was drawn last, if all of it was seen there."""
    if screen._layout_required:
        return None
    in_front: list[Region] = []
    for other, (region, clip) in screen._compositor.visible_widgets.items():
        seen = region.intersection(clip)
        if other is widget:
            whole = seen == region and region.size == widget.size and seen.area > 0
            return region if whole and not any(map(region.overlaps, in_front)) else None
        in_front.append(seen)
    return None
