"""Sample lines of a user's format, read as logs are, against what the user expects of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tui.parsing.parser import Parser
from tui.parsing.timestamps import parse_time
from tui.parsing.user_formats import FormatError
from tui.record import LineGroup, Record
from tui.typed import Any, Final

_REFERENCE: Final = "2100-01-01T00:00:00Z"
_ATTRIBUTES: Final = frozenset(("level", "message", "service", "logger", "trace_id", "span_id"))


def check(name: str, samples: Iterable[Mapping[str, Any]]) -> None:
    """Raises FormatError for the first sample that is read otherwise than it says."""
    for at, sample in enumerate(samples, 1):
        where = f"format {name!r}, sample {at}"
        lines = sample.get("line")
        if not isinstance(lines, str) or not lines:
            raise FormatError(f"{where}: its line is missing")
        record = _read(lines)
        if record.format != name:
            raise FormatError(f"{where}: the format does not fit, it is read as {record.format}")
        for key, wanted in sample.items():
            if key != "line" and (found := _differs(record, key, wanted)) is not None:
                raise FormatError(f"{where}: {key} is {found}, not {wanted!r}")


def _read(lines: str) -> Record:
    parser = Parser("sample")
    data = lines.encode().split(b"\n")
    parser.learn(data, reference_ns=parse_time(_REFERENCE))
    return parser.record(LineGroup("sample", 0, tuple(data)))


def _differs(record: Record, key: str, wanted: object) -> str | None:
    """What a record says instead of what is wanted; None where it says that."""
    if key == "time":
        found = record.time_ns
        return None if found is not None and found == parse_time(str(wanted)) else _time(found)
    if key == "ids":
        ids = [f"{one.kind}:{one.value}" for one in record.ids]
        return None if ids == wanted else repr(ids)
    value = getattr(record, key) if key in _ATTRIBUTES else record.fields.get(key)
    return None if value == wanted or str(value) == str(wanted) else repr(value)


def _time(time_ns: int | None) -> str:
    if time_ns is None:
        return "unknown"
    from datetime import UTC, datetime

    seconds, rest = divmod(time_ns, 1_000_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:09d}Z"
