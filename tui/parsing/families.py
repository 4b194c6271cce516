"""Families of structured records, told by the names of their fields.

A table: which fields betray a logging library, its numeric level scale and the unit of its bare durations. Order
matters, the first family whose fields are all there is taken. Everything a family does not fix is read by vocabulary.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui.typed import Final, NamedTuple

_NS: Final = 1
_MS: Final = 1_000_000
_S: Final = 1_000_000_000


class Family(NamedTuple):
    """One logging library's records."""

    name: str
    needs: frozenset[str]
    """Flat field names that must all be there."""
    scale: str | None = None
    """Name of its numeric level scale in `vocabulary.SCALES`."""
    duration_unit: int = _MS
    """Nanoseconds that a bare number counts in a duration field."""
    lacks: frozenset[str] = frozenset()
    """Flat field names none of which may be there."""
    roles: tuple[tuple[str, str], ...] = ()
    """(role, field) of what its fields mean whatever they are called."""
    ids: tuple[tuple[str, str], ...] = ()
    """(kind, field) of its ids."""
    levels: Mapping[str, int] = {}
    """Severity numbers of what it writes for levels."""


def _family(name: str, needs: str, scale: str | None = None, duration_unit: int = _MS, *, lacks: str = "") -> Family:
    return Family(name, frozenset(needs.split()), scale, duration_unit, frozenset(lacks.split()))


FAMILIES: Final = (
    _family("journald", "MESSAGE __REALTIME_TIMESTAMP", "syslog"),
    _family("journald", "MESSAGE PRIORITY", "syslog"),
    _family("gelf", "short_message version", "syslog", _S),
    _family("gelf", "short_message host", "syslog", _S),
    _family("monolog", "level_name message", "monolog"),
    _family("bunyan", "v pid hostname msg", "pino"),
    _family("bunyan", "v pid hostname level", "pino"),
    _family("pino", "pid hostname msg", "pino"),
    _family("pino", "pid hostname level time", "pino"),
    _family("clef", "@t"),
    _family("hclog", "@timestamp @level @message"),
    _family("loguru", "record.level.name record.message", "python", _S),
    _family("rust-tracing", "fields.message"),
    _family("logstash", "@timestamp level_value", "logback"),
    _family("logback", "sequenceNumber loggerName"),
    _family("log4j2", "instant.epochSecond"),
    _family("log4j2", "timeMillis loggerName"),
    _family("mongodb", "t.$date s c"),
    _family("otlp", "timeUnixNano body"),
    _family("otlp", "observedTimeUnixNano"),
    _family("otlp", "severity_number body", "otel"),
    _family("otlp", "severityNumber", "otel"),
    _family("windows-event", "SystemTime EventID Level", "windows"),
    _family("windows-event", "Event.System.Level", "windows"),
    _family("serilog", "Timestamp MessageTemplate"),
    _family("serilog", "Timestamp RenderedMessage"),
    _family("dotnet", "Category LogLevel Message"),
    _family("appinsights", "severityLevel", "azure"),
    _family("powertools", "level location message timestamp service"),
    _family("ecs", "@timestamp ecs.version", None, _NS),
    _family("ecs", "@timestamp log.level", None, _NS),
    _family("gcp", "severity insertId", "gcp"),
    _family("gcp", "severity textPayload", "gcp"),
    _family("gcp", "severity logging.googleapis.com/trace", "gcp"),
    _family("gcp", "severity resource.type", "gcp"),
    _family("nextcloud", "reqId level time remoteAddr app", "nextcloud"),
    _family("python", "levelname", "python", _S),
    _family("python", "levelno", "python", _S),
    _family("python", "funcName", "python", _S),
    _family("python", "lineno", "python", _S),
    _family("tslog", "level levelId time"),
    _family("zap", "level ts msg", None, _S),
    _family("zap", "level ts logger msg", None, _S),
    _family("caddy", "ts request.method", None, _S),
    _family("klog", "ts caller msg v", None, _S),
    _family("slog", "time level msg", None, _NS),
    _family("json", "level time message", lacks="msg"),
    _family("structlog", "event level", None, _S, lacks="message msg"),
    _family("datadog", "dd.trace_id"),
    _family("docker", "log stream time"),
)


def family_of(keys: frozenset[str]) -> Family | None:
    """The family that records with these field names belong to, or None."""
    for family in (*_own, *FAMILIES) if _own else FAMILIES:
        if family.needs <= keys and not family.lacks & keys:
            return family
    return None


def extend(families: Sequence[Family]) -> None:
    """Put a user's families before all others, instead of those that were."""
    global _own
    _own = tuple(families)


_own: tuple[Family, ...] = ()
