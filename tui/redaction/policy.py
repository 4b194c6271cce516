"""What the user changes about redaction: kinds switched on and off, how marks look, what is allowed, rules of their own.

Owns reading the table `[redact]` of the settings file; anything in it that cannot be meant stops the start, because a rule
that silently does nothing would leak. Rules themselves are in own_rules.py and optional.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tui.lazy import Lazy
from tui.redaction.marks import ACTIONS, KINDS
from tui.redaction.optional import OPTIONAL, OptionalRule
from tui.redaction.own_rules import OwnRule, PolicyError, own_rule
from tui.redaction.parts import Parts
from tui.redaction.rules import GATE_PARTS, rule_spans
from tui.redaction.spans import Span
from tui.typed import Any, Final
from tui.values import frozen

__all__ = ["Policy", "PolicyError", "policy_of"]

PERSONAL: Final = ("email", "phone", "card", "iban", "ssn")
"""Kinds that are on and may be switched off; credentials may not."""
PRESETS: Final[Mapping[str, Mapping[str, bool]]] = {
    "default": {},
    "secrets": dict.fromkeys(PERSONAL, False),
    "strict": dict.fromkeys(OPTIONAL, True),
}
_SECTIONS: Final = ("preset", "rule", "allow", "actions")
_ALLOWED: Final = ("keys", "values", "rules")
_KEY_BEFORE: Final = Lazy(rb"([\w.-]{1,80})[\\\"'`\])]{0,9}[ \t]{0,4}(?:[:=]|=>)[ \t]{0,4}[\\\"'`\[(]{0,9}\Z")


@frozen
class Policy:
    """The rules of one run, where they differ from the built-in ones."""

    gate: Parts
    """Hits every line on which one of the rules could find something."""
    rules: tuple[OwnRule | OptionalRule, ...]
    """Beside the built-in ones."""
    actions: Mapping[str, str]
    """How the marks of a rule or kind look, where it is not as usual."""
    off: frozenset[str]
    """Rules and kinds that mask nothing."""
    allowed_keys: frozenset[bytes]
    """Names whose values are left alone, in small letters and without joints."""
    allowed_values: frozenset[bytes]

    def spans(self, line: bytes) -> list[Span]:
        """What is to be masked in a line or a part of one."""
        spans = rule_spans(line)
        for rule in self.rules:
            spans += rule.spans(line)
        return [span for span in spans if self._counts(line, span)]

    def _counts(self, line: bytes, span: Span) -> bool:
        if span.rule in self.off or span.kind in self.off or line[span.start : span.end] in self.allowed_values:
            return False
        if not self.allowed_keys:
            return True
        before = _KEY_BEFORE.search(line, max(0, span.start - 110), span.start)
        return before is None or _plain(before[1]) not in self.allowed_keys


def policy_of(table: Mapping[str, Any]) -> Policy | None:
    """The policy in a table `[redact]`, None for an empty one. Raises PolicyError with what is wrong in one line."""
    if not table:
        return None
    switches = _switches(table)
    own = [own_rule(row, number) for number, row in enumerate(_rows(table), 1)]
    names = [rule.name for rule in own]
    if len(set(names)) < len(names):
        raise PolicyError(f"two rules are named {next(name for name in names if names.count(name) > 1)!r}")
    rules: tuple[OwnRule | OptionalRule, ...] = (*own, *(OptionalRule(kind) for kind in OPTIONAL if switches.get(kind)))
    allow = _allow(table)
    return Policy(
        gate=Parts((*GATE_PARTS, *(rule.anchor for rule in rules)), told=slice(0)),
        rules=rules,
        actions=_actions(table, names) | {rule.name: rule.action for rule in own if rule.action},
        off=frozenset((*(kind for kind in PERSONAL if switches.get(kind) is False), *allow["rules"])),
        allowed_keys=frozenset(_plain(text.encode()) for text in allow["keys"]),
        allowed_values=frozenset(text.encode() for text in allow["values"]),
    )


def _plain(name: bytes) -> bytes:
    return name.lower().translate(None, b"_-. ")


def _switches(table: Mapping[str, Any]) -> dict[str, bool]:
    preset = table.get("preset", "default")
    if preset not in PRESETS:
        raise PolicyError(f"preset is one of {', '.join(PRESETS)}, not {preset!r}")
    switches = dict(PRESETS[preset])
    for name, value in table.items():
        if name in _SECTIONS:
            continue
        if name not in OPTIONAL and name not in PERSONAL:
            known = ", ".join((*_SECTIONS, *OPTIONAL, *PERSONAL))
            raise PolicyError(f"there is no option {name!r}; known are {known}")
        if not isinstance(value, bool):
            raise PolicyError(f"{name} takes true or false, not {value!r}")
        switches[name] = value
    return switches


def _rows(table: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    rows = table.get("rule", [])
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise PolicyError("rules are written as [[redact.rule]]")
    return rows


def _actions(table: Mapping[str, Any], own: Iterable[str]) -> dict[str, str]:
    actions = table.get("actions", {})
    if not isinstance(actions, Mapping):
        raise PolicyError("actions is a table: [redact.actions], then rule or kind = action")
    for name, action in actions.items():
        if action not in ACTIONS:
            raise PolicyError(f"the action of {name} is one of {', '.join(ACTIONS)}, not {action!r}")
    known = (*KINDS, *own)
    unknown = [name for name in actions if name not in known]
    if unknown:
        raise PolicyError(f"actions: there is no kind or rule {unknown[0]!r}; kinds are {', '.join(KINDS)}")
    return dict(actions)


def _allow(table: Mapping[str, Any]) -> dict[str, list[str]]:
    allow = table.get("allow", {})
    if not isinstance(allow, Mapping) or not set(allow) <= set(_ALLOWED):
        raise PolicyError(f"[redact.allow] holds lists named {', '.join(_ALLOWED)}")
    for name, texts in allow.items():
        if not isinstance(texts, list) or not all(isinstance(text, str) and text for text in texts):
            raise PolicyError(f"allow.{name} is a list of texts")
    return {name: list(allow.get(name, [])) for name in _ALLOWED}
