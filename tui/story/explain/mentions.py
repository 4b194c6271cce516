"""Whom a line is about: a service that complains of another one that it names is itself no more than a witness."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from tui.story.explain.seen import Key
from tui.story.explain.templates import Template

_REMOTE: Final = re.compile(
    r"refused|time[d]?[ -]?out|unavailable|unreachable|no route|reset by peer|broken pipe|dial (?:tcp|udp)|upstream"
    r"|lookup|unknown ?host|deadline|circuit|\b50[0234]\b|bad gateway|cannot connect|could ?n[o']t connect|connect(?:ion)? (?:error|fail)"
    r"|failed to (?:connect|call|fetch|get|reach|dial|send|query)|error calling|i/o error|no such host|name resolution"
    r"|no instances|not available|(?:Internal)?Server ?Error|RestClient|Feign|service call|max retries|connection (?:closed|lost|aborted)|eof\b|socket|rpc error",
    re.IGNORECASE,
)
_HOST: Final = re.compile(r"(?<![\w.-])([A-Za-z][A-Za-z0-9_-]{1,62})(?:\.[a-z0-9-]+){0,5}(?=[:/.,\s\"')\]]|$)")
_WITNESS: Final = 0.25
"""What is left of a signal for the one that complains."""
_TOLD: Final = 0.5
"""The same where the line does not say that the other one could not be reached."""


class Mentions:
    """Knows all services, and the text of lines by their keys."""

    def __init__(self, services: Iterable[str], text_of: Callable[[Key], str]) -> None:
        self._names: dict[str, str] = {}
        for service in sorted(services):
            for spelling in _spellings(service):
                self._names.setdefault(spelling, service)
        self._text_of = text_of

    def shared(
        self, template: Template, keys: tuple[Key, ...], *, failing: bool, accused: Counter[str] | None = None
    ) -> Iterator[tuple[str, float, str | None]]:
        """Services that a signal counts for, each with its part: all of it for the one that says it, as a rule.

        `accused` are those that had spoken last when it was said; they count where no other is named.
        """
        texts = [template.text, *(self._text_of(key) for key in keys[:2])]
        named = self.named(template.service, texts) if failing else None
        if named is None and failing and accused:
            other, count = min(accused.items(), key=lambda one: (-one[1], one[0]))
            if 2 * count > accused.total() and any(_REMOTE.search(text) for text in texts):
                named = other, False
        if named is None:
            yield template.service, 1.0, None
            return
        other, remote = named
        left = _WITNESS if remote else _TOLD
        yield template.service, left, other
        yield other, 1.0 - left, template.service

    def named(self, service: str, texts: Iterable[str]) -> tuple[str, bool] | None:
        """The other service that lines name, and whether they say that it could not be reached or failed."""
        for text in texts:
            remote = _REMOTE.search(text) is not None
            for match in _HOST.finditer(text):
                other = self._names.get(match[1].lower())
                if other is not None and other != service:
                    return other, remote
        return None


def _spellings(service: str) -> Iterator[str]:
    """How a service may be called as a host or in words; single ordinary words are left out."""
    name = service.lower()
    yield name
    for ending in ("-service", "service", "_service", "-svc"):
        if name.endswith(ending) and len(name) - len(ending) > 3:
            stem = name.removesuffix(ending).rstrip("-_")
            yield from (f"{stem}-service", f"{stem}service", f"{stem}_service")
            break
    else:
        yield from (f"{name}-service", f"{name}service")
