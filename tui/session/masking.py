"""The redactor of one run: under the key of the installation, or one that dies with the process."""

from __future__ import annotations

import os
from collections.abc import Mapping

from tui.redaction.key import KEY_BYTES, default_path, load_key
from tui.redaction.redactor import Redactor
from tui.settings import Settings


def redactor_of(settings: Settings, environment: Mapping[str, str] = os.environ) -> Redactor:
    """As the settings say; without a place for the key its marks hold for this run only."""
    return Redactor(_key(settings, environment), enabled=settings.redact != "off")


def _key(settings: Settings, environment: Mapping[str, str]) -> bytes:
    if settings.redact_key != "installation":
        return os.urandom(KEY_BYTES)
    try:
        return load_key(default_path(environment))
    except OSError:
        return os.urandom(KEY_BYTES)
