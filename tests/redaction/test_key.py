"""The key file: made once, private, shared by all processes."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tui.redaction.key import KEY_BYTES, default_path, load_key


def test_a_missing_key_is_made_private_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "state" / "tracetail" / "redaction.key"
    key = load_key(str(path))
    assert len(key) == KEY_BYTES
    assert load_key(str(path)) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == ["redaction.key"]


def test_two_installations_have_different_keys(tmp_path: Path) -> None:
    assert load_key(str(tmp_path / "a")) != load_key(str(tmp_path / "b"))


def test_a_file_that_holds_no_key_is_refused_with_a_way_out(tmp_path: Path) -> None:
    path = tmp_path / "redaction.key"
    path.write_bytes(b"short")
    with pytest.raises(OSError, match="remove it"):
        load_key(str(path))


def test_a_folder_that_cannot_be_written_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError):
        load_key(str(tmp_path / "file" / "redaction.key"))


def test_the_key_lives_in_the_state_directory() -> None:
    assert default_path({"XDG_STATE_HOME": "/state"}) == "/state/tracetail/redaction.key"
    assert default_path({}).endswith("/.local/state/tracetail/redaction.key")
