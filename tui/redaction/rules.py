"""The table of rules: which cheap pattern in a line calls which of them, and the gate over a whole block.

Owns what is run when. An anchor may promise too much, never too little: what a rule would find on a line, one of its
anchors must hit. Repeats in anchors are bare stars over classes, never counted far, so that the state machines stay
small; and none may run to the end of the line, since every search would follow it there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tui.redaction.addresses import EMAIL_ANCHORS, URL_ANCHORS, email_spans, url_password_spans
from tui.redaction.commands import COMMAND_ANCHORS, command_spans
from tui.redaction.gate import one_of
from tui.redaction.headers import SCHEME_ANCHORS, scheme_spans
from tui.redaction.inserts import INSERT_ANCHORS, insert_spans
from tui.redaction.key_values import key_value_spans
from tui.redaction.manifests import MANIFEST_ANCHORS, manifest_spans
from tui.redaction.named import NAMED_ANCHORS, named_spans
from tui.redaction.numbers import (
    CARD_ANCHORS,
    IBAN_ANCHORS,
    PHONE_ANCHORS,
    SSN_ANCHORS,
    card_spans,
    iban_spans,
    phone_spans,
    ssn_spans,
)
from tui.redaction.parts import Parts
from tui.redaction.quoting import with_breaks
from tui.redaction.spans import Span
from tui.redaction.stems import STEM_ANCHORS
from tui.redaction.tokens import (
    JWT_ANCHORS,
    SHAPE_ANCHORS,
    TOKEN_ANCHORS,
    jwt_spans,
    shape_spans,
    token_spans,
)
from tui.typed import Final

Rule = Callable[[bytes], Iterator[Span]]

_PEM_ANCHORS: Final = "-----BEGIN|LS0tLS1CRUdJTi"
"""For the gate alone: pem.py is asked by the redactor, because it remembers."""

_TABLE: Final[tuple[tuple[Rule, str], ...]] = (
    (key_value_spans, one_of(STEM_ANCHORS, ignore_case=True)),
    (manifest_spans, one_of(MANIFEST_ANCHORS)),
    (named_spans, one_of(NAMED_ANCHORS, ignore_case=True)),
    (command_spans, one_of(COMMAND_ANCHORS, ignore_case=True)),
    (insert_spans, one_of(INSERT_ANCHORS, ignore_case=True)),
    (scheme_spans, one_of(SCHEME_ANCHORS, ignore_case=True)),
    (url_password_spans, one_of(URL_ANCHORS, ignore_case=True)),
    (email_spans, one_of(EMAIL_ANCHORS, ignore_case=True)),
    (card_spans, one_of(CARD_ANCHORS)),
    (iban_spans, one_of(IBAN_ANCHORS)),
    (ssn_spans, one_of(SSN_ANCHORS)),
    (phone_spans, one_of(PHONE_ANCHORS)),
    (jwt_spans, one_of(JWT_ANCHORS)),
    (shape_spans, one_of(SHAPE_ANCHORS)),
    (token_spans, one_of(TOKEN_ANCHORS)),
)
"""Rules and their anchors, general ones first: of two that mask the same bytes the later one names the mark."""

GATE_PARTS: Final = (*(anchors for _, anchors in _TABLE), _PEM_ANCHORS)
GATE: Final = Parts(GATE_PARTS, told=slice(1, len(_TABLE)))
"""Hits every line on which a rule could find something, and tells which rules these are.

Keys are looked for in any case: with their many words a set would have several times the states.
"""
_RULES: Final = tuple(rule for rule, _ in _TABLE[1:])


def rule_spans(line: bytes) -> list[Span]:
    """What the rules that need no memory find in a line or a part of one."""
    return rule_spans_of([line])[0]


def rule_spans_of(lines: Sequence[bytes]) -> list[list[Span]]:
    """The same of many lines, rule by rule: the states of one pattern are then at hand for all of them."""
    words = [with_breaks(line) for line in lines]
    spans = [[*key_value_spans(line)] for line in lines]
    called: dict[int, list[int]] = {}
    for at, line in enumerate(words):
        for index in GATE.occurring(line):
            called.setdefault(index, []).append(at)
    for index in sorted(called):
        rule = _RULES[index]
        for at in called[index]:
            spans[at] += rule(words[at])
    return spans
