"""The redactor of one run: under the key of the installation, or one that dies with the process."""

from __future__ import annotations

import os
from collections.abc import Mapping

from tui.redaction.key import KEY_BYTES, default_path, load_key
from tui.redaction.redactor import Redactor
from tui.settings import Settings, SettingsError, config_path
from tui.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.redaction.policy import Policy


def redactor_of(settings: Settings, environment: Mapping[str, str] = os.environ) -> Redactor:
    """As the settings say; without a place for the key its marks hold for this run only.

    Raises SettingsError for rules that cannot be meant: nothing is shown under half a policy.
    """
    policy = _policy(settings) if settings.redaction else None
    return Redactor(_key(settings, environment), enabled=settings.redact != "off", policy=policy)


def _key(settings: Settings, environment: Mapping[str, str]) -> bytes:
    if settings.redact_key != "installation":
        return os.urandom(KEY_BYTES)
    try:
        return load_key(default_path(environment))
    except OSError:
        return os.urandom(KEY_BYTES)


def _policy(settings: Settings) -> Policy | None:
    from tui.redaction.policy import PolicyError, policy_of

    try:
        return policy_of(settings.redaction)
    except PolicyError as error:
        raise SettingsError(f"{config_path()}, [redact]: {error}") from None
