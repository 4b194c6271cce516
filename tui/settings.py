"""Every option once: its name, type, default and meaning; defaults, file, environment and flags merged in that order."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from datetime import UTC, tzinfo

from tui.typed import Any, Final
from tui.values import field, fields, frozen, replace


class SettingsError(ValueError):
    """An option that cannot be used; the text says which, where it was set and what is accepted."""


def option(default: Any, meaning: str, *choices: str) -> Any:
    metadata = {"meaning": meaning, "choices": choices}
    if isinstance(default, dict):
        return field(default_factory=lambda: dict(default), metadata=metadata)
    return field(default=default, metadata=metadata)


@frozen
class Settings:
    """What the user may choose. A name here is the flag's, the file's and (with TRACETAIL_ before it) the environment's."""

    query: str = option("", "Show only records that match this expression.")
    level: str = option("", "Least level to show.", "", "trace", "debug", "info", "warn", "error", "fatal")
    hide: bool = option(True, "Hide what does not match; otherwise only highlight what does.")
    since: str = option("", "Open at this time instead of at the end: 12:30, 2026-11-23T12:30Z, -5m.")
    follow: bool = option(True, "Keep watching the sources for new lines.")
    tz: str = option(
        "UTC", "Zone of times without one, and of times on the screen: UTC, local or a name such as Europe/Berlin."
    )
    sample: str = option(
        "auto",
        "Withhold requests from the live tail: 1/N (all but one in N) or N/s; auto and off none, however fast it is.",
    )
    redact: str = option("on", "Mask secrets and personal data.", "on", "off")
    redaction: Mapping[str, Any] = option(
        {}, "What is masked beside or instead of the usual, and how: the table [redact], in the file only."
    )
    reveal: bool = option(True, "Let a key show what one mark stands for, for some seconds; files only.")
    redact_key: str = option(
        "installation", "Whether equal secrets look equal in every run or only in this one.", "installation", "session"
    )
    ring_mib: int = option(64, "Memory for the lines of pipes and websockets, in MiB; the oldest are given up first.")
    ws_framing: str = option(
        "message", "A websocket message holds whole lines (message), or a piece of them (lines).", "message", "lines"
    )
    allow_origins: str = option(
        "", "Web pages and names, besides those of this machine, that may send to our listeners; * for all."
    )
    theme: str = option("dark", "Colours.", "dark", "light", "ansi")
    mouse: bool = option(True, "Let the mouse scroll and click; without it the terminal's own selection works.")
    fps: int = option(10, "How often a second the screen takes in what is new, at most.")
    redraw: str = option(
        "changes", "What is sent to the terminal: only what changed, or, should it show remains, all.", "changes", "all"
    )
    budget: str = option(
        "cpu=20%,mem=192M,term=20K/s",
        "What we may cost while nobody waits for anything: of a core, of memory, sent to the terminal; off: no limit.",
    )
    debug: bool = option(False, "Say more when something fails, redacted.")
    keys: Mapping[str, str] = option({}, "Other keys for actions: id = key, in the file only.")
    tools: Mapping[str, str] = option({}, "Addresses of other tools for a request: name = address, in the file only.")

    def zone(self) -> tzinfo:
        """The zone that `tz` names. Raises SettingsError."""
        return zone_of(self.tz)


IN_FILE_ONLY: Final = ("keys", "redaction", "tools")
"""Tables, for which neither the environment nor the command line has a form."""


def zone_of(name: str) -> tzinfo:
    """A zone by name; raises SettingsError with what is accepted."""
    if name.upper() in ("UTC", "Z", ""):
        return UTC
    if name == "local":
        local = time.localtime().tm_zone
        path = os.path.realpath("/etc/localtime")
        name = os.environ.get("TZ") or (path.partition("zoneinfo/")[2] or local)
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise SettingsError(
            f"tz {name!r} is not a known zone: use UTC, local or a name such as Europe/Berlin"
        ) from None


def load(flags: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the file, the environment and the flags that were given (None means not given)."""
    path = config_path(environment)
    settings = Settings()
    if os.path.isfile(path):
        import tomllib

        try:
            with open(path, "rb") as file:
                table = tomllib.load(file)
        except (OSError, ValueError) as error:
            raise SettingsError(f"cannot read {path}: {error}") from None
        if isinstance(table.get("redact"), Mapping):
            table["redaction"] = table.pop("redact")
        _install(table, path)
        settings = _with(settings, table, path)
        _check_tools(settings.tools)
    known = {f"TRACETAIL_{one.name.upper()}": one.name for one in fields(Settings) if one.name not in IN_FILE_ONLY}
    settings = _with(
        settings, {known[name]: text for name, text in environment.items() if name in known}, "environment"
    )
    given = {name: value for name, value in flags.items() if value is not None}
    confirmed = given.pop("show_secrets", False)
    settings = _with(settings, given, "command line")
    if settings.redact == "off" and not confirmed:
        raise SettingsError(
            "--redact off shows secrets and personal data as they are: add --show-secrets if that is meant"
        )
    return settings


def _install(table: dict[str, Any], path: str) -> None:
    """Take the tables that say how logs are to be read out of the file's; few have any."""
    own: dict[str, Any] = {name: table.pop(name) for name in ("format", "vocabulary", "links") if name in table}
    if own:
        from tui.parsing.user_formats import FormatError, install

        try:
            install(own)
        except FormatError as error:
            raise SettingsError(f"{path}: {error}") from None


def _check_tools(tools: Mapping[str, Any]) -> None:
    """Every address of another tool must be one; few have any. Raises SettingsError."""
    if tools:
        from tui.story.elsewhere import TemplateError, check

        for name, address in tools.items():
            try:
                check(name, str(address))
            except TemplateError as error:
                raise SettingsError(f"tools: {error}") from None


def config_path(environment: Mapping[str, str] = os.environ) -> str:
    base = environment.get("XDG_CONFIG_HOME") or os.path.join(environment.get("HOME", "/"), ".config")
    return environment.get("TRACETAIL_CONFIG") or os.path.join(base, "tracetail", "config.toml")


def _with(settings: Settings, values: Mapping[str, Any], where: str) -> Settings:
    known = {one.name: one for one in fields(Settings)}
    changes: dict[str, Any] = {}
    for name, value in values.items():
        one = known.get(name.replace("-", "_"))
        if one is None:
            raise SettingsError(f"{where}: there is no option {name!r}; known are {', '.join(sorted(known))}")
        changes[one.name] = _typed(one.name, value, getattr(Settings(), one.name), one.metadata["choices"], where)
    return replace(settings, **changes)


def _typed(name: str, value: Any, default: Any, choices: tuple[str, ...], where: str) -> Any:
    if isinstance(default, bool) and isinstance(value, str) and value.lower() in _BOOLEANS:
        return _BOOLEANS[value.lower()]
    if isinstance(default, int) and isinstance(value, str) and value.isdecimal():
        return int(value)
    if not isinstance(value, Mapping if isinstance(default, Mapping) else type(default)):
        raise SettingsError(f"{where}: {name} takes {_KINDS[type(default)]}, not {value!r}")
    if choices and value not in choices:
        raise SettingsError(f"{where}: {name} is one of {', '.join(one for one in choices if one)}, not {value!r}")
    return value


_BOOLEANS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
_KINDS = {str: "a text", bool: "true or false", int: "a whole number", dict: "a table"}
