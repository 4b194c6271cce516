"""The way in: the end of the logs is drawn at once, then the rest of the program is loaded."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from tui.typed import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tui.first_screen import FirstScreen

INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run with these arguments, or with those of the process."""
    # loading makes many objects that stay: looking for garbage among them costs a twentieth of the time
    gc.disable()
    try:
        first = _first_screen() if arguments is None and all(map(os.isatty, (0, 1, 2))) else None
        # takes many times as long as a screenful takes to read
        if first is None:
            from tui import command_line
        else:
            with first:
                if not first.sight.settings.keys:
                    from tui.first_moves import FirstKeys

                    FirstKeys(first)
                from tui import viewer
    except KeyboardInterrupt:
        # not sys.exit(): an interrupt inside exec(), as of a named tuple, would end the process by its signal
        os._exit(INTERRUPTED)
    if first is not None:
        viewer.show(first)
    command_line.main(arguments)


def _first_screen() -> FirstScreen | None:
    """What is drawn at once; a pipe on either side has no use for the code."""
    from tui import first_screen

    return first_screen.draw(sys.argv[1:])


if __name__ == "__main__":
    main()
