"""The way in: the end of the logs is drawn at once, then the rest of the program is loaded."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run with these arguments, or with those of the process."""
    from tui import first_screen

    first = first_screen.draw(sys.argv[1:]) if arguments is None else None
    # the code of the viewer takes many times as long to load as a screenful takes to read
    from tui import command_line

    command_line.main(arguments, first)


if __name__ == "__main__":
    main()
