"""A request in other tools: their addresses with its ids and its time, for whoever goes on there.

What an address looks like is told by a template; those of common tools are known, so that their base is enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlsplit

from tui.lazy import Lazy
from tui.presentation.record_json import rfc3339
from tui.story.timeline import Story
from tui.values import frozen

MARGIN_NS: Final = 60_000_000_000
"""So much before and after the request is shown, too: clocks differ."""

_GRAFANA: Final = (
    '{"a":{"datasource":"tempo","queries":[{"refId":"A","queryType":"traceql","query":"TRACE"}],'
    '"range":{"from":"FROM","to":"TO"}}}'
)
TEMPLATES: Final[Mapping[str, str]] = {
    "jaeger": "/trace/{trace_id}",
    "zipkin": "/zipkin/traces/{trace_id}",
    "grafana": "/explore?schemaVersion=1&panes="
    + quote(_GRAFANA).replace("TRACE", "{trace_id}").replace("FROM", "{start_ms}").replace("TO", "{end_ms}"),
    "sentry": "/performance/trace/{trace_id}/?timestamp={start_s}",
    "kibana": "/app/discover#/?_g=(time:(from:'{start}',to:'{end}'))&_a=(query:(language:kuery,query:'%22{id}%22'))",
    "datadog": "/apm/trace/{trace_id}",
    "splunk": "/en-US/app/search/search?q=search%20%22{id}%22&earliest={start_s}&latest={end_s}",
    "newrelic": "/logger?query=%22{id}%22&begin={start_ms}&end={end_ms}",
}
"""What comes after the base of a tool that is known by its name; the ids and times in braces."""
NAMES: Final = ("trace_id", "id", "service", "start", "end", "start_s", "end_s", "start_ms", "end_ms")
_NAME: Final = Lazy(r"\{(\w*)\}")


class TemplateError(ValueError):
    """An address that cannot be one; the text says why."""


@frozen
class Elsewhere:
    """One address for one request."""

    tool: str
    url: str


def check(tool: str, template: str) -> str:
    """The whole template of a tool. Raises TemplateError."""
    try:
        parts = urlsplit(template)
    except ValueError:
        raise TemplateError(f"{tool}: {template!r} is no address") from None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise TemplateError(f"{tool}: an address begins with http:// or https://, not {template[:40]!r}")
    if parts.username or parts.password:
        raise TemplateError(f"{tool}: the address is shown, so it may hold no user and no password")
    found = _NAME.findall(template)
    unknown = [name for name in found if name not in NAMES]
    if unknown:
        raise TemplateError(f"{tool}: {{{unknown[0]}}} is not known; known are {', '.join(NAMES)}")
    if found:
        return template
    if tool not in TEMPLATES:
        known = ", ".join(TEMPLATES)
        raise TemplateError(
            f"{tool}: say where the id goes, as in {template.rstrip('/')}/{{trace_id}} (known: {known})"
        )
    return template.rstrip("/") + TEMPLATES[tool]


def elsewhere(story: Story, tools: Mapping[str, str]) -> tuple[Elsewhere, ...]:
    """The addresses of a story, for those tools of which it has what they ask for. Raises TemplateError."""
    told = _told(story)
    found: list[Elsewhere] = []
    for tool, template in tools.items():
        whole = check(tool, template)
        if all(told.get(name) for name in _NAME.findall(whole)):
            found.append(Elsewhere(tool, _NAME.sub(lambda match: quote(told[match[1]], safe=""), whole)))
    return tuple(found)


def _told(story: Story) -> dict[str, str]:
    ids = {one.kind: one.value for one in reversed(story.ids)}
    told = {
        "trace_id": ids.get("trace", ""),
        "id": story.ids[0].value if story.ids else "",
        "service": story.services[0] if story.services else "",
    }
    if story.start_ns is not None and story.end_ns is not None:
        for name, time_ns in (("start", story.start_ns - MARGIN_NS), ("end", story.end_ns + MARGIN_NS)):
            told |= {
                name: rfc3339(time_ns) or "",
                f"{name}_s": str(time_ns // 1_000_000_000),
                f"{name}_ms": str(time_ns // 1_000_000),
            }
    return told
