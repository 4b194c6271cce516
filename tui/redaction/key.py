"""The key file: the secret under which marks are made, one per installation.

Owns its place, its creation and its permissions. Where it cannot be kept the caller makes a key for the session.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from tui.typed import Final

KEY_BYTES: Final = 32
FILE_NAME: Final = "redaction.key"


def default_path(environment: Mapping[str, str]) -> str:
    """Where the installation's key lives: the state directory of the desktop conventions."""
    state = environment.get("XDG_STATE_HOME") or os.path.join(os.path.expanduser("~"), ".local", "state")
    return os.path.join(state, "tracetail", FILE_NAME)


def load_key(path: str) -> bytes:
    """The 32 bytes in the file, which is made with mode 0600 when missing. Raises OSError when it cannot be had."""
    while True:
        try:
            return _read(path)
        except FileNotFoundError:
            try:
                _create(path)
            except FileExistsError:
                continue  # another process was faster; its key is as good


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        key = file.read(KEY_BYTES + 1)
    if len(key) != KEY_BYTES:
        raise OSError(f"{path} does not hold a key of {KEY_BYTES} bytes; remove it to have a new one made")
    return key


def _create(path: str) -> None:
    """Write a key beside the file, then link it into place, so that nobody ever reads half of one."""
    folder = os.path.dirname(path)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    draft = f"{path}.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(os.urandom(KEY_BYTES))
        os.link(draft, path)
    finally:
        os.unlink(draft)
